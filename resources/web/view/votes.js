/**
 * The votes at the side: the members and the quorum, each vote with its turnout and its result; chair
 * and co-hosts prepare, open, close and cancel here.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../votes.js").Votes} Votes
 * @typedef {import("../room.js").Room} Room
 * @typedef {import("../signalling.js").BodyVote} BodyVote
 * @typedef {import("../signalling.js").BodyState} BodyState
 * @typedef {import("../signalling.js").MemberState} MemberState
 * @typedef {import("./parts.js").PartActions} PartActions
 * @typedef {{send: PartActions["send"], people: ReadonlyArray<{id: string, name: string, organisation: string}>}} Lead
 */

import { mayChair } from "../room.js";
import { choiceInWords, going, inWords } from "../votes.js";
import { ruleInWords } from "./ballot_box.js";
import { button, h, setChildren, setText, show } from "./dom.js";
import { vetoForm } from "./veto_form.js";
import { voteForm } from "./vote_form.js";

/**
 * @param {Language} language
 * @param {PartActions["send"]} send
 * @returns {{element: HTMLElement, update: (votes: Votes, room: Room) => void}}
 */
export function votesPanel(language, send) {
  const { t, known } = language;
  const quorum = h("p", { class: "quorum-line" });
  const members = h("ul", { class: "quorum-members" });
  const details = h("details", { class: "quorum-details" }, h("summary", {}, t("votes.members")), members);
  const none = h("p", { class: "quiet" }, t("votes.none"));
  const trouble = h("p", { class: "over-text", role: "alert", hidden: true });
  const form = voteForm(language, send, () => isWriting(false));
  const create = button(t("votes.new"), () => isWriting(true), { kind: "small primary", icon: "gavel" });
  const list = h("ul", { class: "polls-list" });
  const element = h("div", { class: "polls" }, quorum, details, h("div", { class: "polls-bar" }, create), form.element, trouble, none, list);
  let leads = false;
  let drawn = "";
  /** @param {boolean} begins */
  function isWriting(begins) {
    show(form.element, begins);
    show(create, !begins && leads);
    if (begins) {
      form.begin();
    } else {
      create.focus();
    }
  }
  /**
   * @param {Votes} votes
   * @param {Room} room
   */
  const update = (votes, room) => {
    leads = mayChair(room.role);
    if (!leads) {
      show(form.element, false);
    }
    const isClosed = Boolean(form.element.hidden);
    show(create, leads && isClosed);
    show(none, votes.list.length === 0 && isClosed);
    setText(trouble, known("problem", votes.trouble) ?? "");
    show(trouble, trouble.textContent !== "");
    const people = leads ? room.participants.map(({ id, name, organisation }) => ({ id, name, organisation })) : [];
    const key = JSON.stringify([votes.body, votes.list, leads, people]);
    if (key !== drawn) {
      drawn = key;
      setText(quorum, inWords(language, votes.body?.quorum.words));
      quorum.classList.toggle("missing", votes.body?.quorum.met === false);
      const lead = leads ? { send, people } : null;
      keepFocus(members, () => setChildren(members, (votes.body?.members ?? []).map((member) => memberRow(language, member, votes.body, lead))));
      const isOneOpen = going(votes) !== null;
      keepFocus(list, () => setChildren(list, votes.list.map((vote) => voteRow(language, vote, { leads, isOneOpen, send }))));
    }
  };
  return { element, update };
}

/**
 * Draw anew without taking the focus from the button that is there again.
 *
 * @param {HTMLElement} list
 * @param {() => void} draw
 */
