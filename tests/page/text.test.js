import assert from "node:assert/strict";
import { test } from "node:test";

import { NAME_LENGTH, cleanName, fill, hue, initials } from "../../resources/web/text.js";

test("a name loses control and direction marks, not its letters", () => {
  assert.equal(cleanName("  Zoë\u202e \u0007Ångström\n"), "Zoë Ångström");
  assert.equal(cleanName("A\u030angstro\u0308m"), "Ångström");
  assert.equal(cleanName("\u2066\u2069 \t"), "");
  assert.equal(cleanName("علی\u200cرضا"), "علی\u200cرضا");
});

test("a name is cut by characters, not in the middle of one", () => {
  assert.equal([...cleanName("😀".repeat(100))].length, NAME_LENGTH);
});

test("initials are of the first and the last word, in any script", () => {
  assert.equal(initials("Zoë Ångström"), "ZÅ");
  assert.equal(initials("José María Pérez de la Fuente"), "JF");
  assert.equal(initials("Li"), "L");
  assert.equal(initials("  (Dr.) Ana  "), "DA");
  assert.equal(initials("😀"), "?");
  assert.equal(initials(""), "?");
});

test("the colour of a person stays", () => {
  assert.equal(hue("0101", 8), hue("0101", 8));
  assert.ok(new Set(["a", "b", "c", "d", "e", "f"].map((id) => hue(id, 8))).size > 1);
});

test("a place without a fact is seen", () => {
  assert.equal(fill("{name} joined {room}", { name: "$&" }), "$& joined {room}");
});
