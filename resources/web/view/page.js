/**
 * The plain pages around the call: a card with a heading, a text and at most a few buttons.
 *
 * @typedef {object} View
 * @property {HTMLElement} element
 * @property {() => void} [closed] free what the view holds
 */

import { h } from "./dom.js";

/**
 * Make a page with the product's name above and a card in the middle.
 *
 * @param {string} title
 * @param {...import("./dom.js").Child} children
 * @returns {HTMLElement}
 */
export function page(title, ...children) {
  return h(
    "div",
    { class: "page" },
    h("header", { class: "page-header" }, h("span", { class: "brand" }, "ProjectDesk")),
    h("main", { class: "card" }, heading(title), ...children),
  );
}

/**
 * Make the heading of a view: the focus goes there when the view appears.
 *
 * @param {string} title
 * @returns {HTMLHeadingElement}
 */
export function heading(title) {
  return h("h1", { tabindex: "-1" }, title);
}

/**
 * Make a page that says what happened and what can be done.
 *
 * @param {string} title
 * @param {string} text
 * @param {...import("./dom.js").Child} actions
 * @returns {View}
 */
export function messageView(title, text, ...actions) {
  return {
    element: page(title, h("p", { class: "lead" }, text), h("div", { class: "actions" }, ...actions)),
  };
}
