r"""Typed lines of the minutes: `A: @Ana WP3 D3.2 send the draft //12 Mar`.

    line   = [indent] [bullet] letter ":" words
    letter = A action, D decision, I information, R risk, Q open question (either case); a capital
             one may have a space before its colon, and both may be bold (`**A:**`, `**A**:`)
    words  = text with marks in it
    mark   = "@" name | label | "//" date           (`typed_vocabulary`, `typed_dates`)
    label  = WP3 | T3.1 | D3.2 | MS4 | R2

- Names right after the letter are taken out of the text, and so are labels that follow a name or
  end with a colon: `A: @Ana WP3 send it`, `D: WP3 D3.2: the pilot waits`. Elsewhere a name or a
  label counts too and stays where it is, because its sentence needs it (`D: WP3 leads the pilot`).
  A date is taken out wherever it stands.
- The first person and the first partner at the start are the owner; elsewhere the first name is.
  Others stay in the text; a second owner at the start is told, and so are those that follow it. A
  task stands for its work package.
- A date before the meeting counts, and is told.
- What the kind of line has no place for stays in the text.
- A backslash before a mark makes text of it: `\@`, `\D3.2`, `\//`.

`typed_writing` writes lines that are read as the same again; nothing is ever dropped from a text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from projectdesk.domain.rules.typed_dates import DueFrame, due_at
from projectdesk.domain.rules.typed_vocabulary import (
    PREFIXES,
    Label,
    Mark,
    Name,
    Vocabulary,
)


class LineKind(StrEnum):
    """What a typed line is; named as the kind of record that comes of it."""

    ACTION = "action"
    DECISION = "decision"
    INFORMATION = "information"
    RISK = "risk"
    QUESTION = "review_question"


LETTERS: Final = {
    LineKind.ACTION: "A",
    LineKind.DECISION: "D",
    LineKind.INFORMATION: "I",
    LineKind.RISK: "R",
    LineKind.QUESTION: "Q",
}
"""Which letter begins which line."""

HOLDS: Final = {
    LineKind.ACTION: frozenset(
        {
            Mark.PERSON,
            Mark.PARTNER,
            Mark.WORK_PACKAGE,
            Mark.DELIVERABLE,
            Mark.MILESTONE,
            Mark.DUE,
        }
    ),
    LineKind.DECISION: frozenset({Mark.WORK_PACKAGE, Mark.DELIVERABLE}),
    LineKind.INFORMATION: frozenset({Mark.WORK_PACKAGE, Mark.DELIVERABLE}),
    LineKind.RISK: frozenset({Mark.PARTNER, Mark.WORK_PACKAGE}),
    LineKind.QUESTION: frozenset({Mark.PERSON, Mark.WORK_PACKAGE, Mark.DELIVERABLE, Mark.DUE}),
}
"""What a line of each kind has a place for."""


class ProblemCode(StrEnum):
    """Why something in a line was not read as it was perhaps meant."""

    EMPTY = "empty"
    UNKNOWN_NAME = "unknown_name"
    SHARED_NAME = "shared_name"
    UNKNOWN_LABEL = "unknown_label"
    UNREADABLE_DATE = "unreadable_date"
    AMBIGUOUS_DATE = "ambiguous_date"
    NO_SUCH_DAY = "no_such_day"
    NO_PROJECT_START = "no_project_start"
    NO_SUCH_MONTH = "no_such_month"
    SECOND_DATE = "second_date"
    NO_DATE_HERE = "no_date_here"
    BEFORE_MEETING = "before_meeting"
    SECOND_OWNER = "second_owner"


@dataclass(frozen=True)
class Span:
    """A stretch of a line that was read. start, end: UTF-16 units from the line's start.

    id: of the person, partner or record that is named. taken: it is not part of the text.
    """

    mark: Mark
    start: int
    end: int
    id: UUID | None = None
    taken: bool = False


@dataclass(frozen=True)
class Problem:
    """What could not be read. start, end: as of a span. words: what stands there.

    mark: what it would have been; KIND where the line is told of and not the mark. choices: names
    that it may mean.
    """

    code: ProblemCode
    start: int
    end: int
    words: str
    mark: Mark
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class ParsedLine:
    """What a typed line says. text: without the marks that were taken out of it.

    person_id, partner_id: who owns it. work_package_ids: one at most, except of a risk. prefix:
    what is before the letter. spans, problems: in the order they stand; like the prefix they do not
    count when lines are compared.
    """

    kind: LineKind
    text: str
    person_id: UUID | None = None
    partner_id: UUID | None = None
    work_package_ids: tuple[UUID, ...] = ()
    deliverable_id: UUID | None = None
    milestone_id: UUID | None = None
    due_on: date | None = None
    prefix: str = field(default="", compare=False)
    letter: str = field(default="", compare=False)
    spans: tuple[Span, ...] = field(default=(), compare=False)
    problems: tuple[Problem, ...] = field(default=(), compare=False)

    def unread(self, mark: Mark) -> bool:
        """Return whether something that looks like this mark could not be read."""
        return any(each.mark is mark for each in self.problems)

    @property
    def has_words(self) -> bool:
        """Whether there is more to it than marks, half typed ones included."""
        words = self.text
        for problem in self.problems:
            if problem.mark is not Mark.KIND:
                words = words.replace(problem.words, "", 1)
        return any(letter.isalnum() for letter in words)


@dataclass(frozen=True)
class Reading:
    """What lines are read with: whom and what they may name, and what dates are counted from."""

    vocabulary: Vocabulary
    frame: DueFrame


_PREFIX: Final = re.compile(
    r"[ \t\u00a0]*(?:(?:[-*+\u2022\u2013]|[0-9]{1,3}[.)])[ \t\u00a0]+)?(?:\[[ xX]\][ \t]+)?"
)
_MARKER: Final = re.compile(
    rf"(?P<prefix>{_PREFIX.pattern})(?:\*\*(?=[ADIRQadirq](?::\*\*|\*\*:)))?"
    r"(?P<letter>[ADIRQadirq])"
    r"(?:(?<=\*\*.)(?::\*\*|\*\*:)|(?<!\*\*.)(?:(?<=[A-Z])[ \u00a0])?:)(?![\\/])"
)
_KIND_OF: Final = {letter: kind for kind, letter in LETTERS.items()}
_LABEL: Final = re.compile(
    r"(?:(WP|MS) ?([0-9]{1,4})|(T|D)([0-9]{1,4}\.[0-9]{1,4})|(R)([0-9]{1,4}))(?!\w|\.[0-9])",
    re.IGNORECASE,
)
BACKSLASHES: Final = re.compile(r"\\+")
"""What makes text of the mark after it."""
_NAME_WORD: Final = re.compile(r"[^\s,;:!?()\[\]{}\"]+")
_DATE_BOUNDARY: Final = frozenset("\\ \t\u00a0")
_QUOTE: Final = '"'
_AFTER_NAME: Final = frozenset(":,")
_CLOSING: Final = frozenset(".,;!?")
_BETWEEN_NAMES: Final = frozenset(",;&+")


def line_kind(line: str) -> LineKind | None:
    """Return what kind of line it is, None for plain text."""
    found = _MARKER.match(line)
    return _KIND_OF[found["letter"].upper()] if found else None


def marker_at(line: str) -> int | None:
    """Return where the letter of a typed line stands (code points), None for plain text."""
    found = _MARKER.match(line)
    return found.start("letter") if found else None


def words_at(line: str) -> int:
    """Return where the words of a typed line begin, past the colon (code points); else 0."""
    found = _MARKER.match(line)
    return found.end() if found else 0


def line_prefix(line: str) -> str:
    """Return the indent and bullet that a line begins with."""
    found = _PREFIX.match(line)
    return found[0] if found else ""


def parse_line(line: str, reading: Reading) -> ParsedLine | None:
    """Read one line; None for plain text.

    Args:
        line: without its line end.
        reading: what to read it with.
    """
    found = _MARKER.match(line)
    if found is None:
        return None
    return _Reader(line, found, reading).read()


# --- reading --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Token:
    """Something that looks like a mark. name, label, due: what it is; none of them = `problem`."""

    mark: Mark
    start: int
    end: int
    name: Name | None = None
    label: Label | None = None
    due: date | None = None
    problem: ProblemCode | None = None
    choices: tuple[str, ...] = ()


def token_at(text: str, place: int, reading: Reading) -> Token | None:
    """Return what looks like a mark at a position, escaped or not."""
    letter = text[place]
    if letter == "@":
        return _name_token(text, place, reading.vocabulary)
    if letter == "/":
        return _due_token(text, place, reading.frame)
    return _label_token(text, place, reading.vocabulary)


def _name_token(text: str, place: int, vocabulary: Vocabulary) -> Token | None:
    if place and (text[place - 1].isalnum() or text[place - 1] in "_@"):
        return None
    start = place + 1
    if text.startswith(_QUOTE, start):
        end = text.find(_QUOTE, start + 1)
        if end <= start + 1:
            return None
        found = vocabulary.called(text[start + 1 : end])
        return _named(place, end + 1, found.name, found.choices)
    word = _NAME_WORD.match(text, start)
    if word is None:
        return None
    at = vocabulary.name_at(text, start)
    if at is not None:
        return _named(place, at.end, at.name, at.choices)
    end = start + len(word[0].rstrip(".'\u2019-/\\@")) or word.end()
    return None if end == start else _named(place, end, None, ())


def _named(start: int, end: int, name: Name | None, choices: tuple[str, ...]) -> Token:
    if name is not None:
        return Token(name.mark, start, end, name=name)
    code = ProblemCode.SHARED_NAME if choices else ProblemCode.UNKNOWN_NAME
    return Token(Mark.PERSON, start, end, problem=code, choices=choices)


def _due_token(text: str, place: int, frame: DueFrame) -> Token | None:
    if not text.startswith("//", place) or (place and text[place - 1] not in _DATE_BOUNDARY):
        return None
    start = place + len("//")
    if not text[start : start + 2].strip() or text[start] == "/":
        return None  # nothing is there yet
    found = due_at(text, start, frame)
    problem = ProblemCode(found.trouble.value) if found.trouble is not None else None
    return Token(Mark.DUE, place, found.end, due=found.day, problem=problem)


def _label_token(text: str, place: int, vocabulary: Vocabulary) -> Token | None:
    if place and (text[place - 1].isalnum() or text[place - 1] in "_@."):
        return None
    found = _LABEL.match(text, place)
    if found is None:
        return None
    prefix = (found[1] or found[3] or found[5]).upper()
    number = found[2] or found[4] or found[6]
    mark = PREFIXES[prefix]
    label = vocabulary.labelled(prefix + ".".join(str(int(n)) for n in number.split(".")))
    if label is not None:
        return Token(mark, place, found.end(), label=label)
    if mark is Mark.RISK:
        return None  # R2 is too often something else
    return Token(mark, place, found.end(), problem=ProblemCode.UNKNOWN_LABEL)


class _Reader:
    """Reads one line whose letter was found."""

    def __init__(self, line: str, marker: re.Match[str], reading: Reading) -> None:
        self._line = line
        self._reading = reading
        self._marker = marker
        self._kind = _KIND_OF[marker["letter"].upper()]
        self._holds = HOLDS[self._kind]
        self._leading = True
        self._refusing = False  # only owners came since one that there was no place for
        self._named = False
        self._labels_lead = _labels_end_with_colon(line, marker.end(), reading)
        self._person: UUID | None = None
        self._partner: UUID | None = None
        self._packages: list[UUID] = []
        self._task_package: UUID | None = None
        self._deliverable: UUID | None = None
        self._milestone: UUID | None = None
        self._due: date | None = None
        self._text = ""
        self._spans: list[Span] = []
        self._problems: list[Problem] = []

    def read(self) -> ParsedLine:
        self._span(Mark.KIND, self._marker.start("letter"), self._marker.end(), None, True)
        self._read_words()
        text = self._text.strip()
        if not any(letter.isalnum() for letter in text):
            end = len(self._line)
            self._problem(Token(Mark.KIND, self._marker.start("letter"), end), ProblemCode.EMPTY)
        packages = self._packages
        if not packages and self._task_package and Mark.WORK_PACKAGE in self._holds:
            packages = [self._task_package]
        return ParsedLine(
            self._kind,
            text,
            self._person,
            self._partner,
            tuple(packages),
            self._deliverable,
            self._milestone,
            self._due,
            self._marker["prefix"],
            self._marker["letter"],
            tuple(self._spans),
            tuple(self._problems),
        )

    def _read_words(self) -> None:
        line, place = self._line, self._marker.end()
        while place < len(line):
            slashes = BACKSLASHES.match(line, place)
            if slashes is not None:
                place = self._read_escape(slashes)
                continue
            token = token_at(line, place, self._reading)
            if token is None:
                self._keep(line[place])
                place += 1
                continue
            place = token.end
            if self._take(token):
                place = self._after_taken(token)
                continue
            refusing = self._refusing
            self._keep(line[token.start : token.end])
            self._refusing = refusing

    def _read_escape(self, slashes: re.Match[str]) -> int:
        line, end = self._line, slashes.end()
        token = token_at(line, end, self._reading) if end < len(line) else None
        if token is None:
            self._keep(slashes[0])
            return end
        self._keep(slashes[0][1:] + line[token.start : token.end])
        return token.end

    def _keep(self, words: str) -> None:
        self._text += words
        if words.strip():
            self._leading = False
            self._refusing = self._refusing and words in _BETWEEN_NAMES

    def _after_taken(self, token: Token) -> int:
        """Close the gap that a mark leaves; return where to read on."""
        line, place = self._line, token.end
        if self._leading and token.due is None and line[place : place + 1] in _AFTER_NAME:
            place += 1  # "@Ana: send it"
        if line[place : place + 1] in _CLOSING:
            self._text = self._text.rstrip()
        elif self._text[-1:].isspace() or not self._text:
            while place < len(line) and line[place].isspace():
                place += 1
        return place

    def _take(self, token: Token) -> bool:
        """Let a mark count; return whether it is taken out of the text."""
        taken = False
        self._refusing = self._refusing and token.name is not None
        if token.problem is not None:
            self._problem(token, token.problem)
            return False
        if token.name is not None:
            taken = self._take_name(token, token.name)
        elif token.label is not None:
            taken = self._take_label(token.mark, token.label)
        elif token.due is not None:
            taken = self._take_due(token, token.due)
        record = token.name or token.label
        self._span(token.mark, token.start, token.end, record.id if record else None, taken)
        return taken

    def _take_name(self, token: Token, name: Name) -> bool:
        first, self._named = not self._named, True
        if self._refusing:
            self._refusing = name.mark in self._holds
            self._refuse(token, name)
            return False
        if not self._leading and not first:
            return False
        if name.mark in self._holds:
            if name.mark is Mark.PERSON and self._person is None:
                self._person = name.id
                self._labels_lead = self._labels_lead or self._leading
                return self._leading
            if name.mark is Mark.PARTNER and self._partner is None:
                self._partner = name.id
                self._labels_lead = self._labels_lead or self._leading
                return self._leading
            if self._leading:
                self._refuse(token, name)
        elif first and self._kind is LineKind.RISK:
            self._partner = name.partner_id
        return False

    def _refuse(self, token: Token, name: Name) -> None:
        """Tell of an owner that there is no place for; another mark of the same one is none."""
        if name.mark in self._holds and name.id not in {self._person, self._partner}:
            self._problem(replace(token, mark=Mark.KIND), ProblemCode.SECOND_OWNER)
            self._refusing = True

    def _take_label(self, mark: Mark, label: Label) -> bool:
        if mark is Mark.TASK:
            self._task_package = self._task_package or label.work_package_id
        if mark not in self._holds:
            return False
        if mark is Mark.WORK_PACKAGE:
            if label.id in self._packages:
                return False
            if self._packages and self._kind is not LineKind.RISK:
                return False
            self._packages.append(label.id)
        elif mark is Mark.DELIVERABLE and self._deliverable is None:
            self._deliverable = label.id
        elif mark is Mark.MILESTONE and self._milestone is None:
            self._milestone = label.id
        else:
            return False
        return self._leading and self._labels_lead

    def _take_due(self, token: Token, due: date) -> bool:
        if Mark.DUE not in self._holds:
            self._problem(token, ProblemCode.NO_DATE_HERE)
            return False
        if self._due is not None:
            self._problem(token, ProblemCode.SECOND_DATE)
            return False
        self._due = due
        if due < self._reading.frame.meeting_day:
            self._problem(replace(token, mark=Mark.KIND), ProblemCode.BEFORE_MEETING)
        return True

    def _span(self, mark: Mark, start: int, end: int, record: UUID | None, taken: bool) -> None:
        units = Units(self._line)
        self._spans.append(Span(mark, units.at(start), units.at(end), record, taken))

    def _problem(self, token: Token, code: ProblemCode) -> None:
        units = Units(self._line)
        words = self._line[token.start : token.end]
        start, end = units.at(token.start), units.at(token.end)
        self._problems.append(Problem(code, start, end, words, token.mark, token.choices))


def _labels_end_with_colon(line: str, place: int, reading: Reading) -> bool:
    """Return whether the words begin with labels and a colon: `WP3, D3.2: the pilot waits`."""
    while place < len(line):
        if line[place].isspace():
            place += 1
            continue
        token = _label_token(line, place, reading.vocabulary)
        if token is None or token.label is None:
            break
        place = token.end
        if line.startswith(":", place):
            return True
        place += line.startswith(",", place)
    return False


class Units:
    """Positions of a line in UTF-16 units, which Qt and yjs count."""

    def __init__(self, line: str) -> None:
        self._line = line

    def at(self, place: int) -> int:
        """Return a position in code points as UTF-16 units."""
        return place + sum(letter > "\uffff" for letter in self._line[:place])
