/**
 * The call: bar above, pictures in the middle, a panel at the side, controls below.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../room.js").Room} Room
 * @typedef {import("../media.js").OwnMedia} OwnMedia
 * @typedef {import("../clock.js").ClockReading} ClockReading
 *
 * @typedef {object} StageModel all that the stage shows
 * @property {Room} room
 * @property {OwnMedia} media
 * @property {Map<string, MediaStreamTrack>} feeds received tracks by `feedKey`
 * @property {ClockReading} reading
 * @property {number} hostTime ms
 * @property {string} zone of the meeting (IANA), "" when not known
 * @property {boolean} connected the socket is open
 * @property {boolean} healthy picture and sound flow
 * @property {boolean} silenced the browser wants a click before it plays sound
 * @property {import("../chat.js").Chat} chat
 * @property {string} chatTrouble code of why the last message was not taken
 * @property {import("../floor.js").Notice | null} notice
 * @property {import("../talk.js").Talk} talk
 * @property {import("../writing.js").Writing} writing the minutes, as this person writes them
 * @property {import("../memory.js").Choices} choices
 * @property {import("../quality.js").Quality} quality of the connection
 * @property {ReadonlyArray<import("../devices.js").DeviceNote>} deviceNotes
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
 * @property {(channel: string | null) => void} listen
 * @property {(captions: string | null) => void} readCaptions
 * @property {(order: import("./people.js").Order) => void} order what chair or co-host ask of the host
 * @property {(item: string | null) => void} startItem
 * @property {(participant: string | null) => void} admit
 * @property {(participant: string) => void} refuse
 * @property {import("./devices.js").DeviceActions["choose"]} choose
 * @property {import("./devices.js").DeviceActions["prefer"]} prefer
 * @property {(kind: import("../devices.js").DeviceKind) => void} dismissDevice
 * @property {(tag: string) => void} setLanguage
 * @property {(message: import("../signalling.js").ClientMessage) => boolean} send any message to the
 *   host; false while there is no connection
 */

