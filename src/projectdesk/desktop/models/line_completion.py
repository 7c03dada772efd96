"""What may be meant while a typed line is written: kinds, names, labels of the plan, dates.

May import: domain, catalogues. Qt is not needed: what is offered is tested without a window.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from projectdesk.catalogues import ENGLISH
from projectdesk.domain.rules.day_names import short_day
from projectdesk.domain.rules.typed_dates import due_at
from projectdesk.domain.rules.typed_lines import (
    HOLDS,
    LETTERS,
    LineKind,
    Reading,
    line_kind,
    line_prefix,
)
from projectdesk.domain.rules.typed_vocabulary import Mark, Name, folded

MOST: Final = 8
"""Suggestions that are offered at once."""

_NAME: Final = re.compile(r"(?<![\w@\\])@(\"?)([^@\"/\\]{0,40})$")
_LABEL: Final = re.compile(
    r"(?<![\w@.\\])(WP|MS|D|T|R)([0-9]{0,3}(?:\.[0-9]{0,3})?)$", re.IGNORECASE
)
_DUE: Final = re.compile(r"(?:^|(?<=\s))//([^/]{0,16})$")
_LETTER: Final = re.compile(r"[adirq]?$", re.IGNORECASE)
_NEEDS_DIGIT: Final = frozenset({"T", "R"})
_DATES: Final = ("+1w", "+2w", "+1m")
_FRIDAY: Final = 4


@dataclass(frozen=True)
class Suggestion:
    """Something that may be meant. insert: what is put in. title, detail: what is shown."""

    insert: str
    title: str
    detail: str = ""


@dataclass(frozen=True)
class Suggestions:
    """What is offered for a stretch of a line. start, end: code points, which it replaces.

    eager: the first one is chosen, so that Enter takes it; else one is chosen with the arrows.
    """

    start: int
    end: int
    choices: tuple[Suggestion, ...]
    eager: bool = True


Words = Callable[[LineKind], str]
Days = Callable[[date], str]


def suggestions(
    line: str,
    at: int,
    reading: Reading,
    words: Words,
    days: Days,
    *,
    asked: bool = False,
    language: str = ENGLISH,
) -> Suggestions | None:
    """Return what may be meant before the cursor, None for nothing.

    Args:
        line: the whole line.
        at: where the cursor is, in code points.
        reading: what lines are read with.
        words: what a kind of line is called.
        days: how a day is told.
        asked: the person asked for suggestions; else little is offered unasked.
        language: that days of the week are offered in.
    """
    before = line[:at]
    kind = line_kind(line)
    if kind is None:
        return _kinds(line, before, words, asked)
    found = _names(before, reading, kind)
    if found is None:
        found = _dates(before, reading, days, language) if Mark.DUE in HOLDS[kind] else None
    if found is None:
        found = _labels(before, reading, asked)
    return found if found is not None and found.choices else None


def _kinds(line: str, before: str, words: Words, asked: bool) -> Suggestions | None:
    prefix = line_prefix(line)
    letter = before[len(prefix) :]
    if not before.startswith(prefix) or not _LETTER.fullmatch(letter):
        return None
    if line[len(before) :].strip() and letter:
        return None
    if not letter and not asked:
        return None
    choices = tuple(
        Suggestion(f"{each}: ", f"{each}:", words(kind))
        for kind, each in LETTERS.items()
        if each.startswith(letter.upper())
    )
    return Suggestions(len(prefix), len(before), choices, eager=asked)


def _names(before: str, reading: Reading, kind: LineKind) -> Suggestions | None:
    found = _NAME.search(before)
    if found is None:
        return None
    typed = folded(found[2])
    if found[2][-1:].isspace() and reading.vocabulary.name_at(before, found.start(2)):
        return None  # the name is whole, and the sentence goes on
    ranked = sorted(
        (rank, number, name)
        for number, name in enumerate(reading.vocabulary.names)
        if (rank := _rank(name, typed, kind)) is not None
    )
    choices = tuple(
        Suggestion(f"{_at(name, reading)} ", reading.vocabulary.written(name.id) or "", name.detail)
        for _, _, name in ranked[:MOST]
    )
    return Suggestions(found.start(), len(before), choices)


def _rank(name: Name, typed: str, kind: LineKind) -> tuple[bool, bool, bool] | None:
    """Return where a name stands among those that fit; None when it does not."""
    whole = folded(name.name)
    words = (whole, *whole.split(), *(folded(alias) for alias in name.aliases))
    if not any(word.startswith(typed) for word in words):
        return None
    return (not name.invited, name.mark not in HOLDS[kind], not whole.startswith(typed))


def _at(name: Name, reading: Reading) -> str:
    written = reading.vocabulary.written(name.id) or name.name
    found = reading.vocabulary.name_at(f"{written} ", 0)
    plain = found is not None and found.name == name and found.end == len(written)
    return f"@{written}" if plain else f'@"{written}"'


def _labels(before: str, reading: Reading, asked: bool) -> Suggestions | None:
    found = _LABEL.search(before)
    if found is None:
        return None
    prefix = found[1].upper()
    if not found[2] and not asked and (prefix in _NEEDS_DIGIT or found[1] != prefix):
        return None
    typed = (prefix + found[2]).upper()
    fitting = [
        label
        for label in reading.vocabulary.labels
        if label.label.startswith(typed) and label.label[len(prefix)].isdigit()
    ]
    if [label.label for label in fitting] == [typed]:
        return None  # it stands there already
    choices = tuple(Suggestion(f"{each.label} ", each.label, each.title) for each in fitting[:MOST])
    return Suggestions(found.start(), len(before), choices)


def _dates(before: str, reading: Reading, days: Days, language: str) -> Suggestions | None:
    found = _DUE.search(before)
    if found is None:
        return None
    typed = found[1].strip()
    offered = (*_DATES, short_day(_FRIDAY, language))
    choices = tuple(_fitting(typed, offered, reading, days))
    eager = not any(choice.insert.strip() == f"//{typed}" for choice in choices)
    return Suggestions(found.start(), len(before), choices, eager=eager and bool(typed))


def _fitting(
    typed: str, offered: tuple[str, ...], reading: Reading, days: Days
) -> Iterator[Suggestion]:
    if typed:
        read = due_at(f"//{typed}", 2, reading.frame)
        if read.day is not None and read.end == len(typed) + 2:
            yield Suggestion(f"//{typed} ", f"//{typed}", days(read.day))
    for words in offered:
        if words.lower().startswith(typed.lower()) and words.lower() != typed.lower():
            day = due_at(f"//{words}", 2, reading.frame).day
            if day is not None:
                yield Suggestion(f"//{words} ", f"//{words}", days(day))
