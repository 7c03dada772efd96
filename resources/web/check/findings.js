/**
 * What a connection check found, and what it means for a call. Pure.
 *
 * @typedef {import("../signalling.js").CheckReport} CheckReport
 * @typedef {import("../signalling.js").CheckProblem} CheckProblem
 * @typedef {import("../signalling.js").Verdict} Verdict
 * @typedef {import("../signalling.js").MediaPath} MediaPath
 * @typedef {import("../permissions.js").Fault} Fault
 *
 * @typedef {object} Findings
 * @property {string} browser name and version
 * @property {boolean} capable the browser can hold a call
 * @property {import("../signalling.js").DeviceFinding} microphone
 * @property {import("../signalling.js").DeviceFinding} camera
 * @property {import("../signalling.js").SpeakerFinding} speaker
 * @property {boolean} socket
 * @property {boolean} mediaTried a test picture was sent; without a personal link none is
 * @property {MediaPath} path
 * @property {number | null} roundTripMs
 * @property {number | null} upKbps
 * @property {number | null} downKbps
 * @property {number | null} lostPercent
 *
 * @typedef {object} Path
 * @property {MediaPath} path by which media go
 * @property {string[]} found kinds of own addresses, e.g. "host", "srflx", "relay udp"
 */

/** Kilobits per second: below the first a call stutters, below the second there is none. */
export const UP = { enough: 800, least: 150 };
export const DOWN = { enough: 1_200, least: 300 };
/** Per cent of lost packets, and milliseconds to the host and back. */
export const LOSS = { much: 5, tooMuch: 20 };
export const FAR = 400;

/** Before the problem: how bad it is. @type {Record<CheckProblem, Verdict>} */
const WEIGHT = {
  browserOld: "bad",
  noSocket: "bad",
  noMedia: "bad",
  noMicrophone: "bad",
  noSpeaker: "bad",
  slowUp: "limited",
  slowDown: "limited",
  lossy: "limited",
  silentMicrophone: "limited",
  noCamera: "limited",
  relayOnly: "limited",
  far: "limited",
};

/** Nothing was looked at yet. @type {Readonly<Findings>} */
export const NOTHING = Object.freeze({
  browser: "",
  capable: true,
  microphone: "unknown",
  camera: "unknown",
  speaker: "unknown",
  socket: false,
  mediaTried: false,
  path: "none",
  roundTripMs: null,
  upKbps: null,
  downKbps: null,
  lostPercent: null,
});

/**
 * Return what stands in the way of a call, worst first.
 *
 * @param {Findings} findings
 * @returns {CheckProblem[]}
 */
export function problemsOf(findings) {
  const isRelayed = findings.path === "relayTcp" || findings.path === "relayTls";
  const microphone = findings.microphone;
  /** @type {Record<CheckProblem, boolean>} */
  const found = {
    browserOld: !findings.capable,
    noSocket: !findings.socket,
    noMedia: findings.socket && findings.mediaTried && findings.path === "none",
    noMicrophone: microphone !== "works" && microphone !== "silent",
    noSpeaker: findings.speaker === "unheard",
    slowUp: isUnder(findings.upKbps, UP.enough),
    slowDown: isUnder(findings.downKbps, DOWN.enough),
    lossy: (findings.lostPercent ?? 0) > LOSS.much,
    silentMicrophone: microphone === "silent",
    noCamera: findings.camera !== "works",
    relayOnly: isRelayed,
    far: (findings.roundTripMs ?? 0) > FAR,
  };
  const names = /** @type {CheckProblem[]} */ (Object.keys(found));
  return names.filter((name) => found[name]);
}

/**
 * Return whether a call will work.
 *
 * @param {Findings} findings
 * @returns {Verdict}
 */
export function verdictOf(findings) {
  const problems = problemsOf(findings);
  const isHopeless =
    isUnder(findings.upKbps, UP.least) ||
    isUnder(findings.downKbps, DOWN.least) ||
    (findings.lostPercent ?? 0) > LOSS.tooMuch;
  if (isHopeless || problems.some((problem) => WEIGHT[problem] === "bad")) {
    return "bad";
  }
  return problems.length > 0 ? "limited" : "good";
}

