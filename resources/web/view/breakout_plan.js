/**
 * Planning breakout rooms: as proposed, at random, or by hand (drag or choose); then they are opened.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../room.js").Room} Room
 * @typedef {import("../signalling.js").PlannedGroup} PlannedGroup
 * @typedef {(message: import("../signalling.js").ClientMessage) => boolean} Send
 */

import { dealOut, openable, place, resized } from "../groups.js";
import { mayChair } from "../room.js";
import { personRow } from "./breakouts.js";
import { button, freshId, h, setChildren, setText, show } from "./dom.js";

/** As many groups as there may be, and as many minutes. */
const MOST = { groups: 50, minutes: 480 };

/**
 * @param {Language} language
 * @param {Send} send
 * @returns {{element: HTMLElement, update: (room: Room) => void}}
 */
export function planner(language, send) {
  const plan = new Plan(language, send);
  return { element: plan.element, update: (room) => plan.update(room) };
}

/** What is planned, until it is opened. */
class Plan {
  #t;
  #send;
  /** @type {PlannedGroup[]} */
  #groups;
  /** @type {Room | null} */
  #room = null;
  #count;
  #minutes;
  #spreads;
  #proposed;
  #random;
  #boxes = h("ul", { class: "breakouts-list" });
  /** @type {GroupBox[]} */
  #made = [];
  #main;
  #trouble = h("p", { class: "over-text", role: "alert", hidden: true });

