/**
 * What is said to people who do not see the page change. Pure.
 *
 * @typedef {import("./signalling.js").HostMessage} HostMessage
 * @typedef {import("./room.js").Room} Room
 * @typedef {import("./i18n.js").Translate} Translate
 */

import { mayChair, newcomers } from "./room.js";

/**
 * Return what to say about a message.
 *
 * @param {Translate} t
 * @param {Room} before
 * @param {Room} after
 * @param {HostMessage} message that led from one to the other
 * @returns {string[]}
 */
export function announcements(t, before, after, message) {
  switch (message.type) {
    case "participantJoined":
      return message.participant.id === after.you ? [] : [t("say.joined", { name: message.participant.name })];
    case "participantLeft": {
      const gone = before.participants.find((person) => person.id === message.participant);
      return gone === undefined ? [] : [t("say.left", { name: gone.name })];
    }
    case "lobbyChanged":
      return knockers(before, after).map((person) => t("say.knocked", { name: person.name }));
    case "clockChanged":
      return itemChange(t, before, after);
    default:
      return [];
  }
}

/**
 * Return who knocked just now, for who may open.
 *
 * @param {Room} before
 * @param {Room} after
 * @returns {import("./signalling.js").Participant[]}
 */
export function knockers(before, after) {
  return mayChair(after.role) ? newcomers(before.lobby, after.lobby) : [];
}

/**
 * @param {Translate} t
 * @param {Room} before
 * @param {Room} after
 */
function itemChange(t, before, after) {
  const { current, items } = after.clock;
  const item = items.find((candidate) => candidate.id === current);
  return item === undefined || current === before.clock.current
    ? []
    : [t("say.item", { number: item.number, title: item.title })];
}
