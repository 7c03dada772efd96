/**
 * Typed lines of the minutes as the page reads them: for marks and for what is offered while one
 * types. Records are made by the desktop alone. The grammar is that of `domain/rules/typed_lines.py`;
 * both are held to the same cases.
 *
 * @typedef {import("./signalling.js").LineWords} LineWords
 * @typedef {(typeof KINDS)[keyof typeof KINDS]} Kind
 * @typedef {"no_such_day" | "ambiguous_date" | "unreadable_date" | "no_project_start" | "no_such_month"} DateCode
 * @typedef {DateCode | "empty" | "unknown_name" | "shared_name" | "unknown_label" | "second_date" | "no_date_here" | "before_meeting" | "second_owner"} Code
 * @typedef {{mark: string, start: number, end: number, title: string}} Span
 * @typedef {{code: Code, start: number, end: number}} Trouble
 * @typedef {{kind: Kind, spans: Span[], problems: Trouble[]}} Line
 * @typedef {{mark: string, start: number, end: number, problem?: Code, title?: string}} Token
 * @typedef {{insert: string, title: string, detail: string}} Offer
 * @typedef {{day: string} | DateCode | undefined} Read
 */

import { DAYS, MONTHS } from "./day_names.js";

/** Letters at the start of a line, and what they begin. */
export const KINDS = /** @type {const} */ ({
  A: "action",
  D: "decision",
  I: "information",
  R: "risk",
  Q: "review_question",
});

/** Who may own what comes of a line. @type {Record<Kind, readonly string[]>} */
const OWNERS = {
  action: ["person", "partner"],
  decision: [],
  information: [],
  risk: ["partner"],
  review_question: ["person"],
};
/** @type {ReadonlySet<Kind>} */
const DATED = new Set(["action", "review_question"]);
const PREFIXES = /** @type {Record<string, string>} */ ({
  WP: "work_package",
  T: "task",
  D: "deliverable",
  MS: "milestone",
  R: "risk",
});
const MARKER =
  /^([ \t\u00a0]*(?:(?:[-*+\u2022\u2013]|[0-9]{1,3}[.)])[ \t\u00a0]+)?(?:\[[ xX]\][ \t]+)?)(\*\*(?=[ADIRQadirq](?::\*\*|\*\*:)))?([ADIRQadirq])(?:(?<=\*\*.)(?::\*\*|\*\*:)|(?<!\*\*.)(?:(?<=[A-Z])[ \u00a0])?:)(?![\\/])/u;
