/**
 * One picture of the call: a camera or a shared screen, with the name of who it is.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../signalling.js").Participant} Participant
 *
 * @typedef {object} Shown what a tile shows now
 * @property {Participant} person
 * @property {"camera" | "screen"} kind
 * @property {boolean} isYou
 * @property {MediaStreamTrack | null} track null shows the initials
 * @property {boolean} speaking
 * @property {boolean} pinned
 * @property {boolean} unseen the camera is on, but does not come here: the room is too large
 * @property {import("../quality.js").Verdict | undefined} quality of the connection to this person
 * @property {number} hand place among the raised hands, 0 when down
 */

import { hue, initials } from "../text.js";
import { h, icon, setAttribute, setIcon, setText, show } from "./dom.js";
import { QualitySign } from "./quality.js";

/** Number of avatar colours in the style sheet. */
const HUES = 8;

/** How long a reaction is seen; the style sheet's animation is as long. */
const REACTION_MS = 3000;

/** A tile; it lives as long as its person (or screen) is in the call. */
export class Tile {
  #t;
  #video = h("video", { autoplay: true, playsinline: true });
  #avatar = h("div", { class: "avatar", "aria-hidden": "true" });
  #name = h("span", { class: "tile-name" });
  #organisation = h("span", { class: "tile-organisation" });
  #mark = h("span", { class: "tile-mark" }, "≈");
  #microphone = icon("mic-off");
  #state = h("span", { class: "visually-hidden" });
  #handPlace = h("span");
  #hand = h("div", { class: "tile-hand", "aria-hidden": "true", hidden: true }, icon("hand"), this.#handPlace);
  #unseen = h("span", { class: "tile-unseen", hidden: true }, icon("video"));
  #quality;
  #away = h("span", { class: "tile-away" });
  #pinIcon = icon("pin");
  #pin = h("button", { type: "button", class: "tile-pin" }, this.#pinIcon);
  /** @type {MediaStreamTrack | null} */
  #track = null;

  /**
   * @param {Language} language
   * @param {string} person participant id, picks the colour of the initials
   * @param {() => void} pinned the person wants this tile large, or not any more
   */
  constructor(language, person, pinned) {
    this.#t = language.t;
    this.#quality = new QualitySign(language.t);
    this.#video.muted = true;
    this.#avatar.classList.add(`hue-${hue(person, HUES)}`);
    this.#pin.addEventListener("click", (event) => {
      event.stopPropagation();
      pinned();
    });
    const label = h(
      "div",
      { class: "tile-label" },
      this.#microphone,
      this.#unseen,
      h("span", { class: "tile-names", dir: "auto" }, this.#name, this.#mark, this.#organisation),
      this.#quality.element,
      this.#state,
    );
    /** The element to place. */
    this.element = h(
      "div",
      { class: "tile", role: "listitem", "data-participant": person },
      this.#avatar,
      this.#video,
      this.#away,
      this.#hand,
      label,
      this.#pin,
    );
    this.element.addEventListener("click", pinned);
  }

  /** @param {Shown} shown */
  update(shown) {
    const { person, kind, isYou, speaking, pinned } = shown;
    const isScreen = kind === "screen";
    const t = this.#t;
    this.#showTrack(shown.track);
    setText(this.#avatar, initials(person.name));
    setText(this.#name, tileName(t, shown));
    setText(this.#organisation, isScreen ? "" : person.organisation);
    show(this.#mark, person.marked && !isYou);
    setAttribute(this.#mark, "title", t("call.sameName"));
    setIcon(this.#microphone, isScreen ? "screen-share" : person.audio ? "mic" : "mic-off");
    setText(this.#state, isScreen ? "" : stateText(t, shown));
    setText(this.#away, person.away ? t("call.away") : "");
    show(this.#away, person.away);
    show(this.#unseen, shown.unseen && !isScreen);
    setAttribute(this.#unseen, "title", t("call.unseenHint", { name: person.name }));
    this.#quality.update(isScreen ? undefined : shown.quality);
    setText(this.#handPlace, String(shown.hand));
    show(this.#hand, shown.hand > 0 && !isScreen);
    const pinText = t(pinned ? "call.unpin" : "call.pin", { name: tileName(t, shown) });
    setIcon(this.#pinIcon, pinned ? "pin-off" : "pin");
    setAttribute(this.#pin, "aria-label", pinText);
    setAttribute(this.#pin, "title", pinText);
    setAttribute(this.#pin, "aria-pressed", String(pinned));
    setAttribute(this.element, "data-kind", kind);
    this.element.toggleAttribute("data-pinned", pinned);
    this.element.classList.toggle("speaking", speaking && !isScreen);
    this.element.classList.toggle("muted", !person.audio && !isScreen);
    this.element.classList.toggle("you", isYou && !isScreen);
    this.element.classList.toggle("away", person.away);
    this.element.classList.toggle("raised", shown.hand > 0 && !isScreen);
  }

  /** The picture, if there is one now. @returns {HTMLVideoElement | null} */
  get video() {
    return this.#track === null ? null : this.#video;
  }

  /**
   * Place the tile.
   *
   * @param {import("../tiles.js").Place} place
   */
  place(place) {
    const style = this.element.style;
    style.insetInlineStart = `${place.x}px`;
    style.insetBlockStart = `${place.y}px`;
    style.inlineSize = `${place.width}px`;
    style.blockSize = `${place.height}px`;
    this.element.classList.toggle("small", place.width < 200);
  }

  /**
   * Show a reaction for a moment.
   *
   * @param {string} emoji
   */
  react(emoji) {
    const shown = h("span", { class: "tile-reaction", "aria-hidden": "true" }, emoji);
    this.element.append(shown);
    window.setTimeout(() => shown.remove(), REACTION_MS);
  }

  /** Free the video. */
  close() {
    this.#video.srcObject = null;
    this.element.remove();
  }

  /** @param {MediaStreamTrack | null} track */
  #showTrack(track) {
    show(this.#video, track !== null);
    show(this.#avatar, track === null);
    if (track === this.#track) {
      return;
    }
    this.#track = track;
    this.#video.srcObject = track === null ? null : new MediaStream([track]);
  }
}

/**
 * @param {import("../i18n.js").Translate} t
 * @param {Shown} shown
 */
function tileName(t, { person, kind, isYou }) {
  if (kind === "screen") {
    return isYou ? t("call.youShare") : t("call.sharing", { name: person.name });
  }
  return isYou ? t("call.youNamed", { name: person.name }) : person.name;
}

/**
 * @param {import("../i18n.js").Translate} t
 * @param {Shown} shown
 */
function stateText(t, { person, speaking, hand, unseen }) {
  const states = [
    t(person.audio ? "call.unmuted" : "call.muted"),
    speaking ? t("call.speaking") : "",
    hand > 0 ? t("call.handPlace", { place: hand }) : "",
    unseen ? t("call.unseen") : "",
  ];
  return states.filter((state) => state !== "").map((state) => `, ${state}`).join("");
}
