/**
 * The subscribe connection: what this page receives. The host offers, we answer.
 *
 * @typedef {import("./signalling.js").SubscribeOffered} SubscribeOffered
 * @typedef {import("./signalling.js").SubscribedFeed} SubscribedFeed
 * @typedef {import("./signalling.js").FeedSource} FeedSource
 * @typedef {import("./peers.js").Surroundings} Surroundings
 *
 * @typedef {object} Reception what arrived from one participant since the connection was built
 * @property {number} framesDecoded of the camera
 * @property {number} audioPackets
 * @property {number} width of the last frame in pixels
 * @property {number} height
 * @property {number} soundPackets of what a shared screen plays
 * @property {number} screenFramesDecoded of the shared screen
 * @property {number} packetsLost of all its feeds
 */

import { gatheredSdp } from "./gathering.js";

/**
 * Return the key of one feed of one participant.
 *
 * @param {string} participant
 * @param {FeedSource} source
 * @returns {string}
 */
export function feedKey(participant, source) {
  return `${participant} ${source}`;
}

/**
 * Return the ICE user fragment of an SDP: it is another one for another leg of the host.
 *
 * @param {string} sdp
 * @returns {string} "" if there is none
 */
export function iceFragment(sdp) {
  return /^a=ice-ufrag:(\S+)/mu.exec(sdp)?.[1] ?? "";
}

/** Receives the feeds that the host forwards. */
export class Subscriber {
  #around;
  #changed;
  /** @type {RTCPeerConnection | null} */
  #connection = null;
  #fragment = "";
  #newest = 0;
  /** @type {SubscribedFeed[]} */
  #feeds = [];
  /** Offers are answered one after the other. @type {Promise<void>} */
  #queue = Promise.resolve();

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

  /** Whether all that the host offered flows; true as long as there is nothing to receive. */
  get isWell() {
    return this.state === "connected" || (this.state === "new" && this.#feeds.length === 0);
  }

  /** Make ready for the host's first offer; the caller asks for it. */
  build() {
    this.#renew("");
  }

  /**
   * Answer an offer. An offer of another leg than the one before gets a new connection: the host
   * rebuilt it, or this is a late offer of the one that went.
   *
   * @param {SubscribeOffered} message
   * @returns {Promise<void>} when it was answered
   */
  offered(message) {
    this.#newest = message.offer;
    this.#queue = this.#queue
      .then(() => this.#answer(message))
      .catch((error) => console.warn("projectdesk: offer not answered", String(error)));
    return this.#queue;
  }

  /** Close the connection. */
  close() {
    if (this.#connection !== null) {
      this.#connection.onconnectionstatechange = null;
      this.#connection.close();
    }
    this.#connection = null;
    this.#fragment = "";
    this.#feeds = [];
  }

  /**
   * Return the browser's counters, and whose feed each m-line carries.
   *
   * @returns {Promise<{entries: any[], feeds: SubscribedFeed[]}>}
   */
  async report() {
    const report = await this.#connection?.getStats();
    return { entries: [...(report?.values() ?? [])], feeds: this.#feeds };
  }

  /** @returns {Promise<Record<string, Reception>>} by participant */
  async statistics() {
    /** @type {Record<string, Reception>} */
    const result = {};
    const report = (await this.#connection?.getStats()) ?? new Map();
    for (const entry of report.values()) {
      const feed = this.#feeds.find((known) => known.mid === entry.mid);
      if (entry.type !== "inbound-rtp" || feed === undefined) {
        continue;
      }
      const reception = (result[feed.participant] ??= nothingYet());
      reception.packetsLost += entry.packetsLost ?? 0;
      if (feed.source === "sound") {
        reception.soundPackets += entry.packetsReceived ?? 0;
      } else if (feed.source === "audio") {
        reception.audioPackets += entry.packetsReceived ?? 0;
      } else if (feed.source === "screen") {
        reception.screenFramesDecoded += entry.framesDecoded ?? 0;
      } else {
        reception.framesDecoded += entry.framesDecoded ?? 0;
        reception.width = entry.frameWidth ?? 0;
        reception.height = entry.frameHeight ?? 0;
      }
    }
    return result;
  }

  /** @param {string} fragment */
  #renew(fragment) {
    this.close();
    const connection = new RTCPeerConnection({ iceServers: this.#around.relays(), bundlePolicy: "max-bundle" });
    connection.onconnectionstatechange = () => {
      if (connection === this.#connection) {
        this.#changed();
      }
    };
    this.#connection = connection;
    this.#fragment = fragment;
    return connection;
  }

  /** @param {SubscribeOffered} message */
  async #answer(message) {
    if (message.offer !== this.#newest || this.#connection === null) {
      return;
    }
    const fragment = iceFragment(message.sdp);
    let connection = this.#connection;
    if (this.#fragment !== "" && this.#fragment !== fragment) {
      connection = this.#renew(fragment);
    }
    this.#fragment = fragment;
    await connection.setRemoteDescription({ type: "offer", sdp: message.sdp });
    await connection.setLocalDescription();
    const sdp = await gatheredSdp(connection);
    if (connection !== this.#connection) {
      return;
    }
    this.#feeds = message.feeds;
    this.#around.send({ type: "subscribeAnswer", offer: message.offer, sdp });
    this.#around.received(this.#tracks(connection));
  }

  /**
   * @param {RTCPeerConnection} connection
   * @returns {Map<string, MediaStreamTrack>}
   */
  #tracks(connection) {
    const lines = new Map(connection.getTransceivers().map((line) => [line.mid, line]));
    /** @type {Map<string, MediaStreamTrack>} */
    const tracks = new Map();
    for (const feed of this.#feeds) {
      const line = lines.get(feed.mid);
      if (line !== undefined) {
        tracks.set(feedKey(feed.participant, feed.source), line.receiver.track);
      }
    }
    return tracks;
  }
}

/** @returns {Reception} */
function nothingYet() {
  return {
    framesDecoded: 0,
    audioPackets: 0,
    width: 0,
    height: 0,
    screenFramesDecoded: 0,
    soundPackets: 0,
    packetsLost: 0,
  };
}
