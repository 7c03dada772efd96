/**
 * The bar that shows how loud the own microphone is.
 *
 * @typedef {import("../media.js").OwnMedia} OwnMedia
 */

import { LevelMeter } from "../level.js";
import { h, setAttribute } from "./dom.js";

const EVERY = 100;

/** A level meter; it measures until it is closed. */
export class LevelBar {
  #bar = h("div", { class: "level-bar" });
  /** @type {LevelMeter | null} */
  #meter = null;
  /** @type {MediaStreamTrack | null} */
  #measured = null;
  #timer;

  /** @param {string} label */
  constructor(label) {
    /** The element to place. */
    this.element = h(
      "div",
      { class: "level", role: "meter", "aria-label": label, "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": 0 },
      this.#bar,
    );
    this.#timer = window.setInterval(() => this.#read(), EVERY);
  }

  /** @param {OwnMedia} media */
  update(media) {
    if (media.tracks.audio !== this.#measured) {
      this.#meter?.close();
      this.#measured = media.tracks.audio;
      this.#meter = this.#measured === null ? null : new LevelMeter(this.#measured);
    }
    this.element.classList.toggle("off", !media.audioOn);
  }

  /** Stop measuring. */
  close() {
    window.clearInterval(this.#timer);
    this.#meter?.close();
    this.#meter = null;
  }

  #read() {
    const value = this.#meter?.read() ?? 0;
    this.#bar.style.inlineSize = `${Math.round(value * 100)}%`;
    setAttribute(this.element, "aria-valuenow", Math.round(value * 10) * 10);
  }
}
