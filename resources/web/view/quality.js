/**
 * The quality of the connection in words: a sign at a picture, and the panel "Connection".
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../i18n.js").Translate} Translate
 * @typedef {import("../quality.js").Verdict} Verdict
 * @typedef {import("../quality.js").Quality} Quality
 * @typedef {import("./stage.js").StageModel} StageModel
 */

import { h, icon, setAttribute, setChildren, setIcon, setText, show } from "./dom.js";

/** @type {Record<import("../quality.js").Level, string>} */
const ICONS = { good: "signal", fair: "signal-medium", poor: "signal-low" };

/**
 * Return a verdict in one line.
 *
 * @param {Translate} t
 * @param {Verdict} verdict
 * @returns {string}
 */
export function verdictText(t, { level, reasons }) {
  return [t(`quality.${level}`), ...reasons.map(({ code, figure }) => t(`quality.${code}`, { figure }))].join(" ");
}

/** A sign at a picture; hidden while all is well. */
export class QualitySign {
  #t;
  #icon = icon("signal-medium");
  #words = h("span", { class: "visually-hidden" });

  /** @param {Translate} t */
  constructor(t) {
    this.#t = t;
    /** The element to place. */
    this.element = h("span", { class: "quality-sign", hidden: true }, this.#icon, this.#words);
  }

  /** @param {Verdict | undefined} verdict */
  update(verdict) {
    const level = verdict?.level ?? "good";
    show(this.element, level !== "good");
    this.element.classList.toggle("poor", level === "poor");
    setIcon(this.#icon, ICONS[level]);
    const text = verdict === undefined ? "" : verdictText(this.#t, verdict);
    setText(this.#words, text);
    setAttribute(this.element, "title", text);
  }
}

/**
 * @param {Language} language
 * @returns {import("./parts.js").PanelPart}
 */
export function qualityPanel({ t, tag }) {
  const number = new Intl.NumberFormat(tag, { maximumFractionDigits: 0 });
  const own = new VerdictLines(t);
  const figures = h("dl", { class: "quality-figures" });
  const people = h("ul", { class: "quality-people" });
  /** @type {Map<string, {element: HTMLElement, name: HTMLElement, lines: VerdictLines}>} */
  const rows = new Map();
  const element = h(
    "div",
    { class: "quality" },
    h("section", {}, h("h3", {}, t("quality.you")), own.element, figures),
    h("section", {}, h("h3", {}, t("quality.others")), people),
  );
  /** @param {StageModel} model */
  const update = ({ quality, room }) => {
    const flows = quality.figures !== null && quality.figures.sentBits + quality.figures.receivedBits > 0;
    own.update(flows || quality.own.level !== "good" ? quality.own : undefined);
    showFigures(figures, t, number, quality);
    const others = room.participants.filter((person) => person.id !== room.you);
    const shown = others.map((person) => {
      const row = rows.get(person.id) ?? personRow(t);
      rows.set(person.id, row);
      setText(row.name, person.name);
      row.lines.update(quality.others.get(person.id));
      return row.element;
    });
    setChildren(people, shown);
  };
  return { element, update };
}

/** @param {Translate} t */
function personRow(t) {
  const name = h("span", { class: "person-name" });
  const lines = new VerdictLines(t);
  return { element: h("li", {}, name, lines.element), name, lines };
}

/** A level and its reasons, one to a line. */
class VerdictLines {
  #t;
  #icon = icon("signal");
  #level = h("span");
  #reasons = h("ul");

  /** @param {Translate} t */
  constructor(t) {
    this.#t = t;
    /** The element to place. */
    this.element = h("div", { class: "quality-verdict" }, this.#icon, h("div", {}, this.#level, this.#reasons));
  }

  /** @param {Verdict | undefined} verdict undefined: nothing was measured */
  update(verdict) {
    const level = verdict?.level ?? "unknown";
    const reasons = verdict?.reasons ?? [];
    setIcon(this.#icon, verdict === undefined ? "signal" : ICONS[verdict.level]);
    setAttribute(this.element, "data-level", level);
    setText(this.#level, this.#t(`quality.${level}`));
    const texts = reasons.map(({ code, figure }) => this.#t(`quality.${code}`, { figure }));
    if (texts.join("\n") !== [...this.#reasons.children].map((line) => line.textContent).join("\n")) {
      this.#reasons.replaceChildren(...texts.map((text) => h("li", {}, text)));
    }
  }
}

/**
 * @param {HTMLElement} place
 * @param {Translate} t
 * @param {Intl.NumberFormat} number
 * @param {Quality} quality
 */
function showFigures(place, t, number, { figures }) {
  if (figures === null) {
    place.replaceChildren();
    return;
  }
  const { sent, sentBits, receivedBits, lostIn } = figures;
  const rate = (/** @type {number} */ bits) => t("quality.rate", { figure: number.format(bits / 1000) });
  const percent = (/** @type {number} */ share) => `${number.format(share * 100)} %`;
  const lines = [
    [t("quality.sends"), rate(sentBits)],
    [t("quality.receives"), rate(receivedBits)],
    [t("quality.lostLine"), `${percent(sent.lost ?? 0)} / ${percent(lostIn)}`],
    ...(sent.delay === null ? [] : [[t("quality.delayLine"), t("quality.ms", { figure: number.format(sent.delay) })]]),
    ...(sent.height === 0
      ? []
      : [[t("quality.picture"), t("quality.pictureText", { height: sent.height, frames: number.format(sent.frames) })]]),
  ];
  const texts = lines.map(([name, value]) => `${name}\n${value}`).join("\n");
  if (place.dataset.shown !== texts) {
    place.dataset.shown = texts;
    place.replaceChildren(
      ...lines.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
    );
  }
}
