/**
 * The line by which chair and co-hosts note a member's veto against what a vote decided. What is half
 * typed outlives that the list is drawn anew.
 *
 * @typedef {import("../i18n.js").Language} Language
 * @typedef {import("../signalling.js").BodyVote} BodyVote
 * @typedef {import("./parts.js").PartActions} PartActions
 * @typedef {{partner: string, reason: string}} Draft
 */

import { REASON_LENGTH } from "../votes.js";
import { button, h } from "./dom.js";

/** Results against which a veto can be noted; as `room/voting.py` has them. */
const DECIDED = new Set(["carried", "chosen"]);

/** What is half typed in this visit, by the number of the vote. @type {Map<number, Draft>} */
const drafts = new Map();

/**
 * @param {Pick<Language, "t">} language
 * @param {BodyVote} vote
 * @param {PartActions["send"]} send
 * @returns {HTMLElement | null} null where nothing was decided
 */
export function vetoForm({ t }, vote, send) {
  if (!DECIDED.has(vote.outcome?.result ?? "")) {
    return null;
  }
  const { number } = vote;
  const draft = drafts.get(number);
  const who = h("select", { "aria-label": t("votes.vetoBy") }, ...vote.seats.map((seat) => h("option", { value: seat.partner }, seat.name)));
  const reason = h("input", { type: "text", maxlength: String(REASON_LENGTH), placeholder: t("votes.vetoReason"), "aria-label": t("votes.vetoReason") });
  const note = button(t("votes.noteVeto"), () => {
    const words = reason.value.trim();
    if (words !== "" && send({ type: "noteVeto", vote: number, partner: who.value, reason: words })) {
      drafts.delete(number);
    }
  }, { kind: "small" });
  who.value = draft?.partner ?? who.value;
  reason.value = draft?.reason ?? "";
  who.dataset["key"] = `vetoBy ${number}`;
  reason.dataset["key"] = `vetoReason ${number}`;
  note.dataset["key"] = `noteVeto ${number}`;
  const keep = () => {
    drafts.set(number, { partner: who.value, reason: reason.value });
    note.disabled = reason.value.trim() === "";
  };
  note.disabled = reason.value.trim() === "";
  who.addEventListener("change", keep);
  reason.addEventListener("input", keep);
  const fields = h("div", { class: "member-actions" }, who, reason, note);
  const form = h("details", { class: "quorum-details" }, h("summary", {}, t("votes.vetoAsk")), fields);
  form.open = draft !== undefined;
  return form;
}
