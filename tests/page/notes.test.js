import assert from "node:assert/strict";
import { test } from "node:test";

import { isEmpty, readNotes, readRuns } from "../../resources/web/notes.js";
import { EMPTY, applyMessage } from "../../resources/web/room.js";

const plain = (text) => [{ text, look: "plain" }];

test("headings, paragraphs and lists are told apart", () => {
  const blocks = readNotes("# Status\nfirst line\nsecond line\n\nnext\n- one\n- two\n1. first\n2) second\n");
  assert.deepEqual(blocks.map((block) => block.kind), ["heading", "paragraph", "paragraph", "list", "list"]);
  assert.deepEqual(blocks[1].lines, [plain("first line"), plain("second line")]);
  assert.deepEqual(blocks.slice(3).map((block) => [block.ordered, block.entries.length]), [[false, 2], [true, 2]]);
});

test("lists go into one another and have boxes", () => {
  const [list] = readNotes("- [x] done\n  - [ ] inner\n      - deep\n- after");
  assert.deepEqual(list.entries.map(({ depth, done }) => [depth, done]), [[0, true], [1, false], [3, null], [0, null]]);
});

test("a line that is indented first begins a list at its edge", () => {
  const [list] = readNotes("    - alone");
  assert.equal(list.entries[0].depth, 0);
});

test("looks within a line", () => {
  assert.deepEqual(readRuns("a **b** *c* _d_ `e*f*`"), [
    ...plain("a "),
    { text: "b", look: "strong" },
    ...plain(" "),
    { text: "c", look: "emphasis" },
    ...plain(" "),
    { text: "d", look: "emphasis" },
    ...plain(" "),
    { text: "e*f*", look: "code" },
  ]);
});

test("what only looks like Markdown stays as it was typed", () => {
  for (const text of ["2*3*4", "snake_case_name", "a ** b", "<b>no</b>", "#no heading", "1.5 million", "-5 degrees"]) {
    const [block] = readNotes(text);
    assert.deepEqual(block, { kind: "paragraph", lines: [plain(text)] }, text);
  }
});

test("no text is lost, whatever is typed", () => {
  const marks = ["*", "_", "`", "#", "-", "1.", " ", "a", "[x]", "\n", "**", "é"];
  for (let seed = 1; seed < 400; seed += 1) {
    let state = seed;
    const text = Array.from({ length: 12 }, () => {
      state = (state * 48271) % 2147483647;
      return marks[state % marks.length];
    }).join("");
    const letters = JSON.stringify(readNotes(text)).replaceAll(/"(?:kind|look|text|plain|strong|emphasis|code|paragraph|heading|list|lines|runs|entries|ordered|depth|done|level)"|true|false|null/gu, "");
    assert.equal((letters.match(/a/gu) ?? []).length, (text.match(/a/gu) ?? []).length, JSON.stringify(text));
  }
});

test("the page keeps the last notes of each item until the minutes are closed", () => {
  const notes = (item, text) => ({ type: "notesShown", at: "2026-03-02T09:05:00Z", notes: { item, text, decisions: [], actions: [] } });
  let room = applyMessage(applyMessage(EMPTY, notes("a", "one")), notes("b", "two"));
  room = applyMessage(room, notes("a", "three"));
  assert.deepEqual(Object.entries(room.notes).map(([item, { text }]) => [item, text]), [["a", "three"], ["b", "two"]]);
  room = applyMessage(room, { type: "notesShared", shared: false });
  assert.deepEqual([room.notesShared, room.notes], [false, {}]);
  assert.ok(isEmpty(undefined));
  assert.ok(isEmpty({ item: "a", text: " \n", decisions: [], actions: [] }));
  assert.ok(!isEmpty({ item: "a", text: "", decisions: ["Yes."], actions: [] }));
});

test("a table has a head and rows, and ends with an empty line", () => {
  const [before, table, after] = readNotes("first\n| What | **Who** |\n| --- | :-: |\n| Draft | Bo |\n\n| no table |");
  assert.deepEqual([before.kind, table.kind, after.kind], ["paragraph", "table", "paragraph"]);
  assert.deepEqual(table.head, [plain("What"), [{ text: "Who", look: "strong" }]]);
  assert.deepEqual(table.rows, [[plain("Draft"), plain("Bo")]]);
});

test("only addresses of the web and of mail become links", () => {
  assert.deepEqual(readRuns("see [D3.2](https://example.org/a) now"), [
    ...plain("see "),
    { text: "D3.2", look: "link", href: "https://example.org/a" },
    ...plain(" now"),
  ]);
  const harmless = "[x](javascript:alert(1)) [y](data:text/html,z)";
  assert.deepEqual(readRuns(harmless), plain(harmless));
});
