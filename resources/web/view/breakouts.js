/**
 * Breakout rooms at the side: who is where; the chair plans, opens and ends them here.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../i18n.js").Translate} Translate
 * @typedef {import("../room.js").Room} Room
 * @typedef {import("../signalling.js").Breakouts} Breakouts
 * @typedef {import("../signalling.js").ClientMessage} ClientMessage
 * @typedef {import("../signalling.js").Group} Group
 * @typedef {import("./stage.js").StageModel} StageModel
 * @typedef {(message: ClientMessage) => boolean} Send
 */

import { clockText } from "../clock.js";
import { groupOf, secondsLeft } from "../groups.js";
import { mayChair } from "../room.js";
import { button, h, setAttribute, setChildren, setText, show } from "./dom.js";
import { planner } from "./breakout_plan.js";

/** Longest message to all groups, in UTF-16 units; the host counts characters. */
const MAX_WORDS = 500;

/**
 * @param {Language} language
 * @param {Send} send
 * @returns {import("./parts.js").PanelPart}
 */
export function breakoutsPanel(language, send) {
  const plan = planner(language, send);
  const open = openGroups(language, send);
  const element = h("div", { class: "breakouts" }, plan.element, open.element);
  /** @param {StageModel} model */
  const update = (model) => {
    const { breakouts, role } = model.room;
    show(plan.element, breakouts === null && mayChair(role));
    show(open.element, breakouts !== null);
    if (breakouts === null) {
      plan.update(model.room);
    } else {
      open.update(breakouts, model.room, model.hostTime);
    }
  };
  return { element, update };
}

/**
 * The groups while they are open.
 *
 * @param {Language} language
 * @param {Send} send
 */
function openGroups({ t }, send) {
  const time = h("p", { class: "breakouts-time" });
  const more = button(t("breakouts.prolong", { minutes: 5 }), () => send({ type: "prolongBreakouts", minutes: 5 }), {
    kind: "small",
    icon: "clock",
  });
  const back = button(t("breakouts.close"), () => send({ type: "closeBreakouts", atOnce: false }), {
    kind: "small primary",
    icon: "undo-2",
  });
  const atOnce = button(t("breakouts.closeNow"), () => send({ type: "closeBreakouts", atOnce: true }), { kind: "small" });
  const words = announceForm(t, send);
  const lead = h("div", { class: "breakouts-lead" }, h("div", { class: "breakouts-buttons" }, more, back, atOnce), words);
  const list = h("ul", { class: "breakouts-list" });
  const element = h("div", {}, time, lead, list);
  /** @type {Map<string, GroupView>} */
  const views = new Map();
  /**
   * @param {Breakouts} breakouts
   * @param {Room} room
   * @param {number} hostTime ms
   */
  const update = (breakouts, room, hostTime) => {
    const left = secondsLeft(breakouts, hostTime);
    setText(time, left === null ? t("breakouts.noEnd") : t("breakouts.left", { time: clockText(left) }));
    show(lead, mayChair(room.role));
    show(back, !breakouts.returning);
    const rows = [...breakouts.groups, null].map((group) => {
      const key = group?.id ?? "";
      const view = views.get(key) ?? new GroupView(t, send);
      views.set(key, view);
      view.update(group, breakouts, room);
      return view.element;
    });
    setChildren(list, rows);
  };
  return { element, update };
}

/**
 * Words to everybody, whatever group they are in.
 *
 * @param {Translate} t
 * @param {Send} send
 */
function announceForm(t, send) {
  const field = h("input", { type: "text", maxlength: MAX_WORDS, "aria-label": t("breakouts.announce"), dir: "auto" });
  field.placeholder = t("breakouts.announce");
  const form = h("form", { class: "breakouts-announce" }, field, h("button", { class: "button small" }, t("chat.send")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (field.value.trim() !== "" && send({ type: "announce", text: field.value })) {
      field.value = "";
    }
  });
  return form;
}

/** One group, or the main room, with its people. */
class GroupView {
  #t;
  #send;
  #name = h("h3", { dir: "auto" });
  #calls;
  #visit;
  #settle;
  #list = h("ul", { class: "breakouts-people" });
  #none;
  /** @type {Map<string, ReturnType<typeof personRow>>} */
  #rows = new Map();
  #group = "";
  #you = "";
  #isThere = false;

