/**
 * The body that meets, its quorum and its votes, as this page knows them. Pure.
 *
 * @typedef {import("./signalling.js").HostMessage} HostMessage
 * @typedef {import("./signalling.js").BodyState} BodyState
 * @typedef {import("./signalling.js").BodyVote} BodyVote
 * @typedef {import("./signalling.js").SeatShown} SeatShown
 * @typedef {import("./i18n.js").Translate} Translate
 * @typedef {import("./i18n.js").Language} Language
 *
 * @typedef {"none" | "kept" | "broken" | "restored"} QuorumNews none: it was not there yet
 *
 * @typedef {object} Votes
 * @property {BodyState | null} body null in a meeting of no body
 * @property {QuorumNews} quorum what became of it while this page was there
 * @property {ReadonlyArray<BodyVote>} list the open one first, then drafts, then the newest
 * @property {Readonly<Record<string, string>>} receipts by `VOTE SEAT`; the page alone has them
 * @property {string} trouble code of why the last request was refused, "" while it was not
 * @property {number} requests how many were refused so far: the same refusal twice is seen twice
 */

/** Most characters, and choices, as `signalling/votes.py` has them. */
export const QUESTION_LENGTH = 500;
export const CHOICE_LENGTH = 200;
export const REASON_LENGTH = 2000;
export const MAX_CHOICES = 10;

/** No body, no vote yet. @type {Votes} */
export const NO_VOTES = Object.freeze({ body: null, quorum: "none", list: [], receipts: {}, trouble: "", requests: 0 });

const REQUESTS = new Set([
  "prepareVote",
  "openVote",
  "closeVote",
  "cancelVote",
  "castVote",
  "nameVoter",
  "countInRoom",
  "announceProxy",
  "endProxy",
  "noteVeto",
]);
const ORDER = { open: 0, counting: 1, draft: 2, closed: 3, cancelled: 3 };

/**
 * Return the votes after a message of the host; most change nothing. Receipts outlive a lost
 * connection: the host does not know whose they are.
 *
 * @param {Votes} votes
 * @param {HostMessage} message
 * @returns {Votes}
 */
export function applyVotes(votes, message) {
  switch (message.type) {
    case "welcome":
      return { ...NO_VOTES, receipts: votes.receipts, quorum: votes.quorum };
    case "bodyChanged":
      return { ...votes, body: message.body, quorum: quorumNews(votes.quorum, message.body) };
    case "votesListed":
      return { ...votes, list: inOrder(message.votes) };
    case "voteChanged": {
      const others = votes.list.filter((vote) => vote.number !== message.vote.number);
      return { ...votes, trouble: "", list: inOrder([...others, message.vote]) };
    }
    case "voteDiscarded":
      return { ...votes, list: votes.list.filter((vote) => vote.number !== message.vote) };
    case "ballotTaken":
      return { ...votes, receipts: { ...votes.receipts, [`${message.vote} ${message.seat}`]: message.receipt } };
    case "problem":
      return REQUESTS.has(message.inReplyTo ?? "")
        ? { ...votes, trouble: message.code, requests: votes.requests + 1 }
        : votes;
    default:
      return votes;
  }
}

/**
 * Return the vote that is open, or being counted, or null.
 *
 * @param {Votes} votes
 * @returns {BodyVote | null}
 */
export function going(votes) {
  return votes.list.find((vote) => vote.state === "open" || vote.state === "counting") ?? null;
}

/**
 * Return the seats that wait for this person's vote.
 *
 * @param {Votes} votes
 * @returns {SeatShown[]}
 */
export function missing(votes) {
  const vote = going(votes);
  return vote === null ? [] : vote.seats.filter((seat) => vote.yours.includes(seat.partner) && !seat.voted);
}

/**
 * Return a text that the host says in several languages, in this page's.
 *
 * @param {Language} language
 * @param {Readonly<Record<string, string>> | undefined} words by language
 */
export function inWords(language, words) {
  return words?.[language.base] ?? words?.["en"] ?? "";
}

/**
 * Return what a sentence about the quorum needs.
 *
 * @param {BodyState} body
 */
export function quorumFacts({ quorum }) {
  return { there: quorum.present + quorum.represented, seats: quorum.seats, needed: quorum.needed };
}

/**
 * Return a choice as it is shown: for, against and abstain in the page's language, others as they are.
 *
 * @param {Translate} t
 * @param {BodyVote} vote
 * @param {string} choice
 */
export function choiceInWords(t, vote, choice) {
  if (vote.ownChoices) {
    return choice;
  }
  return choice === "for" ? t("votes.for") : choice === "against" ? t("votes.against") : t("votes.abstain");
}

/**
 * Return what to say to people who do not see the page change.
 *
 * @param {Language} language
 * @param {Votes} before
 * @param {HostMessage} message
 * @returns {string[]}
 */
export function voteAnnouncements(language, before, message) {
  const { t } = language;
  if (message.type === "bodyChanged") {
    const facts = quorumFacts(message.body);
    const after = quorumNews(before.quorum, message.body);
    if (after === before.quorum) {
      return [];
    }
    return after === "broken" ? [t("votes.sayBroken", facts)] : after === "restored" ? [t("votes.sayRestored", facts)] : [];
  }
  if (message.type === "ballotTaken") {
    return [t("votes.sayTaken", { receipt: message.receipt })];
  }
  return message.type === "voteChanged" ? changeInWords(language, before, message.vote) : [];
}

/**
 * @param {Language} language
 * @param {Votes} before
 * @param {BodyVote} vote
 * @returns {string[]}
 */
function changeInWords(language, before, vote) {
  const { t } = language;
  const was = before.list.find((known) => known.number === vote.number)?.state ?? "draft";
  const { question } = vote;
  if (was === vote.state) {
    return [];
  }
  switch (vote.state) {
    case "open":
      return [t(vote.yours.length > 0 ? "votes.sayOpenYours" : "votes.sayOpen", { question })];
    case "closed":
      return [t("votes.sayClosed", { question, result: inWords(language, vote.outcome?.words) })];
    case "cancelled":
      return [t("votes.sayCancelled", { question })];
    default:
      return [];
  }
}

/**
 * @param {QuorumNews} before
 * @param {BodyState} body
 * @returns {QuorumNews}
 */
function quorumNews(before, body) {
  if (body.quorum.met) {
    return before === "broken" || before === "restored" ? "restored" : "kept";
  }
  return before === "none" ? "none" : "broken";
}

/**
 * @param {ReadonlyArray<BodyVote>} votes
 * @returns {BodyVote[]}
 */
function inOrder(votes) {
  return [...votes].sort((one, other) => ORDER[one.state] - ORDER[other.state] || other.number - one.number);
}
