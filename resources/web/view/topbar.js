/**
 * The slim bar above the pictures: the item everybody is at, who presents it, and the clocks.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../clock.js").ClockReading} ClockReading
 */

import { clockText } from "../clock.js";
import { h, icon, setText, show } from "./dom.js";
import { heading } from "./page.js";

/**
 * @param {Language} language
 * @param {string} title of the meeting
 * @param {HTMLElement[]} signs of what goes on, e.g. a recording
 * @returns {{element: HTMLElement, update: (reading: ClockReading) => void}}
 */
export function topbar({ t }, title, signs) {
  const number = h("span", { class: "topbar-number" });
  const name = h("span", { class: "topbar-title", dir: "auto" });
  const presenter = h("span", { class: "topbar-presenter" });
  const itemClock = h("span", { class: "clock-figures" });
  const over = h("span", { class: "over-badge", hidden: true }, icon("triangle-alert"), h("span"));
  const meeting = h("span", { class: "clock-figures" });
  const meetingLeft = h("span", { class: "quiet" });
  const bar = h("div", { class: "topbar-progress-bar" });
  const item = h("div", { class: "topbar-clock item-clock" }, itemClock, over);
  const element = h(
    "header",
    { class: "topbar" },
    h("div", { class: "visually-hidden" }, heading(title)),
    h("div", { class: "topbar-item" }, number, h("div", { class: "topbar-names" }, name, presenter)),
    h("div", { class: "topbar-signs" }, ...signs),
    item,
    h("div", { class: "topbar-clock meeting-clock" }, icon("clock"), meeting, meetingLeft),
    h("div", { class: "topbar-progress", "aria-hidden": "true" }, bar),
  );
  /** @param {ClockReading} reading */
  const update = (reading) => {
    const current = reading.current;
    const isOver = current !== null && current.over >= 1;
    setText(number, current?.item.number ?? "");
    show(number, current !== null);
    setText(name, current?.item.title ?? (reading.items.length === 0 ? title : idleText(t, reading)));
    const who = current?.item.presenter ?? "";
    setText(presenter, who === "" ? "" : t("agenda.presenter", { name: who }));
    show(item, current !== null);
    if (current !== null) {
      const elapsed = clockText(current.elapsed);
      setText(itemClock, t("agenda.used", { elapsed, planned: clockText(current.planned) }));
      setText(over.lastElementChild ?? over, t("agenda.over", { time: clockText(current.over) }));
    }
    show(over, isOver);
    element.classList.toggle("over", isOver);
    setText(meeting, reading.elapsed === null ? "" : clockText(reading.elapsed));
    setText(meetingLeft, leftText(t, reading));
    const share = current === null || current.planned === 0 ? 0 : current.elapsed / current.planned;
    bar.style.inlineSize = `${Math.min(100, share * 100)}%`;
  };
  return { element, update };
}

/**
 * Say how long the meeting has left.
 *
 * @param {import("../i18n.js").Translate} t
 * @param {ClockReading} reading
 * @returns {string}
 */
export function leftText(t, reading) {
  return reading.left >= 0
    ? t("agenda.meetingLeft", { time: clockText(reading.left) })
    : t("agenda.meetingOver", { time: clockText(-reading.left) });
}

/**
 * @param {import("../i18n.js").Translate} t
 * @param {ClockReading} reading
 */
function idleText(t, reading) {
  return t(reading.elapsed === null ? "agenda.notStarted" : "agenda.paused");
}
