/**
 * Putting files into the chat: a button, a place to drop them, and how far they are.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../uploads.js").Upload} Upload
 */

import { basePath } from "../api.js";
import { Uploads, sender, sizeText } from "../uploads.js";
import { h, icon, setAttribute, setChildren, setText, show } from "./dom.js";

/**
 * @param {Language} language
 * @param {HTMLElement} place files may be dropped anywhere on it
 * @returns {{button: HTMLElement, list: HTMLElement, update: (limit: number, isForAll: boolean) => void, closed: () => void}}
 */
export function fileDrop(language, place) {
  const { t, tag } = language;
  let limit = 0;
  const input = h("input", { type: "file", multiple: true, hidden: true, tabindex: -1, "aria-hidden": "true" });
  const button = h("button", { type: "button", class: "chat-attach", "aria-label": t("files.attach") }, icon("paperclip"), input);
  const list = h("ul", { class: "uploads", hidden: true });
  /** @type {Map<number, UploadRow>} */
  const rows = new Map();
  const uploads = new Uploads(sender(basePath(location.pathname)), () => refresh());
  const refresh = () => {
    const known = new Set(uploads.list.map(({ number }) => number));
    for (const number of rows.keys()) {
      if (!known.has(number)) {
        rows.delete(number);
      }
    }
    const elements = uploads.list.map((upload) => {
      const row = rows.get(upload.number) ?? new UploadRow(language, upload, () => uploads.remove(upload.number));
      rows.set(upload.number, row);
      row.update(upload);
      return row.element;
    });
    setChildren(list, elements);
    show(list, elements.length > 0);
  };
  button.addEventListener("click", () => input.click());
  input.addEventListener("click", (event) => event.stopPropagation());
  input.addEventListener("change", () => {
    uploads.add(input.files ?? [], limit);
    input.value = "";
  });
  place.addEventListener("dragover", (event) => {
    if (limit > 0 && event.dataTransfer?.types.includes("Files") === true) {
      event.preventDefault();
      place.classList.add("dropping");
    }
  });
  place.addEventListener("dragleave", (event) => {
    if (!(event.relatedTarget instanceof Node) || !place.contains(event.relatedTarget)) {
      place.classList.remove("dropping");
    }
  });
  place.addEventListener("drop", (event) => {
    place.classList.remove("dropping");
    const files = event.dataTransfer?.files;
    if (limit > 0 && files !== undefined && files.length > 0) {
      event.preventDefault();
      uploads.add(files, limit);
    }
  });
  /**
   * @param {number} allowed bytes, 0 = none
   * @param {boolean} isForAll what is written goes to everybody, as files do
   */
  const update = (allowed, isForAll) => {
    limit = isForAll ? allowed : 0;
    show(button, allowed > 0);
    button.disabled = !isForAll;
    const words = isForAll ? t("files.attachLimit", { size: sizeText(allowed, tag) }) : t("files.forAll");
    setAttribute(button, "title", words);
  };
  return { button, list, update, closed: () => uploads.close() };
}

/** One file on its way. */
class UploadRow {
  #language;
  #trouble = h("span", { class: "over-text", role: "alert" });
  #bar;

  /**
   * @param {Language} language
   * @param {Upload} upload
   * @param {() => void} remove
   */
  constructor(language, upload, remove) {
    this.#language = language;
    const name = upload.name;
    const label = language.t("files.stop", { name });
    const stop = h("button", { type: "button", class: "panel-close", "aria-label": label, title: label }, icon("x"));
    stop.addEventListener("click", remove);
    this.#bar = h("progress", { max: 1, value: 0, "aria-label": language.t("files.sending", { name }) });
    /** The list's element. */
    this.element = h(
      "li",
      { class: "upload" },
      h("div", { class: "upload-words" }, h("span", { class: "upload-name", dir: "auto" }, name), this.#bar, this.#trouble),
      stop,
    );
  }

  /** @param {Upload} upload */
  update({ share, trouble }) {
    const { t, known } = this.#language;
    this.#bar.value = share;
    show(this.#bar, trouble === "");
    setText(this.#trouble, trouble === "" ? "" : (known("problem", trouble) ?? t("problem.upload_failed")));
    show(this.#trouble, trouble !== "");
  }
}
