/**
 * The ballot of a vote that is open, below the bar: it takes its place beside the pictures and never
 * covers them. One set of choices for each member for whom this person votes.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../signalling.js").BodyVote} BodyVote
 * @typedef {import("../signalling.js").SeatShown} SeatShown
 * @typedef {import("../votes.js").Votes} Votes
 * @typedef {import("./parts.js").PartActions} PartActions
 * @typedef {import("./parts.js").Part} Part
 */

import { choiceInWords, going, inWords, quorumFacts } from "../votes.js";
import { banner } from "./banners.js";
import { button, freshId, h, icon, setChildren, setText, show } from "./dom.js";

/**
 * @param {Language} language
 * @param {PartActions} actions
 * @returns {Part}
 */
export function ballotNotice(language, actions) {
  const { t } = language;
  const title = h("h2", { id: freshId("ballot"), dir: "auto" });
  const rule = h("p", { class: "quiet", id: freshId("rule") });
  const promise = h("p", { class: "ballot-promise", id: freshId("promise") }, icon("lock"), h("span", {}, t("votes.promise")));
  const about = h("p", { class: "ballot-about", dir: "auto" });
  const seats = h("div", { class: "ballot-seats" });
  const later = button(t("votes.later"), () => put(true), { kind: "small" });
  const trouble = h("p", { class: "over-text", role: "alert", hidden: true });
  const sheet = h(
    "section",
    { class: "ballot", role: "dialog", "aria-modal": "false", "aria-labelledby": title.id, "aria-describedby": `${rule.id} ${promise.id}`, hidden: true },
    h("div", { class: "ballot-head" }, icon("gavel"), title, later),
    about,
    rule,
    promise,
    seats,
    trouble,
  );
  const { element: aside, words } = banner("gavel", "knock");
  aside.append(button(t("votes.show"), () => put(false), { kind: "small primary" }));
  const element = h("div", {}, sheet, aside);
  sheet.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      put(true);
    }
  });
  let number = 0;
  let isAside = false;
  /** @type {Map<string, SeatBallot>} */
  let ballots = new Map();
  /** @param {boolean} away it is put aside, or taken up again */
  const put = (away) => {
    isAside = away;
    show(sheet, !away);
    show(aside, away);
    const target = away ? aside.querySelector("button") : seats.querySelector("input, button");
    if (target instanceof HTMLElement) {
      target.focus();
    }
  };
  /** @param {BodyVote} vote */
  const begin = (vote) => {
    number = vote.number;
    isAside = false;
    ballots = new Map();
    setText(title, vote.question);
    setText(about, vote.description);
    show(about, vote.description !== "");
    setText(rule, ruleInWords(language, vote));
    show(promise, vote.secret);
    setText(words, t("votes.asked", { question: vote.question }));
  };
  return {
    element,
    update: ({ talk }) => {
      const vote = going(talk.votes);
      if (vote === null || vote.yours.length === 0) {
        number = vote === null ? 0 : number;
        show(sheet, false);
        show(aside, false);
        return;
      }
      const isNew = vote.number !== number;
      if (isNew) {
        begin(vote);
      }
      const mine = vote.seats.filter((seat) => vote.yours.includes(seat.partner));
      setChildren(seats, mine.map((seat) => {
        const ballot = ballots.get(seat.partner) ?? new SeatBallot(language, vote, seat, actions.send);
        ballots.set(seat.partner, ballot);
        ballot.update(seat, talk.votes.receipts[`${vote.number} ${seat.partner}`] ?? "");
        return ballot.element;
      }));
      setText(trouble, language.known("problem", talk.votes.trouble) ?? "");
      show(trouble, trouble.textContent !== "");
      show(sheet, !isAside);
      show(aside, isAside && mine.some((seat) => !seat.voted));
      if (isNew && document.activeElement === document.body) {
        seats.querySelector("input")?.focus();
      }
    },
  };
}

/**
 * @param {Language} language
 * @param {BodyVote} vote
 */
export function ruleInWords(language, vote) {
  const { t } = language;
  const kind = t(vote.secret ? "votes.isSecret" : "votes.isOpen");
  const weighted = vote.weighted ? ` ${t("votes.isWeighted")}` : "";
  return `${kind} ${t("votes.rule", { rule: inWords(language, vote.rule) })}${weighted}`;
}

/** The choices of one member. */
class SeatBallot {
  #t;
  #vote;
  #seat;
  #send;
  /** @type {HTMLInputElement[]} */
  #inputs;
  #cast;
  #told = h("p", { class: "quiet", role: "status" });
  #receipt = h("p", { class: "ballot-receipt", hidden: true });
  /** What the host knows; the boxes follow it only when it changes. */
  #known = "";

