/**
 * Instants and zones as people read them. Pure; everything by the browser's own Intl.
 */

/**
 * Return the browser's zone.
 *
 * @returns {string} IANA name
 */
export function ownZone() {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/**
 * Return the city of a zone: "Europe/Copenhagen" is "Copenhagen".
 *
 * @param {string} zone IANA name
 * @returns {string}
 */
export function zoneCity(zone) {
  return (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
}

/**
 * Write date and time of an instant in a zone: "Monday, 2 March 2026, 10:00 – 11:30".
 *
 * @param {number} start ms
 * @param {number} minutes duration; 0 writes the start only
 * @param {string} zone IANA name
 * @param {string} language BCP 47
 * @returns {string}
 */
export function whenText(start, minutes, zone, language) {
  const format = formatter(language, zone, {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });
  return minutes > 0
    ? format.formatRange(start, start + minutes * 60_000)
    : format.format(start);
}

/**
 * Write a calendar day: "31 August 2027". It is a date and has no zone.
 *
 * @param {string} day ISO 8601, as "2027-08-31"
 * @param {string} language BCP 47
 * @returns {string}
 */
export function dayText(day, language) {
  const format = formatter(language, "UTC", { day: "numeric", month: "long", year: "numeric" });
  return format.format(Date.parse(`${day}T00:00:00Z`));
}

/**
 * Write the time of day in a zone: "10:00".
 *
 * @param {number} instant ms
 * @param {string} zone
 * @param {string} language
 * @returns {string}
 */
export function timeText(instant, zone, language) {
  return formatter(language, zone, { hour: "2-digit", minute: "2-digit" }).format(instant);
}

/**
 * Tell whether two zones show the same time at an instant.
 *
 * @param {number} instant ms
 * @param {string} one
 * @param {string} other
 * @returns {boolean}
 */
export function sameTime(instant, one, other) {
  return whenText(instant, 0, one, "en") === whenText(instant, 0, other, "en");
}

/**
 * Split what is left into days, hours, minutes and seconds.
 *
 * @param {number} milliseconds
 * @returns {{days: number, hours: number, minutes: number, seconds: number}} zeros when it is over
 */
export function countdown(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return {
    days: Math.floor(seconds / 86_400),
    hours: Math.floor((seconds % 86_400) / 3600),
    minutes: Math.floor((seconds % 3600) / 60),
    seconds: seconds % 60,
  };
}

/**
 * @param {string} language
 * @param {string} zone
 * @param {Intl.DateTimeFormatOptions} options
 */
function formatter(language, zone, options) {
  try {
    return new Intl.DateTimeFormat(language, { ...options, timeZone: zone });
  } catch {
    // A zone that this browser does not know yet: UTC, named by the caller, is better than nothing.
    return new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" });
  }
}
