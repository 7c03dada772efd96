/**
 * The network's part of a check: the socket, a call with oneself, and how much the path carries.
 *
 * The picture and the tone that are sent are made here, so that the network is judged even where
 * camera and microphone are not allowed.
 *
 * @typedef {import("../signalling.js").CheckMessage} CheckMessage
 * @typedef {import("../signalling.js").CheckNews} CheckNews
 */

import { Peers } from "../peers.js";
import { VERSION, decode } from "../wire.js";
import { kilobits, lossOf, pathOf } from "./findings.js";

const OPENING = 10_000;
const ANSWER = 15_000;
const PINGS = 5;
const CONNECTING = 20_000;
const WATCHING = 4_000;
const UPLOAD = 2_000;
const BLOCK = 64 * 1024;
const VOLUME = 6 * 1024 * 1024;
/** Bytes that may wait in the socket: enough to keep it busy, few enough to end soon. */
const AHEAD = 4 * BLOCK;
const FRAMES = 10;

/** Why a part of the check has no result. */
export class Failed extends Error {
  /** @param {string} code stable */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** One check of the network, over one socket. */
export class Trial {
  #url;
  #token;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {Set<(message: CheckNews) => boolean>} */
  #waiting = new Set();
  /** @type {Peers | null} */
  #peers = null;
  #received = { bytes: 0, first: 0, firstSize: 0, last: 0 };
  /** Relays of this check. @type {RTCIceServer[]} */
  #relays = [];
  #media = false;

  /**
   * @param {string} url of the socket
   * @param {string} token of the personal link, "" without one
   */
  constructor(url, token) {
    this.#url = url;
    this.#token = token;
  }

  /** Whether the host takes a test picture of this link now. */
  get hasMedia() {
    return this.#media;
  }

  /**
   * Open the socket and say whose link it is.
   *
   * @throws {Failed} `noSocket`, or the host's code
   */
  async open() {
    const socket = new WebSocket(this.#url);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.onmessage = (event) => this.#heard(event.data);
    await new Promise((resolve, reject) => {
      const failed = () => reject(new Failed("noSocket"));
      socket.onopen = resolve;
      socket.onclose = failed;
      window.setTimeout(failed, OPENING);
    });
    if (this.#token !== "") {
      const opened = this.#next("trialOpened");
      this.#send({ type: "checkHello", version: VERSION, token: this.#token });
      const { relays, media } = await opened;
      this.#relays = relays;
      this.#media = media;
    }
  }

  /**
   * Return the time to the host and back, the middle one of five.
   *
   * @returns {Promise<number>} ms
   */
  async roundTrip() {
    /** @type {number[]} */
    const times = [];
    for (let n = 1; n <= PINGS; n += 1) {
      const sent = performance.now();
      const pong = this.#next("pong");
      this.#send({ type: "ping", n });
      await pong;
      times.push(performance.now() - sent);
    }
    times.sort((one, other) => one - other);
    return Math.round(times[Math.floor(PINGS / 2)] ?? 0);
  }

  /**
   * Call oneself: send a picture and a tone until they have come back, and look how.
   *
   * @returns {Promise<import("./findings.js").Path & {lostPercent: number | null}>}
   */
  async call() {
    const sources = testTracks();
    const peers = new Peers({
      send: (message) => this.#send(/** @type {CheckMessage} */ (message)),
      tracks: () => ({ audio: sources.audio, video: sources.video, screen: null, sound: null }),
      relays: () => this.#relays,
      publishes: () => true,
      takesSizes: () => false,
      codecs: () => [],
      received: () => undefined,
      health: () => undefined,
      reachable: () => this.#socket?.readyState === WebSocket.OPEN,
      suspect: () => undefined,
    });
    this.#peers = peers;
    try {
      peers.open(false);
      const came = await until(CONNECTING, async () => framesIn((await peers.reports()).received) >= FRAMES);
      if (came) {
        await pause(WATCHING);
      }
      const { sent, received } = await peers.reports();
      const { path, found } = pathOf(sent);
      return { path: came ? path : "none", found, lostPercent: came ? lossOf(received) : null };
    } finally {
      this.#peers = null;
      peers.close();
      sources.stop();
    }
  }

  /**
   * Return how much comes in from the host.
   *
   * @returns {Promise<number | null>} kilobits per second
   */
  async download() {
    this.#received = { bytes: 0, first: 0, firstSize: 0, last: 0 };
    const ended = this.#next("downloadEnded");
    this.#send({ type: "measureDownload" });
    await ended;
    const { bytes, first, firstSize, last } = this.#received;
    return kilobits(bytes - firstSize, (last - first) / 1000);
  }

  /**
   * Return how much goes out to the host, as it arrived there.
   *
   * @returns {Promise<number | null>} kilobits per second
   */
  async upload() {
    const block = new Uint8Array(BLOCK);
    crypto.getRandomValues(block);
    const until = performance.now() + UPLOAD;
    let sent = 0;
    while (performance.now() < until && sent < VOLUME) {
      if ((this.#socket?.bufferedAmount ?? 0) < AHEAD) {
        this.#socket?.send(block);
        sent += BLOCK;
      } else {
        await pause(5);
      }
    }
    const measured = this.#next("uploadMeasured");
    this.#send({ type: "uploadEnded" });
    const { bytes, seconds } = await measured;
    return kilobits(bytes, seconds);
  }

  /** Close the socket. */
  close() {
    this.#peers?.close();
    if (this.#socket !== null) {
      this.#socket.onclose = null;
      this.#socket.close();
    }
  }

  /** @param {CheckMessage} message */
  #send(message) {
    const isOpen = this.#socket?.readyState === WebSocket.OPEN;
    if (isOpen) {
      this.#socket?.send(JSON.stringify(message));
    }
    return isOpen;
  }

  /** @param {unknown} data */
  #heard(data) {
    if (data instanceof ArrayBuffer) {
      const now = performance.now();
      const before = this.#received;
      this.#received =
        before.bytes === 0
          ? { bytes: data.byteLength, first: now, firstSize: data.byteLength, last: now }
          : { ...before, bytes: before.bytes + data.byteLength, last: now };
      return;
    }
    const message = /** @type {CheckNews | null} */ (/** @type {unknown} */ (decode(data)));
    if (message === null) {
      return;
    }
    for (const takes of [...this.#waiting]) {
      if (takes(message)) {
        this.#waiting.delete(takes);
      }
    }
    this.#peers?.received(/** @type {import("../signalling.js").HostMessage} */ (message));
  }

  /**
   * Return the next message of a type.
   *
   * @template {CheckNews["type"]} T
   * @param {T} type
   * @returns {Promise<Extract<CheckNews, {type: T}>>}
   */
  #next(type) {
    return new Promise((resolve, reject) => {
      const timer = window.setTimeout(() => reject(new Failed("noAnswer")), ANSWER);
      this.#waiting.add((message) => {
        const isFatal = message.type === "problem" && (message.fatal || message.inReplyTo === null);
        if (message.type !== type && !isFatal) {
          return false;
        }
        window.clearTimeout(timer);
        if (message.type === type) {
          resolve(/** @type {Extract<CheckNews, {type: T}>} */ (message));
        } else {
          reject(new Failed(message.type === "problem" ? message.code : "noAnswer"));
        }
        return true;
      });
    });
  }
}

