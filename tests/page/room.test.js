import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { announcements, knockers } from "../../resources/web/announcements.js";
import { pickLanguage } from "../../resources/web/i18n.js";
import {
  EMPTY,
  applyMessage,
  isScreenTaken,
  mayChair,
  mayShare,
  maySpeak,
  newcomers,
} from "../../resources/web/room.js";
import { decode } from "../../resources/web/wire.js";

const HOST = JSON.parse(
  readFileSync(new URL("../fixtures/signalling/host.json", import.meta.url), "utf8"),
);
const { t } = await pickLanguage(["en"]);

function person(id, changes = {}) {
  return {
    id,
    name: `Person ${id}`,
    organisation: "",
    country: "",
    role: "participant",
    zone: "UTC",
    since: `2026-03-02T09:00:0${id}Z`,
    audio: true,
    video: true,
    screen: false,
    away: false,
    marked: false,
    ...changes,
  };
}

function room(role = "participant") {
  const welcome = { type: "welcome", version: 1, you: "1", role, now: "", title: "T", project: "P" };
  const state = {
    type: "roomState",
    now: "2026-03-02T09:00:00Z",
    participants: [person("2"), person("1")],
    lobby: [],
    clock: { at: "2026-03-02T09:00:00Z", startedAt: null, current: null, items: [] },
    endsAt: "2026-03-02T10:00:00Z",
  };
  return [welcome, state].reduce(applyMessage, EMPTY);
}

test("every message of the host's fixtures is understood", () => {
  let known = EMPTY;
  for (const message of HOST) {
    const decoded = decode(JSON.stringify(message));
    assert.deepEqual(decoded, message);
    known = applyMessage(known, decoded);
  }
  assert.equal(known.you, "01010101010101010101010101010101");
  assert.equal(known.lobby.length, 1);
  assert.deepEqual(known.participants, []);
  assert.equal(known.clock.current, "a1");
  assert.equal(known.title, "Kick-off");
});

test("what is no message is dropped", () => {
  for (const text of ["", "{", "[]", "null", "3", '{"type":3}', new ArrayBuffer(2)]) {
    assert.equal(decode(text), null);
  }
});

test("people are in order of arrival, whatever the order of messages", () => {
  const joined = applyMessage(room(), { type: "participantJoined", participant: person("0") });
  assert.deepEqual(joined.participants.map(({ id }) => id), ["0", "1", "2"]);
});

test("a change replaces, leaving removes, and joining twice is once", () => {
  let now = applyMessage(room(), { type: "participantChanged", participant: person("2", { audio: false }) });
  now = applyMessage(now, { type: "participantJoined", participant: person("2", { audio: false }) });
  assert.equal(now.participants.length, 2);
  assert.equal(now.participants[1].audio, false);
  now = applyMessage(now, { type: "speakerChanged", participant: "2" });
  now = applyMessage(now, { type: "participantLeft", participant: "2" });
  assert.equal(now.participants.length, 1);
  assert.equal(now.speaker, null);
});

test("who spoke before a break is not taken to speak after it; the host says who does", () => {
  const before = applyMessage(room(), { type: "speakerChanged", participant: "2" });
  const again = { type: "roomState", participants: before.participants, lobby: [] };
  assert.equal(applyMessage(before, again).speaker, null);
});

test("a new role of oneself counts at once", () => {
  const promoted = applyMessage(room(), {
    type: "participantChanged",
    participant: person("1", { role: "cohost" }),
  });
  assert.equal(promoted.role, "cohost");
});

test("a message leaves the room before it as it was", () => {
  const before = room();
  const copy = structuredClone(before);
  applyMessage(before, { type: "participantLeft", participant: "2" });
  applyMessage(before, { type: "lobbyChanged", lobby: [person("3")] });
  assert.deepEqual(before, copy);
});

test("who may what", () => {
  const roles = ["chair", "cohost", "presenter", "participant", "observer", "interpreter"];
  assert.deepEqual(roles.filter(mayChair), ["chair", "cohost"]);
  assert.deepEqual(roles.filter(maySpeak), ["chair", "cohost", "presenter", "participant", "interpreter"]);
  assert.deepEqual(roles.filter(mayShare), ["chair", "cohost", "presenter", "participant"]);
});

test("the screen is taken by others, not by oneself", () => {
  const shares = (id) => ({ type: "participantChanged", participant: person(id, { screen: true }) });
  assert.equal(isScreenTaken(room()), false);
  assert.equal(isScreenTaken(applyMessage(room(), shares("1"))), false);
  const taken = applyMessage(room(), shares("2"));
  assert.equal(isScreenTaken(taken), true);
  const group = (id, people) => ({ id, name: id, people, calls: null });
  const apart = { ...taken, breakouts: { groups: [group("g1", ["1"]), group("g2", ["2"])] } };
  assert.equal(isScreenTaken(apart), false, "in another breakout room");
  assert.equal(isScreenTaken({ ...taken, breakouts: { groups: [group("g1", ["1", "2"])] } }), true);
});

test("joining and leaving of others is said, one's own is not", () => {
  const before = room();
  const say = (message) => announcements(t, before, applyMessage(before, message), message);
  assert.deepEqual(say({ type: "participantJoined", participant: person("3") }), ["Person 3 joined"]);
  assert.deepEqual(say({ type: "participantJoined", participant: person("1") }), []);
  assert.deepEqual(say({ type: "participantLeft", participant: "2" }), ["Person 2 left"]);
  assert.deepEqual(say({ type: "participantLeft", participant: "9" }), []);
});

test("a knock is said to who may open, once", () => {
  const message = { type: "lobbyChanged", lobby: [person("3")] };
  const chair = room("chair");
  const after = applyMessage(chair, message);
  assert.deepEqual(announcements(t, chair, after, message), ["Person 3 is waiting in the lobby"]);
  assert.deepEqual(knockers(after, applyMessage(after, message)), []);
  assert.deepEqual(knockers(room(), applyMessage(room(), message)), []);
  assert.deepEqual(newcomers([person("3")], [person("3"), person("4")]).map(({ id }) => id), ["4"]);
});

test("a new item is said, a changed plan is not", () => {
  const items = [{ id: "a", number: "1", title: "Welcome", plannedMinutes: 5, elapsedSeconds: 0 }];
  const start = { type: "clockChanged", clock: { at: "", startedAt: "", current: "a", items } };
  const before = room();
  const after = applyMessage(before, start);
  assert.deepEqual(announcements(t, before, after, start), ["Now: item 1, Welcome"]);
  assert.deepEqual(announcements(t, after, applyMessage(after, start), start), []);
});
