/**
 * The requests before the socket: `/r/ROOM/api/*` and `/d/DESK/api/*`.
 *
 * @typedef {import("./session.js").Trouble} Trouble
 */

const PATIENCE = 15_000;
const FILE_PATIENCE = 300_000;

/** The host refused a request, or was not reached. */
export class Refused extends Error {
  /** @param {Trouble} trouble */
  constructor(trouble) {
    super(trouble.text);
    this.name = "Refused";
    /** Stable code and English text. */
    this.trouble = trouble;
  }
}

/**
 * Return the path of this page without a slash at its end: `/r/ROOM`.
 *
 * @param {string} pathname
 * @returns {string}
 */
export function basePath(pathname) {
  return pathname.replace(/\/+$/u, "");
}

/**
 * Post a request and return the answer.
 *
 * @template T
 * @param {string} name of the request: "look", "join", "answer"
 * @param {object} body
 * @returns {Promise<T>}
 * @throws {Refused} with the host's code, or `unreachable`
 */
export async function post(name, body) {
  const response = await asked(name, body, PATIENCE);
  return await read(response);
}

/**
 * Fetch a file.
 *
 * @param {object} body
 * @returns {Promise<Blob>} of no type: nothing that a browser would run
 * @throws {Refused} with the host's code, or `unreachable`
 */
export async function fetchFile(body) {
  const response = await asked("file", body, FILE_PATIENCE);
  if (!response.ok) {
    await read(response);
  }
  try {
    return new Blob([await response.arrayBuffer()], { type: "application/octet-stream" });
  } catch {
    throw new Refused({ code: "unreachable", text: "The host cannot be reached." });
  }
}

/**
 * @param {string} name of the request
 * @param {object} body
 * @param {number} patience in milliseconds
 */
async function asked(name, body, patience) {
  try {
    return await fetch(`${basePath(location.pathname)}/api/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      cache: "no-store",
      signal: AbortSignal.timeout(patience),
    });
  } catch {
    throw new Refused({ code: "unreachable", text: "The host cannot be reached." });
  }
}

/**
 * @param {Response} response
 * @throws {Refused} it is no success
 */
async function read(response) {
  const answer = await response.json().catch(() => null);
  if (!response.ok) {
    const code = typeof answer?.code === "string" ? answer.code : `http_${response.status}`;
    const text = typeof answer?.text === "string" ? answer.text : response.statusText;
    throw new Refused({ code, text });
  }
  return answer;
}

/**
 * Return the address of the room's socket.
 *
 * @param {Location} place
 * @returns {string}
 */
export function socketAddress(place) {
  const scheme = place.protocol === "https:" ? "wss:" : "ws:";
  return `${scheme}//${place.host}${basePath(place.pathname)}/ws`;
}

/**
 * Return why a request failed.
 *
 * @param {unknown} error
 * @returns {Trouble}
 */
export function troubleOf(error) {
  return error instanceof Refused ? error.trouble : { code: "failed", text: String(error) };
}
