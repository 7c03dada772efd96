/**
 * The desk of the kind "effort": what a partner worked in a reporting period, per work package.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../signalling.js").DeskView} DeskView
 * @typedef {import("../signalling.js").EffortSnapshot} EffortSnapshot
 * @typedef {import("../signalling.js").EffortAnswer} EffortAnswer
 * @typedef {import("../signalling.js").EffortLine} EffortLine
 *
 * @typedef {object} Stated what was said so far, here or to the coordinator
 * @property {(workPackage: string) => number | null} months hundredths
 * @property {string} comment
 * @property {string | null} at instant
 *
 * @typedef {object} Row
 * @property {EffortLine} line
 * @property {HTMLInputElement} input
 * @property {HTMLElement} trouble
 * @property {HTMLElement} element
 */

import { MOST_HUNDREDTHS, monthsEntry, monthsText, readMonths } from "../months.js";
import { COMMENT_LENGTH } from "../text.js";
import { dayText, ownZone, whenText } from "../times.js";
import { freshId, h, icon, setAttribute, setText, show } from "./dom.js";
import { page } from "./page.js";

/**
 * @param {Language} language
 * @param {DeskView} desk
 * @param {EffortSnapshot} form
 * @param {(answer: EffortAnswer) => Promise<string | null>} send returns why it failed
 * @returns {import("./page.js").View}
 */
export function effortView(language, desk, form, send) {
  const { t } = language;
  const stated = latest(desk, form);
  const settled = desk.state === "closed" || form.status === "approved" || form.status === "frozen";
  return {
    element: page(
      effortTitle(language, form),
      h("p", { class: "lead" }, t("effort.lead", { organiser: form.organiser, project: project(form) })),
      facts(language, desk, form),
      h(
        "section",
        { class: "desk-section" },
        sentBack(language, form, settled),
        recorded(language, desk, form, stated, settled),
        settled ? figures(language, form, stated) : entry(language, form, stated, send),
        h("p", { class: "quiet" }, t("effort.privacy")),
      ),
    ),
  };
}

/**
 * @param {Language} language
 * @param {EffortSnapshot} form
 */
export function effortTitle({ t }, form) {
  return t("effort.title", { period: form.period, organisation: form.organisation });
}

/**
 * Return what was said last: by this link, or to the coordinator, who entered it.
 *
 * @param {DeskView} desk
 * @param {EffortSnapshot} form
 * @returns {Stated}
 */
function latest(desk, form) {
  const answer = desk.answer?.kind === "effort" ? desk.answer : null;
  const byHand = form.givenAt !== null && (desk.answeredAt === null || Date.parse(form.givenAt) > Date.parse(desk.answeredAt));
  if (byHand || answer === null) {
    const given = new Map(form.lines.map((line) => [line.workPackage, line.given]));
    return { months: (id) => given.get(id) ?? null, comment: form.comment, at: form.givenAt };
  }
  const said = new Map(answer.figures.map((figure) => [figure.workPackage, figure.months]));
  return { months: (id) => said.get(id) ?? null, comment: answer.comment, at: desk.answeredAt };
}

/** @param {EffortSnapshot} form */
function project(form) {
  return form.projectTitle === "" ? form.project : `${form.project} (${form.projectTitle})`;
}

/**
 * @param {Language} language
 * @param {DeskView} desk
 * @param {EffortSnapshot} form
 */
function facts({ t, tag }, desk, form) {
  const months = `M${form.startMonth} – M${form.endMonth}`;
  const days =
    form.startsOn === null || form.endsOn === null
      ? ""
      : `${dayText(form.startsOn, tag)} – ${dayText(form.endsOn, tag)}`;
  /** @type {Array<[string, string]>} */
  const lines = [[t("effort.period"), days === "" ? months : `${days} (${months})`]];
  lines.push([t("effort.partner"), form.name === "" ? form.organisation : `${form.organisation}, ${form.name}`]);
  if (desk.deadline !== null && desk.state === "open") {
    lines.push([t("effort.deadline"), whenText(Date.parse(desk.deadline), 0, ownZone(), tag)]);
  }
  return h(
    "dl",
    { class: "when" },
    ...lines.map(([label, text]) => h("div", { class: "when-line" }, h("dt", {}, label), h("dd", {}, text))),
  );
}

/**
 * @param {Language} language
 * @param {EffortSnapshot} form
 * @param {boolean} settled
 */