  /**
   * @param {Translate} t
   * @param {Send} send
   */
  constructor(t, send) {
    this.#t = t;
    this.#send = send;
    this.#calls = h("span", { class: "tag now", hidden: true }, t("breakouts.calls"));
    this.#visit = button("", () => this.#goThere(), { kind: "small" });
    this.#settle = button(t("breakouts.settle"), () => this.#send({ type: "dismissCall", group: this.#group }), { kind: "small" });
    this.#none = h("p", { class: "quiet" }, t("breakouts.nobody"));
    /** The list's element. */
    this.element = h(
      "li",
      { class: "breakouts-group" },
      h("div", { class: "panel-row" }, this.#name, this.#calls, this.#settle, this.#visit),
      this.#none,
      this.#list,
    );
  }

  /**
   * @param {Group | null} group null = the main room
   * @param {Breakouts} breakouts
   * @param {Room} room
   */
  update(group, breakouts, room) {
    const t = this.#t;
    const leads = mayChair(room.role);
    this.#group = group?.id ?? "";
    this.#you = room.you;
    this.#isThere = (groupOf(breakouts, room.you)?.id ?? "") === this.#group;
    const name = group?.name ?? t("breakouts.main");
    setText(this.#name, name);
    show(this.#calls, group?.calls != null);
    show(this.#settle, leads && group?.calls != null);
    const action = t(group === null ? "breakouts.mainJoin" : "breakouts.join");
    setText(this.#visit.lastElementChild ?? this.#visit, action);
    setAttribute(this.#visit, "aria-label", t("breakouts.joinNamed", { action, group: name }));
    show(this.#visit, leads && !this.#isThere);
    this.element.classList.toggle("own", this.#isThere);
    this.#fill(group, breakouts, room);
  }

  /**
   * @param {Group | null} group
   * @param {Breakouts} breakouts
   * @param {Room} room
   */
  #fill(group, breakouts, room) {
    const t = this.#t;
    const here = room.participants.filter((person) => groupOf(breakouts, person.id) === group);
    const places = breakouts.groups.map(({ id, name }) => ({ id, name }));
    const rows = here.map((person) => {
      const row = this.#rows.get(person.id) ?? personRow(t, person.name, (to) => this.#move(person.id, to));
      this.#rows.set(person.id, row);
      const mark = person.away ? t("call.away") : "";
      const name = person.id === room.you ? t("call.youNamed", { name: person.name }) : person.name;
      row.update({ name, mark }, mayChair(room.role) ? [{ id: "", name: t("breakouts.main") }, ...places] : []);
      row.choose(this.#group);
      return row.element;
    });
    setChildren(this.#list, rows);
    show(this.#none, rows.length === 0);
  }

  /**
   * @param {string} participant
   * @param {string} to id of a group, "" = the main room
   */
  #move(participant, to) {
    this.#send({ type: "moveToGroup", participant, group: to === "" ? null : to });
  }

  #goThere() {
    this.#move(this.#you, this.#group);
  }
}

/**
 * @typedef {{id: string, name: string}} Place
 */

/**
 * Somebody in a group, with a choice of where they go.
 *
 * @param {Translate} t
 * @param {string} name
 * @param {(to: string) => void} move
 */
export function personRow(t, name, move) {
  const words = h("span", { class: "person-name", dir: "auto" });
  const mark = h("span", { class: "quiet" });
  const choice = h("select", { "aria-label": t("breakouts.moveNamed", { name }) });
  choice.addEventListener("change", () => move(choice.value));
  const element = h("li", { class: "breakouts-person" }, words, mark, choice);
  let offered = "";
  /**
   * @param {{name: string, mark: string}} person
   * @param {Place[]} places none = nobody may be moved
   */
  const update = (person, places) => {
    setText(words, person.name);
    setText(mark, person.mark);
    show(choice, places.length > 0);
    const key = JSON.stringify(places);
    if (key !== offered) {
      offered = key;
      const kept = choice.value;
      choice.replaceChildren(...places.map((place) => h("option", { value: place.id }, place.name)));
      choice.value = kept;
    }
  };
  /** @param {string} id */
  const choose = (id) => {
    if (document.activeElement !== choice) {
      choice.value = id;
    }
  };
  return { element, update, choose };
}
