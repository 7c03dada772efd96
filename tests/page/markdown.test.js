/** The buttons and keys of the minutes' editor. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { inTable, listContinued, toggledBold, toggledLines } from "../../resources/web/markdown.js";

/**
 * @param {string} text
 * @param {readonly import("../../resources/web/markdown.js").Change[]} changes
 */
const changed = (text, changes) =>
  [...changes].reverse().reduce((now, { from, to, insert }) => now.slice(0, from) + insert + now.slice(to), text);

test("bold goes around what is selected, and away again", () => {
  const text = "The 🚀 budget is due";
  const on = toggledBold(text, 4, 13);
  const bold = changed(text, on.changes);
  assert.equal(bold, "The **🚀 budget** is due");
  assert.equal(bold.slice(on.anchor, on.head), "🚀 budget");
  const off = toggledBold(bold, on.anchor, on.head);
  assert.equal(changed(bold, off.changes), text);
  assert.deepEqual([off.anchor, off.head], [4, 13]);
});

test("lines become entries, entries become headings, and plain lines again", () => {
  const as = (/** @type {string[]} */ lines, /** @type {string} */ mark) =>
    toggledLines(lines, mark).map(({ cut, put }, n) => put + (lines[n] ?? "").slice(cut));
  assert.deepEqual(as(["one", "", "two"], "- "), ["- one", "", "- two"]);
  assert.deepEqual(as(["- one", "- two"], "- "), ["one", "two"]);
  assert.deepEqual(as(["- one", "two"], "- "), ["- one", "- two"]);
  assert.deepEqual(as(["1. one"], "## "), ["## one"]);
  assert.deepEqual(as([""], "## "), ["## "]);
});

test("Enter goes on with a list, and ends it in an empty entry", () => {
  assert.deepEqual(listContinued("- one", 5), { insert: "\n- ", ends: false });
  assert.deepEqual(listContinued("  9. nine", 9), { insert: "\n  10. ", ends: false });
  assert.deepEqual(listContinued("- [x] done", 10), { insert: "\n- [ ] ", ends: false });
  assert.deepEqual(listContinued("- ", 2), { insert: "", ends: true });
  assert.equal(listContinued("- one", 0), null);
  assert.equal(listContinued("one", 3), null);
});

test("a table has a head, and the cursor is in its first cell", () => {
  const { text, cursor } = inTable(["What", "Who"], true);
  assert.equal(text, "\n\n| What | Who |\n| --- | --- |\n|   |   |\n");
  assert.equal(text.slice(cursor - 2, cursor + 1), "|  ");
});
