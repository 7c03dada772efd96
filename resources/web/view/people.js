/**
 * Who is here and who waits: hand, role, organisation, local time; the chair leads people here.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../room.js").Room} Room
 * @typedef {import("../signalling.js").Participant} Participant
 *
 * @typedef {object} Admission
 * @property {(participant: string | null) => void} admit null admits all
 * @property {(participant: string) => void} refuse
 * @property {(order: Order) => void} order
 *
 * @typedef {import("../signalling.js").LowerHands | import("../signalling.js").StopFeed
 *   | import("../signalling.js").AskToUnmute | import("../signalling.js").Remove
 *   | import("../signalling.js").LetBackIn | import("../signalling.js").LockRoom
 *   | import("../signalling.js").Appoint | import("../signalling.js").Dismiss
 *   | import("../signalling.js").Spotlight | import("../signalling.js").SetLobbyMessage
 *   | import("../signalling.js").LetWrite} Order
 */

import { groupOf } from "../groups.js";
import { handPlace, mayChair, raisedHands } from "../room.js";
import { hue, initials } from "../text.js";
import { ownZone, sameTime, timeText } from "../times.js";
import { menuButton } from "./menu.js";
import { menuLabel, orders } from "./orders.js";
import { button, freshId, h, icon, setAttribute, setChildren, setIcon, setText, show } from "./dom.js";

/** Number of avatar colours in the style sheet. */
const HUES = 8;

/**
 * @param {Language} language
 * @param {Admission} admission
 * @returns {{element: HTMLElement, update: (room: Room, hostTime: number, zone: string) => void}}
 */
export function peoplePanel(language, admission) {
  const { t } = language;
  const lobbyTitle = h("h3");
  const lobbyList = h("ul", { class: "people-list" });
  const all = button(t("people.admitAll"), () => admission.admit(null), { kind: "small primary" });
  const lobbyWords = lobbyMessage(language, admission.order);
  const lobby = h(
    "section",
    { class: "people-lobby" },
    h("div", { class: "panel-row" }, lobbyTitle, all),
    lobbyList,
  );
  const meetingTime = h("p", { class: "quiet" });
  const hereTitle = h("h3");
  const hereList = h("ul", { class: "people-list" });
  const lead = leadBar(language, admission.order);
  const removed = removedList(language, admission.order);
  const element = h(
    "div",
    { class: "people" },
    lobby,
    lobbyWords.element,
    meetingTime,
    h("section", {}, hereTitle, lead.element, hereList),
    removed.element,
  );
  /** @type {Map<string, PersonRow>} */
  const here = new Map();
  /** @type {Map<string, PersonRow>} */
  const waiting = new Map();
  /**
   * @param {Room} room
   * @param {number} hostTime ms
   * @param {string} zone of the meeting
   */
  const update = (room, hostTime, zone) => {
    const isElsewhere = zone !== "" && !sameTime(hostTime, zone, ownZone());
    const city = zone.split("/").at(-1)?.replaceAll("_", " ") ?? "";
    setText(meetingTime, isElsewhere ? t("people.meetingTime", { time: timeText(hostTime, zone, language.tag), city }) : "");
    show(meetingTime, isElsewhere);
    lobbyWords.update(room);
    setText(lobbyTitle, t("people.lobby", { count: room.lobby.length }));
    show(lobby, mayChair(room.role) && room.lobby.length > 0);
    show(all, room.lobby.length > 1);
    fillList(lobbyList, waiting, room.lobby, (person) => new PersonRow(language, person, admission, true), room, hostTime);
    lead.update(room);
    removed.update(room);
    setText(hereTitle, t("people.here", { count: room.participants.length }));
    const hands = raisedHands(room);
    const others = room.participants.filter((person) => person.hand === null);
    const make = (/** @type {Participant} */ person) => new PersonRow(language, person, admission, false);
    fillList(hereList, here, [...hands, ...others], make, room, hostTime);
  };
  return { element, update };
}

/**
 * What those who wait read, for who may write it.
 *
 * @param {Language} language
 * @param {(order: Order) => void} order
 */
