/**
 * The reactions one can show, behind a button of the controls.
 *
 * @typedef {import("../signalling.js").Reaction} Reaction
 */

import { h, icon, show } from "./dom.js";

/** Every reaction of the wire. @type {ReadonlyArray<Reaction>} */
export const REACTIONS = ["👍", "👏", "❤️", "😂", "😮", "🎉"];

/**
 * @param {Pick<import("../i18n.js").Language, "t">} language
 * @param {(reaction: Reaction) => void} chosen
 * @returns {HTMLElement}
 */
export function reactionPicker({ t }, chosen) {
  const opener = h(
    "button",
    { type: "button", class: "control", "aria-expanded": "false", title: t("call.react") },
    icon("smile"),
    h("span", { class: "control-words" }, t("call.react")),
  );
  const list = h("div", { class: "reactions", role: "group", "aria-label": t("call.react"), hidden: true });
  const element = h("div", { class: "reaction-picker" }, opener, list);
  /** @param {boolean} isOpen */
  const open = (isOpen) => {
    show(list, isOpen);
    opener.setAttribute("aria-expanded", String(isOpen));
  };
  for (const reaction of REACTIONS) {
    const one = h("button", { type: "button", class: "reaction", "aria-label": t("call.reactWith", { reaction }) }, reaction);
    one.addEventListener("click", () => {
      open(false);
      opener.focus();
      chosen(reaction);
    });
    list.append(one);
  }
  opener.addEventListener("click", () => {
    open(list.hidden !== false);
    if (list.hidden === false) {
      list.querySelector("button")?.focus();
    }
  });
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && list.hidden === false) {
      open(false);
      opener.focus();
    }
  });
  element.addEventListener("focusout", (event) => {
    if (!(event.relatedTarget instanceof Node && element.contains(event.relatedTarget))) {
      open(false);
    }
  });
  return element;
}