function sentBack({ t, tag }, form, settled) {
  if (form.status !== "sent_back" || settled) {
    return null;
  }
  const time = form.sentBackAt === null ? "" : whenText(Date.parse(form.sentBackAt), 0, ownZone(), tag);
  return h(
    "div",
    { class: "notice warning" },
    icon("undo-2"),
    h(
      "div",
      {},
      h("strong", {}, t("effort.sentBack", { organiser: form.organiser })),
      h("p", { class: "effort-remark" }, form.remark),
      h("p", { class: "quiet" }, t("effort.sentBackAt", { time })),
    ),
  );
}

/**
 * Show what has arrived, and whether it can still be changed.
 *
 * @param {Language} language
 * @param {DeskView} desk
 * @param {EffortSnapshot} form
 * @param {Stated} stated
 * @param {boolean} settled
 */
function recorded({ t, tag }, desk, form, stated, settled) {
  const zone = ownZone();
  const deadline = desk.deadline === null ? "" : whenText(Date.parse(desk.deadline), 0, zone, tag);
  if (stated.at === null) {
    if (!settled) {
      return null;
    }
    const none = h("div", {}, h("strong", {}, t("effort.closed")), h("p", {}, t("effort.closedNone", withOrganiser(form))));
    return h("div", { class: "notice warning", tabindex: "-1", "data-focus": true }, icon("clock"), none);
  }
  const said = form.lines.map((line) => stated.months(line.workPackage) ?? 0);
  const sum = monthsText(said.reduce((one, other) => one + other, 0), tag);
  const time = whenText(Date.parse(stated.at), 0, zone, tag);
  const answers = form.status === "sent_back" && !settled && !followsSendingBack(desk, form);
  const words = answers
    ? t("effort.recordedBefore", { time })
    : form.status === "approved" || form.status === "frozen"
      ? t("effort.approved", withOrganiser(form))
      : settled
        ? t("effort.closedText", withOrganiser(form))
        : deadline === ""
          ? t("effort.recordedText", { time })
          : t("effort.recordedUntil", { time, deadline });
  return h(
    "div",
    { class: answers ? "notice" : "notice good", role: "status", tabindex: "-1", "data-focus": true },
    icon(answers ? "clock" : "circle-check"),
    h("div", {}, h("strong", {}, t("effort.recorded", { sum })), h("p", { class: "quiet" }, words)),
  );
}

/** @param {EffortSnapshot} form */
function withOrganiser(form) {
  return { organiser: form.organiser };
}

/**
 * @param {DeskView} desk
 * @param {EffortSnapshot} form
 */
function followsSendingBack(desk, form) {
  const after = desk.answer?.kind === "effort" ? desk.answer.after : null;
  return after !== null && form.sentBackAt !== null && Date.parse(after) === Date.parse(form.sentBackAt);
}

/**
 * The figures to read.
 *
 * @param {Language} language
 * @param {EffortSnapshot} form
 * @param {Stated} stated
 */
function figures({ t, tag }, form, stated) {
  if (stated.at === null) {
    return null;
  }
  const rows = form.lines.filter((line) => line.planned > 0 || (stated.months(line.workPackage) ?? 0) > 0);
  const list = rows.map((line) =>
    h(
      "div",
      { class: "effort-line" },
      h("dt", {}, `${line.label} ${line.title}`),
      h("dd", { class: "effort-figure" }, monthsText(stated.months(line.workPackage) ?? 0, tag)),
    ),
  );
  const comment = h("p", { class: "effort-remark" }, stated.comment);
  return h(
    "div",
    { class: "desk-form" },
    h("dl", { class: "effort-lines" }, ...list),
    stated.comment === "" ? null : h("div", {}, h("h2", {}, t("effort.commentRead")), comment),
  );
}

/**
 * @param {Language} language
 * @param {EffortSnapshot} form
 * @param {Stated} stated
 * @param {(answer: EffortAnswer) => Promise<string | null>} send
 */
