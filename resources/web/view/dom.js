/**
 * Building the page: elements from code, text as text. Nothing here ever parses HTML, so that a name
 * or a title can be anything.
 *
 * @typedef {string | number | Node | null | false | undefined} Child
 * @typedef {Record<string, string | number | boolean | null | undefined>} Attributes
 */

const SVG = "http://www.w3.org/2000/svg";

/** The sprite, under the address that this module came from. */
const ICONS = new URL("../icons.svg", import.meta.url).pathname;

let ids = 0;

/**
 * Make an element.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes] true writes an empty attribute; false and null leave it out
 * @param {...Child} children text, elements; null and false are left out
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    setAttribute(element, name, value);
  }
  element.append(...children.filter(isShown).map((child) => asNode(child)));
  return element;
}

/**
 * Set, or with false and null remove, an attribute, when it is another than before.
 *
 * @param {Element} element
 * @param {string} name
 * @param {string | number | boolean | null | undefined} value
 */
export function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) {
    element.removeAttribute(name);
    return;
  }
  const text = value === true ? "" : String(value);
  if (element.getAttribute(name) !== text) {
    element.setAttribute(name, text);
  }
}

/**
 * Set the text of an element, when it is another than before (a live region would speak again).
 *
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/**
 * Show or hide an element.
 *
 * @param {HTMLElement} element
 * @param {boolean} shown
 */
export function show(element, shown) {
  if (element.hidden === shown) {
    element.hidden = !shown;
  }
}

/**
 * Make an icon of the sprite; it is silent, the control around it has the words.
 *
 * @param {string} name
 * @returns {SVGSVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${ICONS}#${name}`);
  svg.append(use);
  return svg;
}

/**
 * Show another icon in the place of one.
 *
 * @param {SVGSVGElement} svg made by `icon`
 * @param {string} name
 */
export function setIcon(svg, name) {
  const use = svg.firstElementChild;
  if (use !== null) {
    setAttribute(use, "href", `${ICONS}#${name}`);
  }
}

/**
 * Make a button with words.
 *
 * @param {string} text
 * @param {() => void} pressed
 * @param {{kind?: string, icon?: string, label?: string}} [options] kind: class of its look
 * @returns {HTMLButtonElement}
 */
export function button(text, pressed, options = {}) {
  const element = h(
    "button",
    { type: "button", class: `button ${options.kind ?? ""}`.trim(), "aria-label": options.label },
    options.icon === undefined ? null : icon(options.icon),
    h("span", {}, text),
  );
  element.addEventListener("click", pressed);
  return element;
}

/**
 * Return an id that no other element has.
 *
 * @param {string} stem
 * @returns {string}
 */
export function freshId(stem) {
  ids += 1;
  return `${stem}-${ids}`;
}

/**
 * Make a list of elements the children of a parent, touching only what differs: an element that
 * stays keeps its focus, its scroll place and its playing video.
 *
 * @param {Element} parent
 * @param {ReadonlyArray<Element>} wanted
 */
export function setChildren(parent, wanted) {
  for (const child of [...parent.children]) {
    if (!wanted.includes(child)) {
      child.remove();
    }
  }
  wanted.forEach((child, index) => {
    if (parent.children[index] !== child) {
      parent.insertBefore(child, parent.children[index] ?? null);
    }
  });
}

/** @param {Child} child */
function isShown(child) {
  return child !== null && child !== undefined && child !== false;
}

/**
 * @param {Child} child
 * @returns {Node}
 */
function asNode(child) {
  return child instanceof Node ? child : document.createTextNode(String(child));
}
