import assert from "node:assert/strict";
import { test } from "node:test";

import { daysLate, standing } from "../../resources/web/view/action.js";

const form = {
  kind: "action",
  project: "TIDEWATER",
  label: "A12",
  text: "Send the draft.",
  name: "Ada",
  organisation: "Org",
  organiser: "Ida",
  dueOn: "2026-04-15",
  firstDueOn: null,
  meeting: "",
  related: "",
  status: "open",
  remarks: [],
  givenAt: null,
};

function desk(answer, answeredAt) {
  return { state: "open", now: "2026-04-20T09:00:00Z", form, answer, answeredAt, deadline: null };
}

const later = { kind: "action", what: "postpone", text: "Ill.", dueOn: "2026-05-04" };

test("what was told here and is not collected yet is shown", () => {
  const stands = standing(desk(later, "2026-04-20T08:00:00Z"), form);
  assert.equal(stands.dueOn, "2026-05-04");
  assert.equal(stands.waiting, later);
  assert.deepEqual(stands.remarks.map((each) => [each.kind, each.name, each.dueOn]), [["postponed", "Ada", "2026-05-04"]]);
});

test("once the organiser has it, the form says how it stands", () => {
  const known = { ...form, status: "done", givenAt: "2026-04-20T08:00:00Z" };
  const stands = standing(desk({ ...later, what: "reopen" }, "2026-04-20T08:00:00Z"), known);
  assert.equal(stands.status, "done");
  assert.equal(stands.waiting, null);
});

test("done and reopened count at once, and a dropped action stays dropped", () => {
  const told = (what) => desk({ kind: "action", what, text: "", dueOn: null }, "2026-04-20T08:00:00Z");
  assert.equal(standing(told("done"), form).status, "done");
  assert.equal(standing(told("reopen"), { ...form, status: "done" }).status, "open");
  assert.equal(standing(told("comment"), { ...form, status: "done" }).status, "done");
  assert.equal(standing(told("done"), { ...form, status: "dropped" }).status, "dropped");
});

test("lateness counts whole days", () => {
  assert.equal(daysLate("2026-03-28", "2026-03-30"), 2);
  assert.equal(daysLate("2026-03-30", "2026-03-30"), 0);
  assert.equal(daysLate(null, "2026-03-30"), 0);
});
