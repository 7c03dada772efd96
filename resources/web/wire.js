/**
 * The socket to the host: opens with `Hello`, keeps alive, comes back after a loss.
 *
 * A network that is gone says nothing, and TCP believes in it for minutes. So a socket that is silent
 * for 8 s is dead, or for 2 s once something else looks wrong (`probe`), and another is opened.
 *
 * The host keeps a lost session for 60 s, so does this side: it tries again after 0.3, 0.6 and then
 * every second, at once when the browser says that the network is back, and gives up after 60 s. An
 * attempt is given up after thrice the time that the last one took, 2 s at least: the system asks
 * again for a connection at ever longer intervals, and would miss the network's return.
 *
 * @typedef {import("./signalling.js").ClientMessage} ClientMessage
 * @typedef {import("./signalling.js").HostMessage} HostMessage
 *
 * @typedef {object} Surroundings what the wire needs of the browser; tests put their own here
 * @property {(url: string) => WebSocket} open
 * @property {() => number} now ms
 * @property {(action: () => void, delay: number) => number} later
 * @property {(timer: number | undefined) => void} cancel
 *
 * @typedef {object} Listener
 * @property {(message: HostMessage) => void} received
 * @property {() => void} opened the socket is open and said hello
 * @property {() => void} lost the socket is gone; the wire tries again
 * @property {() => void} gaveUp nothing came back within the time
 */

/** Version of the wire this page speaks; it always comes from its host. */
export const VERSION = 1;

const FIRST_DELAY = 300;
const LONGEST_DELAY = 1_000;
const PATIENCE = 60_000;
const PING_EVERY = 3_000;
const SILENCE = 8_000;
const PROBE = 2_000;
const SHORTEST_ATTEMPT = 2_000;
const LONGEST_ATTEMPT = 15_000;

/** @type {Surroundings} */
const BROWSER = {
  open: (url) => new WebSocket(url),
  now: () => Date.now(),
  later: (action, delay) => window.setTimeout(action, delay),
  cancel: (timer) => window.clearTimeout(timer),
};

/**
 * Return how long to wait before the n-th new attempt.
 *
 * @param {number} attempt 0 for the first
 * @returns {number} ms
 */
export function retryDelay(attempt) {
  return Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** attempt);
}

/** One connection to the room, over as many sockets as it takes. */
export class Wire {
  #url;
  #resume;
  #listener;
  #around;
  /** @type {WebSocket | null} */
  #socket = null;
  #closed = false;
  #attempt = 0;
  #pings = 0;
  /** @type {number | null} */
  #lostAt = null;
  /** @type {number | null} */
  #heardAt = null;
  /** Messages heard. */
  #heard = 0;
  /** How long the socket before this one had been silent when this one opened. */
  #silence = 0;
  /** How long the last socket took to open, ms. */
  #openedIn = LONGEST_ATTEMPT / 3;
  /** @type {number | undefined} */
  #probeTimer;
  /** @type {number | undefined} */
  #attemptTimer;
  /** @type {number | undefined} */
  #retryTimer;
  /** @type {number | undefined} */
  #pingTimer;

  /**
   * @param {string} url of the socket (ws: or wss:)
   * @param {string} resume secret of this tab
   * @param {Listener} listener
   * @param {Surroundings} [around]
   */
  constructor(url, resume, listener, around = BROWSER) {
    this.#url = url;
    this.#resume = resume;
    this.#listener = listener;
    this.#around = around;
  }

  /** Whether a message can be sent now. */
  get isOpen() {
    return this.#socket !== null && this.#socket.readyState === 1;
  }

  /** For how long nothing was heard before the socket that is open now, ms; 0 for the first. */
  get silence() {
    return this.#silence;
  }

  /** Open the first socket. */
  connect() {
    this.#lostAt = this.#around.now();
    this.#open();
  }

  /**
   * Send a message, if the socket is open. What matters is sent again after a resume by its owner.
   *
   * @param {ClientMessage} message
   * @returns {boolean} whether it was handed to the socket
   */
  send(message) {
    if (!this.isOpen) {
      return false;
    }
    this.#socket?.send(JSON.stringify(message));
    return true;
  }

  /** Try again now: the browser says the network is back, or the page is shown again. */
  hurry() {
    if (this.#closed) {
      return;
    }
    if (this.isOpen) {
      this.probe();
    } else if (this.#lostAt !== null) {
      this.#drop();
      this.#attempt = 0;
      this.#open();
    }
  }

