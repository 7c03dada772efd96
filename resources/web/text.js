/**
 * Texts that people see: cleaning, shortening, filling in. Pure.
 */

/** Longest name that is shown, in code points (the host has the same limit). */
export const NAME_LENGTH = 64;

/** Longest comment of an answer, in UTF-16 units (what `maxlength` of a field counts). */
export const COMMENT_LENGTH = 2000;

// Control characters, and marks that turn the direction of what follows: a name must not be able to
// reorder the text around it.
const UNSHOWABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * Return a name as it may be sent: NFC, without control and direction characters, trimmed, short.
 *
 * @param {string} name as typed
 * @returns {string}
 */
export function cleanName(name) {
  const plain = name.normalize("NFC").replace(UNSHOWABLE, " ").replace(/\s+/gu, " ").trim();
  return [...plain].slice(0, NAME_LENGTH).join("").trim();
}

/**
 * Return one or two letters that stand for a person without a picture.
 *
 * @param {string} name
 * @returns {string} upper case, "?" for an empty name
 */
export function initials(name) {
  const words = name
    .normalize("NFC")
    .split(/[\s.\-_]+/u)
    .map((word) => word.replace(/^[^\p{L}\p{N}]+/u, ""))
    .filter((word) => word.length > 0);
  const first = words[0];
  if (first === undefined) {
    return "?";
  }
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return (firstLetter(first) + (last === undefined ? "" : firstLetter(last))).toLocaleUpperCase();
}

/**
 * Return a number from 0 to `count` - 1 that is always the same for the same id.
 *
 * @param {string} id
 * @param {number} count
 * @returns {number}
 */
export function hue(id, count) {
  let sum = 0;
  for (const character of id) {
    sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65521;
  }
  return sum % count;
}

/**
 * Fill the `{places}` of a template.
 *
 * @param {string} template
 * @param {Readonly<Record<string, string | number>>} facts
 * @returns {string} a place without a fact stays as it is, so that the mistake is seen
 */
export function fill(template, facts) {
  return template.replace(/\{(\w+)\}/gu, (place, name) => {
    const fact = facts[name];
    return fact === undefined ? place : String(fact);
  });
}

/** @param {string} word */
function firstLetter(word) {
  return String.fromCodePoint(word.codePointAt(0) ?? 63);
}
