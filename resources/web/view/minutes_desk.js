/**
 * The desk of the kind "minutes": circulated minutes to read, to confirm, and to object to.
 *
 * Light Markdown becomes elements; nothing of the text is ever taken as HTML. The page says whom the
 * link was issued to, so that who was forwarded one sees whose it is.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../signalling.js").DeskView} DeskView
 * @typedef {import("../signalling.js").GivenObjection} GivenObjection
 * @typedef {import("../signalling.js").MinutedDecision} MinutedDecision
 * @typedef {import("../signalling.js").MinutedItem} MinutedItem
 * @typedef {import("../signalling.js").MinutesSnapshot} MinutesSnapshot
 * @typedef {import("../signalling.js").MinutesAnswer} MinutesAnswer
 * @typedef {(answer: MinutesAnswer) => Promise<string | null>} Send returns why it failed
 *
 * @typedef {object} Said what this reader says, as it was sent last
 * @property {Map<string, string>} objections by item, "" = to the whole
 * @property {Map<string, string>} vetoes by decision
 * @property {string} comment
 * @property {string | null} receivedAt instant
 *
 * @typedef {object} Rights what can be done here now
 * @property {boolean} answers
 * @property {boolean} receives
 * @property {boolean} objects
 * @property {(decision: MinutedDecision) => boolean} vetoes
 */

import { readNotes } from "../notes.js";
import { COMMENT_LENGTH } from "../text.js";
import { dayText, ownZone, whenText } from "../times.js";
import { freshId, h, icon, setText, show } from "./dom.js";
import { blockView } from "./minutes.js";
import { page } from "./page.js";

/** Longest objection, or reason of a veto, in characters. */
const REASON_LENGTH = 4000;
const STATUS = /** @type {const} */ ({
  open: ["reading.status.open", "clock", ""],
  upheld: ["reading.status.upheld", "circle-check", "good"],
  declined: ["reading.status.declined", "circle-x", ""],
  withdrawn: ["reading.status.withdrawn", "undo-2", ""],
});

/**
 * @param {Language} language
 * @param {DeskView} desk
 * @param {MinutesSnapshot} form
 * @param {Send} send
 * @returns {import("./page.js").View}
 */
export function minutesDeskView(language, desk, form, send) {
  const { t } = language;
  const said = lastSaid(desk, form);
  const may = rightsOf(desk, form);
  const answer = new Answer(said);
  const body = form.items.map((item) => itemView(language, form, item, said, may, answer));
  const whole = may.objects ? objecting(language, "", t("reading.objectWhole"), said, answer) : null;
  return {
    element: page(
      form.title,
      h("p", { class: "lead" }, t("reading.lead", { organiser: form.organiser, project: form.project })),
      facts(language, form),
      stateNotice(language, desk, form, may),
      receipt(language, desk, form, said, may, send),
      h("div", { class: "reading-items" }, ...body),
      objectionsTo(language, form, ""),
      whole,
      may.answers ? sending(language, form, said, answer, send) : null,
      h(
        "section",
        { class: "desk-section" },
        h("p", { class: "quiet" }, t("reading.privacy", { organiser: form.organiser })),
        form.auditHead === "" ? null : h("p", { class: "quiet reading-head" }, t("reading.head", { head: form.auditHead })),
      ),
    ),
  };
}

/**
 * Return what this reader said last: by the link, or (later than that) to the organiser.
 *
 * @param {DeskView} desk
 * @param {MinutesSnapshot} form
 * @returns {Said}
 */
export function lastSaid(desk, form) {
  const answer = desk.answer?.kind === "minutes" ? desk.answer : null;
  const known = form.given.filter((given) => given.status === "open");
  const settled = form.given.filter((given) => given.status !== "open");
  const isNewer =
    answer !== null &&
    desk.answeredAt !== null &&
    (form.givenAt === null || Date.parse(desk.answeredAt) >= Date.parse(form.givenAt));
  const here = isNewer ? answer.objections : known;
  // What was answered already stands below the item with its answer; it is not asked again.
  const open = here.filter(({ item, text }) => !settled.some((given) => given.item === item && given.text === text));
  const decisions = form.items.flatMap((item) => item.decisions);
  const vetoes = isNewer
    ? answer.vetoes.map(({ decision, reason }) => /** @type {[string, string]} */ ([decision, reason]))
    : decisions.filter(({ vetoed }) => vetoed !== "").map(({ id, vetoed }) => /** @type {[string, string]} */ ([id, vetoed]));
  return {
    objections: new Map(open.map(({ item, text }) => [item, text])),
    vetoes: new Map(vetoes),
    comment: answer?.comment ?? "",
    receivedAt: form.receivedAt ?? desk.answeredAt,
  };
}

