/**
 * Typed lines in the editor: what was read is marked, what was not is underlined and says why, and
 * what may be meant is offered (`typed_lines.js`). Loaded with the editor.
 *
 * @typedef {import("../typed_lines.js").LineReader} LineReader
 * @typedef {import("../typed_lines.js").Line} Line
 * @typedef {import("../vendor/codemirror-autocomplete.js").CompletionContext} CompletionContext
 * @typedef {import("../vendor/codemirror-autocomplete.js").CompletionResult} CompletionResult
 * @typedef {import("../vendor/codemirror-state.js").Text} Text
 * @typedef {import("../i18n.js").Translate} Say
 */

import { StateField } from "../vendor/codemirror-state.js";
import { Decoration, EditorView } from "../vendor/codemirror-view.js";

const looks = EditorView.theme({
  ".line-kind": { fontWeight: "700", color: "var(--accent-text)" },
  ".line-mark": { color: "var(--accent-text)" },
  ".line-trouble": { textDecoration: "underline wavy var(--bad-text)", textUnderlineOffset: "0.15em" },
});

/**
 * Return what marks the typed lines of an editor.
 *
 * @param {LineReader} reader
 * @param {Say} say
 */
export function lineMarks(reader, say) {
  const marks = StateField.define({
    create: (state) => decorations(state.doc, reader, say),
    update: (shown, { docChanged, newDoc }) => (docChanged ? decorations(newDoc, reader, say) : shown),
    provide: (field) => EditorView.decorations.from(field),
  });
  return [marks, looks];
}

/**
 * Return what offers names, labels, dates and kinds of lines.
 *
 * @param {LineReader} reader
 * @param {Say} say
 */
export function lineOffers(reader, say) {
  /** @param {CompletionContext} context @returns {CompletionResult | null} */
  return (context) => {
    const line = context.state.doc.lineAt(context.pos);
    const at = context.pos - line.from;
    const found = reader.offer(line.text, at, (kind) => say(`lines.${kind}`), document.documentElement.lang);
    if (found === null) {
      return null;
    }
    const options = found.offers.map(({ insert, title, detail }) => ({ label: title, detail, apply: insert }));
    return { from: line.from + found.from, options, filter: false };
  };
}

/** @param {Text} doc @param {LineReader} reader @param {Say} say */
function decorations(doc, reader, say) {
  const made = [];
  for (let number = 1; number <= doc.lines; number += 1) {
    const { from, text } = doc.line(number);
    const line = reader.read(text);
    if (line !== null) {
      made.push(...ofLine(line, from, say));
    }
  }
  return Decoration.set(made, true);
}

/** @param {Line} line @param {number} from @param {Say} say */
function ofLine(line, from, say) {
  const read = line.spans.map(({ mark, start, end, title }) => {
    const attributes = { title: mark === "kind" ? say(`lines.${line.kind}`) : title };
    const look = mark === "kind" ? `line-kind line-${line.kind}` : "line-mark";
    return Decoration.mark({ class: look, attributes }).range(from + start, from + end);
  });
  const unread = line.problems.flatMap(({ code, start, end }) => {
    if (code === "empty") {
      return []; // it is only begun
    }
    const attributes = { title: say(`lines.${code}`) };
    return [Decoration.mark({ class: "line-trouble", attributes }).range(from + start, from + end)];
  });
  return [...read, ...unread];
}
