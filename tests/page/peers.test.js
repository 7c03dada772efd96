import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Peers } from "../../resources/web/peers.js";
import { Connection, Timers, settled } from "./connections.js";

const saved = {};
let timers;
let sent;
let received;
let tracks;
let relays;
let suspected;
let peers;
let open;
let publishes;
let takesSizes;
let codecs;

beforeEach(() => {
  timers = new Timers();
  Connection.all = [];
  sent = [];
  received = [];
  open = true;
  publishes = true;
  takesSizes = true;
  codecs = ["vp8"];
  relays = [];
  suspected = 0;
  tracks = { audio: { kind: "audio" }, video: { kind: "video" }, screen: null, sound: null };
  saved.window = globalThis.window;
  Object.assign(globalThis, {
    window: timers,
    RTCPeerConnection: Connection,
    RTCRtpSender: { getCapabilities: () => ({ codecs: [] }) },
  });
  peers = new Peers({
    send: (message) => open && (sent.push(message), true),
    tracks: () => tracks,
    relays: () => relays,
    publishes: () => publishes,
    takesSizes: () => takesSizes,
    codecs: () => codecs,
    received: (feeds) => received.push(feeds),
    health: () => undefined,
    reachable: () => open,
    suspect: () => (suspected += 1),
  });
});

afterEach(() => {
  peers.close();
  globalThis.window = saved.window;
});

const offers = () => sent.filter((message) => message.type === "publish");
const answer = (sdp) => peers.received({ type: "publishAnswered", sdp });

function offer(number, fragment) {
  peers.received({
    type: "subscribeOffered",
    offer: number,
    sdp: `v=0\r\na=ice-ufrag:${fragment}\r\n`,
    feeds: [{ mid: "1", participant: "p", source: "audio" }],
  });
}

function live() {
  return Connection.all.filter((connection) => !connection.closed);
}

test("both connections are asked for, microphone and camera from the start", async () => {
  peers.open(false);
  await settled();
  assert.deepEqual(sent.map(({ type }) => type).sort(), ["openSubscribe", "publish"]);
  assert.deepEqual(offers()[0].sources, { 0: "audio", 1: "video" });
  assert.equal(offers()[0].rebuild, false);
});

const TAKES = "v=0\r\na=simulcast:recv q;h;f\r\n";
const ONE_PERSON = { bitsPerSecond: 1_500_000, divideBy: 1, layered: false };
const MANY = { bitsPerSecond: 300_000, divideBy: 2, layered: true };

function camera() {
  const line = live()[0].lines[1];
  return (line.sender.parameters?.encodings ?? line.options.sendEncodings).map((one) => [
    one.rid,
    one.active,
    one.scaleResolutionDownBy,
    one.maxBitrate,
  ]);
}

test("a camera is offered in three sizes, and one person gets only the largest", async () => {
  peers.open(false);
  await settled();
  assert.deepEqual(camera(), [
    ["q", false, 4, 150_000],
    ["h", false, 2, 500_000],
    ["f", true, 1, 1_500_000],
  ]);
  answer(TAKES);
  await settled();
  peers.setLimit(MANY);
  await settled();
  assert.deepEqual(camera(), [
    ["q", true, 4, 150_000],
    ["h", true, 2, 500_000],
    ["f", true, 1, 1_200_000],
  ]);
  peers.setLimit(ONE_PERSON);
  await settled();
  assert.deepEqual(
    camera().map(([, active]) => active),
    [false, false, true],
  );
});

test("a host that takes one size gets one, made small by the room's size", async () => {
  peers.open(false);
  await settled();
  peers.setLimit(MANY);
  answer("v=0\r\n");
  await settled();
  const [first, ...others] = camera();
  assert.deepEqual(first, ["q", true, 2, 300_000]);
  assert.deepEqual(
    others.map(([, active]) => active),
    [false, false],
  );
});

test("a host that said it takes one size is offered one, without an id", async () => {
  takesSizes = false;
  peers.open(false);
  await settled();
  assert.deepEqual(camera(), [[undefined, true, 1, 1_500_000]]);
  answer(TAKES);
  peers.setLimit(MANY);
  await settled();
  assert.deepEqual(camera(), [[undefined, true, 2, 300_000]]);
});

const CAPABLE = [
  { mimeType: "video/VP8" },
  { mimeType: "video/rtx" },
  { mimeType: "video/H264", sdpFmtpLine: "packetization-mode=1;profile-level-id=64001f" },
  { mimeType: "video/H264", sdpFmtpLine: "packetization-mode=1;profile-level-id=42e01f" },
  { mimeType: "video/H264", sdpFmtpLine: "packetization-mode=0;profile-level-id=42e01f" },
  { mimeType: "video/VP9", sdpFmtpLine: "profile-id=2" },
  { mimeType: "video/VP9", sdpFmtpLine: "profile-id=0" },
  { mimeType: "video/AV1" },
];