/**
 * Return what can be done, by the host's clock.
 *
 * @param {DeskView} desk
 * @param {MinutesSnapshot} form
 * @returns {Rights}
 */
export function rightsOf(desk, form) {
  const isCirculated = form.status === "circulated";
  const vetoes = form.items.some((item) => item.decisions.some((each) => isOpen(desk, each)));
  const answers = desk.state === "open" && (isCirculated || (form.status === "accepted" && vetoes));
  const inTime = Date.parse(desk.now) <= Date.parse(form.objectionsUntil);
  return {
    answers,
    receives: answers && isCirculated,
    objects: answers && isCirculated && inTime && form.mayObject,
    vetoes: (decision) => answers && isOpen(desk, decision),
  };
}

/**
 * @param {DeskView} desk
 * @param {MinutedDecision} decision
 */
function isOpen(desk, decision) {
  return decision.mayVeto && (decision.vetoUntil === null || Date.parse(desk.now) <= Date.parse(decision.vetoUntil));
}

/** What is typed on the page: the fields by what they are about. */
class Answer {
  /** @type {Map<string, HTMLTextAreaElement>} */
  objections = new Map();
  /** @type {Map<string, HTMLTextAreaElement>} */
  vetoes = new Map();
  #said;

  /** @param {Said} said */
  constructor(said) {
    this.#said = said;
  }

  /**
   * @param {string} comment
   * @returns {MinutesAnswer}
   */
  typed(comment) {
    return this.#made(
      [...this.objections].map(([item, field]) => [item, field.value]),
      [...this.vetoes].map(([decision, field]) => [decision, field.value]),
      comment,
    );
  }

  /**
   * Return what was sent before, to be sent again.
   *
   * @returns {MinutesAnswer}
   */
  same() {
    return this.#made([...this.#said.objections], [...this.#said.vetoes], this.#said.comment);
  }

  /**
   * @param {Array<[string, string]>} objections
   * @param {Array<[string, string]>} vetoes
   * @param {string} comment
   * @returns {MinutesAnswer}
   */
  #made(objections, vetoes, comment) {
    const written = (/** @type {[string, string]} */ [, text]) => text.trim() !== "";
    return {
      kind: "minutes",
      objections: objections.filter(written).map(([item, text]) => ({ item, text: text.trim() })),
      vetoes: vetoes.filter(written).map(([decision, text]) => ({ decision, reason: text.trim() })),
      comment: comment.trim(),
    };
  }
}

/**
 * @param {Language} language
 * @param {MinutesSnapshot} form
 */
function facts(language, form) {
  const { t, tag } = language;
  const whose = [form.name, form.organisation].filter((part) => part !== "").join(", ");
  /** @type {Array<[string, string]>} */
  const lines = [
    [t("reading.issued"), whose],
    [t("reading.day"), dayText(form.date, tag)],
    [t("reading.revision"), String(form.revision)],
  ];
  if (form.status === "circulated") {
    lines.push([t("reading.until"), whenText(Date.parse(form.objectionsUntil), 0, ownZone(), tag)]);
  }
  if (form.present.length > 0) {
    lines.push([t("reading.present"), form.present.join(", ")]);
  }
  if (form.represented.length > 0) {
    lines.push([t("reading.represented"), form.represented.join(", ")]);
  }
  if (form.absent.length > 0) {
    lines.push([t("reading.absent"), form.absent.join(", ")]);
  }
  return h(
    "dl",
    { class: "when" },
    ...lines.map(([label, text]) => h("div", { class: "when-line" }, h("dt", {}, label), h("dd", {}, text))),
  );
}

/**
 * @param {Language} language
 * @param {DeskView} desk
 * @param {MinutesSnapshot} form
 * @param {Rights} may
 */
