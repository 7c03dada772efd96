/**
 * The desk of the kind "ballot": a member's vote in a written procedure, and later its veto.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../signalling.js").DeskView} DeskView
 * @typedef {import("../signalling.js").BallotSnapshot} BallotSnapshot
 * @typedef {import("../signalling.js").BallotAnswer} BallotAnswer
 *
 * @typedef {object} Said what was said so far, here or to the organiser
 * @property {string} choice "" = nothing yet
 * @property {string} comment
 * @property {string} veto
 * @property {string | null} at instant
 */

import { COMMENT_LENGTH } from "../text.js";
import { ownZone, whenText } from "../times.js";
import { documentsView } from "./documents.js";
import { freshId, h, icon, setAttribute, setText, show } from "./dom.js";
import { page } from "./page.js";

/** Longest reason of a veto, in characters. */
const REASON_LENGTH = 4000;
const PICTURES = { for: "circle-check", against: "circle-x", abstain: "circle-question-mark" };
/** @typedef {keyof typeof PICTURES} Usual a choice of a vote that names none of its own */

/**
 * @param {Language} language
 * @param {DeskView} desk
 * @param {BallotSnapshot} form
 * @param {(answer: BallotAnswer) => Promise<string | null>} send returns why it failed
 * @param {(file: import("../signalling.js").BallotDocument) => Promise<string | null>} fetchFile saves a document;
 * returns why it failed
 * @returns {import("./page.js").View}
 */
export function ballotView(language, desk, form, send, fetchFile) {
  const { t } = language;
  const said = latest(desk, form);
  return {
    element: page(
      form.question,
      h("p", { class: "lead" }, t("ballot.lead", { organiser: form.organiser, body: bodyName(form) })),
      form.description === "" ? null : h("p", { class: "prose" }, form.description),
      facts(language, desk, form),
      documentsView(language, form.documents, fetchFile),
      h(
        "section",
        { class: "desk-section" },
        ...stageParts(language, desk, form, said, send),
        h("p", { class: "quiet" }, t("ballot.privacy", { organiser: form.organiser })),
      ),
    ),
  };
}

/**
 * Return what was said last: by this link, or to the organiser, who entered it.
 *
 * @param {DeskView} desk
 * @param {BallotSnapshot} form
 * @returns {Said}
 */
export function latest(desk, form) {
  const answer = desk.answer?.kind === "ballot" ? desk.answer : null;
  const byHand =
    form.givenAt !== null && (desk.answeredAt === null || Date.parse(form.givenAt) > Date.parse(desk.answeredAt));
  const known = { choice: form.given, comment: form.comment, veto: form.veto, at: form.givenAt };
  // What is over counts as the organiser has it; so does all that the link's last answer is not about.
  if (answer === null || byHand || (form.stage !== "vote" && form.stage !== "veto")) {
    return known;
  }
  if (answer.stage === "veto") {
    return { ...known, veto: answer.veto, at: desk.answeredAt };
  }
  return form.stage === "veto"
    ? known
    : { choice: answer.choice, comment: answer.comment, veto: "", at: answer.choice === "" ? null : desk.answeredAt };
}

/** @param {BallotSnapshot} form */
function bodyName(form) {
  return form.body === "" ? form.project : `${form.body}, ${form.project}`;
}

/**
 * @param {string} choice
 * @returns {choice is Usual}
 */
function isUsual(choice) {
  return choice in PICTURES;
}

/**
 * How a choice is called.
 *
 * @param {Language} language
 * @param {string} choice
 */
function choiceName({ t }, choice) {
  return isUsual(choice) ? t(`ballot.choice.${choice}`) : choice;
}

/**
 * @param {Language} language
 * @param {DeskView} desk
 * @param {BallotSnapshot} form
 */
function facts(language, desk, form) {
  const { t, tag } = language;
  const numbers = { needed: form.needed, seats: form.seats, share: form.share };
  const own = form.choices.some((choice) => !isUsual(choice));
  /** @type {Array<[string, string]>} */
  const lines = [
    [t("ballot.issued"), form.name === "" ? form.organisation : `${form.name}, ${form.organisation}`],
    [t("ballot.rule"), t(own ? "ballot.ruleChoice" : "ballot.ruleText", numbers)],
  ];
  if (form.represents.length > 0) {
    lines.push([t("ballot.represents"), form.represents.join(", ")]);
  }
  if (desk.deadline !== null && desk.state === "open" && form.stage === "vote") {
    const deadline = whenText(Date.parse(desk.deadline), 0, ownZone(), tag);
    lines.push([t("ballot.deadline"), form.closesEarly ? t("ballot.early", { deadline }) : deadline]);
  }
  if (desk.deadline !== null && desk.state === "open" && form.stage === "veto") {
    lines.push([t("ballot.vetoUntil"), whenText(Date.parse(desk.deadline), 0, ownZone(), tag)]);
  }
  return h(
    "dl",
    { class: "when" },
    ...lines.map(([label, text]) => h("div", { class: "when-line" }, h("dt", {}, label), h("dd", {}, text))),
  );
}

