/**
 * The desk of the kind "poll": which of the offered dates suit a voter.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../signalling.js").DeskView} DeskView
 * @typedef {import("../signalling.js").PollSnapshot} PollSnapshot
 * @typedef {import("../signalling.js").PollAnswer} PollAnswer
 * @typedef {import("../signalling.js").PollDate} PollDate
 * @typedef {import("../signalling.js").DateChoice} DateChoice
 *
 * @typedef {object} Said what was said so far, here or to the organiser
 * @property {(date: string) => DateChoice | null} choice
 * @property {string} comment
 * @property {string | null} at instant
 *
 * @typedef {object} Row one date of the form
 * @property {PollDate} date
 * @property {number} start ms
 * @property {HTMLInputElement[]} inputs
 * @property {HTMLElement} time
 * @property {HTMLElement} there
 * @property {HTMLElement} trouble
 * @property {HTMLElement} element
 */

import { alike, byDay, dayTitle, elsewhereText, spanText, zoneChoices, zoneName } from "../dates.js";
import { COMMENT_LENGTH } from "../text.js";
import { ownZone, whenText, zoneCity } from "../times.js";
import { button, freshId, h, icon, setAttribute, setText, show } from "./dom.js";
import { page } from "./page.js";

/** @type {ReadonlyArray<[DateChoice, string]>} */
const CHOICES = [
  ["yes", "circle-check"],
  ["if_need_be", "circle-question-mark"],
  ["no", "circle-x"],
];

/** What the visitor chose on this page; it stays when the answer was sent. */
let chosenZone = "";

/**
 * @param {Language} language
 * @param {DeskView} desk
 * @param {PollSnapshot} form
 * @param {(answer: PollAnswer) => Promise<string | null>} send returns why it failed
 * @returns {import("./page.js").View}
 */
export function datesView(language, desk, form, send) {
  const { t } = language;
  const said = latest(desk, form);
  const settled = desk.state === "closed" || form.status !== "asked";
  const body = h("div", { class: "desk-form" });
  const facts = h("dl", { class: "when" });
  /** @type {(zone: string) => void} */
  let showZone = () => {};
  const zone = startZone(desk, form);
  let news = outcome(language, desk, form, said, settled, zone);
  const picker = zonePicker(language, form, zone, (chosen) => {
    chosenZone = chosen;
    fillFacts(language, desk, form, chosen, facts);
    const told = outcome(language, desk, form, said, settled, chosen);
    news?.replaceWith(told ?? "");
    news = told;
    showZone(chosen);
  });
  fillFacts(language, desk, form, zone, facts);
  if (settled) {
    showZone = (chosen) => body.replaceChildren(...readList(language, form, said, chosen));
    showZone(zone);
  } else {
    const entry = answerForm(language, form, said, zone, send);
    body.append(entry.element);
    showZone = entry.showZone;
  }
  return {
    element: page(
      form.title,
      h("p", { class: "lead" }, t("dates.lead", { organiser: form.organiser, project: form.project })),
      form.text === "" ? null : h("p", { class: "prose" }, form.text),
      facts,
      h(
        "section",
        { class: "desk-section" },
        news,
        picker,
        body,
        answeredBy(language, form),
        h("p", { class: "quiet" }, t("dates.privacy")),
      ),
    ),
  };
}

/**
 * Return what was said last: by this link, or to the organiser by mail.
 *
 * @param {DeskView} desk
 * @param {PollSnapshot} form
 * @returns {Said}
 */
function latest(desk, form) {
  const answer = desk.answer?.kind === "poll" ? desk.answer : null;
  const elsewhere =
    form.givenAt !== null && (desk.answeredAt === null || Date.parse(form.givenAt) > Date.parse(desk.answeredAt));
  if (elsewhere || answer === null) {
    const given = new Map(form.dates.map((date) => [date.id, date.given]));
    return { choice: (id) => given.get(id) ?? null, comment: form.comment, at: form.givenAt };
  }
  const said = new Map(answer.choices.map((each) => [each.date, each.choice]));
  return { choice: (id) => said.get(id) ?? null, comment: answer.comment, at: desk.answeredAt };
}

