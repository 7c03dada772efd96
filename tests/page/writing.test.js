/** Writing the minutes: two pages and a host that merges, loses sockets and forgets. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { fromBase64, toBase64 } from "../../resources/web/base64.js";
import * as Y from "../../resources/web/vendor/yjs.js";
import { PAUSE, Writing } from "../../resources/web/writing.js";

const ITEM = "0".repeat(31) + "a";

/** A host as `room/writing.py` is, over no socket. */
class Host {
  constructor() {
    this.doc = new Y.Doc();
    this.pages = new Set();
    this.keeps = true;
  }

  take(page, message) {
    if (message.type === "openMinutes") {
      const update = toBase64(Y.encodeStateAsUpdate(this.doc, fromBase64(message.vector)));
      const vector = toBase64(Y.encodeStateVector(this.doc));
      page.tell({ type: "minutesOpened", document: "d", update, vector });
    } else if (message.type === "editMinutes") {
      Y.applyUpdate(this.doc, fromBase64(message.update));
      if (this.keeps) {
        page.tell({ type: "minutesKept", n: message.n });
      }
      for (const other of this.pages) {
        if (other !== page) {
          other.tell({ type: "minutesEdited", document: "d", update: message.update });
        }
      }
    } else if (message.type === "pointMinutes") {
      for (const other of this.pages) {
        if (other !== page) {
          const { item, anchor, head } = message;
          other.tell({ type: "minutesPointed", writer: 7, name: "Anna", colour: 2, item, anchor, head });
        }
      }
    }
  }
}

/** A page: its timers run when it says so, its socket is there or not. */
class Page {
  constructor(host, record = { unkept: null }) {
    this.host = host;
    this.record = record;
    this.online = true;
    this.timers = new Map();
    this.sent = [];
    this.writing = new Writing({
      send: (message) => {
        this.sent.push(message);
        if (this.online) {
          host.take(this, message);
        }
        return this.online;
      },
      changed: () => {},
      load: async () => Y,
      store: {
        recall: async () => record.unkept,
        keep: async (unkept) => void (record.unkept = unkept),
      },
      later: (call, delay) => {
        const timer = this.timers.size + 1;
        this.timers.set(timer, { call, delay });
        return timer;
      },
      cancel: (timer) => void this.timers.delete(timer),
    });
  }

  async enter() {
    this.host.pages.add(this);
    this.writing.allow(true);
    await new Promise((resolve) => setImmediate(resolve));
    return this;
  }

  tell(message) {
    if (this.online) {
      this.writing.received(message);
    }
  }

  cut() {
    this.online = false;
    this.writing.lost();
  }

  back() {
    this.online = true;
    this.tell({ type: "roomState" });
  }

  fire(delay) {
    for (const [timer, { call, delay: due }] of [...this.timers]) {
      if (due === delay) {
        this.timers.delete(timer);
        call();
      }
    }
  }

  get text() {
    return this.writing.doc.getText(ITEM);
  }
}

test("what one types the other has, and the host keeps it", async () => {
  const host = new Host();
  const [anna, ben] = [await new Page(host).enter(), await new Page(host).enter()];
  anna.text.insert(0, "Träger 🚀 ja");
  assert.equal(ben.text.toString(), "Träger 🚀 ja");
  assert.equal(anna.writing.isUnkept, false);
  assert.equal(anna.record.unkept, null);
});

test("changes in quick succession go out together", async () => {
  const host = new Host();
  const page = await new Page(host).enter();
  for (const letter of "abcdef") {
    page.text.insert(page.text.length, letter);
  }
  const edits = () => page.sent.filter(({ type }) => type === "editMinutes").length;
  assert.equal(edits(), 1);
  page.fire(PAUSE);
  assert.equal(edits(), 2);
  assert.equal(host.doc.getText(ITEM).toString(), "abcdef");
});

test("without connection both go on, and merge when it is back", async () => {
  const host = new Host();
  const [anna, ben] = [await new Page(host).enter(), await new Page(host).enter()];
  anna.text.insert(0, "start ");
  anna.cut();
  assert.equal(anna.writing.state, "opening");
  anna.text.insert(6, "offline ");
  ben.text.insert(0, "online ");
  assert.equal(anna.writing.isUnkept, true);
  assert.notEqual(anna.record.unkept, null);
  anna.back();
  assert.equal(anna.text.toString(), "online start offline ");
  assert.equal(ben.text.toString(), anna.text.toString());
  assert.equal(anna.record.unkept, null);
});

test("a page that is killed finds what the host had not kept", async () => {
  const host = new Host();
  const record = { unkept: null };
  const page = await new Page(host, record).enter();
  page.text.insert(0, "kept ");
  page.cut();
  page.text.insert(5, "not sent 🚀");
  host.pages.clear();
  const again = await new Page(host, record).enter();
  assert.equal(again.text.toString(), "kept not sent 🚀");
  assert.equal(host.doc.getText(ITEM).toString(), "kept not sent 🚀");
  assert.equal(record.unkept, null);
});

test("what the host has in memory only stays here, also when both compare", async () => {
  const host = new Host();
  const page = await new Page(host).enter();
  host.keeps = false;
  page.text.insert(0, "not on the disk");
  page.tell({ type: "minutesUnkept" });
  assert.equal(page.writing.isTroubled, true);
  page.back(); // compares anew: the host lacks nothing
  assert.equal(page.writing.isUnkept, true);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, page.record.unkept.update);
  assert.equal(doc.getText(ITEM).toString(), "not on the disk");
  host.keeps = true;
  page.back();
  assert.deepEqual([page.writing.isUnkept, page.writing.isTroubled, page.record.unkept], [false, false, null]);
});

test("a new revision is an empty document, and nothing of the old goes there", async () => {
  const host = new Host();
  const page = await new Page(host).enter();
  page.text.insert(0, "first");
  const before = page.writing.doc;
  host.doc = new Y.Doc();
  page.tell({ type: "minutesShut", reason: "replaced" });
  assert.notEqual(page.writing.doc, before);
  assert.equal(page.text.toString(), "");
  assert.equal(host.doc.getText(ITEM).toString(), "");
});

test("cursors of others stand where they stood in the text", async () => {
  const host = new Host();
  const [anna, ben] = [await new Page(host).enter(), await new Page(host).enter()];
  anna.text.insert(0, "one two");
  anna.writing.point(ITEM, 4, 7);
  anna.fire(250);
  ben.text.insert(0, "zero ");
  assert.deepEqual(ben.writing.cursors(ITEM), [{ name: "Anna", colour: 2, anchor: 9, head: 12 }]);
  assert.deepEqual(ben.writing.others, ["Anna"]);
  anna.writing.point(null, 0, 0);
  anna.fire(250);
  assert.deepEqual(ben.writing.cursors(ITEM), []);
  ben.tell({ type: "minutesPointed", writer: 9, name: "x", colour: 0, item: ITEM, anchor: "////", head: "" });
  assert.deepEqual(ben.writing.cursors(ITEM), []);
});

test("a refusal compares anew; a full document and a lost right do not", async () => {
  const host = new Host();
  const page = await new Page(host).enter();
  const opens = () => page.sent.filter(({ type }) => type === "openMinutes").length;
  page.tell({ type: "problem", code: "bad_update", inReplyTo: "editMinutes" });
  page.fire(1500);
  assert.equal(opens(), 2);
  page.tell({ type: "problem", code: "minutes_full", inReplyTo: "editMinutes" });
  assert.equal(page.writing.state, "full");
  page.writing.allow(false);
  assert.equal(page.writing.state, "off");
  assert.equal(page.writing.doc, null);
});