function keepFocus(list, draw) {
  const active = document.activeElement;
  const key = active instanceof HTMLElement && list.contains(active) ? active.dataset["key"] : undefined;
  const caret = active instanceof HTMLInputElement ? active.selectionStart : null;
  draw();
  if (key !== undefined) {
    const fields = /** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll("[data-key]"));
    const again = [...fields].find((one) => one.dataset["key"] === key);
    again?.focus();
    if (again instanceof HTMLInputElement) {
      again.setSelectionRange(caret, caret);
    }
  }
}

/**
 * @param {Language} language
 * @param {MemberState} member
 * @param {BodyState | null} body
 * @param {Lead | null} lead sends what the chair says of it; null for others
 */
function memberRow({ t }, member, body, lead) {
  const holder = body?.members.find((one) => one.partner === member.proxy)?.name ?? "";
  const facts = [
    member.inDefault ? t("votes.inDefault") : standingInWords({ t }, member, holder),
    member.voterName === "" ? "" : t("votes.voter", { name: member.voterName }),
  ];
  return h(
    "li",
    { class: member.standing === "absent" || member.inDefault ? "absent" : "" },
    h("span", { class: "quorum-dot", "aria-hidden": "true" }),
    h("span", { dir: "auto" }, member.name),
    h("span", { class: "quiet" }, facts.filter((fact) => fact !== "").join(" · ")),
    lead === null || member.inDefault ? null : memberActions({ t }, member, body, lead),
  );
}

/**
 * What chair and co-hosts say of a member: that it is there in a room, who represents it, who of its
 * people votes for it.
 *
 * @param {Pick<Language, "t">} language
 * @param {MemberState} member
 * @param {BodyState | null} body
 * @param {Lead} lead
 */
function memberActions({ t }, member, body, { send, people }) {
  const { partner, name } = member;
  const actions = h("div", { class: "member-actions" });
  /**
   * @param {string} text
   * @param {string} label
   * @param {import("../signalling.js").ClientMessage} message
   */
  const add = (text, label, message) => {
    const made = button(text, () => void send(message), { kind: "small", label });
    made.dataset["key"] = `${message.type} ${partner}`;
    actions.append(made);
  };
  if (member.inRoom || member.standing === "absent") {
    const text = t(member.inRoom ? "votes.notInRoom" : "votes.countInRoom");
    add(text, `${name}: ${text}`, { type: "countInRoom", partner, there: !member.inRoom });
  }
  const held = (body?.members ?? []).map((one) => one.proxy);
  const limit = body?.rules.proxyLimit ?? 0;
  const holders = (body?.members ?? []).filter(
    (one) => one.standing === "present" && one.partner !== partner && held.filter((proxy) => proxy === one.partner).length < limit,
  );
  if (member.proxy !== "") {
    add(t("votes.endProxy"), `${name}: ${t("votes.endProxy")}`, { type: "endProxy", giver: partner });
  } else if (member.standing === "absent" && holders.length > 0) {
    const choice = h(
      "select",
      { "aria-label": t("votes.whoRepresents", { member: name }) },
      h("option", { value: "" }, t("votes.representedBy")),
      ...holders.map((one) => h("option", { value: one.partner }, one.name)),
    );
    choice.addEventListener("change", () => void send({ type: "announceProxy", giver: partner, holder: choice.value }));
    actions.append(choice);
  }
  const own = people.filter((one) => one.organisation === name);
  if (own.length > 0) {
    const label = t("votes.whoVotes", { member: name });
    const voter = h("select", { "aria-label": label }, h("option", { value: "" }, t("votes.voterIs")), ...own.map((one) => h("option", { value: one.id }, one.name)));
    voter.dataset["key"] = `nameVoter ${partner}`;
    voter.addEventListener("change", () => void send({ type: "nameVoter", partner, participant: voter.value === "" ? null : voter.value }));
    actions.append(voter);
  }
  return actions.childElementCount === 0 ? null : actions;
}

/**
 * @param {Pick<Language, "t">} language
 * @param {MemberState} member
 * @param {string} holder
 */
function standingInWords({ t }, member, holder) {
  if (member.standing === "represented") {
    return t("votes.represented", { member: holder });
  }
  if (member.standing === "absent") {
    return t("votes.absent");
  }
  return t(member.inRoom ? "votes.inRoom" : "votes.present");
}

/**
 * @param {Language} language
 * @param {BodyVote} vote
 * @param {{leads: boolean, isOneOpen: boolean, send: PartActions["send"]}} how
 */
function voteRow(language, vote, { leads, isOneOpen, send }) {
  const { t } = language;
  const voted = vote.seats.filter((seat) => seat.voted).length;
  const isOpen = vote.state === "open";
  const result = inWords(language, vote.outcome?.words);
  const state = { draft: t("votes.draft"), open: t("votes.open"), counting: t("votes.counting"), closed: t("votes.closed"), cancelled: t("votes.cancelled") }[vote.state];
  return h(
    "li",
    { class: "poll" },
    h(
      "div",
      { class: "poll-head" },
      h("span", { class: `tag ${isOpen ? "live" : ""}`.trim() }, state),
      h("span", { class: "quiet" }, vote.state === "draft" ? "" : t("votes.turnout", { voted, seats: vote.seats.length })),
    ),
    h("h3", { dir: "auto" }, vote.question),
    result === "" ? null : h("p", { class: "vote-result" }, result),
    vote.state === "closed" ? null : h("p", { class: "quiet" }, ruleInWords(language, vote)),
    turnoutOf(language, vote),
    vote.ballots.length === 0 ? null : ballotsOf(language, vote),
    ...vote.vetoes.map((veto) => h("p", { class: "vote-veto", dir: "auto" }, t("votes.veto", { member: veto.name, reason: veto.reason }))),
    leads ? leadButtons(language, vote, isOneOpen, send) : null,
    leads ? vetoForm(language, vote, send) : null,
  );
}

/**
 * @param {Language} language
 * @param {BodyVote} vote
 */
function turnoutOf({ t }, vote) {
  if (vote.state === "draft" || vote.state === "cancelled") {
    return null;
  }
  const isTold = vote.state === "closed" && !vote.secret;
  const rows = vote.seats.map((seat) => {
    const choice = isTold && seat.voted ? choiceInWords(t, vote, seat.choice) : t(seat.voted ? "votes.hasVoted" : "votes.hasNotVoted");
    return h(
      "li",
      { class: seat.voted ? "" : "absent" },
      h("span", { class: "quorum-dot", "aria-hidden": "true" }),
      h("span", { dir: "auto" }, seat.name),
      h("span", { class: "quiet", dir: "auto" }, seat.byHand ? t("votes.byHand", { choice }) : choice),
    );
  });
  const list = h("ul", { class: "quorum-members" }, ...rows);
  return vote.state === "closed" ? h("details", { class: "quorum-details" }, h("summary", {}, t(vote.secret ? "votes.whoVoted" : "votes.whoHow")), list) : list;
}

/**
 * @param {Language} language
 * @param {BodyVote} vote
 */
function ballotsOf({ t }, vote) {
  const rows = vote.ballots.map((ballot) =>
    h("li", {}, h("code", {}, ballot.receipt), h("span", { dir: "auto" }, choiceInWords(t, vote, ballot.choice))),
  );
  return h("details", { class: "quorum-details" }, h("summary", {}, t("votes.ballots")), h("p", { class: "quiet" }, t("votes.ballotsHint")), h("ul", { class: "ballot-list" }, ...rows));
}

/**
 * @param {Language} language
 * @param {BodyVote} vote
 * @param {boolean} isOneOpen
 * @param {PartActions["send"]} send
 */
function leadButtons({ t }, vote, isOneOpen, send) {
  const { number } = vote;
  /** @type {HTMLButtonElement[]} */
  const buttons = [];
  /**
   * @param {string} text
   * @param {import("../signalling.js").ClientMessage} message
   * @param {string} kind
   */
  const add = (text, message, kind) => {
    const made = button(text, () => void send(message), { kind });
    made.dataset["key"] = `${message.type} ${number}`;
    buttons.push(made);
    return made;
  };
  if (vote.state === "draft") {
    const open = add(t("votes.openIt"), { type: "openVote", vote: number }, "small primary");
    open.disabled = isOneOpen;
    open.title = isOneOpen ? t("problem.vote_open") : "";
    add(t("votes.discard"), { type: "cancelVote", vote: number }, "small");
  } else if (vote.state === "open") {
    add(t("votes.close"), { type: "closeVote", vote: number }, "small primary");
    add(t("votes.cancel"), { type: "cancelVote", vote: number }, "small");
  }
  return buttons.length === 0 ? null : h("div", { class: "poll-actions" }, ...buttons);
}
