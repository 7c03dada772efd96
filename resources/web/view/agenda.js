/**
 * The agenda at the side: every item with its plan and its time, the current one marked; the chair
 * moves through it here.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../clock.js").ClockReading} ClockReading
 * @typedef {import("../clock.js").ItemReading} ItemReading
 * @typedef {import("../signalling.js").Retiming} Retiming
 */

import { clockText, nextItem } from "../clock.js";
import { comingItems, fitted } from "../replan.js";
import { ownZone, timeText } from "../times.js";
import { button, h, icon, setAttribute, setChildren, setText, show } from "./dom.js";
import { menuButton } from "./menu.js";
import { leftText } from "./topbar.js";

/**
 * @param {Language} language
 * @param {(item: string | null) => void} start make an item the current one; null pauses
 * @param {(items: Retiming[]) => void} retime give what is left another time
 * @returns {{element: HTMLElement, update: (reading: ClockReading, mayChair: boolean) => void}}
 */
export function agendaPanel(language, start, retime) {
  const { t } = language;
  /** @type {Map<string, Row>} */
  const rows = new Map();
  const list = h("ol", { class: "agenda-list" });
  const none = h("p", { class: "quiet" }, t("agenda.none"));
  /** @type {string | null} */
  let following = null;
  const next = button("", () => start(following), { kind: "primary", icon: "skip-forward" });
  const pause = button(t("agenda.pause"), () => start(null), { icon: "pause" });
  const steps = h("div", { class: "agenda-steps" }, next, pause);
  const total = h("p", { class: "agenda-total quiet" });
  /** @type {Retiming[]} */
  let fit = [];
  const late = h("span", { class: "over-text" });
  const refit = button(t("agenda.fit"), () => retime(fit), { kind: "small", icon: "clock" });
  const overrun = h("div", { class: "agenda-overrun", hidden: true }, late, refit);
  const heading = headings();
  const element = h("div", { class: "agenda" }, steps, overrun, none, list, total);
  /**
   * @param {ClockReading} reading
   * @param {boolean} mayChair
   */
  const update = (reading, mayChair) => {
    const after = nextItem(reading);
    following = after?.item.id ?? null;
    setText(next.lastElementChild ?? next, t("agenda.next", { title: after?.item.title ?? "" }));
    show(next, after !== null);
    show(pause, reading.current !== null);
    show(steps, mayChair && (after !== null || reading.current !== null));
    show(none, reading.items.length === 0);
    const beyond = reading.remaining - reading.left;
    setText(late, t("agenda.late", { time: clockText(beyond) }));
    fit = mayChair && reading.elapsed !== null && beyond >= 60 && comingItems(reading).length > 0 ? fitted(reading) : [];
    show(refit, fit.length > 0);
    show(overrun, reading.elapsed !== null && beyond >= 60);
    for (const item of reading.items) {
      let row = rows.get(item.item.id);
      if (row === undefined) {
        row = new Row(language, () => start(item.item.id), retime);
        rows.set(item.item.id, row);
      }
      row.update(item, mayChair);
    }
    setChildren(
      list,
      reading.items.flatMap((item, place) => {
        const { element: line } = /** @type {Row} */ (rows.get(item.item.id));
        const words = headingText(t, item.item, reading.items[place - 1]?.item);
        return words === "" ? [line] : [heading(words), line];
      }),
    );
    setText(total, totalText(t, reading));
  };
  return { element, update };
}

/** Return what gives the line of a heading, the same element for the same words. */
function headings() {
  /** @type {Map<string, HTMLElement>} */
  const known = new Map();
  return (/** @type {string} */ words) => {
    const line = known.get(words) ?? h("li", { class: "agenda-heading" }, words);
    known.set(words, line);
    return line;
  };
}

/**
 * Return the heading above an item: the day, and the section where a new one begins.
 *
 * @param {import("../i18n.js").Translate} t
 * @param {import("../signalling.js").ShownItem} item
 * @param {import("../signalling.js").ShownItem | undefined} before
 * @returns {string} "" without one
 */
export function headingText(t, item, before) {
  const newDay = item.day > 1 && item.day !== before?.day;
  const newSection = item.section && item.section !== (newDay ? "" : before?.section);
  const day = newDay ? t("agenda.day", { day: item.day }) : "";
  return [day, newSection ? item.section : ""].filter((part) => part !== "").join(" · ");
}

/** One item of the list. */
class Row {
  #t;
  #tag;
  #number = h("span", { class: "agenda-number" });
  #title = h("span", { class: "agenda-title" });
  #kind = h("span", { class: "tag" });
  #track = h("span", { class: "tag" });
  #clock = h("span", { class: "agenda-time" });
  #presenter = h("span", { class: "quiet" });
  #time = h("span", { class: "agenda-time" });
  #over = h("span", { class: "over-text" });
  #state = h("span", { class: "tag now" });
  #start;
  #menu;
  /** @type {ItemReading | null} */
  #reading = null;
  #bar = h("div", { class: "agenda-progress-bar" });

