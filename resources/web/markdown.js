/**
 * What the buttons and keys of the editor do to light Markdown. Pure: texts in, changes out.
 *
 * @typedef {{from: number, to: number, insert: string}} Change in UTF-16 units of the text before
 */

const ENTRY = /^(\s*)(?:([-*+•])|(\d{1,3})([.)]))(\s+)(\[[ xX]\]\s+)?(.*)$/u;
const HEAD = /^(?:#{1,4}|[-*+•]|\d{1,3}[.)])\s+/u;
const BOLD = "**";

/**
 * Make a stretch bold, or plain if it is bold already.
 *
 * @param {string} text
 * @param {number} from
 * @param {number} to
 * @returns {{changes: Change[], anchor: number, head: number}} and what is selected afterwards
 */
export function toggledBold(text, from, to) {
  const isBold = text.slice(from - 2, from) === BOLD && text.slice(to, to + 2) === BOLD;
  if (isBold) {
    return {
      changes: [
        { from: from - 2, to: from, insert: "" },
        { from: to, to: to + 2, insert: "" },
      ],
      anchor: from - 2,
      head: to - 2,
    };
  }
  return {
    changes: [
      { from, to: from, insert: BOLD },
      { from: to, to, insert: BOLD },
    ],
    anchor: from + 2,
    head: to + 2,
  };
}

/**
 * Begin lines with a mark in place of another; without it, if all have it already.
 *
 * @param {readonly string[]} lines
 * @param {string} mark `## `, `- `
 * @returns {Array<{cut: number, put: string}>} what goes from the start of each, and what comes there
 */
export function toggledLines(lines, mark) {
  const written = lines.filter((line) => line.trim() !== "");
  const isOn = written.length > 0 && written.every((line) => line.startsWith(mark));
  return lines.map((line) => {
    if (line.trim() === "" && lines.length > 1) {
      return { cut: 0, put: "" };
    }
    const cut = HEAD.exec(line)?.[0].length ?? 0;
    return { cut, put: isOn ? "" : mark };
  });
}

/**
 * Say how a list goes on where Enter is pressed.
 *
 * @param {string} line
 * @param {number} place in the line
 * @returns {{insert: string, ends: boolean} | null} null: it is no entry, or the cursor is before its
 *   words; ends: the entry is empty, the mark goes and the list is over
 */
export function listContinued(line, place) {
  const entry = ENTRY.exec(line);
  if (entry === null) {
    return null;
  }
  const [, indent = "", bullet, number, dot = "", space = " ", box, words = ""] = entry;
  if (place < line.length - words.length) {
    return null;
  }
  if (words.trim() === "") {
    return { insert: "", ends: true };
  }
  const mark = bullet ?? `${Number(number) + 1}${dot}`;
  return { insert: `\n${indent}${mark}${space}${box === undefined ? "" : "[ ] "}`, ends: false };
}

/**
 * Write an empty table.
 *
 * @param {readonly string[]} titles
 * @param {boolean} isBelow the line has words: it comes below, after an empty line
 * @returns {{text: string, cursor: number}} where its first cell is, from the start of the text
 */
export function inTable(titles, isBelow) {
  const row = (/** @type {readonly string[]} */ cells) => `| ${cells.join(" | ")} |`;
  const head = `${isBelow ? "\n\n" : ""}${row(titles)}\n${row(titles.map(() => "---"))}\n`;
  return { text: `${head}${row(titles.map(() => " "))}\n`, cursor: head.length + 2 };
}
