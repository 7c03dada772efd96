/**
 * Documents that a personal link offers: each is fetched when its button is pressed, and saved.
 *
 * The token of the link goes in the request's body, as with all that a desk asks: it is in no address.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../signalling.js").BallotDocument} BallotDocument
 */

import { sizeText } from "../uploads.js";
import { freshId, h, icon, setText, show } from "./dom.js";

/**
 * @param {Language} language
 * @param {readonly BallotDocument[]} documents
 * @param {(file: BallotDocument) => Promise<string | null>} fetchFile saves it; returns why it failed
 * @returns {HTMLElement | null} null where there are none
 */
export function documentsView(language, documents, fetchFile) {
  const { t } = language;
  if (documents.length === 0) {
    return null;
  }
  const id = freshId("documents");
  return h(
    "section",
    { class: "desk-section", "aria-labelledby": id },
    h("h2", { id }, t("documents.title")),
    h("ul", { class: "desk-documents" }, ...documents.map((file) => h("li", {}, documentView(language, file, fetchFile)))),
    h("p", { class: "quiet" }, t("documents.fixed")),
  );
}

/**
 * @param {Language} language
 * @param {BallotDocument} file
 * @param {(file: BallotDocument) => Promise<string | null>} fetchFile
 */
function documentView({ t, tag }, file, fetchFile) {
  const size = sizeText(file.size, tag);
  const trouble = h("p", { class: "field-error", role: "alert", hidden: true });
  const button = h(
    "button",
    // What it does is told beside its name, not instead of it: who speaks to the page says what is seen (2.5.3).
    { type: "button", class: "button desk-document", title: t("documents.save", { name: file.name, size }) },
    icon("file-text"),
    h("span", { class: "desk-document-name", dir: "auto" }, file.name),
    " ",
    h("span", { class: "quiet" }, size),
  );
  button.addEventListener("click", async () => {
    button.disabled = true;
    show(trouble, false);
    const reason = await fetchFile(file);
    button.disabled = false;
    button.focus();
    if (reason !== null) {
      setText(trouble, t("documents.failed", { reason }));
      show(trouble, true);
    }
  });
  return h("div", {}, button, trouble);
}
