/**
 * Choosing the language of the page.
 *
 * @typedef {import("../i18n.js").Language} Language
 */

import { LANGUAGES } from "../i18n.js";
import { h, icon } from "./dom.js";

/**
 * Make the field.
 *
 * @param {Language} language of now
 * @param {(tag: string) => void} chosen
 * @returns {HTMLElement}
 */
export function languageField({ t, base }, chosen) {
  const options = LANGUAGES.map(({ tag, name }) => h("option", { value: tag, lang: tag }, name));
  const select = h("select", { "aria-label": t("settings.language"), "data-language": true }, ...options);
  select.value = base;
  select.addEventListener("change", () => chosen(select.value));
  return h("span", { class: "language" }, icon("languages"), select);
}