  /**
   * @param {Language} language
   * @param {() => void} start
   * @param {(items: Retiming[]) => void} retime
   */
  constructor({ t, tag }, start, retime) {
    this.#t = t;
    this.#tag = tag;
    this.#menu = menuButton(() => (this.#reading === null ? [] : retimings(t, this.#reading, retime)));
    this.#start = h("button", { type: "button", class: "agenda-start" }, icon("play"));
    this.#start.addEventListener("click", start);
    /** The list's element. */
    this.element = h(
      "li",
      { class: "agenda-item" },
      this.#number,
      h(
        "div",
        { class: "agenda-words" },
        this.#title,
        h(
          "div",
          { class: "agenda-facts" },
          this.#state,
          this.#clock,
          this.#kind,
          this.#track,
          this.#time,
          this.#presenter,
        ),
        this.#over,
      ),
      this.#start,
      this.#menu,
      h("div", { class: "agenda-progress", "aria-hidden": "true" }, this.#bar),
    );
  }

  /**
   * @param {ItemReading} reading
   * @param {boolean} mayChair
   */
  update(reading, mayChair) {
    const { item, current, done } = reading;
    const t = this.#t;
    setText(this.#number, item.number);
    setText(this.#title, item.title);
    setText(this.#kind, t(`agenda.kind.${item.kind}`));
    this.#kind.classList.toggle("decision", item.kind === "decision");
    setText(this.#presenter, item.presenter);
    show(this.#kind, item.kind === "discussion" || item.kind === "decision");
    setText(this.#track, item.track);
    show(this.#track, Boolean(item.track));
    const planned = item.startsAt ? timeText(Date.parse(item.startsAt), ownZone(), this.#tag) : "";
    setText(this.#clock, planned);
    show(this.#clock, planned !== "" && !current && !done);
    this.element.classList.toggle("break", item.kind === "break");
    setText(this.#time, spentText(t, reading));
    setText(this.#over, reading.over >= 1 ? t("agenda.overLong", { time: clockText(reading.over) }) : "");
    this.#reading = reading;
    const isDropped = item.dropped !== "";
    setText(this.#state, stateText(t, reading));
    this.#state.classList.toggle("now", current);
    show(this.#state, current || done || isDropped);
    show(this.#start, mayChair && !current);
    show(this.#menu, mayChair && retimings(t, reading, () => undefined).length > 0);
    const places = { number: item.number, title: item.title };
    const isBreak = item.number === "";
    const menuText = t(isBreak ? "agenda.menuBreak" : "agenda.menu", places);
    setAttribute(this.#menu, "aria-label", menuText);
    setAttribute(this.#menu, "title", menuText);
    const label = t(isBreak ? "agenda.startItemBreak" : "agenda.startItem", places);
    setAttribute(this.#start, "aria-label", label);
    setAttribute(this.#start, "title", label);
    setAttribute(this.element, "aria-current", current ? "step" : null);
    this.element.classList.toggle("current", current);
    this.element.classList.toggle("done", done);
    this.element.classList.toggle("dropped", isDropped);
    this.element.classList.toggle("over", reading.over >= 1);
    const share = reading.planned === 0 ? 0 : reading.elapsed / reading.planned;
    this.#bar.style.inlineSize = `${Math.min(100, share * 100)}%`;
  }
}

/**
 * @param {import("../i18n.js").Translate} t
 * @param {ItemReading} reading
 */
function spentText(t, { item, elapsed, planned }) {
  if (elapsed > 0) {
    return t("agenda.used", { elapsed: clockText(elapsed), planned: clockText(planned) });
  }
  return item.allottedMinutes === null || item.allottedMinutes === item.plannedMinutes
    ? t("agenda.planned", { minutes: item.plannedMinutes })
    : t("agenda.retimed", { minutes: item.allottedMinutes, planned: item.plannedMinutes });
}

/**
 * @param {import("../i18n.js").Translate} t
 * @param {ItemReading} reading
 */
function stateText(t, { item, current, done }) {
  if (current) {
    return t("agenda.current");
  }
  if (item.dropped !== "") {
    return t(`agenda.dropped.${item.dropped}`);
  }
  return done ? t("agenda.done") : "";
}

/**
 * Return what the chair may do to the time of one item.
 *
 * @param {import("../i18n.js").Translate} t
 * @param {ItemReading} reading
 * @param {(items: Retiming[]) => void} retime
 * @returns {import("./menu.js").MenuItem[]}
 */
function retimings(t, { item, current, planned, elapsed }, retime) {
  const kept = item.allottedMinutes;
  const change = (/** @type {Partial<Retiming>} */ how) => () =>
    retime([{ item: item.id, minutes: kept, dropped: item.dropped, ...how }]);
  if (item.dropped !== "") {
    return [{ text: t("agenda.treat"), icon: "refresh-cw", chosen: change({ dropped: "" }) }];
  }
  const minutes = planned / 60 + 5;
  const longer = { text: t("agenda.longer", { minutes: 5 }), icon: "clock", chosen: change({ minutes }) };
  const asPlanned = { text: t("agenda.asPlanned"), icon: "refresh-cw", chosen: change({ minutes: null }) };
  const back = kept === null ? [] : [asPlanned];
  if (current) {
    return [longer, ...back];
  }
  return elapsed > 0
    ? []
    : [
        longer,
        ...back,
        { text: t("agenda.skip"), icon: "skip-forward", chosen: change({ dropped: "skipped" }) },
        { text: t("agenda.postpone"), icon: "arrow-right", chosen: change({ dropped: "postponed" }) },
      ];
}

/**
 * @param {import("../i18n.js").Translate} t
 * @param {ClockReading} reading
 */
function totalText(t, reading) {
  const elapsed = reading.elapsed === null ? clockText(0) : clockText(reading.elapsed);
  const used = t("agenda.used", { elapsed, planned: clockText(reading.planned) });
  return `${t("agenda.meeting")}: ${used}, ${leftText(t, reading)}`;
}