const LABEL = /(?:(WP|MS) ?([0-9]{1,4})|(T|D)([0-9]{1,4}\.[0-9]{1,4})|(R)([0-9]{1,4}))(?![\p{L}\p{N}_]|\.[0-9])/iuy;
const NAME_WORD = /[^\s,;:!?()[\]{}"]+/uy;
const WORD = /[\p{L}\p{N}]/u;
const LONGEST = 160;
const MOST = 8;
const LETTERS = new Map(
  Object.entries({
    ø: "o", đ: "d", ł: "l", ħ: "h", ŧ: "t", "\u0131": "i", æ: "ae", œ: "oe", þ: "th", ð: "d",
    "’": "'", "‘": "'", "–": "-", "\u2010": "-", "\u2011": "-",
  }),
);

/** Reads lines with the names and labels of one meeting. */
export class LineReader {
  #words;
  /** @type {Map<string, Set<string>>} */
  #names = new Map();
  /** @type {Map<string, Set<string>>} */
  #aliases = new Map();
  /** @type {Map<string, {label: string, title: string, mark: string}>} */
  #labels = new Map();
  /** @type {number[]} */
  #lengths;

  /** @param {LineWords} words */
  constructor(words) {
    this.#words = words;
    for (const [index, name] of words.names.entries()) {
      const key = `${index}`;
      enter(this.#names, name.name, key);
      for (const alias of name.aliases ?? []) {
        enter(this.#aliases, alias, key);
      }
    }
    for (const each of words.labels) {
      this.#labels.set(each.label.toUpperCase(), each);
    }
    const keys = [...this.#names.keys(), ...this.#aliases.keys()];
    this.#lengths = [...new Set(keys.map((key) => [...key].length))].sort((a, b) => b - a);
  }

  /** @param {string} text a line without its end @returns {Line | null} null for plain text */
  read(text) {
    const marker = MARKER.exec(text);
    if (marker === null) {
      return null;
    }
    const kind = KINDS[/** @type {keyof typeof KINDS} */ (marker[3]?.toUpperCase())];
    const begin = (marker[1]?.length ?? 0) + (marker[2]?.length ?? 0);
    const first = marker[0].length;
    /** @type {Span[]} */
    const spans = [{ mark: "kind", start: begin, end: first, title: "" }];
    /** @type {Trouble[]} */
    const problems = [];
    /** @type {Map<string, string>} */
    const owners = new Map();
    let isDated = false;
    let isEmpty = true;
    let isLeading = true;
    let isRefusing = false; // only owners came since one that there was no place for
    let place = first;
    while (place < text.length) {
      const slashes = text[place] === "\\" ? (/^\\+/u.exec(text.slice(place))?.[0].length ?? 0) : 0;
      const token = this.#token(text, place + slashes);
      if (token === null || slashes > 0) {
        const kept = text.slice(place, token === null ? place + Math.max(slashes, 1) : token.end);
        isLeading &&= kept.trim() === "";
        isRefusing &&= /^[\s,;&+]*$/u.test(kept);
        isEmpty &&= !WORD.test(slashes === 0 ? String.fromCodePoint(text.codePointAt(place) ?? 0) : kept);
        place = token === null ? place + Math.max(slashes, 1) : token.end;
        continue;
      }
      place = token.end;
      const { start, end } = token;
      if (token.problem !== undefined) {
        problems.push({ code: token.problem, start, end });
        isEmpty = isLeading = isRefusing = false;
        continue;
      }
      spans.push({ mark: token.mark, start, end, title: token.title ?? "" });
      if (token.mark === "due") {
        if (!DATED.has(kind)) {
          problems.push({ code: "no_date_here", start, end });
          isEmpty = false;
        } else if (isDated) {
          problems.push({ code: "second_date", start, end });
          isEmpty = false;
        } else if ((token.title ?? "") < this.#words.meetingDay) {
          problems.push({ code: "before_meeting", start, end });
        }
        isLeading &&= DATED.has(kind) && !isDated;
        isRefusing = false;
        isDated = true;
        continue;
      }
      const isOwner = (isLeading || isRefusing) && OWNERS[kind].includes(token.mark);
      const known = owners.get(token.mark);
      const isSecond = isOwner && known !== token.title && (known !== undefined || isRefusing);
      if (isSecond) {
        problems.push({ code: "second_owner", start, end });
      }
      isRefusing = isSecond || (isRefusing && isOwner);
      isLeading &&= known === undefined && (isOwner || isLabel(token.mark));
      isEmpty &&= isLeading;
      if (isOwner && isLeading) {
        owners.set(token.mark, token.title ?? "");
      }
      if (isLeading && ":,".includes(text[place] ?? " ")) {
        place += 1;
      }
    }
    const label = spans[1];
    const isLed = label !== undefined && isLabel(label.mark) && text.slice(first, label.start).trim() === "";
    const isWords = isLed && !/^[^:@/]*:/u.test(text.slice(label.start));
    if (isEmpty && !isWords) {
      problems.push({ code: "empty", start: begin, end: text.length });
    }
    return { kind, spans, problems };
  }

  /**
   * What may be meant before the cursor; null for nothing.
   *
   * @param {string} line
   * @param {number} at
   * @param {(kind: Kind) => string} kindWords
   * @param {string} [language] BCP 47, that days of the week are offered in
   * @returns {{from: number, offers: Offer[]} | null}
   */
  offer(line, at, kindWords, language = "en") {
    const before = line.slice(0, at);
    if (!MARKER.test(line)) {
      const letter = /^([ \t]*(?:[-*+] )?)([adirq])$/iu.exec(before);
      if (letter === null || line.slice(at).trim() !== "") {
        return null;
      }
      const key = (letter[2] ?? "").toUpperCase();
      const kind = KINDS[/** @type {keyof typeof KINDS} */ (key)];
      const from = letter[1]?.length ?? 0;
      return { from, offers: [{ insert: `${key}: `, title: `${key}:`, detail: kindWords(kind) }] };
    }
    const found = this.#offerNames(before) ?? this.#offerLabels(before) ?? this.#offerDates(before, language);
    return found !== null && found.offers.length > 0 ? found : null;
  }

  /** @param {string} before */
  #offerNames(before) {
    const found = /(?<![\p{L}\p{N}_@\\])@"?([^@"/\\]{0,40})$/u.exec(before);
    if (found === null) {
      return null;
    }
    const typed = folded(found[1] ?? "");
    if (/\s$/u.test(found[1] ?? "") && this.#nameAt(before, before.length - (found[1] ?? "").length) !== null) {
      return null;
    }
    const fits = this.#words.names.filter(({ name, aliases }) =>
      [folded(name), ...folded(name).split(" "), ...(aliases ?? []).map(folded)].some((word) => word.startsWith(typed)),
    );
    const offers = fits.slice(0, MOST).map(({ name, detail }) => {
      const whole = this.#nameAt(`${name} `, 0);
      const isPlain = whole !== null && whole.end === name.length && !whole.isShared;
      return { insert: isPlain ? `@${name} ` : `@"${name}" `, title: name, detail: detail ?? "" };
    });
    return { from: found.index, offers };
  }

  /** @param {string} before */
  #offerLabels(before) {
    const found = /(?<![\p{L}\p{N}_@.\\])(WP|MS|D|[TR](?=[0-9]))([0-9]{0,3}(?:\.[0-9]{0,3})?)$/u.exec(before);
    if (found === null) {
      return null;
    }
    const [typed, prefix = ""] = found;
    const fits = this.#words.labels.filter(
      ({ label }) => label.startsWith(typed) && /[0-9]/u.test(label[prefix.length] ?? ""),
    );
    if (fits.length === 1 && fits[0]?.label === typed) {
      return null;
    }
    const offers = fits
      .slice(0, MOST)
      .map(({ label, title }) => ({ insert: `${label} `, title: label, detail: title ?? "" }));
    return { from: found.index, offers };
  }

  /** @param {string} before @param {string} language */
  #offerDates(before, language) {
    const found = /(?:^|(?<=\s))\/\/([^/\s]{0,16})$/u.exec(before);
    const kind = this.read(before)?.kind;
    if (found === null || kind === undefined || !DATED.has(kind)) {
      return null;
    }
    const typed = (found[1] ?? "").toLowerCase();
    const friday = shortDay(FRIDAY, language);
    const fits = ["+1w", "+2w", "+1m", friday].filter((words) => words.toLowerCase().startsWith(typed));
    const offers = fits.map((words) => ({
      insert: `//${words} `,
      title: `//${words}`,
      detail: dueAt(`//${words}`, 2, this.#words).day ?? "",
    }));
    return { from: found.index, offers };
  }

  /** @param {string} text @param {number} place @returns {Token | null} */
  #token(text, place) {
    const letter = text[place];
    if (letter === undefined) {
      return null;
    }
    if (letter === "@") {
      return this.#nameToken(text, place);
    }
    if (letter === "/") {
      return this.#dueToken(text, place);
    }
    return this.#labelToken(text, place);
  }

  /** @param {string} text @param {number} place @returns {Token | null} */
  #nameToken(text, place) {
    if (place > 0 && /[\p{L}\p{N}_@]$/u.test(text.slice(0, place))) {
      return null;
    }
    const start = place + 1;
    if (text[start] === '"') {
      const end = text.indexOf('"', start + 1);
      if (end <= start + 1) {
        return null;
      }
      return this.#named(place, end + 1, this.#meant(folded(text.slice(start + 1, end))));
    }
    NAME_WORD.lastIndex = start;
    const word = NAME_WORD.exec(text);
    if (word === null) {
      return null;
    }
    const at = this.#nameAt(text, start);
    if (at !== null) {
      return this.#named(place, at.end, this.#meant(at.key));
    }
    const end = start + word[0].replace(/[.'\u2019\-/\\@]+$/u, "").length || start + word[0].length;
    return end === start ? null : { mark: "person", start: place, end, problem: "unknown_name" };
  }

  /** @param {number} start @param {number} end @param {ReadonlySet<string> | null} meant @returns {Token} */
  #named(start, end, meant) {
    if (meant === null) {
      return { mark: "person", start, end, problem: "unknown_name" };
    }
    if (meant.size > 1) {
      return { mark: "person", start, end, problem: "shared_name" };
    }
    const name = this.#words.names[Number([...meant][0])];
    return { mark: name?.mark ?? "person", start, end, title: name?.name ?? "" };
  }

  /** @param {string} key @returns {ReadonlySet<string> | null} */
  #meant(key) {
    return this.#names.get(key) ?? this.#aliases.get(key) ?? null;
  }

  /** @param {string} text @param {number} start */
  #nameAt(text, start) {
    const { letters, ends } = foldedPart(text, start);
    for (const length of this.#lengths) {
      if (length <= letters.length && isBoundary(letters, length)) {
        const key = letters.slice(0, length).join("");
        const meant = this.#meant(key);
        if (meant !== null) {
          return { end: ends[length - 1] ?? start, key, isShared: meant.size > 1 };
        }
      }
    }
    return null;
  }

  /** @param {string} text @param {number} place @returns {Token | null} */
  #dueToken(text, place) {
    if (!text.startsWith("//", place) || (place > 0 && !"\\ \t\u00a0".includes(text[place - 1] ?? ""))) {
      return null;
    }
    const start = place + 2;
    if (text.slice(start, start + 2).trim() === "" || text[start] === "/") {
      return null;
    }
    const { end, trouble, day } = dueAt(text, start, this.#words);
    return trouble === null
      ? { mark: "due", start: place, end, title: day ?? "" }
      : { mark: "due", start: place, end, problem: trouble };
  }

  /** @param {string} text @param {number} place @returns {Token | null} */
  #labelToken(text, place) {
    if (place > 0 && /[\p{L}\p{N}_@.]$/u.test(text.slice(0, place))) {
      return null;
    }
    LABEL.lastIndex = place;
    const found = LABEL.exec(text);
    if (found === null) {
      return null;
    }
    const prefix = (found[1] ?? found[3] ?? found[5] ?? "").toUpperCase();
    const numbers = (found[2] ?? found[4] ?? found[6] ?? "").split(".").map(Number).join(".");
    const mark = PREFIXES[prefix] ?? "";
    const end = place + found[0].length;
    const known = this.#labels.get(prefix + numbers);
    if (known !== undefined) {
      return { mark, start: place, end, title: `${known.label}  ${known.title ?? ""}` };
    }
    return mark === "risk" ? null : { mark, start: place, end, problem: "unknown_label" };
  }
}

