/**
 * The dates of a poll as a voter reads them: by day in a zone, and the zones to choose from. Pure.
 */

import { zoneCity } from "./times.js";

/**
 * @template Item
 * @typedef {object} Day
 * @property {string} key ISO 8601, as "2026-03-24"
 * @property {Item[]} items in order of their start
 */

/**
 * Return the calendar day of an instant in a zone.
 *
 * @param {number} instant ms
 * @param {string} zone IANA name
 * @returns {string} ISO 8601, as "2026-03-24"
 */
export function dayKey(instant, zone) {
  /** @type {Record<string, string>} */
  const parts = {};
  const options = /** @type {const} */ ({ year: "numeric", month: "2-digit", day: "2-digit", calendar: "gregory", numberingSystem: "latn" });
  for (const part of new Intl.DateTimeFormat("en", { ...options, timeZone: usable(zone) }).formatToParts(instant)) {
    parts[part.type] = part.value;
  }
  return `${parts["year"]}-${parts["month"]}-${parts["day"]}`;
}

/**
 * Group items by their day in a zone, in order of time.
 *
 * @template Item
 * @param {ReadonlyArray<Item>} items
 * @param {(item: Item) => number} start of an item, ms
 * @param {string} zone IANA name
 * @returns {Array<Day<Item>>}
 */
export function byDay(items, start, zone) {
  /** @type {Map<string, Item[]>} */
  const days = new Map();
  for (const item of [...items].sort((one, other) => start(one) - start(other))) {
    const key = dayKey(start(item), zone);
    days.set(key, [...(days.get(key) ?? []), item]);
  }
  return [...days].map(([key, found]) => ({ key, items: found }));
}

/**
 * Write a day: "Tuesday, 24 March 2026".
 *
 * @param {string} key as of `dayKey`
 * @param {string} language BCP 47
 * @returns {string}
 */
export function dayTitle(key, language) {
  const format = new Intl.DateTimeFormat(language, {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
  return format.format(Date.parse(`${key}T00:00:00Z`));
}

/**
 * Write from when to when: "10:00 – 11:30"; with its days where it ends on another.
 *
 * @param {number} start ms
 * @param {number} minutes
 * @param {string} zone IANA name
 * @param {string} language BCP 47
 * @returns {string}
 */
export function spanText(start, minutes, zone, language) {
  const end = start + minutes * 60_000;
  const format = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", timeZone: usable(zone) });
  if (dayKey(start, zone) === dayKey(end, zone)) {
    return format.formatRange(start, end);
  }
  const last = new Intl.DateTimeFormat(language, {
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: usable(zone),
  });
  return `${format.format(start)} – ${last.format(end)}`;
}

/**
 * Write when it is elsewhere: "Tue 08:00 – 09:30", the weekday only where it is another day.
 *
 * @param {number} start ms
 * @param {number} minutes
 * @param {string} zone IANA name of there
 * @param {string} here IANA name
 * @param {string} language BCP 47
 * @returns {string}
 */
export function elsewhereText(start, minutes, zone, here, language) {
  const span = spanText(start, minutes, zone, language);
  if (dayKey(start, zone) === dayKey(start, here)) {
    return span;
  }
  const weekday = new Intl.DateTimeFormat(language, { weekday: "short", timeZone: usable(zone) });
  return `${weekday.format(start)} ${span}`;
}

/**
 * Tell whether two zones show the same times at all of the instants.
 *
 * @param {ReadonlyArray<number>} instants ms
 * @param {string} one
 * @param {string} other
 * @returns {boolean}
 */
export function alike(instants, one, other) {
  return instants.every(
    (instant) =>
      dayKey(instant, one) === dayKey(instant, other) &&
      spanText(instant, 1, one, "en") === spanText(instant, 1, other, "en"),
  );
}

/**
 * Return the zones to choose from, by city, with how far each is from UTC at an instant.
 *
 * @param {ReadonlyArray<string>} known IANA names that are offered in any case
 * @param {number} instant ms
 * @param {string} language BCP 47
 * @returns {Array<{zone: string, name: string}>}
 */
export function zoneChoices(known, instant, language) {
  const all = typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : [];
  const names = new Set([...known, ...all, "UTC"]);
  return [...names]
    .filter((zone) => zone !== "" && usable(zone) === zone)
    .map((zone) => ({ zone, name: zoneName(zone, instant) }))
    .sort((one, other) => one.name.localeCompare(other.name, language));
}

/**
 * Name a zone: "Seoul (Asia), UTC+9".
 *
 * @param {string} zone IANA name
 * @param {number} instant ms
 * @returns {string}
 */
export function zoneName(zone, instant) {
  if (zone === "UTC") {
    return zone;
  }
  const parts = zone.split("/");
  const region = parts.slice(0, -1).join("/").replaceAll("_", " ");
  const format = new Intl.DateTimeFormat("en", { timeZone: usable(zone), timeZoneName: "shortOffset" });
  const offset = format.formatToParts(instant).find((part) => part.type === "timeZoneName")?.value ?? "";
  const city = zoneCity(zone);
  return `${region === "" ? city : `${city} (${region})`}, ${offset.replace("GMT", "UTC")}`;
}

/**
 * Return a zone if this browser knows it, UTC otherwise.
 *
 * @param {string} zone
 * @returns {string}
 */
function usable(zone) {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return zone;
  } catch {
    return "UTC";
  }
}
