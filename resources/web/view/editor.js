/**
 * The editor of the minutes: light Markdown in CodeMirror, bound to a text that several people write.
 * Loaded only by who may write (`writing.js` imports it when it is needed).
 *
 * It lives in a shadow root: CodeMirror makes its styles itself, and only there it adopts a style
 * sheet, which the page's rule against inline styles allows. Keys that it has do not reach the page,
 * where single letters do something. Tab leaves, but in a list, where it indents; after Escape it
 * always leaves.
 *
 * @typedef {import("../vendor/codemirror-autocomplete.js").CompletionSource} CompletionSource
 * @typedef {import("../vendor/codemirror-state.js").Extension} Extension
 * @typedef {import("../vendor/codemirror-view.js").Command} Command
 *
 * @typedef {object} Cursor where somebody else writes, in UTF-16 units
 * @property {string} name
 * @property {number} colour from 0 to `COLOURS` - 1
 * @property {number} anchor
 * @property {number} head
 *
 * @typedef {object} EditorOptions
 * @property {import("../vendor/yjs.js").Text} text
 * @property {string} label for who does not see it
 * @property {string} hint shown while nothing is written
 * @property {string} direction of writing: ltr, rtl
 * @property {string} language BCP 47
 * @property {(anchor: number, head: number) => void} moved the own cursor is somewhere else
 * @property {() => readonly CompletionSource[]} [completions] asked at each completion; none by default
 * @property {readonly Extension[]} [extensions] what else the editor can do
 */

import { autocompletion, closeCompletion } from "../vendor/codemirror-autocomplete.js";
import { defaultKeymap, indentLess, indentMore } from "../vendor/codemirror-commands.js";
import {
  HighlightStyle,
  Language,
  defineLanguageFacet,
  indentUnit,
  syntaxHighlighting,
} from "../vendor/codemirror-language.js";
import { EditorSelection, EditorState, StateEffect, StateField } from "../vendor/codemirror-state.js";
import { Decoration, EditorView, WidgetType, keymap, placeholder } from "../vendor/codemirror-view.js";
import { tags } from "../vendor/lezer-highlight.js";
import { Table, TaskList, parser } from "../vendor/lezer-markdown.js";
import { yCollab, yUndoManagerKeymap } from "../vendor/y-codemirror.next.js";
import { UndoManager } from "../vendor/yjs.js";
import { inTable, listContinued, toggledBold, toggledLines } from "../markdown.js";

/** How many colours there are for those who write. */
export const COLOURS = 8;

const light = parser.configure([Table, TaskList]);
const markdown = new Language(defineLanguageFacet(), light, [], "markdown");

const looks = HighlightStyle.define([
  { tag: [tags.heading1, tags.heading2], fontWeight: "700", fontSize: "1.1em" },
  { tag: tags.heading, fontWeight: "700" },
  { tag: tags.strong, fontWeight: "700" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: [tags.link, tags.url], color: "var(--accent-text)" },
  { tag: tags.monospace, fontFamily: "ui-monospace, monospace" },
  { tag: [tags.processingInstruction, tags.contentSeparator], color: "var(--ink-quiet)" },
]);

const theme = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--surface)", fontSize: "var(--text)", height: "100%" },
  "&.cm-focused": { outline: "2px solid var(--accent-strong)", outlineOffset: "-1px" },
  ".cm-scroller": { fontFamily: "var(--font)", lineHeight: "1.5", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)", padding: "var(--space-3)", minHeight: "9em" },
  ".cm-line": { padding: "0" },
  ".cm-placeholder": { color: "var(--ink-quiet)" },
  ".cm-tooltip": {
    color: "var(--ink)",
    backgroundColor: "var(--raised)",
    border: "1px solid var(--line-strong)",
    borderRadius: "var(--radius)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--font)", maxHeight: "14em" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "var(--space-1) var(--space-2)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { color: "var(--accent-ink)", backgroundColor: "var(--accent)" },
  ".writer": { position: "relative", borderInlineStart: "2px solid", marginInline: "-1px" },
  ".writer::after": {
    content: "attr(data-name)",
    position: "absolute",
    insetInlineStart: "-2px",
    bottom: "100%",
    padding: "0 var(--space-1)",
    borderRadius: "3px",
    color: "var(--writer-ink)",
    fontSize: "0.6875rem",
    lineHeight: "1.3",
    whiteSpace: "nowrap",
    pointerEvents: "none",
    zIndex: "1",
  },
  ".cm-line:first-child .writer::after": { bottom: "auto", top: "100%" },
  ...Object.fromEntries(
    Array.from({ length: COLOURS }, (_, n) => [
      [`.writer-${n}`, { borderColor: `var(--writer-${n})` }],
      [`.writer-${n}::after`, { backgroundColor: `var(--writer-${n})` }],
      [`.written-${n}`, { backgroundColor: `color-mix(in srgb, var(--writer-${n}) 28%, transparent)` }],
    ]).flat(),
  ),
});

