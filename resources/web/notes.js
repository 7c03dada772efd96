/**
 * The minutes as they are read in the call: light Markdown taken apart into blocks and runs of text.
 * Pure; `view/minutes.js` makes elements of it. Nothing of the text ever becomes HTML.
 *
 * @typedef {object} Run a stretch of text in one look
 * @property {string} text
 * @property {"plain" | "strong" | "emphasis" | "code"} look
 *
 * @typedef {{kind: "heading", level: number, runs: Run[]}
 *   | {kind: "paragraph", lines: Run[][]}
 *   | {kind: "list", ordered: boolean, entries: ListEntry[]}} Block
 *
 * @typedef {object} ListEntry
 * @property {Run[]} runs
 * @property {number} depth 0 for the outermost
 * @property {boolean | null} done a box that is ticked or not; null without a box
 */

/** Deepest list that is shown as such. */
const MAX_DEPTH = 3;

const HEADING = /^ {0,3}(#{1,4})\s+(.*?)\s*#*$/u;
const ENTRY = /^(\s*)(?:([-*+•])|(\d{1,3})[.)])\s+(.*)$/u;
const BOX = /^\[([ xX])\]\s+(.*)$/u;
const RUNS = /`([^`]+)`|\*\*(?=\S)(.+?)(?<=\S)\*\*|__(?=\S)(.+?)(?<=\S)__|(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])|(?<![\w_])_(?=\S)([^_]+?)(?<=\S)_(?![\w_])/gu;

/**
 * Take notes apart.
 *
 * @param {string} text as typed
 * @returns {Block[]}
 */
export function readNotes(text) {
  /** @type {Block[]} */
  const blocks = [];
  for (const line of text.split("\n")) {
    const last = blocks.at(-1);
    const heading = HEADING.exec(line);
    const entry = ENTRY.exec(line);
    if (line.trim() === "") {
      closeParagraph(blocks);
    } else if (heading !== null) {
      blocks.push({ kind: "heading", level: heading[1]?.length ?? 1, runs: readRuns(heading[2] ?? "") });
    } else if (entry !== null) {
      const ordered = entry[3] !== undefined;
      const read = readEntry(entry[1] ?? "", entry[4] ?? "");
      if (last?.kind === "list" && (last.ordered === ordered || read.depth > 0)) {
        last.entries.push(read);
      } else {
        blocks.push({ kind: "list", ordered, entries: [{ ...read, depth: 0 }] });
      }
    } else if (last?.kind === "paragraph" && last.lines.length > 0) {
      last.lines.push(readRuns(line.trim()));
    } else {
      blocks.push({ kind: "paragraph", lines: [readRuns(line.trim())] });
    }
  }
  return blocks.filter((block) => block.kind !== "paragraph" || block.lines.length > 0);
}

/**
 * Take one line apart into its looks.
 *
 * @param {string} line
 * @returns {Run[]} never empty
 */
export function readRuns(line) {
  /** @type {Run[]} */
  const runs = [];
  let from = 0;
  for (const match of line.matchAll(RUNS)) {
    const [whole, code, strong, strongToo, emphasis, emphasisToo] = match;
    if (match.index > from) {
      runs.push({ text: line.slice(from, match.index), look: "plain" });
    }
    if (code !== undefined) {
      runs.push({ text: code, look: "code" });
    } else if (strong !== undefined || strongToo !== undefined) {
      runs.push({ text: strong ?? strongToo ?? "", look: "strong" });
    } else {
      runs.push({ text: emphasis ?? emphasisToo ?? "", look: "emphasis" });
    }
    from = match.index + whole.length;
  }
  if (from < line.length || runs.length === 0) {
    runs.push({ text: line.slice(from), look: "plain" });
  }
  return runs;
}

/**
 * Say what the minutes hold of an item, or that they hold nothing.
 *
 * @param {import("./signalling.js").ItemNotes | undefined} notes
 * @returns {boolean}
 */
export function isEmpty(notes) {
  return notes === undefined || (notes.text.trim() === "" && notes.decisions.length === 0 && notes.actions.length === 0);
}

/**
 * @param {string} indent
 * @param {string} text
 * @returns {ListEntry}
 */
function readEntry(indent, text) {
  const wide = indent.replaceAll("\t", "    ").length;
  const box = BOX.exec(text);
  return {
    runs: readRuns(box === null ? text : (box[2] ?? "")),
    depth: Math.min(MAX_DEPTH, Math.floor(wide / 2)),
    done: box === null ? null : box[1] !== " ",
  };
}

/** @param {Block[]} blocks */
function closeParagraph(blocks) {
  if (blocks.at(-1)?.kind === "paragraph") {
    blocks.push({ kind: "paragraph", lines: [] });
  }
}
