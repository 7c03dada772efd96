/**
 * The minutes at the side, as they are written: the running item first. Who may write has an editor
 * for one item at a time (`minutes_writer.js`), everybody reads the others.
 * Light Markdown becomes elements; nothing of the text is ever taken as HTML.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../notes.js").Block} Block
 * @typedef {import("../notes.js").ListEntry} ListEntry
 * @typedef {import("../notes.js").Run} Run
 * @typedef {import("../signalling.js").ItemNotes} ItemNotes
 * @typedef {import("../signalling.js").ShownItem} ShownItem
 * @typedef {import("./stage.js").StageModel} StageModel
 */

import { isEmpty, readNotes } from "../notes.js";
import { mayChair } from "../room.js";
import { freshId, h, icon, setChildren, setText, show } from "./dom.js";
import { MinutesWriter } from "./minutes_writer.js";

/** Tags of the looks of a run; plain text needs none. */
const TAGS = /** @type {const} */ ({ strong: "strong", emphasis: "em", code: "code" });

/**
 * @param {Language} language
 * @param {(message: import("../signalling.js").ClientMessage) => boolean} send
 * @returns {import("./parts.js").PanelPart}
 */
export function minutesPanel(language, send) {
  const { t } = language;
  const id = freshId("share");
  const box = h("input", { type: "checkbox", id });
  box.addEventListener("change", () => void send({ type: "shareNotes", shared: box.checked }));
  const lead = h("div", { class: "minutes-lead" }, box, h("label", { for: id }, t("minutes.share")));
  const quiet = h("p", { class: "quiet" });
  const now = h("section", { class: "minutes-now" });
  const earlierList = h("div", { class: "minutes-earlier-list" });
  const earlier = h("details", { class: "minutes-earlier" }, h("summary", {}, t("minutes.earlier")), earlierList);
  const writer = new MinutesWriter(language);
  const element = h("div", { class: "minutes" }, lead, writer.element, quiet, now, earlier);
  /** @type {Map<string, ItemView>} */
  const views = new Map();
  /** @param {StageModel} model */
  const update = ({ room, writing }) => {
    show(lead, mayChair(room.role));
    box.checked = room.notesShared;
    const written = room.clock.items.filter((item) => !isEmpty(room.notes[item.id]));
    const current = room.clock.items.find((item) => item.id === room.clock.current && item.kind !== "break");
    const last = current ?? written.at(-1);
    writer.update(room, writing, last?.id ?? "");
    const isWriting = writing.state !== "off";
    const first = isWriting ? room.clock.items.find((item) => item.id === writer.item) : last;
    const isRead = room.notesShared || isWriting;
    const view = (/** @type {ShownItem} */ item) => {
      const known = views.get(item.id) ?? new ItemView(language);
      views.set(item.id, known);
      known.update(item, room.notes[item.id], item === current, isWriting && item === first);
      return known.element;
    };
    setChildren(now, isRead && first !== undefined ? [view(first)] : []);
    const others = written.filter((item) => item !== first);
    setChildren(earlierList, isRead ? others.map(view) : []);
    show(earlier, isRead && others.length > 0);
    const words = isWriting ? "" : !room.notesShared ? t("minutes.closed") : first === undefined ? t("minutes.none") : "";
    setText(quiet, words);
    show(quiet, words !== "");
  };
  return {
    element,
    update,
    focus: () => writer.focus(),
    shown: (isOpen) => writer.seen(isOpen),
    closed: () => writer.closed(),
  };
}

/** The notes of one item. */
class ItemView {
  #t;
  #language;
  #title = h("h3", { dir: "auto" });
  #live;
  #head;
  #none;
  #text = h("div", { class: "minutes-text", dir: "auto" });
  #decisions;
  #actions;
  /** What is shown; it is built again only when it is another. @type {ItemNotes | undefined} */
  #shown;

  /** @param {Language} language */
  constructor(language) {
    const { t } = language;
    this.#t = t;
    this.#language = language;
    this.#live = h("span", { class: "tag now" }, t("agenda.current"));
    this.#head = h("div", { class: "minutes-head" }, this.#title, this.#live);
    this.#none = h("p", { class: "quiet" }, t("minutes.nothing"));
    this.#decisions = marked(t("minutes.decisions"), "gavel", "decision");
    this.#actions = marked(t("minutes.actions"), "list-checks", "action");
    /** The element. */
    this.element = h(
      "article",
      { class: "minutes-item" },
      this.#head,
      this.#none,
      this.#text,
      this.#decisions.element,
      this.#actions.element,
    );
  }

