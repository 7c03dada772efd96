/**
 * The page of a link that was opened before the call opens.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../signalling.js").Look} Look
 */

import { basePath } from "../api.js";
import { countdown, ownZone, timeText } from "../times.js";
import { addToCalendar } from "./calendar.js";
import { h, icon, setText } from "./dom.js";
import { page } from "./page.js";
import { whenView } from "./when.js";

/**
 * @param {Language} language
 * @param {Look} look
 * @param {string} token of the link; the answer desk takes the same
 * @param {() => number} hostTime ms
 * @returns {import("./page.js").View}
 */
export function waitingView(language, look, token, hostTime) {
  const { t, tag } = language;
  const opens = Date.parse(look.opensAt);
  const units = /** @type {const} */ (["days", "hours", "minutes", "seconds"]);
  const figures = units.map(() => h("span", { class: "countdown-figure" }));
  const boxes = units.map((unit, index) =>
    h("div", { class: "countdown-box" }, figures[index], h("span", {}, t(`unit.${unit}`))),
  );
  const tick = () => {
    const left = countdown(opens - hostTime());
    units.forEach((unit, index) => setText(/** @type {Element} */ (figures[index]), String(left[unit])));
    if (boxes[0] !== undefined) {
      boxes[0].hidden = left.days === 0;
    }
  };
  tick();
  const timer = window.setInterval(tick, 1000);
  const element = page(
    look.title,
    h("p", { class: "lead" }, invitedBy(language, look)),
    whenView(language, look),
    h("div", { class: "countdown", role: "timer", "aria-label": t("early.countdown") }, ...boxes),
    h("p", {}, t("early.opens", { time: timeText(opens, ownZone(), tag) })),
    look.desk === null ? null : answerLink(language, look, token),
    checkLink(language, location.pathname, token),
    addToCalendar(language, look, `${location.origin}${basePath(location.pathname)}#${token}`),
  );
  return { element, closed: () => window.clearInterval(timer) };
}

/**
 * Say who invites.
 *
 * @param {Language} language
 * @param {{organiser: string, project: string}} meeting
 * @returns {string}
 */
export function invitedBy({ t }, meeting) {
  return meeting.project === ""
    ? t("invited.by", { organiser: meeting.organiser })
    : t("invited.byProject", { organiser: meeting.organiser, project: meeting.project });
}

/**
 * Offer to check camera, microphone and network beforehand.
 *
 * @param {Language} language
 * @param {string} room path of the room's page, e.g. `/r/ROOM`
 * @param {string} token of the link
 */
export function checkLink({ t }, room, token) {
  return h(
    "section",
    { class: "aside" },
    h("h2", {}, t("check.title")),
    h("p", {}, t("check.offer")),
    h("a", { class: "button", href: `${basePath(room)}/check#${token}` }, t("check.open"), icon("arrow-right")),
  );
}

/**
 * @param {Language} language
 * @param {Look} look
 * @param {string} token
 */
function answerLink({ t }, look, token) {
  const address = `/d/${encodeURIComponent(look.desk ?? "")}#${token}`;
  return h(
    "section",
    { class: "aside" },
    h("h2", {}, t("early.answer")),
    h("p", {}, t("early.answerText", { organiser: look.organiser })),
    h("a", { class: "button", href: address }, t("early.answerButton"), icon("arrow-right")),
  );
}
