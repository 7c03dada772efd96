/**
 * Saying that a camera or microphone does not work, and how to mend it in this browser and system.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../i18n.js").Key} Key
 * @typedef {import("../media.js").Faults} Faults
 * @typedef {import("../permissions.js").Fault} Fault
 */

import { browserKind, systemKind } from "../browser.js";
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
  const isFinal = audio === "unsupported" || video === "unsupported";
  const ways = mendingKeys([audio, video], navigator.userAgent, navigator.maxTouchPoints);
  return h(
    "div",
    { class: "notice warning", role: "status" },
    icon("triangle-alert"),
    h(
      "div",
      {},
      ...lines.map((line) => h("p", {}, line)),
      ...ways.map((key) => h("p", { class: "quiet" }, t(key))),
      isFinal ? null : button(t("fault.again"), again, { kind: "small", icon: "refresh-cw" }),
    ),
  );
}

/**
 * Return how to mend faults, each way once.
 *
 * @param {ReadonlyArray<Fault | null>} faults
 * @param {string} agent `navigator.userAgent`
 * @param {number} touchPoints `navigator.maxTouchPoints`
 * @returns {Key[]}
 */
export function mendingKeys(faults, agent, touchPoints) {
  const keys = faults.map((fault) => (fault === null ? null : mendingKey(fault, agent, touchPoints)));
  return [...new Set(keys.filter((key) => key !== null))];
}

/**
 * @param {Fault} fault
 * @param {string} agent
 * @param {number} touchPoints
 * @returns {Key | null}
 */
function mendingKey(fault, agent, touchPoints) {
  const browser = browserKind(agent, touchPoints);
  switch (fault) {
    case "denied":
      return `mend.site.${browser}`;
    case "system":
      return browser === "desktop" ? "mend.site.desktop" : `mend.system.${systemKind(agent, touchPoints)}`;
    case "dismissed":
    case "missing":
    case "busy":
      return `mend.${fault}`;
    default:
      return null;
  }
}
