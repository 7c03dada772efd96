import assert from "node:assert/strict";
import { test } from "node:test";

import { clockText, hostOffset, nextItem, readClock, whenReached } from "../../resources/web/clock.js";

const AT = Date.parse("2026-03-02T09:05:00Z");

function item(id, plannedMinutes, elapsedSeconds) {
  return {
    id,
    number: id,
    title: id,
    kind: "information",
    plannedMinutes,
    presenter: "",
    presenterParticipant: null,
    elapsedSeconds,
  };
}

function agenda(current) {
  return {
    at: "2026-03-02T09:05:00Z",
    startedAt: "2026-03-02T09:00:00Z",
    current,
    items: [item("a", 5, 300), item("b", 10, 0), item("c", 15, 0)],
  };
}

test("only the current item goes on after the host spoke", () => {
  const reading = readClock(agenda("b"), AT + 3_600_000, AT + 30_000);
  assert.deepEqual(reading.items.map((entry) => entry.elapsed), [300, 30, 0]);
  assert.equal(reading.current?.item.id, "b");
  assert.equal(reading.elapsed, 330);
  assert.equal(reading.planned, 30 * 60);
  assert.equal(reading.left, 3_600 - 30);
});

test("an item over its plan says by how much", () => {
  const reading = readClock(agenda("b"), AT, AT + 11 * 60_000);
  assert.equal(reading.current?.over, 60);
  assert.equal(reading.left, -11 * 60);
  assert.equal(reading.items[0]?.over, 0);
});

test("nothing runs between items, and a clock from the future does not run backwards", () => {
  assert.equal(readClock(agenda(null), AT, AT + 60_000).current, null);
  assert.equal(readClock(agenda("b"), AT, AT - 60_000).current?.elapsed, 0);
});

test("the meeting's clock does not exist before the first item", () => {
  const reading = readClock({ ...agenda(null), startedAt: null }, AT, AT);
  assert.equal(reading.elapsed, null);
});

test("next is the first item after the current one that has not run", () => {
  assert.equal(nextItem(readClock(agenda("a"), AT, AT))?.item.id, "b");
  assert.equal(nextItem(readClock(agenda("c"), AT, AT)), null);
  assert.equal(nextItem(readClock(agenda(null), AT, AT))?.item.id, "b");
});

test("clocks are written as people read them", () => {
  assert.equal(clockText(0), "0:00");
  assert.equal(clockText(65.9), "1:05");
  assert.equal(clockText(3_723), "1:02:03");
  assert.equal(clockText(-61), "−1:01");
  assert.equal(clockText(-0.4), "0:00");
});

test("the host's time is the own time and an offset", () => {
  assert.equal(hostOffset("2026-03-02T09:05:00Z", AT - 5_000), 5_000);
  assert.equal(hostOffset("nonsense", AT), 0);
});

test("an instant is noticed once, also after a sleep", (context) => {
  let look = () => assert.fail("nothing looks at the clock");
  let isCleared = false;
  context.mock.method(globalThis, "setInterval", (action) => ((look = action), 7));
  context.mock.method(globalThis, "clearInterval", (timer) => (isCleared = timer === 7));
  let now = 0;
  let times = 0;
  whenReached(10_000, () => now, () => (times += 1));
  look();
  assert.deepEqual([times, isCleared], [0, false]);
  now = 3_600_000;
  look();
  assert.deepEqual([times, isCleared], [1, true]);
});
