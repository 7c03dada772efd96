/**
 * Hearing the others, and the two sounds of the page.
 *
 * @typedef {import("./signalling.js").Participant} Participant
 */

/** Plays every received microphone through an element of its own. */
export class AudioSink {
  #place;
  #blocked;
  #speaker = "";
  /** @type {(person: string) => number} */
  #loudness = () => 1;
  /** @type {Map<string, {element: HTMLAudioElement, track: MediaStreamTrack}>} */
  #playing = new Map();

  /**
   * @param {HTMLElement} place hidden element that holds the players
   * @param {(blocked: boolean) => void} blocked the browser wants a click before it plays
   */
  constructor(place, blocked) {
    this.#place = place;
    this.#blocked = blocked;
  }

  /** @param {Map<string, MediaStreamTrack>} tracks by participant */
  update(tracks) {
    for (const [person, { element, track }] of this.#playing) {
      if (tracks.get(person) !== track) {
        element.srcObject = null;
        element.remove();
        this.#playing.delete(person);
      }
    }
    for (const [person, track] of tracks) {
      if (!this.#playing.has(person)) {
        const element = document.createElement("audio");
        element.autoplay = true;
        element.srcObject = new MediaStream([track]);
        this.#place.append(element);
        this.#playing.set(person, { element, track });
        this.#route(element);
        this.#play(element);
      }
    }
    this.mix(this.#loudness);
  }

  /** @param {(person: string) => number} loudness 0 to 1, by participant */
  mix(loudness) {
    this.#loudness = loudness;
    for (const [key, { element }] of this.#playing) {
      const wanted = loudness(key.split(" ", 1)[0] ?? key);
      element.volume = wanted;
      element.muted = wanted === 0; // where a browser has the volume to itself
    }
  }

  /** Play again, after a click. */
  resume() {
    this.#blocked(false);
    for (const { element } of this.#playing.values()) {
      this.#play(element);
    }
  }

  /** @param {string} device id of the loudspeaker, "" for the default */
  setSpeaker(device) {
    this.#speaker = device;
    for (const { element } of this.#playing.values()) {
      this.#route(element);
    }
  }

  /** Stop all. */
  close() {
    this.update(new Map());
  }

  /** @param {HTMLAudioElement} element */
  #play(element) {
    element.play().catch((error) => {
      if (error instanceof DOMException && error.name === "NotAllowedError") {
        this.#blocked(true);
      }
    });
  }

  /** @param {HTMLAudioElement} element */
  #route(element) {
    if ("setSinkId" in element && element.sinkId !== this.#speaker) {
      // A loudspeaker that was unplugged since: the default one plays on.
      element.setSinkId(this.#speaker).catch(() => undefined);
    }
  }
}

/**
 * Play three notes on a loudspeaker, so that a person hears whether it is the right one.
 *
 * @param {string} device id of the loudspeaker, "" for the default
 * @returns {Promise<void>} when they were played
 */
export async function playTestSound(device) {
  const context = new AudioContext();
  const place = context.createMediaStreamDestination();
  const element = new Audio();
  element.srcObject = place.stream;
  if ("setSinkId" in element && device !== "") {
    await element.setSinkId(device).catch(() => undefined);
  }
  await element.play();
  const notes = [523, 659, 784];
  notes.forEach((frequency, index) => playTone(context, place, frequency, index * 0.25));
  await new Promise((resolve) => window.setTimeout(resolve, (notes.length * 0.25 + 0.3) * 1000));
  element.srcObject = null;
  await context.close();
}

/** What may be heard when somebody waits in the lobby. */
export const KNOCKS = /** @type {const} */ (["taps", "bell", "off"]);

/** Short tones, made here: no sound files. */
export class Chime {
  /** @type {AudioContext | null} */
  #context = null;

  /**
   * Make ready after a click or a key: a browser that holds sound back until then (Safari, where no
   * microphone is in use) would play neither the first knock nor those after it.
   */
  wake() {
    this.#context ??= new AudioContext();
    if (this.#context.state === "suspended") {
      void this.#context.resume();
    }
  }

  /**
   * Somebody knocks: two low taps, or a bell.
   *
   * @param {string} sound one of `KNOCKS`; what is unknown taps
   */
  knock(sound) {
    const [frequencies, pause] = sound === "bell" ? [[880, 660], 0.3] : [[392, 392], 0.18];
    if (sound !== "off") {
      frequencies.forEach((frequency, index) => this.#tone(frequency, index * pause));
    }
  }

  /** A message that is not on the screen: one short high tone. */
  message() {
    this.#tone(880, 0);
  }

  /** An item ran over its time: one soft falling pair. */
  over() {
    this.#tone(660, 0);
    this.#tone(523, 0.16);
  }

  /**
   * @param {number} frequency Hz
   * @param {number} delay seconds
   */
  #tone(frequency, delay) {
    this.#context ??= new AudioContext();
    playTone(this.#context, this.#context.destination, frequency, delay);
  }
}

/**
 * @param {AudioContext} context
 * @param {AudioNode} place where it is played
 * @param {number} frequency Hz
 * @param {number} delay seconds
 */
function playTone(context, place, frequency, delay) {
  const at = context.currentTime + delay;
  const gain = context.createGain();
  gain.gain.setValueAtTime(0.0001, at);
  gain.gain.exponentialRampToValueAtTime(0.12, at + 0.015);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.16);
  const oscillator = context.createOscillator();
  oscillator.type = "sine";
  oscillator.frequency.value = frequency;
  oscillator.connect(gain).connect(place);
  oscillator.start(at);
  oscillator.stop(at + 0.2);
}