  /**
   * @param {Language} language
   * @param {Send} send
   */
  constructor({ t }, send) {
    this.#t = t;
    this.#send = send;
    this.#groups = resized([], 2, (number) => this.#name(number));
    this.#count = numberField(t("breakouts.count"), "2", 1, MOST.groups);
    this.#count.input.addEventListener("change", () => this.#resize());
    this.#minutes = numberField(t("breakouts.minutes"), "15", 1, MOST.minutes);
    this.#spreads = checkField(t("breakouts.spreads"));
    this.#proposed = button(t("breakouts.proposed"), () => this.#propose(), { kind: "small", icon: "layers" });
    this.#random = button(t("breakouts.random"), () => this.#shuffle(), { kind: "small", icon: "shuffle" });
    this.#main = new GroupBox(t, null, (person) => this.#move(person, null));
    const start = button(t("breakouts.open"), () => this.#open(), { kind: "primary", icon: "layout-grid" });
    /** The element. */
    this.element = h(
      "div",
      { class: "breakouts-plan" },
      h("p", { class: "quiet" }, t("breakouts.hint")),
      h("div", { class: "breakouts-fields" }, this.#count.element, this.#minutes.element),
      h("div", { class: "breakouts-buttons" }, this.#proposed, this.#random),
      this.#boxes,
      this.#spreads.element,
      this.#trouble,
      start,
    );
  }

  /** @param {Room} room */
  update(room) {
    this.#room = room;
    show(this.#proposed, room.proposedGroups.length > 0);
    this.#refresh();
  }

  #refresh() {
    const room = this.#room;
    if (room === null) {
      return;
    }
    while (this.#made.length > this.#groups.length) {
      this.#made.pop();
    }
    while (this.#made.length < this.#groups.length) {
      const index = this.#made.length;
      const renamed = (/** @type {string} */ name) => this.#rename(index, name);
      this.#made.push(new GroupBox(this.#t, renamed, (person) => this.#move(person, index)));
    }
    const places = [
      { id: "", name: this.#t("breakouts.main") },
      ...this.#groups.map((group, index) => ({ id: String(index), name: group.name })),
    ];
    const move = (/** @type {string} */ person, /** @type {string} */ to) => this.#move(person, to === "" ? null : Number(to));
    const boxes = [...this.#made, this.#main];
    boxes.forEach((box, index) => {
      const group = this.#groups[index] ?? null;
      const here = room.participants.filter((person) =>
        group === null ? !this.#groups.some((one) => one.people.includes(person.id)) : group.people.includes(person.id),
      );
      box.update(group?.name ?? null, here, places, group === null ? "" : String(index), move);
    });
    setChildren(this.#boxes, boxes.map((box) => box.element));
  }

  /** @param {number} number */
  #name(number) {
    return this.#t("breakouts.group", { number });
  }

  #resize() {
    const count = Math.min(MOST.groups, Math.max(1, Math.trunc(Number(this.#count.input.value)) || 1));
    this.#count.input.value = String(count);
    this.#groups = resized(this.#groups, count, (number) => this.#name(number));
    this.#refresh();
  }

  #propose() {
    this.#groups = (this.#room?.proposedGroups ?? []).map((group) => ({ ...group }));
    this.#spreads.input.checked = false;
    this.#count.input.value = String(this.#groups.length);
    this.#refresh();
  }

  #shuffle() {
    const people = (this.#room?.participants ?? []).filter((person) => !mayChair(person.role)).map((person) => person.id);
    this.#groups = dealOut(people, this.#groups.map((group) => group.name), Math.random);
    this.#spreads.input.checked = true;
    this.#refresh();
  }

  /**
   * @param {number} index
   * @param {string} name
   */
  #rename(index, name) {
    this.#groups = this.#groups.map((group, at) => (at === index ? { ...group, name } : group));
    this.#refresh();
  }

  /**
   * @param {string} person
   * @param {number | null} target
   */
  #move(person, target) {
    this.#groups = place(this.#groups, person, target);
    this.#refresh();
  }

  #open() {
    const groups = openable(this.#groups);
    const minutes = Math.trunc(Number(this.#minutes.input.value));
    const isTimed = this.#minutes.input.value.trim() !== "";
    const isSound = groups.length > 0 && (!isTimed || (minutes >= 1 && minutes <= MOST.minutes));
    setText(this.#trouble, isSound ? "" : this.#t("breakouts.invalid"));
    show(this.#trouble, !isSound);
    if (isSound) {
      this.#send({ type: "openBreakouts", groups, minutes: isTimed ? minutes : null, spreads: this.#spreads.input.checked });
    }
  }
}

/** A planned group; people are dropped on it. */
class GroupBox {
  #t;
  #name;
  #title = h("h3", {});
  #list = h("ul", { class: "breakouts-people" });
  /** @type {Map<string, ReturnType<typeof personRow>>} */
  #rows = new Map();

  /**
   * @param {import("../i18n.js").Translate} t
   * @param {((name: string) => void) | null} renamed null = the main room, which has its name
   * @param {(person: string) => void} dropped
   */
  constructor(t, renamed, dropped) {
    this.#t = t;
    this.#name = h("input", { type: "text", maxlength: 64, "aria-label": t("breakouts.name"), dir: "auto" });
    this.#name.addEventListener("input", () => renamed?.(this.#name.value));
    show(this.#name, renamed !== null);
    show(this.#title, renamed === null);
    setText(this.#title, t("breakouts.main"));
    /** The list's element. */
    this.element = h("li", { class: "breakouts-group" }, this.#name, this.#title, this.#list);
    this.element.addEventListener("dragover", (event) => {
      event.preventDefault();
      this.element.classList.add("target");
    });
    this.element.addEventListener("dragleave", () => this.element.classList.remove("target"));
    this.element.addEventListener("drop", (event) => {
      event.preventDefault();
      this.element.classList.remove("target");
      const person = event.dataTransfer?.getData("text/plain") ?? "";
      if (person !== "") {
        dropped(person);
      }
    });
  }

  /**
   * @param {string | null} name
   * @param {ReadonlyArray<import("../signalling.js").Participant>} people
   * @param {Array<{id: string, name: string}>} places
   * @param {string} own id among the places
   * @param {(person: string, to: string) => void} move
   */
  update(name, people, places, own, move) {
    if (name !== null && this.#name.value !== name) {
      this.#name.value = name;
    }
    const rows = people.map((person) => {
      let row = this.#rows.get(person.id);
      if (row === undefined) {
        row = personRow(this.#t, person.name, (to) => move(person.id, to));
        row.element.draggable = true;
        row.element.addEventListener("dragstart", (event) => event.dataTransfer?.setData("text/plain", person.id));
        this.#rows.set(person.id, row);
      }
      row.update({ name: person.name, mark: person.organisation }, places);
      row.choose(own);
      return row.element;
    });
    setChildren(this.#list, rows);
  }
}

/**
 * @param {string} words
 * @param {string} value
 * @param {number} min
 * @param {number} max
 */
function numberField(words, value, min, max) {
  const id = freshId("number");
  const input = h("input", { type: "number", id, value, min, max, inputmode: "numeric" });
  return { input, element: h("div", { class: "breakouts-field" }, h("label", { for: id }, words), input) };
}

/** @param {string} words */
function checkField(words) {
  const id = freshId("check");
  const input = h("input", { type: "checkbox", id });
  return { input, element: h("div", { class: "breakouts-check" }, input, h("label", { for: id }, words)) };
}