/**
 * Return what the organiser is told.
 *
 * @param {Findings} findings
 * @returns {CheckReport}
 */
export function reportOf(findings) {
  const { browser, microphone, camera, speaker, socket, path, roundTripMs, upKbps, downKbps, lostPercent } = findings;
  return {
    verdict: verdictOf(findings),
    problems: problemsOf(findings),
    browser: browser.slice(0, 64),
    ...{ microphone, camera, speaker, socket, path, roundTripMs, upKbps, downKbps, lostPercent },
  };
}

/**
 * Return a device's finding for why it did not open.
 *
 * @param {Fault} fault
 * @returns {import("../signalling.js").DeviceFinding}
 */
export function deviceFinding(fault) {
  switch (fault) {
    case "missing":
    case "busy":
      return fault;
    case "denied":
    case "system":
    case "dismissed":
      return "denied";
    default:
      return "unknown";
  }
}

/**
 * Return name and version of a browser, as its people know it.
 *
 * @param {string} agent `navigator.userAgent`
 * @returns {string} "" when it is none of the known ones
 */
export function browserName(agent) {
  /** @type {[RegExp, string][]} */
  const known = [
    [/QtWebEngine\/(\d+)/u, "ProjectDesk"],
    [/Edg(?:A|iOS)?\/(\d+)/u, "Edge"],
    [/(?:Firefox|FxiOS)\/(\d+)/u, "Firefox"],
    [/OPR\/(\d+)/u, "Opera"],
    [/(?:Chrome|Chromium|CriOS)\/(\d+)/u, "Chrome"],
    [/Version\/(\d+)[\d.]* (?:Mobile\/\S+ )?Safari/u, "Safari"],
  ];
  for (const [pattern, name] of known) {
    const found = pattern.exec(agent);
    if (found !== null) {
      return `${name} ${found[1]}`;
    }
  }
  return "";
}

/**
 * Return by which way media go, out of `getStats` of a connection.
 *
 * @param {any[]} entries
 * @returns {Path}
 */
export function pathOf(entries) {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const chosen = entries.find((entry) => entry.type === "transport")?.selectedCandidatePairId;
  const pair =
    byId.get(chosen) ??
    entries.find((entry) => entry.type === "candidate-pair" && entry.state === "succeeded" && entry.nominated);
  const local = byId.get(pair?.localCandidateId);
  const own = entries.filter((entry) => entry.type === "local-candidate");
  return { path: local === undefined ? "none" : wayOf(local), found: [...new Set(own.map(kindOf))].sort() };
}

/**
 * Return how many per cent of the packets were lost, out of `getStats` of what is received.
 *
 * @param {any[]} entries
 * @returns {number | null} null when nothing came
 */
export function lossOf(entries) {
  let lost = 0;
  let received = 0;
  for (const entry of entries) {
    if (entry.type === "inbound-rtp") {
      lost += Math.max(0, entry.packetsLost ?? 0);
      received += entry.packetsReceived ?? 0;
    }
  }
  return received === 0 ? null : Math.round((1000 * lost) / (lost + received)) / 10;
}

/**
 * Return a rate in kilobits (1000 bits) per second.
 *
 * @param {number} bytes
 * @param {number} seconds
 * @returns {number | null} null when it took no time
 */
export function kilobits(bytes, seconds) {
  return seconds > 0 ? Math.round((bytes * 8) / seconds / 1000) : null;
}

/**
 * @param {any} candidate
 * @returns {MediaPath}
 */
function wayOf(candidate) {
  if (candidate.candidateType !== "relay") {
    return "direct";
  }
  return candidate.relayProtocol === "tls" ? "relayTls" : candidate.relayProtocol === "tcp" ? "relayTcp" : "relayUdp";
}

/** @param {any} candidate */
function kindOf(candidate) {
  const type = candidate.candidateType === "prflx" ? "srflx" : candidate.candidateType;
  return type === "relay" ? `relay ${candidate.relayProtocol ?? "udp"}` : type;
}

/**
 * @param {number | null} value
 * @param {number} limit
 */
function isUnder(value, limit) {
  return value !== null && value < limit;
}
