/**
 * Captions under the pictures.
 *
 * @typedef {import("../signalling.js").CaptionLine} CaptionLine
 */

import { shownLines } from "../languages.js";
import { h, setAttribute, setChildren, setText, show } from "./dom.js";

/**
 * @param {import("../i18n.js").Language} language
 * @returns {import("./parts.js").Part}
 */
export function captionStrip({ t }) {
  const list = h("div", { class: "captions-lines", role: "log", "aria-live": "off", "aria-label": t("captions.title") });
  const element = h("div", { class: "captions", hidden: true }, list);
  /** @type {Map<number, HTMLElement>} */
  const rows = new Map();
  /** @param {import("./stage.js").StageModel} model */
  const update = ({ talk, choices, hostTime }) => {
    const { reading } = talk.languages;
    const lines = reading === null ? [] : shownLines(talk.languages, hostTime);
    setAttribute(list, "aria-live", choices.captionsAloud ? "polite" : "off");
    setAttribute(list, "lang", reading);
    setAttribute(element, "data-size", choices.captionSize);
    element.classList.toggle("contrast", choices.captionContrast);
    const numbers = new Set(lines.map((line) => line.number));
    for (const number of [...rows.keys()]) {
      if (!numbers.has(number)) {
        rows.delete(number);
      }
    }
    setChildren(list, lines.map((line) => rowOf(rows, line)));
    show(element, lines.length > 0);
  };
  return { element, update };
}

/**
 * @param {Map<number, HTMLElement>} rows
 * @param {CaptionLine} line
 */
function rowOf(rows, line) {
  const row = rows.get(line.number) ?? h("p", { dir: "auto" });
  rows.set(line.number, row);
  setText(row, line.text);
  return row;
}
