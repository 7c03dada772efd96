/**
 * What of the call is on the screen: which tiles, how large, and in which window.
 *
 * It looks at the page as it lies there, so that it holds for every layout: a tile that is scrolled
 * away, in a hidden tab or in a closed panel is not seen; one in a picture-in-picture window is.
 *
 * @typedef {import("../wants.js").Seen} Seen
 */

const TILES = ".tile[data-participant]";

/** Watches the tiles of the page. */
export class Sight {
  #changed;
  /** Tiles in the viewport. @type {Set<Element>} */
  #inView = new Set();
  /**
   * Tiles of which the browser has not said yet whether they are in view: it does so with its next
   * picture, which takes a while when the call opens. They count as seen, or the host would be told
   * that nothing is on the screen, and have everybody's camera stopped and started again.
   *
   * @type {Set<Element>}
   */
  #unjudged = new Set();
  /** @type {Set<Element>} */
  #watched = new Set();
  #crossing;
  #sizes;

  /** @param {() => void} changed what is seen may be another; called often */
  constructor(changed) {
    this.#changed = changed;
    this.#crossing = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        this.#unjudged.delete(entry.target);
        if (entry.isIntersecting) {
          this.#inView.add(entry.target);
        } else {
          this.#inView.delete(entry.target);
        }
      }
      changed();
    });
    this.#sizes = new ResizeObserver(changed);
    document.addEventListener("visibilitychange", changed);
    document.addEventListener("enterpictureinpicture", changed);
    document.addEventListener("leavepictureinpicture", changed);
  }

  /** Look at the tiles that are there now. */
  look() {
    const tiles = new Set(allTiles());
    for (const tile of this.#watched) {
      if (!tiles.has(tile)) {
        this.#crossing.unobserve(tile);
        this.#sizes.unobserve(tile);
        this.#inView.delete(tile);
        this.#unjudged.delete(tile);
      }
    }
    for (const tile of tiles) {
      if (!this.#watched.has(tile)) {
        this.#unjudged.add(tile);
        this.#crossing.observe(tile);
        this.#sizes.observe(tile);
      }
    }
    this.#watched = tiles;
    this.#changed();
  }

  /**
   * Return what is seen.
   *
   * @returns {Seen[]}
   */
  seen() {
    /** @type {Seen[]} */
    const result = [];
    for (const tile of this.#watched) {
      const height = this.#heightOf(tile);
      const participant = tile.getAttribute("data-participant");
      if (height > 0 && participant !== null) {
        result.push({ participant, source: sourceOf(tile), height: Math.round(height) });
      }
    }
    return result;
  }

  /**
   * Return the people whose tile the visitor pinned.
   *
   * @returns {string[]}
   */
  pinned() {
    return [...this.#watched]
      .filter((tile) => tile.hasAttribute("data-pinned") && sourceOf(tile) === "video")
      .map((tile) => tile.getAttribute("data-participant") ?? "");
  }

  /** Stop watching. */
  close() {
    for (const tile of this.#watched) {
      this.#crossing.unobserve(tile);
      this.#sizes.unobserve(tile);
    }
    this.#watched = new Set();
    this.#inView.clear();
    this.#unjudged.clear();
  }

  /**
   * @param {Element} tile
   * @returns {number} in device pixels; 0 when nobody sees it
   */
  #heightOf(tile) {
    const view = tile.ownerDocument.defaultView;
    if (view === null) {
      return 0;
    }
    const isApart = tile.ownerDocument !== document;
    const isInView = this.#inView.has(tile) || this.#unjudged.has(tile);
    const isShown = isApart || (document.visibilityState === "visible" && isInView);
    const here = isShown ? tile.clientHeight * view.devicePixelRatio : 0;
    return Math.max(here, pictureInPictureHeight(tile));
  }
}

/** @returns {Element[]} of the page, and of its picture-in-picture window where the browser has one */
function allTiles() {
  /** @type {{window?: Window | null} | undefined} */
  const apart = /** @type {any} */ (globalThis).documentPictureInPicture;
  const documents = [document, ...(apart?.window ? [apart.window.document] : [])];
  return documents.flatMap((one) => [...one.querySelectorAll(TILES)]);
}

/**
 * @param {Element} tile
 * @returns {import("../signalling.js").FeedSource}
 */
function sourceOf(tile) {
  return tile.getAttribute("data-kind") === "screen" ? "screen" : "video";
}

/**
 * Return the height of the floating window that shows a tile's video; 0 if there is none.
 *
 * @param {Element} tile
 */
function pictureInPictureHeight(tile) {
  const floating = document.pictureInPictureElement ?? null;
  if (floating === null || !tile.contains(floating)) {
    return 0;
  }
  // Browsers do not tell this window's size to who did not open it; it is a quarter of the screen.
  return (window.screen.height / 4) * window.devicePixelRatio;
}
