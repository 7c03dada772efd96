/**
 * Shows the view of the place where the session is, and moves the focus to its heading.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../session.js").Session} Session
 * @typedef {import("./stage.js").StageModel} StageModel
 * @typedef {import("./stage.js").StageActions} StageActions
 * @typedef {import("./preview.js").Actions} PreviewActions
 *
 * @typedef {StageModel & {session: Session}} ScreenModel
 *
 * @typedef {StageActions & PreviewActions & {again: () => void, hostTime: () => number}} ScreenActions
 *
 * @typedef {object} Shown
 * @property {HTMLElement} element
 * @property {() => void} [closed]
 * @property {(model: ScreenModel) => void} [update]
 * @property {(model: ScreenModel) => void} [tick]
 * @property {(person: string, emoji: string) => void} [react]
 */

import { button } from "./dom.js";
import { languageField } from "./language.js";
import { messageView } from "./page.js";
import { lobbyView, previewView } from "./preview.js";
import { Stage } from "./stage.js";
import { waitingView } from "./waiting.js";

/** Ends after which the same link still opens the call. */
const COMES_BACK = new Set(["removed", "refused", "moved", "lobby_timeout"]);

/** Troubles that another attempt does not mend. */
const FINAL = new Set(["link_revoked", "unknown_link", "room_withdrawn", "room_moved", "unsupported"]);

/** The whole page. */
export class Screen {
  #language;
  #actions;
  #embedded;
  #key = "";
  /** @type {Shown | null} */
  #shown = null;

  /**
   * @param {Language} language
   * @param {ScreenActions} actions
   * @param {boolean} embedded
   */
  constructor(language, actions, embedded) {
    this.#language = language;
    this.#actions = actions;
    this.#embedded = embedded;
  }

  /**
   * Show everything in another language.
   *
   * @param {Language} language
   */
  setLanguage(language) {
    this.#language = language;
    this.#key = "";
  }

  /** @param {ScreenModel} model */
  update(model) {
    const key = viewKey(model.session);
    if (key !== this.#key) {
      this.#key = key;
      this.#shown?.closed?.();
      document.querySelector(".menu")?.remove();
      document.querySelector("dialog[open]")?.remove();
      this.#shown = this.#make(model);
      const hadLanguage = document.activeElement?.matches("[data-language]") ?? false;
      this.#shown.element.querySelector(".page-header")?.append(languageField(this.#language, this.#actions.setLanguage));
      document.querySelector("#page")?.replaceChildren(this.#shown.element);
      /** @type {HTMLElement | null} */
      const first = this.#shown.element.querySelector(hadLanguage ? "[data-language]" : "h1");
      first?.focus({ preventScroll: true });
    }
    this.#shown?.update?.(model);
  }

  /** @param {ScreenModel} model */
  tick(model) {
    this.#shown?.tick?.(model);
  }

  /**
   * Show a reaction over somebody's picture.
   *
   * @param {string} person
   * @param {string} emoji
   */
  react(person, emoji) {
    this.#shown?.react?.(person, emoji);
  }

  /**
   * @param {ScreenModel} model
   * @returns {Shown}
   */
  #make(model) {
    const { session, choices } = model;
    const { t } = this.#language;
    switch (session.place) {
      case "early":
        return session.look === null
          ? messageView(t("look.title"), t("look.text"))
          : waitingView(this.#language, session.look, session.token ?? "", this.#actions.hostTime);
      case "preview":
      case "joining":
        return session.look === null || session.resumed
          ? messageView(t("look.title"), t("look.text"))
          : adapt(previewView(this.#language, session.look, choices, this.#actions));
      case "lobby":
        return adapt(lobbyView(this.#language, session.look, this.#actions));
      case "call":
        return this.#makeStage(model);
      case "left":
        return messageView(t("left.title"), t("left.text"), this.#again(t("left.again")));
      case "lost":
        return messageView(t("lost.title"), t("lost.text"), this.#again(t("lost.again")));
      case "ended":
        return this.#makeEnded(session);
      case "problem":
        return this.#makeProblem(session);
      case "look":
        return messageView(t("look.title"), t("look.text"));
    }
  }

  /** @param {ScreenModel} model */
  #makeStage(model) {
    const title = model.session.look?.title ?? model.room.title;
    const stage = new Stage(this.#language, title, this.#actions, this.#embedded);
    return {
      element: stage.element,
      closed: () => stage.closed(),
      react: (/** @type {string} */ person, /** @type {string} */ emoji) => stage.react(person, emoji),
      update: (/** @type {ScreenModel} */ now) => stage.update(now),
      tick: (/** @type {ScreenModel} */ now) => stage.tick(now),
    };
  }

  /** @param {Session} session */
  #makeEnded({ reason }) {
    const { t, known } = this.#language;
    const title = known("ended.title", reason) ?? t("ended.title.ended");
    const text = known("ended.text", reason) ?? "";
    const words = t(reason === "moved" ? "ended.again" : "ended.knock");
    return messageView(title, text, COMES_BACK.has(reason) ? this.#again(words) : null);
  }

  /** @param {Session} session */
  #makeProblem({ trouble, token }) {
    const { t, known } = this.#language;
    const code = trouble?.code ?? "";
    const text = known("problem", code) ?? trouble?.text ?? "";
    const canTry = token !== null && !FINAL.has(code);
    return messageView(t("problem.title"), text, canTry ? this.#again(t("problem.again")) : null);
  }

  /** @param {string} text */
  #again(text) {
    return button(text, this.#actions.again, { kind: "primary large", icon: "refresh-cw" });
  }
}

/**
 * Return what tells views apart: joining keeps the preview on the screen.
 *
 * @param {Session} session
 */
function viewKey({ place, resumed, reason, trouble }) {
  if (place === "joining") {
    return resumed ? "look" : "preview";
  }
  return place === "ended" || place === "problem" ? `${place} ${reason} ${trouble?.code}` : place;
}

/**
 * @param {import("./preview.js").PreviewView} view
 * @returns {Shown}
 */
function adapt(view) {
  return { ...view, update: (model) => view.update(model.session, model.media) };
}
