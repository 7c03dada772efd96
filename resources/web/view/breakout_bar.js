/**
 * Breakout rooms in the bar below the top: in which group one is and how long still, a call for the
 * chair, and the chair's words to all groups.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../room.js").Room} Room
 * @typedef {import("./parts.js").Part} Part
 * @typedef {import("./parts.js").PartActions} PartActions
 * @typedef {import("./stage.js").StageModel} StageModel
 */

import { clockText } from "../clock.js";
import { WARNING, callingGroups, groupOf, secondsLeft } from "../groups.js";
import { mayChair } from "../room.js";
import { banner } from "./banners.js";
import { button, h, icon, setAttribute, setText, show } from "./dom.js";

/**
 * @param {Language} language
 * @param {PartActions} actions
 * @returns {Part}
 */
export function breakoutNotices(language, actions) {
  const parts = [groupBar(language, actions), callBar(language, actions), wordsBar(language)];
  return {
    element: h("div", {}, ...parts.map((part) => part.element)),
    update: (model) => {
      for (const part of parts) {
        part.update(model);
      }
    },
  };
}

/**
 * Where one is, how long still, and the way to ask for the chair.
 *
 * @param {Language} language
 * @param {PartActions} actions
 * @returns {Part}
 */
function groupBar({ t }, actions) {
  // No live region: the clock in it moves every second. What matters is said once, below.
  const name = h("strong", { dir: "auto" });
  const time = h("span", { class: "clock-figures" });
  const said = h("span", { class: "visually-hidden", role: "status" });
  let wanted = true;
  const call = button("", () => void actions.send({ type: "callChair", wanted }), { kind: "small", icon: "hand" });
  const open = button(t("call.show"), () => actions.showPanel("breakouts"), { kind: "small" });
  const words = h("span", { class: "banner-words" }, name, " ", time);
  const bar = h("div", { class: "banner breakout", hidden: true }, icon("layout-grid"), words, call, open);
  /** @param {StageModel} model */
  const update = ({ room, hostTime }) => {
    const { breakouts } = room;
    const group = groupOf(breakouts, room.you);
    const left = secondsLeft(breakouts, hostTime);
    const isSoon = left !== null && left <= WARNING;
    show(bar, breakouts !== null && (group !== null || mayChair(room.role) || isSoon));
    bar.classList.toggle("warning", isSoon);
    setText(name, group === null ? t("breakouts.inMain") : t("breakouts.in", { group: group.name }));
    setText(time, left === null ? "" : t(isSoon ? "breakouts.soon" : "breakouts.left", { time: clockText(left) }));
    setText(said, breakouts !== null && isSoon && group !== null ? t("breakouts.saySoon") : "");
    const asks = group?.calls != null;
    wanted = !asks;
    setText(call.lastElementChild ?? call, t(asks ? "breakouts.called" : "breakouts.call"));
    setAttribute(call, "aria-pressed", String(asks));
    show(call, group !== null && !mayChair(room.role));
  };
  return { element: h("div", {}, bar, said), update };
}

/**
 * A group that asks for the chair, for who leads.
 *
 * @param {Language} language
 * @param {PartActions} actions
 * @returns {Part}
 */
function callBar({ t }, actions) {
  const { element, words } = banner("bell", "knock");
  let group = "";
  let you = "";
  const go = button(
    t("breakouts.goThere"),
    () => void actions.send({ type: "moveToGroup", participant: you, group }),
    { kind: "small primary" },
  );
  const settle = button(t("breakouts.settle"), () => void actions.send({ type: "dismissCall", group }), { kind: "small" });
  element.append(go, settle);
  /** @param {StageModel} model */
  const update = ({ room }) => {
    const first = mayChair(room.role) ? callingGroups(room.breakouts)[0] : undefined;
    show(element, first !== undefined);
    if (first !== undefined) {
      group = first.id;
      you = room.you;
      setText(words, t("breakouts.asks", { group: first.name }));
    }
  };
  return { element, update };
}

/**
 * The chair's words to everybody, until they are read.
 *
 * @param {Language} language
 * @returns {Part}
 */
function wordsBar({ t }) {
  const { element, words } = banner("megaphone", "knock");
  setAttribute(words, "dir", "auto");
  let read = "";
  let shown = "";
  const close = button(
    t("call.close"),
    () => {
      read = shown;
      show(element, false);
    },
    { kind: "small" },
  );
  element.append(close);
  /** @param {StageModel} model */
  const update = ({ room: { announced } }) => {
    shown = announced?.at ?? "";
    setText(words, announced === null ? "" : t("breakouts.says", { name: announced.by, text: announced.text }));
    show(element, announced !== null && announced.at !== read);
  };
  return { element, update };
}
