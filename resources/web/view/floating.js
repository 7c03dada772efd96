/**
 * The pictures in a small window that stays above other programs: a whole one of our own where the
 * browser offers that, else the browser's own with the largest picture in it.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("./stage.js").StageModel} StageModel
 *
 * @typedef {object} FloatingActions
 * @property {() => void} toggleAudio
 * @property {() => void} toggleVideo
 * @property {() => HTMLVideoElement | null} mainVideo for the browser's own window
 */

import { maySpeak } from "../room.js";
import { Board } from "./board.js";
import { h, show } from "./dom.js";
import { RoundButton } from "./round.js";

const SIZE = { width: 400, height: 300 };

/** Document Picture-in-Picture, which TypeScript does not know yet. @returns {any} */
function ownWindows() {
  return /** @type {any} */ (globalThis).documentPictureInPicture;
}

/**
 * Tell whether this browser can float a picture.
 *
 * @returns {boolean}
 */
export function canFloat() {
  return ownWindows() !== undefined || document.pictureInPictureEnabled === true;
}

/** The floating window; there is at most one. */
export class Floating {
  #language;
  #actions;
  /** @type {{window: Window, board: Board, audio: RoundButton, video: RoundButton} | null} */
  #open = null;
  /** @type {StageModel | null} */
  #model = null;

  /**
   * @param {Language} language
   * @param {FloatingActions} actions
   */
  constructor(language, actions) {
    this.#language = language;
    this.#actions = actions;
  }

  /** Whether the window is there. */
  get isOpen() {
    return this.#open !== null || (document.pictureInPictureElement ?? null) !== null;
  }

  /** Open or close it. A browser does so only upon a click or a key. */
  async toggle() {
    if (this.isOpen) {
      await this.close();
    } else if (ownWindows() !== undefined) {
      await this.#openOwn();
    } else {
      // Refused for a picture that has not arrived: there is nothing to float yet.
      await this.#actions.mainVideo()?.requestPictureInPicture().catch(() => undefined);
    }
  }

  /** @param {StageModel} model */
  update(model) {
    this.#model = model;
    if (this.#open === null) {
      return;
    }
    const { board, audio, video } = this.#open;
    const { t } = this.#language;
    board.update(model);
    const { audioOn, videoOn } = model.media;
    audio.set(audioOn ? "mic" : "mic-off", t(audioOn ? "call.mute" : "call.unmute"), audioOn);
    video.set(videoOn ? "video" : "video-off", t(videoOn ? "call.cameraOff" : "call.cameraOn"), videoOn);
    show(audio.element, maySpeak(model.room.role));
    show(video.element, maySpeak(model.room.role));
  }

  /** Close the window. */
  async close() {
    this.#open?.window.close();
    if (document.pictureInPictureElement) {
      await document.exitPictureInPicture().catch(() => undefined);
    }
  }

  async #openOwn() {
    /** @type {Window | null} */
    const window = await ownWindows().requestWindow(SIZE).catch(() => null);
    if (window === null) {
      return;
    }
    const { document: place } = window;
    place.documentElement.lang = this.#language.tag;
    place.documentElement.dir = this.#language.direction;
    place.title = document.title;
    for (const sheet of document.querySelectorAll('link[rel="stylesheet"]')) {
      place.head.append(sheet.cloneNode());
    }
    const board = new Board(this.#language, () => undefined);
    board.toggleMode();
    const audio = new RoundButton(this.#actions.toggleAudio);
    const video = new RoundButton(this.#actions.toggleVideo);
    const controls = h("div", { class: "mirror-controls" }, audio.element, video.element);
    place.body.append(h("div", { class: "floating", "data-theme": "dark" }, board.element, controls));
    this.#open = { window, board, audio, video };
    window.addEventListener("pagehide", () => {
      board.close();
      this.#open = null;
    });
    if (this.#model !== null) {
      this.update(this.#model);
    }
  }
}
