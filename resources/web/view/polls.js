/**
 * The polls at the side: what is asked, the own vote, the result; the chair writes new ones here.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../polls.js").Polls} Polls
 * @typedef {import("../room.js").Room} Room
 * @typedef {import("../signalling.js").Poll} Poll
 * @typedef {import("../signalling.js").ClientMessage} ClientMessage
 * @typedef {(message: ClientMessage) => boolean} Send
 */

import { mayVote, shares, unanswered } from "../polls.js";
import { mayChair } from "../room.js";
import { banner } from "./banners.js";
import { button, freshId, h, setChildren, setText, show } from "./dom.js";
import { pollForm } from "./poll_form.js";

/**
 * @param {Language} language
 * @param {Send} send
 * @returns {{element: HTMLElement, update: (polls: Polls, room: Room) => void}}
 */
export function pollsPanel(language, send) {
  const { t, known } = language;
  const none = h("p", { class: "quiet" }, t("polls.none"));
  const trouble = h("p", { class: "over-text", role: "alert", hidden: true });
  const form = pollForm(language, send, () => isWriting(false));
  const create = button(t("polls.new"), () => isWriting(true, null), { kind: "small primary", icon: "chart-bar" });
  const list = h("ul", { class: "polls-list" });
  const element = h("div", { class: "polls" }, h("div", { class: "polls-bar" }, create), form.element, trouble, none, list);
  /** @type {Map<string, PollView>} */
  const views = new Map();
  let mayAsk = false;
  /**
   * @param {boolean} begins
   * @param {Poll | null} [draft] that is changed; null = a new one
   */
  function isWriting(begins, draft = null) {
    show(form.element, begins);
    show(create, !begins && mayAsk);
    if (begins) {
      form.fill(draft);
    } else {
      create.focus();
    }
  }
  /**
   * @param {Polls} polls
   * @param {Room} room
   */
  const update = (polls, room) => {
    mayAsk = mayChair(room.role);
    if (!mayAsk) {
      show(form.element, false);
    }
    const isClosed = Boolean(form.element.hidden);
    show(create, mayAsk && isClosed);
    show(none, polls.list.length === 0 && isClosed);
    setText(trouble, known("problem", polls.trouble) ?? "");
    show(trouble, trouble.textContent !== "");
    const isOneOpen = polls.list.some((poll) => poll.state === "open");
    const wanted = new Set();
    const rows = polls.list.map((poll) => {
      const key = JSON.stringify([poll.number, poll.question, poll.options, poll.multiple, poll.state === "draft"]);
      wanted.add(key);
      const view = views.get(key) ?? new PollView(language, poll, send, (draft) => isWriting(true, draft));
      views.set(key, view);
      view.update(poll, room, isOneOpen);
      return view.element;
    });
    for (const key of [...views.keys()]) {
      if (!wanted.has(key)) {
        views.delete(key);
      }
    }
    setChildren(list, rows);
  };
  return { element, update };
}

/** One poll of the list. */
class PollView {
  #t;
  #send;
  #poll;
  /** @type {HTMLInputElement[]} */
  #inputs;
  /** @type {OptionResult[]} */
  #results;
  #state = h("span", { class: "tag" });
  #count = h("span", { class: "quiet" });
  #hint = h("p", { class: "quiet" });
  #vote;
  #takeBack;
  #lead;
  /** What the host knows of the own choice; the boxes follow it only when it changes. */
  #chosen = "[]";

