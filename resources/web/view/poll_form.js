/**
 * The form in which chair and co-hosts write a poll.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../signalling.js").Poll} Poll
 * @typedef {import("../signalling.js").ClientMessage} ClientMessage
 */

import { MAX_OPTIONS, MIN_OPTIONS, OPTION_LENGTH, QUESTION_LENGTH } from "../polls.js";
import { button, freshId, h, icon, setAttribute, setText, show } from "./dom.js";

/**
 * @param {Language} language
 * @param {(message: ClientMessage) => boolean} send
 * @param {() => void} closed it was sent, or given up
 * @returns {{element: HTMLElement, fill: (draft: Poll | null) => void}}
 */
export function pollForm(language, send, closed) {
  const { t } = language;
  /** @type {number | null} */
  let replaces = null;
  const questionId = freshId("question");
  const question = h("input", { type: "text", id: questionId, maxlength: QUESTION_LENGTH, required: true });
  const options = optionFields(language);
  const multiple = checkbox(t("polls.multiple"));
  const named = checkbox(t("polls.named"));
  const atClose = checkbox(t("polls.hidden"));
  const trouble = h("p", { class: "over-text", role: "alert", hidden: true });
  const say = (/** @type {string} */ words) => {
    setText(trouble, words);
    show(trouble, words !== "");
  };
  /** @param {boolean} open at once */
  const submit = (open) => {
    const texts = options.texts();
    const asked = question.value.trim();
    if (asked === "" || texts.length < MIN_OPTIONS) {
      say(t("polls.incomplete"));
      (asked === "" ? question : options.firstEmpty() ?? question).focus();
      return;
    }
    if (new Set(texts.map((text) => text.toLocaleLowerCase())).size < texts.length) {
      say(t("polls.twice"));
      return;
    }
    const sent = send({
      type: "preparePoll",
      question: asked,
      options: texts,
      multiple: multiple.input.checked,
      named: named.input.checked,
      live: !atClose.input.checked,
      poll: replaces,
      open,
    });
    if (sent) {
      closed();
    } else {
      say(t("problem.unreachable"));
    }
  };
  const element = h(
    "form",
    { class: "poll-form", hidden: true, "aria-label": t("polls.new") },
    h("div", { class: "field" }, h("label", { for: questionId }, t("polls.question")), question),
    options.element,
    multiple.element,
    named.element,
    atClose.element,
    trouble,
    h(
      "div",
      { class: "poll-actions" },
      button(t("polls.openNow"), () => submit(true), { kind: "small primary" }),
      button(t("polls.keepDraft"), () => submit(false), { kind: "small" }),
      button(t("dialog.cancel"), closed, { kind: "small" }),
    ),
  );
  element.addEventListener("submit", (event) => event.preventDefault());
  /** @param {Poll | null} draft */
  const fill = (draft) => {
    replaces = draft?.number ?? null;
    question.value = draft?.question ?? "";
    options.fill(draft?.options ?? ["", ""]);
    multiple.input.checked = draft?.multiple ?? false;
    named.input.checked = draft?.named ?? false;
    atClose.input.checked = !(draft?.live ?? true);
    say("");
    question.focus();
  };
  return { element, fill };
}

/** @param {Language} language */
function optionFields({ t }) {
  const list = h("div", { class: "poll-fields" });
  const add = button(t("polls.addOption"), () => append("").focus(), { kind: "small" });
  const element = h("fieldset", { class: "poll-fieldset" }, h("legend", {}, t("polls.options")), list, add);
  const inputs = () => /** @type {HTMLInputElement[]} */ ([...list.querySelectorAll("input")]);
  const renumber = () => {
    const all = inputs();
    all.forEach((input, place) => setAttribute(input, "aria-label", t("polls.option", { number: place + 1 })));
    for (const remove of list.querySelectorAll("button")) {
      remove.disabled = all.length <= MIN_OPTIONS;
    }
    show(add, all.length < MAX_OPTIONS);
  };
  /** @param {string} text */
  const append = (text) => {
    const input = h("input", { type: "text", maxlength: OPTION_LENGTH });
    input.value = text;
    const remove = h(
      "button",
      { type: "button", class: "panel-close", "aria-label": t("polls.removeOption") },
      icon("x"),
    );
    const row = h("div", { class: "poll-field" }, input, remove);
    remove.addEventListener("click", () => {
      row.remove();
      renumber();
      inputs()[0]?.focus();
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) {
        event.preventDefault();
        const all = inputs();
        const next = all[all.indexOf(input) + 1] ?? (all.length < MAX_OPTIONS ? append("") : null);
        next?.focus();
      }
    });
    list.append(row);
    renumber();
    return input;
  };
  return {
    element,
    /** @param {ReadonlyArray<string>} texts */
    fill: (texts) => {
      list.replaceChildren();
      texts.forEach(append);
    },
    texts: () => inputs().map((input) => input.value.trim()).filter((text) => text !== ""),
    firstEmpty: () => inputs().find((input) => input.value.trim() === ""),
  };
}

/** @param {string} words */
function checkbox(words) {
  const input = h("input", { type: "checkbox" });
  return { input, element: h("label", { class: "check" }, input, h("span", {}, words)) };
}