  /**
   * @param {ShownItem} item
   * @param {ItemNotes | undefined} notes
   * @param {boolean} isCurrent
   * @param {boolean} isWritten here: its text is in the editor
   */
  update(item, notes, isCurrent, isWritten) {
    setText(this.#title, `${item.number}. ${item.title}`);
    show(this.#live, isCurrent);
    show(this.#none, isEmpty(notes) && !isWritten);
    show(this.#text, !isWritten);
    show(this.#head, !isWritten);
    if (notes === this.#shown) {
      return;
    }
    this.#shown = notes;
    this.#text.replaceChildren(...readNotes(notes?.text ?? "").map((block) => blockView(this.#t, block)));
    this.#decisions.fill((notes?.decisions ?? []).map((decision) => h("li", { dir: "auto" }, decision)));
    this.#actions.fill((notes?.actions ?? []).map((action) => this.#action(action)));
  }

  /** @param {import("../signalling.js").NotedAction} action */
  #action({ text, owner, due, done }) {
    const facts = [owner, due === null ? "" : this.#t("minutes.due", { date: dateText(due, this.#language.tag) })];
    const words = facts.filter((fact) => fact !== "").join(" · ");
    return h(
      "li",
      { class: done ? "done" : "", dir: "auto" },
      h("span", {}, text),
      words === "" ? null : h("span", { class: "quiet" }, words),
      done ? h("span", { class: "tag" }, this.#t("agenda.done")) : null,
    );
  }
}

/**
 * A list with a mark of its own: decisions, actions.
 *
 * @param {string} title
 * @param {string} symbol
 * @param {string} kind
 */
function marked(title, symbol, kind) {
  const list = h("ul", {});
  const id = freshId(kind);
  const element = h(
    "section",
    { class: `minutes-${kind}s`, "aria-labelledby": id, hidden: true },
    h("h4", { id }, icon(symbol), h("span", {}, title)),
    list,
  );
  const fill = (/** @type {HTMLElement[]} */ entries) => {
    list.replaceChildren(...entries);
    show(element, entries.length > 0);
  };
  return { element, fill };
}

/**
 * Make an element of a block.
 *
 * @param {import("../i18n.js").Translate} t
 * @param {Block} block
 * @returns {HTMLElement}
 */
export function blockView(t, block) {
  switch (block.kind) {
    case "heading":
      // The page has its own headings above: those of the notes come below the item's title.
      return h(block.level <= 2 ? "h4" : "h5", {}, ...runViews(block.runs));
    case "paragraph":
      return h("p", {}, ...block.lines.flatMap((runs, index) => [...(index > 0 ? [h("br")] : []), ...runViews(runs)]));
    case "list":
      return listView(t, block.entries, block.ordered);
    case "table":
      return tableView(block);
  }
}

/** @param {Extract<Block, {kind: "table"}>} table */
function tableView({ head, rows }) {
  const titles = head.map((runs) => h("th", { scope: "col" }, ...runViews(runs)));
  const lines = rows.map((cells) => h("tr", {}, ...cells.map((runs) => h("td", {}, ...runViews(runs)))));
  const table = h("table", {}, h("thead", {}, h("tr", {}, ...titles)), h("tbody", {}, ...lines));
  // It scrolls by itself where the panel is narrow, also by the keyboard.
  return h("div", { class: "minutes-table", tabindex: 0 }, table);
}

/**
 * @param {import("../i18n.js").Translate} t
 * @param {ReadonlyArray<ListEntry>} entries
 * @param {boolean} ordered
 * @returns {HTMLElement}
 */
function listView(t, entries, ordered) {
  const root = h(ordered ? "ol" : "ul", {});
  /** Open lists, from the outermost. */
  const open = [root];
  for (const entry of entries) {
    const depth = Math.min(entry.depth, open.length);
    open.length = Math.min(open.length, depth + 1);
    if (depth === open.length) {
      const inner = h("ul", {});
      (open.at(-1)?.lastElementChild ?? root).append(inner);
      open.push(inner);
    }
    const words = runViews(entry.runs);
    open.at(-1)?.append(h("li", { class: entry.done === null ? null : "boxed" }, ...boxView(t, entry.done), ...words));
  }
  return root;
}

/**
 * @param {import("../i18n.js").Translate} t
 * @param {boolean | null} done
 */
function boxView(t, done) {
  if (done === null) {
    return [];
  }
  const label = t(done ? "agenda.done" : "minutes.open");
  return [h("span", { class: "box", role: "img", "aria-label": label }, done ? "☑" : "☐")];
}

/**
 * @param {ReadonlyArray<Run>} runs
 * @returns {Array<Node | string>}
 */
function runViews(runs) {
  return runs.map(({ text, look, href }) =>
    look === "plain"
      ? text
      : look === "link"
        ? h("a", { href, target: "_blank", rel: "noopener noreferrer" }, text)
        : h(TAGS[look], {}, text),
  );
}

/**
 * @param {string} due a date, `2026-03-09`
 * @param {string} tag
 */
function dateText(due, tag) {
  const instant = Date.parse(`${due}T12:00:00Z`);
  return Number.isNaN(instant)
    ? due
    : new Intl.DateTimeFormat(tag, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).format(instant);
}
