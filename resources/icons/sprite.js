/**
 * Write `resources/web/icons.svg`, the symbols that the pages use, from the Lucide files beside this.
 *
 * `node resources/icons/sprite.js` writes it; a test of the page compares it.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Names of the Lucide icons in the sprite. */
export const NAMES = [
  "arrow-right",
  "bell",
  "bold",
  "chart-bar",
  "check",
  "circle-check",
  "circle-dot",
  "circle-question-mark",
  "circle-stop",
  "circle-x",
  "clock",
  "ellipsis",
  "eye-off",
  "file-pen-line",
  "file-text",
  "focus",
  "gallery-horizontal-end",
  "gavel",
  "hand",
  "heading",
  "info",
  "keyboard",
  "languages",
  "layers",
  "layout-grid",
  "link",
  "list",
  "list-checks",
  "lock",
  "lock-open",
  "log-out",
  "maximize",
  "megaphone",
  "message-square",
  "mic",
  "mic-off",
  "paperclip",
  "pause",
  "picture-in-picture-2",
  "pin",
  "pin-off",
  "play",
  "power",
  "redo-2",
  "refresh-cw",
  "screen-share",
  "screen-share-off",
  "settings",
  "shield",
  "shuffle",
  "signal",
  "signal-low",
  "signal-medium",
  "skip-forward",
  "smile",
  "table",
  "triangle-alert",
  "undo-2",
  "users",
  "video",
  "video-off",
  "volume-2",
  "wifi-off",
  "x",
];

/**
 * Return the sprite.
 *
 * @returns {string} SVG with one symbol for each name
 */
export function sprite() {
  const symbols = NAMES.map((name) => {
    const file = fileURLToPath(new URL(`lucide/${name}.svg`, import.meta.url));
    const inner = /<svg[^>]*>([\s\S]*)<\/svg>/u.exec(readFileSync(file, "utf8"))?.[1] ?? "";
    const shapes = inner.trim().replace(/\s*\n\s*/gu, "");
    return `<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`;
  });
  const notice = "<!-- Lucide icons, ISC licence: see icons/lucide/LICENSE -->";
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${notice}\n${symbols.join("\n")}\n</svg>\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL("../web/icons.svg", import.meta.url), sprite(), "utf8");
}
