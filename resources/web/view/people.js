/**
 * Who is here and who waits: role, organisation, local time; the chair lets people in here.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../room.js").Room} Room
 * @typedef {import("../signalling.js").Participant} Participant
 *
 * @typedef {object} Admission
 * @property {(participant: string | null) => void} admit null admits all
 * @property {(participant: string) => void} refuse
 */

import { mayChair } from "../room.js";
import { hue, initials } from "../text.js";
import { ownZone, sameTime, timeText } from "../times.js";
import { button, h, icon, setAttribute, setChildren, setIcon, setText, show } from "./dom.js";

/** Number of avatar colours in the style sheet. */
const HUES = 8;

/**
 * @param {Language} language
 * @param {Admission} admission
 * @returns {{element: HTMLElement, update: (room: Room, hostTime: number) => void}}
 */
export function peoplePanel(language, admission) {
  const { t } = language;
  const lobbyTitle = h("h3");
  const lobbyList = h("ul", { class: "people-list" });
  const all = button(t("people.admitAll"), () => admission.admit(null), { kind: "small primary" });
  const lobby = h(
    "section",
    { class: "people-lobby" },
    h("div", { class: "panel-row" }, lobbyTitle, all),
    lobbyList,
  );
  const hereTitle = h("h3");
  const hereList = h("ul", { class: "people-list" });
  const element = h("div", { class: "people" }, lobby, h("section", {}, hereTitle, hereList));
  /** @type {Map<string, PersonRow>} */
  const here = new Map();
  /** @type {Map<string, PersonRow>} */
  const waiting = new Map();
  /**
   * @param {Room} room
   * @param {number} hostTime ms
   */
  const update = (room, hostTime) => {
    setText(lobbyTitle, t("people.lobby", { count: room.lobby.length }));
    show(lobby, mayChair(room.role) && room.lobby.length > 0);
    show(all, room.lobby.length > 1);
    fillList(lobbyList, waiting, room.lobby, (person) => new PersonRow(language, person, admission), room, hostTime);
    setText(hereTitle, t("people.here", { count: room.participants.length }));
    fillList(hereList, here, room.participants, (person) => new PersonRow(language, person, null), room, hostTime);
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
    row.update(person, person.id === room.you, hostTime);
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
  #facts = h("span", { class: "quiet" });
  #avatar;
  #microphone = icon("mic-off");
  #camera = icon("video-off");
  #isWaiting;

  /**
   * @param {Language} language
   * @param {Participant} person
   * @param {Admission | null} admission null for who is in the call
   */
  constructor(language, person, admission) {
    const { t } = language;
    this.#language = language;
    this.#isWaiting = admission !== null;
    this.#avatar = h("span", { class: `avatar hue-${hue(person.id, HUES)}`, "aria-hidden": "true" });
    const name = person.name;
    const actions =
      admission === null
        ? h("span", { class: "person-media" }, this.#microphone, this.#camera)
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
      h("div", { class: "person-words" }, h("div", { class: "person-line" }, this.#name, this.#role), this.#facts),
      actions,
    );
  }

  /**
   * @param {Participant} person
   * @param {boolean} isYou
   * @param {number} hostTime ms
   */
  update(person, isYou, hostTime) {
    const { t, tag } = this.#language;
    setText(this.#avatar, initials(person.name));
    setText(this.#name, isYou ? t("call.youNamed", { name: person.name }) : person.name);
    setAttribute(this.#name, "title", person.marked ? t("call.sameName") : null);
    this.#name.classList.toggle("marked", person.marked);
    setText(this.#role, t(`role.${person.role}`));
    show(this.#role, person.role !== "participant");
    const facts = [person.organisation, person.country, zoneText(t, tag, person.zone, hostTime)];
    setText(this.#facts, facts.filter((fact) => fact !== "").join(" · "));
    if (!this.#isWaiting) {
      setIcon(this.#microphone, person.audio ? "mic" : "mic-off");
      setIcon(this.#camera, person.video ? "video" : "video-off");
      this.#microphone.classList.toggle("off", !person.audio);
      this.#camera.classList.toggle("off", !person.video);
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
