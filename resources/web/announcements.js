/**
 * What is said to people who do not see the page change. Pure.
 *
 * @typedef {import("./signalling.js").HostMessage} HostMessage
 * @typedef {import("./room.js").Room} Room
 * @typedef {import("./i18n.js").Translate} Translate
 */

import { callingGroups, groupOf } from "./groups.js";
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
    case "participantChanged":
      return raisedHand(t, before, after, message.participant);
    case "lockChanged":
      return [t(message.locked ? "say.locked" : "say.unlocked")];
    case "reacted":
      return message.participant === after.you ? [] : reaction(t, after, message);
    case "lobbyChanged":
      return knockers(before, after).map((person) => t("say.knocked", { name: person.name }));
    case "clockChanged":
      return itemChange(t, before, after);
    case "breakoutsChanged":
      return groupChange(t, before, after);
    case "announced":
      return [t("breakouts.says", { name: message.by, text: message.text })];
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
 * @param {import("./signalling.js").Participant} person
 */
function raisedHand(t, before, after, person) {
  const was = before.participants.find((other) => other.id === person.id)?.hand ?? null;
  if (was === null && person.hand !== null && person.id !== after.you) {
    return [t("say.hand", { name: person.name })];
  }
  return was !== null && person.hand === null && person.id === after.you ? [t("say.handDown")] : [];
}

/**
 * @param {Translate} t
 * @param {Room} room
 * @param {import("./signalling.js").Reacted} reacted
 */
function reaction(t, room, { participant, reaction: emoji }) {
  const person = room.participants.find((other) => other.id === participant);
  return person === undefined ? [] : [t("say.reacted", { name: person.name, reaction: emoji })];
}

/**
 * Return the groups that call the chair since just now, for who may come.
 *
 * @param {Room} before
 * @param {Room} after
 * @returns {import("./signalling.js").Group[]}
 */
export function newCalls(before, after) {
  const known = new Set(callingGroups(before.breakouts).map((group) => group.id));
  return mayChair(after.role) ? callingGroups(after.breakouts).filter((group) => !known.has(group.id)) : [];
}

/**
 * @param {Translate} t
 * @param {Room} before
 * @param {Room} after
 */
function groupChange(t, before, after) {
  const was = groupOf(before.breakouts, before.you);
  const is = groupOf(after.breakouts, after.you);
  const said = newCalls(before, after).map((group) => t("breakouts.asks", { group: group.name }));
  if (was?.id !== is?.id || was?.name !== is?.name) {
    said.push(is === null ? t("breakouts.sayBack") : t("breakouts.sayIn", { group: is.name }));
  }
  if (after.breakouts?.returning === true && before.breakouts?.returning !== true) {
    said.push(t("breakouts.saySoon"));
  }
  return said;
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
    : [item.number === "" ? t("say.break", { title: item.title }) : t("say.item", { number: item.number, title: item.title })];
}