/** @param {Map<string, Set<string>>} table @param {string} words @param {string} key */
function enter(table, words, key) {
  const name = folded(words);
  if (name !== "") {
    table.set(name, (table.get(name) ?? new Set()).add(key));
  }
}

/** @param {string} mark */
function isLabel(mark) {
  return mark === "work_package" || mark === "deliverable" || mark === "milestone";
}

/** A name as names are compared. @param {string} text */
function folded(text) {
  return foldedPart(text.trim(), 0, Infinity).letters.join("").trim();
}

/** @param {string} text @param {number} start @param {number} [longest] */
function foldedPart(text, start, longest = LONGEST) {
  /** @type {string[]} */
  const letters = [];
  /** @type {number[]} */
  const ends = [];
  let place = start;
  for (const letter of text.slice(start, start + longest)) {
    place += letter.length;
    for (const bare of foldLetter(letter)) {
      if (bare !== " ") {
        letters.push(bare);
        ends.push(place);
      } else if (letters.length === 0) {
        return { letters: [], ends: [] };
      } else if (letters[letters.length - 1] !== " ") {
        letters.push(" ");
        ends.push(place);
      }
    }
    if (ends.length > 0 && /^\p{M}$/u.test(letter)) {
      ends[ends.length - 1] = place;
    }
  }
  return { letters, ends };
}

