/**
 * The room as this page knows it: the host's `RoomState` and what changed since. Pure.
 *
 * @typedef {import("./signalling.js").HostMessage} HostMessage
 * @typedef {import("./signalling.js").Participant} Participant
 * @typedef {import("./signalling.js").AgendaClock} AgendaClock
 * @typedef {import("./signalling.js").Role} Role
 *
 * @typedef {object} Room
 * @property {string} you own participant id
 * @property {Role} role own role
 * @property {string} title
 * @property {string} project
 * @property {ReadonlyArray<Participant>} participants in order of arrival
 * @property {ReadonlyArray<Participant>} lobby
 * @property {AgendaClock} clock
 * @property {string} endsAt RFC 3339
 * @property {string | null} speaker who is loudest
 * @property {boolean} locked nobody new may knock
 * @property {import("./signalling.js").RoomLimits | null} limits how large the call may get
 * @property {ReadonlyArray<string> | null} cameras whose cameras come to this page; null = all
 * @property {ReadonlyArray<import("./signalling.js").RemovedPerson>} removed who may not come back
 * @property {import("./signalling.js").Focus} focus who is large for everybody
 * @property {string} lobbyMessage what those who wait read, for who may admit
 * @property {boolean} notesShared the minutes can be read
 * @property {Readonly<Record<string, import("./signalling.js").ItemNotes>>} notes by agenda item
 * @property {import("./signalling.js").Breakouts | null} breakouts
 * @property {ReadonlyArray<import("./signalling.js").PlannedGroup>} proposedGroups for who may open them
 * @property {import("./signalling.js").Announced | null} announced the chair's last words to all
 * @property {import("./signalling.js").RecordingView} recording
 */

import { company } from "./groups.js";
import { NO_RECORDING } from "./recording.js";

/** @type {AgendaClock} */
const NO_CLOCK = { at: "1970-01-01T00:00:00Z", startedAt: null, current: null, items: [] };

/** A room nobody told us about yet. @type {Room} */
export const EMPTY = Object.freeze({
  you: "",
  role: "participant",
  title: "",
  project: "",
  participants: [],
  lobby: [],
  clock: NO_CLOCK,
  endsAt: NO_CLOCK.at,
  speaker: null,
  locked: false,
  limits: null,
  cameras: null,
  removed: [],
  focus: { participant: null, chosen: false, follows: true },
  lobbyMessage: "",
  notesShared: true,
  notes: {},
  breakouts: null,
  proposedGroups: [],
  announced: null,
  recording: NO_RECORDING,
});

/**
 * Return the room after a message; messages that are not about the room leave it as it is.
 *
 * @param {Room} room
 * @param {HostMessage} message
 * @returns {Room}
 */
export function applyMessage(room, message) {
  switch (message.type) {
    case "welcome":
      return {
        ...room,
        you: message.you,
        role: message.role,
        title: message.title,
        project: message.project,
        cameras: null,
        recording: NO_RECORDING,
      };
    case "roomState":
      return {
        ...room,
        participants: inOrder(message.participants),
        lobby: inOrder(message.lobby),
        clock: message.clock,
        endsAt: message.endsAt,
        locked: message.locked,
        limits: message.limits,
        removed: message.removed,
        focus: message.focus,
        lobbyMessage: message.lobbyMessage,
        notesShared: message.notesShared,
        notes: {},
        speaker: null,
        breakouts: message.breakouts,
        proposedGroups: message.proposedGroups,
      };
    case "participantJoined":
    case "participantChanged":
      return withParticipant(room, message.participant);
    case "participantLeft":
      return {
        ...room,
        participants: room.participants.filter((person) => person.id !== message.participant),
        speaker: room.speaker === message.participant ? null : room.speaker,
      };
    case "lobbyChanged":
      return { ...room, lobby: inOrder(message.lobby) };
    case "clockChanged":
      return { ...room, clock: message.clock };
    case "lockChanged":
      return { ...room, locked: message.locked };
    case "focusChanged":
      return { ...room, focus: message.focus };
    case "lobbyMessageChanged":
      return { ...room, lobbyMessage: message.text };
    case "notesShared":
      return { ...room, notesShared: message.shared, notes: message.shared ? room.notes : {} };
    case "notesShown":
      return { ...room, notes: { ...room.notes, [message.notes.item]: message.notes } };
    case "announced":
      return { ...room, announced: message };
    case "breakoutsChanged":
      return { ...room, breakouts: message.breakouts };
    case "recordingChanged":
      return { ...room, recording: message.recording };
    case "removedChanged":
      return { ...room, removed: message.removed };
    case "camerasChosen":
      return { ...room, cameras: message.participants };
    case "speakerChanged":
      return { ...room, speaker: message.participant };
    default:
      return room;
  }
}

