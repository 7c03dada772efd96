/**
 * Camera, microphone and screen of this computer: asking for them, doing without, saying what is
 * wrong. Nobody is kept out of a call because a device is missing or denied.
 *
 * @typedef {import("./permissions.js").Fault} Fault
 * @typedef {import("./signalling.js").FeedSource} FeedSource
 *
 * @typedef {object} Wish what the person chose
 * @property {string} microphone device id; "" for the browser's default
 * @property {string} camera device id
 * @property {boolean} echo take the loudspeaker out of the microphone
 * @property {boolean} noise take noise out
 * @property {boolean} gain keep the voice equally loud
 * @property {boolean} blur the background, where browser and system can
 *
 * @typedef {{source: "audio" | "video", before: string, label: string}} Loss a device went while it
 *   was used; `label` is the one that is used instead, "" for none
 *
 * @typedef {object} Faults why there is no microphone or no camera
 * @property {Fault | null} audio
 * @property {Fault | null} video
 */

import { faultOf, permissionFor } from "./permissions.js";

const VIDEO = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 24, max: 30 },
};

/** A film or a demonstration: as it sounds, not as a voice is cleaned. */
const SCREEN_SOUND = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
/** Of the whole screen the browser shall offer the sound too, but never the call's own page. */
const SCREEN_SOUND_OFFERS = { systemAudio: "include", selfBrowserSurface: "exclude" };

/** The own devices of one page: at most one live track of each source. */
export class OwnMedia {
  /** @type {Faults} */
  faults = { audio: null, video: null };
  /** @type {Record<FeedSource, MediaStreamTrack | null>} `sound` is what a shared screen plays */
  tracks = { audio: null, video: null, screen: null, sound: null };
  /** Whether the microphone is heard and the camera seen, as the person wants it. */
  wanted = { audio: true, video: true };
  /** @type {Wish} */
  #wish;
  /** Whether the browser is asking the person just now. */
  asking = false;
  #changed;
  #lost;
  #started = false;

  /**
   * @param {Wish & {audio: boolean, video: boolean}} choices remembered from the last call
   * @param {(source: FeedSource) => void} changed a track came, went or was muted
   * @param {(loss: Loss) => void} lost a device was pulled out or taken away
   */
  constructor(choices, changed, lost) {
    this.#wish = wishOf(choices);
    this.wanted = { audio: choices.audio, video: choices.video };
    this.#changed = changed;
    this.#lost = lost;
  }

  /** Whether others hear the microphone. */
  get audioOn() {
    return this.wanted.audio && this.tracks.audio !== null;
  }

  /** Whether others see the camera. */
  get videoOn() {
    return this.wanted.video && this.tracks.video !== null;
  }

  /** Whether the screen is shared. */
  get screenOn() {
    return this.tracks.screen !== null;
  }

  /** Whether the background can be blurred, and whether it is; the system may decide both. */
  get blur() {
    const track = /** @type {any} */ (this.tracks.video);
    /** @type {boolean[]} */
    const can = track?.getCapabilities?.().backgroundBlur ?? [];
    return { offered: can.includes(true), fixed: can.length < 2, on: track?.getSettings?.().backgroundBlur === true };
  }

