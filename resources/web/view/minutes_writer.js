/**
 * The editor of the minutes at the side, for who may write them: an item, a toolbar, the text, and
 * whether it is saved. The editor itself is loaded when it is first shown.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../room.js").Room} Room
 * @typedef {import("../signalling.js").ShownItem} ShownItem
 * @typedef {import("../writing.js").Writing} Writing
 * @typedef {import("./editor.js").Editor} Editor
 */

import { freshId, h, icon, setAttribute, setText, show } from "./dom.js";

/** Buttons of the toolbar: icon, key of its words, what it does. */
const TOOLS = /** @type {const} */ ([
  ["heading", "minutes.heading"],
  ["bold", "minutes.bold"],
  ["list", "minutes.list"],
  ["link", "minutes.link"],
  ["table", "minutes.table"],
  ["undo-2", "minutes.undo"],
  ["redo-2", "minutes.redo"],
]);

/** Writes one item's notes at a time. */
export class MinutesWriter {
  #language;
  #select;
  #place = h("div", { class: "minutes-editor" });
  #status = h("p", { class: "quiet", role: "status" });
  #others = h("p", { class: "quiet" });
  #toolbar;
  /** @type {Writing | null} */
  #writing = null;
  /** @type {Editor | null} */
  #editor = null;
  /** What the editor shows: a document and an item. @type {{doc: object, item: string} | null} */
  #shown = null;
  #isSeen = false;
  #loads = 0;
  #failed = false;
  /** @type {(() => void) | null} */
  #stopWatching = null;
  #options = "";
  /** Items by id. @type {Map<string, string>} */
  #names = new Map();
  #current = "";

