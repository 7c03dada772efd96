import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Peers } from "../../resources/web/peers.js";
import { Connection, Timers, settled } from "./connections.js";

const TAKES = "v=0\r\na=simulcast:recv q;h;f\r\n";
const MANY = { bitsPerSecond: 300_000, divideBy: 2, layered: true };

const saved = {};
let timers;
let peers;

beforeEach(() => {
  timers = new Timers();
  Connection.all = [];
  saved.window = globalThis.window;
  Object.assign(globalThis, {
    window: timers,
    RTCPeerConnection: Connection,
    RTCRtpSender: { getCapabilities: () => ({ codecs: [] }) },
  });
  const tracks = { audio: { kind: "audio" }, video: { kind: "video" }, screen: null, sound: null };
  peers = new Peers({
    send: () => true,
    tracks: () => tracks,
    relays: () => [],
    publishes: () => true,
    takesSizes: () => true,
    codecs: () => ["vp8"],
    received: () => undefined,
    health: () => undefined,
    reachable: () => true,
    suspect: () => undefined,
  });
});

afterEach(() => {
  peers.close();
  globalThis.window = saved.window;
});

const answer = (sdp) => peers.received({ type: "publishAnswered", sdp });
const live = () => Connection.all.filter((connection) => !connection.closed);

function camera() {
  const line = live()[0].lines[1];
  return line.sender.parameters?.encodings ?? line.options.sendEncodings;
}

const sentSizes = () => camera().filter(({ active }) => active).map(({ rid }) => rid);
const wantSizes = (...layers) => peers.received({ type: "layersWanted", source: "video", layers });

test("a size that nobody gets is not sent until somebody does", async () => {
  peers.setLimit(MANY);
  peers.open(false);
  await settled();
  answer(TAKES);
  await settled();
  assert.deepEqual(sentSizes(), ["q", "h", "f"]);
  wantSizes("q");
  await settled();
  assert.deepEqual(sentSizes(), ["q"]);
  peers.received({ type: "layersWanted", source: "screen", layers: ["q", "h", "f"] });
  await settled();
  assert.deepEqual(sentSizes(), ["q"]);
  wantSizes("q", "f");
  await settled();
  assert.deepEqual(sentSizes(), ["q", "f"]);
});

test("a connection that is built anew forgets what was leaving", async () => {
  peers.open(false);
  await settled();
  answer(TAKES);
  wantSizes("q");
  await settled();
  peers.open(true);
  await timers.pass(3_000);
  assert.deepEqual(sentSizes(), ["f"]);
});

test("one person gets the largest size that is wanted, alone", async () => {
  peers.open(false);
  await settled();
  answer(TAKES);
  wantSizes("q");
  await settled();
  assert.deepEqual(sentSizes(), ["q", "f"], "the one before goes on until the other looks at the new one");
  await timers.pass(2_000);
  assert.deepEqual(sentSizes(), ["q"]);
  wantSizes("q", "h");
  await settled();
  assert.deepEqual(sentSizes(), ["q", "h"]);
  wantSizes("q", "h");
  await timers.pass(2_000);
  assert.deepEqual(sentSizes(), ["h"]);
  wantSizes();
  await timers.pass(2_000);
  assert.deepEqual(sentSizes(), ["f"], "something is always sent");
});

test("a new connection sends all sizes, whatever was said of the one before", async () => {
  peers.setLimit(MANY);
  peers.open(false);
  await settled();
  wantSizes("q");
  await settled();
  peers.open(true);
  await settled();
  assert.deepEqual(sentSizes(), ["q", "h", "f"]);
  wantSizes("q", "h");
  answer(TAKES);
  await settled();
  assert.deepEqual(sentSizes(), ["q", "h"]);
});

test("a sender is told one thing after the other", async () => {
  peers.open(false);
  await settled();
  answer(TAKES);
  await settled();
  const { sender } = live()[0].lines[1];
  const set = sender.setParameters;
  let busy = 0;
  sender.setParameters = async (parameters) => {
    busy += 1;
    assert.equal(busy, 1, "what was read before another change is refused");
    await settled();
    busy -= 1;
    return set(parameters);
  };
  peers.setLimit(MANY);
  wantSizes("q");
  wantSizes("q", "h");
  for (let turn = 0; turn < 6; turn += 1) {
    await settled();
  }
  assert.deepEqual(sentSizes(), ["q", "h"]);
});
