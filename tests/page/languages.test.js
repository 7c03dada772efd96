import assert from "node:assert/strict";
import { test } from "node:test";

import { NO_LANGUAGES, applyLanguages, languageName, loudness, read, shownLines } from "../../resources/web/languages.js";
import { Talk } from "../../resources/web/talk.js";

const INGE = { participant: "inge", name: "Inge", language: "de", onAir: true, asks: false };
const PAUL = { participant: "paul", name: "Paul", language: "de", onAir: false, asks: false };
const SET = { channels: ["de", "fr"], interpreters: [INGE, PAUL], captioners: [], keeps: false };

function changed(changes = {}) {
  return { type: "languagesChanged", languages: { ...SET, ...changes } };
}

function line(number, text, at = "2026-03-02T09:00:00Z") {
  return { number, language: "de", text, at };
}

function people(changes = {}) {
  return [
    { id: "inge", audio: true, away: false, ...changes },
    { id: "paul", audio: true, away: false },
    { id: "zoe", audio: true, away: false },
  ];
}

test("the floor steps back while the channel is interpreted", () => {
  const listening = { ...applyLanguages(NO_LANGUAGES, changed()), listening: "de" };
  assert.equal(loudness(listening, people(), "zoe", 0.15), 0.15);
  assert.equal(loudness(listening, people(), "inge", 0.15), 1);
  assert.equal(loudness(listening, people(), "paul", 0.15), 0);
  for (const silent of [{ audio: false }, { away: true }]) {
    assert.equal(loudness(listening, people(silent), "zoe", 0.15), 1);
  }
  assert.equal(loudness(listening, [], "zoe", 0.15), 1);
});

test("who listens to the floor hears no interpreter, and another channel is another", () => {
  const onFloor = applyLanguages(NO_LANGUAGES, changed());
  assert.equal(loudness(onFloor, people(), "inge", 0.15), 0);
  assert.equal(loudness(onFloor, people(), "zoe", 0.15), 1);
  const french = { ...onFloor, listening: "fr" };
  assert.equal(loudness(french, people(), "inge", 0.15), 0);
  assert.equal(loudness(french, people(), "zoe", 0.15), 1);
});

test("a channel that is gone is not listened to any more", () => {
  const listening = { ...applyLanguages(NO_LANGUAGES, changed()), listening: "de" };
  assert.equal(applyLanguages(listening, changed()).listening, "de");
  assert.equal(applyLanguages(listening, changed({ channels: ["fr"] })).listening, null);
});

test("captions come in order, are corrected, taken back, and go after a while", () => {
  let spoken = read(applyLanguages(NO_LANGUAGES, changed()), "de");
  const write = (...lines) => {
    spoken = applyLanguages(spoken, { type: "captionsWritten", lines });
  };
  write(line(1, "Eins"), line(3, "Drei"));
  write(line(2, "Zwei"));
  write(line(3, "Drei!"), line(1, ""));
  assert.deepEqual(spoken.lines.map(({ text }) => text), ["Zwei", "Drei!"]);
  write(line(4, "Neu", "2026-03-02T09:00:15Z"));
  const now = Date.parse("2026-03-02T09:00:21Z");
  assert.deepEqual(shownLines(spoken, now).map(({ text }) => text), ["Neu"]);
  assert.deepEqual(read(spoken, "fr").lines, []);
  assert.equal(read(spoken, "de"), spoken);
});

test("only refusals about languages are shown there", () => {
  const problem = (inReplyTo) => ({ type: "problem", code: "no_channel", inReplyTo });
  assert.equal(applyLanguages(NO_LANGUAGES, problem("listen")).trouble, "no_channel");
  assert.equal(applyLanguages(NO_LANGUAGES, problem("vote")).trouble, "");
});

test("languages have names, and what has none keeps its tag", () => {
  assert.equal(languageName("de", "en"), "German");
  assert.equal(languageName("de", "de"), "Deutsch");
  assert.equal(languageName("not a tag", "en"), "not a tag");
});

test("a new connection is told what this person chose, the channel once it is there", () => {
  const sent = [];
  const talk = new Talk(() => ({ base: "en", t: (key) => key }), (message) => sent.push(message), "/r/room");
  talk.received({ type: "roomState" });
  talk.received(changed());
  talk.listen("de");
  talk.readCaptions("fr");
  talk.received(changed({ keeps: true }));
  assert.deepEqual(sent.map(({ type, language }) => [type, language]), [["listen", "de"], ["watchCaptions", "fr"]]);
  sent.length = 0;
  talk.received({ type: "welcome" });
  talk.received({ type: "roomState" });
  assert.deepEqual(sent, [{ type: "watchCaptions", language: "fr" }]);
  talk.received(changed());
  talk.received(changed());
  assert.deepEqual(sent.slice(1), [{ type: "listen", language: "de" }]);
  talk.reset();
  talk.received(changed());
  assert.equal(sent.length, 2);
});
