import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Chime } from "../../resources/web/audio.js";

const before = globalThis.AudioContext;
let made;

/** An audio context that plays nothing before it was resumed in a gesture, as Safari's does. */
class Held {
  state = "suspended";
  currentTime = 0;
  destination = {};
  played = [];

  constructor() {
    made.push(this);
  }

  async resume() {
    this.state = "running";
  }

  createGain() {
    const gain = { setValueAtTime() {}, exponentialRampToValueAtTime() {} };
    return { gain, connect: () => this.destination };
  }

  createOscillator() {
    const frequency = {};
    return {
      frequency,
      connect: (node) => node,
      start: () => this.state === "running" && this.played.push(frequency.value),
      stop() {},
    };
  }
}

beforeEach(() => {
  made = [];
  globalThis.AudioContext = Held;
});

afterEach(() => {
  globalThis.AudioContext = before;
});

test("who knocks is heard where a browser holds sound back until a click", () => {
  const chime = new Chime();
  chime.wake();
  chime.wake();
  chime.knock("bell");
  assert.equal(made.length, 1);
  assert.deepEqual(made[0].played, [880, 660]);
});

test("a knock that is switched off makes no sound", () => {
  const chime = new Chime();
  chime.wake();
  chime.knock("off");
  assert.deepEqual(made[0].played, []);
});
