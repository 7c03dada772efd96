import assert from "node:assert/strict";
import { test } from "node:test";

import { pickLanguage } from "../../resources/web/i18n.js";
import { NO_POLLS, applyPolls, mayVote, pollAnnouncements, shares, unanswered } from "../../resources/web/polls.js";

const { t } = await pickLanguage(["en"]);

function poll(number, changes = {}) {
  return {
    number,
    question: `Question ${number}`,
    options: ["Yes", "No"],
    multiple: false,
    named: false,
    live: true,
    state: "open",
    voted: 0,
    chosen: [],
    result: null,
    ...changes,
  };
}

function after(...messages) {
  return messages.reduce(applyPolls, NO_POLLS);
}

test("the open poll is first, then drafts, then the newest", () => {
  const polls = after(
    { type: "pollsListed", polls: [poll(1, { state: "closed" }), poll(2, { state: "closed" }), poll(3, { state: "draft" })] },
    { type: "pollChanged", poll: poll(4) },
  );
  assert.deepEqual(polls.list.map(({ number }) => number), [4, 3, 2, 1]);
});

test("a poll takes the place of what it was, and a draft goes", () => {
  const polls = after(
    { type: "pollChanged", poll: poll(1, { state: "draft" }) },
    { type: "pollChanged", poll: poll(1, { voted: 3 }) },
    { type: "pollChanged", poll: poll(2, { state: "draft" }) },
    { type: "pollDiscarded", poll: 2 },
  );
  assert.deepEqual(polls.list.map(({ number, voted }) => [number, voted]), [[1, 3]]);
});

test("a new connection begins without polls", () => {
  assert.equal(after({ type: "pollChanged", poll: poll(1) }, { type: "welcome" }), NO_POLLS);
});

test("a refusal is about the polls when a poll was asked for, and the next news ends it", () => {
  const refused = after({ type: "problem", code: "poll_open", inReplyTo: "openPoll" });
  assert.equal(refused.trouble, "poll_open");
  assert.equal(applyPolls(refused, { type: "pollChanged", poll: poll(1) }).trouble, "");
  assert.equal(after({ type: "problem", code: "too_fast", inReplyTo: "sendChat" }).trouble, "");
});

test("an open poll waits for the vote of those who may vote", () => {
  const polls = after({ type: "pollChanged", poll: poll(1) });
  assert.equal(unanswered(polls, "participant")?.number, 1);
  assert.equal(unanswered(polls, "observer"), null);
  assert.equal(unanswered(after({ type: "pollChanged", poll: poll(1, { chosen: [0] }) }), "chair"), null);
  assert.equal(unanswered(after({ type: "pollChanged", poll: poll(1, { state: "closed" }) }), "chair"), null);
  assert.deepEqual(["chair", "cohost", "presenter", "interpreter"].map(mayVote), [true, true, true, false]);
});

test("shares are of those who voted", () => {
  assert.deepEqual(shares(poll(1, { voted: 3, result: { counts: [2, 1], names: null } })), [67, 33]);
  assert.deepEqual(shares(poll(1, { multiple: true, voted: 2, result: { counts: [2, 2], names: null } })), [100, 100]);
  assert.deepEqual(shares(poll(1, { voted: 0, result: { counts: [0, 0], names: null } })), [0, 0]);
  assert.deepEqual(shares(poll(1, { voted: 2 })), []);
});

test("opening and closing are said once, a vote is not", () => {
  const draft = after({ type: "pollChanged", poll: poll(1, { state: "draft" }) });
  const opened = { type: "pollChanged", poll: poll(1) };
  assert.deepEqual(pollAnnouncements(t, draft, opened), ["A poll is open: Question 1"]);
  const open = applyPolls(draft, opened);
  assert.deepEqual(pollAnnouncements(t, open, { type: "pollChanged", poll: poll(1, { voted: 1 }) }), []);
  const closed = { type: "pollChanged", poll: poll(1, { state: "closed", result: { counts: [2, 1], names: null } }) };
  assert.deepEqual(pollAnnouncements(t, open, closed), ["The poll is closed: Question 1 Yes: 2, No: 1"]);
  assert.deepEqual(pollAnnouncements(t, applyPolls(open, closed), closed), []);
});
