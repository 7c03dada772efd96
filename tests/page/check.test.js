import assert from "node:assert/strict";
import { test } from "node:test";

import {
  NOTHING,
  browserName,
  deviceFinding,
  kilobits,
  lossOf,
  pathOf,
  problemsOf,
  reportOf,
  verdictOf,
} from "../../resources/web/check/findings.js";
import { arrived } from "../../resources/web/flow.js";
import { de } from "../../resources/web/i18n/de.js";
import { en } from "../../resources/web/i18n/en.js";

const WELL = {
  ...NOTHING,
  browser: "Firefox 140",
  microphone: "works",
  camera: "works",
  speaker: "heard",
  socket: true,
  mediaTried: true,
  path: "direct",
  roundTripMs: 30,
  upKbps: 5_000,
  downKbps: 20_000,
  lostPercent: 0,
};

test("who has all of it is ready", () => {
  assert.equal(verdictOf(WELL), "good");
  assert.deepEqual(problemsOf(WELL), []);
});

for (const [change, problem, verdict] of [
  [{ capable: false }, "browserOld", "bad"],
  [{ socket: false, mediaTried: false, path: "none" }, "noSocket", "bad"],
  [{ path: "none" }, "noMedia", "bad"],
  [{ microphone: "denied" }, "noMicrophone", "bad"],
  [{ microphone: "unknown" }, "noMicrophone", "bad"],
  [{ microphone: "silent" }, "silentMicrophone", "limited"],
  [{ camera: "missing" }, "noCamera", "limited"],
  [{ speaker: "unheard" }, "noSpeaker", "bad"],
  [{ path: "relayTcp" }, "relayOnly", "limited"],
  [{ path: "relayTls" }, "relayOnly", "limited"],
  [{ upKbps: 500 }, "slowUp", "limited"],
  [{ upKbps: 100 }, "slowUp", "bad"],
  [{ downKbps: 900 }, "slowDown", "limited"],
  [{ downKbps: 200 }, "slowDown", "bad"],
  [{ lostPercent: 8 }, "lossy", "limited"],
  [{ lostPercent: 30 }, "lossy", "bad"],
  [{ roundTripMs: 600 }, "far", "limited"],
]) {
  test(`${JSON.stringify(change)} means ${problem}, ${verdict}, and there are words for it`, () => {
    const findings = { ...WELL, ...change };
    assert.deepEqual(problemsOf(findings), [problem]);
    assert.equal(verdictOf(findings), verdict);
    for (const words of [en, de]) {
      assert.ok(words[`check.problem.${problem}`] && words[`check.remedy.${problem}`]);
    }
  });
}

test("what was not measured is no problem", () => {
  const findings = { ...WELL, mediaTried: false, path: "none", upKbps: null, downKbps: null, lostPercent: null };
  assert.equal(verdictOf(findings), "good");
});

test("the report has what the host takes, and the worst comes first", () => {
  const report = reportOf({ ...WELL, browser: "x".repeat(90), camera: "busy", socket: false, mediaTried: false });
  assert.deepEqual(report.problems, ["noSocket", "noCamera"]);
  assert.equal(report.browser.length, 64);
  assert.ok(!("mediaTried" in report) && !("capable" in report));
});

test("browsers by their names", () => {
  const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
  const safari =
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.2 Safari/605.1.15";
  assert.equal(browserName(chrome), "Chrome 156");
  assert.equal(browserName(`${chrome} Edg/156.0.1.2`), "Edge 156");
  assert.equal(browserName("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"), "Firefox 140");
  assert.equal(browserName(safari), "Safari 18");
  assert.equal(browserName("a robot"), "");
});

test("why a device did not open, as the organiser reads it", () => {
  const found = ["denied", "system", "dismissed", "missing", "busy", "failed", "unsupported"].map(deviceFinding);
  assert.deepEqual(found, ["denied", "denied", "denied", "missing", "busy", "unknown", "unknown"]);
});

const LOCAL = [
  { id: "h", type: "local-candidate", candidateType: "host", protocol: "udp" },
  { id: "s", type: "local-candidate", candidateType: "srflx", protocol: "udp" },
  { id: "r", type: "local-candidate", candidateType: "relay", relayProtocol: "tls" },
];

test("the way of media is that of the chosen pair", () => {
  const pairs = [
    { id: "p1", type: "candidate-pair", state: "succeeded", nominated: false, localCandidateId: "h" },
    { id: "p2", type: "candidate-pair", state: "succeeded", nominated: true, localCandidateId: "r" },
  ];
  const chosen = { type: "transport", selectedCandidatePairId: "p1" };
  assert.equal(pathOf([...LOCAL, ...pairs, chosen]).path, "direct");
  assert.equal(pathOf([...LOCAL, ...pairs]).path, "relayTls"); // Firefox has no transport entry
  assert.equal(pathOf(LOCAL).path, "none");
  assert.deepEqual(pathOf(LOCAL).found, ["host", "relay tls", "srflx"]);
});

test("loss is a share of what was sent, and nothing at all is no share", () => {
  assert.equal(lossOf([]), null);
  assert.equal(lossOf([{ type: "inbound-rtp", packetsLost: 5, packetsReceived: 95 }]), 5);
  assert.equal(lossOf([{ type: "inbound-rtp", packetsLost: -2, packetsReceived: 95 }]), 0);
});

test("kilobits are thousands of bits", () => {
  assert.equal(kilobits(1_000_000, 2), 4_000);
  assert.equal(kilobits(1_000_000, 0), null);
});

test("what arrives is counted on every path of a connection", () => {
  const entries = [
    { type: "candidate-pair", bytesReceived: 10, responsesReceived: 2 },
    { type: "candidate-pair", bytesReceived: 5 },
    { type: "inbound-rtp", bytesReceived: 99 },
  ];
  assert.equal(arrived(entries), 17);
});