/** @type {import("../vendor/codemirror-state.js").StateEffectType<readonly Cursor[]>} */
const cursorsMoved = StateEffect.define();

/** Where the others write; carried along by changes until they say anew. */
const cursors = StateField.define({
  create: () => Decoration.none,
  update: (shown, transaction) => {
    const moved = transaction.effects.filter((effect) => effect.is(cursorsMoved)).at(-1);
    return moved === undefined
      ? shown.map(transaction.changes)
      : decorations(moved.value, transaction.state.doc.length);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** A caret with a name. */
class Caret extends WidgetType {
  /**
   * @param {string} name
   * @param {number} colour
   */
  constructor(name, colour) {
    super();
    this.name = name;
    this.colour = colour;
  }

  /** @override @param {WidgetType} other */
  eq(other) {
    return other instanceof Caret && other.name === this.name && other.colour === this.colour;
  }

  /** @override */
  toDOM() {
    const caret = document.createElement("span");
    caret.className = `writer writer-${this.colour}`;
    caret.setAttribute("aria-hidden", "true");
    caret.dataset["name"] = this.name; // shown by the style: it is no text, and is not copied
    return caret;
  }

  /** @override */
  ignoreEvent() {
    return true;
  }
}

/**
 * @param {readonly Cursor[]} others
 * @param {number} length of the text
 */
function decorations(others, length) {
  const within = (/** @type {number} */ place) => Math.max(0, Math.min(place, length));
  const made = others.flatMap(({ name, colour, anchor, head }) => {
    const [from, to] = [within(Math.min(anchor, head)), within(Math.max(anchor, head))];
    const caret = Decoration.widget({ widget: new Caret(name, colour), side: head < anchor ? -1 : 1 });
    const marked = from < to ? [Decoration.mark({ class: `written-${colour}` }).range(from, to)] : [];
    return [...marked, caret.range(within(head))];
  });
  return Decoration.set(made, true);
}

/** The editor of one text. */
export class Editor {
  #view;
  #undo;

  /** @param {EditorOptions} options */
  constructor({ text, label, hint, direction, language, moved, completions, extensions = [] }) {
    /** The element. */
    this.element = document.createElement("div");
    this.element.className = "editor";
    const root = this.element.attachShadow({ mode: "open", delegatesFocus: true });
    for (const kind of /** @type {const} */ (["keydown", "keyup", "keypress"])) {
      this.element.addEventListener(kind, (event) => event.stopPropagation());
    }
    this.#undo = new UndoManager(text, { captureTimeout: 700 });
    const state = EditorState.create({
      doc: text.toString(),
      extensions: [
        EditorState.lineSeparator.of("\n"), // as the text counts: a \r is a letter like others
        keymap.of([
          { key: "Mod-b", run: bold },
          { key: "Enter", run: continueList },
          { key: "Tab", run: (view) => isInList(view) && indentMore(view), shift: (view) => isInList(view) && indentLess(view) },
          ...yUndoManagerKeymap,
          ...defaultKeymap,
        ]),
        ...extensions,
        markdown,
        indentUnit.of("  "),
        syntaxHighlighting(looks),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "true", lang: language, dir: "auto" }),
        placeholder(hint),
        autocompletion({ override: [(context) => firstAnswer(completions?.() ?? [], context)], icons: false }),
        yCollab(text, null, { undoManager: this.#undo }),
        cursors,
        EditorView.updateListener.of((update) => {
          if (update.selectionSet || update.docChanged || update.focusChanged) {
            const { anchor, head } = update.state.selection.main;
            moved(anchor, head);
          }
        }),
        theme,
      ],
    });
    this.#view = new EditorView({ state, parent: root, root });
    this.#view.dom.dir = direction;
  }

  /** What is selected: `[anchor, head]`. @returns {readonly [number, number]} */
  get selection() {
    const { anchor, head } = this.#view.state.selection.main;
    return [anchor, head];
  }

  /** Put the cursor somewhere. @param {number} anchor @param {number} head */
  select(anchor, head) {
    const length = this.#view.state.doc.length;
    this.#view.dispatch({ selection: { anchor: Math.min(anchor, length), head: Math.min(head, length) } });
  }

  /** Let typing go here. */
  focus() {
    this.#view.focus();
  }

  /** Show where the others write. @param {readonly Cursor[]} others */
  showCursors(others) {
    this.#view.dispatch({ effects: cursorsMoved.of(others) });
  }

  /** Do one of `COMMANDS`. @param {keyof typeof COMMANDS} name */
  run(name) {
    COMMANDS[name](this.#view);
    this.#view.focus();
  }

  /** Put a table where the cursor is. @param {readonly string[]} titles of its columns */
  insertTable(titles) {
    const { state } = this.#view;
    const line = state.doc.lineAt(state.selection.main.head);
    const { text, cursor } = inTable(titles, line.text !== "");
    this.#view.dispatch({
      changes: { from: line.to, insert: text },
      selection: { anchor: line.to + cursor },
      userEvent: "input",
      scrollIntoView: true,
    });
    this.#view.focus();
  }

  /** Take back, or do again. @param {boolean} again */
  undo(again = false) {
    if (again) {
      this.#undo.redo();
    } else {
      this.#undo.undo();
    }
  }

  /** Free what it holds. */
  close() {
    closeCompletion(this.#view);
    this.#view.destroy();
    this.#undo.destroy();
  }
}

/**
 * @param {readonly CompletionSource[]} sources
 * @param {import("../vendor/codemirror-autocomplete.js").CompletionContext} context
 */
async function firstAnswer(sources, context) {
  for (const source of sources) {
    const answer = await source(context);
    if (answer !== null) {
      return answer;
    }
  }
  return null;
}

/** @type {Command} */
function bold(view) {
  const { state } = view;
  const { from, to } = state.selection.main;
  const { changes, anchor, head } = toggledBold(state.doc.toString(), from, to);
  view.dispatch({ changes, selection: EditorSelection.single(anchor, head), userEvent: "input" });
  return true;
}

/** @type {Command} */
function link(view) {
  const { from, to } = view.state.selection.main;
  const words = view.state.sliceDoc(from, to);
  const address = /^https?:\/\/\S+$/u.test(words) ? words : "https://";
  const shown = address === words ? "" : words;
  const insert = `[${shown}](${address})`;
  const start = shown === "" ? from + 1 : from + shown.length + 3;
  const end = shown === "" ? start : start + address.length;
  view.dispatch({ changes: { from, to, insert }, selection: { anchor: start, head: end }, userEvent: "input" });
  return true;
}

/** @param {string} mark of the start of a line @returns {Command} */
function lines(mark) {
  return (view) => {
    const { state } = view;
    const { from, to } = state.selection.main;
    const [first, last] = [state.doc.lineAt(from), state.doc.lineAt(to)];
    const before = state.sliceDoc(first.from, last.to).split("\n");
    const after = toggledLines(before, mark);
    const changes = [];
    let place = first.from;
    for (const [number, line] of before.entries()) {
      const { cut, put } = after[number] ?? { cut: 0, put: "" };
      changes.push({ from: place, to: place + cut, insert: put });
      place += line.length + 1;
    }
    view.dispatch({ changes, userEvent: "input" });
    return true;
  };
}

/** What the toolbar does. */
export const COMMANDS = { heading: lines("## "), bold, list: lines("- "), link };

/** @type {Command} */
function continueList(view) {
  const { main } = view.state.selection;
  const line = view.state.doc.lineAt(main.head);
  const found = main.empty ? listContinued(line.text, main.head - line.from) : null;
  if (found === null) {
    return false;
  }
  const from = found.ends ? line.from : main.head;
  view.dispatch({
    changes: { from, to: main.head, insert: found.insert },
    selection: { anchor: from + found.insert.length },
    userEvent: "input",
    scrollIntoView: true,
  });
  return true;
}

/** @param {EditorView} view */
function isInList(view) {
  const { from } = view.state.selection.main;
  return listContinued(view.state.doc.lineAt(from).text, Infinity) !== null;
}
