/**
 * What this page sees of the others, and what of its own is seen: it tells the host what is on the
 * screen, and sends no camera or screen that nobody looks at.
 *
 * @typedef {import("./signalling.js").HostMessage} HostMessage
 * @typedef {import("./signalling.js").FeedSource} FeedSource
 * @typedef {import("./room.js").Room} Room
 * @typedef {import("./peers.js").Tracks} Tracks
 *
 * @typedef {object} Surroundings
 * @property {(message: import("./signalling.js").Want) => boolean} send
 * @property {() => void} sendTracks what is sent is another
 * @property {() => Room | null} room null while not in the call
 */

import { feedKey } from "./subscriber.js";
import { Sight } from "./view/sight.js";
import { Wants } from "./wants.js";

/** What is seen, of one visit. */
export class Views {
  #around;
  #sight;
  #wants;
  /** @type {Set<FeedSource>} */
  #unwatched = new Set();

  /** @param {Surroundings} around */
  constructor(around) {
    this.#around = around;
    this.#wants = new Wants(around.send, {
      now: () => performance.now(),
      setTimeout: (action, delay) => window.setTimeout(action, delay),
      clearTimeout: (timer) => window.clearTimeout(timer),
    });
    this.#sight = new Sight(() => this.#tell());
  }

  /**
   * Take a message of the host.
   *
   * @param {HostMessage} message
   */
  received(message) {
    if (message.type === "welcome") {
      this.#watch(() => this.#unwatched.clear());
    } else if (message.type === "feedWatched") {
      const { source, watched } = message;
      this.#watch(() => (watched ? this.#unwatched.delete(source) : this.#unwatched.add(source)));
    } else if (message.type === "problem" && message.inReplyTo === "want") {
      this.#wants.refused();
    }
  }

  /** Look at the page: it was drawn anew. */
  look() {
    this.#sight.look();
  }

  /** The host sends everything again, or may not have heard what is on the screen. */
  renewed() {
    this.#wants.again();
  }

  /**
   * Return what is to be sent of what there is.
   *
   * @param {Tracks} tracks
   * @returns {Tracks}
   */
  sending(tracks) {
    const only = (/** @type {FeedSource} */ source) => (this.#unwatched.has(source) ? null : tracks[source]);
    return { ...tracks, video: only("video"), screen: only("screen") };
  }

  /** Forget everything: the call is over. */
  reset() {
    this.#sight.close();
    this.#wants.reset();
    this.#unwatched.clear();
  }

  /** @param {() => void} change of what is watched */
  #watch(change) {
    const before = [...this.#unwatched].join();
    change();
    if ([...this.#unwatched].join() !== before) {
      this.#around.sendTracks();
    }
  }

  #tell() {
    const room = this.#around.room();
    if (room === null) {
      return;
    }
    const seen = this.#sight.seen().filter((one) => one.participant !== room.you);
    const known = new Set(seen.map((one) => feedKey(one.participant, one.source)));
    this.#wants.update([...seen, ...comingScreens(room, known)], this.#sight.pinned());
  }
}

/**
 * Return the shared screens that have no tile yet: one is made when the first picture is there, and
 * that comes only to who wants it.
 *
 * @param {Room} room
 * @param {ReadonlySet<string>} known keys of what has one
 * @returns {import("./wants.js").Seen[]}
 */
function comingScreens(room, known) {
  if (document.visibilityState !== "visible") {
    return [];
  }
  return room.participants
    .filter((person) => person.screen && person.id !== room.you && !known.has(feedKey(person.id, "screen")))
    .map((person) => ({ participant: person.id, source: "screen", height: null }));
}
