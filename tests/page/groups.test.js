import assert from "node:assert/strict";
import { test } from "node:test";

import { announcements, newCalls } from "../../resources/web/announcements.js";
import { callingGroups, company, dealOut, groupOf, openable, place, resized, secondsLeft } from "../../resources/web/groups.js";
import { pickLanguage } from "../../resources/web/i18n.js";
import { EMPTY, applyMessage } from "../../resources/web/room.js";

const { t } = await pickLanguage(["en"]);

const group = (id, people, changes = {}) => ({ id, name: id.toUpperCase(), people, calls: null, ...changes });
const person = (id) => ({ id, name: id, role: "participant", since: "2026-03-02T09:00:00Z", hand: null });

function breakouts(groups, changes = {}) {
  return { groups, openedAt: "2026-03-02T09:00:00Z", endsAt: null, returning: false, spreads: false, ...changes };
}

function room(changes = {}) {
  return { ...EMPTY, you: "1", role: "participant", participants: ["1", "2", "3", "4"].map(person), ...changes };
}

test("one sees and hears one's own group, and in the main room who is in none", () => {
  const groups = breakouts([group("g1", ["1", "2"]), group("g2", ["3"])]);
  const ids = (now) => company(now).map(({ id }) => id);
  assert.deepEqual(ids(room()), ["1", "2", "3", "4"]);
  assert.deepEqual(ids(room({ breakouts: groups })), ["1", "2"]);
  assert.deepEqual(ids(room({ breakouts: groups, you: "4" })), ["4"]);
  assert.equal(groupOf(groups, "3")?.id, "g2");
  assert.equal(groupOf(null, "3"), null);
});

test("the time left is whole seconds and never negative", () => {
  const at = Date.parse("2026-03-02T09:10:00Z");
  const timed = breakouts([], { endsAt: "2026-03-02T09:10:10Z" });
  assert.equal(secondsLeft(timed, at + 500), 10);
  assert.equal(secondsLeft(timed, at + 60_000), 0);
  assert.equal(secondsLeft(breakouts([]), at), null);
  assert.equal(secondsLeft(null, at), null);
});

test("people are dealt out evenly and everybody once", () => {
  const people = Array.from({ length: 11 }, (_, index) => String(index));
  let state = 7;
  const random = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const groups = dealOut(people, ["A", "B", "C"], random);
  assert.deepEqual(groups.map((one) => one.people.length).sort(), [3, 4, 4]);
  assert.deepEqual(groups.flatMap((one) => one.people).sort(), [...people].sort());
});

test("by hand somebody is in one group only, and may go back to the main room", () => {
  let groups = [{ name: "A", people: ["1"] }, { name: "B", people: ["2"] }];
  groups = place(groups, "1", 1);
  assert.deepEqual(groups.map((one) => one.people), [[], ["2", "1"]]);
  groups = place(groups, "1", null);
  assert.deepEqual(groups.map((one) => one.people), [[], ["2"]]);
  groups = resized(groups, 3, (number) => `Group ${number}`);
  assert.deepEqual(groups.map((one) => one.name), ["A", "B", "Group 3"]);
  assert.deepEqual(resized(groups, 1, String).map((one) => one.people), [[]]);
  assert.deepEqual(openable([{ name: "  A ", people: [] }, { name: " ", people: ["1"] }]), [{ name: "A", people: [] }]);
});

test("who moves is told where to, and the chair who calls", () => {
  const before = room();
  const message = { type: "breakoutsChanged", breakouts: breakouts([group("g1", ["1"]), group("g2", ["2"])]) };
  const inside = applyMessage(before, message);
  assert.deepEqual(announcements(t, before, inside, message), ["You are now in the breakout room G1"]);
  const calls = { type: "breakoutsChanged", breakouts: breakouts([group("g1", ["1"]), group("g2", ["2"], { calls: "2026-03-02T09:01:00Z" })]) };
  const called = applyMessage(inside, calls);
  assert.deepEqual(announcements(t, inside, called, calls), []);
  assert.deepEqual(newCalls(inside, { ...called, role: "chair" }).map(({ id }) => id), ["g2"]);
  assert.deepEqual(newCalls(called, { ...called, role: "chair" }), []);
  const soon = { type: "breakoutsChanged", breakouts: { ...calls.breakouts, returning: true } };
  assert.equal(announcements(t, called, applyMessage(called, soon), soon).length, 1);
  const over = { type: "breakoutsChanged", breakouts: null };
  assert.deepEqual(announcements(t, called, applyMessage(called, over), over), ["You are back in the main room"]);
});

test("who waits longest for the chair is first", () => {
  const groups = breakouts([
    group("g1", [], { calls: "2026-03-02T09:05:00Z" }),
    group("g2", []),
    group("g3", [], { calls: "2026-03-02T09:01:00Z" }),
  ]);
  assert.deepEqual(callingGroups(groups).map(({ id }) => id), ["g3", "g1"]);
});
