/**
 * The devices during a visit: watches what is plugged in and what is allowed, goes on with what is
 * there, and tells the person.
 *
 * @typedef {import("./devices.js").DeviceKind} DeviceKind
 * @typedef {import("./devices.js").DeviceNote} DeviceNote
 * @typedef {import("./i18n.js").Language} Language
 * @typedef {import("./media.js").OwnMedia} OwnMedia
 * @typedef {import("./memory.js").Choices} Choices
 */

import { DeviceWatch } from "./devices.js";
import { watchPermissions } from "./permissions.js";
import { fill } from "./text.js";

/** How long a note stays that needs no answer. */
const SHOWN_FOR = 15_000;

/** Keeps a call going while devices come and go. */
export class Equipment {
  #media;
  #around;
  #watch;
  /** What happened last to each kind. @type {ReadonlyArray<DeviceNote>} */
  notes = [];

  /**
   * @param {OwnMedia} media
   * @param {Choices} choices
   * @param {{setSpeaker: (device: string) => void, noted: (note: DeviceNote) => void, changed: () => void}} around
   *   noted: something to be said; changed: `notes` are others
   */
  constructor(media, choices, around) {
    this.#media = media;
    this.#around = around;
    this.#watch = new DeviceWatch(
      (kind) => ({ device: choices[kind], lacking: this.#isLacking(kind) }),
      (kind, device) => this.#use(kind, device),
      (note) => this.#add(note),
    );
  }

  /** Start watching. */
  start() {
    this.#watch.start();
    void this.look();
    void watchPermissions((source) => {
      if (this.#media.faults[source] !== null) {
        void this.#media.retry();
      }
    });
  }

  /**
   * Note the devices of now: after the first permission they have names.
   *
   * @returns {Promise<void>}
   */
  look() {
    return this.#watch.look();
  }

  /**
   * Tell that a device was pulled out while it was used.
   *
   * @param {import("./media.js").Loss} loss
   */
  lost({ source, before, label }) {
    const kind = source === "audio" ? "microphone" : "camera";
    this.#add({ kind, what: label === "" ? "gone" : "switched", device: "", label, before });
  }

  /** @param {DeviceKind} kind whose note was read */
  dismiss(kind) {
    this.notes = this.notes.filter((note) => note.kind !== kind);
    this.#around.changed();
  }

  /** @param {DeviceKind} kind */
  #isLacking(kind) {
    const { faults, wanted } = this.#media;
    return (
      (kind === "microphone" && faults.audio === "missing") ||
      (kind === "camera" && faults.video === "missing" && wanted.video)
    );
  }

  /**
   * @param {DeviceKind} kind
   * @param {string} device
   */
  async #use(kind, device) {
    if (kind === "speaker") {
      this.#around.setSpeaker(device);
    } else {
      await this.#media.use(kind, device);
    }
  }

  /** @param {DeviceNote} note */
  #add(note) {
    this.notes = [...this.notes.filter((other) => other.kind !== note.kind), note];
    this.#around.noted(note);
    this.#around.changed();
    if (note.what !== "plugged" && note.what !== "gone") {
      window.setTimeout(() => this.notes.includes(note) && this.dismiss(note.kind), SHOWN_FOR);
    }
  }
}

/**
 * Return what happened, in words.
 *
 * @param {Pick<Language, "known">} language
 * @param {DeviceNote} note
 * @returns {string}
 */
export function noteText({ known }, { what, kind, label, before }) {
  return fill(known(`device.${what}`, kind) ?? label, { label, before });
}
