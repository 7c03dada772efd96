/**
 * The languages of the page. A new one is a file in `i18n/` with the same keys, and one line here.
 *
 * @typedef {keyof typeof import("./i18n/en.js").en} Key
 *
 * @typedef {(key: Key, facts?: Readonly<Record<string, string | number>>) => string} Translate
 *
 * @typedef {object} Language
 * @property {string} tag BCP 47, for `lang` and for dates
 * @property {string} base of the texts: a tag of `LANGUAGES`
 * @property {"ltr" | "rtl"} direction
 * @property {Translate} t
 * @property {(prefix: string, code: string) => string | null} known text of a host's code, if any
 */

import { de } from "./i18n/de.js";
import { en } from "./i18n/en.js";
import { fill } from "./text.js";

/** @type {Record<string, Readonly<Record<Key, string>>>} */
const DICTIONARIES = { en, de };
const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur"]);

/**
 * Return the first wanted language that there is, English otherwise.
 *
 * @param {ReadonlyArray<string>} wanted BCP 47 tags, best first
 * @returns {Language} dates follow the wanted tag ("en-GB"), texts its language ("en")
 */
export function pickLanguage(wanted) {
  for (const tag of wanted) {
    const base = tag.split("-")[0]?.toLowerCase() ?? "";
    const words = DICTIONARIES[base];
    if (words !== undefined) {
      return language(tag, base, words);
    }
  }
  return language("en-GB", "en", en);
}

/**
 * Return what this visitor wants: `?lang=` of the address, then what was chosen on a page of ours,
 * then the browser's languages.
 *
 * @param {string} chosen BCP 47, "" for none
 * @returns {Language}
 */
export function ownLanguage(chosen) {
  const asked = new URLSearchParams(location.search).get("lang") ?? "";
  return pickLanguage([asked, chosen, ...navigator.languages].filter((tag) => tag !== ""));
}

/** Every language, by its own name. @type {ReadonlyArray<{tag: string, name: string}>} */
export const LANGUAGES = [
  { tag: "en", name: "English" },
  { tag: "de", name: "Deutsch" },
];

/**
 * @param {string} tag
 * @param {string} base
 * @param {Readonly<Record<Key, string>>} words
 * @returns {Language}
 */
function language(tag, base, words) {
  return {
    tag: isUsable(tag) ? tag : base,
    base,
    direction: RIGHT_TO_LEFT.has(base) ? "rtl" : "ltr",
    t: (key, facts = {}) => fill(words[key], facts),
    known: (prefix, code) => words[/** @type {Key} */ (`${prefix}.${code}`)] ?? null,
  };
}

/** @param {string} tag */
function isUsable(tag) {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
