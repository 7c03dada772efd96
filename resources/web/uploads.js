/**
 * Files on their way to the chat: one request each, with progress, and the way to stop it.
 *
 * @typedef {object} Upload
 * @property {number} number
 * @property {string} name
 * @property {number} share of it that is with the host, 0 to 1
 * @property {string} trouble code of why it was not taken, "" while it goes on
 *
 * @typedef {object} Sending what carries one file; a test has its own
 * @property {(share: number) => void} progressed
 * @property {(code: string) => void} ended code: "" for well, else why not
 */

/** Files that are sent at the same time; the host takes no more of one person. */
const AT_ONCE = 2;

/** The files of this page that are not in the chat yet. */
export class Uploads {
  #send;
  #changed;
  #numbers = 0;
  /** @type {Map<number, {upload: Upload, file: File, stop: (() => void) | null}>} */
  #all = new Map();

  /**
   * @param {(file: File, sending: Sending) => () => void} send begin to send; what it returns stops it
   * @param {() => void} changed
   */
  constructor(send, changed) {
    this.#send = send;
    this.#changed = changed;
  }

  /** @returns {Upload[]} in the order in which they were chosen */
  get list() {
    return [...this.#all.values()].map(({ upload }) => upload);
  }

  /**
   * Send files, as far as they may be sent.
   *
   * @param {Iterable<File>} files
   * @param {number} limit largest size in bytes
   */
  add(files, limit) {
    for (const file of files) {
      this.#numbers += 1;
      const trouble = file.size > limit ? "file_too_large" : file.size === 0 ? "file_empty" : "";
      const upload = { number: this.#numbers, name: file.name, share: 0, trouble };
      this.#all.set(upload.number, { upload, file, stop: null });
    }
    this.#next();
    this.#changed();
  }

  /**
   * Stop a file that is sent, or forget one that was refused.
   *
   * @param {number} number
   */
  remove(number) {
    const stop = this.#all.get(number)?.stop ?? null;
    this.#all.delete(number);
    stop?.();
    this.#next();
    this.#changed();
  }

  /** Stop all: the call is over. */
  close() {
    for (const number of [...this.#all.keys()]) {
      this.remove(number);
    }
  }

  #next() {
    const entries = [...this.#all.values()];
    const going = entries.filter(({ stop }) => stop !== null).length;
    const waiting = entries.filter(({ upload, stop }) => stop === null && upload.trouble === "");
    for (const entry of waiting.slice(0, Math.max(0, AT_ONCE - going))) {
      this.#begin(entry);
    }
  }

  /** @param {{upload: Upload, file: File, stop: (() => void) | null}} entry */
  #begin(entry) {
    const { number } = entry.upload;
    /** @param {Partial<Upload>} change */
    const change = (change) => {
      if (this.#all.get(number) === entry) {
        entry.upload = { ...entry.upload, ...change };
        this.#changed();
      }
    };
    entry.stop = this.#send(entry.file, {
      progressed: (share) => change({ share }),
      ended: (code) => {
        entry.stop = null;
        if (code === "") {
          this.#all.delete(number);
          this.#changed();
        } else {
          change({ trouble: code });
        }
        this.#next();
      },
    });
  }
}

/**
 * Send a file to the host of this page. (`fetch` tells nothing of how far a body is.)
 *
 * @param {string} path of the page, e.g. `/r/ROOM`
 * @returns {(file: File, sending: Sending) => () => void}
 */
export function sender(path) {
  return (file, { progressed, ended }) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${path}/api/files?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => {
      progressed(event.total > 0 ? event.loaded / event.total : 0);
    });
    request.addEventListener("load", () => ended(request.status === 200 ? "" : codeOf(request.responseText)));
    request.addEventListener("error", () => ended("upload_failed"));
    request.send(file);
    return () => request.abort();
  };
}

/**
 * Return where a file of the chat is.
 *
 * @param {string} path of the page
 * @param {import("./signalling.js").SharedFile} file
 */
export function fileAddress(path, file) {
  return `${path}/api/files/${encodeURIComponent(file.id)}`;
}

/**
 * Return a size as people read it.
 *
 * @param {number} bytes
 * @param {string} tag BCP 47
 * @returns {string} e.g. "2.4 MB"
 */
export function sizeText(bytes, tag) {
  const [unit, size] = bytes < 1_000_000 ? ["kilobyte", bytes / 1000] : ["megabyte", bytes / 1_000_000];
  const digits = size < 10 ? 1 : 0;
  const shown = bytes < 1_000_000 ? Math.max(size, 0.1) : size;
  return new Intl.NumberFormat(tag, { style: "unit", unit, maximumFractionDigits: digits }).format(shown);
}

/** @param {string} body of an answer that is no success */
function codeOf(body) {
  try {
    const code = JSON.parse(body)?.code;
    return typeof code === "string" && code !== "" ? code : "upload_failed";
  } catch {
    return "upload_failed";
  }
}
