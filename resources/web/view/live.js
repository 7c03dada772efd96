/**
 * Polite words for screen readers.
 */

import { h } from "./dom.js";

/** A live region; several texts in one moment are all read. */
export class LiveRegion {
  /** The element; it must be in the page before the first text. */
  element = h("div", { class: "visually-hidden", "aria-live": "polite", role: "log" });

  /** @param {string} text */
  say(text) {
    const line = h("p", {}, text);
    this.element.append(line);
    // Read once: what stays would be found again by who walks through the page.
    window.setTimeout(() => line.remove(), 10_000);
  }
}
