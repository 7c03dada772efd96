/**
 * The socket to the host: opens with `Hello`, keeps alive, comes back after a loss.
 *
 * The host keeps a lost session for 60 s, so does this side: it tries again after 0.5, 1, 2, 4 and
 * then every 5 s, at once when the browser says that the network is back, and gives up after 60 s.
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

const FIRST_DELAY = 500;
const LONGEST_DELAY = 5_000;
const PATIENCE = 60_000;
const PING_EVERY = 10_000;
const SILENCE = 25_000;

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
  #heardAt = 0;
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
    if (this.#socket === null) {
      this.#attempt = 0;
      this.#open();
    } else if (this.isOpen) {
      this.#ping();
    }
  }

  /** Close for good. */
  close() {
    this.#closed = true;
    this.#drop();
  }

  #open() {
    this.#around.cancel(this.#retryTimer);
    const socket = this.#around.open(this.#url);
    this.#socket = socket;
    socket.onopen = () => this.#opened();
    socket.onmessage = (event) => this.#received(event.data);
    socket.onclose = () => this.#gone(socket);
  }

  #opened() {
    this.#heardAt = this.#around.now();
    this.send({ type: "hello", version: VERSION, resume: this.#resume });
    this.#pingTimer = this.#around.later(() => this.#ping(), PING_EVERY);
    this.#listener.opened();
  }

  /** @param {unknown} text */
  #received(text) {
    this.#heardAt = this.#around.now();
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
    if (this.#around.now() - this.#heardAt > SILENCE) {
      // A socket into a network that is gone says nothing for minutes: do not wait for it.
      this.#gone(socket);
      return;
    }
    this.#pings += 1;
    this.send({ type: "ping", n: this.#pings });
    this.#pingTimer = this.#around.later(() => this.#ping(), PING_EVERY);
  }

  /** @param {WebSocket} socket */
  #gone(socket) {
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
    this.#retryTimer = this.#around.later(() => this.#open(), retryDelay(this.#attempt));
    this.#attempt += 1;
  }

  #drop() {
    this.#around.cancel(this.#pingTimer);
    this.#around.cancel(this.#retryTimer);
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
