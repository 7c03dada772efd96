import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";

/** A tile as the page has it, as far as `Sight` looks. */
class Tile {
  clientHeight = 300;
  #attributes;

  constructor(participant, kind = "camera", pinned = false) {
    this.#attributes = { "data-participant": participant, "data-kind": kind, ...(pinned ? { "data-pinned": "" } : {}) };
    this.ownerDocument = globalThis.document;
  }

  getAttribute(name) {
    return this.#attributes[name] ?? null;
  }

  hasAttribute(name) {
    return name in this.#attributes;
  }

  contains(other) {
    return other === this.video;
  }
}

/** Stands in for both observers of the browser. */
class Observer {
  static all = [];
  targets = new Set();

  constructor(action) {
    this.action = action;
    Observer.all.push(this);
  }

  observe(target) {
    this.targets.add(target);
  }

  unobserve(target) {
    this.targets.delete(target);
  }
}

const listeners = new Map();
const timers = [];
let tiles = [];

globalThis.document = {
  visibilityState: "visible",
  pictureInPictureElement: null,
  defaultView: { devicePixelRatio: 2 },
  addEventListener: (name, action) => listeners.set(name, action),
  querySelectorAll: () => tiles,
};
globalThis.window = {
  screen: { height: 800 },
  devicePixelRatio: 2,
  setTimeout: (action) => timers.push(action),
  clearTimeout: () => timers.splice(0),
};
globalThis.IntersectionObserver = Observer;
globalThis.ResizeObserver = Observer;

const { Views } = await import("../../resources/web/views.js");
const { EMPTY } = await import("../../resources/web/room.js");

let room;
let said;
let resent;
let views;

const run = () => timers.splice(0).forEach((action) => action());
const inView = (...which) => {
  const entries = tiles.map((target) => ({ target, isIntersecting: which.includes(target) }));
  Observer.all[0].action(entries);
};
const wanted = (message) => message.feeds.map(({ participant, source, height }) => [participant, source, height]);
const people = (...ids) => ids.map((id) => ({ id, video: true, screen: false }));

beforeEach(() => {
  Observer.all = [];
  timers.splice(0);
  tiles = [];
  document.visibilityState = "visible";
  document.pictureInPictureElement = null;
  room = { ...EMPTY, you: "me", participants: people("me", "a", "b") };
  said = [];
  resent = 0;
  views = new Views({
    send: (message) => said.push(message) > 0,
    sendTracks: () => (resent += 1),
    room: () => room,
  });
});

after(() => {
  delete globalThis.document;
  delete globalThis.window;
});

test("what is in view is wanted in device pixels, the own picture is not", () => {
  tiles = [new Tile("me"), new Tile("a"), new Tile("b")];
  views.look();
  inView(tiles[0], tiles[1]);
  run();
  assert.deepEqual(wanted(said.at(-1)), [["a", "video", 720]]);
});

test("what the browser has not looked at yet is wanted until it says otherwise", () => {
  tiles = [new Tile("a"), new Tile("b")];
  views.look();
  run();
  assert.deepEqual(said.at(-1).feeds.map(({ participant }) => participant), ["a", "b"]);
  inView(tiles[1]);
  views.renewed();
  assert.deepEqual(said.at(-1).feeds.map(({ participant }) => participant), ["b"]);
  tiles = [tiles[1], new Tile("c")];
  views.look();
  views.renewed();
  assert.deepEqual(said.at(-1).feeds.map(({ participant }) => participant), ["b", "c"]);
});

test("in a hidden tab nothing is wanted but what floats above it", () => {
  tiles = [new Tile("a"), new Tile("b")];
  views.look();
  inView(...tiles);
  run();
  document.visibilityState = "hidden";
  tiles[1].video = document.pictureInPictureElement = {};
  listeners.get("visibilitychange")();
  views.renewed();
  assert.deepEqual(wanted(said.at(-1)), [["b", "video", 540]]);
});

test("a tile in a window of its own is seen when the page is hidden", () => {
  const apart = { defaultView: { devicePixelRatio: 1 }, querySelectorAll: () => [floating] };
  const floating = new Tile("a");
  floating.ownerDocument = apart;
  globalThis.documentPictureInPicture = { window: { document: apart } };
  document.visibilityState = "hidden";
  views.look();
  run();
  delete globalThis.documentPictureInPicture;
  assert.deepEqual(wanted(said.at(-1)), [["a", "video", 360]]);
});

test("a screen that somebody shares is wanted before it has a tile", () => {
  room = { ...room, participants: [...people("me"), { id: "a", video: false, screen: true }] };
  tiles = [new Tile("a")];
  views.look();
  inView(...tiles);
  run();
  assert.deepEqual(wanted(said.at(-1)), [["a", "video", 720], ["a", "screen", null]]);
  tiles.push(new Tile("a", "screen"));
  views.look();
  inView(...tiles);
  run();
  assert.deepEqual(wanted(said.at(-1)), [["a", "video", 720], ["a", "screen", 720]]);
});

test("who is pinned is said", () => {
  tiles = [new Tile("a", "camera", true), new Tile("b", "screen", true)];
  views.look();
  inView(...tiles);
  run();
  assert.deepEqual(said.at(-1).pinned, ["a"]);
});

test("a new connection is told at once, and a host that found it too much later", () => {
  tiles = [new Tile("a")];
  views.look();
  inView(...tiles);
  run();
  const count = said.length;
  views.renewed();
  assert.equal(said.length, count + 1);
  views.received({ type: "problem", inReplyTo: "want", code: "too_fast" });
  assert.equal(said.length, count + 1);
  run();
  assert.equal(said.length, count + 2);
});

test("nothing is wanted while not in the call", () => {
  room = null;
  tiles = [new Tile("a")];
  views.look();
  views.renewed();
  run();
  assert.deepEqual(said, []);
});

test("what nobody looks at is not sent until somebody does", () => {
  const tracks = { audio: "sound", video: "picture", screen: "screen" };
  assert.deepEqual(views.sending(tracks), tracks);
  views.received({ type: "feedWatched", source: "video", watched: false });
  views.received({ type: "feedWatched", source: "video", watched: false });
  assert.deepEqual(views.sending(tracks), { ...tracks, video: null });
  assert.equal(resent, 1);
  views.received({ type: "feedWatched", source: "video", watched: true });
  assert.deepEqual(views.sending(tracks), tracks);
  assert.equal(resent, 2);
});

test("a new socket starts with everything watched", () => {
  views.received({ type: "feedWatched", source: "screen", watched: false });
  views.received({ type: "welcome" });
  assert.deepEqual(views.sending({ audio: null, video: null, screen: "screen" }).screen, "screen");
});

test("tiles that went are not watched any more", () => {
  tiles = [new Tile("a"), new Tile("b")];
  views.look();
  tiles = tiles.slice(0, 1);
  views.look();
  assert.deepEqual(Observer.all.map((observer) => observer.targets.size), [1, 1]);
  views.reset();
  assert.deepEqual(Observer.all.map((observer) => observer.targets.size), [0, 0]);
});
