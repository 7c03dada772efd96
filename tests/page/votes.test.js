import assert from "node:assert/strict";
import { test } from "node:test";

import { pickLanguage } from "../../resources/web/i18n.js";
import { NO_VOTES, applyVotes, choiceInWords, going, inWords, missing, voteAnnouncements } from "../../resources/web/votes.js";

const language = await pickLanguage(["en"]);

function seat(partner, changes = {}) {
  return { partner, name: partner.toUpperCase(), weight: 1, voted: false, choice: "", byHand: false, ...changes };
}

function vote(number, changes = {}) {
  return {
    number,
    question: `Question ${number}`,
    description: "",
    choices: ["for", "against", "abstain"],
    ownChoices: false,
    secret: false,
    weighted: false,
    state: "open",
    rule: { en: "2/3 of the votes cast" },
    seats: [seat("a"), seat("b")],
    yours: ["a"],
    item: null,
    openedAt: null,
    closedAt: null,
    outcome: null,
    ballots: [],
    vetoes: [],
    ...changes,
  };
}

function body(met) {
  const words = { en: met ? "quorum: 8 of 11" : "no quorum: 7 of 11", de: "beschlussfähig" };
  return { type: "bodyChanged", body: { name: "GA", members: [], rules: {}, quorum: { met, words, seats: 11, present: met ? 8 : 7, represented: 0, needed: 8 } } };
}

function after(...messages) {
  return messages.reduce(applyVotes, NO_VOTES);
}

test("the open vote is first, and a vote takes the place of what it was", () => {
  const votes = after(
    { type: "votesListed", votes: [vote(1, { state: "closed" }), vote(2, { state: "draft" })] },
    { type: "voteChanged", vote: vote(3) },
    { type: "voteDiscarded", vote: 2 },
  );
  assert.deepEqual(votes.list.map(({ number }) => number), [3, 1]);
  assert.equal(going(votes).number, 3);
});

test("who votes for several members is asked for each", () => {
  const mine = { yours: ["a", "b"], seats: [seat("a", { voted: true }), seat("b"), seat("c")] };
  const votes = after({ type: "voteChanged", vote: vote(1, mine) });
  assert.deepEqual(missing(votes).map(({ partner }) => partner), ["b"]);
  assert.deepEqual(missing(after({ type: "voteChanged", vote: vote(1, { yours: [] }) })), []);
});

test("the quorum is news when it breaks and when it is restored, and not before it was there", () => {
  const news = [body(false), body(true), body(true), body(false), body(true)].reduce(
    ({ votes, said }, message) => ({
      votes: applyVotes(votes, message),
      said: [...said, voteAnnouncements(language, votes, message)],
    }),
    { votes: NO_VOTES, said: [] },
  );
  assert.deepEqual(news.said, [
    [],
    [],
    [],
    ["Warning: the quorum is lost. 7 of 11 members are there, 8 are needed."],
    ["The quorum is there again. 8 of 11 members are there, 8 are needed."],
  ]);
  assert.equal(news.votes.quorum, "restored");
});

test("a receipt outlives a lost connection, votes do not", () => {
  const votes = after(
    { type: "voteChanged", vote: vote(1) },
    { type: "ballotTaken", vote: 1, seat: "a", receipt: "K7QM-3XWD-92FA" },
    { type: "welcome" },
  );
  assert.deepEqual(votes.receipts, { "1 a": "K7QM-3XWD-92FA" });
  assert.deepEqual(votes.list, []);
});

test("opening, closing and calling off are said once", () => {
  const opened = { type: "voteChanged", vote: vote(1) };
  assert.deepEqual(voteAnnouncements(language, NO_VOTES, opened), [
    "A vote is open, and yours is asked for: Question 1",
  ]);
  const open = after(opened);
  assert.deepEqual(voteAnnouncements(language, open, opened), []);
  const outcome = { result: "carried", counts: [2, 0, 0], chosen: "for", voted: 2, words: { en: "carried: 2 of 2" } };
  const closed = { type: "voteChanged", vote: vote(1, { state: "closed", outcome }) };
  assert.deepEqual(voteAnnouncements(language, open, closed), ["The vote is closed: Question 1 carried: 2 of 2"]);
  assert.deepEqual(voteAnnouncements(language, open, { type: "voteChanged", vote: vote(1, { state: "cancelled" }) }), [
    "The vote was called off: Question 1",
  ]);
});

test("a refusal is shown until the vote changes", () => {
  const refused = after({ type: "problem", code: "already_voted", text: "", inReplyTo: "castVote", fatal: false });
  assert.equal(refused.trouble, "already_voted");
  assert.equal(applyVotes(refused, { type: "voteChanged", vote: vote(1) }).trouble, "");
});

test("words are those of the page's language, and choices are said in it", async () => {
  assert.equal(inWords(await pickLanguage(["de"]), { en: "carried", de: "angenommen" }), "angenommen");
  assert.equal(inWords(await pickLanguage(["de"]), { en: "carried" }), "carried");
  assert.equal(inWords(language, undefined), "");
  assert.equal(choiceInWords((await pickLanguage(["de"])).t, vote(1), "abstain"), "Enthaltung");
  assert.equal(choiceInWords(language.t, vote(1, { ownChoices: true }), "Ghent"), "Ghent");
});
