/** The recording as the page knows it: whom it asks, and what it says. */

import assert from "node:assert/strict";
import test from "node:test";

import { readFileSync } from "node:fs";

import { pickLanguage } from "../../resources/web/i18n.js";
import { NO_RECORDING, WORDS, endedText, needsAnswer, recordingSaid } from "../../resources/web/recording.js";
import { EMPTY, applyMessage } from "../../resources/web/room.js";

const language = await pickLanguage(["en"]);
const view = (changes) => ({ ...NO_RECORDING, ...changes });

test("the words are of the version that the host asks for", () => {
  const text = readFileSync(new URL("../../src/projectdesk/signalling/recording.py", import.meta.url), "utf8");
  assert.match(text, new RegExp(`^WORDS = ${WORDS}$`, "mu"));
});

test("who has not answered is asked while it is asked for or runs, not while it is paused", () => {
  assert.ok(needsAnswer(view({ state: "asked", mine: "open" })));
  assert.ok(needsAnswer(view({ state: "running", mine: "open" })));
  assert.ok(!needsAnswer(view({ state: "paused", mine: "open" })));
  assert.ok(!needsAnswer(view({ state: "asked", mine: "given" })));
  assert.ok(!needsAnswer(view({ state: "running", mine: "refused" })));
});

test("each change of state is said once", () => {
  const running = view({ state: "running" });
  assert.deepEqual(recordingSaid(language, NO_RECORDING, running), ["The meeting is being recorded."]);
  assert.deepEqual(recordingSaid(language, running, running), []);
  assert.deepEqual(recordingSaid(language, running, view({ state: "paused" })), ["The recording is paused."]);
  const refused = view({ ended: "refused" });
  assert.deepEqual(recordingSaid(language, view({ state: "asked" }), refused), [
    "Not everybody agreed. Nothing was recorded.",
  ]);
  assert.deepEqual(recordingSaid(language, NO_RECORDING, view({ state: "asked", mine: "open" })), []);
});

test("an end that this page does not know is an end", () => {
  assert.equal(endedText(language, view({ ended: "moon_phase" })), "The recording is over.");
});

test("a new socket forgets the recording until the host tells it", () => {
  const told = applyMessage(EMPTY, { type: "recordingChanged", recording: view({ state: "running" }) });
  assert.equal(told.recording.state, "running");
  const welcome = { type: "welcome", version: 1, you: "a", role: "chair", now: "", title: "", project: "" };
  assert.equal(applyMessage(told, welcome).recording.state, "off");
});
