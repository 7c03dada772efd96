/**
 * The panel at the side: one of `PANELS` at a time, with a tab for each.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("./parts.js").PanelKind} PanelKind
 * @typedef {import("./parts.js").PanelPart} PanelPart
 * @typedef {import("./parts.js").PartActions} PartActions
 * @typedef {import("./stage.js").StageModel} StageModel
 */

import { freshId, h, icon, setAttribute, setText, show } from "./dom.js";
import { PANELS } from "./parts.js";

/** The panel; hidden while none is open. */
export class Side {
  #language;
  #actions;
  #changed;
  #title = h("h2", {}, "");
  #tabs;
  #body = h("div", { class: "panel-body", role: "tabpanel", id: freshId("panel") });
  /** @type {Map<string, PanelPart>} */
  #made = new Map();
  /** @type {PanelKind | null} */
  #open = null;
  /** @type {StageModel | null} */
  #model = null;

  /**
   * @param {Language} language
   * @param {PartActions} actions
   * @param {(closed: string | null) => void} changed another panel is open; `closed`: it was closed
   *   from within, and the focus needs a place
   */
  constructor(language, actions, changed) {
    const { t } = language;
    this.#language = language;
    this.#actions = actions;
    this.#changed = changed;
    this.#tabs = PANELS.map((kind) => this.#makeTab(kind));
    const close = h("button", { type: "button", class: "panel-close", "aria-label": t("call.close") }, icon("x"));
    close.addEventListener("click", () => this.#close());
    const list = h("div", { class: "panel-tabs", role: "tablist", "aria-label": t("call.panels") });
    list.append(...this.#tabs.map((tab) => tab.element));
    list.addEventListener("keydown", (event) => this.#moved(event));
    /** The element beside the pictures. */
    this.element = h(
      "aside",
      { class: "panel", hidden: true },
      h("div", { class: "panel-head" }, list, close),
      h("div", { class: "panel-row" }, this.#title),
      this.#body,
    );
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        this.#close();
      }
    });
  }

  /** Name of the open panel. */
  get open() {
    return this.#open?.name ?? null;
  }

  /** @param {StageModel} model */
  update(model) {
    this.#model = model;
    if (this.#open !== null && !isOffered(this.#open, model)) {
      this.show(null);
    }
    for (const tab of this.#tabs) {
      tab.update(model, this.#open);
    }
    if (this.#open !== null) {
      this.#made.get(this.#open.name)?.update(model);
    }
  }

  /**
   * Show a panel, or none.
   *
   * @param {string | null} name
   */
  show(name) {
    const kind = PANELS.find((one) => one.name === name) ?? null;
    if (kind === this.#open) {
      return;
    }
    const before = this.#open;
    this.#open = kind;
    if (before !== null) {
      this.#made.get(before.name)?.shown?.(false);
    }
    show(this.element, kind !== null);
    if (kind !== null) {
      const part = this.#part(kind);
      const title = this.#language.t(kind.title);
      setText(this.#title, title);
      setAttribute(this.element, "aria-label", title);
      setAttribute(this.#body, "aria-label", title);
      this.#body.replaceChildren(part.element);
      part.shown?.(true);
    }
    if (this.#model !== null) {
      this.update(this.#model);
    }
    this.#changed(null);
  }

  /**
   * Open a panel, or close it when it is open.
   *
   * @param {string} name
   */
  toggle(name) {
    this.show(this.open === name ? null : name);
    if (this.#open !== null) {
      this.#part(this.#open).focus?.();
    }
  }

  /** Free what the panels hold. */
  closed() {
    for (const part of this.#made.values()) {
      part.closed?.();
    }
  }

  #close() {
    const was = this.open;
    this.show(null);
    if (was !== null) {
      this.#changed(was);
    }
  }

  /** @param {PanelKind} kind */
  #part(kind) {
    let part = this.#made.get(kind.name);
    if (part === undefined) {
      part = kind.make(this.#language, this.#actions);
      this.#made.set(kind.name, part);
    }
    return part;
  }

  /** @param {PanelKind} kind */
  #makeTab(kind) {
    const title = this.#language.t(kind.title);
    const figure = h("span", { class: "badge", "aria-hidden": "true" });
    const words = h("span", { class: "visually-hidden" }, title);
    const element = h(
      "button",
      { type: "button", class: "panel-tab", role: "tab", title, "aria-controls": this.#body.id },
      icon(kind.icon),
      figure,
      words,
    );
    element.addEventListener("click", () => this.show(kind.name));
    /**
     * @param {StageModel} model
     * @param {PanelKind | null} open
     */
    const update = (model, open) => {
      const badge = kind.badge?.(model, this.#language.t) ?? { text: "" };
      show(element, isOffered(kind, model));
      setText(figure, badge.text);
      show(figure, badge.text !== "");
      figure.classList.toggle("urgent", badge.urgent === true);
      setText(words, badge.text === "" ? title : `${title}, ${badge.label ?? badge.text}`);
      setAttribute(element, "aria-selected", String(kind === open));
      setAttribute(element, "tabindex", kind === open ? 0 : -1);
    };
    return { element, update };
  }

  /** @param {KeyboardEvent} event of the list of tabs */
  #moved(event) {
    const shown = this.#tabs.map((tab) => tab.element).filter((element) => !element.hidden);
    const now = shown.findIndex((element) => element === document.activeElement);
    const forward = getComputedStyle(this.element).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const back = forward === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
    const target =
      event.key === forward
        ? (now + 1) % shown.length
        : event.key === back
          ? (now + shown.length - 1) % shown.length
          : event.key === "Home"
            ? 0
            : event.key === "End"
              ? shown.length - 1
              : null;
    if (now >= 0 && target !== null) {
      event.preventDefault();
      shown[target]?.click();
      shown[target]?.focus();
    }
  }
}

/**
 * Tell whether this person may open a panel now.
 *
 * @param {PanelKind} kind
 * @param {StageModel} model
 * @returns {boolean}
 */
export function isOffered(kind, model) {
  return kind.isOffered?.(model) ?? true;
}