  /** @param {Language} language */
  constructor(language) {
    const { t } = language;
    this.#language = language;
    const id = freshId("item");
    this.#select = h("select", { id });
    this.#select.addEventListener("change", () => void this.#show());
    this.#toolbar = this.#makeToolbar();
    /** The element. */
    this.element = h(
      "section",
      { class: "minutes-writer", "aria-label": t("minutes.write"), hidden: true },
      h("div", { class: "minutes-which" }, h("label", { for: id }, t("minutes.item")), this.#select),
      this.#toolbar,
      this.#place,
      this.#status,
      this.#others,
    );
  }

  /** Id of the item that is written, "" for none. */
  get item() {
    return this.#select.value || this.#current;
  }

  /**
   * @param {Room} room
   * @param {Writing} writing
   * @param {string} current item that runs, or was written last; "" for none
   */
  update(room, writing, current) {
    const writes = writing.state !== "off";
    show(this.element, writes);
    if (!writes) {
      this.#close();
      return;
    }
    if (this.#writing !== writing) {
      this.#writing = writing;
      this.#stopWatching?.();
      this.#stopWatching = writing.watch(() => this.#editor?.showCursors(writing.cursors(this.#shown?.item ?? "")));
    }
    this.#current = current;
    this.#fill(room.clock.items);
    setText(this.#status, this.#statusWords(writing));
    const { others } = writing;
    setText(this.#others, others.length > 0 ? this.#language.t("minutes.with", { names: others.join(", ") }) : "");
    show(this.#others, others.length > 0);
    void this.#show();
  }

  /** It came to the front, or went from it. @param {boolean} isSeen */
  seen(isSeen) {
    this.#isSeen = isSeen;
    if (!isSeen) {
      this.#writing?.point(null, 0, 0);
    }
    void this.#show();
  }

  /** Let typing go there. */
  focus() {
    this.#editor?.focus();
  }

  /** Free what it holds. */
  closed() {
    this.#close();
    this.#stopWatching?.();
  }

  /** Show the chosen item's text, if it is another than before. */
  async #show() {
    const [writing, item] = [this.#writing, this.item];
    const doc = writing?.doc ?? null;
    if (writing === null || doc === null || item === "" || !this.#isSeen) {
      if (doc === null) {
        this.#close();
      }
      return;
    }
    if (this.#shown?.doc === doc && this.#shown.item === item) {
      return;
    }
    this.#shown = { doc, item };
    this.#loads += 1;
    const load = this.#loads;
    const parts = Promise.all([import("./editor.js"), import("./line_marks.js"), import("../typed_lines.js")]);
    const [made, marks, lines] = await parts.catch(() => [null, null, null]);
    if (load !== this.#loads) {
      return;
    }
    this.#failed = made === null;
    if (made === null || marks === null || lines === null) {
      this.#shown = null; // without connection: it is tried again with the next change
      setText(this.#status, this.#language.t("minutes.noEditor"));
      return;
    }
    this.#editor?.close();
    const { t, tag, direction } = this.#language;
    const reader = writing.words === null ? null : new lines.LineReader(writing.words);
    this.#editor = new made.Editor({
      text: doc.getText(item),
      label: t("minutes.editor", { item: this.#names.get(item) ?? "" }),
      hint: t("minutes.hint"),
      direction,
      language: tag,
      moved: (anchor, head) => writing.point(item, anchor, head),
      completions: () => (reader === null ? [] : [marks.lineOffers(reader, t)]),
      extensions: reader === null ? [] : marks.lineMarks(reader, t),
    });
    this.#place.replaceChildren(this.#editor.element);
    this.#editor.showCursors(writing.cursors(item));
  }

  #close() {
    this.#loads += 1;
    this.#editor?.close();
    this.#editor = null;
    this.#shown = null;
    this.#place.replaceChildren();
  }

  /** @param {ReadonlyArray<ShownItem>} items */
  #fill(items) {
    const { t } = this.#language;
    const written = items.filter((item) => item.kind !== "break");
    const running = written.find((item) => item.id === this.#current);
    const name = (/** @type {ShownItem} */ item) => `${item.number}. ${item.title}`;
    const first = running === undefined ? t("minutes.noItem") : t("minutes.running", { item: name(running) });
    this.#names = new Map(written.map((item) => [item.id, name(item)]));
    const options = [{ id: "", text: first }, ...written.map((item) => ({ id: item.id, text: name(item) }))];
    const key = JSON.stringify(options);
    if (key === this.#options) {
      return;
    }
    this.#options = key;
    const chosen = this.#select.value;
    this.#select.replaceChildren(...options.map(({ id, text }) => h("option", { value: id }, text)));
    this.#select.value = written.some((item) => item.id === chosen) ? chosen : "";
  }

  /** @param {Writing} writing */
  #statusWords(writing) {
    const { t } = this.#language;
    if (this.#failed) {
      return t("minutes.noEditor");
    }
    if (writing.state === "full") {
      return t("minutes.full");
    }
    if (writing.state === "opening") {
      return t(writing.doc === null ? "minutes.loading" : "minutes.offline");
    }
    if (writing.isTroubled) {
      return t("minutes.troubled");
    }
    return t(writing.isUnkept ? "minutes.saving" : "minutes.saved");
  }

  #makeToolbar() {
    const { t } = this.#language;
    const buttons = TOOLS.map(([name, words], index) => {
      const label = t(words);
      const button = h(
        "button",
        { type: "button", class: "tool", "aria-label": label, title: label, tabindex: index === 0 ? 0 : -1 },
        icon(name),
      );
      button.addEventListener("click", () => this.#use(name));
      return button;
    });
    const toolbar = h("div", { class: "minutes-tools", role: "toolbar", "aria-label": t("minutes.tools") }, ...buttons);
    toolbar.addEventListener("keydown", (event) => {
      const now = buttons.findIndex((button) => button === document.activeElement);
      const isBack = getComputedStyle(toolbar).direction === "rtl" ? "ArrowRight" : "ArrowLeft";
      const steps = { ArrowLeft: 1, ArrowRight: 1, [isBack]: -1 };
      const step = steps[/** @type {"ArrowLeft" | "ArrowRight"} */ (event.key)];
      if (now >= 0 && step !== undefined) {
        event.preventDefault();
        const next = buttons[(now + step + buttons.length) % buttons.length];
        for (const button of buttons) {
          setAttribute(button, "tabindex", button === next ? 0 : -1);
        }
        next?.focus();
      }
    });
    return toolbar;
  }

  /** @param {(typeof TOOLS)[number][0]} name */
  #use(name) {
    const { t } = this.#language;
    const editor = this.#editor;
    if (editor === null) {
      return;
    }
    if (name === "table") {
      editor.insertTable([t("minutes.columnWhat"), t("minutes.columnWho"), t("minutes.columnWhen")]);
    } else if (name === "undo-2" || name === "redo-2") {
      editor.undo(name === "redo-2");
      editor.focus();
    } else {
      editor.run(name);
    }
  }
}
