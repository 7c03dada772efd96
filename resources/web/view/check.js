/**
 * What a connection check shows: an introduction, the steps while they run, the verdict.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../i18n.js").Key} Key
 * @typedef {import("../signalling.js").CheckLook} CheckLook
 * @typedef {import("../signalling.js").CheckReport} CheckReport
 * @typedef {"browser" | "microphone" | "camera" | "speaker" | "host" | "media" | "speed"} StepName
 * @typedef {"waiting" | "running" | "good" | "limited" | "bad" | "skipped"} StepState
 */

import { button, h, icon, setIcon, setText } from "./dom.js";
import { page } from "./page.js";

/** The icon of each state; the words of the state are read, the icon is not. */
const ICONS = {
  waiting: "clock",
  running: "refresh-cw",
  good: "circle-check",
  limited: "triangle-alert",
  bad: "circle-x",
  skipped: "minus",
};

/** One line of the check: what is looked at, how it stands, and what belongs to it. */
export class Step {
  #icon = icon(ICONS.waiting);
  #text = h("p", { class: "check-text" });
  #state = h("span", { class: "visually-hidden" });
  #body = h("div", { class: "check-body" });
  #t;

  /**
   * @param {Language} language
   * @param {StepName} name
   */
  constructor({ t }, name) {
    this.#t = t;
    this.element = h(
      "li",
      { class: "check-step" },
      h("span", { class: "check-mark" }, this.#icon),
      h(
        "div",
        { class: "check-words" },
        h("h2", {}, t(`check.step.${name}`), this.#state),
        this.#text,
        this.#body,
      ),
    );
    this.set("waiting", "");
  }

  /**
   * Show how it stands.
   *
   * @param {StepState} state
   * @param {string} text
   */
  set(state, text) {
    this.element.dataset.state = state;
    setIcon(this.#icon, ICONS[state]);
    setText(this.#state, `: ${this.#t(`check.state.${state}`)}`);
    setText(this.#text, text);
    this.#text.hidden = text === "";
  }

  /** @param {...HTMLElement} elements to show below the words */
  hold(...elements) {
    this.#body.replaceChildren(...elements);
  }
}

/**
 * What the page is for, and the button that begins.
 *
 * @param {Language} language
 * @param {CheckLook} look
 * @param {() => void} begin
 * @returns {HTMLElement}
 */
export function introductionView({ t }, look, begin) {
  const who = look.personal
    ? h("p", { class: "notice" }, icon("info"), t("check.goesTo", { organiser: look.organiser || t("check.theOrganiser") }))
    : h("p", { class: "notice" }, icon("info"), t("check.staysHere"));
  return page(
    t("check.title"),
    look.personal ? h("p", { class: "lead" }, t("check.for", { title: look.title, name: look.name })) : null,
    h("p", {}, t("check.what")),
    who,
    h("div", { class: "actions" }, button(t("check.begin"), begin, { kind: "primary large", icon: "play" })),
  );
}

/**
 * The steps, and a place above them for the verdict.
 *
 * @param {Language} language
 * @param {Map<StepName, Step>} steps
 * @param {HTMLElement} live region for screen readers
 */
export function stepsView({ t }, steps, live) {
  const verdict = h("section", { class: "check-verdict", hidden: true });
  const list = h("ol", { class: "check-steps" }, ...[...steps.values()].map((step) => step.element));
  const element = page(t("check.title"), verdict, list, live);
  return { element, verdict };
}

/**
 * Fill in the verdict: in plain words, with what to do about each problem.
 *
 * @param {HTMLElement} place
 * @param {Language} language
 * @param {CheckReport} report
 * @param {() => void} again
 * @returns {HTMLElement} where it is said whether the organiser has it
 */
export function showVerdict(place, { t }, report, again) {
  const kinds = { good: "good", limited: "warning", bad: "bad" };
  const sent = h("p", { class: "quiet", role: "status" });
  const title = h("h2", { tabindex: "-1" }, t(`check.verdict.${report.verdict}`));
  const remedies = report.problems.map((problem) =>
    h("li", {}, h("strong", {}, t(`check.problem.${problem}`)), " ", t(`check.remedy.${problem}`)),
  );
  place.replaceChildren(
    h(
      "div",
      { class: `notice ${kinds[report.verdict]}` },
      icon(ICONS[report.verdict]),
      h("div", {}, title, h("p", {}, t(`check.verdictText.${report.verdict}`))),
    ),
    ...(remedies.length > 0 ? [h("ul", { class: "check-remedies" }, ...remedies)] : []),
    sent,
    h("div", { class: "actions" }, button(t("check.again"), again, { icon: "refresh-cw" })),
  );
  place.hidden = false;
  title.focus({ preventScroll: true });
  place.scrollIntoView({ block: "nearest" });
  return sent;
}

/**
 * A page without a check: the link opens nothing, or the browser cannot do it.
 *
 * @param {Language} language
 * @param {string} text
 * @param {() => void} again
 */
export function troubleView({ t }, text, again) {
  const retry = button(t("problem.again"), again, { kind: "primary", icon: "refresh-cw" });
  const element = page(t("problem.title"), h("p", { class: "lead" }, text), h("div", { class: "actions" }, retry));
  return element;
}

