/**
 * The minutes as this person writes them: a Yjs document that stays in step with the host's.
 *
 * A change goes out at once, at most every `PAUSE`; what the host has not on its disk yet is kept here
 * and in this browser (`unkept.js`). After a lost socket, a refusal or a silence both sides say what
 * they have and send what the other lacks: nothing doubles, nothing is lost. Yjs itself is loaded by
 * who may write, and by nobody else.
 *
 * @typedef {import("./signalling.js").ClientMessage} ClientMessage
 * @typedef {import("./signalling.js").HostMessage} HostMessage
 * @typedef {import("./vendor/yjs.js").Doc} Doc
 * @typedef {typeof import("./vendor/yjs.js")} Yjs
 *
 * @typedef {"off" | "opening" | "live" | "full"} WritingState off: this person does not write; opening:
 *   not in step yet, or without connection; full: the host takes no more
 *
 * @typedef {object} Pointed where somebody else writes
 * @property {string} name
 * @property {number} colour
 * @property {string} item
 * @property {Uint8Array} anchor relative position of Yjs
 * @property {Uint8Array} head
 *
 * @typedef {object} WritingAround what it needs of the page, so that tests need no page
 * @property {(message: ClientMessage) => boolean} send
 * @property {() => void} changed the state, or who writes along
 * @property {() => Promise<Yjs>} load
 * @property {{recall: () => Promise<import("./unkept.js").Unkept | null>,
 *   keep: (unkept: import("./unkept.js").Unkept | null) => Promise<void>}} store
 * @property {(call: () => void, delay: number) => number} later
 * @property {(timer: number | undefined) => void} cancel
 */

import { fromBase64, toBase64 } from "./base64.js";

/** Between two changes that go out, ms. */
export const PAUSE = 60;
/** Between two places of the own cursor, ms. */
const POINT_PAUSE = 250;
/** How long the host may take to keep a change before both sides compare anew, ms. */
const PATIENCE = 8000;
/** After a refusal, ms. */
const AGAIN = 1500;
/** Bytes of an update in one message (`signalling/writing.py`). */
const MAX_UPDATE = 128 * 1024;

/** Says what came from the host, so that it does not go back. */
const FROM_HOST = Symbol("host");

/** Writes along, as long as this person may. */
export class Writing {
  #around;
  /** @type {Yjs | null} */
  #yjs = null;
  /** @type {Doc | null} */
  #doc = null;
  /** @type {WritingState} */
  #state = "off";
  #wanted = false;
  #document = "";
  /** @type {import("./signalling.js").LineWords | null} */
  #words = null;
  #troubled = false;
  #n = 0;
  /** Not sent yet. @type {Uint8Array[]} */
  #queue = [];
  /** Sent, and not on the host's disk yet. @type {Array<{n: number, update: Uint8Array}>} */
  #sent = [];
  /** @type {number | undefined} */
  #sendTimer;
  /** @type {number | undefined} */
  #patience;
  /** @type {number | undefined} */
  #pointTimer;
  /** @type {Extract<ClientMessage, {type: "pointMinutes"}> | null} */
  #point = null;
  /** @type {Map<number, Pointed>} */
  #pointed = new Map();
  /** @type {Set<() => void>} */
  #watchers = new Set();
  #generation = 0;

  /** @param {WritingAround} around */
  constructor(around) {
    this.#around = around;
  }

  /** @type {WritingState} */
  get state() {
    return this.#state;
  }

  /** True while something is not on the host's disk. */
  get isUnkept() {
    return this.#queue.length > 0 || this.#sent.length > 0;
  }

  /** True while the host says that it cannot keep anything. */
  get isTroubled() {
    return this.#troubled;
  }

  /** The document; null until there is one. Another object means another document. */
  get doc() {
    return this.#doc;
  }

  /** What typed lines may name; null where the host was not told. */
  get words() {
    return this.#words;
  }

