/**
 * The controls at the bottom of the call. What has no room there is in the menu "More".
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../signalling.js").Reaction} Reaction
 * @typedef {import("./menu.js").MenuItem} MenuItem
 * @typedef {import("./parts.js").Badge} Badge
 * @typedef {import("./stage.js").StageModel} StageModel
 *
 * @typedef {object} ControlActions
 * @property {() => void} toggleAudio
 * @property {() => void} toggleVideo
 * @property {() => void} toggleScreen
 * @property {() => void} toggleHand
 * @property {(reaction: Reaction) => void} react
 * @property {() => void} toggleLayout
 * @property {(panel: string) => void} togglePanel
 * @property {() => MenuItem[]} more what is in the menu beside the controls without room
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
 * @property {string | null} panel that is open
 * @property {StageModel} model
 *
 * @typedef {object} Control
 * @property {HTMLElement} element
 * @property {number} rank the highest lose their place first; 0 never does
 * @property {boolean} offered to this person, now
 * @property {() => MenuItem[]} entries in the menu, while there is no room
 */

import { h, icon, setAttribute, setIcon, setText, show } from "./dom.js";
import { menuButton } from "./menu.js";
import { PANELS } from "./parts.js";
import { REACTIONS, reactionPicker } from "./reactions.js";
import { isOffered } from "./side.js";

/** The bar. */
export class Controls {
  #t;
  #audio;
  #video;
  #screen;
  #hand;
  #reactions;
  #panels;
  #layout;
  #more;
  #moreBadge = h("span", { class: "badge", "aria-hidden": "true", hidden: true });
  #groups;
  /** @type {Control[]} */
  #all;
  #observer;
  #offered = "";

