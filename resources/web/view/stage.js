/**
 * The call: bar above, pictures in the middle, a panel at the side, controls below.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../room.js").Room} Room
 * @typedef {import("../media.js").OwnMedia} OwnMedia
 * @typedef {import("../clock.js").ClockReading} ClockReading
 *
 * @typedef {import("./controls.js").Panel} Panel
 *
 * @typedef {object} StageModel all that the stage shows
 * @property {Room} room
 * @property {OwnMedia} media
 * @property {Map<string, MediaStreamTrack>} feeds received tracks by `feedKey`
 * @property {ClockReading} reading
 * @property {number} hostTime ms
 * @property {boolean} connected the socket is open
 * @property {boolean} healthy picture and sound flow
 * @property {boolean} silenced the browser wants a click before it plays sound
 * @property {import("../chat.js").Chat} chat
 * @property {string} chatTrouble code of why the last message was not taken
 * @property {import("../floor.js").Notice | null} notice
 * @property {boolean} speaksMuted the person speaks, and nobody hears it
 *
 * @typedef {object} StageActions
 * @property {() => void} toggleAudio
 * @property {() => void} toggleVideo
 * @property {() => void} toggleScreen
 * @property {() => void} leave
 * @property {() => void} end
 * @property {() => void} playSound
 * @property {() => void} retryMedia
 * @property {(held: boolean) => void} talk
 * @property {() => void} toggleHand
 * @property {(reaction: import("../signalling.js").Reaction) => void} react
 * @property {(text: string, to: string | null) => void} sendChat
 * @property {(isOpen: boolean) => void} showChat
 * @property {() => void} dismissNotice
 * @property {(order: import("./people.js").Order) => void} order what chair or co-host ask of the host
 * @property {(item: string | null) => void} startItem
 * @property {(participant: string | null) => void} admit
 * @property {(participant: string) => void} refuse
 * @property {() => HTMLElement} deviceFields
 */

import { listenToKeys } from "../keys.js";
import { handPlace, mayChair, mayShare, maySpeak } from "../room.js";
import { agendaPanel } from "./agenda.js";
import { banners } from "./banners.js";
import { Board } from "./board.js";
import { chatPanel } from "./chat.js";
import { controls } from "./controls.js";
import { askLeaveOrEnd, showKeys, showSettings } from "./dialogs.js";
import { h, icon, setText, show } from "./dom.js";
import { peoplePanel } from "./people.js";
import { topbar } from "./topbar.js";

/** From this width on, the agenda is open from the start: it drives the call. */
const WIDE = 1100;

/** The view of the call. */
export class Stage {
  #language;
  #actions;
  #top;
  #board;
  #banners;
  #agenda;
  #people;
  #chat;
  #controls;
  #panel;
  #panelTitle = h("h2", {}, "");
  #stopKeys;
  /** @type {Panel | null} */
  #open = null;
  /** @type {StageModel | null} */
  #model = null;