  /** Open another socket at once: the computer is in another network, and the old one leads nowhere. */
  renew() {
    if (!this.#closed && this.#socket !== null) {
      this.#lostAt ??= this.#around.now();
      this.#drop();
      this.#attempt = 0;
      this.#open();
    } else {
      this.hurry();
    }
  }

  /** Ask whether the socket lives: something looks wrong. Without a word for 2 s it is replaced. */
  probe() {
    const socket = this.#socket;
    if (!this.isOpen || socket === null || this.#probeTimer !== undefined) {
      return;
    }
    const heard = this.#heard;
    this.#ping();
    if (socket !== this.#socket) {
      return;
    }
    this.#probeTimer = this.#around.later(() => {
      this.#probeTimer = undefined;
      if (socket === this.#socket && this.#heard === heard) {
        this.#gone(socket, 0);
      }
    }, PROBE);
  }

  /** Close for good. */
  close() {
    this.#closed = true;
    this.#drop();
  }

  #open() {
    this.#around.cancel(this.#retryTimer);
    const began = this.#around.now();
    const socket = this.#around.open(this.#url);
    this.#socket = socket;
    socket.onopen = () => this.#opened(began);
    socket.onmessage = (event) => this.#received(event.data);
    socket.onclose = () => this.#gone(socket);
    const limit = Math.min(LONGEST_ATTEMPT, Math.max(SHORTEST_ATTEMPT, 3 * this.#openedIn));
    this.#attemptTimer = this.#around.later(() => this.#gone(socket, 0), limit);
  }

  /** @param {number} began when the attempt began */
  #opened(began) {
    this.#around.cancel(this.#attemptTimer);
    const now = this.#around.now();
    this.#openedIn = now - began;
    this.#silence = now - (this.#heardAt ?? now);
    this.#heardAt = now;
    this.send({ type: "hello", version: VERSION, resume: this.#resume });
    this.#pingTimer = this.#around.later(() => this.#ping(), PING_EVERY);
    this.#listener.opened();
  }

  /** @param {unknown} text */
  #received(text) {
    this.#heardAt = this.#around.now();
    this.#heard += 1;
    this.#lostAt = null;
    this.#attempt = 0;
    const message = decode(text);
    if (message === null || message.type === "pong") {
      return;
    }
    if (message.type === "ended" || (message.type === "problem" && message.fatal)) {
      // The host's last word: what follows is its close, which is no loss.
      this.close();
    }
    this.#listener.received(message);
  }

  #ping() {
    this.#around.cancel(this.#pingTimer);
    const socket = this.#socket;
    if (socket === null || this.#closed) {
      return;
    }
    if (this.#around.now() - (this.#heardAt ?? 0) > SILENCE) {
      // A socket into a network that is gone says nothing for minutes: do not wait for it.
      this.#gone(socket, 0);
      return;
    }
    this.#pings += 1;
    this.send({ type: "ping", n: this.#pings });
    this.#pingTimer = this.#around.later(() => this.#ping(), PING_EVERY);
  }

  /**
   * @param {WebSocket} socket
   * @param {number} [pause] before the next attempt, ms
   */
  #gone(socket, pause = retryDelay(this.#attempt)) {
    if (socket !== this.#socket || this.#closed) {
      return;
    }
    this.#drop();
    const now = this.#around.now();
    if (this.#lostAt === null) {
      this.#lostAt = now;
    }
    this.#listener.lost();
    if (now - this.#lostAt >= PATIENCE) {
      this.#closed = true;
      this.#listener.gaveUp();
      return;
    }
    this.#retryTimer = this.#around.later(() => this.#open(), pause);
    this.#attempt += 1;
  }

  #drop() {
    for (const timer of [this.#pingTimer, this.#retryTimer, this.#attemptTimer, this.#probeTimer]) {
      this.#around.cancel(timer);
    }
    this.#probeTimer = undefined;
    const socket = this.#socket;
    this.#socket = null;
    if (socket !== null) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
  }
}

/**
 * Return the message in a frame; null for one that is not an object with a type.
 *
 * @param {unknown} text
 * @returns {HostMessage | null}
 */
export function decode(text) {
  if (typeof text !== "string") {
    return null;
  }
  try {
    const message = JSON.parse(text);
    return typeof message?.type === "string" ? message : null;
  } catch {
    return null;
  }
}
