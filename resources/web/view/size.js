/**
 * A notice of how large the call is: to chair and co-hosts before a limit is met, to everybody when
 * not all cameras come any more. It can be closed, and comes again with the next limit.
 *
 * @typedef {import("../i18n.js").Language} Language
 */

import { sizeWord } from "../size.js";
import { banner } from "./banners.js";
import { button, setText, show } from "./dom.js";

/**
 * @param {Language} language
 * @returns {import("./parts.js").Part}
 */
export function sizeNotice({ t }) {
  const { element, words } = banner("users", "");
  /** @type {string | null} */
  let kind = null;
  /** @type {string | null} */
  let closed = null;
  const close = () => {
    closed = kind;
    show(element, false);
  };
  element.append(button(t("call.close"), close, { kind: "small" }));
  /** @param {import("./stage.js").StageModel} model */
  const update = ({ room }) => {
    const word = sizeWord(room);
    kind = word?.kind ?? null;
    if (kind !== closed) {
      closed = null;
    }
    if (word !== null) {
      setText(words, t(`size.${word.kind}`, word.values));
    }
    show(element, word !== null && closed === null);
  };
  return { element, update };
}