function entry(language, form, stated, send) {
  const { t, tag } = language;
  const rows = form.lines.map((line) => entryRow(language, line, stated));
  const isUsual = (/** @type {Row} */ row) =>
    row.line.planned > 0 || row.line.earlier > 0 || (stated.months(row.line.workPackage) ?? 0) > 0;
  const usual = rows.filter(isUsual);
  const shown = usual.length > 0 ? usual : rows;
  const others = rows.filter((row) => !shown.includes(row));
  const sum = h("output", { class: "effort-figure" });
  const planned = form.lines.reduce((total, line) => total + line.planned, 0);
  const count = () => {
    const months = rows.map((row) => readMonths(row.input.value));
    const total = months.reduce((/** @type {number} */ so, one) => so + (typeof one === "number" ? one : 0), 0);
    setText(sum, t("effort.sum", { sum: monthsText(total, tag), planned: monthsText(planned, tag) }));
  };
  const id = freshId("comment");
  const comment = h("textarea", { id, rows: 3, maxlength: COMMENT_LENGTH }, stated.comment);
  const words = t(stated.at === null ? "effort.send" : "effort.change");
  const submit = h("button", { type: "submit", class: "button primary large" }, words);
  const trouble = h("div", { class: "field-error", role: "alert", hidden: true });
  const element = h(
    "form",
    { class: "desk-form", novalidate: true },
    h("h2", {}, t("effort.question")),
    h("p", { class: "quiet" }, t("effort.hint")),
    h("div", { class: "effort-lines" }, ...shown.map((row) => row.element)),
    others.length === 0
      ? null
      : h(
          "details",
          { class: "more" },
          h("summary", {}, t("effort.others", { count: others.length })),
          h("div", { class: "effort-lines" }, ...others.map((row) => row.element)),
        ),
    h("div", { class: "effort-sum" }, sum),
    h("div", { class: "field" }, h("label", { for: id }, t("effort.comment")), comment),
    trouble,
    h("div", { class: "actions" }, submit),
  );
  element.addEventListener("input", (event) => {
    const row = rows.find((one) => one.input === event.target);
    if (row !== undefined) {
      say(row, "");
      count();
    }
  });
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    show(trouble, false);
    const answer = collect(language, rows, shown, comment.value.trim());
    if (answer === null) {
      return;
    }
    submit.disabled = true;
    setText(submit, t("desk.sending"));
    const reason = await send(answer);
    if (reason !== null) {
      setText(trouble, `${t("effort.failed", { reason })} ${t("desk.kept")}`);
      show(trouble, true);
      submit.disabled = false;
      setText(submit, words);
    }
  });
  count();
  return element;
}

/**
 * @param {Language} language
 * @param {EffortLine} line
 * @param {Stated} stated
 * @returns {Row}
 */
function entryRow({ t, tag }, line, stated) {
  const [id, about, problem] = [freshId("months"), freshId("about"), freshId("trouble")];
  const said = stated.months(line.workPackage);
  const input = h("input", {
    id,
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    maxlength: 12,
    value: said === null ? "" : monthsEntry(said, tag),
    "aria-describedby": `${about} ${problem}`,
  });
  const planned = t("effort.planned", { months: monthsText(line.planned, tag) });
  const earlier = t("effort.earlier", { months: monthsText(line.earlier, tag) });
  const trouble = h("div", { id: problem, class: "field-error", hidden: true });
  const element = h(
    "div",
    { class: "effort-line" },
    h(
      "div",
      {},
      h("label", { for: id }, `${line.label} ${line.title}`),
      h("p", { id: about, class: "quiet" }, line.earlier > 0 ? `${planned} · ${earlier}` : planned),
      trouble,
    ),
    input,
  );
  return { line, input, trouble, element };
}

/**
 * Return the answer; or say beside each field what is wrong, go to the first of them, and return null.
 *
 * @param {Language} language
 * @param {ReadonlyArray<Row>} rows
 * @param {ReadonlyArray<Row>} needed rows in which an empty field is no zero
 * @param {string} comment
 * @returns {EffortAnswer | null}
 */
function collect({ t, tag }, rows, needed, comment) {
  const figures = [];
  /** @type {Row | null} */
  let first = null;
  for (const row of rows) {
    const read = readMonths(row.input.value);
    const months = read === "empty" && !needed.includes(row) ? 0 : read;
    if (typeof months === "number") {
      figures.push({ workPackage: row.line.workPackage, months });
      say(row, "");
      continue;
    }
    const most = monthsText(MOST_HUNDREDTHS, tag);
    say(row, t(`effort.wrong.${months}`, { example: monthsText(225, tag), most }));
    first ??= row;
  }
  if (first !== null) {
    first.element.closest("details")?.setAttribute("open", "");
    first.input.focus();
    return null;
  }
  return { kind: "effort", figures, comment, after: null };
}

/**
 * Say what is wrong with a field; "" = nothing.
 *
 * @param {Row} row
 * @param {string} text
 */
function say(row, text) {
  setText(row.trouble, text);
  show(row.trouble, text !== "");
  setAttribute(row.input, "aria-invalid", text === "" ? null : "true");
}
