import assert from "node:assert/strict";
import { test } from "node:test";

import { alike, byDay, dayKey, dayTitle, elsewhereText, spanText, zoneChoices, zoneName } from "../../resources/web/dates.js";

const NOON = Date.parse("2026-03-24T12:00:00Z");
const LATE = Date.parse("2026-03-24T22:30:00Z");

test("a day is that of the zone", () => {
  assert.equal(dayKey(LATE, "Europe/Lisbon"), "2026-03-24");
  assert.equal(dayKey(LATE, "Asia/Seoul"), "2026-03-25");
  assert.equal(dayKey(LATE, "Mars/Olympus"), "2026-03-24", "a zone that is not known counts as UTC");
});

test("dates are grouped by day, the earliest first, as the zone has them", () => {
  const items = [LATE, NOON, NOON + 1];
  const days = (zone) => byDay(items, (item) => item, zone).map((day) => [day.key, day.items.length]);
  assert.deepEqual(days("Europe/Lisbon"), [["2026-03-24", 3]]);
  assert.deepEqual(days("Asia/Seoul"), [["2026-03-24", 2], ["2026-03-25", 1]]);
  assert.deepEqual(byDay(items, (item) => item, "UTC")[0].items, [NOON, NOON + 1, LATE]);
});

test("weekdays are the language's, and of the day itself", () => {
  assert.match(dayTitle("2026-03-24", "en-GB"), /^Tuesday,? 24 March 2026$/u);
  assert.match(dayTitle("2026-03-24", "de"), /^Dienstag, 24\. März 2026$/u);
});

test("a span names the day on which it ends, when that is another", () => {
  assert.match(spanText(NOON, 90, "UTC", "en-GB"), /^12:00.13:30$/u);
  assert.match(spanText(LATE, 120, "UTC", "en-GB"), /^22:30 – Wed.? 00:30$/u);
});

test("elsewhere names the weekday, when it is another day there", () => {
  assert.match(elsewhereText(NOON, 60, "Europe/Lisbon", "UTC", "en-GB"), /^12:00.13:00$/u);
  assert.match(elsewhereText(LATE, 60, "Asia/Seoul", "UTC", "en-GB"), /^Wed 07:30.08:30$/u);
});

test("zones are alike only if they are at every date", () => {
  const summer = Date.parse("2026-04-02T12:00:00Z");
  assert.ok(alike([NOON, summer], "Europe/Berlin", "Europe/Copenhagen"));
  assert.ok(alike([NOON], "Europe/London", "Africa/Abidjan"));
  assert.ok(!alike([NOON, summer], "Europe/London", "Africa/Abidjan"), "the clocks change between");
});

test("zones are named by their city, with what they are from UTC then", () => {
  assert.equal(zoneName("Asia/Seoul", NOON), "Seoul (Asia), UTC+9");
  assert.equal(zoneName("America/Argentina/Buenos_Aires", NOON), "Buenos Aires (America/Argentina), UTC-3");
  assert.equal(zoneName("UTC", NOON), "UTC");
});

test("every zone of the browser can be chosen, once, and those that are needed", () => {
  const found = zoneChoices(["Europe/Lisbon", "Mars/Olympus", ""], NOON, "en").map((each) => each.zone);
  assert.ok(found.length > 300);
  assert.equal(new Set(found).size, found.length);
  assert.ok(found.includes("Europe/Lisbon") && found.includes("UTC") && !found.includes("Mars/Olympus"));
});
