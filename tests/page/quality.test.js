import assert from "node:assert/strict";
import { test } from "node:test";

import { QualityWatch, judge, readReceived, readSent } from "../../resources/web/quality.js";
import { pickLanguage } from "../../resources/web/i18n.js";
import { verdictText } from "../../resources/web/view/quality.js";

const WELL = { healthy: true, camera: true };
const FEEDS = [
  { participant: "zoe", source: "audio", mid: "0" },
  { participant: "zoe", source: "video", mid: "1" },
  { participant: "li", source: "video", mid: "2" },
];

function out(changes = {}) {
  return { type: "outbound-rtp", kind: "video", bytesSent: 1000, frameHeight: 720, framesPerSecond: 24, ...changes };
}

function arrived(mid, changes = {}) {
  return { type: "inbound-rtp", mid, packetsReceived: 1000, packetsLost: 0, bytesReceived: 100_000, ...changes };
}

function sample(at, sent = [], received = []) {
  return { at, sent: readSent(sent), received: readReceived(received, FEEDS) };
}

const codes = (verdict) => verdict.reasons.map((reason) => `${reason.code} ${reason.level}`);

test("a browser that counts nothing has a good connection", () => {
  const quality = judge(sample(0), sample(6000), WELL);
  assert.deepEqual(quality.own, { level: "good", reasons: [] });
  assert.equal(quality.others.size, 0);
  assert.equal(quality.figures.sentBits, 0);
});

test("what is lost on the way out, the delay and the worst of the layers", () => {
  const sent = readSent([
    out({ frameHeight: 360, bytesSent: 300 }),
    out({ frameHeight: 720, bytesSent: 700, framesPerSecond: 25 }),
    { type: "remote-inbound-rtp", kind: "audio", fractionLost: 0.01, roundTripTime: 0.05 },
    { type: "remote-inbound-rtp", kind: "video", fractionLost: 0.04, roundTripTime: 0.4 },
    { type: "candidate-pair", nominated: true, currentRoundTripTime: 0.9 },
    { type: "media-source", kind: "video", framesPerSecond: 6 },
  ]);
  assert.deepEqual(sent, { bytes: 1000, lost: 0.04, delay: 400, captured: 6, height: 720, frames: 25, limit: "none" });
  const quality = judge(sample(0), { ...sample(6000), sent }, WELL);
  assert.equal(quality.own.level, "fair");
  assert.deepEqual(codes(quality.own), ["lossOut fair", "delay fair", "camera fair"]);
  assert.deepEqual(quality.own.reasons.map((reason) => reason.figure), [4, 400, 6]);
});

test("the delay of the path counts where nobody reports another", () => {
  assert.equal(readSent([{ type: "candidate-pair", nominated: true, currentRoundTripTime: 0.2 }]).delay, 200);
  assert.equal(readSent([{ type: "candidate-pair", nominated: false, currentRoundTripTime: 0.2 }]).delay, null);
});

test("a busy computer and a narrow line are told only while the camera is on, and not of layers nobody wants", () => {
  for (const limit of ["cpu", "bandwidth"]) {
    const now = sample(6000, [out({ qualityLimitationReason: limit })]);
    assert.deepEqual(codes(judge(sample(0), now, WELL).own), [`${limit} fair`]);
    assert.deepEqual(codes(judge(sample(0), now, { healthy: true, camera: false }).own), []);
  }
  const idle = sample(6000, [out({ qualityLimitationReason: "bandwidth", active: false })]);
  assert.deepEqual(codes(judge(sample(0), idle, WELL).own), []);
});

test("loss, missing sound and a picture that stands still belong to who sends them", () => {
  const before = sample(0, [], [arrived("0", { totalSamplesReceived: 0 }), arrived("1"), arrived("2")]);
  const now = sample(6000, [], [
    arrived("0", { packetsReceived: 1300, packetsLost: 60, totalSamplesReceived: 48_000, concealedSamples: 12_000, silentConcealedSamples: 2_000 }),
    arrived("1", { packetsReceived: 1300 }),
    arrived("2", { packetsReceived: 1300, totalFreezesDuration: 0.9 }),
  ]);
  const { own, others } = judge(before, now, WELL);
  assert.deepEqual(codes(others.get("zoe")), ["choppy poor", "lost fair"]);
  assert.deepEqual(codes(others.get("li")), ["frozen fair"]);
  assert.deepEqual(codes(own), ["lossIn fair"], "60 of 960 packets");
});

test("a handful of packets says nothing", () => {
  const before = sample(0, [], [arrived("2")]);
  const now = sample(6000, [], [arrived("2", { packetsReceived: 1010, packetsLost: 20 })]);
  assert.deepEqual(codes(judge(before, now, WELL).others.get("li")), []);
});

test("counters of a connection that was built anew begin at nothing", () => {
  const before = sample(0, [out({ bytesSent: 9_000_000 })], [arrived("2", { packetsLost: 500 })]);
  const now = sample(6000, [out({ bytesSent: 500 })], [arrived("2", { packetsReceived: 900, packetsLost: 0 })]);
  const { figures, others } = judge(before, now, WELL);
  assert.deepEqual(codes(others.get("li")), []);
  assert.equal(figures.sentBits, 0);
  assert.ok(figures.receivedBits > 0);
});

test("while media do not flow it is bad, and that comes first", () => {
  const now = sample(6000, [out({ qualityLimitationReason: "cpu" })]);
  assert.deepEqual(codes(judge(sample(0), now, { healthy: false, camera: true }).own), ["interrupted poor", "cpu fair"]);
});

test("a verdict in words has every reason", async () => {
  const { t } = await pickLanguage(["en"]);
  const verdict = { level: "poor", reasons: [{ code: "lossOut", level: "poor", figure: 12 }] };
  assert.match(verdictText(t, verdict), /^Bad\. 12 % of what you send is lost/u);
});

test("the watch judges the last seconds and tells once that it became bad", async (t) => {
  let tick;
  globalThis.window = { setInterval: (act) => ((tick = act), 1), clearInterval: () => undefined };
  t.after(() => delete globalThis.window);
  let lost = 0;
  let [changed, worse] = [0, 0];
  const read = async () => ({ sent: { ...readSent([]), lost }, received: new Map() });
  const watch = new QualityWatch(read, () => WELL, () => (changed += 1), () => (worse += 1));
  watch.watch(true);
  watch.watch(true);
  const turn = async () => {
    tick();
    await new Promise((resolve) => setImmediate(resolve));
  };
  await turn();
  assert.equal(changed, 0, "one sample is no time");
  await turn();
  assert.equal(watch.quality.own.level, "good");
  lost = 0.3;
  await turn();
  await turn();
  assert.equal(watch.quality.own.level, "poor");
  assert.deepEqual([changed, worse], [3, 1]);
  watch.watch(false);
  assert.equal(watch.quality.own.level, "good");
});
