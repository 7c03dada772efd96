/**
 * Saying that a camera or microphone does not work, and how to mend it in this browser.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../media.js").Faults} Faults
 */

import { browserKind } from "../media.js";
import { button, h, icon } from "./dom.js";

/**
 * @param {Language} language
 * @param {Faults} faults
 * @param {() => void} again ask for the devices again
 * @returns {HTMLElement | null} null when all is well
 */
export function faultView({ t }, faults, again) {
  const { audio, video } = faults;
  if (audio === null && video === null) {
    return null;
  }
  const lines =
    audio === video && audio !== null
      ? [t(`fault.both.${audio}`)]
      : [
          ...(audio === null ? [] : [t(`fault.audio.${audio}`)]),
          ...(video === null ? [] : [t(`fault.video.${video}`)]),
        ];
  const isDenied = audio === "denied" || video === "denied";
  const isFinal = audio === "unsupported" || video === "unsupported";
  return h(
    "div",
    { class: "notice warning", role: "status" },
    icon("triangle-alert"),
    h(
      "div",
      {},
      ...lines.map((line) => h("p", {}, line)),
      isDenied ? h("p", { class: "quiet" }, t(`mend.${browserKind(navigator.userAgent)}`)) : null,
      isFinal ? null : button(t("fault.again"), again, { kind: "small", icon: "refresh-cw" }),
    ),
  );
}
