import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { announcements } from "../../resources/web/announcements.js";
import { NO_CHAT, applyChat, pieces, read } from "../../resources/web/chat.js";
import { Floor } from "../../resources/web/floor.js";
import { pickLanguage } from "../../resources/web/i18n.js";
import { EMPTY, applyMessage, handPlace, mayAppoint, raisedHands } from "../../resources/web/room.js";
import { orders } from "../../resources/web/view/orders.js";
import { REACTIONS } from "../../resources/web/view/reactions.js";

const language = await pickLanguage(["en"]);
const { t } = language;

function person(id, changes = {}) {
  const since = `2026-03-02T09:00:0${id}Z`;
  return { id, name: `Person ${id}`, role: "participant", since, audio: true, video: true, screen: false, hand: null, ...changes };
}

function room(...participants) {
  return { ...EMPTY, you: "1", role: "chair", participants };
}

function devices(changes = {}) {
  const done = [];
  return {
    done,
    wanted: { audio: true, video: true },
    audioOn: true,
    screenOn: true,
    setAudio: async (on) => void done.push(["audio", on]),
    setVideo: async (on) => void done.push(["video", on]),
    stopScreen: () => done.push(["screen", false]),
    ...changes,
  };
}

function written(number, changes = {}) {
  return { number, at: "2026-03-02T09:00:00Z", sender: "2", senderName: "Bo", to: null, toName: "", text: `m${number}`, ...changes };
}

const GUEST = { you: "1", role: "participant" };
const listen = (floor, message, after = GUEST) => floor.received(message, GUEST, after);

test("hands have their places by time, the own one among them", () => {
  const here = room(
    person("1", { hand: "2026-03-02T09:10:05Z" }),
    person("2"),
    person("3", { hand: "2026-03-02T09:10:01Z" }),
  );
  assert.deepEqual(raisedHands(here).map(({ id }) => id), ["3", "1"]);
  assert.deepEqual(["1", "2", "3"].map((id) => handPlace(here, id)), [2, 0, 1]);
});

test("a raised hand is said to the others, a lowered one to its owner", () => {
  const up = person("2", { hand: "2026-03-02T09:10:05Z" });
  const raised = { type: "participantChanged", participant: up };
  const before = room(person("1"), person("2"));
  const after = applyMessage(before, raised);
  assert.deepEqual(announcements(t, before, after, raised), ["Person 2 raised a hand"]);
  const lowered = { type: "participantChanged", participant: person("2") };
  assert.deepEqual(announcements(t, after, applyMessage(after, lowered), lowered), []);
  const own = { ...after, you: "2" };
  assert.deepEqual(announcements(t, own, applyMessage(own, lowered), lowered), ["Your hand is down"]);
});

test("lock and removed people are kept and told", () => {
  const locked = applyMessage(room(), { type: "lockChanged", locked: true });
  assert.equal(locked.locked, true);
  const removed = applyMessage(locked, { type: "removedChanged", removed: [{ id: "4", name: "Li" }] });
  assert.deepEqual(removed.removed, [{ id: "4", name: "Li" }]);
});

const FOCUS = "Put in focus for all";

test("only the chair gives roles, and nobody is offered what does nothing", () => {
  assert.deepEqual(["chair", "cohost", "participant"].map(mayAppoint), [true, false, false]);
  const texts = (who, role, changes = {}) => {
    const shown = { person: person("2", changes), room: { ...room(), you: who, role } };
    return orders(language, shown, () => undefined).map(({ text }) => text);
  };
  const LET = "Let write the minutes";
  const role = "Make co-host";
  assert.deepEqual(texts("1", "chair"), ["Mute microphone", "Stop video", FOCUS, role, "Hand over the chair", LET, "Remove"]);
  assert.deepEqual(texts("1", "cohost", { audio: false, video: false }), ["Ask to unmute", FOCUS, LET, "Remove"]);
  assert.deepEqual(texts("1", "cohost", { audio: false, video: false, role: "observer" }), [FOCUS, LET, "Remove"]);
  assert.equal(texts("1", "chair", { writes: true }).at(-2), "No longer let write the minutes");
  assert.deepEqual(texts("1", "cohost", { role: "chair", video: false }), ["Mute microphone", FOCUS]);
  assert.deepEqual(texts("2", "chair", { hand: "2026-03-02T09:10:05Z" }), ["Lower hand", FOCUS]);
});

test("somebody comes into focus for all, and goes out of it", () => {
  const sent = [];
  const focused = { ...room(), focus: { participant: "2", chosen: true, follows: false } };
  for (const shown of [{ person: person("2"), room: room() }, { person: person("2"), room: focused }]) {
    orders(language, shown, (order) => sent.push(order)).find(({ icon }) => icon === "focus").chosen();
  }
  assert.deepEqual(sent, [
    { type: "spotlight", participant: "2", follows: true },
    { type: "spotlight", participant: null, follows: false },
  ]);
});

