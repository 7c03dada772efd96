/**
 * The desk of the kind "action": what somebody agreed to do; they close, postpone or comment it.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../signalling.js").DeskView} DeskView
 * @typedef {import("../signalling.js").ActionSnapshot} ActionSnapshot
 * @typedef {import("../signalling.js").ActionAnswer} ActionAnswer
 * @typedef {import("../signalling.js").ActionRemark} ActionRemark
 * @typedef {(answer: ActionAnswer) => Promise<string | null>} Send returns why it failed
 *
 * @typedef {object} Standing how the action stands, with what was told here and is not collected yet
 * @property {"open" | "done" | "dropped"} status
 * @property {string | null} dueOn ISO 8601
 * @property {ReadonlyArray<ActionRemark>} remarks
 * @property {ActionAnswer | null} waiting told here, and not with the organiser yet
 */

import { COMMENT_LENGTH } from "../text.js";
import { dayText, ownZone, whenText } from "../times.js";
import { freshId, h, icon, setAttribute, setText, show } from "./dom.js";
import { page } from "./page.js";

/** @type {Record<ActionAnswer["what"], ActionRemark["kind"]>} */
const NOTED = { done: "done", postpone: "postponed", comment: "comment", reopen: "reopened" };

/** @type {Partial<Record<ActionAnswer["what"], Standing["status"]>>} */
const LEADS_TO = { done: "done", reopen: "open" };

/**
 * @param {Language} language
 * @param {DeskView} desk
 * @param {ActionSnapshot} form
 * @param {Send} send
 * @returns {import("./page.js").View}
 */
export function actionView(language, desk, form, send) {
  const { t } = language;
  const stands = standing(desk, form);
  return {
    element: page(
      form.text,
      h("p", { class: "lead" }, t("action.lead", { organiser: form.organiser, label: form.label, project: form.project })),
      facts(language, desk, form, stands),
      h(
        "section",
        { class: "desk-section" },
        news(language, desk, form, stands),
        desk.state === "open" ? answering(language, desk, stands, send) : null,
        history(language, stands),
        h("p", { class: "quiet" }, t("action.privacy", { organiser: form.organiser })),
      ),
    ),
  };
}

/**
 * Return how the action stands: as the desktop has it, and after it what was told here.
 *
 * @param {DeskView} desk
 * @param {ActionSnapshot} form
 * @returns {Standing}
 */
export function standing(desk, form) {
  const answer = desk.answer?.kind === "action" ? desk.answer : null;
  const known =
    answer === null ||
    desk.answeredAt === null ||
    (form.givenAt !== null && Date.parse(form.givenAt) >= Date.parse(desk.answeredAt));
  if (known) {
    return { status: form.status, dueOn: form.dueOn, remarks: form.remarks, waiting: null };
  }
  const remark = {
    at: desk.answeredAt ?? desk.now,
    name: form.name,
    text: answer.text,
    kind: NOTED[answer.what],
    dueOn: answer.dueOn,
  };
  return {
    status: form.status === "dropped" ? "dropped" : (LEADS_TO[answer.what] ?? form.status),
    dueOn: answer.what === "postpone" ? answer.dueOn : form.dueOn,
    remarks: [...form.remarks, remark],
    waiting: answer,
  };
}

/**
 * Return by how many days something is late, at the visitor's day; 0 = it is not.
 *
 * @param {string | null} dueOn ISO 8601
 * @param {string} today ISO 8601
 * @returns {number}
 */
export function daysLate(dueOn, today) {
  return dueOn === null ? 0 : Math.max(0, Math.round((Date.parse(today) - Date.parse(dueOn)) / 86_400_000));
}

/** @param {string} instant @returns {string} the visitor's day, ISO 8601 */
function dayHere(instant) {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: ownZone() }).format(Date.parse(instant));
}

/**
 * @param {Language} language
 * @param {DeskView} desk
 * @param {ActionSnapshot} form
 * @param {Standing} stands
 */
function facts({ t, tag }, desk, form, stands) {
  const late = stands.status === "open" ? daysLate(stands.dueOn, dayHere(desk.now)) : 0;
  /** @type {Array<[string, string | Node]>} */
  const lines = [];
  if (form.name !== "") {
    lines.push([t("action.issued"), form.organisation === "" ? form.name : `${form.name}, ${form.organisation}`]);
  }
  if (stands.dueOn === null) {
    lines.push([t("action.due"), t("action.noDate")]);
  } else {
    const day = dayText(stands.dueOn, tag);
    const lateness = late === 1 ? t("action.lateOne", { day }) : t("action.late", { day, count: late });
    lines.push([t("action.due"), late > 0 ? h("strong", { class: "action-late" }, lateness) : day]);
  }
  if (form.firstDueOn !== null) {
    lines.push([t("action.first"), dayText(form.firstDueOn, tag)]);
  }
  if (form.meeting !== "") {
    lines.push([t("action.meeting"), form.meeting]);
  }
  if (form.related !== "") {
    lines.push([t("action.related"), form.related]);
  }
  return h(
    "dl",
    { class: "when" },
    ...lines.map(([label, text]) => h("div", { class: "when-line" }, h("dt", {}, label), h("dd", {}, text))),
  );
}

/**
 * Say what has arrived, and how the action stands when it is not open.
 *
 * @param {Language} language
 * @param {DeskView} desk
 * @param {ActionSnapshot} form
 * @param {Standing} stands
 */
