/**
 * What the call is made of beside the pictures: panels at the side, signs in the bar above, strips
 * under the pictures, entries of the menu "More". Each list is open: a module of its own, and one
 * line here.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../i18n.js").Key} Key
 * @typedef {import("./menu.js").MenuItem} MenuItem
 * @typedef {import("./stage.js").StageActions} StageActions
 * @typedef {import("./stage.js").StageModel} StageModel
 *
 * @typedef {StageActions & {showPanel: (name: string) => void}} PartActions
 *
 * @typedef {object} Part what a maker returns; it lives as long as the stage
 * @property {HTMLElement} element
 * @property {(model: StageModel) => void} update with every change, and each second
 * @property {() => void} [closed] free what it holds
 *
 * @typedef {object} PanelPart
 * @property {HTMLElement} element
 * @property {(model: StageModel) => void} update while it is open: with every change, and each second
 * @property {() => void} [focus] it was opened by its key or button: where typing goes
 * @property {(isOpen: boolean) => void} [shown] it came to the front, or went from it
 * @property {() => void} [closed] free what it holds
 *
 * @typedef {object} Badge a figure at a panel's tab and button
 * @property {string} text "" for none
 * @property {string} [label] what the figure counts, for who does not see it
 * @property {boolean} [urgent] it asks for attention
 *
 * @typedef {object} PanelKind
 * @property {string} name
 * @property {Key} title of tab, button and menu entry
 * @property {string} icon
 * @property {string} key of the keyboard, upper case; "" for none
 * @property {number} rank in the bar below: the lowest keep their place longest where it is narrow,
 *   what has no place there is in the menu "More"; 0 is only ever there
 * @property {(model: StageModel) => boolean} [isOffered] to this person, now; without it always
 * @property {(model: StageModel, t: import("../i18n.js").Translate) => Badge} [badge]
 * @property {(language: Language, actions: PartActions) => PanelPart} make when it is first opened
 */

import { unanswered } from "../polls.js";
import { callingGroups } from "../groups.js";
import { mayChair } from "../room.js";
import { going, missing } from "../votes.js";
import { agendaPanel } from "./agenda.js";
import { ballotNotice, quorumNotice, quorumSign } from "./ballot_box.js";
import { breakoutNotices } from "./breakout_bar.js";
import { breakoutsPanel } from "./breakouts.js";
import { captionStrip } from "./captions.js";
import { chatPanel } from "./chat.js";
import { minutesPanel } from "./minutes.js";
import { peoplePanel } from "./people.js";
import { pluggedNotices } from "./plugged.js";
import { qualityPanel } from "./quality.js";
import { interpreterNotice, languagesPanel } from "./languages.js";
import { pollNotice, pollsPanel } from "./polls.js";
import { recordingEntries, recordingNotice, recordingSign } from "./recording.js";
import { sharingNotice } from "./sharing.js";
import { sizeNotice } from "./size.js";
import { votesPanel } from "./votes.js";

