import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { takeToken } from "../../resources/web/memory.js";
import { Talk } from "../../resources/web/talk.js";
import { pickLanguage } from "../../resources/web/i18n.js";

const language = await pickLanguage(["en"]);
const TAKEN = { type: "ballotTaken", vote: 3, seat: "a", receipt: "k7m2-p9x4" };

beforeEach(() => {
  const kept = new Map();
  globalThis.sessionStorage = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
  };
  globalThis.location = { pathname: "/r/room", search: "", hash: "" };
  globalThis.history = { replaceState: () => {} };
});

function visit() {
  const talk = new Talk(() => language, () => true, "/r/room");
  talk.received({ type: "welcome" });
  return talk;
}

test("a receipt is still there after a reload", () => {
  visit().received(TAKEN);
  assert.deepEqual(visit().votes.receipts, { "3 a": "k7m2-p9x4" });
});

test("it is not shown to who opens another link in the same tab", () => {
  location.hash = "#first";
  takeToken("/r/room");
  visit().received(TAKEN);
  location.hash = "#second";
  takeToken("/r/room");
  assert.deepEqual(visit().votes.receipts, {});
});

test("what is kept and is nonsense does no harm", () => {
  sessionStorage.setItem("/r/room#receipts", "{");
  assert.deepEqual(visit().votes.receipts, {});
  sessionStorage.setItem("/r/room#receipts", '{"3 a": 7}');
  assert.deepEqual(visit().votes.receipts, {});
});
