/**
 * That one shares one's screen, with the way to stop: the window that is shared may hide the rest.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("./parts.js").Part} Part
 * @typedef {import("./parts.js").PartActions} PartActions
 */

import { banner } from "./banners.js";
import { button, setText, show } from "./dom.js";

/**
 * @param {Language} language
 * @param {PartActions} actions
 * @returns {Part}
 */
export function sharingNotice({ t }, actions) {
  const { element, words } = banner("screen-share", "");
  element.append(button(t("call.unshare"), actions.toggleScreen, { kind: "small danger" }));
  setText(words, t("call.youShare"));
  return { element, update: ({ media }) => show(element, media.screenOn) };
}
