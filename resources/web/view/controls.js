/**
 * The controls at the bottom of the call.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../i18n.js").Key} Key
 *
 * @typedef {import("../signalling.js").Reaction} Reaction
 * @typedef {"people" | "agenda" | "chat"} Panel
 *
 * @typedef {object} ControlActions
 * @property {() => void} toggleAudio
 * @property {() => void} toggleVideo
 * @property {() => void} toggleScreen
 * @property {() => void} toggleHand
 * @property {(reaction: Reaction) => void} react
 * @property {() => void} toggleChat
 * @property {() => void} toggleLayout
 * @property {() => void} togglePeople
 * @property {() => void} toggleAgenda
 * @property {() => void} showSettings
 * @property {() => void} showKeys
 * @property {() => void} leave
 *
 * @typedef {object} ControlState
 * @property {boolean} audio
 * @property {boolean} video
 * @property {boolean} screen
 * @property {boolean} canSpeak
 * @property {boolean} canShare
 * @property {boolean} speakerView
 * @property {boolean} hand the own hand is raised
 * @property {number} unread messages of the chat
 * @property {Panel | null} panel
 * @property {number} waiting people in the lobby that this person may admit
 * @property {number} here people in the call
 */

import { reactionPicker } from "./reactions.js";
import { h, icon, setAttribute, setIcon, setText, show } from "./dom.js";

/**
 * @param {Language} language
 * @param {ControlActions} actions
 * @returns {{element: HTMLElement, update: (state: ControlState) => void, focusPanelButton: (panel: Panel) => void}}
 */
export function controls({ t }, actions) {
  const audio = control("mic", actions.toggleAudio, "M");
  const video = control("video", actions.toggleVideo, "V");
  const screen = control("screen-share", actions.toggleScreen, "D");
  const hand = control("hand", actions.toggleHand, "R");
  const reactions = reactionPicker({ t }, actions.react);
  const chat = control("message-square", actions.toggleChat, "C");
  const unread = h("span", { class: "badge urgent", hidden: true });
  chat.element.append(unread);
  const layout = control("gallery-horizontal-end", actions.toggleLayout, "W");
  const people = control("users", actions.togglePeople, "P");
  const agenda = control("list-checks", actions.toggleAgenda, "A");
  const settings = control("settings", actions.showSettings, "");
  const keys = control("circle-question-mark", actions.showKeys, "?");
  const leave = control("log-out", actions.leave, "");
  const count = h("span", { class: "badge" });
  people.element.append(count);
  leave.element.classList.add("danger");
  keys.element.classList.add("keys-control");
  const element = h(
    "footer",
    { class: "controls", "aria-label": t("call.controls") },
    h("div", { class: "controls-group" }, audio.element, video.element, screen.element),
    h("div", { class: "controls-group" }, hand.element, reactions),
    h("div", { class: "controls-group" }, chat.element, people.element, agenda.element, layout.element, settings.element, keys.element),
    h("div", { class: "controls-group" }, leave.element),
  );
  settings.set("settings", t("call.settings"));
  keys.set("circle-question-mark", t("keys.title"));
  leave.set("log-out", t("call.leave"));
  /** @param {ControlState} state */
  const update = (state) => {
    audio.set(state.audio ? "mic" : "mic-off", t(state.audio ? "call.mute" : "call.unmute"));
    audio.element.classList.toggle("off", !state.audio);
    video.set(state.video ? "video" : "video-off", t(state.video ? "call.cameraOff" : "call.cameraOn"));
    video.element.classList.toggle("off", !state.video);
    screen.set(
      state.screen ? "screen-share-off" : "screen-share",
      t(state.screen ? "call.unshare" : "call.share"),
    );
    screen.element.classList.toggle("active", state.screen);
    show(audio.element, state.canSpeak);
    show(video.element, state.canSpeak);
    show(screen.element, state.canShare);
    layout.set(
      state.speakerView ? "layout-grid" : "gallery-horizontal-end",
      t(state.speakerView ? "call.grid" : "call.speaker"),
    );
    hand.set("hand", t(state.hand ? "call.lowerHand" : "call.raiseHand"));
    hand.element.classList.toggle("active", state.hand);
    setAttribute(hand.element, "aria-pressed", String(state.hand));
    chat.set("message-square", t("call.chat"));
    setAttribute(chat.element, "aria-expanded", String(state.panel === "chat"));
    chat.element.classList.toggle("active", state.panel === "chat");
    setText(unread, state.unread > 99 ? "99+" : String(state.unread));
    setAttribute(unread, "aria-label", t("chat.unread", { count: state.unread }));
    show(unread, state.unread > 0);
    people.set("users", t("call.people"));
    agenda.set("list-checks", t("call.agenda"));
    setAttribute(people.element, "aria-expanded", String(state.panel === "people"));
    setAttribute(agenda.element, "aria-expanded", String(state.panel === "agenda"));
    people.element.classList.toggle("active", state.panel === "people");
    agenda.element.classList.toggle("active", state.panel === "agenda");
    setText(count, String(state.waiting > 0 ? state.waiting : state.here));
    count.classList.toggle("urgent", state.waiting > 0);
  };
  return {
    element,
    update,
    focusPanelButton: (panel) => ({ people, agenda, chat })[panel].element.focus(),
  };
}

/**
 * @param {string} name of the icon
 * @param {() => void} pressed
 * @param {string} key of the keyboard, "" for none
 */
function control(name, pressed, key) {
  const picture = icon(name);
  const words = h("span", { class: "control-words" });
  const element = h(
    "button",
    { type: "button", class: "control", "aria-keyshortcuts": key === "" ? null : key },
    picture,
    words,
  );
  element.addEventListener("click", pressed);
  /**
   * @param {string} iconName
   * @param {string} label
   */
  const set = (iconName, label) => {
    setIcon(picture, iconName);
    setText(words, label);
    setAttribute(element, "title", key === "" ? label : `${label} (${key})`);
  };
  return { element, set };
}
