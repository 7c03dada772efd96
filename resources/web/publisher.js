/**
 * The publish connection: what this page sends. We offer, the host answers.
 *
 * @typedef {import("./signalling.js").FeedSource} FeedSource
 * @typedef {import("./signalling.js").VideoCodec} VideoCodec
 * @typedef {import("./peers.js").Surroundings} Surroundings
 *
 * @typedef {object} Limit what the camera sends at most
 * @property {number} bitsPerSecond where it is sent in one size
 * @property {number} divideBy of its height, where it is sent in one size
 * @property {boolean} layered whether several sizes are of use
 *
 * @typedef {{rid: string, scaleResolutionDownBy: number, maxBitrate: number}} Layer
 */

import { gatheredSdp } from "./gathering.js";

/** Slides and text: sharp, so many bits for few pictures. */
const SCREEN = { maxBitrate: 2_500_000, maxFramerate: 15 };

/** @type {FeedSource[]} what has no line before it is shared */
const SHARED = ["screen", "sound"];

/**
 * The sizes in which a camera is sent, smallest first (simulcast, RFC 8853). The host forwards to
 * each person the one that fills the tile and fits the way.
 *
 * @type {Layer[]}
 */
const LAYERS = [
  { rid: "q", scaleResolutionDownBy: 4, maxBitrate: 150_000 },
  { rid: "h", scaleResolutionDownBy: 2, maxBitrate: 500_000 },
  { rid: "f", scaleResolutionDownBy: 1, maxBitrate: 1_200_000 },
];

/** ms for which a size goes on beside the one that takes its place, until who looks has changed over. */
const OVERLAP = 2_000;

/** Sends microphone and camera from the start, and the screen with its sound once it was shared. */
export class Publisher {
  #around;
  #changed;
  /** @type {RTCPeerConnection | null} */
  #connection = null;
  /** @type {Map<FeedSource, RTCRtpTransceiver>} */
  #lines = new Map();
  /**
   * What each line was told to send. `replaceTrack` waits for the offer or answer that is under way,
   * and `sender.track` is the old one until then.
   *
   * @type {Map<FeedSource, MediaStreamTrack | null>}
   */
  #told = new Map();
  /** @type {readonly VideoCodec[]} what pictures may be sent in, the best first */
  #codecs = [];
  /** @type {Limit} */
  #limit = { bitsPerSecond: 1_500_000, divideBy: 1, layered: false };
  /**
   * Ids of the camera's sizes that somebody gets; null = all, until the host says otherwise.
   *
   * @type {ReadonlySet<string> | null}
   */
  #wanted = null;
  /** Where one size is sent: the one before, as long as it goes on. @type {Layer | null} */
  #leaving = null;
  /** @type {number | undefined} */
  #overlap;
  /** What the camera's sender is told, one after the other: it refuses what is read before and said after. */
  #settling = Promise.resolve();
  #rebuild = false;
  /** An offer is with the host; another must wait. */
  #offered = false;
  /** Whether the host takes a camera in several sizes; it said so, and its answer tells again. */
  #takesSizes = true;
  /** Something changed since the offer that is under way. */
  #stale = false;
  /**
   * Offers of this socket that the host has not replied to. It replies to each, in order; so only
   * the last reply belongs to the newest offer, and those before it to connections that are gone.
   */
  #unanswered = 0;

  /**
   * @param {Surroundings} around
   * @param {() => void} changed the connection's state changed
   */
  constructor(around, changed) {
    this.#around = around;
    this.#changed = changed;
  }

  /** @returns {RTCPeerConnectionState} */
  get state() {
    return this.#connection?.connectionState ?? "new";
  }

  /** Whether an offer waits for its answer. */
  get isWaiting() {
    return this.#offered;
  }

