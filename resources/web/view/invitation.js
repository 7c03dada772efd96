/**
 * The desk of the kind "invitation": what, when, the agenda, and the answer.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../signalling.js").DeskView} DeskView
 * @typedef {import("../signalling.js").InvitationSnapshot} InvitationSnapshot
 * @typedef {import("../signalling.js").InvitationAnswer} InvitationAnswer
 * @typedef {InvitationAnswer["answer"]} Reply
 *
 * @typedef {object} Surroundings
 * @property {string} token of the link; the call takes the same
 * @property {() => number} hostTime ms
 * @property {(answer: InvitationAnswer) => Promise<string | null>} send returns why it failed
 */

import { COMMENT_LENGTH } from "../text.js";
import { ownZone, timeText, whenText } from "../times.js";
import { addToCalendar } from "./calendar.js";
import { freshId, h, icon, setText, show } from "./dom.js";
import { page } from "./page.js";
import { invitedBy } from "./waiting.js";
import { checkLink } from "./waiting.js";
import { whenView } from "./when.js";

/** @type {ReadonlyArray<[Reply, string]>} */
const REPLIES = [
  ["accepted", "circle-check"],
  ["tentative", "circle-question-mark"],
  ["declined", "circle-x"],
];

/**
 * @param {Language} language
 * @param {DeskView} desk
 * @param {InvitationSnapshot} form
 * @param {Surroundings} around
 * @returns {import("./page.js").View}
 */
export function invitationView(language, desk, form, around) {
  const { t } = language;
  return {
    element: page(
      form.title,
      ...facts(language, form, around),
      h(
        "section",
        { class: "desk-section" },
        recorded(language, desk),
        answerForm(language, desk, around),
        h("p", { class: "quiet" }, t("desk.privacy")),
      ),
      calendarEntry(language, form, around),
    ),
  };
}

/**
 * @param {Language} language
 * @param {DeskView} desk
 * @param {InvitationSnapshot} form
 * @param {Surroundings} around
 * @returns {import("./page.js").View}
 */
export function closedView(language, desk, form, around) {
  const { t } = language;
  return {
    element: page(
      form.title,
      ...facts(language, form, around),
      h(
        "section",
        { class: "desk-section" },
        recorded(language, desk),
        h("h2", {}, t("desk.closed")),
        h("p", {}, t("desk.closedText", { organiser: form.organiser })),
      ),
    ),
  };
}

/**
 * @param {Language} language
 * @param {InvitationSnapshot} form
 * @param {Surroundings} around
 * @returns {HTMLElement[]}
 */
function facts(language, form, around) {
  const { t } = language;
  const invited =
    form.organisation === "" ? form.name : t("desk.as", { name: form.name, organisation: form.organisation });
  const agenda = h(
    "section",
    { class: "desk-section" },
    h("h2", {}, t("desk.agenda")),
    h("ol", { class: "desk-agenda" }, ...form.agenda.map((title) => h("li", {}, title))),
  );
  return [
    h("p", { class: "lead" }, invitedBy(language, form)),
    whenView(language, form),
    h("p", { class: "quiet" }, invited),
    callLink(language, form, around),
    ...(form.agenda.length === 0 ? [] : [agenda]),
  ];
}

/**
 * @param {Language} language
 * @param {InvitationSnapshot} form
 * @param {Surroundings} around
 * @returns {HTMLElement}
 */
function callLink(language, form, around) {
  const { t, tag } = language;
  const opens = Date.parse(form.opensAt);
  const address = `/r/${encodeURIComponent(form.room)}#${around.token}`;
  if (around.hostTime() < opens) {
    const sameDay = opens - around.hostTime() < 12 * 3_600_000;
    const time = sameDay ? timeText(opens, ownZone(), tag) : whenText(opens, 0, ownZone(), tag);
    const later = h("p", { class: "quiet" }, t("desk.callLater", { time }));
    return h("div", { class: "desk-call" }, later, checkLink(language, `/r/${encodeURIComponent(form.room)}`, around.token));
  }
  return h(
    "div",
    { class: "notice" },
    h(
      "div",
      {},
      h("p", {}, t("desk.callOpen")),
      h("a", { class: "button primary", href: address }, icon("video"), t("desk.call")),
    ),
  );
}

