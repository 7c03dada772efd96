/**
 * The two peer connections of this page: `Publisher` (we offer) and `Subscriber` (the host offers).
 * Each has one fixed offerer and at most one offer under way. When the network or the media server
 * changes, `Peers` builds both anew: there is no ICE restart.
 *
 * @typedef {import("./signalling.js").ClientMessage} ClientMessage
 * @typedef {import("./signalling.js").HostMessage} HostMessage
 * @typedef {import("./signalling.js").FeedSource} FeedSource
 * @typedef {import("./signalling.js").SubscribedFeed} SubscribedFeed
 * @typedef {Record<FeedSource, MediaStreamTrack | null>} Tracks
 *
 * @typedef {object} Surroundings
 * @property {(message: ClientMessage) => boolean} send
 * @property {() => Tracks} tracks what is sent now
 * @property {() => RTCIceServer[]} relays what this person was given (TURN), none without
 * @property {() => boolean} publishes whether this person may send at all
 * @property {() => boolean} takesSizes whether the host takes a camera in several sizes at once
 * @property {() => readonly import("./signalling.js").VideoCodec[]} codecs what the host takes pictures in
 * @property {(feeds: Map<string, MediaStreamTrack>) => void} received every received track, by `feedKey`
 * @property {(healthy: boolean) => void} health whether media flow
 * @property {() => boolean} reachable whether the socket to the host is open
 * @property {() => void} suspect media stopped: the socket may be dead too
 */

import { arrived } from "./flow.js";
import { Publisher } from "./publisher.js";
import { readReceived, readSent } from "./quality.js";
import { Subscriber } from "./subscriber.js";

/** How long a connection may be "disconnected", and how long it may take to connect. */
const DISCONNECTED_FOR = 1_500;
const CONNECTING_FOR = 10_000;
const LONGEST_PAUSE = 15_000;

/** After so long a silence the host has given up its side (RFC 7675 allows 30 s). */
const CONSENT = 25_000;
/** How soon something must arrive again on the connections that outlived a lost socket. */
const SETTLED_IN = 800;

/** Both connections, and the watch over them. */
export class Peers {
  #around;
  #publisher;
  #subscriber;
  #open = false;
  #failures = 0;
  /** What is there is to be built anew as soon as the host is reached. */
  #stale = false;
  /** @type {number | undefined} */
  #watch;
  /** @type {number | undefined} */
  #retry;
  /** @type {number | undefined} */
  #settling;
  /** How often they were built. */
  #built = 0;

  /** @param {Surroundings} around */
  constructor(around) {
    this.#around = around;
    const changed = () => this.#judge();
    this.#publisher = new Publisher(around, changed);
    this.#subscriber = new Subscriber(around, changed);
  }

