/**
 * How loud a microphone is, for the meter of the preview and the hint "you are muted".
 */

/** Root mean square of a quiet room, and of a voice close to the microphone, in dB. */
const QUIET = -60;
const LOUD = -12;

/**
 * Return the level of samples from 0 (quiet) to 1 (loud).
 *
 * @param {ArrayLike<number>} samples from -1 to 1
 * @returns {number}
 */
export function levelOf(samples) {
  let sum = 0;
  for (let index = 0; index < samples.length; index += 1) {
    const sample = samples[index] ?? 0;
    sum += sample * sample;
  }
  if (sum === 0) {
    return 0;
  }
  const decibel = 10 * Math.log10(sum / samples.length);
  return Math.min(1, Math.max(0, (decibel - QUIET) / (LOUD - QUIET)));
}

/** Measures one track until it is closed. */
export class LevelMeter {
  #context;
  #analyser;
  #samples;
  #source;
  #track;

  /** @param {MediaStreamTrack} track of a microphone; a clone is measured, so that mute hides nothing */
  constructor(track) {
    this.#track = track.clone();
    this.#track.enabled = true;
    this.#context = new AudioContext();
    this.#analyser = this.#context.createAnalyser();
    this.#analyser.fftSize = 1024;
    this.#samples = new Float32Array(this.#analyser.fftSize);
    this.#source = this.#context.createMediaStreamSource(new MediaStream([this.#track]));
    this.#source.connect(this.#analyser);
  }

  /** @returns {number} 0 to 1 */
  read() {
    if (this.#context.state === "suspended") {
      // Before the first click on the page: the browser lets it run after one.
      void this.#context.resume();
      return 0;
    }
    this.#analyser.getFloatTimeDomainData(this.#samples);
    return levelOf(this.#samples);
  }

  /** Free the audio context. */
  close() {
    this.#source.disconnect();
    this.#track.stop();
    void this.#context.close();
  }
}
