/**
 * Person-months as people type and read them. Pure. They are whole hundredths: 150 is 1.50.
 */

/** The most that one partner can have worked in one work package, as the host takes it. */
export const MOST_HUNDREDTHS = 1_000_000;

/**
 * Read person-months: "2", "2.5", "2,25", ".5"; with spaces around.
 *
 * @param {string} text
 * @returns {number | "empty" | "bad" | "places" | "large"} hundredths, or what is wrong
 */
export function readMonths(text) {
  const plain = text.replaceAll(/\s/gu, "").replace(",", ".");
  if (plain === "") {
    return "empty";
  }
  const parts = /^(\d*)(?:\.(\d*))?$/u.exec(plain);
  if (parts === null || !/\d/u.test(plain)) {
    return "bad";
  }
  const [, whole = "", rest = ""] = parts;
  if (rest.replace(/0+$/u, "").length > 2) {
    return "places";
  }
  if (whole.replace(/^0+/u, "").length > 6) {
    return "large";
  }
  const hundredths = Number(whole || "0") * 100 + Number(rest.slice(0, 2).padEnd(2, "0"));
  return hundredths > MOST_HUNDREDTHS ? "large" : hundredths;
}

/**
 * Write person-months with two places: "1,234.50".
 *
 * @param {number} hundredths
 * @param {string} language BCP 47
 * @returns {string}
 */
export function monthsText(hundredths, language) {
  const format = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return format.format(hundredths / 100);
}

/**
 * Write person-months into a field, as they are typed: no grouping, no zeros that say nothing.
 *
 * @param {number} hundredths
 * @param {string} language BCP 47
 * @returns {string}
 */
export function monthsEntry(hundredths, language) {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 2, useGrouping: false }).format(hundredths / 100);
}