/**
 * @param {DeskView} desk
 * @param {PollSnapshot} form
 */
function startZone(desk, form) {
  const before = desk.answer?.kind === "poll" ? desk.answer.zone : "";
  const known = zoneChoices([ownZone(), form.zone], Date.now(), "en").map((each) => each.zone);
  return [chosenZone, before, ownZone()].find((zone) => known.includes(zone)) ?? "UTC";
}

/**
 * @param {Language} language
 * @param {DeskView} desk
 * @param {PollSnapshot} form
 * @param {string} zone
 * @param {HTMLElement} list
 */
function fillFacts({ t, tag }, desk, form, zone, list) {
  /** @type {Array<[string, string]>} */
  const lines = [[t("dates.duration"), t("dates.minutes", { count: form.durationMinutes })]];
  if (form.name !== "") {
    lines.push([t("dates.voter"), form.organisation === "" ? form.name : `${form.name}, ${form.organisation}`]);
  }
  if (desk.deadline !== null && desk.state === "open" && form.status === "asked") {
    lines.push([t("dates.deadline"), whenText(Date.parse(desk.deadline), 0, zone, tag)]);
  }
  list.replaceChildren(
    ...lines.map(([label, text]) => h("div", { class: "when-line" }, h("dt", {}, label), h("dd", {}, text))),
  );
}

/**
 * @param {Language} language
 * @param {PollSnapshot} form
 * @param {string} zone
 * @param {(zone: string) => void} chosen
 */
function zonePicker({ t, tag }, form, zone, chosen) {
  const id = freshId("zone");
  const first = Date.parse(form.dates[0]?.startsAt ?? new Date().toISOString());
  const near = [...new Set([ownZone(), form.zone])].filter((each) => each !== "");
  /** @param {string} value @param {string} name */
  const option = (value, name) => h("option", { value }, name);
  const select = h(
    "select",
    { id },
    h("optgroup", { label: t("dates.zoneNear") }, ...near.map((each) => option(each, zoneName(each, first)))),
    h(
      "optgroup",
      { label: t("dates.zoneAll") },
      ...zoneChoices(near, first, tag)
        .filter((each) => !near.includes(each.zone))
        .map((each) => option(each.zone, each.name)),
    ),
  );
  select.value = zone;
  select.addEventListener("change", () => chosen(select.value));
  return h("div", { class: "field" }, h("label", { for: id }, t("dates.zone")), select);
}

/**
 * Say what has arrived, or what the poll came to.
 *
 * @param {Language} language
 * @param {DeskView} desk
 * @param {PollSnapshot} form
 * @param {Said} said
 * @param {boolean} settled
 * @param {string} zone
 */
