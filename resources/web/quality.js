/**
 * How good the connection is, and why: read from what the browser counts of both peer connections.
 *
 * The counters are those of W3C "Identifiers for WebRTC's Statistics API"; what a browser does not
 * count is taken as good.
 *
 * @typedef {"good" | "fair" | "poor"} Level
 *
 * @typedef {"interrupted" | "lossOut" | "lossIn" | "delay" | "bandwidth" | "cpu" | "camera" | "lost" | "choppy" | "frozen"} ReasonCode
 *   the last three are about one other person
 *
 * @typedef {object} Reason
 * @property {ReasonCode} code
 * @property {Level} level what it alone makes of the connection
 * @property {number} figure percent lost, ms of delay, pictures a second; 0 where there is none
 *
 * @typedef {object} Verdict
 * @property {Level} level
 * @property {Reason[]} reasons the worst first
 *
 * @typedef {object} Sent counters of what this page sends
 * @property {number} bytes
 * @property {number | null} lost share of the packets, 0 to 1, as the host reports it
 * @property {number | null} delay there and back in ms
 * @property {number | null} captured pictures a second that the camera delivers
 * @property {number} height of the largest picture sent, in pixels
 * @property {number} frames a second of it
 * @property {"none" | "bandwidth" | "cpu"} limit
 *
 * @typedef {object} Received counters of what arrives from one person
 * @property {number} bytes
 * @property {number} packets
 * @property {number} lost packets
 * @property {number} samples of sound played
 * @property {number} invented samples of sound that had to be made up
 * @property {number} frozen seconds that the picture stood still
 *
 * @typedef {object} Sample
 * @property {number} at ms
 * @property {Sent} sent
 * @property {Map<string, Received>} received by participant
 *
 * @typedef {object} Quality
 * @property {Verdict} own
 * @property {Map<string, Verdict>} others by participant
 * @property {{sentBits: number, receivedBits: number, sent: Sent, lostIn: number} | null} figures bits a second
 */

/** From which share of lost packets on it is heard, and seen; from which delay people interrupt each other. */
const LOSS = { fair: 0.03, poor: 0.1 };
const DELAY_MS = { fair: 300, poor: 700 };
const INVENTED = { fair: 0.05, poor: 0.2 };
/** Share of the time that the picture stood still. */
const FROZEN = { fair: 0.1, poor: 0.35 };
const SLOW_CAMERA = 10;
/** Packets below which a share of lost ones says nothing. */
const ENOUGH = 40;

/** @type {Quality} */
export const UNKNOWN = Object.freeze({
  own: { level: "good", reasons: [] },
  others: new Map(),
  figures: null,
});

/**
 * Read what one page sends out of its statistics.
 *
 * @param {Iterable<any>} entries of `RTCPeerConnection.getStats()` of the publish connection
 * @returns {Sent}
 */
export function readSent(entries) {
  /** @type {Sent} */
  const sent = { bytes: 0, lost: null, delay: null, captured: null, height: 0, frames: 0, limit: "none" };
  for (const entry of entries) {
    if (entry.type === "outbound-rtp") {
      sent.bytes += entry.bytesSent ?? 0;
      if (entry.kind === "video" && entry.active !== false && (entry.frameHeight ?? 0) > sent.height) {
        sent.height = entry.frameHeight;
        sent.frames = entry.framesPerSecond ?? 0;
      }
      if (entry.active !== false && (entry.qualityLimitationReason === "cpu" || entry.qualityLimitationReason === "bandwidth")) {
        sent.limit = entry.qualityLimitationReason;
      }
    } else if (entry.type === "remote-inbound-rtp") {
      sent.lost = worst(sent.lost, entry.fractionLost);
      sent.delay = worst(sent.delay, scaled(entry.roundTripTime));
    } else if (entry.type === "candidate-pair" && entry.nominated === true) {
      sent.delay ??= scaled(entry.currentRoundTripTime) ?? null;
    } else if (entry.type === "media-source" && entry.kind === "video") {
      sent.captured = worst(sent.captured, entry.framesPerSecond);
    }
  }
  return sent;
}

/**
 * Read what arrives, by person.
 *
 * @param {Iterable<any>} entries of `RTCPeerConnection.getStats()` of the subscribe connection
 * @param {ReadonlyArray<import("./signalling.js").SubscribedFeed>} feeds what each m-line carries
 * @returns {Map<string, Received>}
 */
export function readReceived(entries, feeds) {
  const people = new Map(feeds.map((feed) => [feed.mid, feed.participant]));
  /** @type {Map<string, Received>} */
  const received = new Map();
  for (const entry of entries) {
    const person = entry.type === "inbound-rtp" ? people.get(entry.mid) : undefined;
    if (person === undefined) {
      continue;
    }
    const known = received.get(person) ?? { bytes: 0, packets: 0, lost: 0, samples: 0, invented: 0, frozen: 0 };
    received.set(person, {
      bytes: known.bytes + (entry.bytesReceived ?? 0),
      packets: known.packets + (entry.packetsReceived ?? 0),
      lost: known.lost + Math.max(0, entry.packetsLost ?? 0),
      samples: known.samples + (entry.totalSamplesReceived ?? 0),
      // Silence that was not sent is made up too, and nobody misses it.
      invented: known.invented + (entry.concealedSamples ?? 0) - (entry.silentConcealedSamples ?? 0),
      frozen: known.frozen + (entry.totalFreezesDuration ?? 0),
    });
  }
  return received;
}

/**
 * Judge the time between two samples.
 *
 * @param {Sample} before
 * @param {Sample} now
 * @param {{healthy: boolean, camera: boolean}} state media flow; the own camera is on
 * @returns {Quality}
 */