  /**
   * @param {Language} language
   * @param {BodyVote} vote
   * @param {SeatShown} seat
   * @param {PartActions["send"]} send
   */
  constructor({ t }, vote, seat, send) {
    this.#t = t;
    this.#vote = vote;
    this.#seat = seat;
    this.#send = send;
    const name = freshId("seat");
    this.#inputs = vote.choices.map((choice) => h("input", { type: "radio", name, value: choice, id: freshId("choice") }));
    this.#cast = button(t("votes.cast"), () => this.#castNow(), { kind: "small primary" });
    for (const input of this.#inputs) {
      input.addEventListener("change", () => this.#showButton());
    }
    /** Its element. */
    this.element = h(
      "fieldset",
      { class: "ballot-seat" },
      h("legend", {}, t(vote.yours.length > 1 ? "votes.forSeat" : "votes.yourSeat", { member: seat.name })),
      h(
        "div",
        { class: "ballot-choices" },
        ...this.#inputs.map((input, place) =>
          h("label", { class: "ballot-choice", for: input.id }, input, h("span", { dir: "auto" }, choiceInWords(t, vote, vote.choices[place] ?? ""))),
        ),
        this.#cast,
      ),
      this.#told,
      this.#receipt,
    );
  }

  /**
   * @param {SeatShown} seat
   * @param {string} receipt of a secret ballot, "" for none
   */
  update(seat, receipt) {
    const t = this.#t;
    this.#seat = seat;
    const isDone = this.#vote.secret && seat.voted;
    if (seat.choice !== this.#known) {
      this.#known = seat.choice;
      this.#inputs.forEach((input) => (input.checked = input.value === seat.choice));
    }
    for (const input of this.#inputs) {
      input.disabled = isDone;
    }
    if (isDone) {
      this.#inputs.forEach((input) => (input.checked = false));
    }
    setText(this.#told, seat.voted ? t(this.#vote.secret ? "votes.secretIn" : "votes.openIn") : "");
    show(this.#told, seat.voted);
    setText(this.#receipt, receipt === "" ? "" : t("votes.receipt", { receipt }));
    show(this.#receipt, receipt !== "");
    show(this.#cast, !isDone);
    this.#showButton();
  }

  #marked() {
    return this.#inputs.find((input) => input.checked)?.value ?? "";
  }

  #showButton() {
    setText(this.#cast.lastElementChild ?? this.#cast, this.#t(this.#seat.voted ? "votes.change" : "votes.cast"));
    this.#cast.disabled = this.#marked() === "" || this.#marked() === this.#seat.choice;
  }

  #castNow() {
    this.#send({ type: "castVote", vote: this.#vote.number, seat: this.#seat.partner, choice: this.#marked() });
  }
}

/**
 * How the body stands, in the bar above.
 *
 * @param {Language} language
 * @returns {Part}
 */
export function quorumSign(language) {
  const words = h("span");
  const element = h("span", { class: "quorum-sign", role: "img", hidden: true }, icon("users"), words);
  return {
    element,
    update: ({ talk }) => {
      const quorum = talk.votes.body?.quorum ?? null;
      show(element, quorum !== null);
      if (quorum === null) {
        return;
      }
      const said = inWords(language, quorum.words);
      element.classList.toggle("missing", !quorum.met);
      setText(words, language.t(quorum.met ? "votes.quorate" : "votes.inquorate", { there: quorum.present + quorum.represented, seats: quorum.seats }));
      element.title = said;
      element.setAttribute("aria-label", said);
    },
  };
}

/**
 * That the quorum broke, and that it is there again.
 *
 * @param {Language} language
 * @returns {Part}
 */
export function quorumNotice(language) {
  const { t } = language;
  const { element, words } = banner("triangle-alert", "warning");
  const close = button(t("call.close"), () => {
    dismissed = true;
    show(element, false);
  }, { kind: "small" });
  element.append(close);
  let news = "";
  let dismissed = false;
  return {
    element,
    update: ({ talk }) => {
      const { quorum, body } = talk.votes;
      if (quorum !== news) {
        news = quorum;
        dismissed = false;
      }
      const isTold = body !== null && (quorum === "broken" || quorum === "restored");
      element.classList.toggle("warning", quorum === "broken");
      setText(words, isTold ? t(quorum === "broken" ? "votes.broken" : "votes.restored", quorumFacts(body)) : "");
      show(element, isTold && !dismissed);
    },
  };
}