function stateNotice({ t }, desk, form, may) {
  if (form.status === "accepted") {
    const words = t(may.answers ? "reading.acceptedVeto" : "reading.acceptedText");
    return notice("good", "circle-check", t("reading.accepted"), words);
  }
  if (form.status === "superseded") {
    return notice("warning", "triangle-alert", t("reading.superseded"), t("reading.supersededText"));
  }
  const inTime = desk.state === "open" && Date.parse(desk.now) <= Date.parse(form.objectionsUntil);
  return inTime ? null : notice("", "clock", t("reading.over"), t("reading.overText", { organiser: form.organiser }));
}

/**
 * The stamp: that the minutes came.
 *
 * @param {Language} language
 * @param {DeskView} desk
 * @param {MinutesSnapshot} form
 * @param {Said} said
 * @param {Rights} may
 * @param {Send} send
 */
function receipt(language, desk, form, said, may, send) {
  const { t, tag } = language;
  if (said.receivedAt !== null) {
    const time = whenText(Date.parse(said.receivedAt), 0, ownZone(), tag);
    const sent = desk.answeredAt !== null && said.objections.size + said.vetoes.size > 0;
    const words = t(sent ? "reading.receivedObjecting" : "reading.receivedText", { organiser: form.organiser });
    return notice("good", "circle-check", t("reading.received", { time }), words);
  }
  if (!may.receives) {
    return null;
  }
  const press = h("button", { type: "button", class: "button primary large" }, t("reading.receive"));
  const trouble = h("p", { class: "field-error", role: "alert", hidden: true });
  press.addEventListener("click", async () => {
    press.disabled = true;
    show(trouble, false);
    const reason = await send(new Answer(said).same());
    if (reason !== null) {
      setText(trouble, t("reading.failed", { reason }));
      show(trouble, true);
      press.disabled = false;
    }
  });
  const words = h("p", { class: "quiet" }, t(may.objects ? "reading.receiveText" : "reading.receiveOnly"));
  return h("section", { class: "desk-section" }, h("div", { class: "actions" }, press), words, trouble);
}

/**
 * One agenda item: what was said, decided and given to do; then what this reader objects to.
 *
 * @param {Language} language
 * @param {MinutesSnapshot} form
 * @param {MinutedItem} item
 * @param {Said} said
 * @param {Rights} may
 * @param {Answer} answer
 */
function itemView(language, form, item, said, may, answer) {
  const { t } = language;
  const id = freshId("item");
  const title = item.id === "" ? t("reading.beside") : `${item.label === "" ? "" : `${item.label}. `}${item.title}`;
  const blocks = readNotes(item.text).map((block) => blockView(t, block));
  const isEmpty = blocks.length + item.decisions.length + item.actions.length === 0;
  return h(
    "section",
    { class: "reading-item", "aria-labelledby": id },
    h("h2", { id, dir: "auto" }, title),
    isEmpty ? h("p", { class: "quiet" }, t("minutes.nothing")) : null,
    blocks.length === 0 ? null : h("div", { class: "reading-text", dir: "auto" }, ...blocks),
    item.decisions.length === 0
      ? null
      : h(
          "div",
          { class: "reading-list" },
          h("h3", {}, icon("gavel"), t("minutes.decisions")),
          h("ul", {}, ...item.decisions.map((each) => decisionView(language, each, said, may, answer))),
        ),
    item.actions.length === 0
      ? null
      : h(
          "div",
          { class: "reading-list" },
          h("h3", {}, icon("list-checks"), t("minutes.actions")),
          h("ul", {}, ...item.actions.map((each) => h("li", { dir: "auto" }, each))),
        ),
    item.id === "" ? null : objectionsTo(language, form, item.id),
    may.objects && item.id !== "" ? objecting(language, item.id, t("reading.object", { item: title }), said, answer) : null,
  );
}

/**
 * @param {Language} language
 * @param {MinutedDecision} decision
 * @param {Said} said
 * @param {Rights} may
 * @param {Answer} answer
 */
