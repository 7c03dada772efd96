/**
 * The tiles of the call and where they lie: all alike, or one large with the others beside it.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("./stage.js").StageModel} StageModel
 * @typedef {import("./tile.js").Shown} Shown
 */

import { handPlace, isUnseen } from "../room.js";
import { company } from "../groups.js";
import { feedKey } from "../subscriber.js";
import { RATIO as WIDEST, placeGrid, placeSpeaker } from "../tiles.js";
import { h, show } from "./dom.js";
import { Tile } from "./tile.js";

const GAP = 8;

/** All tiles. */
export class Board {
  #language;
  #changed;
  /** @type {Map<string, Tile>} */
  #tiles = new Map();
  #space = h("div", { class: "board-space", role: "list" });
  #alone;
  #observer;
  /** @type {"grid" | "speaker"} */
  #mode = "grid";
  /** @type {string | null} */
  #pinned = null;
  #wasSharing = false;
  /** @type {"grid" | "speaker"} */
  #modeBeforeShare = "grid";
  /** Who was in focus for everybody. @type {string | null} */
  #focus = null;
  /** @type {"grid" | "speaker"} */
  #modeBeforeFocus = "grid";
  /** Who spoke last, oneself aside. @type {string | null} */
  #lastSpeaker = null;
  /** @type {StageModel | null} */
  #model = null;

  /**
   * @param {Language} language
   * @param {() => void} changed the layout is another one
   */
  constructor(language, changed) {
    this.#language = language;
    this.#changed = changed;
    this.#space.setAttribute("aria-label", language.t("call.participants"));
    this.#alone = h("p", { class: "board-alone" }, language.t("call.alone"));
    /** The element that fills the middle of the stage. */
    this.element = h("main", { class: "board" }, this.#space, this.#alone);
    this.#observer = new ResizeObserver(() => this.#place());
    this.#observer.observe(this.#space);
  }

  /** Whether one tile is large. */
  get isSpeakerView() {
    return this.#mode === "speaker" || this.#pinned !== null;
  }

  /** Change between all alike and one large. */
  toggleMode() {
    this.#mode = this.isSpeakerView ? "grid" : "speaker";
    this.#pinned = null;
    this.#refresh();
    this.#changed();
  }

  /** @param {StageModel} model */
  update(model) {
    this.#model = model;
    const speaker = model.room.speaker;
    if (speaker !== null && speaker !== model.room.you) {
      this.#lastSpeaker = speaker;
    }
    this.#followShare(model);
    this.#followFocus(model);
    this.#refresh();
  }

  /**
   * Show a reaction over somebody's picture.
   *
   * @param {string} person
   * @param {string} emoji
   */
  react(person, emoji) {
    this.#tiles.get(feedKey(person, "video"))?.react(emoji);
  }

  /** Free what the tiles hold. */
  close() {
    this.#observer.disconnect();
    for (const tile of this.#tiles.values()) {
      tile.close();
    }
    this.#tiles.clear();
  }

  /** @param {StageModel} model */
  #followFocus(model) {
    const { room } = model;
    const others = company(room).filter((person) => person.id !== room.you);
    const focus = others.find((person) => person.id === room.focus.participant)?.id ?? null;
    if (focus === this.#focus) {
      return;
    }
    if (this.#focus === null) {
      this.#modeBeforeFocus = this.#mode;
    }
    this.#focus = focus;
    // Who chose another view since keeps it until somebody else comes into focus.
    this.#mode = focus === null ? this.#modeBeforeFocus : "speaker";
    this.#changed();
  }