/**
 * What is said and what can be done at this stage.
 *
 * @param {Language} language
 * @param {DeskView} desk
 * @param {BallotSnapshot} form
 * @param {Said} said
 * @param {(answer: BallotAnswer) => Promise<string | null>} send
 * @returns {Array<import("./dom.js").Child>}
 */
function stageParts(language, desk, form, said, send) {
  const { t, tag } = language;
  const organiser = form.organiser;
  if (form.stage === "cancelled") {
    return [notice("warning", "circle-x", t("ballot.cancelled"), t("ballot.cancelledText", { organiser }))];
  }
  if (form.stage === "vote") {
    const time = said.at === null ? "" : whenText(Date.parse(said.at), 0, ownZone(), tag);
    if (desk.state === "closed") {
      const words = said.choice === "" ? t("ballot.overNone", { organiser }) : t("ballot.overText", { organiser, time });
      return [notice(said.choice === "" ? "warning" : "", "clock", t("ballot.over"), words), ownVote(language, said)];
    }
    return [said.choice === "" ? null : recorded(language, desk, said, time), voteForm(language, form, said, send)];
  }
  const result = resultNotice(language, form);
  if (form.stage === "veto" && desk.state === "open") {
    return [result, tally(language, form), ownVote(language, said), vetoPart(language, form, said, send)];
  }
  return [result, tally(language, form), ownVote(language, said), ownVeto(language, form, said)];
}

/**
 * Say that the vote has arrived: the receipt.
 *
 * @param {Language} language
 * @param {DeskView} desk
 * @param {Said} said
 * @param {string} time
 */
function recorded(language, desk, said, time) {
  const { t, tag } = language;
  const choice = choiceName(language, said.choice);
  const deadline = desk.deadline === null ? "" : whenText(Date.parse(desk.deadline), 0, ownZone(), tag);
  return notice("good", "circle-check", t("ballot.recorded", { choice }), t("ballot.recordedText", { time, deadline }));
}

/**
 * @param {Language} language
 * @param {BallotSnapshot} form
 */
function resultNotice(language, form) {
  const { t } = language;
  const index = form.choices.indexOf(form.outcome === "chosen" ? form.chosen : "for");
  const facts = {
    votes: form.counts[index] ?? 0,
    needed: form.needed,
    seats: form.seats,
    chosen: form.chosen,
    share: form.share,
  };
  const good = form.outcome === "carried" || form.outcome === "chosen";
  const outcome = form.outcome === "" ? "lost" : form.outcome;
  const own = form.choices.some((choice) => !isUsual(choice));
  return notice(
    good ? "good" : "warning",
    good ? "circle-check" : "circle-x",
    t(`ballot.outcome.${outcome}`, facts),
    t(`ballot.outcomeText.${own && !good ? "none" : outcome}`, facts),
  );
}

/**
 * How many chose what.
 *
 * @param {Language} language
 * @param {BallotSnapshot} form
 */
function tally(language, form) {
  if (form.counts.length === 0) {
    return null;
  }
  const parts = form.choices.map((choice, index) => `${choiceName(language, choice)}: ${form.counts[index] ?? 0}`);
  return h("p", {}, parts.join(" · "));
}

/**
 * @param {Language} language
 * @param {Said} said
 */
function ownVote(language, said) {
  const { t } = language;
  if (said.choice === "") {
    return null;
  }
  const comment = said.comment === "" ? null : h("p", { class: "prose quiet" }, said.comment);
  return h("div", {}, h("p", {}, t("ballot.yours", { choice: choiceName(language, said.choice) })), comment);
}

/**
 * @param {Language} language
 * @param {BallotSnapshot} form
 * @param {Said} said
 */
function ownVeto({ t }, form, said) {
  if (said.veto === "") {
    return null;
  }
  const answer = form.vetoAnswer === "" ? null : h("p", { class: "prose" }, t("ballot.vetoAnswer", { text: form.vetoAnswer }));
  return h("div", {}, h("h2", {}, t("ballot.vetoYours")), h("p", { class: "prose" }, said.veto), answer);
}

/**
 * @param {string} look
 * @param {string} picture
 * @param {string} title
 * @param {string} words
 */
function notice(look, picture, title, words) {
  return h(
    "div",
    { class: `notice ${look}`.trim(), role: "status", tabindex: "-1", "data-focus": true },
    icon(picture),
    h("div", {}, h("strong", {}, title), h("p", { class: "quiet" }, words)),
  );
}

/**
 * @param {Language} language
 * @param {BallotSnapshot} form
 * @param {Said} said
 * @param {(answer: BallotAnswer) => Promise<string | null>} send
 */
