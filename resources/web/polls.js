/**
 * The polls of the call as this page knows them. Pure.
 *
 * @typedef {import("./signalling.js").HostMessage} HostMessage
 * @typedef {import("./signalling.js").Poll} Poll
 * @typedef {import("./signalling.js").Role} Role
 * @typedef {import("./i18n.js").Translate} Translate
 *
 * @typedef {object} Polls
 * @property {ReadonlyArray<Poll>} list the newest first, the open one before all
 * @property {string} trouble code of why the last request was refused, "" while it was not
 * @property {number} requests how many were refused so far: the same refusal twice is seen twice
 */

/** Most options of a poll, and most characters, as `signalling/polls.py` has them. */
export const MAX_OPTIONS = 10;
export const MIN_OPTIONS = 2;
export const QUESTION_LENGTH = 300;
export const OPTION_LENGTH = 200;

/** No poll yet. @type {Polls} */
export const NO_POLLS = Object.freeze({ list: [], trouble: "", requests: 0 });

const REQUESTS = new Set(["preparePoll", "openPoll", "closePoll", "discardPoll", "vote"]);
const ORDER = { open: 0, draft: 1, closed: 2 };

/**
 * Return the polls after a message of the host; most change nothing.
 *
 * @param {Polls} polls
 * @param {HostMessage} message
 * @returns {Polls}
 */
export function applyPolls(polls, message) {
  switch (message.type) {
    case "welcome":
      return NO_POLLS;
    case "pollsListed":
      return { ...polls, list: inOrder(message.polls) };
    case "pollChanged": {
      const others = polls.list.filter((poll) => poll.number !== message.poll.number);
      return { ...polls, trouble: "", list: inOrder([...others, message.poll]) };
    }
    case "pollDiscarded":
      return { ...polls, list: polls.list.filter((poll) => poll.number !== message.poll) };
    case "problem":
      return REQUESTS.has(message.inReplyTo ?? "")
        ? { ...polls, trouble: message.code, requests: polls.requests + 1 }
        : polls;
    default:
      return polls;
  }
}

/**
 * Tell whether this role answers polls.
 *
 * @param {Role} role
 */
export function mayVote(role) {
  return role !== "observer" && role !== "interpreter";
}

/**
 * Return the poll that waits for this person's vote, or null.
 *
 * @param {Polls} polls
 * @param {Role} role
 * @returns {Poll | null}
 */
export function unanswered(polls, role) {
  const open = polls.list.find((poll) => poll.state === "open");
  return open !== undefined && mayVote(role) && open.chosen.length === 0 ? open : null;
}

/**
 * Return the share of each option in percent of those who voted; with several choices they may
 * sum up to more than 100.
 *
 * @param {Poll} poll
 * @returns {number[]} whole numbers; empty while there is no result
 */
export function shares(poll) {
  const voted = Math.max(poll.voted, 1);
  return (poll.result?.counts ?? []).map((count) => Math.round((100 * count) / voted));
}

/**
 * Return what to say to people who do not see the page change.
 *
 * @param {Translate} t
 * @param {Polls} before
 * @param {HostMessage} message
 * @returns {string[]}
 */
export function pollAnnouncements(t, before, message) {
  if (message.type !== "pollChanged") {
    return [];
  }
  const { poll } = message;
  const was = before.list.find((known) => known.number === poll.number)?.state ?? "draft";
  if (was !== "open" && poll.state === "open") {
    return [t("say.pollOpened", { question: poll.question })];
  }
  return was === "open" && poll.state === "closed"
    ? [t("say.pollClosed", { question: poll.question, result: resultInWords(t, poll) })]
    : [];
}

/**
 * Return a result as one sentence: who hears it needs no picture of bars.
 *
 * @param {Translate} t
 * @param {Poll} poll
 * @returns {string}
 */
export function resultInWords(t, poll) {
  const counts = poll.result?.counts ?? [];
  return poll.options.map((option, place) => t("polls.counted", { option, count: counts[place] ?? 0 })).join(", ");
}

/**
 * @param {ReadonlyArray<Poll>} polls
 * @returns {Poll[]}
 */
function inOrder(polls) {
  return [...polls].sort((one, other) => ORDER[one.state] - ORDER[other.state] || other.number - one.number);
}
