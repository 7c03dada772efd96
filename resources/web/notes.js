/**
 * The minutes as they are read in the call: light Markdown taken apart into blocks and runs of text.
 * Pure; `view/minutes.js` makes elements of it. Nothing of the text ever becomes HTML.
 *
 * @typedef {object} Run a stretch of text in one look
 * @property {string} text
 * @property {"plain" | "strong" | "emphasis" | "code" | "link"} look
 * @property {string} [href] of a link; http, https or mailto
 *
 * @typedef {{kind: "heading", level: number, runs: Run[]}
 *   | {kind: "paragraph", lines: Run[][]}
 *   | {kind: "table", head: Run[][], rows: Run[][][]}
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
const CELLS = /^\s*\|(.*)\|\s*$/u;
const RULE = /^\s*\|(?:\s*:?-+:?\s*\|)+\s*$/u;
const RUNS = /\[([^\]\n]+)\]\(((?:https?:\/\/|mailto:)[^\s()]+)\)|`([^`]+)`|\*\*(?=\S)(.+?)(?<=\S)\*\*|__(?=\S)(.+?)(?<=\S)__|(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])|(?<![\w_])_(?=\S)([^_]+?)(?<=\S)_(?![\w_])/gu;

/**
 * Take notes apart.
 *
 * @param {string} text as typed
 * @returns {Block[]}
 */
export function readNotes(text) {
  /** @type {Block[]} */
  const blocks = [];
  const lines = text.split("\n");
  for (const [number, line] of lines.entries()) {
    const last = blocks.at(-1);
    const cells = CELLS.exec(line)?.[1];
    const heading = HEADING.exec(line);
    const entry = ENTRY.exec(line);
    if (line.trim() === "") {
      closeBlock(blocks);
    } else if (cells !== undefined && last?.kind === "table") {
      if (!RULE.test(line)) {
        last.rows.push(readCells(cells));
      }
    } else if (cells !== undefined && RULE.test(lines[number + 1] ?? "")) {
      blocks.push({ kind: "table", head: readCells(cells), rows: [] });
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
    const [whole, words, href, code, strong, strongToo, emphasis, emphasisToo] = match;
    if (match.index > from) {
      runs.push({ text: line.slice(from, match.index), look: "plain" });
    }
    if (words !== undefined && href !== undefined) {
      runs.push({ text: words, look: "link", href });
    } else if (code !== undefined) {
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

/**
 * @param {string} cells of a row of a table, without its outer lines
 * @returns {Run[][]}
 */
function readCells(cells) {
  return cells.split("|").map((cell) => readRuns(cell.trim()));
}

/**
 * End what an empty line ends.
 *
 * @param {Block[]} blocks
 */
function closeBlock(blocks) {
  const kind = blocks.at(-1)?.kind;
  if (kind === "paragraph" || kind === "table") {
    blocks.push({ kind: "paragraph", lines: [] });
  }
}