  /**
   * Build both connections.
   *
   * @param {boolean} rebuild the host may hold earlier ones of this participant
   */
  open(rebuild) {
    this.#open = true;
    this.#stale = false;
    this.#built += 1;
    window.clearTimeout(this.#retry);
    window.clearTimeout(this.#settling);
    if (this.#around.publishes()) {
      this.#publisher.build(rebuild);
    } else {
      this.#publisher.close();
    }
    this.#subscriber.build();
    this.#around.send({ type: "openSubscribe", rebuild });
    this.#expectConnection();
  }

  /** Note that the network is another one: what goes by the old one is built anew at the resume. */
  networkChanged() {
    this.#stale = true;
  }

  /**
   * Build both anew unless they are well: after a resumed session.
   *
   * @param {number} silence for how long nothing was heard of the host, ms
   */
  check(silence = 0) {
    if (!this.#open) {
      return;
    }
    this.#failures = 0;
    const states = [this.#publisher.state, this.#subscriber.state];
    const heals = this.healthy || (states.includes("disconnected") && !states.includes("failed"));
    if (this.#stale || !heals || silence > CONSENT || this.#publisher.isWaiting) {
      this.open(true);
    } else {
      void this.#settle();
    }
  }

  /** Give the connections a moment to go on by themselves, and build them anew if they do not. */
  async #settle() {
    const built = this.#built;
    const before = await this.#arrived();
    window.clearTimeout(this.#settling);
    this.#settling = window.setTimeout(async () => {
      const flows = this.healthy && (await this.#arrived()) > before;
      if (this.#open && built === this.#built && !flows) {
        this.open(true);
      }
    }, SETTLED_IN);
  }

  async #arrived() {
    const { sent, received } = await this.reports();
    return arrived(sent) + arrived(received);
  }

  /** Whether all that should flow does. */
  get healthy() {
    const isSending = this.#publisher.state === "connected" || !this.#around.publishes();
    return isSending && this.#subscriber.isWell;
  }

  /** Send what `tracks()` says now. */
  sendTracks() {
    this.#publisher.sendTracks();
  }

  /** @param {import("./publisher.js").Limit} limit of the camera */
  setLimit(limit) {
    this.#publisher.setLimit(limit);
  }

  /** @param {HostMessage} message */
  received(message) {
    if (!this.#open) {
      return;
    }
    if (message.type === "publishAgain") {
      this.#publisher.offerAgain();
    } else if (message.type === "layersWanted") {
      this.#publisher.wantLayers(message.source, message.layers);
    } else if (message.type === "publishAnswered") {
      void this.#publisher.answered(message.sdp);
    } else if (message.type === "subscribeOffered") {
      void this.#subscriber.offered(message);
    } else if (message.type === "problem" && this.#isRefusal(message.inReplyTo)) {
      this.#rebuildLater();
    }
  }

  /** Note that the socket is a new one. */
  socketReplaced() {
    this.#publisher.socketReplaced();
  }

  /** Close both connections. */
  close() {
    this.#open = false;
    window.clearTimeout(this.#watch);
    window.clearTimeout(this.#retry);
    window.clearTimeout(this.#settling);
    this.#publisher.close();
    this.#subscriber.close();
  }

  /** @returns {Promise<{sent: any[], received: any[]}>} the browser's counters of both connections */
  async reports() {
    const [sent, received] = await Promise.all([this.#publisher.report(), this.#subscriber.report()]);
    return { sent, received: received.entries };
  }

  /**
   * Return the counters of both connections.
   *
   * @returns {Promise<Omit<import("./quality.js").Sample, "at">>}
   */
  async counters() {
    const [entries, received] = await Promise.all([this.#publisher.report(), this.#subscriber.report()]);
    return { sent: readSent(entries), received: readReceived(received.entries, received.feeds) };
  }

  /** @returns {Promise<Record<string, import("./subscriber.js").Reception>>} by participant */
  statistics() {
    return this.#subscriber.statistics();
  }

  #judge() {
    if (!this.#open) {
      return;
    }
    const states = [this.#publisher.state, this.#subscriber.state];
    this.#around.health(this.healthy);
    if (this.healthy) {
      this.#failures = 0;
      window.clearTimeout(this.#watch);
      this.#watch = undefined;
    } else if (states.includes("failed")) {
      this.#rebuildLater();
    } else if (states.includes("disconnected")) {
      this.#around.suspect();
      this.#watchFor(DISCONNECTED_FOR);
    }
  }

  /**
   * Tell whether a refused message leaves this page without a connection.
   *
   * @param {string | null} type of the message
   */
  #isRefusal(type) {
    return type === "publish" ? this.#publisher.refused() : type === "openSubscribe" || type === "subscribeAnswer";
  }

  #expectConnection() {
    window.clearTimeout(this.#watch);
    this.#watch = undefined;
    this.#watchFor(CONNECTING_FOR);
  }

  /** @param {number} time ms until all must flow */
  #watchFor(time) {
    if (this.#watch !== undefined) {
      return;
    }
    this.#watch = window.setTimeout(() => {
      this.#watch = undefined;
      if (this.#open && !this.healthy) {
        this.#rebuildLater();
      }
    }, time);
  }

  #rebuildLater() {
    window.clearTimeout(this.#retry);
    window.clearTimeout(this.#watch);
    this.#watch = undefined;
    if (!this.#around.reachable()) {
      this.#stale = true; // `check` builds them when the host is back
      return;
    }
    const pause = this.#failures === 0 ? 0 : Math.min(LONGEST_PAUSE, 500 * 2 ** this.#failures);
    this.#failures += 1;
    this.#retry = window.setTimeout(() => this.open(true), pause);
  }
}