  /**
   * Build the connection and offer it.
   *
   * @param {boolean} rebuild
   */
  build(rebuild) {
    this.close();
    const connection = new RTCPeerConnection({ iceServers: this.#around.relays(), bundlePolicy: "max-bundle" });
    connection.onconnectionstatechange = () => {
      if (connection === this.#connection) {
        this.#changed();
      }
    };
    this.#connection = connection;
    this.#rebuild = rebuild;
    this.#takesSizes = this.#around.takesSizes();
    this.#codecs = this.#around.codecs();
    const tracks = this.#around.tracks();
    this.#addLine("audio", tracks.audio);
    this.#addLine("video", tracks.video);
    for (const source of SHARED) {
      if (tracks[source] !== null) {
        this.#addLine(source, tracks[source]);
      }
    }
    void this.#offer();
  }

  /** Send the tracks of now. A source that ends leaves its line silent: lines are never stopped. */
  sendTracks() {
    if (this.#connection === null) {
      return;
    }
    const tracks = this.#around.tracks();
    for (const [source, line] of this.#lines) {
      if (this.#told.get(source) !== tracks[source]) {
        this.#told.set(source, tracks[source]);
        void line.sender.replaceTrack(tracks[source]);
      }
    }
    const more = SHARED.filter((source) => tracks[source] !== null && !this.#lines.has(source));
    for (const source of more) {
      this.#addLine(source, tracks[source]);
    }
    if (more.length > 0) {
      void this.#offer();
    }
  }

  /** Offer anew what is sent: the host's answer names another picture codec, which is then sent. */
  offerAgain() {
    void this.#offer();
  }

  /** @param {Limit} limit of the camera */
  setLimit(limit) {
    const now = this.#limit;
    const isSame = limit.bitsPerSecond === now.bitsPerSecond && limit.divideBy === now.divideBy;
    if (isSame && limit.layered === now.layered) {
      return;
    }
    this.#limit = limit;
    void this.#applyLimit();
  }

  /**
   * Send those sizes of a picture that somebody gets. Only cameras come in several.
   *
   * @param {FeedSource} source
   * @param {readonly string[]} layers ids of the sizes
   */
  wantLayers(source, layers) {
    if (source === "video" && this.#connection !== null) {
      const before = this.#largestWanted();
      this.#wanted = new Set(layers);
      if (before !== this.#largestWanted()) {
        this.#leaving = before;
        window.clearTimeout(this.#overlap);
        this.#overlap = window.setTimeout(() => {
          this.#leaving = null;
          void this.#applyLimit();
        }, OVERLAP);
      }
      void this.#applyLimit();
    }
  }

  /**
   * Take the host's answer.
   *
   * @param {string} sdp
   */
  async answered(sdp) {
    const connection = this.#connection;
    if (!this.#takeReply() || connection === null || !this.#offered) {
      return;
    }
    try {
      await this.#keepSizesApart(sdp);
      await connection.setRemoteDescription({ type: "answer", sdp });
    } catch (error) {
      console.warn("projectdesk: publish answer not taken", String(error));
      return;
    }
    this.#offered = false;
    this.#takesSizes &&= /^a=simulcast:/mu.test(sdp);
    await this.#applyLimit();
    if (this.#stale) {
      await this.#offer();
    }
  }

  /**
   * Take the host's refusal.
   *
   * @returns {boolean} whether it is about the newest offer
   */
  refused() {
    return this.#takeReply();
  }

  /** Note that the socket is a new one: replies to the old one's offers never come. */
  socketReplaced() {
    this.#unanswered = 0;
  }

  /** @returns {Promise<any[]>} the browser's counters */
  async report() {
    const report = await this.#connection?.getStats();
    return [...(report?.values() ?? [])];
  }

  /** Close the connection. */
  close() {
    if (this.#connection !== null) {
      this.#connection.onconnectionstatechange = null;
      this.#connection.close();
    }
    this.#connection = null;
    this.#wanted = null;
    this.#leaving = null;
    window.clearTimeout(this.#overlap);
    this.#lines = new Map();
    this.#told = new Map();
    this.#offered = false;
    this.#stale = false;
    this.#settling = Promise.resolve(); // what a closed connection never answers holds up nothing
  }

  /** @returns {boolean} whether the reply that came is to the newest offer */
  #takeReply() {
    this.#unanswered = Math.max(0, this.#unanswered - 1);
    return this.#unanswered === 0;
  }

  /**
   * @param {FeedSource} source
   * @param {MediaStreamTrack | null} track
   */
  #addLine(source, track) {
    const kind = source === "audio" || source === "sound" ? "audio" : "video";
    const line = this.#connection?.addTransceiver(track ?? kind, {
      direction: "sendonly",
      ...(kind === "video" ? { sendEncodings: this.#encodings(source) } : {}),
    });
    if (line !== undefined) {
      preferCodecs(line, kind, kind === "audio" ? ["opus"] : this.#codecs);
      this.#lines.set(source, line);
      this.#told.set(source, track);
    }
  }

  async #offer() {
    const connection = this.#connection;
    if (connection === null) {
      return;
    }
    if (this.#offered) {
      this.#stale = true;
      return;
    }
    this.#offered = true;
    this.#stale = false;
    await connection.setLocalDescription();
    const sdp = await gatheredSdp(connection);
    if (connection !== this.#connection) {
      return;
    }
    /** @type {Record<string, FeedSource>} */
    const sources = {};
    for (const [source, line] of this.#lines) {
      if (line.mid !== null) {
        sources[line.mid] = source;
      }
    }
    const sent = this.#around.send({ type: "publish", sdp, sources, rebuild: this.#rebuild });
    // Later offers of this connection renegotiate it. One that was not sent is made up for by
    // `Peers.check` after the resume, as `#offered` still says that it waits.
    this.#rebuild = this.#rebuild && !sent;
    this.#unanswered += sent ? 1 : 0;
  }

  /**
   * Return how a picture is offered. Sizes can only be offered with the line, so a camera offers all
   * where the host takes them, and sends those that are of use. One size is offered without an id
   * (rid): only then does the offer name its stream, by which Janus asks for a picture.
   *
   * @param {FeedSource} source
   * @returns {RTCRtpEncodingParameters[]}
   */
  #encodings(source) {
    if (source === "screen") {
      return [{ ...SCREEN }];
    }
    return this.#takesSizes ? LAYERS.map((layer, index) => this.#limited({ ...layer }, index)) : [this.#limited({}, 0)];
  }

