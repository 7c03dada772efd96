import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Wants, stepOf } from "../../resources/web/wants.js";

/** A clock run by hand. */
class HandClock {
  time = 0;
  #timers = new Map();
  #ids = 0;

  now = () => this.time;
  setTimeout = (action, delay) => {
    this.#ids += 1;
    this.#timers.set(this.#ids, { action, at: this.time + delay });
    return this.#ids;
  };
  clearTimeout = (id) => this.#timers.delete(id);

  pass(time) {
    const end = this.time + time;
    for (;;) {
      const [id, timer] = [...this.#timers].sort((a, b) => a[1].at - b[1].at)[0] ?? [];
      if (timer === undefined || timer.at > end) {
        break;
      }
      this.#timers.delete(id);
      this.time = timer.at;
      timer.action();
    }
    this.time = end;
  }

  get idle() {
    return this.#timers.size === 0;
  }
}

let clock;
let said;
let sends;
let wants;

beforeEach(() => {
  clock = new HandClock();
  said = [];
  sends = true;
  wants = new Wants((message) => {
    said.push({ at: clock.time, ...message });
    return sends;
  }, clock);
});

const camera = (participant, height = 360) => ({ participant, source: "video", height });
const names = (message) => message.feeds.map((feed) => feed.participant).sort().join("");

test("what is on the screen is said once, soon", () => {
  wants.update([camera("a"), camera("b", 100)], []);
  clock.pass(5_000);
  assert.equal(said.length, 1);
  assert.ok(said[0].at <= 100);
  assert.deepEqual(said[0].feeds, [camera("a", 360), camera("b", 180)]);
  assert.ok(clock.idle);
});

test("nothing is said before anything is known", () => {
  wants.again();
  clock.pass(5_000);
  assert.deepEqual(said, []);
});

test("the same again says nothing", () => {
  for (let step = 0; step < 50; step += 1) {
    wants.update([camera("a", 350 + step % 10)], []);
    clock.pass(100);
  }
  assert.equal(said.length, 1);
});

test("a picture that went is given up after two seconds, and one that came back is kept", () => {
  wants.update([camera("a"), camera("b")], []);
  clock.pass(1_000);
  wants.update([camera("a")], []);
  clock.pass(1_500);
  wants.update([camera("a"), camera("b")], []);
  clock.pass(5_000);
  assert.equal(said.length, 1);
  wants.update([camera("a")], []);
  clock.pass(1_900);
  assert.equal(said.length, 1);
  clock.pass(200);
  assert.equal(names(said[1]), "a");
});

test("a picture that comes back after it was given up is wanted at once", () => {
  wants.update([camera("a")], []);
  clock.pass(1_000);
  wants.update([], []);
  clock.pass(3_000);
  assert.deepEqual(said.at(-1).feeds, []);
  const back = clock.time;
  wants.update([camera("a")], []);
  clock.pass(1_000);
  assert.equal(names(said.at(-1)), "a");
  assert.ok(said.at(-1).at - back <= 100);
});

test("a picture that comes up does not give up one that just went", () => {
  wants.update([camera("a")], []);
  clock.pass(1_000);
  wants.update([camera("b")], []);
  clock.pass(500);
  assert.equal(names(said[1]), "ab");
  clock.pass(2_000);
  assert.equal(names(said[2]), "b");
});

test("who is pinned is said", () => {
  wants.update([camera("a")], []);
  clock.pass(1_000);
  wants.update([camera("a")], ["a"]);
  clock.pass(1_000);
  assert.deepEqual(said.map((message) => message.pinned), [[], ["a"]]);
});

test("a window that is being resized does not flood the host", () => {
  for (let height = 90; height < 2_000; height += 5) {
    wants.update([camera("a", height)], []);
    clock.pass(16);
  }
  const seconds = clock.time / 1_000;
  assert.ok(said.length <= seconds * 3, `${said.length} in ${seconds} s`);
  clock.pass(1_000);
  assert.equal(said.at(-1).feeds[0].height, 2_160);
});

test("who speaks now is wanted large at once, and who spoke before small a little later", () => {
  wants.update([camera("a", 720), camera("b", 180)], []);
  clock.pass(1_000);
  const from = clock.time;
  wants.update([camera("a", 720), camera("b", 720)], []);
  clock.pass(1_000);
  assert.ok(said[1].at - from <= 100);
  const then = clock.time;
  wants.update([camera("a", 180), camera("b", 720)], []);
  clock.pass(1_000);
  assert.ok(said[2].at - then >= 300);
  assert.deepEqual(said[2].feeds, [camera("a", 180), camera("b", 720)]);
});

test("a picture that never rests does not keep another from being wanted", () => {
  wants.update([camera("a", 90)], []);
  clock.pass(1_000);
  for (let step = 0; step < 20; step += 1) {
    wants.update([camera("a", step % 2 === 0 ? 90 : 800), camera("b")], []);
    clock.pass(30);
  }
  assert.equal(names(said.at(-1)), "ab");
});

test("a new connection is told at once all that is known", () => {
  wants.update([camera("a"), camera("b")], ["b"]);
  clock.pass(1_000);
  wants.again();
  assert.equal(said.length, 2);
  assert.deepEqual({ ...said[1], at: 0 }, { ...said[0], at: 0 });
});

test("what could not be sent is said again when the socket is back", () => {
  sends = false;
  wants.update([camera("a")], []);
  clock.pass(200);
  sends = true;
  wants.again();
  assert.equal(names(said.at(-1)), "a");
  const count = said.length;
  clock.pass(5_000);
  assert.equal(said.length, count);
});

test("after too much at once it waits and says it again", () => {
  wants.update([camera("a")], []);
  clock.pass(200);
  wants.refused();
  clock.pass(2_000);
  assert.equal(said.length, 1);
  clock.pass(2_000);
  assert.equal(said.length, 2);
  assert.equal(names(said[1]), "a");
});

test("a picture that is shown twice is wanted as large as the larger one", () => {
  wants.update([camera("a", 700), camera("a", 100)], []);
  clock.pass(1_000);
  wants.update([camera("a", 100), camera("a", 700)], []);
  clock.pass(5_000);
  assert.deepEqual(said.map((message) => message.feeds), [[camera("a", 720)]]);
});

test("after the call nothing is said", () => {
  wants.update([camera("a")], []);
  wants.reset();
  clock.pass(5_000);
  assert.deepEqual(said, []);
});

test("a screen without a place keeps the height it had", () => {
  wants.update([camera("a", 700)], []);
  clock.pass(1_000);
  wants.update([camera("a", null)], []);
  clock.pass(5_000);
  assert.equal(said.length, 1);
});

test("sizes go in steps, and a size near a border stays where it was", () => {
  assert.equal(stepOf(1, null), 90);
  assert.equal(stepOf(181, null), 270);
  assert.equal(stepOf(100_000, null), 8_640);
  assert.equal(stepOf(365, 360), 360);
  assert.equal(stepOf(400, 360), 540);
  assert.equal(stepOf(255, 360), 360);
  assert.equal(stepOf(240, 360), 270);
  for (let height = 1; height < 5_000; height += 7) {
    for (const before of [90, 180, 360, 720, 1_080]) {
      const step = stepOf(height, before);
      assert.ok(step === before || step >= height);
    }
  }
});