  /** Ask for both devices (one question of the browser), then for each alone. Idempotent. */
  async start() {
    if (this.#started) {
      return;
    }
    this.#started = true;
    if (navigator.mediaDevices?.getUserMedia === undefined) {
      this.faults = { audio: "unsupported", video: "unsupported" };
      this.#announce();
      return;
    }
    this.asking = true;
    this.#announce();
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: this.#audioConstraints(),
        video: this.wanted.video ? this.#videoConstraints() : false,
      });
      if (this.#gaveUp(stream)) {
        return;
      }
      this.faults = { audio: null, video: null };
      this.#take("audio", stream.getAudioTracks()[0] ?? null);
      this.#take("video", stream.getVideoTracks()[0] ?? null);
      await this.#applyBlur();
      if (!this.wanted.video) {
        this.#take("video", null); // switched off while the browser was asking
      }
    } catch {
      await this.#fetch("audio");
      if (this.wanted.video) {
        await this.#fetch("video");
      }
    }
    this.asking = false;
    this.#announce();
  }

  /** Ask again for what is missing. */
  async retry() {
    this.#started = true;
    for (const source of /** @type {const} */ (["audio", "video"])) {
      if (this.faults[source] !== null) {
        await this.#fetch(source);
        this.#changed(source);
      }
    }
  }

  /** Stop every device; lights go out. */
  stop() {
    this.#started = false;
    for (const source of /** @type {const} */ (["audio", "video", "screen", "sound"])) {
      this.#take(source, null);
    }
  }

  /**
   * Switch the microphone. The device stays open while muted, so that it is heard at once after.
   *
   * @param {boolean} on
   */
  async setAudio(on) {
    this.wanted.audio = on;
    if (on && this.tracks.audio === null) {
      await this.#fetch("audio");
    }
    if (this.tracks.audio !== null) {
      this.tracks.audio.enabled = on;
    }
    this.#changed("audio");
  }

  /**
   * Switch the camera. Off closes the device: its light must go out.
   *
   * @param {boolean} on
   */
  async setVideo(on) {
    this.wanted.video = on;
    if (on) {
      await this.#fetch("video");
    } else {
      this.#take("video", null);
    }
    this.#changed("video");
  }

  /**
   * Take other devices or another treatment of the sound; what differs is opened anew.
   *
   * @param {Partial<Wish>} wish
   */
  async prefer(wish) {
    const before = this.#wish;
    this.#wish = { ...before, ...wishOf({ ...before, ...wish }) };
    const now = this.#wish;
    if (before.echo !== now.echo || before.noise !== now.noise || before.gain !== now.gain) {
      await this.use("microphone", now.microphone);
    }
    if (before.blur !== now.blur) {
      await this.#applyBlur();
      this.#changed("video");
    }
  }

  /**
   * Choose another microphone or camera.
   *
   * @param {"microphone" | "camera"} kind
   * @param {string} device id
   */
  async choose(kind, device) {
    this.#wish = { ...this.#wish, [kind]: device };
    await this.use(kind, device);
  }

  /**
   * Use another microphone or camera, without its being the chosen one.
   *
   * @param {"microphone" | "camera"} kind
   * @param {string} device id
   */
  async use(kind, device) {
    if (!this.#started) {
      return;
    }
    if (kind === "microphone") {
      await this.#fetch("audio", device);
      this.#changed("audio");
    } else if (this.wanted.video) {
      await this.#fetch("video", device);
      this.#changed("video");
    }
  }

  /**
   * Ask for a screen, window or tab; with what it plays, where the browser and the person give that.
   *
   * @returns {Promise<boolean>} false when the person changed their mind or the browser has none
   */
  async shareScreen() {
    if (navigator.mediaDevices?.getDisplayMedia === undefined) {
      return false;
    }
    try {
      const stream = await captureDisplay();
      const track = stream.getVideoTracks()[0] ?? null;
      if (track !== null) {
        // Slides and text: sharp rather than smooth.
        track.contentHint = "detail";
      }
      this.#take("screen", track);
      this.#take("sound", track === null ? null : (stream.getAudioTracks()[0] ?? null));
    } catch {
      return false;
    }
    this.#changed("screen");
    return this.screenOn;
  }

  /** Stop sharing the screen. */
  stopScreen() {
    this.#take("screen", null);
    this.#take("sound", null);
    this.#changed("screen");
  }

  /**
   * Close what came after the call was left: nobody would switch its light off.
   *
   * @param {MediaStream} stream
   * @returns {boolean} whether it was left
   */
  #gaveUp(stream) {
    if (!this.#started) {
      this.asking = false;
      stream.getTracks().forEach((track) => track.stop());
    }
    return !this.#started;
  }

  /**
   * @param {"audio" | "video"} source
   * @param {string} [device] id, instead of the chosen one
   */
  async #fetch(source, device) {
    if (navigator.mediaDevices?.getUserMedia === undefined) {
      this.faults = { ...this.faults, [source]: "unsupported" };
      return;
    }
    const constraints =
      source === "audio" ? { audio: this.#audioConstraints(device) } : { video: this.#videoConstraints(device) };
    try {
      const stream = await navigator.mediaDevices.getUserMedia(constraints);
      if (this.#gaveUp(stream)) {
        return;
      }
      this.faults = { ...this.faults, [source]: null };
      this.#take(source, stream.getTracks()[0] ?? null);
      if (source === "video") {
        await this.#applyBlur();
      }
    } catch (error) {
      const permission = (await permissionFor(source))?.state ?? "";
      this.faults = { ...this.faults, [source]: faultOf(error, permission) };
      this.#take(source, null);
    }
  }

  /**
   * @param {FeedSource} source
   * @param {MediaStreamTrack | null} track
   */
  #take(source, track) {
    const before = this.tracks[source];
    if (before !== null && before !== track) {
      before.onended = null;
      before.stop();
    }
    this.tracks = { ...this.tracks, [source]: track };
    if (track === null) {
      return;
    }
    if (source === "audio") {
      track.enabled = this.wanted.audio;
    }
    track.onended = () => this.#ended(source, track);
    if (source === "video") {
      // The system's own switch of the background, e.g. in its camera menu.
      track.addEventListener("configurationchange", () => this.#changed("video"));
    }
  }

  /**
   * A track ended by itself: unplugged, taken away by the system, or "Stop sharing" of the browser's
   * own bar.
   *
   * @param {FeedSource} source
   * @param {MediaStreamTrack} track
   */
  async #ended(source, track) {
    this.#take(source, null);
    if (source === "screen") {
      this.#take("sound", null);
    } else if (source !== "sound") {
      await this.#fetch(source);
      this.#lost({ source, before: track.label, label: this.tracks[source]?.label ?? "" });
    }
    this.#changed(source);
  }

  async #applyBlur() {
    const track = this.tracks.video;
    const { offered, fixed, on } = this.blur;
    if (track === null || !offered || fixed || on === this.#wish.blur) {
      return;
    }
    const constraints = { ...this.#videoConstraints(), backgroundBlur: this.#wish.blur };
    // Refused while the system has it in its own hands: then its own switch decides.
    await track.applyConstraints(constraints).catch(() => undefined);
  }

  #announce() {
    this.#changed("audio");
    this.#changed("video");
  }

  /** @param {string} [device] */
  #audioConstraints(device = this.#wish.microphone) {
    const { echo, noise, gain } = this.#wish;
    const treatment = { echoCancellation: echo, noiseSuppression: noise, autoGainControl: gain };
    return device === "" ? treatment : { ...treatment, deviceId: { ideal: device } };
  }

  /** @param {string} [device] */
  #videoConstraints(device = this.#wish.camera) {
    return device === "" ? VIDEO : { ...VIDEO, deviceId: { ideal: device } };
  }
}

/**
 * Ask for a picture and its sound; where a system refuses the sound, for the picture alone.
 *
 * @returns {Promise<MediaStream>}
 */
async function captureDisplay() {
  const video = { frameRate: { ideal: 10, max: 15 } };
  try {
    return await navigator.mediaDevices.getDisplayMedia({ video, audio: SCREEN_SOUND, ...SCREEN_SOUND_OFFERS });
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotAllowedError") {
      throw error; // the person changed their mind
    }
    return navigator.mediaDevices.getDisplayMedia({ video, audio: false });
  }
}

/**
 * @param {Wish} choices with more beside
 * @returns {Wish}
 */
function wishOf({ microphone, camera, echo, noise, gain, blur }) {
  return { microphone, camera, echo, noise, gain, blur };
}
