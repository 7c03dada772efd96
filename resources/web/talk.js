/**
 * What of the call is written rather than seen and heard: polls. Keeps what the host said of it, and
 * says what is to be read out.
 *
 * @typedef {import("./signalling.js").HostMessage} HostMessage
 * @typedef {import("./room.js").Room} Room
 * @typedef {import("./i18n.js").Translate} Translate
 */

import { NO_POLLS, applyPolls, pollAnnouncements } from "./polls.js";

/** The written side of one visit. */
export class Talk {
  #t;
  polls = NO_POLLS;

  /** @param {Translate} t */
  constructor(t) {
    this.#t = t;
  }

  /**
   * Take a message of the host.
   *
   * @param {HostMessage} message
   * @returns {string[]} what to say to people who do not see the page change
   */
  received(message) {
    const said = pollAnnouncements(this.#t, this.polls, message);
    this.polls = applyPolls(this.polls, message);
    return said;
  }

  /** Forget everything: the call is over. */
  reset() {
    this.polls = NO_POLLS;
  }
}