  /**
   * @param {Language} language
   * @param {Poll} poll
   * @param {Send} send
   * @param {(draft: Poll) => void} edit
   */
  constructor({ t }, poll, send, edit) {
    this.#t = t;
    this.#send = send;
    this.#poll = poll;
    const title = h("h3", { id: freshId("poll"), dir: "auto" }, poll.question);
    const name = freshId("choice");
    this.#inputs = poll.options.map((_, place) =>
      h("input", { type: poll.multiple ? "checkbox" : "radio", name, value: place, id: freshId("option") }),
    );
    this.#results = poll.options.map((option, place) => optionResult(option, this.#inputs[place]));
    this.#vote = button(t("polls.vote"), () => this.#sendVote(), { kind: "small primary" });
    this.#takeBack = button(t("polls.takeBack"), () => this.#sendNone(), { kind: "small" });
    this.#lead = this.#leadButtons(edit);
    const options = h(
      "div",
      { role: poll.multiple ? "group" : "radiogroup", "aria-labelledby": title.id, class: "poll-options" },
      ...this.#results.map((result) => result.element),
    );
    for (const input of this.#inputs) {
      input.addEventListener("change", () => this.#showVoteButton());
    }
    /** The list's element. */
    this.element = h(
      "li",
      { class: "poll" },
      h("div", { class: "poll-head" }, this.#state, this.#count),
      title,
      options,
      this.#hint,
      h("div", { class: "poll-actions" }, this.#vote, this.#takeBack, ...Object.values(this.#lead)),
    );
  }

  /**
   * @param {Poll} poll
   * @param {Room} room
   * @param {boolean} isOneOpen a poll is open: another cannot be
   */
  update(poll, room, isOneOpen) {
    const t = this.#t;
    this.#poll = poll;
    const isOpen = poll.state === "open";
    const votes = isOpen && mayVote(room.role);
    setText(this.#state, t(`polls.state.${poll.state}`));
    this.#state.classList.toggle("live", isOpen);
    setText(this.#count, poll.state === "draft" ? "" : t("polls.voted", { count: poll.voted }));
    setText(this.#hint, hintOf(t, poll));
    const chosen = JSON.stringify(poll.chosen);
    if (chosen !== this.#chosen) {
      this.#chosen = chosen;
      this.#inputs.forEach((input, place) => (input.checked = poll.chosen.includes(place)));
    }
    this.#inputs.forEach((input) => {
      input.disabled = !votes;
      show(input, votes || poll.chosen.length > 0);
    });
    const percent = shares(poll);
    this.#results.forEach((result, place) => {
      const count = poll.result?.counts[place] ?? null;
      result.update(count, percent[place] ?? 0, poll.result?.names?.[place] ?? []);
    });
    show(this.#takeBack, votes && poll.chosen.length > 0);
    show(this.#vote, votes);
    this.#showVoteButton();
    const leads = mayChair(room.role);
    show(this.#lead.open, leads && poll.state === "draft");
    this.#lead.open.disabled = isOneOpen;
    this.#lead.open.title = isOneOpen ? t("problem.poll_open") : "";
    show(this.#lead.edit, leads && poll.state === "draft");
    show(this.#lead.discard, leads && poll.state === "draft");
    show(this.#lead.close, leads && isOpen);
  }

  /** @param {(draft: Poll) => void} edit */
  #leadButtons(edit) {
    const t = this.#t;
    const number = this.#poll.number;
    return {
      open: button(t("polls.open"), () => this.#send({ type: "openPoll", poll: number }), { kind: "small primary" }),
      edit: button(t("polls.edit"), () => edit(this.#poll), { kind: "small" }),
      discard: button(t("polls.discard"), () => this.#send({ type: "discardPoll", poll: number }), { kind: "small" }),
      close: button(t("polls.close"), () => this.#send({ type: "closePoll", poll: number }), { kind: "small" }),
    };
  }

  #marked() {
    return this.#inputs.flatMap((input, place) => (input.checked ? [place] : []));
  }

  #showVoteButton() {
    const marked = JSON.stringify(this.#marked());
    const words = this.#poll.chosen.length > 0 ? "polls.change" : "polls.vote";
    setText(this.#vote.lastElementChild ?? this.#vote, this.#t(words));
    this.#vote.disabled = marked === "[]" || marked === JSON.stringify(this.#poll.chosen);
  }

  #sendVote() {
    this.#send({ type: "vote", poll: this.#poll.number, choices: this.#marked() });
  }

  #sendNone() {
    this.#inputs.forEach((input) => (input.checked = false));
    this.#send({ type: "vote", poll: this.#poll.number, choices: [] });
  }
}

/**
 * One option: its box, its words, its bar.
 *
 * @typedef {object} OptionResult
 * @property {HTMLElement} element
 * @property {(count: number | null, percent: number, names: ReadonlyArray<string>) => void} update
 *
 * @param {string} option
 * @param {HTMLInputElement | undefined} input
 * @returns {OptionResult}
 */
function optionResult(option, input) {
  const figure = h("span", { class: "poll-figure" });
  const bar = h("span", { class: "poll-bar", "aria-hidden": "true" });
  const who = h("span", { class: "quiet poll-names" });
  const element = h(
    "div",
    { class: "poll-option" },
    h("label", { for: input?.id }, input ?? null, h("span", { class: "poll-words", dir: "auto" }, option), figure),
    h("span", { class: "poll-track", "aria-hidden": "true" }, bar),
    who,
  );
  const track = /** @type {HTMLElement} */ (bar.parentElement);
  /** @type {OptionResult["update"]} */
  const update = (count, percent, names) => {
    setText(figure, count === null ? "" : `${count} · ${percent} %`);
    show(figure, count !== null);
    show(track, count !== null);
    bar.style.inlineSize = `${Math.min(percent, 100)}%`;
    setText(who, names.join(", "));
    show(who, names.length > 0);
  };
  return { element, update };
}

/**
 * @param {import("../i18n.js").Translate} t
 * @param {Poll} poll
 */
function hintOf(t, poll) {
  const parts = [
    poll.multiple ? t("polls.several") : "",
    poll.named ? t("polls.withNames") : t("polls.withoutNames"),
    poll.live || poll.state === "closed" ? "" : t("polls.atClose"),
  ];
  return parts.filter((part) => part !== "").join(" ");
}

/**
 * Tell who has not voted that a poll is open, while it is not on the screen.
 *
 * @param {Language} language
 * @param {import("./parts.js").PartActions} actions
 * @returns {import("./parts.js").Part}
 */
export function pollNotice({ t }, actions) {
  const { element, words } = banner("chart-bar", "knock");
  let number = 0;
  let dismissed = 0;
  const hide = () => {
    dismissed = number;
    show(element, false);
  };
  const answer = () => {
    hide();
    actions.showPanel("polls");
  };
  element.append(
    button(t("polls.answer"), answer, { kind: "small primary" }),
    button(t("call.notNow"), hide, { kind: "small" }),
  );
  /** @param {import("./stage.js").StageModel} model */
  const update = ({ talk, room }) => {
    const poll = unanswered(talk.polls, room.role);
    number = poll?.number ?? 0;
    setText(words, t("polls.asked", { question: poll?.question ?? "" }));
    show(element, poll !== null && number !== dismissed);
  };
  return { element, update };
}
