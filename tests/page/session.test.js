import assert from "node:assert/strict";
import { test } from "node:test";

import { START, isLive, step } from "../../resources/web/session.js";

const LOOK = { state: "open", title: "Kick-off", elsewhere: false };
const ROOM_STATE = { type: "roomState" };

/** Run events through the session; return the last session and all effects. */
function run(...events) {
  let session = START;
  const effects = [];
  for (const event of events) {
    const next = step(session, event);
    session = next.session;
    effects.push(...next.effects);
  }
  return { session, effects };
}

const began = { type: "began", token: "secret", resume: null };
const looked = { type: "looked", look: LOOK };
const joined = { type: "joinAccepted", resume: "r1" };
const asked = { type: "joinAsked" };
const hear = (message) => ({ type: "received", message });
const inCall = [began, looked, asked, joined, hear({ type: "welcome" }), hear(ROOM_STATE)];

test("from the link to the call with one click on Join", () => {
  const { session, effects } = run(...inCall);
  assert.equal(session.place, "call");
  assert.deepEqual(effects, ["look", "startMedia", "join", "remember", "connect", "openPeers"]);
});

test("through the lobby", () => {
  const waiting = run(...inCall.slice(0, 4), hear({ type: "lobby", message: "Soon" }));
  assert.equal(waiting.session.place, "lobby");
  assert.equal(waiting.session.lobbyMessage, "Soon");
  const { session } = step(waiting.session, hear(ROOM_STATE));
  assert.equal(session.place, "call");
});

test("a link without a token says so", () => {
  const { session, effects } = run({ type: "began", token: null, resume: null });
  assert.equal(session.place, "problem");
  assert.equal(session.trouble.code, "no_token");
  assert.deepEqual(effects, []);
});

test("a link opened early waits and looks again when it opens", () => {
  const early = { type: "looked", look: { ...LOOK, state: "early" } };
  const { session, effects } = run(began, early, { type: "opened" }, looked);
  assert.equal(session.place, "preview");
  assert.deepEqual(effects, ["look", "watchOpening", "look", "startMedia"]);
});

test("an ended meeting and a revoked link have pages of their own", () => {
  assert.equal(run(began, { type: "looked", look: { ...LOOK, state: "ended" } }).session.place, "ended");
  const revoked = run(began, { type: "looked", look: { ...LOOK, state: "revoked" } }).session;
  assert.equal(revoked.place, "problem");
  assert.equal(revoked.trouble.code, "link_revoked");
});

test("a link in use elsewhere offers to move", () => {
  const known = run(began, { type: "looked", look: { ...LOOK, elsewhere: true } }).session;
  assert.equal(known.move, true);
  const trouble = { code: "already_here", text: "" };
  const late = run(began, looked, asked, { type: "joinRefused", trouble }).session;
  assert.equal(late.place, "preview");
  assert.equal(late.move, true);
  assert.equal(late.trouble, null);
});

test("a refused Join goes back to the preview and says why", () => {
  const trouble = { code: "room_full", text: "Full." };
  const { session } = run(began, looked, asked, { type: "joinRefused", trouble });
  assert.equal(session.place, "preview");
  assert.deepEqual(session.trouble, trouble);
});

test("a reload resumes without asking, and builds new connections", () => {
  const { session, effects } = run(
    { type: "began", token: "secret", resume: "r1" },
    looked,
    hear({ type: "welcome" }),
    hear(ROOM_STATE),
  );
  assert.equal(session.place, "call");
  assert.deepEqual(effects, ["look", "startMedia", "connect", "rebuildPeers"]);
});

test("a resume that the host does not know any more leads to the preview", () => {
  const over = hear({ type: "problem", code: "session_over", text: "", fatal: true });
  const { session, effects } = run({ type: "began", token: "secret", resume: "r1" }, looked, over, looked);
  assert.equal(session.place, "preview");
  assert.equal(session.resume, null);
  assert.ok(effects.includes("forget"));
});

test("who slept in the call comes back without a click", () => {
  const over = hear({ type: "problem", code: "session_over", text: "", fatal: true });
  const { session, effects } = run(...inCall, over, looked);
  assert.equal(session.place, "joining");
  assert.deepEqual(effects.slice(-4), ["forget", "look", "startMedia", "join"]);
});

test("a host that refuses a fresh session for good does not loop", () => {
  const full = hear({ type: "problem", code: "room_full", text: "Full.", fatal: true });
  const { session } = run(...inCall.slice(0, 4), full);
  assert.equal(session.place, "problem");
  assert.equal(session.trouble.code, "room_full");
});

test("a lost socket keeps the call; after a resume connections are looked after", () => {
  const lost = run(...inCall, { type: "socketLost" });
  assert.equal(lost.session.place, "call");
  assert.equal(lost.session.connected, false);
  const back = step(lost.session, { type: "socketOpened" });
  const { session, effects } = step(back.session, hear(ROOM_STATE));
  assert.equal(session.connected, true);
  assert.deepEqual(effects, ["checkPeers"]);
});

test("giving up frees everything; trying again joins at once", () => {
  const lost = run(...inCall, { type: "socketLost" }, { type: "gaveUp" });
  assert.equal(lost.session.place, "lost");
  assert.deepEqual(lost.effects.slice(-2), ["sayGoodbye", "forget"]);
  const again = step(lost.session, { type: "againAsked" });
  const { session, effects } = step(again.session, looked);
  assert.equal(session.place, "joining");
  assert.deepEqual(effects, ["startMedia", "join"]);
});

test("leave, rejoin", () => {
  const left = run(...inCall, { type: "leaveAsked" });
  assert.equal(left.session.place, "left");
  assert.equal(left.session.resume, null);
  const again = step(left.session, { type: "againAsked" });
  assert.equal(step(again.session, looked).session.place, "joining");
});

test("messages that come late change nothing", () => {
  const left = run(...inCall, { type: "leaveAsked" }).session;
  assert.equal(step(left, hear(ROOM_STATE)).session.place, "left");
  assert.equal(step(left, hear({ type: "ended", reason: "ended" })).session.place, "left");
  assert.equal(step(left, joined).session.place, "left");
});

for (const reason of ["ended", "removed", "refused", "moved", "revoked", "lobby_timeout"]) {
  test(`the host ends the session: ${reason}`, () => {
    const { session, effects } = run(...inCall, hear({ type: "ended", reason, text: "" }));
    assert.equal(session.place, "ended");
    assert.equal(session.reason, reason);
    assert.deepEqual(effects.slice(-2), ["sayGoodbye", "forget"]);
  });
}

test("a new media server means new connections, in the call only", () => {
  assert.deepEqual(run(...inCall, hear({ type: "mediaRestarted" })).effects.at(-1), "rebuildPeers");
  const waiting = run(...inCall.slice(0, 4), hear({ type: "lobby", message: "" }));
  assert.deepEqual(step(waiting.session, hear({ type: "mediaRestarted" })).effects, []);
});

test("live is who has or seeks a socket", () => {
  assert.equal(isLive(START), false);
  assert.equal(isLive(run(...inCall).session), true);
});