/** @param {string} letter */
function foldLetter(letter) {
  if (/\s/u.test(letter)) {
    return " ";
  }
  const bare = letter.toLowerCase().replaceAll("ß", "ss").normalize("NFKD").toLowerCase();
  return [...bare.normalize("NFKD").replaceAll(/\p{M}/gu, "")].map((each) => LETTERS.get(each) ?? each).join("");
}

/** @param {readonly string[]} letters @param {number} length */
function isBoundary(letters, length) {
  const [next, after] = [letters[length], letters[length + 1]];
  if (next === undefined || letters[length - 1] === " ") {
    return next === undefined;
  }
  return !(WORD.test(next) || ("-&_.".includes(next) && after !== undefined && WORD.test(after)));
}

// --- dates ------------------------------------------------------------------------------------

/** Each name in any language, and the number of its month or day. */
const MONTH_OF = numbered(MONTHS);
const DAY_OF = numbered(DAYS);
const END = "(?![\\p{L}\\p{N}_])";
const NAME = "(?:\\p{L}\\p{M}*){2,12}";
const OF = "(?:del? )?";
const DATE =
  `([0-9]{1,2})(?:st|nd|rd|th|er|\u00ba|\\.)? ?${OF}(${NAME})${END}\\.?(?:,? ${OF}([0-9]{4})${END})?`;
