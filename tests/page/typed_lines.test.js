import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { LineReader } from "../../resources/web/typed_lines.js";

const file = new URL("../fixtures/rules/typed_lines.json", import.meta.url);
const shared = JSON.parse(readFileSync(file, "utf8"));
const words = {
  meetingDay: shared.meeting_day,
  projectStart: shared.project_start,
  projectMonths: shared.project_months,
  names: shared.vocabulary.names,
  labels: shared.vocabulary.labels,
};
const reader = new LineReader(words);

for (const each of shared.cases) {
  test(`typed line: ${each.line}`, () => {
    const line = reader.read(each.line);
    if (each.kind === null) {
      assert.equal(line, null);
      return;
    }
    assert.equal(line?.kind, each.kind);
    assert.deepEqual(line?.spans.map(({ mark, start, end }) => [mark, start, end]), each.spans);
    assert.deepEqual(line?.problems.map(({ code, start, end }) => [code, start, end]), each.problems);
    if (each.due !== null) {
      assert.equal(line?.spans.find(({ mark }) => mark === "due")?.title, each.due);
    }
  });
}

const offers = (/** @type {string} */ line) => {
  const at = line.indexOf("|");
  return reader.offer(line.replace("|", ""), at, (kind) => kind)?.offers.map(({ insert }) => insert) ?? [];
};

test("what is offered while a typed line is written", () => {
  assert.deepEqual(offers("A: @luk|"), ["@Łukasz Żółć "]);
  assert.deepEqual(offers("A: @Ana Silva |"), []);
  assert.deepEqual(offers("A: WP|"), ["WP3 ", "WP4 "]);
  assert.deepEqual(offers("A: WP3|"), []);
  assert.deepEqual(offers("A: T|"), []);
  assert.deepEqual(offers("A: x //+|"), ["//+1w ", "//+2w ", "//+1m "]);
  assert.deepEqual(offers("A: x //fr|"), ["//Fri "]);
  assert.deepEqual(reader.offer("A: x //ve", 9, (kind) => kind, "fr-CA")?.offers.map(({ insert }) => insert), ["//ven "]);
  assert.deepEqual(offers("D: x //+|"), []);
  assert.deepEqual(offers("- d|"), ["D: "]);
  assert.deepEqual(offers("plain @ana|"), []);
});
