import assert from "node:assert/strict";
import { test } from "node:test";

import { EMPTY, applyMessage, isUnseen } from "../../resources/web/room.js";
import { sizeWord } from "../../resources/web/size.js";

const LIMITS = { capacity: 25, everyone: 12, cameras: 5 };

const room = (count, change = {}) => ({
  ...EMPTY,
  role: "chair",
  limits: LIMITS,
  participants: Array.from({ length: count }, (_unused, index) => ({ id: String(index), video: true })),
  ...change,
});
const kinds = (role, cameras) =>
  Array.from({ length: 25 }, (_unused, index) => {
    const count = index + 1;
    return sizeWord(room(count, { role, cameras: count > 12 ? cameras : null }))?.kind ?? "";
  });

test("chair and co-hosts hear before each limit", () => {
  for (const role of ["chair", "cohost"]) {
    const said = kinds(role, ["1"]);
    assert.deepEqual(said.slice(0, 9), Array(9).fill(""));
    assert.deepEqual(said.slice(9, 12), Array(3).fill("near"));
    assert.deepEqual(said.slice(12, 22), Array(10).fill("some"));
    assert.deepEqual(said.slice(22), ["almostFull", "almostFull", "full"]);
  }
});

test("others hear only that not all cameras come", () => {
  assert.deepEqual(new Set(kinds("participant", ["1"]).slice(0, 12)), new Set([""]));
  assert.deepEqual(new Set(kinds("participant", ["1"]).slice(12)), new Set(["some"]));
});

test("how many more can join", () => {
  assert.deepEqual(sizeWord(room(23))?.values, { count: 23, left: 2 });
  assert.deepEqual(sizeWord(room(24))?.values, { count: 24, left: 1 });
});

test("nothing is said of limits that nobody told, or that are one", () => {
  assert.equal(sizeWord(room(25, { limits: null })), null);
  const one = { capacity: 12, everyone: 12, cameras: 5 };
  assert.equal(sizeWord(room(9, { limits: one })), null);
  assert.equal(sizeWord(room(10, { limits: one }))?.kind, "almostFull");
});

test("whose camera does not come", () => {
  const state = applyMessage(room(14, { you: "0" }), { type: "camerasChosen", participants: ["1", "2"] });
  const unseen = state.participants.filter((person) => isUnseen(state, person)).map(({ id }) => id);
  assert.deepEqual(unseen, ["3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13"]);
  const all = applyMessage(state, { type: "camerasChosen", participants: null });
  assert.ok(!all.participants.some((person) => isUnseen(all, person)));
  const dark = { ...state.participants[5], video: false };
  assert.ok(!isUnseen(state, dark));
});
