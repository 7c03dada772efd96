/**
 * Tells the host which pictures are on the screen and how large, so that it sends no others.
 *
 * A picture that comes up is wanted at once. One that goes is given up only after a while, and sizes
 * go in steps, so that scrolling, a swaying window or a glance at another tab changes nothing.
 *
 * @typedef {import("./signalling.js").Want} Want
 * @typedef {import("./signalling.js").FeedSource} FeedSource
 *
 * @typedef {object} Seen one picture on the screen
 * @property {string} participant
 * @property {FeedSource} source
 * @property {number | null} height in device pixels; null when it has no place yet
 *
 * @typedef {object} Clock
 * @property {() => number} now ms
 * @property {(action: () => void, delay: number) => number} setTimeout
 * @property {(timer: number) => void} clearTimeout
 *
 * @typedef {{feeds: Map<string, Seen>, pinned: ReadonlyArray<string>}} Told
 */

import { feedKey } from "./subscriber.js";

/** Heights that are asked for, in device pixels. */
const STEPS = [90, 180, 270, 360, 540, 720, 1080, 1440, 2160, 4320, 8640];

/** How far over its step a picture grows, or under the next one shrinks, before it counts (a tenth). */
const SLACK = 0.1;

/** ms until a picture that came up or grew is wanted so: tiles come in a few steps. */
const SOON = 60;
/** ms until a smaller size of a picture is wanted. */
const SHRUNK = 400;
/** ms until a picture that went is given up. */
const GONE = 2_000;
/** Shortest time between two messages. */
const PAUSE = 350;
/** ms until the next message after the host said that it was too much. */
const TOO_FAST = 3_000;

/**
 * Return the step of a height; near a border, the one before stays.
 *
 * @param {number} height in device pixels
 * @param {number | null} before the step so far
 * @returns {number}
 */
export function stepOf(height, before) {
  const step = STEPS.find((one) => height <= one) ?? /** @type {number} */ (STEPS.at(-1));
  if (before === null || step === before) {
    return step;
  }
  const below = STEPS[STEPS.indexOf(before) - 1] ?? 0;
  const isNear = height <= before * (1 + SLACK) && height > below * (1 - SLACK);
  return isNear ? before : step;
}

/** Says what is wanted. */
export class Wants {
  #send;
  #clock;
  /** What is on the screen; null until it is known. @type {Told | null} */
  #shown = null;
  /** What the host was told last; null = nothing since it forgot, so it sends everything. @type {Told | null} */
  #told = null;
  /** Since when a picture that the host was told of is gone. @type {Map<string, number>} */
  #goneAt = new Map();
  #lastAt = Number.NEGATIVE_INFINITY;
  #dueAt = Number.POSITIVE_INFINITY;
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {(message: Want) => boolean} send returns whether it was sent
   * @param {Clock} clock
   */
  constructor(send, clock) {
    this.#send = send;
    this.#clock = clock;
  }

  /**
   * Take what is on the screen now.
   *
   * @param {ReadonlyArray<Seen>} seen
   * @param {ReadonlyArray<string>} pinned participants, the most wanted first
   */
  update(seen, pinned) {
    const now = this.#clock.now();
    /** @type {Map<string, Seen>} */
    const feeds = new Map();
    for (const one of seen) {
      const key = feedKey(one.participant, one.source);
      const before = (this.#told ?? this.#shown)?.feeds.get(key)?.height ?? null;
      const height = one.height === null ? before : stepOf(one.height, before);
      const shown = feeds.get(key)?.height ?? null; // in the floating window too
      feeds.set(key, { ...one, height: shown === null ? height : Math.max(shown, height ?? 0) });
    }
    this.#shown = { feeds, pinned: [...pinned] };
    this.#noteGone(now);
    this.#plan(now);
  }

  /** The host may have forgotten what it was told, or not have heard it: say it again, at once. */
  again() {
    this.#told = null;
    this.#goneAt.clear();
    if (this.#shown !== null) {
      this.#say(this.#clock.now());
    }
  }

  /** The host did not take the last message: it came too soon after others. */
  refused() {
    this.#told = null;
    this.#lastAt = this.#clock.now() + TOO_FAST - PAUSE;
    this.#plan(this.#clock.now());
  }

  /** Forget everything: the call is over. */
  reset() {
    this.#clock.clearTimeout(this.#timer ?? 0);
    this.#timer = undefined;
    this.#dueAt = Number.POSITIVE_INFINITY;
    this.#shown = null;
    this.#told = null;
    this.#goneAt.clear();
  }

  /** @param {number} now */
  #noteGone(now) {
    for (const key of this.#told?.feeds.keys() ?? []) {
      if (this.#shown?.feeds.has(key)) {
        this.#goneAt.delete(key);
      } else if (!this.#goneAt.has(key)) {
        this.#goneAt.set(key, now);
      }
    }
  }

  /**
   * Set the timer to when the next message is due.
   *
   * @param {number} now
   */
  #plan(now) {
    const due = this.#due(now);
    const dueAt = Math.max(due, this.#lastAt + PAUSE);
    // What is due already keeps its time: a picture that sways must not put off the others.
    const keeps = this.#timer !== undefined && this.#dueAt <= dueAt && due !== Number.POSITIVE_INFINITY;
    if (keeps) {
      return;
    }
    this.#clock.clearTimeout(this.#timer ?? 0);
    this.#timer = undefined;
    this.#dueAt = dueAt;
    if (due !== Number.POSITIVE_INFINITY) {
      this.#timer = this.#clock.setTimeout(() => this.#fire(), Math.max(0, dueAt - now));
    }
  }

  /**
   * Return when something has to be said, Infinity if nothing has.
   *
   * @param {number} now
   */
  #due(now) {
    const { shown, told } = { shown: this.#shown, told: this.#told };
    if (shown === null) {
      return Number.POSITIVE_INFINITY;
    }
    if (told === null || !sameList(shown.pinned, told.pinned)) {
      return now + SOON;
    }
    let due = Math.min(Number.POSITIVE_INFINITY, ...[...this.#goneAt.values()].map((at) => at + GONE));
    for (const [key, { height }] of shown.feeds) {
      const before = told.feeds.get(key);
      if (before === undefined) {
        return now + SOON;
      }
      if (before.height !== height) {
        const grew = (height ?? 0) > (before.height ?? 0);
        due = Math.min(due, now + (grew ? SOON : SHRUNK));
      }
    }
    return due;
  }

  #fire() {
    this.#timer = undefined;
    this.#dueAt = Number.POSITIVE_INFINITY;
    const now = this.#clock.now();
    if (this.#due(now) !== Number.POSITIVE_INFINITY) {
      this.#say(now);
      this.#plan(now);
    }
  }

  /** @param {number} now */
  #say(now) {
    if (this.#shown === null) {
      return;
    }
    const feeds = new Map(this.#shown.feeds);
    for (const [key, at] of this.#goneAt) {
      const one = this.#told?.feeds.get(key);
      if (one !== undefined && now - at < GONE) {
        feeds.set(key, one);
      } else {
        this.#goneAt.delete(key);
      }
    }
    const { pinned } = this.#shown;
    this.#lastAt = now;
    if (this.#send({ type: "want", feeds: [...feeds.values()], pinned: [...pinned] })) {
      this.#told = { feeds, pinned };
    }
  }
}

/**
 * @param {ReadonlyArray<string>} one
 * @param {ReadonlyArray<string>} other
 */
function sameList(one, other) {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}
