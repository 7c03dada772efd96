/**
 * What the chair or a co-host may do to one person of the call, as a menu.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../room.js").Room} Room
 * @typedef {import("../signalling.js").Participant} Participant
 * @typedef {import("./people.js").Order} Order
 * @typedef {import("./menu.js").MenuItem} MenuItem
 */

import { mayAppoint, mayChair, maySpeak } from "../room.js";
import { askHandOver, askRemove } from "./dialogs.js";

/**
 * Return the entries that make sense for a person now.
 *
 * @param {Language} language
 * @param {{person: Participant, room: Room}} shown
 * @param {(order: Order) => void} order
 * @returns {MenuItem[]}
 */
export function orders(language, { person, room }, order) {
  const { t } = language;
  const participant = person.id;
  /** @type {MenuItem[]} */
  const lower =
    person.hand === null
      ? []
      : [{ text: t("people.lowerHand"), icon: "hand", chosen: () => order({ type: "lowerHands", participant }) }];
  if (person.id === room.you) {
    return [...lower, focusOrder(t, person, room, order)];
  }
  return [
    ...lower,
    ...mediaOrders(t, person, order),
    focusOrder(t, person, room, order),
    ...(mayAppoint(room.role) ? roleOrders(language, person, order) : []),
    ...writingOrders(language, person, order),
    ...removal(language, person, order),
  ];
}

/**
 * Return the name of a person's menu.
 *
 * @param {import("../i18n.js").Translate} t
 * @param {Participant} person
 */
export function menuLabel(t, person) {
  return t("people.menu", { name: person.name });
}

/**
 * @param {import("../i18n.js").Translate} t
 * @param {Participant} person
 * @param {Room} room
 * @param {(order: Order) => void} order
 * @returns {MenuItem}
 */
function focusOrder(t, { id }, { focus }, order) {
  const isChosen = focus.chosen && focus.participant === id;
  return {
    text: t(isChosen ? "people.unfocus" : "people.focus"),
    icon: "focus",
    chosen: () => order({ type: "spotlight", participant: isChosen ? null : id, follows: focus.follows }),
  };
}

/**
 * @param {import("../i18n.js").Translate} t
 * @param {Participant} person
 * @param {(order: Order) => void} order
 * @returns {MenuItem[]}
 */
function mediaOrders(t, { id: participant, audio, video, screen, role }, order) {
  /** @type {MenuItem[]} */
  const items = [];
  /** @param {import("../signalling.js").HeldSource} source */
  const stop = (source) => () => order({ type: "stopFeed", source, participant });
  if (audio) {
    items.push({ text: t("people.mute"), icon: "mic-off", chosen: stop("audio") });
  } else if (maySpeak(role)) {
    items.push({
      text: t("people.askUnmute"),
      icon: "mic",
      chosen: () => order({ type: "askToUnmute", participant }),
    });
  }
  if (video) {
    items.push({ text: t("people.stopVideo"), icon: "video-off", chosen: stop("video") });
  }
  if (screen) {
    items.push({ text: t("people.stopScreen"), icon: "screen-share-off", chosen: stop("screen") });
  }
  return items;
}

/**
 * @param {Language} language
 * @param {Participant} person
 * @param {(order: Order) => void} order
 * @returns {MenuItem[]}
 */
function roleOrders(language, { id: participant, name, role }, order) {
  const { t } = language;
  const handOver = () => order({ type: "appoint", participant, role: "chair" });
  return [
    role === "cohost"
      ? {
          text: t("people.dismiss"),
          icon: "shield",
          chosen: () => order({ type: "dismiss", participant }),
        }
      : {
          text: t("people.makeCohost"),
          icon: "shield",
          chosen: () => order({ type: "appoint", participant, role: "cohost" }),
        },
    { text: t("people.makeChair"), icon: "arrow-right", chosen: () => askHandOver(language, name, handOver) },
  ];
}

/**
 * @param {Language} language
 * @param {Participant} person
 * @param {(order: Order) => void} order
 * @returns {MenuItem[]}
 */
function writingOrders({ t }, { id: participant, role, writes }, order) {
  if (mayChair(role)) {
    return []; // they always write
  }
  const text = t(writes ? "people.endWriting" : "people.letWrite");
  return [{ text, icon: "file-pen-line", chosen: () => order({ type: "letWrite", participant, writes: !writes }) }];
}

/**
 * @param {Language} language
 * @param {Participant} person
 * @param {(order: Order) => void} order
 * @returns {MenuItem[]}
 */
function removal(language, { id: participant, name, role }, order) {
  if (role === "chair") {
    return [];
  }
  const remove = () => order({ type: "remove", participant });
  const text = language.t("people.remove");
  return [{ text, icon: "x", danger: true, chosen: () => askRemove(language, name, remove) }];
}