/** The panels in the order of their tabs. @type {ReadonlyArray<PanelKind>} */
export const PANELS = [
  {
    name: "chat",
    title: "call.chat",
    icon: "message-square",
    key: "C",
    rank: 2,
    badge: ({ chat }, t) => ({
      text: chat.unread > 99 ? "99+" : chat.unread > 0 ? String(chat.unread) : "",
      label: t("chat.unread", { count: chat.unread }),
      urgent: true,
    }),
    make: (language, actions) => {
      const chat = chatPanel(language, actions.sendChat);
      return {
        element: chat.element,
        update: (model) => chat.update(model.chat, model.room, model.chatTrouble),
        focus: chat.focus,
        shown: actions.showChat,
        closed: chat.closed,
      };
    },
  },
  {
    name: "polls",
    title: "call.polls",
    icon: "chart-bar",
    key: "",
    rank: 7,
    isOffered: ({ talk, room }) => mayChair(room.role) || talk.polls.list.length > 0,
    badge: ({ talk, room }) => ({
      text: unanswered(talk.polls, room.role) === null ? "" : "1",
      urgent: true,
    }),
    make: (language, actions) => {
      const polls = pollsPanel(language, actions.send);
      return { element: polls.element, update: (model) => polls.update(model.talk.polls, model.room) };
    },
  },
  {
    name: "votes",
    title: "call.votes",
    icon: "gavel",
    key: "",
    rank: 4,
    isOffered: ({ talk }) => talk.votes.body !== null,
    badge: ({ talk }) => {
      const waits = missing(talk.votes).length;
      return { text: waits > 0 ? String(waits) : going(talk.votes) === null ? "" : "·", urgent: waits > 0 };
    },
    make: (language, actions) => {
      const votes = votesPanel(language, actions.send);
      return { element: votes.element, update: (model) => votes.update(model.talk.votes, model.room) };
    },
  },
  {
    name: "languages",
    title: "call.languages",
    icon: "languages",
    key: "",
    rank: 8,
    isOffered: ({ talk, room }) => {
      const { channels, captioners } = talk.languages.set;
      return mayChair(room.role) || channels.length > 0 || captioners.length > 0;
    },
    make: languagesPanel,
  },
  {
    name: "people",
    title: "call.people",
    icon: "users",
    key: "P",
    rank: 3,
    badge: ({ room }, t) => {
      const waiting = mayChair(room.role) ? room.lobby.length : 0;
      const here = room.participants.length;
      return waiting > 0
        ? { text: String(waiting), label: t("people.lobby", { count: waiting }), urgent: true }
        : { text: String(here), label: t("people.here", { count: here }) };
    },
    make: (language, actions) => {
      const people = peoplePanel(language, actions);
      return { element: people.element, update: (model) => people.update(model.room, model.hostTime, model.zone) };
    },
  },
  {
    name: "agenda",
    title: "call.agenda",
    icon: "list-checks",
    key: "A",
    rank: 6,
    make: (language, actions) => {
      const retime = (/** @type {import("../signalling.js").Retiming[]} */ items) =>
        void actions.send({ type: "retimeAgenda", items });
      const agenda = agendaPanel(language, actions.startItem, retime);
      return {
        element: agenda.element,
        update: (model) => agenda.update(model.reading, mayChair(model.room.role)),
      };
    },
  },
  {
    name: "minutes",
    title: "call.minutes",
    icon: "file-text",
    key: "N",
    rank: 5,
    isOffered: ({ room, writing }) => room.notesShared || mayChair(room.role) || writing.state !== "off",
    make: (language, actions) => minutesPanel(language, actions.send),
  },
  {
    name: "breakouts",
    title: "call.breakouts",
    icon: "layers",
    key: "",
    rank: 8,
    isOffered: ({ room }) => room.breakouts !== null || mayChair(room.role),
    badge: ({ room }, t) => {
      const calls = mayChair(room.role) ? callingGroups(room.breakouts).length : 0;
      return { text: calls > 0 ? String(calls) : "", label: t("breakouts.calls"), urgent: true };
    },
    make: (language, actions) => breakoutsPanel(language, actions.send),
  },
  { name: "connection", title: "call.connection", icon: "signal", key: "", rank: 0, make: qualityPanel },
];

/** Signs in the bar above, e.g. that a recording runs. @type {ReadonlyArray<(language: Language, actions: PartActions) => Part>} */
export const SIGNS = [recordingSign, quorumSign];

/** Notices below the bar, e.g. a question to this person. @type {ReadonlyArray<(language: Language, actions: PartActions) => Part>} */
export const NOTICES = [recordingNotice, quorumNotice, ballotNotice, sharingNotice, sizeNotice, pluggedNotices, pollNotice, breakoutNotices, interpreterNotice];

/** Strips under the pictures, e.g. captions. @type {ReadonlyArray<(language: Language, actions: PartActions) => Part>} */
export const STRIPS = [captionStrip];

/** Entries of the menu "More", asked for each time it opens. @type {ReadonlyArray<(language: Language, model: StageModel, actions: PartActions) => MenuItem[]>} */
export const MORE = [recordingEntries];