test("an entry of the menu sends its order", () => {
  const sent = [];
  const shown = { person: person("2"), room: room() };
  orders(language, shown, (order) => sent.push(order))[0].chosen();
  assert.deepEqual(sent, [{ type: "stopFeed", source: "audio", participant: "2" }]);
});

test("a stop is obeyed, remembered by number, and said until it is undone", () => {
  const own = devices();
  const floor = new Floor(own);
  listen(floor, { type: "feedHeld", source: "audio", order: 4, by: "Ida" });
  assert.deepEqual(own.done, [["audio", false]]);
  assert.equal(floor.heard, 4);
  assert.deepEqual([floor.notice.kind, floor.notice.by], ["held", "Ida"]);
  own.audioOn = false;
  floor.mediaChanged();
  assert.notEqual(floor.notice, null);
  own.audioOn = true;
  floor.mediaChanged();
  assert.equal(floor.notice, null);
  listen(floor, { type: "feedHeld", source: "video", order: 5, by: "" });
  listen(floor, { type: "feedHeld", source: "screen", order: 6, by: "" });
  assert.deepEqual(own.done.slice(1), [["video", false], ["screen", false]]);
});

test("being asked to unmute switches nothing on", () => {
  const own = devices({ audioOn: false });
  const floor = new Floor(own);
  listen(floor, { type: "unmuteAsked", by: "Ida" });
  assert.deepEqual(own.done, []);
  assert.equal(floor.notice.kind, "asked");
  floor.dismiss();
  assert.equal(floor.notice, null);
  own.audioOn = true;
  listen(floor, { type: "unmuteAsked", by: "Ida" });
  assert.equal(floor.notice, null);
});

test("a new role is told", () => {
  const floor = new Floor(devices());
  listen(floor, { type: "participantChanged", participant: person("1") }, { ...GUEST, role: "chair" });
  assert.deepEqual([floor.notice.kind, floor.notice.role], ["role", "chair"]);
});

test("what others write is unread until the chat is seen", () => {
  const closed = { you: "1", isOpen: false };
  const one = applyChat(NO_CHAT, { type: "chatReceived", message: written(1) }, closed);
  const two = applyChat(one, { type: "chatReceived", message: written(2, { sender: "1" }) }, closed);
  const three = applyChat(two, { type: "chatReceived", message: written(3) }, { you: "1", isOpen: true });
  assert.deepEqual([one.unread, two.unread, three.unread, read(three).unread], [1, 1, 1, 0]);
  assert.deepEqual(three.messages.map(({ text }) => text), ["m1", "m2", "m3"]);
});

test("the history comes in pieces and replaces what was there", () => {
  const reader = { you: "1", isOpen: false };
  let chat = applyChat(NO_CHAT, { type: "chatReceived", message: written(9) }, reader);
  chat = applyChat(chat, { type: "chatHistory", first: true, messages: [written(1)] }, reader);
  chat = applyChat(chat, { type: "chatHistory", first: false, messages: [written(2)] }, reader);
  assert.deepEqual(chat.messages.map(({ number }) => number), [1, 2]);
});

test("a message that was not taken says why", () => {
  const floor = new Floor(devices());
  listen(floor, { type: "problem", code: "too_fast", text: "", inReplyTo: "sendChat", fatal: false });
  assert.equal(floor.trouble, "too_fast");
});

test("http and https are links, everything else is text", () => {
  const links = (text) => pieces(text).filter(({ href }) => href !== null).map(({ text: link }) => link);
  assert.deepEqual(links("See https://example.org/a?b=1#c, or (http://x.test)."), ["https://example.org/a?b=1#c", "http://x.test"]);
  assert.deepEqual(links("https://en.wikipedia.org/wiki/Tide_(disambiguation)"), ["https://en.wikipedia.org/wiki/Tide_(disambiguation)"]);
  assert.deepEqual(links("javascript:alert(1) data:text/html,x ftp://a file:///etc <https://> https://"), []);
  for (const text of ["", "plain", "a https://b.c d\nhttps://e.f", "https://x.test</a><script>"]) {
    assert.equal(pieces(text).map((piece) => piece.text).join(""), text);
  }
});

test("the page offers the reactions of the wire", () => {
  const declared = readFileSync(new URL("../../resources/web/signalling.d.ts", import.meta.url), "utf8");
  const [, values] = /export type Reaction = (.*);/u.exec(declared);
  assert.deepEqual(REACTIONS, values.split(" | ").map((value) => JSON.parse(value)));
});
