/**
 * What was written here and is not on the host's disk yet, kept in this browser until it is: a page
 * that is killed, or loses the network, loses nothing. What the host has is not kept here.
 *
 * @typedef {object} Unkept
 * @property {string} document of the minutes, "" = it had no name
 * @property {Uint8Array} update of Yjs
 */

const DATABASE = "projectdesk-minutes";
const STORE = "unkept";

/** One record for each path of a call. Without IndexedDB nothing is kept, and nothing is lost. */
export class UnkeptStore {
  #path;
  /** @type {Promise<IDBDatabase | null>} */
  #database;

  /** @param {string} path of the page, e.g. `/r/ROOM` */
  constructor(path) {
    this.#path = path;
    this.#database = opened();
  }

  /** @returns {Promise<Unkept | null>} */
  async recall() {
    const store = await this.#store("readonly");
    return store === null ? null : ((await answer(store.get(this.#path))) ?? null);
  }

  /** @param {Unkept | null} unkept null: the host has all */
  async keep(unkept) {
    const store = await this.#store("readwrite");
    if (store !== null) {
      await answer(unkept === null ? store.delete(this.#path) : store.put(unkept, this.#path));
    }
  }

  /** @param {IDBTransactionMode} mode */
  async #store(mode) {
    const database = await this.#database;
    try {
      return database?.transaction(STORE, mode, { durability: "strict" }).objectStore(STORE) ?? null;
    } catch {
      return null; // the browser closed it
    }
  }
}

/** @returns {Promise<IDBDatabase | null>} */
function opened() {
  return new Promise((resolve) => {
    try {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => void request.result.createObjectStore(STORE);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(null);
    } catch {
      resolve(null); // no storage in this browser's mode
    }
  });
}

/**
 * @param {IDBRequest} request
 * @returns {Promise<any>}
 */
function answer(request) {
  return new Promise((resolve) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = (event) => {
      event.preventDefault();
      resolve(null);
    };
  });
}
