/**
 * "Add to your calendar": a file, and the calendars on the web that many people use.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../calendar.js").CalendarMeeting} CalendarMeeting
 */

import { calendarFile, fileName, googleAddress, outlookAddress } from "../calendar.js";
import { button, h } from "./dom.js";

/**
 * @typedef {object} Meeting as the forms and looks of the host have it
 * @property {string} title
 * @property {string} project
 * @property {string} organiser
 * @property {string} startsAt
 * @property {number} durationMinutes
 * @property {string} meeting id of the meeting, "" when the host does not say
 */

/**
 * @param {Language} language
 * @param {Meeting} meeting
 * @param {string} link the personal link to the call
 * @returns {HTMLElement}
 */
export function addToCalendar({ t }, meeting, link) {
  const by =
    meeting.project === ""
      ? t("invited.by", { organiser: meeting.organiser })
      : t("invited.byProject", { organiser: meeting.organiser, project: meeting.project });
  // A host that was not renewed yet says no id: then the room's stands for it.
  const known = meeting.meeting || link.replace(/^.*\/r\/|#.*$/gu, "");
  /** @type {CalendarMeeting} */
  const entry = {
    uid: `${known}@projectdesk`,
    title: meeting.title,
    startsAt: meeting.startsAt,
    durationMinutes: meeting.durationMinutes,
    text: by,
    link,
  };
  const file = button(t("calendar.file"), () => save(fileName(entry.title), calendarFile(entry, Date.now())));
  /**
   * @param {string} words
   * @param {string} href
   */
  const elsewhere = (words, href) =>
    h("a", { class: "button", href, target: "_blank", rel: "noopener noreferrer" }, words);
  return h(
    "section",
    { class: "aside" },
    h("h2", {}, t("calendar.title")),
    h(
      "div",
      { class: "actions" },
      file,
      elsewhere(t("calendar.google"), googleAddress(entry)),
      elsewhere(t("calendar.outlook"), outlookAddress(entry)),
    ),
    h("p", { class: "quiet" }, t("calendar.link")),
  );
}

/**
 * Let the browser save a file.
 *
 * @param {string} name
 * @param {string} content
 */
function save(name, content) {
  const address = URL.createObjectURL(new Blob([content], { type: "text/calendar;charset=utf-8" }));
  const link = h("a", { href: address, download: name });
  link.click();
  // The browser reads it after the click: it is let go when that is surely done.
  window.setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
