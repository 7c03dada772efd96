/**
 * The round switches that lie over a picture.
 */

import { h, icon, setAttribute, setIcon } from "./dom.js";

/** A switch with an icon only. */
export class RoundButton {
  #picture = icon("mic");

  /** @param {() => void} pressed */
  constructor(pressed) {
    /** The element to place. */
    this.element = h("button", { type: "button", class: "round" }, this.#picture);
    this.element.addEventListener("click", pressed);
  }

  /**
   * @param {string} iconName
   * @param {string} label
   * @param {boolean} on
   */
  set(iconName, label, on) {
    setIcon(this.#picture, iconName);
    setAttribute(this.element, "aria-label", label);
    setAttribute(this.element, "title", label);
    this.element.classList.toggle("off", !on);
  }
}
