/**
 * Hands, chat, and what the chair does to this page: keeps what was written, obeys a stop, remembers
 * what the person is to be told.
 *
 * @typedef {import("./signalling.js").HostMessage} HostMessage
 * @typedef {import("./signalling.js").HeldSource} HeldSource
 * @typedef {import("./signalling.js").Role} Role
 *
 * @typedef {object} Notice what the person is told in a banner until it is done or dismissed
 * @property {"asked" | "held" | "role"} kind
 * @property {HeldSource} source of what was stopped
 * @property {string} by name of who asked or stopped, "" when not known
 * @property {Role} role the new own role
 *
 * @typedef {object} Devices what a stop switches off
 * @property {{audio: boolean, video: boolean}} wanted
 * @property {boolean} audioOn
 * @property {boolean} screenOn
 * @property {(on: boolean) => Promise<void>} setAudio
 * @property {(on: boolean) => Promise<void>} setVideo
 * @property {() => void} stopScreen
 */

import { NO_CHAT, applyChat, read } from "./chat.js";

/** What is between this page and the others besides picture and sound. */
export class Floor {
  /** @type {import("./chat.js").Chat} */
  chat = NO_CHAT;
  /** @type {Notice | null} */
  notice = null;
  /** Code of why the last message was not taken, "" while it was. */
  trouble = "";
  /** Number of the last stop that was obeyed; it goes with every `setMedia`. */
  heard = 0;
  #devices;
  #isChatOpen = false;

  /** @param {Devices} devices */
  constructor(devices) {
    this.#devices = devices;
  }

  /**
   * Take a message of the host.
   *
   * @param {HostMessage} message
   * @param {{you: string, role: Role}} before the room before it
   * @param {{role: Role}} after and after it
   */
  received(message, before, after) {
    this.chat = applyChat(this.chat, message, { you: before.you, isOpen: this.#isChatOpen });
    switch (message.type) {
      case "feedHeld":
        this.heard = message.order;
        this.#obey(message.source);
        this.notice = { kind: "held", source: message.source, by: message.by, role: after.role };
        break;
      case "unmuteAsked":
        if (!this.#devices.audioOn) {
          this.notice = { kind: "asked", source: "audio", by: message.by, role: after.role };
        }
        break;
      case "participantChanged":
        if (before.role !== after.role) {
          this.notice = { kind: "role", source: "audio", by: "", role: after.role };
        }
        break;
      case "problem":
        if (message.inReplyTo === "sendChat") {
          this.trouble = message.code;
        }
        break;
      default:
        break;
    }
  }

  /** Forget a notice that the person has acted on. */
  mediaChanged() {
    const source = this.notice?.source;
    const isOn = source === "audio" ? this.#devices.audioOn : source === "video" && this.#devices.wanted.video;
    if (this.notice !== null && this.notice.kind !== "role" && isOn) {
      this.notice = null;
    }
  }

  /** The person has read the notice. */
  dismiss() {
    this.notice = null;
  }

  /** @param {boolean} isOpen the chat is on the screen */
  showChat(isOpen) {
    this.#isChatOpen = isOpen;
    if (isOpen) {
      this.chat = read(this.chat);
    }
  }

  /** Forget everything: the call is over. */
  reset() {
    this.chat = NO_CHAT;
    this.notice = null;
    this.trouble = "";
    this.heard = 0;
    this.#isChatOpen = false;
  }

  /** @param {HeldSource} source */
  #obey(source) {
    // Also while the browser still asks for the device: it must come up switched off.
    if (source === "audio" && this.#devices.wanted.audio) {
      void this.#devices.setAudio(false);
    } else if (source === "video" && this.#devices.wanted.video) {
      void this.#devices.setVideo(false);
    } else if (source === "screen" && this.#devices.screenOn) {
      this.#devices.stopScreen();
    }
  }
}