function lobbyMessage({ t }, order) {
  const id = freshId("lobby");
  const field = h("input", { type: "text", id, maxlength: 500, dir: "auto", placeholder: t("people.lobbyHint") });
  const set = button(t("people.lobbySet"), () => order({ type: "setLobbyMessage", text: field.value }), { kind: "small" });
  const form = h(
    "form",
    { class: "people-words" },
    h("label", { for: id }, t("people.lobbyMessage")),
    h("div", { class: "panel-row" }, field, set),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    set.click();
  });
  let known = "";
  /** @param {Room} room */
  const update = ({ role, lobbyMessage: text }) => {
    show(form, mayChair(role));
    if (text !== known) {
      known = text;
      field.value = text;
    }
    set.disabled = field.value.trim() === known;
  };
  field.addEventListener("input", () => {
    set.disabled = field.value.trim() === known;
  });
  return { element: form, update };
}

/**
 * What the chair does to all at once.
 *
 * @param {Language} language
 * @param {(order: Order) => void} order
 */
function leadBar({ t }, order) {
  let isLocked = false;
  const mute = button(t("people.muteAll"), () => order({ type: "stopFeed", source: "audio", participant: null }), {
    kind: "small",
    icon: "mic-off",
  });
  const lock = button("", () => order({ type: "lockRoom", locked: !isLocked }), { kind: "small", icon: "lock" });
  const lower = button(t("people.lowerAll"), () => order({ type: "lowerHands", participant: null }), {
    kind: "small",
    icon: "hand",
  });
  const followId = freshId("follow");
  const follow = h("input", { type: "checkbox", id: followId });
  follow.addEventListener("change", () => order({ type: "spotlight", participant: chosen, follows: follow.checked }));
  /** Whom the chair put in focus. @type {string | null} */
  let chosen = null;
  const lockIcon = /** @type {SVGSVGElement} */ (lock.querySelector("svg"));
  const locked = h("p", { class: "quiet" }, t("people.locked"));
  const buttons = h("div", { class: "people-lead" }, mute, lock, lower);
  const focus = h("div", { class: "people-focus" }, follow, h("label", { for: followId }, t("people.follow")));
  const element = h("div", {}, buttons, locked, focus);
  /** @param {Room} room */
  const update = (room) => {
    isLocked = room.locked;
    setText(lock.lastElementChild ?? lock, t(isLocked ? "people.unlock" : "people.lock"));
    setIcon(lockIcon, isLocked ? "lock-open" : "lock");
    show(locked, isLocked);
    chosen = room.focus.chosen ? room.focus.participant : null;
    follow.checked = room.focus.follows;
    show(focus, mayChair(room.role));
    show(buttons, mayChair(room.role));
    show(mute, room.participants.some((person) => person.audio && person.id !== room.you));
    show(lower, raisedHands(room).length > 0);
  };
  return { element, update };
}

/**
 * Who was removed, and the way back.
 *
 * @param {Language} language
 * @param {(order: Order) => void} order
 */
function removedList({ t }, order) {
  const title = h("h3");
  const list = h("ul", { class: "people-list" });
  const element = h("section", { hidden: true }, title, list);
  let shown = "";
  /** @param {Room} room */
  const update = ({ role, removed }) => {
    show(element, mayChair(role) && removed.length > 0);
    const key = JSON.stringify(removed);
    if (key === shown) {
      return;
    }
    shown = key;
    setText(title, t("people.removed", { count: removed.length }));
    const rows = removed.map(({ id, name }) => {
      const back = button(t("people.letBackIn"), () => order({ type: "letBackIn", participant: id }), {
        kind: "small",
        label: t("people.letBackInNamed", { name }),
      });
      return h("li", { class: "panel-row" }, h("span", { class: "person-name" }, name), back);
    });
    list.replaceChildren(...rows);
  };
  return { element, update };
}

/**
 * @param {Element} list
 * @param {Map<string, PersonRow>} rows
 * @param {ReadonlyArray<Participant>} people
 * @param {(person: Participant) => PersonRow} make
 * @param {Room} room
 * @param {number} hostTime
 */
function fillList(list, rows, people, make, room, hostTime) {
  const wanted = people.map((person) => {
    const row = rows.get(person.id) ?? make(person);
    rows.set(person.id, row);
    row.update(person, room, hostTime);
    return row.element;
  });
  for (const id of [...rows.keys()]) {
    if (!people.some((person) => person.id === id)) {
      rows.delete(id);
    }
  }
  setChildren(list, wanted);
}