  /** @param {StageModel} model */
  #followShare(model) {
    const isSharing = company(model.room).some((person) => person.screen);
    if (isSharing && !this.#wasSharing) {
      this.#modeBeforeShare = this.#mode;
      this.#mode = "speaker";
    } else if (!isSharing && this.#wasSharing) {
      this.#mode = this.#modeBeforeShare;
    }
    if (isSharing !== this.#wasSharing) {
      this.#wasSharing = isSharing;
      this.#changed();
    }
  }

  #refresh() {
    if (this.#model === null) {
      return;
    }
    const shown = shownTiles(this.#model);
    for (const [key, tile] of this.#tiles) {
      if (!shown.has(key)) {
        tile.close();
        this.#tiles.delete(key);
      }
    }
    if (this.#pinned !== null && !shown.has(this.#pinned)) {
      this.#pinned = null;
      this.#changed();
    }
    for (const [key, what] of shown) {
      this.#tileFor(key, what).update({ ...what, pinned: key === this.#pinned });
    }
    this.element.classList.toggle("whole", !this.#model.choices.cover);
    show(this.#alone, company(this.#model.room).length === 1);
    this.#place();
  }

  /**
   * @param {string} key
   * @param {Shown} what
   */
  #tileFor(key, what) {
    let tile = this.#tiles.get(key);
    if (tile === undefined) {
      tile = new Tile(this.#language, what.person.id, () => this.#pin(key));
      this.#tiles.set(key, tile);
      this.#space.append(tile.element);
    }
    return tile;
  }

  /** @param {string} key */
  #pin(key) {
    this.#pinned = this.#pinned === key ? null : key;
    this.#refresh();
    this.#changed();
  }

  #place() {
    const width = this.#space.clientWidth;
    const height = this.#space.clientHeight;
    const keys = [...this.#tiles.keys()];
    if (this.#model === null || keys.length === 0 || width === 0) {
      return;
    }
    const large = this.isSpeakerView ? this.#largeKey(keys, this.#model) : null;
    const ordered = large === null ? keys : [large, ...keys.filter((key) => key !== large)];
    const places =
      large === null
        ? placeGrid(ordered.length, width, height, GAP, this.#narrowest(width, height))
        : placeSpeaker(ordered.length, width, height, GAP);
    ordered.forEach((key, index) => {
      const tile = this.#tiles.get(key);
      const place = places[index];
      if (tile !== undefined && place !== undefined) {
        tile.place(place);
        tile.element.classList.toggle("large", key === large);
      }
    });
  }

  /**
   * Return how narrow a tile may be (width to height), so that the tiles use the space.
   *
   * @param {number} width of the space
   * @param {number} height
   */
  #narrowest(width, height) {
    if (this.#model?.choices.cover !== true) {
      return WIDEST;
    }
    return height > width ? 1 : 4 / 3;
  }

  /**
   * Return the picture that is large, or the first of another person.
   *
   * @returns {HTMLVideoElement | null} null when nobody else is seen
   */
  mainVideo() {
    const keys = [...this.#tiles.keys()];
    if (this.#model === null || keys.length === 0) {
      return null;
    }
    return this.#tiles.get(this.#largeKey(keys, this.#model))?.video ?? null;
  }

  /**
   * Pinned before shared screen before who is in focus before who speaks before the first other one.
   *
   * @param {string[]} keys
   * @param {StageModel} model
   * @returns {string}
   */
  #largeKey(keys, model) {
    const screen = keys.find((key) => key.endsWith(" screen"));
    const others = keys.filter((key) => key !== feedKey(model.room.you, "video"));
    const candidates = [
      this.#pinned,
      screen,
      this.#focus === null ? null : feedKey(this.#focus, "video"),
      this.#lastSpeaker === null ? null : feedKey(this.#lastSpeaker, "video"),
      others[0],
    ];
    const found = candidates.find((key) => typeof key === "string" && keys.includes(key));
    return found ?? /** @type {string} */ (keys[0]);
  }
}

/**
 * Return what is to be seen, oneself last in the order of arrival.
 *
 * @param {StageModel} model
 * @returns {Map<string, Shown>}
 */
function shownTiles({ room, media, feeds, choices, quality }) {
  /** @type {Map<string, Shown>} */
  const shown = new Map();
  for (const person of company(room)) {
    const isYou = person.id === room.you;
    const isHidden = isYou && choices.hideSelf && company(room).length > 1;
    const screen = isYou ? media.tracks.screen : (feeds.get(feedKey(person.id, "screen")) ?? null);
    const camera = isYou ? media.tracks.video : (feeds.get(feedKey(person.id, "video")) ?? null);
    const common = {
      person: isYou ? { ...person, audio: media.audioOn } : person,
      isYou,
      pinned: false,
      unseen: isUnseen(room, person),
      hand: handPlace(room, person.id),
      quality: isYou ? quality.own : quality.others.get(person.id),
    };
    if ((isYou ? media.screenOn : person.screen) && screen !== null) {
      shown.set(feedKey(person.id, "screen"), { ...common, kind: "screen", track: screen, speaking: false });
    }
    if (isHidden) {
      continue;
    }
    const isSeen = isYou ? media.videoOn : person.video && !isUnseen(room, person);
    shown.set(feedKey(person.id, "video"), {
      ...common,
      kind: "camera",
      track: isSeen ? camera : null,
      speaking: room.speaker === person.id,
    });
  }
  return shown;
}
