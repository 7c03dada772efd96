/**
 * The form in which chair and co-hosts prepare a vote of the body.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("./parts.js").PartActions} PartActions
 */

import { CHOICE_LENGTH, MAX_CHOICES, QUESTION_LENGTH } from "../votes.js";
import { button, freshId, h, setText, show } from "./dom.js";

/**
 * @param {Language} language
 * @param {PartActions["send"]} send
 * @param {() => void} closed it was sent, or given up
 * @returns {{element: HTMLElement, begin: () => void}}
 */
export function voteForm({ t }, send, closed) {
  const question = h("textarea", { id: freshId("question"), rows: 2, maxlength: QUESTION_LENGTH });
  const choices = h("textarea", { id: freshId("choices"), rows: 3, maxlength: MAX_CHOICES * CHOICE_LENGTH, "aria-describedby": freshId("hint") });
  const hint = h("p", { class: "quiet", id: choices.getAttribute("aria-describedby") }, t("votes.choicesHint"));
  const secret = h("input", { type: "checkbox" });
  const weighted = h("input", { type: "checkbox" });
  const trouble = h("p", { class: "over-text", role: "alert", hidden: true });
  /** @param {string} words */
  const say = (words) => {
    setText(trouble, words);
    show(trouble, words !== "");
  };
  /** @param {boolean} open at once */
  const submit = (open) => {
    const asked = question.value.trim();
    const own = choices.value.split("\n").map((line) => line.trim()).filter((line) => line !== "");
    if (asked === "") {
      say(t("problem.vote_no_question"));
      question.focus();
      return;
    }
    if (own.length === 1 || own.length > MAX_CHOICES || new Set(own.map((line) => line.toLocaleLowerCase())).size < own.length) {
      say(t("problem.vote_bad_choices"));
      choices.focus();
      return;
    }
    if (send({ type: "prepareVote", question: asked, choices: own, secret: secret.checked, weighted: weighted.checked, open })) {
      closed();
    } else {
      say(t("problem.unreachable"));
    }
  };
  const element = h(
    "form",
    { class: "poll-form", hidden: true },
    h("label", { for: question.id }, t("votes.question")),
    question,
    h("label", { for: choices.id }, t("votes.choices")),
    choices,
    hint,
    h("label", { class: "check" }, secret, h("span", {}, t("votes.secret"))),
    h("label", { class: "check" }, weighted, h("span", {}, t("votes.weighted"))),
    trouble,
    h(
      "div",
      { class: "poll-actions" },
      button(t("votes.openNow"), () => submit(true), { kind: "small primary" }),
      button(t("votes.keepDraft"), () => submit(false), { kind: "small" }),
      button(t("dialog.cancel"), closed, { kind: "small" }),
    ),
  );
  element.addEventListener("submit", (event) => event.preventDefault());
  return {
    element,
    begin: () => {
      question.value = "";
      choices.value = "";
      secret.checked = false;
      weighted.checked = false;
      say("");
      question.focus();
    },
  };
}