/** A picture that moves and a soft tone, without camera and microphone. */
function testTracks() {
  const canvas = document.createElement("canvas");
  canvas.width = 640;
  canvas.height = 360;
  const brush = canvas.getContext("2d");
  let turn = 0;
  const timer = window.setInterval(() => {
    turn += 1;
    if (brush !== null) {
      brush.fillStyle = `hsl(${(turn * 3) % 360} 60% 45%)`;
      brush.fillRect(0, 0, canvas.width, canvas.height);
      brush.fillStyle = "white";
      brush.fillRect((turn * 7) % canvas.width, 120, 80, 120);
    }
  }, 50);
  const context = new AudioContext();
  const tone = context.createOscillator();
  const place = context.createMediaStreamDestination();
  tone.connect(place);
  tone.start();
  const video = canvas.captureStream(20).getVideoTracks()[0] ?? null;
  const audio = place.stream.getAudioTracks()[0] ?? null;
  const stop = () => {
    window.clearInterval(timer);
    video?.stop();
    audio?.stop();
    void context.close();
  };
  return { video, audio, stop };
}

/** @param {any[]} entries */
function framesIn(entries) {
  return entries.reduce((sum, entry) => sum + (entry.type === "inbound-rtp" ? (entry.framesDecoded ?? 0) : 0), 0);
}

/**
 * @param {number} time ms
 * @param {() => Promise<boolean>} holds
 * @returns {Promise<boolean>} whether it held within the time
 */
async function until(time, holds) {
  const end = performance.now() + time;
  while (performance.now() < end) {
    if (await holds()) {
      return true;
    }
    await pause(100);
  }
  return false;
}

/** @param {number} time ms */
function pause(time) {
  return new Promise((resolve) => window.setTimeout(resolve, time));
}