  /**
   * Browsers differ in what they leave of the sizes when a host takes only one: the first goes on.
   *
   * @param {RTCRtpEncodingParameters} encoding of the camera
   * @param {number} index of it
   * @returns {RTCRtpEncodingParameters} the same
   */
  #limited(encoding, index) {
    const layer = LAYERS.find((one) => one.rid === encoding.rid) ?? LAYERS[index];
    if (!this.#takesSizes || layer === undefined) {
      encoding.active = index === 0;
      encoding.maxBitrate = this.#limit.bitsPerSecond;
      encoding.scaleResolutionDownBy = this.#limit.divideBy;
    } else {
      const isLargest = layer.scaleResolutionDownBy === 1;
      const isOne = layer === this.#largestWanted() || layer === this.#leaving;
      encoding.active = this.#limit.layered ? this.#isWanted(layer) : isOne;
      encoding.maxBitrate = this.#limit.layered || !isLargest ? layer.maxBitrate : this.#limit.bitsPerSecond;
      encoding.scaleResolutionDownBy = layer.scaleResolutionDownBy;
    }
    return encoding;
  }

  /** @param {Layer} layer */
  #isWanted({ rid }) {
    return this.#wanted === null || this.#wanted.has(rid);
  }

  /** @returns {Layer} what is sent where one size is enough: a single person looks */
  #largestWanted() {
    const wanted = LAYERS.filter((layer) => this.#isWanted(layer));
    return /** @type {Layer} */ ((wanted.length > 0 ? wanted : LAYERS).at(-1));
  }

  /**
   * Before VP9 is sent in several sizes, say that each is a stream of its own: browsers send all in
   * one otherwise (SVC), of which a host cannot give each person a part.
   *
   * @param {string} answer
   */
  async #keepSizesApart(answer) {
    if (!sendsVp9(answer)) {
      return;
    }
    await this.#settle((encodings) => {
      const apart = /** @type {(RTCRtpEncodingParameters & { scalabilityMode?: string })[]} */ (encodings);
      if (apart.length < 2 || apart.every((encoding) => encoding.scalabilityMode === "L1T1")) {
        return false;
      }
      for (const encoding of apart) {
        encoding.scalabilityMode = "L1T1";
      }
      return true;
    });
  }

  #applyLimit() {
    return this.#settle((encodings) => {
      const before = JSON.stringify(encodings);
      for (const [index, encoding] of encodings.entries()) {
        this.#limited(encoding, index);
      }
      return JSON.stringify(encodings) !== before;
    });
  }

  /**
   * Change what the camera's sender was told, after what is under way.
   *
   * @param {(encodings: RTCRtpEncodingParameters[]) => boolean} change returns whether it changed something
   */
  #settle(change) {
    const connection = this.#connection;
    this.#settling = this.#settling.catch(() => undefined).then(async () => {
      const sender = this.#lines.get("video")?.sender;
      if (sender === undefined || connection !== this.#connection) {
        return;
      }
      const parameters = sender.getParameters();
      if (change(parameters.encodings)) {
        // Refused while the connection is closing: then there is nothing to tell.
        await sender.setParameters(parameters).catch(() => undefined);
      }
    });
    return this.#settling;
  }
}

/**
 * Offer the codecs that the host forwards, which never transcodes: of pictures VP8, which every
 * browser has, and what is named besides.
 *
 * @param {RTCRtpTransceiver} line
 * @param {"audio" | "video"} kind
 * @param {readonly string[]} names
 */
function preferCodecs(line, kind, names) {
  const known = RTCRtpSender.getCapabilities?.(kind)?.codecs ?? [];
  const base = kind === "audio" ? "opus" : "vp8";
  const wanted = [...new Set([...names, base, "rtx"])];
  const codecs = wanted.flatMap((name) => known.filter((codec) => isForwarded(codec, `${kind}/${name}`)));
  if (codecs.some((codec) => codec.mimeType.toLowerCase() === `${kind}/${base}`)) {
    line.setCodecPreferences?.(codecs);
  }
}

/**
 * @param {RTCRtpCodec} codec
 * @param {string} type
 * @returns {boolean} whether it is of a type, in the form that the host forwards
 */
function isForwarded(codec, type) {
  const told = codec.sdpFmtpLine ?? "";
  if (codec.mimeType.toLowerCase() !== type) {
    return false;
  }
  if (type === "video/vp9") {
    return !/profile-id=[1-9]/u.test(told);
  }
  return type !== "video/h264" || (/packetization-mode=1/u.test(told) && /profile-level-id=42e0/iu.test(told));
}

/**
 * @param {string} answer
 * @returns {boolean} whether a picture of it is to be sent in VP9
 */
function sendsVp9(answer) {
  const first = [...answer.matchAll(/^m=video \d+ \S+ (\d+)/gmu)].map(([, type]) => type);
  return first.some((type) => new RegExp(`^a=rtpmap:${type} VP9/`, "imu").test(answer));
}