function news({ t, tag }, desk, form, stands) {
  const organiser = form.organiser;
  if (stands.waiting !== null && desk.answeredAt !== null) {
    const time = whenText(Date.parse(desk.answeredAt), 0, ownZone(), tag);
    const day = stands.waiting.dueOn === null ? "" : dayText(stands.waiting.dueOn, tag);
    return notice("good", "circle-check", t(`action.told.${stands.waiting.what}`, { day }), t("action.toldText", { time, organiser }));
  }
  if (stands.status === "dropped") {
    return notice("", "circle-x", t("action.dropped"), t("action.droppedText", { organiser }));
  }
  if (desk.state === "closed") {
    return notice("", "clock", t("action.closed"), t("desk.closedText", { organiser }));
  }
  return stands.status === "done" ? notice("good", "circle-check", t("action.done"), t("action.doneText")) : null;
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
 * The form: words, and what is done by them.
 *
 * @param {Language} language
 * @param {DeskView} desk
 * @param {Standing} stands
 * @param {Send} send
 */
function answering(language, desk, stands, send) {
  const { t } = language;
  const id = freshId("words");
  const problem = freshId("trouble");
  const words = h("textarea", { id, rows: 3, maxlength: COMMENT_LENGTH, "aria-describedby": problem });
  const missing = h("p", { id: problem, class: "field-error", role: "alert", hidden: true });
  const trouble = h("div", { class: "field-error", role: "alert", hidden: true });
  /** @type {HTMLButtonElement[]} */
  const buttons = [];
  /** @param {ActionAnswer["what"]} what @param {string | null} dueOn */
  const tell = async (what, dueOn) => {
    show(trouble, false);
    for (const each of buttons) {
      each.disabled = true;
    }
    const reason = await send({ kind: "action", what, text: words.value.trim(), dueOn });
    if (reason !== null) {
      setText(trouble, `${t("desk.failed", { reason })} ${t("desk.kept")}`);
      show(trouble, true);
      for (const each of buttons) {
        each.disabled = false;
      }
    }
  };
  /** @param {string} text @param {string} look @param {string} picture @param {() => void} pressed */
  const press = (text, look, picture, pressed) => {
    const made = h("button", { type: "button", class: `button ${look}`.trim() }, icon(picture), h("span", {}, text));
    made.addEventListener("click", pressed);
    buttons.push(made);
    return made;
  };
  const comment = press(t("action.comment"), "", "message-square", () => {
    const empty = words.value.trim() === "";
    setText(missing, empty ? t("action.commentMissing") : "");
    setAttribute(words, "aria-invalid", empty ? "true" : null);
    show(missing, empty);
    if (empty) {
      words.focus();
    } else {
      void tell("comment", null);
    }
  });
  const field = h("div", { class: "field" }, h("label", { for: id }, t("action.words")), words, missing);
  const first =
    stands.status === "open"
      ? press(t("action.markDone"), "primary large", "check", () => void tell("done", null))
      : stands.status === "done"
        ? press(t("action.reopen"), "", "undo-2", () => void tell("reopen", null))
        : null;
  const later = stands.status === "open" ? postponing(language, desk, stands, press, tell) : null;
  const element = h(
    "form",
    { class: "desk-form", novalidate: true },
    field,
    trouble,
    h("div", { class: "actions" }, first, comment),
    later,
  );
  element.addEventListener("submit", (event) => event.preventDefault());
  return element;
}

/**
 * @param {Language} language
 * @param {DeskView} desk
 * @param {Standing} stands
 * @param {(text: string, look: string, picture: string, pressed: () => void) => HTMLButtonElement} press
 * @param {(what: "postpone", dueOn: string) => Promise<void>} tell
 */
function postponing({ t }, desk, stands, press, tell) {
  const id = freshId("until");
  const problem = freshId("trouble");
  const today = dayHere(desk.now);
  const day = h("input", { id, type: "date", min: today, "aria-describedby": problem });
  const missing = h("p", { id: problem, class: "field-error", role: "alert", hidden: true });
  const button = press(t("action.postpone"), "", "clock", () => {
    const wrong = day.value === "" || day.value < today || day.value === stands.dueOn;
    setText(missing, wrong ? t("action.dayMissing") : "");
    setAttribute(day, "aria-invalid", wrong ? "true" : null);
    show(missing, wrong);
    if (wrong) {
      day.focus();
    } else {
      void tell("postpone", day.value);
    }
  });
  return h(
    "fieldset",
    { class: "action-later" },
    h("legend", {}, t("action.later")),
    h("div", { class: "field" }, h("label", { for: id }, t("action.until")), day, missing),
    button,
  );
}

/**
 * What was told so far, the newest first.
 *
 * @param {Language} language
 * @param {Standing} stands
 */
function history({ t, tag }, stands) {
  if (stands.remarks.length === 0) {
    return null;
  }
  const id = freshId("history");
  const lines = [...stands.remarks].reverse().map((remark) => {
    const day = remark.dueOn === null ? "" : dayText(remark.dueOn, tag);
    const what = t(`action.noted.${remark.kind}`, { day, name: remark.name || t("action.somebody") });
    return h(
      "li",
      {},
      h("p", {}, h("strong", {}, what), " ", h("span", { class: "quiet" }, whenText(Date.parse(remark.at), 0, ownZone(), tag))),
      remark.text === "" ? null : h("p", { class: "prose" }, remark.text),
    );
  });
  return h("section", { "aria-labelledby": id }, h("h2", { id }, t("action.history")), h("ol", { class: "action-notes" }, ...lines));
}
