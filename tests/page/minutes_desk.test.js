import assert from "node:assert/strict";
import { test } from "node:test";

import { lastSaid, rightsOf } from "../../resources/web/view/minutes_desk.js";

const ITEM = "7".repeat(32);
const DECISION = "9".repeat(32);

function form(changes = {}) {
  return {
    kind: "minutes",
    status: "circulated",
    objectionsUntil: "2026-03-17T22:59:59Z",
    mayObject: true,
    items: [{ id: ITEM, label: "1", title: "Budget", text: "", decisions: [{ id: DECISION, vetoed: "" }], actions: [] }],
    given: [],
    givenAt: null,
    receivedAt: null,
    ...changes,
  };
}

function desk(changes = {}) {
  return { state: "open", now: "2026-03-10T09:00:00Z", answer: null, answeredAt: null, ...changes };
}

const objection = (text, item = ITEM) => ({ item, text });

test("nothing was said at first", () => {
  const said = lastSaid(desk(), form());
  assert.equal(said.receivedAt, null);
  assert.equal(said.objections.size + said.vetoes.size, 0);
});

test("what was sent by the link is newer than what the desktop had before", () => {
  const answer = { kind: "minutes", objections: [objection("Only 12.")], vetoes: [], comment: "" };
  const given = [{ ...objection("Only 10."), status: "open", answer: "" }];
  const here = desk({ answer, answeredAt: "2026-03-10T08:00:00Z" });
  const older = form({ given, givenAt: "2026-03-09T08:00:00Z" });
  assert.deepEqual([...lastSaid(here, older).objections], [[ITEM, "Only 12."]]);
  const newer = form({ given, givenAt: "2026-03-10T08:30:00Z" });
  assert.deepEqual([...lastSaid(here, newer).objections], [[ITEM, "Only 10."]], "entered by hand since");
});

test("an objection that the chair answered is not asked again", () => {
  const answer = { kind: "minutes", objections: [objection("Only 10.")], vetoes: [], comment: "" };
  const given = [{ ...objection("Only 10."), status: "declined", answer: "It was 20." }];
  const here = desk({ answer, answeredAt: "2026-03-10T08:00:00Z" });
  assert.equal(lastSaid(here, form({ given, givenAt: "2026-03-10T08:00:00Z" })).objections.size, 0);
});

test("a veto that the desktop has is there to be taken back", () => {
  const items = [{ id: ITEM, decisions: [{ id: DECISION, vetoed: "It costs us a year." }], actions: [], text: "" }];
  assert.deepEqual([...lastSaid(desk(), form({ items })).vetoes], [[DECISION, "It costs us a year."]]);
});

/** What can be done, without what depends on a decision. */
function rights(here, minutes) {
  const { answers, objects } = rightsOf(here, minutes);
  return { answers, objects };
}

test("the host's clock says whether there is time to object", () => {
  assert.deepEqual(rights(desk(), form()), { answers: true, objects: true });
  const late = desk({ now: "2026-03-17T23:00:00Z" });
  assert.deepEqual(rights(late, form()), { answers: true, objects: false }, "vetoes may be taken for longer");
  assert.deepEqual(rights(desk({ state: "closed" }), form()), { answers: false, objects: false });
  assert.deepEqual(rights(desk(), form({ status: "accepted" })), { answers: false, objects: false });
  assert.deepEqual(rights(desk(), form({ mayObject: false })), { answers: true, objects: false });
});

test("accepted minutes offer a veto until its own time is over, and nothing else", () => {
  const decision = { id: DECISION, vetoed: "", mayVeto: true, vetoUntil: "2026-04-01T21:59:59Z" };
  const items = [{ id: ITEM, decisions: [decision], actions: [], text: "" }];
  const accepted = form({ status: "accepted", items });
  const inTime = rightsOf(desk({ now: "2026-03-30T09:00:00Z" }), accepted);
  assert.deepEqual([inTime.answers, inTime.receives, inTime.objects], [true, false, false]);
  assert.equal(inTime.vetoes(decision), true);
  assert.equal(inTime.vetoes({ ...decision, mayVeto: false }), false);
  const late = rightsOf(desk({ now: "2026-04-01T22:00:00Z" }), accepted);
  assert.deepEqual([late.answers, late.vetoes(decision)], [false, false]);
  const superseded = rightsOf(desk({ now: "2026-03-30T09:00:00Z" }), form({ status: "superseded", items }));
  assert.deepEqual([superseded.answers, superseded.vetoes(decision)], [false, false]);
});
