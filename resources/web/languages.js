/**
 * Interpretation and captions as this page knows them. Pure.
 *
 * @typedef {import("./signalling.js").HostMessage} HostMessage
 * @typedef {import("./signalling.js").Languages} Languages
 * @typedef {import("./signalling.js").Interpreter} Interpreter
 * @typedef {import("./signalling.js").CaptionLine} CaptionLine
 * @typedef {import("./signalling.js").Participant} Participant
 *
 * @typedef {object} Spoken
 * @property {Languages} set what the chair set
 * @property {string | null} listening channel that this person listens to, null = the floor alone
 * @property {string | null} reading language of the captions, null = none
 * @property {ReadonlyArray<CaptionLine>} lines the last phrases, oldest first
 * @property {string} trouble code of why the last request was refused, "" while it was not
 */

/** Longest phrase of captions, as `signalling/languages.py` has it. */
export const CAPTION_LENGTH = 300;

/** Phrases that stay on the page, and for how long the last ones are shown, in ms. */
const KEPT = 30;
const SHOWN_FOR = 20_000;
const SHOWN = 3;

/** Languages that the chair can choose from: of the union, its neighbours, and the widely spoken. */
export const TAGS = (
  "ar bg bs ca cs da de el en es et eu fi fr ga gl he hi hr hu is it ja ka ko lt lv mk mt nb nl pl pt pt-BR ro ru sk sl " +
  "sq sr sv tr uk vi zh"
).split(" ");

/** @type {Languages} */
const NONE_SET = { channels: [], interpreters: [], captioners: [], keeps: false };

/** Nothing set, nothing chosen. @type {Spoken} */
export const NO_LANGUAGES = Object.freeze({ set: NONE_SET, listening: null, reading: null, lines: [], trouble: "" });

const REQUESTS = new Set([
  "setChannels",
  "appointInterpreter",
  "appointCaptioner",
  "keepCaptions",
  "takeAir",
  "askRelief",
  "listen",
  "watchCaptions",
  "writeCaption",
]);

/**
 * Return the languages after a message of the host; most change nothing.
 *
 * @param {Spoken} spoken
 * @param {HostMessage} message
 * @returns {Spoken}
 */
export function applyLanguages(spoken, message) {
  switch (message.type) {
    case "welcome":
      return { ...spoken, set: NONE_SET, trouble: "" };
    case "languagesChanged": {
      const set = message.languages;
      const listening = spoken.listening !== null && set.channels.includes(spoken.listening) ? spoken.listening : null;
      return { ...spoken, set, listening, trouble: "" };
    }
    case "captionsWritten":
      return { ...spoken, lines: message.lines.reduce(withLine, spoken.lines) };
    case "problem":
      return REQUESTS.has(message.inReplyTo ?? "") ? { ...spoken, trouble: message.code } : spoken;
    default:
      return spoken;
  }
}

/**
 * Return the languages once this person chose other captions: phrases of others are gone.
 *
 * @param {Spoken} spoken
 * @param {string | null} reading
 * @returns {Spoken}
 */
export function read(spoken, reading) {
  return reading === spoken.reading ? spoken : { ...spoken, reading, lines: [] };
}

/**
 * Return the phrases that are shown now.
 *
 * @param {Spoken} spoken
 * @param {number} now the host's time in ms
 * @returns {CaptionLine[]}
 */
export function shownLines(spoken, now) {
  return spoken.lines.filter((line) => now - Date.parse(line.at) < SHOWN_FOR).slice(-SHOWN);
}

/**
 * Return what somebody interprets, or null.
 *
 * @param {Languages} set
 * @param {string} participant
 * @returns {Interpreter | null}
 */
export function interpreting(set, participant) {
  return set.interpreters.find((one) => one.participant === participant) ?? null;
}

/**
 * Return the language in which somebody types captions, or null.
 *
 * @param {Languages} set
 * @param {string} participant
 * @returns {string | null}
 */
export function captioning(set, participant) {
  return set.captioners.find((one) => one.participant === participant)?.language ?? null;
}

/**
 * Tell whether somebody speaks into a channel now: on air, there, with the microphone on.
 *
 * @param {Languages} set
 * @param {ReadonlyArray<Participant>} participants
 * @param {string | null} channel
 * @returns {boolean}
 */
export function isInterpreted(set, participants, channel) {
  const onAir = set.interpreters.find((one) => one.onAir && one.language === channel);
  return participants.some((person) => person.id === onAir?.participant && person.audio && !person.away);
}

/**
 * Return how loud somebody is to be played. The floor steps back while the channel is interpreted,
 * and is whole again while nobody speaks into it.
 *
 * @param {Spoken} spoken
 * @param {ReadonlyArray<Participant>} participants
 * @param {string} speaker whose voice
 * @param {number} original share of the floor that stays under an interpreter, 0 to 1
 * @returns {number} 0 to 1
 */
export function loudness(spoken, participants, speaker, original) {
  const own = interpreting(spoken.set, speaker);
  if (own !== null) {
    return own.onAir && own.language === spoken.listening ? 1 : 0;
  }
  return isInterpreted(spoken.set, participants, spoken.listening) ? original : 1;
}

/**
 * Return a language's name.
 *
 * @param {string} tag of the language, BCP 47
 * @param {string} reader language of the reader
 * @returns {string}
 */
export function languageName(tag, reader) {
  try {
    return new Intl.DisplayNames([reader], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/**
 * @param {ReadonlyArray<CaptionLine>} lines
 * @param {CaptionLine} line
 * @returns {ReadonlyArray<CaptionLine>}
 */
function withLine(lines, line) {
  const others = lines.filter((known) => known.number !== line.number);
  const all = line.text === "" ? others : [...others, line];
  return all.sort((one, other) => one.number - other.number).slice(-KEPT);
}
