/**
 * Camera, microphone and screen of this computer: asking for them, doing without, saying what is
 * wrong. Nobody is kept out of a call because a device is missing or denied.
 *
 * @typedef {"denied" | "missing" | "busy" | "unsupported" | "failed"} Fault
 *
 * @typedef {object} Wish which device; "" for the browser's default
 * @property {string} microphone
 * @property {string} camera
 *
 * @typedef {object} Faults why there is no microphone or no camera
 * @property {Fault | null} audio
 * @property {Fault | null} video
 */

const AUDIO = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const VIDEO = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 24, max: 30 },
};

/**
 * Return what a getUserMedia error means for a person.
 *
 * @param {unknown} error
 * @returns {Fault}
 */
export function faultOf(error) {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return "denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "missing";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    default:
      return "failed";
  }
}

/**
 * Return which browser's words to use for "how to allow it".
 *
 * @param {string} agent `navigator.userAgent`
 * @returns {"desktop" | "firefox" | "safari" | "chromium"}
 */
export function browserKind(agent) {
  if (agent.includes("QtWebEngine")) {
    return "desktop";
  }
  if (agent.includes("Firefox")) {
    return "firefox";
  }
  return agent.includes("Safari") && !/Chrom(e|ium)/u.test(agent) ? "safari" : "chromium";
}

/** The own devices of one page: at most one live track of each source. */
export class OwnMedia {
  /** @type {Faults} */
  faults = { audio: null, video: null };
  /** @type {{audio: MediaStreamTrack | null, video: MediaStreamTrack | null, screen: MediaStreamTrack | null}} */
  tracks = { audio: null, video: null, screen: null };
  /** Whether the microphone is heard and the camera seen, as the person wants it. */
  wanted = { audio: true, video: true };
  /** @type {Wish} */
  #wish;
  /** Whether the browser is asking the person just now. */
  asking = false;
  #changed;
  #started = false;

  /**
   * @param {Wish & {audio: boolean, video: boolean}} choices remembered from the last call
   * @param {(source: "audio" | "video" | "screen") => void} changed a track came, went or was muted
   */
  constructor(choices, changed) {
    this.#wish = { microphone: choices.microphone, camera: choices.camera };
    this.wanted = { audio: choices.audio, video: choices.video };
    this.#changed = changed;
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
      this.faults = { audio: null, video: null };
      this.#take("audio", stream.getAudioTracks()[0] ?? null);
      this.#take("video", stream.getVideoTracks()[0] ?? null);
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

  /** Stop every device; lights go out. */
  stop() {
    this.#started = false;
    for (const source of /** @type {const} */ (["audio", "video", "screen"])) {
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
   * Choose another microphone or camera.
   *
   * @param {"microphone" | "camera"} kind
   * @param {string} device id
   */
  async choose(kind, device) {
    this.#wish = { ...this.#wish, [kind]: device };
    if (kind === "microphone") {
      await this.#fetch("audio");
      this.#changed("audio");
    } else if (this.wanted.video) {
      await this.#fetch("video");
      this.#changed("video");
    }
  }

  /**
   * Ask for a screen, window or tab.
   *
   * @returns {Promise<boolean>} false when the person changed their mind or the browser has none
   */
  async shareScreen() {
    if (navigator.mediaDevices?.getDisplayMedia === undefined) {
      return false;
    }
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia({
        video: { frameRate: { ideal: 10, max: 15 } },
        audio: false,
      });
      const track = stream.getVideoTracks()[0] ?? null;
      if (track !== null) {
        // Slides and text: sharp rather than smooth.
        track.contentHint = "detail";
      }
      this.#take("screen", track);
    } catch {
      return false;
    }
    this.#changed("screen");
    return this.screenOn;
  }

  /** Stop sharing the screen. */
  stopScreen() {
    this.#take("screen", null);
    this.#changed("screen");
  }

  /**
   * @param {"audio" | "video"} source
   */
  async #fetch(source) {
    if (navigator.mediaDevices?.getUserMedia === undefined) {
      this.faults = { ...this.faults, [source]: "unsupported" };
      return;
    }
    const constraints =
      source === "audio" ? { audio: this.#audioConstraints() } : { video: this.#videoConstraints() };
    try {
      const stream = await navigator.mediaDevices.getUserMedia(constraints);
      this.faults = { ...this.faults, [source]: null };
      this.#take(source, stream.getTracks()[0] ?? null);
    } catch (error) {
      this.faults = { ...this.faults, [source]: faultOf(error) };
      this.#take(source, null);
    }
  }

  /**
   * @param {"audio" | "video" | "screen"} source
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
    track.onended = () => {
      // Unplugged, taken away by the system, or "Stop sharing" of the browser's own bar.
      if (source !== "screen") {
        this.faults = { ...this.faults, [source]: "missing" };
      }
      this.#take(source, null);
      this.#changed(source);
    };
  }

  #announce() {
    this.#changed("audio");
    this.#changed("video");
  }

  #audioConstraints() {
    const device = this.#wish.microphone;
    return device === "" ? AUDIO : { ...AUDIO, deviceId: { ideal: device } };
  }

  #videoConstraints() {
    const device = this.#wish.camera;
    return device === "" ? VIDEO : { ...VIDEO, deviceId: { ideal: device } };
  }
}

/**
 * List the devices of this computer; their labels are empty until one was allowed.
 *
 * @returns {Promise<{microphones: MediaDeviceInfo[], cameras: MediaDeviceInfo[], speakers: MediaDeviceInfo[]}>}
 */
export async function listDevices() {
  const all = (await navigator.mediaDevices?.enumerateDevices?.().catch(() => [])) ?? [];
  const known = all.filter((device) => device.deviceId !== "");
  return {
    microphones: known.filter((device) => device.kind === "audioinput"),
    cameras: known.filter((device) => device.kind === "videoinput"),
    speakers: known.filter((device) => device.kind === "audiooutput"),
  };
}