function outcome({ t, tag }, desk, form, said, settled, zone) {
  const organiser = form.organiser;
  const chosen = form.dates.find((date) => date.id === form.chosen);
  if (form.status === "decided" && chosen !== undefined) {
    const time = whenText(Date.parse(chosen.startsAt), form.durationMinutes, zone, tag);
    return notice("good", "circle-check", t("dates.decided", { time }), t("dates.decidedText", { organiser }));
  }
  if (form.status !== "asked") {
    return notice("warning", "circle-x", t("dates.cancelled"), t("dates.cancelledText", { organiser }));
  }
  const time = said.at === null ? "" : whenText(Date.parse(said.at), 0, zone, tag);
  if (settled) {
    const words = said.at === null ? t("dates.closedNone", { organiser }) : t("dates.closedText", { organiser, time });
    return notice(said.at === null ? "warning" : "", "clock", t("dates.closed"), words);
  }
  if (said.at === null) {
    return null;
  }
  const words =
    desk.deadline === null
      ? t("dates.recordedText", { time })
      : t("dates.recordedUntil", { time, deadline: whenText(Date.parse(desk.deadline), 0, zone, tag) });
  return notice("good", "circle-check", t("dates.recorded"), words);
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
 * The dates to read, with what was said of each.
 *
 * @param {Language} language
 * @param {PollSnapshot} form
 * @param {Said} said
 * @param {string} zone
 * @returns {HTMLElement[]}
 */
function readList(language, form, said, zone) {
  const { t, tag } = language;
  const shown = said.at === null && !form.showsAnswers ? [] : form.dates;
  const days = byDay(shown, (date) => Date.parse(date.startsAt), zone).map((day) =>
    h(
      "section",
      { class: "date-day" },
      h("h2", {}, dayTitle(day.key, tag)),
      ...day.items.map((date) => {
        const choice = said.choice(date.id);
        const picture = CHOICES.find(([each]) => each === choice)?.[1] ?? "ellipsis";
        return h(
          "div",
          { class: date.id === form.chosen ? "date-line chosen" : "date-line" },
          h(
            "div",
            {},
            h("p", { class: "date-time" }, spanText(Date.parse(date.startsAt), form.durationMinutes, zone, tag)),
            standing(language, form, date),
          ),
          h("p", { class: `date-said ${choice ?? ""}`.trim() }, icon(picture), t(`dates.choice.${choice ?? "silent"}`)),
        );
      }),
    ),
  );
  const comment = said.comment === "" ? [] : [h("p", { class: "prose" }, said.comment)];
  return [...days, ...comment];
}

/**
 * How a date stands, where the organiser shows it.
 *
 * @param {Language} language
 * @param {PollSnapshot} form
 * @param {PollDate} date
 */
function standing({ t }, form, date) {
  if (!form.showsAnswers) {
    return null;
  }
  const counts = { yes: date.yes, maybe: date.ifNeedBe, no: date.no };
  return h("p", { class: "quiet" }, t("dates.standing", counts));
}

/**
 * Who has answered, where the organiser shows it.
 *
 * @param {Language} language
 * @param {PollSnapshot} form
 */
function answeredBy({ t }, form) {
  if (!form.showsAnswers) {
    return null;
  }
  const count = t("dates.answered", { count: form.answered.length, voters: form.voters });
  return h("p", { class: "quiet" }, form.answered.length === 0 ? count : `${count} ${form.answered.join(", ")}`);
}

/**
 * @param {Language} language
 * @param {PollSnapshot} form
 * @param {Said} said
 * @param {string} startZone
 * @param {(answer: PollAnswer) => Promise<string | null>} send
 * @returns {{element: HTMLElement, showZone: (zone: string) => void}}
 */
function answerForm(language, form, said, startZone, send) {
  const { t, tag } = language;
  let zone = startZone;
  const rows = form.dates.map((date) => dateRow(language, form, date, said.choice(date.id)));
  const days = h("div", { class: "date-days" });
  const count = h("p", { class: "quiet", role: "status" });
  const id = freshId("comment");
  const comment = h("textarea", { id, rows: 3, maxlength: COMMENT_LENGTH }, said.comment);
  const words = t(said.at === null ? "dates.send" : "dates.change");
  const submit = h("button", { type: "submit", class: "button primary large" }, words);
  const trouble = h("div", { class: "field-error", role: "alert", hidden: true });

  const tell = () => {
    const done = rows.filter((row) => picked(row) !== null).length;
    setText(count, t("dates.count", { done, all: rows.length }));
  };
  /** @param {DateChoice} choice @param {(row: Row) => boolean} concerns */
  const mark = (choice, concerns) => {
    for (const row of rows.filter(concerns)) {
      for (const input of row.inputs) {
        input.checked = input.value === choice;
      }
      complain(row, "");
    }
    tell();
  };
  /** @param {string} chosen */
  const showZone = (chosen) => {
    zone = chosen;
    const same = alike(rows.map((row) => row.start), zone, form.zone);
    const city = zoneCity(form.zone);
    const sections = byDay(rows, (row) => row.start, zone).map((day) => {
      for (const row of day.items) {
        setText(row.time, spanText(row.start, form.durationMinutes, zone, tag));
        const there = elsewhereText(row.start, form.durationMinutes, form.zone, zone, tag);
        setText(row.there, t("dates.there", { city, time: there }));
        show(row.there, !same);
      }
      const heading = h("h2", { id: freshId("day") }, dayTitle(day.key, tag));
      for (const row of day.items) {
        const group = row.element.querySelector("[role=radiogroup]");
        group?.setAttribute("aria-labelledby", `${heading.id} ${row.time.id}`);
      }
      return h("section", { class: "date-day" }, heading, ...day.items.map((row) => row.element));
    });
    days.replaceChildren(...sections);
  };

  const element = h(
    "form",
    { class: "desk-form", novalidate: true },
    h(
      "div",
      { class: "date-tools" },
      button(t("dates.allYes"), () => mark("yes", () => true), { icon: "circle-check" }),
      button(t("dates.restNo"), () => mark("no", (row) => picked(row) === null), { icon: "circle-x" }),
      count,
    ),
    days,
    h("div", { class: "field" }, h("label", { for: id }, t("dates.comment")), comment),
    trouble,
    h("div", { class: "actions" }, submit),
  );
  element.addEventListener("change", (event) => {
    const row = rows.find((each) => each.inputs.some((input) => input === event.target));
    if (row !== undefined) {
      complain(row, "");
      tell();
    }
  });
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    show(trouble, false);
    const choices = collect(rows, t("dates.missing"));
    if (choices === null) {
      return;
    }
    submit.disabled = true;
    setText(submit, t("desk.sending"));
    const reason = await send({ kind: "poll", choices, comment: comment.value.trim(), zone });
    if (reason !== null) {
      setText(trouble, `${t("dates.failed", { reason })} ${t("desk.kept")}`);
      show(trouble, true);
      submit.disabled = false;
      setText(submit, words);
    }
  });
  showZone(zone);
  tell();
  return { element, showZone };
}