function voteForm(language, form, said, send) {
  const { t } = language;
  const name = freshId("vote");
  const problem = freshId("trouble");
  const inputs = form.choices.map((choice) =>
    h("input", { type: "radio", name, value: choice, checked: said.choice === choice }),
  );
  const own = form.choices.some((choice) => !isUsual(choice));
  const missing = h("p", { id: problem, class: "field-error", role: "alert", hidden: true });
  const group = h(
    "fieldset",
    { class: own ? "choices ballot-own" : "choices", "aria-describedby": problem },
    h("legend", {}, t("ballot.question")),
    ...form.choices.map((choice, index) =>
      h(
        "label",
        { class: "choice" },
        inputs[index],
        h("span", {}, isUsual(choice) ? icon(PICTURES[choice]) : null, choiceName(language, choice)),
      ),
    ),
  );
  const id = freshId("comment");
  const comment = h("textarea", { id, rows: 3, maxlength: COMMENT_LENGTH }, said.comment);
  const field = h("div", { class: "field" }, h("label", { for: id }, t("ballot.comment")), comment);
  const words = t(said.choice === "" ? "ballot.send" : "ballot.change");
  return sending(language, words, "ballot.failed", [group, missing, field], () => {
    const chosen = inputs.find((input) => input.checked);
    show(missing, chosen === undefined);
    setText(missing, chosen === undefined ? t("ballot.missing") : "");
    setAttribute(group, "aria-invalid", chosen === undefined ? "true" : null);
    if (chosen === undefined) {
      inputs[0]?.focus();
      return null;
    }
    return send({ kind: "ballot", choice: chosen.value, veto: "", comment: comment.value.trim(), stage: "vote" });
  });
}

/**
 * The veto: raise one, or take it back.
 *
 * @param {Language} language
 * @param {BallotSnapshot} form
 * @param {Said} said
 * @param {(answer: BallotAnswer) => Promise<string | null>} send
 */
function vetoPart(language, form, said, send) {
  const { t } = language;
  /** @param {string} veto */
  const answer = (veto) => send({ kind: "ballot", choice: "", veto, comment: "", stage: "veto" });
  if (said.veto !== "") {
    const raised = notice("warning", "triangle-alert", t("ballot.vetoed"), t("ballot.vetoedText"));
    const back = sending(language, t("ballot.vetoBack"), "ballot.vetoFailed", [], () => answer(""), "");
    return h("div", { class: "desk-form" }, raised, ownVeto(language, form, said), back);
  }
  const id = freshId("reason");
  const problem = freshId("trouble");
  const reason = h("textarea", { id, rows: 5, maxlength: REASON_LENGTH, "aria-describedby": problem });
  const missing = h("p", { id: problem, class: "field-error", role: "alert", hidden: true });
  const field = h("div", { class: "field" }, h("label", { for: id }, t("ballot.vetoReason")), reason, missing);
  const form_ = sending(
    language,
    t("ballot.vetoSend"),
    "ballot.vetoFailed",
    [h("p", {}, t("ballot.vetoText")), field],
    () => {
      const text = reason.value.trim();
      show(missing, text === "");
      setText(missing, text === "" ? t("ballot.vetoMissing") : "");
      setAttribute(reason, "aria-invalid", text === "" ? "true" : null);
      if (text === "") {
        reason.focus();
        return null;
      }
      return answer(text);
    },
    "",
  );
  // A veto is rare and weighs much: it is not the first thing that is seen.
  return h("details", { class: "ballot-veto" }, h("summary", {}, t("ballot.veto")), form_);
}

/**
 * A form that sends once at a time and says why it could not.
 *
 * @param {Language} language
 * @param {string} words of the button
 * @param {"ballot.failed" | "ballot.vetoFailed"} failing key of the sentence with {reason}
 * @param {Array<import("./dom.js").Child>} parts
 * @param {() => Promise<string | null> | null} answer null = something is missing, and was said
 * @param {string} [look] of the button
 */
function sending({ t }, words, failing, parts, answer, look = "primary large") {
  const submit = h("button", { type: "submit", class: `button ${look}`.trim() }, words);
  const trouble = h("div", { class: "field-error", role: "alert", hidden: true });
  const element = h(
    "form",
    { class: "desk-form", novalidate: true },
    ...parts,
    trouble,
    h("div", { class: "actions" }, submit),
  );
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    show(trouble, false);
    const sent = answer();
    if (sent === null) {
      return;
    }
    submit.disabled = true;
    setText(submit, t("desk.sending"));
    const reason = await sent;
    if (reason !== null) {
      setText(trouble, `${t(failing, { reason })} ${t("desk.kept")}`);
      show(trouble, true);
      submit.disabled = false;
      setText(submit, words);
    }
  });
  return element;
}
