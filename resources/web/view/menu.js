/**
 * A small menu at a button: opens below (or above) it, moves by the arrow keys, gives the focus back.
 *
 * @typedef {object} MenuItem
 * @property {string} text
 * @property {string} [icon] without one, such items stand side by side
 * @property {string} [label] in words, where the text is a sign
 * @property {string} [key] of the keyboard that does the same
 * @property {boolean} [checked] it is a switch, and this is its state
 * @property {boolean} [danger]
 * @property {() => void} chosen
 */

import { h, icon } from "./dom.js";

const GAP = 4;

/**
 * Make a button that opens a menu.
 *
 * @param {() => MenuItem[]} items asked for each time it opens
 * @returns {HTMLButtonElement} its label is the caller's
 */
export function menuButton(items) {
  const element = h(
    "button",
    { type: "button", class: "menu-button", "aria-haspopup": "menu", "aria-expanded": "false" },
    icon("ellipsis"),
  );
  /** @type {(() => void) | null} */
  let close = null;
  element.addEventListener("click", () => {
    if (close !== null) {
      close();
      return;
    }
    close = openMenu(element, items(), () => {
      close = null;
    });
  });
  return element;
}

/**
 * @param {HTMLButtonElement} opener
 * @param {MenuItem[]} items
 * @param {() => void} closed
 * @returns {() => void} closes it
 */
function openMenu(opener, items, closed) {
  const menu = h("div", { class: "menu", role: "menu", "aria-label": opener.getAttribute("aria-label") });
  /** @param {Event} event */
  const pressedElsewhere = (event) => {
    if (event.target instanceof Node && !menu.contains(event.target) && !opener.contains(event.target)) {
      close();
    }
  };
  const close = () => {
    document.removeEventListener("pointerdown", pressedElsewhere);
    const hadFocus = menu.contains(document.activeElement);
    menu.remove();
    opener.setAttribute("aria-expanded", "false");
    if (hadFocus) {
      opener.focus();
    }
    closed();
  };
  const buttons = items.map((item) => {
    const entry = entryOf(item);
    entry.addEventListener("click", () => {
      close();
      item.chosen();
    });
    return entry;
  });
  menu.append(...buttons);
  menu.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape" || event.key === "Tab") {
      close();
      return;
    }
    const next = nextFocus(event.key, buttons.findIndex((entry) => entry === document.activeElement), buttons.length);
    if (next !== null) {
      event.preventDefault();
      buttons[next]?.focus();
    }
  });
  (opener.closest(".stage") ?? document.body).append(menu);
  place(menu, opener);
  opener.setAttribute("aria-expanded", "true");
  document.addEventListener("pointerdown", pressedElsewhere);
  buttons[0]?.focus();
  return close;
}

/** @param {MenuItem} item */
function entryOf(item) {
  const isSwitch = item.checked !== undefined;
  const key = item.key ?? "";
  return h(
    "button",
    {
      type: "button",
      role: isSwitch ? "menuitemcheckbox" : "menuitem",
      "aria-checked": isSwitch ? String(item.checked) : null,
      "aria-label": item.label,
      "aria-keyshortcuts": key === "" ? null : key,
      tabindex: -1,
      class: item.danger === true ? "danger" : item.icon === undefined ? "sign" : null,
    },
    item.icon === undefined ? null : icon(item.icon),
    h("span", { class: "menu-words" }, item.text),
    item.checked === true ? icon("check") : null,
    key === "" ? null : h("kbd", { "aria-hidden": "true" }, key),
  );
}

/**
 * @param {string} key
 * @param {number} now
 * @param {number} count
 * @returns {number | null}
 */
function nextFocus(key, now, count) {
  switch (key) {
    case "ArrowDown":
    case "ArrowRight":
      return (now + 1) % count;
    case "ArrowUp":
    case "ArrowLeft":
      return (now + count - 1) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}

/**
 * @param {HTMLElement} menu
 * @param {HTMLElement} opener
 */
function place(menu, opener) {
  const around = opener.getBoundingClientRect();
  const fitsBelow = around.bottom + GAP + menu.offsetHeight <= window.innerHeight;
  const top = fitsBelow ? around.bottom + GAP : Math.max(GAP, around.top - GAP - menu.offsetHeight);
  const isMirrored = getComputedStyle(opener).direction === "rtl";
  const wanted = isMirrored ? around.left : around.right - menu.offsetWidth;
  const left = Math.min(wanted, window.innerWidth - menu.offsetWidth - GAP);
  menu.style.top = `${top}px`;
  menu.style.left = `${Math.max(GAP, left)}px`;
}