/** One person of a list. */
class PersonRow {
  #language;
  #name = h("span", { class: "person-name" });
  #role = h("span", { class: "tag" });
  #focus = h("span", { class: "tag now", hidden: true });
  #facts = h("span", { class: "quiet" });
  #avatar;
  #microphone = icon("mic-off");
  #camera = icon("video-off");
  #handPlace = h("span");
  #hand = h("span", { class: "person-hand", hidden: true }, icon("hand"), this.#handPlace);
  #isWaiting;
  #menu;
  /** @type {{person: Participant, room: Room} | null} */
  #shown = null;

  /**
   * @param {Language} language
   * @param {Participant} person
   * @param {Admission} admission
   * @param {boolean} isWaiting
   */
  constructor(language, person, admission, isWaiting) {
    const { t } = language;
    this.#language = language;
    this.#isWaiting = isWaiting;
    this.#menu = menuButton(() => (this.#shown === null ? [] : orders(language, this.#shown, admission.order)));
    this.#avatar = h("span", { class: `avatar hue-${hue(person.id, HUES)}`, "aria-hidden": "true" });
    const name = person.name;
    const actions =
      !isWaiting
        ? h("span", { class: "person-media" }, this.#hand, this.#microphone, this.#camera, this.#menu)
        : h(
            "span",
            { class: "person-actions" },
            button(t("people.admit"), () => admission.admit(person.id), {
              kind: "small primary",
              label: t("people.admitNamed", { name }),
            }),
            button(t("people.refuse"), () => admission.refuse(person.id), {
              kind: "small",
              label: t("people.refuseNamed", { name }),
            }),
          );
    /** The list's element. */
    this.element = h(
      "li",
      { class: "person" },
      this.#avatar,
      h("div", { class: "person-words" }, h("div", { class: "person-line" }, this.#name, this.#role, this.#focus), this.#facts),
      actions,
    );
  }

  /**
   * @param {Participant} person
   * @param {Room} room
   * @param {number} hostTime ms
   */
  update(person, room, hostTime) {
    const isYou = person.id === room.you;
    this.#shown = { person, room };
    const { t, tag } = this.#language;
    setText(this.#avatar, initials(person.name));
    setText(this.#name, isYou ? t("call.youNamed", { name: person.name }) : person.name);
    setAttribute(this.#name, "title", person.marked ? t("call.sameName") : null);
    this.#name.classList.toggle("marked", person.marked);
    setText(this.#role, t(`role.${person.role}`));
    show(this.#role, person.role !== "participant");
    const isInFocus = room.focus.participant === person.id;
    setText(this.#focus, isInFocus ? t("people.inFocus") : "");
    show(this.#focus, isInFocus);
    const group = groupOf(room.breakouts, person.id)?.name ?? "";
    const facts = [group, person.organisation, person.country, zoneText(t, tag, person.zone, hostTime)];
    setText(this.#facts, facts.filter((fact) => fact !== "").join(" · "));
    if (!this.#isWaiting) {
      setIcon(this.#microphone, person.audio ? "mic" : "mic-off");
      setIcon(this.#camera, person.video ? "video" : "video-off");
      this.#microphone.classList.toggle("off", !person.audio);
      this.#camera.classList.toggle("off", !person.video);
      const place = handPlace(room, person.id);
      setText(this.#handPlace, String(place));
      setAttribute(this.#hand, "title", t("call.handPlace", { place }));
      show(this.#hand, place > 0);
      setAttribute(this.#menu, "aria-label", menuLabel(t, person));
      setAttribute(this.#menu, "title", menuLabel(t, person));
      show(this.#menu, mayChair(room.role));
    }
    this.element.classList.toggle("away", person.away);
  }
}

/**
 * Return the time where a person is, if it is another than here.
 *
 * @param {import("../i18n.js").Translate} t
 * @param {string} tag
 * @param {string} zone
 * @param {number} hostTime ms
 */
function zoneText(t, tag, zone, hostTime) {
  return zone === "" || sameTime(hostTime, zone, ownZone())
    ? ""
    : t("people.localTime", { time: timeText(hostTime, zone, tag) }).replaceAll(" ", "\u00a0");
}
