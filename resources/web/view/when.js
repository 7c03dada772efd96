/**
 * Date and time of the meeting: in the visitor's zone and in the meeting's.
 *
 * @typedef {import("../i18n.js").Language} Language
 */

import { ownZone, sameTime, whenText, zoneCity } from "../times.js";
import { h } from "./dom.js";

/**
 * @param {Language} language
 * @param {{startsAt: string, durationMinutes: number, zone: string}} meeting
 * @returns {HTMLElement}
 */
export function whenView({ t, tag }, meeting) {
  const start = Date.parse(meeting.startsAt);
  const own = ownZone();
  /**
   * @param {string} label
   * @param {string} zone
   */
  const line = (label, zone) =>
    h(
      "div",
      { class: "when-line" },
      h("dt", {}, label),
      h("dd", {}, whenText(start, meeting.durationMinutes, zone, tag)),
    );
  if (sameTime(start, own, meeting.zone)) {
    return h("dl", { class: "when" }, line(t("when.same", { city: zoneCity(meeting.zone) }), own));
  }
  return h(
    "dl",
    { class: "when" },
    line(t("when.here", { city: zoneCity(own) }), own),
    line(t("when.there", { city: zoneCity(meeting.zone) }), meeting.zone),
  );
}
