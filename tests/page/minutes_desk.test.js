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

test("the host's clock says whether there is time to object", () => {
  assert.deepEqual(rightsOf(desk(), form()), { answers: true, objects: true });
  const late = desk({ now: "2026-03-17T23:00:00Z" });
  assert.deepEqual(rightsOf(late, form()), { answers: true, objects: false }, "vetoes may be taken for longer");
  assert.deepEqual(rightsOf(desk({ state: "closed" }), form()), { answers: false, objects: false });
  assert.deepEqual(rightsOf(desk(), form({ status: "accepted" })), { answers: false, objects: false });
  assert.deepEqual(rightsOf(desk(), form({ mayObject: false })), { answers: true, objects: false });
});
