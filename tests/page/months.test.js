import assert from "node:assert/strict";
import { test } from "node:test";

import { MOST_HUNDREDTHS, monthsEntry, monthsText, readMonths } from "../../resources/web/months.js";
import { dayText } from "../../resources/web/times.js";

test("person-months are read with comma or point and are exact", () => {
  const read = { "2": 200, "2.5": 250, "2,25": 225, " 0 ": 0, ".5": 50, "7.": 700, "0,070": 7, "10000": MOST_HUNDREDTHS };
  for (const [text, hundredths] of Object.entries(read)) {
    assert.equal(readMonths(text), hundredths, text);
  }
  for (let hundredths = 0; hundredths < 2000; hundredths += 1) {
    assert.equal(readMonths(monthsEntry(hundredths, "de")), hundredths);
    assert.equal(readMonths(monthsEntry(hundredths, "en")), hundredths);
  }
});

test("what is no person-months says why", () => {
  const wrong = {
    "": "empty",
    " ": "empty",
    "two": "bad",
    "-1": "bad",
    "1e3": "bad",
    ".": "bad",
    "1.000,50": "bad",
    "2.255": "places",
    "10000.01": "large",
    "99999999": "large",
  };
  for (const [text, reason] of Object.entries(wrong)) {
    assert.equal(readMonths(text), reason, text);
  }
});

test("person-months and days are written in the reader's language", () => {
  assert.equal(monthsText(123_450, "en"), "1,234.50");
  assert.equal(monthsText(5, "de"), "0,05");
  assert.equal(monthsEntry(123_450, "de"), "1234,5");
  assert.equal(dayText("2027-08-31", "en-GB"), "31 August 2027");
});