test("a picture is offered in what the host takes, and in VP8", async () => {
  globalThis.RTCRtpSender.getCapabilities = (kind) => ({ codecs: kind === "video" ? CAPABLE : [] });
  const preferred = async (/** @type {string[]} */ names) => {
    codecs = names;
    peers.open(true);
    await settled();
    return Connection.all.at(-2).lines[1].preferred?.map((codec) => CAPABLE.indexOf(codec));
  };
  assert.deepEqual(await preferred(["vp8"]), [0, 1]);
  assert.deepEqual(await preferred(["vp9", "h264", "vp8"]), [6, 3, 0, 1]);
  assert.deepEqual(await preferred([]), [0, 1]);
});

test("asked to, the page offers the same connection once more, after the answer that is due", async () => {
  peers.open(false);
  await settled();
  const [publishing] = Connection.all;
  peers.received({ type: "publishAgain" });
  await settled();
  assert.equal(offers().length, 1);
  answer(TAKES);
  await settled();
  assert.equal(offers().length, 2);
  assert.equal(offers()[1].rebuild, false);
  answer(TAKES);
  await settled();
  assert.equal(offers().length, 2);
  assert.equal(publishing.closed, false);
  assert.equal(Connection.all.length, 2);
});

test("before VP9 is sent in several sizes, each is made a stream of its own", async () => {
  peers.open(false);
  await settled();
  const modes = () => Connection.all[0].lines[1].sender.getParameters().encodings.map((one) => one.scalabilityMode);
  answer(`m=video 9 UDP/TLS/RTP/SAVPF 96 98\r\na=rtpmap:98 VP9/90000\r\na=rtpmap:96 VP8/90000\r\n${TAKES}`);
  await settled();
  assert.deepEqual(modes(), [undefined, undefined, undefined]);
  peers.received({ type: "publishAgain" });
  await settled();
  answer(`m=video 9 UDP/TLS/RTP/SAVPF 98 96\r\na=rtpmap:98 VP9/90000\r\na=rtpmap:96 VP8/90000\r\n${TAKES}`);
  await settled();
  assert.deepEqual(modes(), ["L1T1", "L1T1", "L1T1"]);
});

test("connections use the relays that were given last", async () => {
  relays = [{ urls: ["turn:one.example"], username: "1:a", credential: "x" }];
  peers.open(false);
  relays = [{ urls: ["turn:two.example"], username: "2:a", credential: "y" }];
  peers.open(true);
  await settled();
  const used = Connection.all.map(({ configuration }) => configuration.iceServers[0].urls[0]);
  assert.deepEqual(used, ["turn:one.example", "turn:one.example", "turn:two.example", "turn:two.example"]);
});

test("a screen is a line of its own, offered after the answer and never before", async () => {
  peers.open(false);
  await settled();
  tracks = { ...tracks, screen: { kind: "video" } };
  peers.sendTracks();
  await settled();
  assert.equal(offers().length, 1);
  answer("answer 1");
  await settled();
  assert.deepEqual(offers()[1].sources, { 0: "audio", 1: "video", 2: "screen" });
  tracks = { ...tracks, screen: null };
  answer("answer 2");
  peers.sendTracks();
  await settled();
  assert.equal(offers().length, 2);
  assert.equal(Connection.all[0].lines[2].sender.track, null);
});

test("a camera that is switched off leaves its line silent", async () => {
  peers.open(false);
  await settled();
  tracks = { ...tracks, video: null };
  peers.sendTracks();
  assert.equal(Connection.all[0].lines[1].sender.track, null);
  assert.equal(offers().length, 1);
});

test("a camera that comes back before its leaving took effect is sent", async () => {
  peers.open(false);
  await settled();
  const { sender } = Connection.all[0].lines[1];
  const camera = tracks.video;
  // As by the specification: behind the negotiation that is under way, and in order.
  const waiting = [];
  sender.replaceTrack = (next) => new Promise((resolve) => waiting.push(() => resolve((sender.track = next))));
  tracks = { ...tracks, video: null };
  peers.sendTracks();
  tracks = { ...tracks, video: camera };
  peers.sendTracks();
  peers.sendTracks();
  waiting.forEach((act) => act());
  await settled();
  assert.equal(sender.track, camera);
  assert.equal(waiting.length, 2);
});

test("who may not send any more closes the connection that sent", async () => {
  peers.open(false);
  await settled();
  publishes = false;
  peers.open(true);
  await settled();
  assert.deepEqual(live().map(({ number }) => number), [3]);
  assert.equal(offers().length, 1);
});

test("a failed connection is built anew, both of them", async () => {
  peers.open(false);
  await settled();
  const [publish] = live();
  answer("answer 1");
  await settled();
  publish.become("connected");
  publish.become("failed");
  await timers.pass(0);
  assert.equal(offers().length, 2);
  assert.equal(offers()[1].rebuild, true);
  assert.deepEqual(sent.filter(({ type }) => type === "openSubscribe").map(({ rebuild }) => rebuild), [false, true]);
  assert.equal(publish.closed, true);
});

