/**
 * What a person switches: microphone, camera, screen, devices. Keeps the choices for the next call
 * and says each change for who does not see it.
 *
 * @typedef {import("./i18n.js").Translate} Translate
 * @typedef {import("./media.js").OwnMedia} OwnMedia
 * @typedef {import("./memory.js").Choices} Choices
 * @typedef {import("./devices.js").DeviceKind} DeviceKind
 */

import { rememberChoices } from "./memory.js";

/** The switches of one page. */
export class Switches {
  #media;
  #choices;
  #t;
  #say;
  #setSpeaker;
  #isTalking = false;

  /**
   * @param {OwnMedia} media
   * @param {Choices} choices kept up to date here
   * @param {Translate} t
   * @param {(text: string) => void} say
   * @param {(device: string) => void} setSpeaker
   */
  constructor(media, choices, t, say, setSpeaker) {
    this.#media = media;
    this.#choices = choices;
    this.#t = t;
    this.#say = say;
    this.#setSpeaker = setSpeaker;
  }

  /** Switch the microphone. */
  async toggleAudio() {
    const on = !this.#media.audioOn;
    await this.#media.setAudio(on);
    this.remember({ audio: on });
    this.#say(this.#t(this.#media.audioOn ? "say.unmuted" : "say.muted"));
  }

  /** Switch the camera. */
  async toggleVideo() {
    const on = !this.#media.videoOn;
    await this.#media.setVideo(on);
    this.remember({ video: on });
    this.#say(this.#t(this.#media.videoOn ? "say.cameraOn" : "say.cameraOff"));
  }

  /**
   * Share the screen, or stop.
   *
   * @param {boolean} isTaken somebody else shares
   */
  async toggleScreen(isTaken) {
    if (this.#media.screenOn) {
      this.#media.stopScreen();
    } else if (isTaken) {
      this.#say(this.#t("problem.screen_taken"));
    } else {
      await this.#media.shareScreen();
    }
  }

  /**
   * Speak while a key is held.
   *
   * @param {boolean} held
   */
  talk(held) {
    if (held && !this.#media.audioOn && this.#media.tracks.audio !== null) {
      this.#isTalking = true;
      void this.#media.setAudio(true);
    } else if (!held && this.#isTalking) {
      this.#isTalking = false;
      void this.#media.setAudio(false);
    }
  }

  /**
   * Use another device.
   *
   * @param {DeviceKind} kind
   * @param {string} device id, "" for the default
   */
  choose(kind, device) {
    this.remember({ [kind]: device });
    if (kind === "speaker") {
      this.#setSpeaker(device);
    } else {
      void this.#media.choose(kind, device);
    }
  }

  /**
   * Have something another way, now and in the next call.
   *
   * @param {Partial<Choices>} change of anything but devices
   */
  async prefer(change) {
    this.remember(change);
    await this.#media.prefer(change);
  }

  /** Ask for camera and microphone again. */
  async retry() {
    await this.#media.retry();
  }

  /** @param {Partial<Choices>} change */
  remember(change) {
    Object.assign(this.#choices, change);
    rememberChoices(this.#choices);
  }
}