  /**
   * @param {Language} language
   * @param {ControlActions} actions
   */
  constructor({ t }, actions) {
    this.#t = t;
    this.#audio = new Button("mic", actions.toggleAudio, { key: "M" });
    this.#video = new Button("video", actions.toggleVideo, { key: "V" });
    this.#screen = new Button("screen-share", actions.toggleScreen, { key: "D", rank: 4 });
    this.#hand = new Button("hand", actions.toggleHand, { key: "R", rank: 1 });
    this.#reactions = {
      element: reactionPicker({ t }, actions.react),
      rank: 5,
      offered: true,
      entries: () =>
        REACTIONS.map((reaction) => ({
          text: reaction,
          label: t("call.reactWith", { reaction }),
          chosen: () => actions.react(reaction),
        })),
    };
    this.#panels = PANELS.map((kind) => {
      const button = new Button(kind.icon, () => actions.togglePanel(kind.name), { key: kind.key, rank: kind.rank });
      return { kind, button };
    });
    this.#layout = new Button("gallery-horizontal-end", actions.toggleLayout, { key: "S", rank: 7 });
    const leave = new Button("log-out", actions.leave, {});
    leave.set("log-out", t("call.leave"));
    leave.element.classList.add("danger");
    this.#all = [this.#audio, this.#video, this.#screen, this.#hand, this.#reactions];
    this.#all.push(...this.#panels.map(({ button }) => button), this.#layout, leave);
    this.#more = menuButton(() => [...this.#withoutRoom(), ...actions.more()]);
    this.#more.classList.replace("menu-button", "control");
    this.#more.append(h("span", { class: "control-words" }, t("call.more")), this.#moreBadge);
    this.#more.title = t("call.more");
    const shown = this.#panels.filter(({ kind }) => kind.rank > 0).map(({ button }) => button.element);
    this.#groups = [
      group(this.#audio.element, this.#video.element, this.#screen.element),
      group(this.#hand.element, this.#reactions.element),
      group(...shown, this.#layout.element, this.#more),
      group(leave.element),
    ];
    /** The element below the pictures. */
    this.element = h("footer", { class: "controls", "aria-label": t("call.controls") }, ...this.#groups);
    this.#observer = new ResizeObserver(() => this.#fit());
    this.#observer.observe(this.element);
  }

  /** @param {ControlState} state */
  update(state) {
    const t = this.#t;
    this.#audio.set(state.audio ? "mic" : "mic-off", t(state.audio ? "call.mute" : "call.unmute"));
    this.#audio.element.classList.toggle("off", !state.audio);
    this.#video.set(state.video ? "video" : "video-off", t(state.video ? "call.cameraOff" : "call.cameraOn"));
    this.#video.element.classList.toggle("off", !state.video);
    this.#screen.set(
      state.screen ? "screen-share-off" : "screen-share",
      t(state.screen ? "call.unshare" : "call.share"),
    );
    this.#screen.element.classList.toggle("active", state.screen);
    this.#audio.offered = state.canSpeak;
    this.#video.offered = state.canSpeak;
    this.#screen.offered = state.canShare;
    this.#hand.set("hand", t(state.hand ? "call.lowerHand" : "call.raiseHand"));
    this.#hand.element.classList.toggle("active", state.hand);
    setAttribute(this.#hand.element, "aria-pressed", String(state.hand));
    this.#layout.set(
      state.speakerView ? "layout-grid" : "gallery-horizontal-end",
      t(state.speakerView ? "call.grid" : "call.speaker"),
    );
    for (const { kind, button } of this.#panels) {
      button.offered = isOffered(kind, state.model);
      button.set(kind.icon, t(kind.title));
      button.badge(kind.badge?.(state.model, t) ?? { text: "" });
      setAttribute(button.element, "aria-expanded", String(state.panel === kind.name));
      button.element.classList.toggle("active", state.panel === kind.name);
    }
    this.#arrange();
    this.#sayUrgent(state.model);
  }

  /**
   * Give the focus to the button of a panel.
   *
   * @param {string} panel
   */
  focusPanelButton(panel) {
    const button = this.#panels.find(({ kind }) => kind.name === panel)?.button.element;
    (button === undefined || button.offsetParent === null ? this.#more : button).focus();
  }

  /** Stop watching the size. */
  close() {
    this.#observer.disconnect();
  }

  /** Show what is offered, and measure again only when that is something else than before. */
  #arrange() {
    const offered = this.#all.map((control) => Number(control.offered)).join("");
    if (offered !== this.#offered) {
      this.#offered = offered;
      this.#fit();
    }
  }

  #fit() {
    for (const one of this.#groups) {
      show(one, true);
    }
    for (const control of this.#all) {
      show(control.element, control.offered);
    }
    const leaving = this.#all.filter((control) => control.offered && control.rank > 0);
    leaving.sort((one, other) => other.rank - one.rank);
    for (const control of leaving) {
      if (!this.#isTooWide()) {
        break;
      }
      show(control.element, false);
    }
    for (const one of this.#groups) {
      show(one, [...one.children].some((child) => child instanceof HTMLElement && !child.hidden));
    }
  }

  #isTooWide() {
    const style = getComputedStyle(this.element);
    const shown = this.#groups.filter((one) => one.offsetWidth > 0);
    const gaps = Math.max(0, shown.length - 1) * parseFloat(style.columnGap);
    const padding = parseFloat(style.paddingInlineStart) + parseFloat(style.paddingInlineEnd);
    const wanted = shown.reduce((sum, one) => sum + one.offsetWidth, gaps + padding);
    return wanted > this.element.clientWidth;
  }

  /** @returns {MenuItem[]} */
  #withoutRoom() {
    return this.#all
      .filter((control) => control.offered && (control.element.hidden || !control.element.isConnected))
      .flatMap((control) => control.entries());
  }

  /** @param {StageModel} model */
  #sayUrgent(model) {
    const urgent = this.#panels
      .filter(({ button }) => button.offered && (button.element.hidden || !button.element.isConnected))
      .map(({ kind }) => kind.badge?.(model, this.#t))
      .filter((badge) => badge?.urgent === true && badge.text !== "");
    const first = urgent[0];
    setText(this.#moreBadge, first?.text ?? "");
    show(this.#moreBadge, first !== undefined);
    this.#moreBadge.classList.add("urgent");
  }
}

/** A button with an icon, words below and, maybe, a figure. @implements {Control} */
class Button {
  #picture;
  #iconName;
  #words = h("span", { class: "control-words" });
  #figure = h("span", { class: "badge", "aria-hidden": "true", hidden: true });
  #counted = h("span", { class: "visually-hidden" });
  #pressed;
  #key;
  offered = true;
  rank;

  /**
   * @param {string} iconName
   * @param {() => void} pressed
   * @param {{key?: string, rank?: number}} options key of the keyboard
   */
  constructor(iconName, pressed, { key = "", rank = 0 }) {
    this.#picture = icon(iconName);
    this.#iconName = iconName;
    this.#pressed = pressed;
    this.#key = key;
    this.rank = rank;
    this.element = h(
      "button",
      { type: "button", class: "control", "aria-keyshortcuts": key === "" ? null : key },
      this.#picture,
      this.#words,
      this.#figure,
      this.#counted,
    );
    this.element.addEventListener("click", pressed);
  }

  /**
   * @param {string} iconName
   * @param {string} label
   */
  set(iconName, label) {
    this.#iconName = iconName;
    setIcon(this.#picture, iconName);
    setText(this.#words, label);
    setAttribute(this.element, "title", this.#key === "" ? label : `${label} (${this.#key})`);
  }

  /** @param {Badge} badge */
  badge({ text, label, urgent = false }) {
    setText(this.#figure, text);
    setText(this.#counted, text === "" ? "" : `, ${label ?? text}`);
    show(this.#figure, text !== "");
    this.#figure.classList.toggle("urgent", urgent);
  }

  /** @returns {MenuItem[]} */
  entries() {
    const text = this.#words.textContent ?? "";
    return [{ text, icon: this.#iconName, key: this.#key, chosen: this.#pressed }];
  }
}

/** @param {...HTMLElement} children */
function group(...children) {
  return h("div", { class: "controls-group" }, ...children);
}