/**
 * @param {Language} language
 * @param {PollSnapshot} form
 * @param {PollDate} date
 * @param {DateChoice | null} said
 * @returns {Row}
 */
function dateRow(language, form, date, said) {
  const { t } = language;
  const problem = freshId("trouble");
  const name = freshId("date");
  const time = h("p", { id: freshId("time"), class: "date-time" });
  const there = h("p", { class: "quiet" });
  const trouble = h("p", { id: problem, class: "field-error", hidden: true });
  const inputs = CHOICES.map(([choice]) =>
    h("input", { type: "radio", name, value: choice, checked: said === choice }),
  );
  const choices = CHOICES.map(([choice, picture], index) =>
    h("label", { class: `choice ${choice}` }, inputs[index], h("span", {}, icon(picture), t(`dates.choice.${choice}`))),
  );
  const group = h("div", { class: "date-choices", role: "radiogroup", "aria-describedby": problem }, ...choices);
  const element = h(
    "div",
    { class: "date-line" },
    h("div", {}, time, there, standing(language, form, date), trouble),
    group,
  );
  return { date, start: Date.parse(date.startsAt), inputs, time, there, trouble, element };
}

/**
 * @param {Row} row
 * @returns {DateChoice | null}
 */
function picked(row) {
  const value = row.inputs.find((input) => input.checked)?.value;
  return /** @type {DateChoice | undefined} */ (value) ?? null;
}

/**
 * Return the choices; or say at each date that has none, go to the first of them, and return null.
 *
 * @param {ReadonlyArray<Row>} rows
 * @param {string} words
 * @returns {PollAnswer["choices"] | null}
 */
function collect(rows, words) {
  const choices = [];
  /** @type {Row | null} */
  let first = null;
  for (const row of rows) {
    const choice = picked(row);
    complain(row, choice === null ? words : "");
    if (choice !== null) {
      choices.push({ date: row.date.id, choice });
    } else if (first === null || row.start < first.start) {
      first = row;
    }
  }
  if (first !== null) {
    first.inputs[0]?.focus();
    return null;
  }
  return choices;
}

/**
 * Say what is wrong with a date; "" = nothing.
 *
 * @param {Row} row
 * @param {string} text
 */
function complain(row, text) {
  setText(row.trouble, text);
  show(row.trouble, text !== "");
  setAttribute(row.element.querySelector("[role=radiogroup]") ?? row.element, "aria-invalid", text === "" ? null : "true");
}