test("a moment of bad network is waited out", async () => {
  peers.open(false);
  await settled();
  const [publish] = live();
  answer("answer 1");
  await settled();
  publish.become("connected");
  publish.become("disconnected");
  await timers.pass(1_200);
  publish.become("connected");
  await timers.pass(20_000);
  assert.equal(offers().length, 1);
  publish.become("disconnected");
  await timers.pass(1_600);
  assert.equal(offers().length, 2);
});

test("an answer to an offer before the newest is not taken", async () => {
  peers.open(false);
  await settled();
  await timers.pass(10_100); // nothing came: built anew while the host still starts its media
  assert.equal(offers().length, 2);
  const newest = live()[0];
  answer("to the first");
  await settled();
  assert.deepEqual(newest.remote, []);
  answer("to the second");
  await settled();
  assert.deepEqual(newest.remote, ["to the second"]);
});

test("a new socket brings no replies to the old one's offers", async () => {
  peers.open(false);
  await settled();
  peers.socketReplaced();
  peers.check();
  await settled();
  answer("to the second");
  await settled();
  assert.deepEqual(live()[0].remote, ["to the second"]);
});

test("a refused offer is tried again, ever more slowly", async () => {
  peers.open(false);
  const times = [];
  for (let attempt = 0; attempt < 5; attempt += 1) {
    await settled();
    const before = offers().length;
    peers.received({ type: "problem", code: "x", text: "", inReplyTo: "publish", fatal: false });
    const from = timers.now;
    while (offers().length === before && timers.now - from < 60_000) {
      await timers.pass(100);
    }
    times.push(timers.now - from);
  }
  assert.deepEqual([...times].sort((one, other) => one - other), times);
  assert.ok(times[0] <= 100 && times.at(-1) > 2_000 && times.at(-1) <= 15_100, times.join());
});

test("offers of the host are answered in order, with their number", async () => {
  peers.open(false);
  await settled();
  offer(1, "aaa");
  await settled();
  offer(2, "aaa");
  await settled();
  const answers = sent.filter(({ type }) => type === "subscribeAnswer");
  assert.deepEqual(answers.map((message) => message.offer), [1, 2]);
  assert.equal(received.length, 2);
  assert.deepEqual([...received[1].keys()], ["p audio"]);
});

test("an offer of another leg gets another connection", async () => {
  peers.open(false);
  await settled();
  offer(1, "aaa");
  await settled();
  offer(2, "bbb");
  await settled();
  const from = received.map((feeds) => feeds.get("p audio").from);
  assert.notEqual(from[0], from[1]);
  assert.equal(live().length, 2);
});

test("nothing is done after close", async () => {
  peers.open(false);
  await settled();
  peers.close();
  answer("late");
  offer(1, "aaa");
  await timers.pass(60_000);
  assert.equal(live().length, 0);
  assert.equal(offers().length, 1);
});

/** Both connections are connected. */
async function connectedPeers() {
  peers.open(false);
  await settled();
  answer("answer 1");
  await settled();
  live()[0].become("connected");
  offer(1, "aaa");
  await settled();
  live()[1].become("connected");
}

test("who still receives is left alone when the session resumes", async () => {
  await connectedPeers();
  peers.socketReplaced();
  peers.check();
  await settled();
  live()[1].arrived += 1_000;
  await timers.pass(5_000);
  assert.equal(offers().length, 1);
});

test("who says to be connected and receives nothing is built anew within a second", async () => {
  await connectedPeers();
  peers.check(5_000);
  await settled();
  assert.equal(offers().length, 1);
  await timers.pass(1_000);
  assert.equal(offers().length, 2);
  assert.equal(offers()[1].rebuild, true);
});

test("a connection that heals by itself after a short silence is kept", async () => {
  await connectedPeers();
  live()[0].become("disconnected");
  open = false;
  await timers.pass(1_000);
  open = true;
  peers.check(5_000);
  await settled();
  live()[0].become("connected");
  live()[0].arrived += 1_000;
  await timers.pass(5_000);
  assert.equal(offers().length, 1);
});

test("after half a minute the host has given up its side: nothing is waited for", async () => {
  await connectedPeers();
  peers.check(26_000);
  await settled();
  assert.equal(offers().length, 2);
});

test("in another network nothing is waited for", async () => {
  await connectedPeers();
  peers.networkChanged();
  peers.check(500);
  await settled();
  assert.equal(offers().length, 2);
});

test("media that stop make the socket suspect", async () => {
  await connectedPeers();
  live()[0].become("disconnected");
  assert.equal(suspected, 1);
});

test("without a host nothing is built; it is when the session resumes, without delay", async () => {
  await connectedPeers();
  open = false;
  live()[0].become("failed");
  await timers.pass(30_000);
  assert.equal(offers().length, 1);
  open = true;
  peers.check(1_000);
  await settled();
  assert.equal(offers().length, 2);
});