const FRIDAY = 4;
/**
 * How a day is written, and what reads it: a day, why there is none, or undefined for another form's.
 *
 * @type {ReadonlyArray<readonly [RegExp, (found: RegExpExecArray, words: LineWords) => Read]>}
 */
const FORMS = [
  // "Tue 8 December": the date counts. `mar` is a Tuesday there, and March elsewhere.
  [
    new RegExp(`(${NAME})\\.?,? ${DATE}`, "iuy"),
    (m, w) => (DAY_OF.has(folded(m[1] ?? "")) ? named(month(m[3]), m[2], m[4], w) : undefined),
  ],
  [new RegExp(`([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})${END}`, "uy"), (m, w) => named(Number(m[2]), m[3], m[1], w)],
  [new RegExp(DATE, "iuy"), (m, w) => named(month(m[2]), m[1], m[3], w)],
  [
    new RegExp(`([0-9]{1,2})\\. ?([0-9]{1,2})(?:\\. ?([0-9]{4}|[0-9]{2})${END}|\\.)?${END}`, "uy"),
    (m, w) => named(Number(m[2]), m[1], m[3], w),
  ],
  [new RegExp(`[0-9]{1,2}/[0-9]{1,2}(?:/[0-9]{2,4})?${END}`, "uy"), () => "ambiguous_date"],
  [new RegExp(`M([0-9]{1,3})${END}`, "iuy"), (m, w) => projectMonth(Number(m[1]), w)],
  [new RegExp(`\\+([0-9]{1,3}) ?([dwm])${END}`, "iuy"), (m, w) => later(Number(m[1]), m[2] ?? "d", w)],
  [
    new RegExp(`(${NAME})\\.? ([0-9]{1,2})(?:st|nd|rd|th)?${END}(?:,? ([0-9]{4})${END})?`, "iuy"),
    (m, w) => named(month(m[1]), m[2], m[3], w),
  ],
  [new RegExp(`(${NAME})${END}`, "uy"), (m, w) => weekday(m[1] ?? "", w)],
];

/**
 * Read the date that begins at `start`, right after `//`.
 *
 * @param {string} text
 * @param {number} start
 * @param {LineWords} words
 * @returns {{end: number, day: string | null, trouble: DateCode | null}}
 */
