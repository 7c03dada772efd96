import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { comingItems, fitted, shareOut } from "../../resources/web/replan.js";
import { clockText, hostOffset, nextItem, readClock, whenReached } from "../../resources/web/clock.js";
import { headingText } from "../../resources/web/view/agenda.js";

const AT = Date.parse("2026-03-02T09:05:00Z");

function item(id, plannedMinutes, elapsedSeconds, changes = {}) {
  return {
    id,
    number: id,
    title: id,
    kind: "information",
    plannedMinutes,
    presenter: "",
    presenterParticipant: null,
    elapsedSeconds,
    allottedMinutes: null,
    dropped: "",
    ...changes,
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

test("what was re-planned counts instead of the plan, and what is left out not at all", () => {
  const clock = agenda("b");
  clock.items = [item("a", 5, 300), item("b", 10, 60, { allottedMinutes: 4 }), item("c", 15, 0, { dropped: "skipped" }), item("d", 6, 0)];
  const reading = readClock(clock, AT + 600_000, AT);
  assert.deepEqual(reading.items.map((entry) => entry.planned / 60), [5, 4, 15, 6]);
  assert.equal(reading.planned, 15 * 60);
  assert.equal(reading.remaining, 3 * 60 + 6 * 60);
  assert.equal(nextItem(reading)?.item.id, "d");
  assert.deepEqual(comingItems(reading).map((entry) => entry.item.id), ["d"]);
  assert.deepEqual(fitted(reading), [{ item: "d", minutes: 7, dropped: "" }]);
});

test("minutes are shared out as the desktop does it", () => {
  const file = new URL("../fixtures/rules/share_out.json", import.meta.url);
  for (const { weights, available, minutes } of JSON.parse(readFileSync(file, "utf8"))) {
    assert.deepEqual(shareOut(weights, available), minutes);
  }
});

test("of parallel sessions the longest track counts", () => {
  const items = [
    item("a", 5, 0),
    item("b", 20, 0, { track: "A" }),
    item("c", 15, 0, { track: "B" }),
    item("d", 10, 0, { track: "A" }),
    item("e", 5, 0),
  ];
  const reading = readClock({ ...agenda(null), items }, AT + 3_600_000, AT);
  assert.equal(reading.planned, (5 + 30 + 5) * 60);
  assert.equal(reading.remaining, (5 + 30 + 5) * 60);
});

test("days and sections are headings where they begin", () => {
  const t = (key, values) => (key === "agenda.day" ? `Day ${values.day}` : key);
  const first = { day: 1, section: "Opening" };
  assert.equal(headingText(t, first, undefined), "Opening");
  assert.equal(headingText(t, first, first), "");
  assert.equal(headingText(t, { day: 1, section: "" }, first), "");
  assert.equal(headingText(t, { day: 2, section: "Opening" }, first), "Day 2 · Opening");
});