function decisionView(language, decision, said, may, answer) {
  const { t } = language;
  const rule = decision.rule[language.base] ?? decision.rule["en"] ?? "";
  const vetoed = said.vetoes.get(decision.id) ?? "";
  const children = [
    h("span", { dir: "auto" }, `${decision.label} ${decision.text}`),
    rule === "" ? null : h("p", { class: "quiet", dir: "auto" }, rule),
  ];
  if (may.vetoes(decision)) {
    const label = t("reading.vetoReason", { decision: decision.label });
    const until = decision.vetoUntil === null ? null : whenText(Date.parse(decision.vetoUntil), 0, ownZone(), language.tag);
    const field = textField(label, vetoed, REASON_LENGTH);
    answer.vetoes.set(decision.id, field.input);
    children.push(
      h(
        "details",
        { class: "reading-object", open: vetoed !== "" },
        h("summary", {}, t("reading.veto", { decision: decision.label })),
        h("p", { class: "quiet" }, t("reading.vetoText")),
        until === null ? null : h("p", { class: "quiet" }, `${t("ballot.vetoUntil")}: ${until}`),
        field.element,
      ),
    );
  } else if (vetoed !== "") {
    children.push(h("p", { class: "prose" }, t("reading.vetoed", { reason: vetoed })));
  }
  return h("li", {}, ...children);
}

/**
 * What the desktop has of this reader on one item, with the chair's answers.
 *
 * @param {Language} language
 * @param {MinutesSnapshot} form
 * @param {string} item
 */
function objectionsTo(language, form, item) {
  const { t } = language;
  const shown = form.given.filter((given) => given.item === item && (given.status !== "open" || form.status !== "circulated"));
  if (shown.length === 0) {
    return null;
  }
  return h("ul", { class: "reading-given" }, ...shown.map((given) => givenView(t, given)));
}

/**
 * @param {import("../i18n.js").Translate} t
 * @param {GivenObjection} given
 */
function givenView(t, given) {
  const [key, picture, look] = STATUS[given.status];
  return h(
    "li",
    { class: `notice ${look}`.trim() },
    icon(picture),
    h(
      "div",
      {},
      h("strong", {}, t(key)),
      h("p", { class: "prose", dir: "auto" }, given.text),
      given.answer === "" ? null : h("p", { class: "prose", dir: "auto" }, t("reading.answer", { text: given.answer })),
    ),
  );
}

/**
 * The field for an objection to one item, or to the whole; closed until somebody wants it.
 *
 * @param {Language} language
 * @param {string} item "" = to the whole
 * @param {string} words
 * @param {Said} said
 * @param {Answer} answer
 */
function objecting({ t }, item, words, said, answer) {
  const known = said.objections.get(item) ?? "";
  const field = textField(t("reading.objection"), known, REASON_LENGTH);
  answer.objections.set(item, field.input);
  return h(
    "details",
    { class: "reading-object", open: known !== "" },
    h("summary", {}, words),
    h("p", { class: "quiet" }, t("reading.objectText")),
    field.element,
  );
}

/**
 * @param {string} label
 * @param {string} text
 * @param {number} limit
 */
function textField(label, text, limit) {
  const id = freshId("text");
  const input = h("textarea", { id, rows: 4, maxlength: limit, dir: "auto" }, text);
  return { input, element: h("div", { class: "field desk-form" }, h("label", { for: id }, label), input) };
}

/**
 * The end of the form: a comment, and the button that sends all of it.
 *
 * @param {Language} language
 * @param {MinutesSnapshot} form
 * @param {Said} said
 * @param {Answer} answer
 * @param {Send} send
 */
function sending(language, form, said, answer, send) {
  const { t } = language;
  const comment = textField(t("reading.comment"), said.comment, COMMENT_LENGTH);
  const words = t(said.receivedAt === null ? "reading.send" : "reading.change");
  const submit = h("button", { type: "submit", class: "button primary large" }, words);
  const trouble = h("div", { class: "field-error", role: "alert", hidden: true });
  const element = h(
    "form",
    { class: "desk-section desk-form", novalidate: true },
    comment.element,
    trouble,
    h("div", { class: "actions" }, submit),
    h("p", { class: "quiet" }, t("reading.sendText", { organiser: form.organiser })),
  );
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    show(trouble, false);
    submit.disabled = true;
    setText(submit, t("desk.sending"));
    const reason = await send(answer.typed(comment.input.value));
    if (reason !== null) {
      setText(trouble, `${t("reading.failed", { reason })} ${t("desk.kept")}`);
      show(trouble, true);
      submit.disabled = false;
      setText(submit, words);
    }
  });
  return element;
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
    { class: `notice ${look}`.trim(), role: "status" },
    icon(picture),
    h("div", {}, h("strong", {}, title), h("p", { class: "quiet" }, words)),
  );
}
