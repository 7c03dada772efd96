/**
 * Noticing that a muted person speaks: the most common mishap of any call.
 *
 * @typedef {import("./media.js").OwnMedia} OwnMedia
 */

import { LevelMeter } from "./level.js";

const LOOK_EVERY = 250;
/** A voice at a desk. A closing door is as loud, but for a moment only. */
const SPEAKING = 0.5;
const ENOUGH = 4;
/** What a quiet moment takes away: speech has pauses. */
const PAUSE = 0.5;
const SHOWN_FOR = 6_000;

/** Tells speech from noise by how much of the time is loud. */
export class SpeechCounter {
  #score = 0;

  /**
   * Take a level.
   *
   * @param {number} level 0 to 1
   * @returns {boolean} whether somebody speaks
   */
  take(level) {
    const change = level >= SPEAKING ? 1 : -PAUSE;
    this.#score = Math.min(ENOUGH, Math.max(0, this.#score + change));
    return this.#score >= ENOUGH;
  }
}

/** Watches the muted microphone; nothing of it leaves the page. */
export class MutedHint {
  #changed;
  /** @type {LevelMeter | null} */
  #meter = null;
  /** @type {MediaStreamTrack | null} */
  #track = null;
  #counter = new SpeechCounter();
  /** @type {number | undefined} */
  #timer;
  #until = 0;

  /** @param {() => void} changed the hint appears or goes */
  constructor(changed) {
    this.#changed = changed;
  }

  /** Whether to say it now. */
  get isShown() {
    return this.#meter !== null && Date.now() < this.#until;
  }

  /** @param {OwnMedia | null} media null stops watching */
  update(media) {
    const track = media !== null && !media.wanted.audio ? media.tracks.audio : null;
    if (track === this.#track) {
      return;
    }
    this.#track = track;
    this.#meter?.close();
    window.clearInterval(this.#timer);
    this.#until = 0;
    this.#counter = new SpeechCounter();
    this.#meter = track === null ? null : new LevelMeter(track);
    if (track !== null) {
      this.#timer = window.setInterval(() => this.#look(), LOOK_EVERY);
    }
  }

  #look() {
    const was = this.isShown;
    if (this.#counter.take(this.#meter?.read() ?? 0)) {
      this.#until = Date.now() + SHOWN_FOR;
    }
    if (this.isShown && !was) {
      this.#changed();
      window.setTimeout(() => this.#changed(), SHOWN_FOR + LOOK_EVERY);
    }
  }
}