  /**
   * @param {Language} language
   * @param {string} title of the meeting
   * @param {StageActions} actions
   * @param {boolean} embedded the console beside shows agenda and lobby
   */
  constructor(language, title, actions, embedded) {
    this.#language = language;
    this.#actions = actions;
    this.#top = topbar(language, title);
    this.#board = new Board(language, () => this.#updateControls());
    this.#banners = banners(language, { ...actions, showPeople: () => this.#setPanel("people") });
    this.#agenda = agendaPanel(language, actions.startItem);
    this.#people = peoplePanel(language, actions);
    this.#chat = chatPanel(language, actions.sendChat);
    this.#controls = controls(language, this.#controlActions());
    this.#panel = this.#makePanel();
    this.#stopKeys = listenToKeys({ pressed: this.#keyActions(), talk: actions.talk });
    /** The element that fills the page. */
    this.element = h(
      "div",
      { class: "stage", "data-theme": "dark" },
      this.#top.element,
      this.#banners.element,
      h("div", { class: "stage-body" }, this.#board.element, this.#panel),
      this.#controls.element,
    );
    this.#setPanel(!embedded && window.innerWidth >= WIDE ? "agenda" : null);
  }

  /** @param {StageModel} model */
  update(model) {
    this.#model = model;
    this.#board.update(model);
    this.#banners.update(model);
    this.tick(model);
    this.#updateControls();
  }

  /**
   * Show the time of now.
   *
   * @param {Pick<StageModel, "reading" | "hostTime" | "room" | "chat" | "chatTrouble">} model
   */
  tick({ reading, hostTime, room, chat, chatTrouble }) {
    this.#top.update(reading);
    if (this.#open === "agenda") {
      this.#agenda.update(reading, mayChair(room.role));
    } else if (this.#open === "people") {
      this.#people.update(room, hostTime);
    } else if (this.#open === "chat") {
      this.#chat.update(chat, room, chatTrouble);
    }
  }

  /**
   * Show a reaction over somebody's picture.
   *
   * @param {string} person
   * @param {string} emoji
   */
  react(person, emoji) {
    this.#board.react(person, emoji);
  }

  /** Free what the stage holds. */
  closed() {
    this.#stopKeys();
    this.#board.close();
  }

  #makePanel() {
    const { t } = this.#language;
    const close = h("button", { type: "button", class: "panel-close", "aria-label": t("call.close") }, icon("x"));
    close.addEventListener("click", () => this.#closePanel());
    const panel = h(
      "aside",
      { class: "panel", hidden: true },
      h("div", { class: "panel-row" }, this.#panelTitle, close),
      this.#agenda.element,
      this.#people.element,
      this.#chat.element,
    );
    panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        this.#closePanel();
      }
    });
    return panel;
  }

  /** @param {Panel | null} panel */
  #setPanel(panel) {
    const { t } = this.#language;
    this.#open = panel;
    this.#actions.showChat(panel === "chat");
    show(this.#panel, panel !== null);
    show(this.#agenda.element, panel === "agenda");
    show(this.#people.element, panel === "people");
    show(this.#chat.element, panel === "chat");
    if (panel !== null) {
      const title = t(`call.${panel}`);
      setText(this.#panelTitle, title);
      this.#panel.setAttribute("aria-label", title);
    }
    if (this.#model !== null) {
      this.tick(this.#model);
    }
    this.#updateControls();
  }

  #closePanel() {
    const was = this.#open;
    this.#setPanel(null);
    if (was !== null) {
      this.#controls.focusPanelButton(was);
    }
  }

  /** @param {Panel} panel */
  #togglePanel(panel) {
    this.#setPanel(this.#open === panel ? null : panel);
    if (this.#open === "chat") {
      this.#chat.focus();
    }
  }

  #updateControls() {
    const model = this.#model;
    if (model === null) {
      return;
    }
    this.#controls.update({
      audio: model.media.audioOn,
      video: model.media.videoOn,
      screen: model.media.screenOn,
      canSpeak: maySpeak(model.room.role),
      canShare: mayShare(model.room.role) && navigator.mediaDevices?.getDisplayMedia !== undefined,
      speakerView: this.#board.isSpeakerView,
      hand: handPlace(model.room, model.room.you) > 0,
      unread: model.chat.unread,
      panel: this.#open,
      waiting: mayChair(model.room.role) ? model.room.lobby.length : 0,
      here: model.room.participants.length,
    });
  }

  #leave() {
    const mayEnd = this.#model !== null && mayChair(this.#model.room.role);
    if (mayEnd) {
      askLeaveOrEnd(this.#language, { leave: this.#actions.leave, end: this.#actions.end });
    } else {
      this.#actions.leave();
    }
  }

  /** @returns {import("./controls.js").ControlActions} */
  #controlActions() {
    return {
      toggleAudio: this.#actions.toggleAudio,
      toggleVideo: this.#actions.toggleVideo,
      toggleScreen: this.#actions.toggleScreen,
      toggleHand: this.#actions.toggleHand,
      react: this.#actions.react,
      toggleChat: () => this.#togglePanel("chat"),
      toggleLayout: () => this.#board.toggleMode(),
      togglePeople: () => this.#togglePanel("people"),
      toggleAgenda: () => this.#togglePanel("agenda"),
      showSettings: () => showSettings(this.#language, this.#actions.deviceFields()),
      showKeys: () => showKeys(this.#language),
      leave: () => this.#leave(),
    };
  }

  /** @returns {Record<string, () => void>} */
  #keyActions() {
    return {
      M: this.#actions.toggleAudio,
      V: this.#actions.toggleVideo,
      D: this.#actions.toggleScreen,
      R: this.#actions.toggleHand,
      C: () => this.#togglePanel("chat"),
      W: () => this.#board.toggleMode(),
      A: () => this.#togglePanel("agenda"),
      P: () => this.#togglePanel("people"),
      S: toggleFullScreen,
      "?": () => showKeys(this.#language),
    };
  }
}

function toggleFullScreen() {
  // Refused where the page is embedded without permission: then there is nothing to do.
  const done = document.fullscreenElement === null
    ? document.documentElement.requestFullscreen()
    : document.exitFullscreen();
  void done.catch(() => undefined);
}
