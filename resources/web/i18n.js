/**
 * The languages of the page. A new one is a file in `i18n/` with the same keys, and one line here.
 * Only the language that is spoken is loaded.
 *
 * @typedef {keyof typeof import("./i18n/en.js").en} Key
 *
 * A text, or its plural forms by category of CLDR; `{count}` says which.
 * @typedef {string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>} Text
 *
 * @typedef {Readonly<Record<Key, Text>>} Catalogue
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

import { fill } from "./text.js";

/** Every language, by its own name. @type {ReadonlyArray<{tag: string, name: string, direction?: "rtl"}>} */
export const LANGUAGES = [
  { tag: "en", name: "English" },
  { tag: "da", name: "Dansk" },
  { tag: "de", name: "Deutsch" },
  { tag: "es", name: "Español" },
  { tag: "fr", name: "Français" },
  { tag: "it", name: "Italiano" },
  { tag: "pl", name: "Polski" },
  { tag: "ar", name: "العربية", direction: "rtl" },
];

/**
 * Load the first wanted language that there is, English otherwise, and where its file does not come.
 *
 * @param {ReadonlyArray<string>} wanted BCP 47 tags, best first
 * @returns {Promise<Language>} dates follow the wanted tag ("en-GB"), texts its language ("en")
 */
export async function pickLanguage(wanted) {
  for (const tag of wanted) {
    const base = tag.split("-")[0]?.toLowerCase() ?? "";
    if (LANGUAGES.some((one) => one.tag === base)) {
      const words = await load(base).catch(() => null);
      if (words !== null) {
        return language(tag, base, words);
      }
    }
  }
  return language("en-GB", "en", await load("en"));
}

/**
 * Load what this visitor wants: `?lang=` of the address, then what was chosen on a page of ours,
 * then the browser's languages.
 *
 * @param {string} chosen BCP 47, "" for none
 * @returns {Promise<Language>}
 */
export function ownLanguage(chosen) {
  const asked = new URLSearchParams(location.search).get("lang") ?? "";
  return pickLanguage([asked, chosen, ...navigator.languages].filter((tag) => tag !== ""));
}

/**
 * Say on the document itself in which language it is.
 *
 * @param {Language} spoken
 */
export function mark({ tag, direction }) {
  document.documentElement.lang = tag;
  document.documentElement.dir = direction;
}

/**
 * @param {string} base
 * @returns {Promise<Catalogue>}
 */
async function load(base) {
  /** @type {Record<string, Catalogue>} */
  const module = await import(`./i18n/${base}.js`);
  return /** @type {Catalogue} */ (module[base]);
}

/**
 * @param {string} tag
 * @param {string} base
 * @param {Catalogue} words
 * @returns {Language}
 */
function language(tag, base, words) {
  const plurals = new Intl.PluralRules(base);
  return {
    tag: isUsable(tag) ? tag : base,
    base,
    direction: LANGUAGES.find((one) => one.tag === base)?.direction ?? "ltr",
    t: (key, facts = {}) => fill(formOf(words[key], plurals, facts["count"]), facts),
    known: (prefix, code) => {
      const text = words[/** @type {Key} */ (`${prefix}.${code}`)];
      return text === undefined ? null : formOf(text, plurals);
    },
  };
}

/**
 * Return a text in the plural form of a count. Pure.
 *
 * @param {Text} text
 * @param {Intl.PluralRules} plurals
 * @param {string | number} [count] without it the form for many is meant
 * @returns {string} of the forms that there are the one for `count`
 */
export function formOf(text, plurals, count) {
  if (typeof text === "string") {
    return text;
  }
  const category = typeof count === "number" ? plurals.select(count) : "other";
  return text[category] ?? text.other ?? text.many ?? "";
}

/** @param {string} tag */
function isUsable(tag) {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