/**
 * Offer an entry for the invitee's own calendar, until the meeting is over.
 *
 * @param {Language} language
 * @param {InvitationSnapshot} form
 * @param {Surroundings} around
 */
function calendarEntry(language, form, around) {
  const over = Date.parse(form.startsAt) + form.durationMinutes * 60_000;
  const link = `${location.origin}/r/${encodeURIComponent(form.room)}#${around.token}`;
  return around.hostTime() > over ? null : addToCalendar(language, form, link);
}

/**
 * Show the answer that the host has.
 *
 * @param {Language} language
 * @param {DeskView} desk
 * @returns {HTMLElement | null}
 */
function recorded({ t, tag }, desk) {
  if (desk.answer?.kind !== "invitation") {
    return null;
  }
  const zone = ownZone();
  const time = desk.answeredAt === null ? "" : whenText(Date.parse(desk.answeredAt), 0, zone, tag);
  const deadline = desk.deadline === null ? "" : whenText(Date.parse(desk.deadline), 0, zone, tag);
  const text =
    desk.state !== "open"
      ? t("desk.recordedClosed", { time })
      : deadline === ""
        ? t("desk.recordedText", { time })
        : t("desk.recordedUntil", { time, deadline });
  const answer = t(`desk.${desk.answer.answer}`);
  return h(
    "div",
    { class: "notice good", role: "status", tabindex: "-1", "data-focus": true },
    icon("circle-check"),
    h("div", {}, h("strong", {}, t("desk.recorded", { answer })), h("p", { class: "quiet" }, text)),
  );
}

/**
 * @param {Language} language
 * @param {DeskView} desk
 * @param {Surroundings} around
 */
function answerForm({ t, tag }, desk, around) {
  const given = desk.answer?.kind === "invitation" ? desk.answer : null;
  const inputs = REPLIES.map(([reply]) =>
    h("input", { type: "radio", name: "answer", value: reply, checked: given?.answer === reply }),
  );
  const choices = REPLIES.map(([reply, picture], index) =>
    h("label", { class: "choice" }, inputs[index], h("span", {}, icon(picture), t(`desk.${reply}`))),
  );
  const id = freshId("comment");
  const comment = h("textarea", { id, rows: 3, maxlength: COMMENT_LENGTH }, given?.comment ?? "");
  const words = t(desk.answer === null ? "desk.send" : "desk.change");
  const submit = h("button", { type: "submit", class: "button primary large" }, words);
  const trouble = h("div", { class: "field-error", role: "alert", hidden: true });
  const form = h(
    "form",
    { class: "desk-form", novalidate: true },
    h("fieldset", { class: "choices" }, h("legend", {}, t("desk.question")), ...choices),
    desk.deadline === null || desk.answer !== null
      ? null
      : h("p", { class: "quiet" }, t("desk.until", { deadline: whenText(Date.parse(desk.deadline), 0, ownZone(), tag) })),
    h("div", { class: "field" }, h("label", { for: id }, t("desk.comment")), comment),
    trouble,
    h("div", { class: "actions" }, submit),
  );
  /** @param {string} text */
  const fail = (text) => {
    setText(trouble, text);
    show(trouble, true);
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const chosen = inputs.find((input) => input.checked);
    if (chosen === undefined) {
      fail(t("desk.choose"));
      inputs[0]?.focus();
      return;
    }
    submit.disabled = true;
    setText(submit, t("desk.sending"));
    const answer = /** @type {Reply} */ (chosen.value);
    const reason = await around.send({ kind: "invitation", answer, comment: comment.value.trim() });
    if (reason !== null) {
      fail(`${t("desk.failed", { reason })} ${t("desk.kept")}`);
      submit.disabled = false;
      setText(submit, words);
    }
  });
  return form;
}