export function dueAt(text, start, words) {
  const begin = start + (text[start] === " " ? 1 : 0);
  for (const [form, read] of FORMS) {
    form.lastIndex = begin;
    const found = form.exec(text);
    const day = found === null ? undefined : read(found, words);
    if (found !== null && day !== undefined) {
      const end = begin + found[0].length;
      return typeof day === "string" ? { end, day: null, trouble: day } : { end, day: day.day, trouble: null };
    }
  }
  const word = /^\S*/u.exec(text.slice(begin))?.[0] ?? "";
  return { end: begin + word.length, day: null, trouble: "unreadable_date" };
}

/** @param {Readonly<Record<string, string>>} names */
function numbered(names) {
  const groups = Object.values(names).flatMap((list) => [...list.split("|").entries()]);
  return new Map(groups.flatMap(([number, group]) => group.split(" ").map((name) => [folded(name), number])));
}

/** @param {number} number 0 = Monday @param {string} language BCP 47 */
function shortDay(number, language) {
  const groups = DAYS[language.split("-")[0] ?? ""] ?? DAYS["en"] ?? "";
  return groups.split("|")[number]?.split(" ")[0] ?? "";
}

/** @param {string | undefined} name */
function month(name) {
  const found = MONTH_OF.get(folded(name ?? ""));
  return found === undefined ? null : found + 1;
}

/** @param {number} year @param {number} ofMonth @param {number} day */
function isoDay(year, ofMonth, day) {
  const made = new Date(Date.UTC(year, ofMonth - 1, day));
  const isThere = ofMonth >= 1 && ofMonth <= 12 && day >= 1 && made.getUTCDate() === day;
  return isThere ? made.toISOString().slice(0, 10) : null;
}

/** @param {number | null} ofMonth @param {string | undefined} day @param {string | undefined} year @param {LineWords} words @returns {Read} */
function named(ofMonth, day, year, words) {
  if (ofMonth === null) {
    return undefined;
  }
  if (year !== undefined) {
    const whole = Number(year) + (year.length === 2 ? 2000 : 0);
    const found = whole >= 2000 && whole < 2100 ? isoDay(whole, ofMonth, Number(day)) : null;
    return found === null ? "no_such_day" : { day: found };
  }
  const first = Number(words.meetingDay.slice(0, 4));
  for (let each = first; each < first + 9; each += 1) {
    const found = isoDay(each, ofMonth, Number(day));
    if (found !== null && found >= words.meetingDay) {
      return { day: found };
    }
  }
  return "no_such_day";
}

/** @param {string} day @param {number} months */
function monthsLater(day, months) {
  const [year = 0, ofMonth = 1, number = 1] = day.split("-").map(Number);
  const last = new Date(Date.UTC(year, ofMonth + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, ofMonth - 1 + months, Math.min(number, last)));
}

/** @param {number} number @param {LineWords} words @returns {Read} */
function projectMonth(number, words) {
  if (words.projectStart === null || words.projectStart === undefined) {
    return "no_project_start";
  }
  if (number < 1 || number > (words.projectMonths ?? 600)) {
    return "no_such_month";
  }
  const end = monthsLater(words.projectStart, number);
  end.setUTCDate(end.getUTCDate() - 1);
  return { day: end.toISOString().slice(0, 10) };
}

/** @param {number} count @param {string} unit @param {LineWords} words @returns {Read} */
function later(count, unit, words) {
  if (unit.toLowerCase() === "m") {
    return { day: monthsLater(words.meetingDay, count).toISOString().slice(0, 10) };
  }
  const day = new Date(`${words.meetingDay}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + count * (unit.toLowerCase() === "w" ? 7 : 1));
  return { day: day.toISOString().slice(0, 10) };
}

/** @param {string} name @param {LineWords} words @returns {Read} */
function weekday(name, words) {
  const wanted = DAY_OF.get(folded(name));
  if (wanted === undefined) {
    return undefined;
  }
  const day = new Date(`${words.meetingDay}T00:00:00Z`);
  const today = (day.getUTCDay() + 6) % 7;
  day.setUTCDate(day.getUTCDate() + ((wanted - today - 1 + 7) % 7) + 1);
  return { day: day.toISOString().slice(0, 10) };
}