import { listenToKeys } from "../keys.js";
import { handPlace, mayChair, mayShare, maySpeak } from "../room.js";
import { banners } from "./banners.js";
import { Board } from "./board.js";
import { Controls } from "./controls.js";
import { askLeaveOrEnd, showKeys, showSettings } from "./dialogs.js";
import { freshId, h } from "./dom.js";
import { Floating, canFloat } from "./floating.js";
import { MORE, NOTICES, PANELS, SIGNS, STRIPS } from "./parts.js";
import { settingsView } from "./settings.js";
import { Side, isOffered } from "./side.js";
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
  #side;
  #floating;
  #controls;
  /** @type {import("./parts.js").Part[]} */
  #parts;
  #partActions;
  #stopKeys;
  /** Open settings. @type {ReturnType<typeof settingsView> | null} */
  #settings = null;
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
    this.#partActions = { ...actions, showPanel: (/** @type {string} */ name) => this.#side.show(name) };
    const make = (/** @type {typeof SIGNS} */ makers) => makers.map((maker) => maker(language, this.#partActions));
    const [signs, notices, strips] = [make(SIGNS), make(NOTICES), make(STRIPS)];
    this.#parts = [...signs, ...notices, ...strips];
    this.#top = topbar(language, title, elements(signs));
    this.#board = new Board(language, () => this.#updateControls());
    this.#banners = banners(language, { ...actions, showPeople: () => this.#side.show("people") }, elements(notices));
    this.#side = new Side(language, this.#partActions, (closed) => this.#panelChanged(closed));
    this.#floating = new Floating(language, { ...actions, mainVideo: () => this.#board.mainVideo() });
    this.#controls = new Controls(language, this.#controlActions());
    this.#stopKeys = listenToKeys({ pressed: this.#keyActions(), talk: actions.talk, isOn: () => this.#model?.choices.keys !== false });
    /** The element that fills the page. */
    this.element = h(
      "div",
      { class: "stage", "data-theme": "dark" },
      this.#top.element,
      // After the heading, which has the focus when one comes in.
      skipLink(language.t("call.skip"), this.#controls.element),
      this.#banners.element,
      h("div", { class: "stage-body" }, this.#board.element, this.#side.element),
      h("div", { class: "stage-strips" }, ...elements(strips)),
      this.#controls.element,
    );
    this.#side.show(!embedded && window.innerWidth >= WIDE ? "agenda" : null);
  }

  /** @param {StageModel} model */
  update(model) {
    this.#model = model;
    this.#board.update(model);
    this.#banners.update(model);
    this.#settings?.update(model.media);
    this.#floating.update(model);
    this.tick(model);
    this.#updateControls();
  }

  /**
   * Show the time of now.
   *
   * @param {StageModel} model
   */
  tick(model) {
    this.#top.update(model.reading);
    this.#side.update(model);
    for (const part of this.#parts) {
      part.update(model);
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
    this.#controls.close();
    void this.#floating.close();
    this.#side.closed();
    for (const part of this.#parts) {
      part.closed?.();
    }
  }

  /** @param {string | null} closed panel that was closed from within */
  #panelChanged(closed) {
    this.#updateControls();
    if (closed !== null) {
      this.#controls.focusPanelButton(closed);
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
      panel: this.#side.open,
      model,
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
      togglePanel: (panel) => this.#side.toggle(panel),
      toggleLayout: () => this.#board.toggleMode(),
      more: () => this.#more(),
      leave: () => this.#leave(),
    };
  }

  /** @returns {import("./menu.js").MenuItem[]} */
  #more() {
    const { t } = this.#language;
    const model = this.#model;
    return [
      ...this.#viewEntries(),
      ...(model === null ? [] : MORE.flatMap((entries) => entries(this.#language, model, this.#partActions))),
      { text: t("call.settings"), icon: "settings", chosen: () => this.#showSettings() },
      { text: t("keys.title"), icon: "keyboard", key: "?", chosen: () => this.#showKeys() },
    ];
  }

  /** @returns {import("./menu.js").MenuItem[]} */
  #viewEntries() {
    const { t } = this.#language;
    const hideSelf = this.#model?.choices.hideSelf === true;
    const full = { text: t("call.fullScreen"), icon: "maximize", key: "F", checked: isFullScreen(), chosen: toggleFullScreen };
    const float = {
      text: t("call.float"),
      icon: "picture-in-picture-2",
      checked: this.#floating.isOpen,
      chosen: () => void this.#floating.toggle(),
    };
    const hide = { text: t("call.hideSelf"), icon: "eye-off", checked: hideSelf, chosen: () => this.#actions.prefer({ hideSelf: !hideSelf }) };
    return [...(document.fullscreenEnabled ? [full] : []), ...(canFloat() ? [float] : []), hide];
  }

  #showKeys() {
    showKeys(this.#language, PANELS.filter((kind) => kind.key !== ""));
  }

  #showSettings() {
    const choices = this.#model?.choices;
    if (choices !== undefined && this.#settings === null) {
      this.#settings = settingsView(this.#language, choices, this.#actions);
      showSettings(this.#language, this.#settings.element, () => {
        this.#settings?.closed();
        this.#settings = null;
      });
      this.#settings.update(/** @type {StageModel} */ (this.#model).media);
    }
  }

  /** @param {import("./parts.js").PanelKind} kind */
  #panelKey(kind) {
    if (this.#model !== null && isOffered(kind, this.#model)) {
      this.#side.toggle(kind.name);
    }
  }

  /** @returns {Record<string, () => void>} */
  #keyActions() {
    const panels = PANELS.filter((kind) => kind.key !== "").map((kind) => [kind.key, () => this.#panelKey(kind)]);
    return {
      ...Object.fromEntries(panels),
      M: this.#actions.toggleAudio,
      V: this.#actions.toggleVideo,
      D: this.#actions.toggleScreen,
      R: this.#actions.toggleHand,
      S: () => this.#board.toggleMode(),
      F: toggleFullScreen,
      "?": () => this.#showKeys(),
    };
  }
}

/**
 * @param {string} text
 * @param {HTMLElement} controls
 */
function skipLink(text, controls) {
  controls.id = freshId("controls");
  controls.tabIndex = -1;
  return h("a", { class: "skip-link", href: `#${controls.id}` }, text);
}

/** @param {import("./parts.js").Part[]} parts */
function elements(parts) {
  return parts.map((part) => part.element);
}

function isFullScreen() {
  return (document.fullscreenElement ?? null) !== null;
}

function toggleFullScreen() {
  // Refused where the page is embedded without permission: then there is nothing to do.
  const done = isFullScreen() ? document.exitFullscreen?.() : document.documentElement.requestFullscreen?.();
  void done?.catch(() => undefined);
}