/**
 * Tell whether this role may admit, start items and end the meeting.
 *
 * @param {Role} role
 * @returns {boolean}
 */
export function mayChair(role) {
  return role === "chair" || role === "cohost";
}

/**
 * Tell whether this role may appoint co-hosts and hand over the chair.
 *
 * @param {Role} role
 * @returns {boolean}
 */
export function mayAppoint(role) {
  return role === "chair";
}

/**
 * Tell whether this person may write the minutes.
 *
 * @param {Room} room
 * @returns {boolean}
 */
export function mayWrite({ you, participants }) {
  return participants.some((person) => person.id === you && person.writes);
}

/**
 * Return who raised a hand, in the order in which they get the word.
 *
 * @param {Room} room
 * @returns {Participant[]}
 */
export function raisedHands(room) {
  const since = (/** @type {Participant} */ person) => Date.parse(person.hand ?? "");
  return room.participants
    .filter((person) => person.hand !== null)
    .sort((one, other) => since(one) - since(other) || (one.id < other.id ? -1 : 1));
}

/**
 * Return the place of a person among the raised hands.
 *
 * @param {Room} room
 * @param {string} id
 * @returns {number} from 1; 0 when the hand is down
 */
export function handPlace(room, id) {
  return raisedHands(room).findIndex((person) => person.id === id) + 1;
}

/**
 * Tell whether this role may send microphone and camera.
 *
 * @param {Role} role
 * @returns {boolean}
 */
export function maySpeak(role) {
  return role !== "observer";
}

/**
 * Tell whether this role may share a screen.
 *
 * @param {Role} role
 * @returns {boolean}
 */
export function mayShare(role) {
  return role !== "observer" && role !== "interpreter";
}

/**
 * Tell whether somebody's camera is on but does not come to this page: the room is too large.
 *
 * @param {Room} room
 * @param {Participant} person
 * @returns {boolean}
 */
export function isUnseen(room, person) {
  return person.video && person.id !== room.you && room.cameras !== null && !room.cameras.includes(person.id);
}

/**
 * Tell whether somebody else shares a screen: there is one at a time, in each breakout room.
 *
 * @param {Room} room
 * @returns {boolean}
 */
export function isScreenTaken(room) {
  return company(room).some((person) => person.screen && person.id !== room.you);
}

/**
 * Return who is new in the second list.
 *
 * @param {ReadonlyArray<Participant>} before
 * @param {ReadonlyArray<Participant>} after
 * @returns {Participant[]}
 */
export function newcomers(before, after) {
  const known = new Set(before.map((person) => person.id));
  return after.filter((person) => !known.has(person.id));
}

/**
 * @param {Room} room
 * @param {Participant} person
 * @returns {Room}
 */
function withParticipant(room, person) {
  const others = room.participants.filter((other) => other.id !== person.id);
  const role = person.id === room.you ? person.role : room.role;
  return { ...room, role, participants: inOrder([...others, person]) };
}

/**
 * @param {ReadonlyArray<Participant>} people
 * @returns {Participant[]}
 */
function inOrder(people) {
  return [...people].sort(
    (one, other) => Date.parse(one.since) - Date.parse(other.since) || (one.id < other.id ? -1 : 1),
  );
}