export function judge(before, now, { healthy, camera }) {
  const seconds = Math.max(0.001, (now.at - before.at) / 1000);
  /** @type {Map<string, Verdict>} */
  const others = new Map();
  let [packets, lost, bytes] = [0, 0, 0];
  for (const [person, counters] of now.received) {
    const change = difference(counters, before.received.get(person));
    packets += change.packets;
    lost += change.lost;
    bytes += change.bytes;
    others.set(person, verdict(reasonsOf(change, seconds)));
  }
  const lostIn = share(lost, packets);
  const { sent } = now;
  const own = verdict([
    ...(healthy ? [] : [reason("interrupted", "poor", 0)]),
    ...graded("lossOut", sent.lost ?? 0, LOSS, 100),
    ...graded("lossIn", lostIn, LOSS, 100),
    ...graded("delay", sent.delay ?? 0, DELAY_MS, 1),
    ...(camera && sent.limit !== "none" ? [reason(sent.limit, "fair", 0)] : []),
    ...(camera && sent.captured !== null && sent.captured > 0 && sent.captured < SLOW_CAMERA
      ? [reason("camera", "fair", Math.round(sent.captured))]
      : []),
  ]);
  const sentBits = (Math.max(0, sent.bytes - before.sent.bytes) * 8) / seconds;
  return { own, others, figures: { sentBits, receivedBits: (bytes * 8) / seconds, sent, lostIn } };
}

/** Takes a sample every few seconds and judges the last ones. */
export class QualityWatch {
  #read;
  #state;
  #changed;
  #worse;
  /** @type {Sample[]} */
  #samples = [];
  /** @type {number | undefined} */
  #timer;
  /** What is known now. @type {Quality} */
  quality = UNKNOWN;

  /**
   * @param {() => Promise<Omit<Sample, "at">>} read
   * @param {() => {healthy: boolean, camera: boolean}} state
   * @param {() => void} changed
   * @param {() => void} worse the own connection became bad
   */
  constructor(read, state, changed, worse) {
    this.#read = read;
    this.#state = state;
    this.#changed = changed;
    this.#worse = worse;
  }

  /**
   * Watch, or do not.
   *
   * @param {boolean} on
   */
  watch(on) {
    if (on === (this.#timer !== undefined)) {
      return;
    }
    window.clearInterval(this.#timer);
    this.#timer = on ? window.setInterval(() => void this.#take(), EVERY_MS) : undefined;
    if (!on) {
      this.#samples = [];
      this.quality = UNKNOWN;
    }
  }

  async #take() {
    const sample = { at: performance.now(), ...(await this.#read()) };
    this.#samples = [...this.#samples, sample].slice(-KEPT);
    const first = this.#samples[0];
    if (first !== undefined && first !== sample && this.#timer !== undefined) {
      const before = this.quality.own.level;
      this.quality = judge(first, sample, this.#state());
      this.#changed();
      if (this.quality.own.level === "poor" && before !== "poor") {
        this.#worse();
      }
    }
  }
}

const EVERY_MS = 2_000;
/** Samples that are judged together: 6 s, long enough that one lost packet is not a bad line. */
const KEPT = 4;

/**
 * @param {Received} counters
 * @param {Received | undefined} earlier counters that went down belong to an older connection
 * @returns {Received}
 */
function difference(counters, earlier) {
  const since = earlier === undefined || earlier.packets > counters.packets ? null : earlier;
  const minus = (/** @type {keyof Received} */ key) => Math.max(0, counters[key] - (since?.[key] ?? 0));
  return {
    bytes: minus("bytes"),
    packets: minus("packets"),
    lost: minus("lost"),
    samples: minus("samples"),
    invented: minus("invented"),
    frozen: minus("frozen"),
  };
}

/**
 * @param {Received} change
 * @param {number} seconds
 * @returns {Reason[]}
 */
function reasonsOf({ packets, lost, samples, invented, frozen }, seconds) {
  return [
    ...graded("lost", share(lost, packets), LOSS, 100),
    ...graded("choppy", samples === 0 ? 0 : invented / samples, INVENTED, 100),
    ...graded("frozen", frozen / seconds, FROZEN, 0),
  ];
}

/**
 * @param {number} lost
 * @param {number} packets that arrived
 */
function share(lost, packets) {
  return lost + packets < ENOUGH ? 0 : lost / (lost + packets);
}

/**
 * @param {ReasonCode} code
 * @param {number} value
 * @param {{fair: number, poor: number}} limits from which on it is no longer good
 * @param {number} scale of the figure that is told
 * @returns {Reason[]}
 */
function graded(code, value, limits, scale) {
  if (value < limits.fair) {
    return [];
  }
  return [reason(code, value < limits.poor ? "fair" : "poor", Math.round(value * scale))];
}

/**
 * @param {ReasonCode} code
 * @param {Level} level
 * @param {number} figure
 * @returns {Reason}
 */
function reason(code, level, figure) {
  return { code, level, figure };
}

/**
 * @param {Reason[]} reasons
 * @returns {Verdict}
 */
function verdict(reasons) {
  const rank = { poor: 0, fair: 1, good: 2 };
  const sorted = [...reasons].sort((one, other) => rank[one.level] - rank[other.level]);
  return { level: sorted[0]?.level ?? "good", reasons: sorted };
}

/**
 * @param {number | null} known
 * @param {number | undefined} value
 */
function worst(known, value) {
  return value === undefined ? known : Math.max(known ?? 0, value);
}

/** @param {number | undefined} seconds */
function scaled(seconds) {
  return seconds === undefined ? undefined : seconds * 1000;
}
