/**
 * What of the call is not picture and sound of the floor: polls, votes, interpretation, captions. Keeps what
 * the host said of it and what this person chose, and says what is to be read out.
 *
 * @typedef {import("./signalling.js").HostMessage} HostMessage
 * @typedef {import("./signalling.js").ClientMessage} ClientMessage
 * @typedef {import("./signalling.js").Participant} Participant
 */

import { NO_LANGUAGES, applyLanguages, loudness, read } from "./languages.js";
import { recallReceipts, rememberReceipts } from "./memory.js";
import { NO_POLLS, applyPolls, pollAnnouncements } from "./polls.js";
import { NO_VOTES, applyVotes, voteAnnouncements } from "./votes.js";

/** That side of one visit. */
export class Talk {
  #language;
  #send;
  #path;
  polls = NO_POLLS;
  votes = NO_VOTES;
  languages = NO_LANGUAGES;
  /** The host knows which channel this person listens to. */
  #isTold = false;

  /**
   * @param {() => import("./i18n.js").Language} language of now
   * @param {(message: ClientMessage) => boolean} send
   * @param {string} path of the page, e.g. `/r/ROOM`: what is kept over a reload is kept under it
   */
  constructor(language, send, path) {
    this.#language = language;
    this.#send = send;
    this.#path = path;
  }

  /**
   * Take a message of the host.
   *
   * @param {HostMessage} message
   * @returns {string[]} what to say to people who do not see the page change
   */
  received(message) {
    const said = this.#announcements(message);
    this.polls = applyPolls(this.polls, message);
    this.votes = applyVotes(this.votes, message);
    this.#keepReceipts(message);
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

  /** @param {HostMessage} message */
  #announcements(message) {
    const language = this.#language();
    return [...pollAnnouncements(language.t, this.polls, message), ...voteAnnouncements(language, this.votes, message)];
  }

  /**
   * Keep receipts of secret ballots over a reload: the host does not know whose they are.
   *
   * @param {HostMessage} message
   */
  #keepReceipts(message) {
    if (message.type === "welcome") {
      const kept = recallReceipts(this.#path);
      this.votes = { ...this.votes, receipts: { ...kept, ...this.votes.receipts } };
    } else if (message.type === "ballotTaken") {
      rememberReceipts(this.#path, this.votes.receipts);
    }
  }

  /** Forget everything: the call is over. */
  reset() {
    this.polls = NO_POLLS;
    this.votes = NO_VOTES;
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