  /** Names of the others who write, in the order of their colours. @returns {string[]} */
  get others() {
    const all = [...this.#pointed.values()].sort((one, other) => one.colour - other.colour);
    return [...new Set(all.map(({ name }) => name))];
  }

  /**
   * @param {string} item
   * @returns {import("./view/editor.js").Cursor[]} where the others write in an item
   */
  cursors(item) {
    const [yjs, doc] = [this.#yjs, this.#doc];
    if (yjs === null || doc === null) {
      return [];
    }
    const place = (/** @type {Uint8Array} */ position) => {
      try {
        const found = yjs.createAbsolutePositionFromRelativePosition(yjs.decodeRelativePosition(position), doc);
        return found?.type === doc.getText(item) ? found.index : null;
      } catch {
        return null; // not a position of Yjs
      }
    };
    return [...this.#pointed.values()].flatMap((pointed) => {
      const [anchor, head] = pointed.item === item ? [place(pointed.anchor), place(pointed.head)] : [null, null];
      return anchor === null || head === null ? [] : [{ name: pointed.name, colour: pointed.colour, anchor, head }];
    });
  }

  /**
   * Call when others moved their cursors.
   *
   * @param {() => void} watcher
   * @returns {() => void} ends it
   */
  watch(watcher) {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /**
   * Say where the own cursor is.
   *
   * @param {string | null} item null: nowhere
   * @param {number} anchor in UTF-16 units
   * @param {number} head
   */
  point(item, anchor, head) {
    const [yjs, doc] = [this.#yjs, this.#doc];
    if (yjs === null || doc === null) {
      return;
    }
    const position = (/** @type {number} */ place) =>
      item === null
        ? ""
        : toBase64(yjs.encodeRelativePosition(yjs.createRelativePositionFromTypeIndex(doc.getText(item), place)));
    const point = /** @type {const} */ ({ type: "pointMinutes", item, anchor: position(anchor), head: position(head) });
    if (JSON.stringify(point) !== JSON.stringify(this.#point)) {
      this.#point = point;
      this.#pointTimer ??= this.#around.later(() => this.#sendPoint(), POINT_PAUSE);
    }
  }

  /** Write along, or (false) no longer. @param {boolean} may */
  allow(may) {
    if (may === this.#wanted) {
      return;
    }
    this.#wanted = may;
    if (may) {
      void this.#begin();
    } else {
      this.#end();
    }
  }

  /** The socket is gone: go on writing here. */
  lost() {
    if (this.#state === "live") {
      this.#state = "opening";
      this.#pointed.clear();
      this.#told();
    }
    this.#around.cancel(this.#patience);
  }

  /** @param {HostMessage} message */
  received(message) {
    switch (message.type) {
      case "roomState":
        this.#open();
        break;
      case "minutesOpened":
        this.#opened(message);
        break;
      case "minutesEdited":
        this.#edited(message);
        break;
      case "minutesKept":
        this.#kept(message.n);
        break;
      case "minutesUnkept":
        this.#troubled = true;
        this.#around.changed();
        break;
      case "minutesPointed":
        this.#others(message);
        break;
      case "minutesShut":
        if (message.reason === "replaced") {
          this.#renew();
        }
        break;
      case "problem":
        this.#refused(message.code, message.inReplyTo);
        break;
    }
  }

  async #begin() {
    this.#state = "opening";
    this.#generation += 1;
    const generation = this.#generation;
    const [yjs, unkept] = await Promise.all([this.#around.load(), this.#around.store.recall()]);
    if (generation !== this.#generation) {
      return;
    }
    this.#yjs = yjs;
    this.#make();
    if (unkept !== null) {
      this.#document = unkept.document;
      this.#merge(unkept.update);
      this.#queue = [unkept.update];
    }
    this.#open();
  }

  #make() {
    const yjs = this.#yjs;
    if (yjs === null) {
      return;
    }
    this.#doc?.destroy();
    const doc = new yjs.Doc();
    doc.on("update", (/** @type {Uint8Array} */ update, /** @type {unknown} */ origin) => {
      if (origin !== FROM_HOST) {
        this.#changed(update);
      }
    });
    this.#doc = doc;
    this.#queue = [];
    this.#sent = [];
    this.#pointed.clear();
    this.#told();
  }

  #end() {
    this.#generation += 1;
    this.#state = "off";
    for (const timer of [this.#sendTimer, this.#patience, this.#pointTimer]) {
      this.#around.cancel(timer);
    }
    this.#sendTimer = this.#pointTimer = undefined;
    this.#doc?.destroy();
    this.#doc = null;
    this.#document = "";
    this.#point = null;
    this.#pointed.clear();
    this.#told();
  }

  /** Another document is written from now on: this one is left as it is. */
  #renew() {
    this.#document = "";
    this.#make();
    void this.#around.store.keep(null);
    this.#open();
  }

  /** Say what is here, and ask for what is not. */
  #open() {
    const [yjs, doc] = [this.#yjs, this.#doc];
    if (!this.#wanted || yjs === null || doc === null) {
      return;
    }
    this.#state = "opening";
    const vector = toBase64(yjs.encodeStateVector(doc));
    this.#around.send({ type: "openMinutes", replica: doc.clientID, vector, document: this.#document });
    this.#around.changed();
  }

  /** @param {Extract<HostMessage, {type: "minutesOpened"}>} opened */
  #opened({ document, update, vector, words }) {
    const [yjs, doc] = [this.#yjs, this.#doc];
    if (yjs === null || doc === null) {
      return;
    }
    if (this.#document !== "" && this.#document !== document) {
      this.#renew();
      return;
    }
    this.#document = document;
    this.#words = words;
    this.#merge(fromBase64(update));
    const lacking = yjs.encodeStateAsUpdate(doc, fromBase64(vector));
    const unkept = this.#unkept();
    this.#queue = [];
    this.#sent = [];
    this.#state = "live";
    if (unkept !== undefined || lacking.length > 2) {
      // Also when the host lacks nothing: it may have it in memory only, and answers once it has not.
      this.#transmit(lacking, unkept === undefined ? lacking : yjs.mergeUpdates([unkept, lacking]));
    }
    this.#sendPoint();
    this.#told();
  }

  /** @param {Extract<HostMessage, {type: "minutesEdited"}>} edited */
  #edited({ document, update }) {
    if (this.#doc !== null && (this.#document === "" || this.#document === document)) {
      this.#document = document;
      this.#merge(fromBase64(update));
      this.#notify();
    }
  }

  /** @param {Uint8Array} update */
  #merge(update) {
    if (this.#doc !== null) {
      this.#yjs?.applyUpdate(this.#doc, update, FROM_HOST);
    }
  }

  /** @param {Uint8Array} update made here */
  #changed(update) {
    const wasKept = !this.isUnkept;
    this.#queue.push(update);
    this.#keepHere();
    if (this.#sendTimer === undefined) {
      this.#flush();
      this.#sendTimer = this.#around.later(() => {
        this.#sendTimer = undefined;
        this.#flush();
      }, PAUSE);
    }
    if (wasKept) {
      this.#around.changed();
    }
  }

  #flush() {
    const yjs = this.#yjs;
    if (this.#state !== "live" || this.#queue.length === 0 || yjs === null) {
      return;
    }
    const update = this.#queue.length === 1 ? this.#queue[0] : yjs.mergeUpdates(this.#queue);
    this.#queue = [];
    if (update !== undefined) {
      this.#transmit(update);
    }
  }

  /**
   * @param {Uint8Array} update
   * @param {Uint8Array} unkept what is kept here until the host has it on its disk
   */
  #transmit(update, unkept = update) {
    this.#n += 1;
    this.#sent.push({ n: this.#n, update: unkept });
    this.#around.cancel(this.#patience);
    this.#patience = this.#around.later(() => this.#open(), PATIENCE);
    const parts = Math.ceil(update.length / MAX_UPDATE);
    for (let part = 0; part < parts; part += 1) {
      const piece = toBase64(update.subarray(part * MAX_UPDATE, (part + 1) * MAX_UPDATE));
      this.#around.send({ type: "editMinutes", n: this.#n, document: this.#document, update: piece, part, parts });
    }
  }

  /** @param {number} n */
  #kept(n) {
    this.#troubled = false;
    this.#sent = this.#sent.filter((sent) => sent.n > n);
    if (this.#sent.length === 0) {
      this.#around.cancel(this.#patience);
    }
    this.#keepHere();
    this.#around.changed();
  }

  /** What the host has not on its disk, as one update. */
  #unkept() {
    if (this.#state !== "live" && this.#queue.length > 1) {
      this.#queue = [this.#yjs?.mergeUpdates(this.#queue)].filter((update) => update !== undefined);
    }
    const updates = [...this.#sent.map(({ update }) => update), ...this.#queue];
    return updates.length > 1 ? this.#yjs?.mergeUpdates(updates) : updates[0];
  }

  #keepHere() {
    const update = this.#unkept();
    void this.#around.store.keep(update === undefined ? null : { document: this.#document, update });
  }

  #sendPoint() {
    this.#around.cancel(this.#pointTimer);
    this.#pointTimer = undefined;
    if (this.#state === "live" && this.#point !== null) {
      this.#around.send(this.#point);
    }
  }

  /** @param {Extract<HostMessage, {type: "minutesPointed"}>} pointed */
  #others({ writer, name, colour, item, anchor, head }) {
    if (item === null) {
      this.#pointed.delete(writer);
    } else {
      this.#pointed.set(writer, { name, colour, item, anchor: fromBase64(anchor), head: fromBase64(head) });
    }
    this.#told();
  }

  /**
   * @param {string} code
   * @param {string | null} request
   */
  #refused(code, request) {
    const isOurs = request === "openMinutes" || request === "editMinutes";
    if (!this.#wanted || (!isOurs && code !== "too_many_messages")) {
      return;
    }
    if (code === "minutes_full") {
      this.#state = "full";
      this.#around.changed();
    } else if (code !== "not_allowed" && code !== "minutes_not_shared") {
      // What was refused is here still: compare, and send it again.
      this.#around.cancel(this.#patience);
      this.#patience = this.#around.later(() => this.#open(), AGAIN);
    }
  }

  #told() {
    this.#notify();
    this.#around.changed();
  }

  #notify() {
    for (const watcher of this.#watchers) {
      watcher();
    }
  }
}
