/**
 * What of the call is not picture and sound of the floor: polls, interpretation, captions. Keeps what
 * the host said of it and what this person chose, and says what is to be read out.
 *
 * @typedef {import("./signalling.js").HostMessage} HostMessage
 * @typedef {import("./signalling.js").ClientMessage} ClientMessage
 * @typedef {import("./signalling.js").Participant} Participant
 * @typedef {import("./i18n.js").Translate} Translate
 */

import { NO_LANGUAGES, applyLanguages, loudness, read } from "./languages.js";
import { NO_POLLS, applyPolls, pollAnnouncements } from "./polls.js";

/** That side of one visit. */
export class Talk {
  #t;
  #send;
  polls = NO_POLLS;
  languages = NO_LANGUAGES;
  /** The host knows which channel this person listens to. */
  #isTold = false;

  /**
   * @param {Translate} t
   * @param {(message: ClientMessage) => boolean} send
   */
  constructor(t, send) {
    this.#t = t;
    this.#send = send;
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
    this.languages = applyLanguages(this.languages, message);
    if (message.type === "languagesChanged" || message.type === "roomState") {
      this.#chooseAgain(message.type);
    }
    return said;
  }

  /**
   * Listen to a channel, or to the floor alone.
   *
   * @param {string | null} channel
   */
  listen(channel) {
    this.languages = { ...this.languages, listening: channel, trouble: "" };
    this.#send({ type: "listen", language: channel });
  }

  /**
   * Read captions of a language, or none.
   *
   * @param {string | null} captions
   */
  readCaptions(captions) {
    this.languages = { ...read(this.languages, captions), trouble: "" };
    this.#send({ type: "watchCaptions", language: captions });
  }

  /**
   * Return how loud somebody is to be played.
   *
   * @param {ReadonlyArray<Participant>} participants
   * @param {string} speaker
   * @param {number} original percent of the floor that stays under an interpreter
   */
  loudness(participants, speaker, original) {
    return loudness(this.languages, participants, speaker, original / 100);
  }

  /** Forget everything: the call is over. */
  reset() {
    this.polls = NO_POLLS;
    this.languages = NO_LANGUAGES;
    this.#isTold = false;
  }

  /**
   * Tell the host what this person chose, after a connection that it may have forgotten it with. A
   * channel is there once the host says so, so that waits for its word.
   *
   * @param {"roomState" | "languagesChanged"} type of the message
   */
  #chooseAgain(type) {
    const { listening, reading } = this.languages;
    if (type === "roomState") {
      this.#isTold = false;
      if (reading !== null) {
        this.#send({ type: "watchCaptions", language: reading });
      }
    } else if (!this.#isTold) {
      this.#isTold = true;
      if (listening !== null) {
        this.#send({ type: "listen", language: listening });
      }
    }
  }
}
