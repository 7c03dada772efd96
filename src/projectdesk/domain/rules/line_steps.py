"""How typed lines and their records are kept in step: three-way, by field (docs/adr/0083).

What both said when they were last in step is kept. A field that only the line changed goes into the
record, one that only the record changed goes into the line. Where both changed, the record's value
stands, because somebody chose it in its own field; of a text the line's wording is handed back, to
be kept beside it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from projectdesk.domain.rules.typed_lines import HOLDS, LineKind, ParsedLine
from projectdesk.domain.rules.typed_vocabulary import Mark

FIELDS: Final[Mapping[str, Mark | None]] = {
    "text": None,
    "person_id": Mark.PERSON,
    "partner_id": Mark.PARTNER,
    "work_package_ids": Mark.WORK_PACKAGE,
    "deliverable_id": Mark.DELIVERABLE,
    "milestone_id": Mark.MILESTONE,
    "due_on": Mark.DUE,
}
"""What a line says, by the mark that says it."""

_SIMILAR: Final = 0.6
"""From which likeness on a new line is the one that went (`difflib` ratio)."""


class Tie(StrEnum):
    """How a line and its record belong together.

    LIVE: both are there. GONE: the line went, and the record with it. KEPT: the line went, the
    record stays. PLAIN: the record was deleted, the line lost its letter.
    """

    LIVE = "live"
    GONE = "gone"
    KEPT = "kept"
    PLAIN = "plain"


@dataclass(frozen=True)
class LineThere:
    """A typed line of the notes. mark: of its letter. number: which line of its item, from 0."""

    mark: str
    item_id: UUID
    number: int
    words: str
    parsed: ParsedLine


@dataclass(frozen=True)
class Agreed:
    """What a line and its record said when they were last in step.

    mark: "" = it is not known, the words tell. words: the whole line. line, record: what each said;
    they differ where a line cannot say what a record holds. version: of the record then. touched:
    the record was changed elsewhere since the line made it. unread: fields that the line had in
    words that could not be read; they count as what they were before.
    """

    record_id: UUID
    minutes_id: UUID
    item_id: UUID
    kind: LineKind
    tie: Tie
    mark: str
    words: str
    line: ParsedLine
    record: ParsedLine
    version: int = 1
    touched: bool = False
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Merged:
    """What line and record shall say.

    line: what the line has to say. rewrite: it does not say so yet. settled: what it counts as
    having said, for the next time. changed: fields that the record takes from the line. lost:
    fields of the line that gave way. unread: as of `Agreed`.
    """

    line: ParsedLine
    settled: ParsedLine
    unread: frozenset[str]
    rewrite: bool
    changed: frozenset[str]
    lost: frozenset[str]


def merge(line: ParsedLine, words: str, agreed: Agreed, record: ParsedLine) -> Merged:
    """Merge what a line says now with what its record holds now.

    What cannot be read in a line whose words changed may be half typed: it changes nothing yet.
    """
    unread = unread_fields(line)
    moved = _moved_in_line(line, words, agreed) - unread
    told: dict[str, Any] = {}
    settled: dict[str, Any] = {}
    changed, lost = set(), set()
    for name, mark in FIELDS.items():
        if mark is not None and mark not in HOLDS[line.kind]:
            continue
        here, there = getattr(line, name), getattr(record, name)
        was = getattr(agreed.line, name)
        record_moved = there != getattr(agreed.record, name)
        if name in moved and not record_moved:
            changed.add(name)
        elif name in unread and (words != agreed.words or name in agreed.unread):
            settled[name] = was
        elif record_moved and here != there:
            told[name] = settled[name] = there
            if name in moved:
                lost.add(name)
        elif here != was and not record_moved:  # the plan or the people changed, not the line
            told[name] = settled[name] = was
    rewrite = bool(told)
    return Merged(
        replace(line, **told),
        replace(line, **settled),
        unread - told.keys(),
        rewrite,
        frozenset(changed),
        frozenset(lost),
    )


def unread_fields(line: ParsedLine) -> frozenset[str]:
    """Return the fields that a line has in words that could not be read."""
    return frozenset(name for name, mark in FIELDS.items() if _is_unread(line, mark))


def _moved_in_line(line: ParsedLine, words: str, agreed: Agreed) -> frozenset[str]:
    """Return the fields that somebody changed in the line.

    A line whose words stayed is read otherwise when the plan or the people changed: what it gains
    then counts, what it named before stays; a date may follow the meeting's.
    """
    differ = {name for name in FIELDS if getattr(line, name) != getattr(agreed.line, name)}
    if words != agreed.words:
        return frozenset(differ)
    named = {name for name in differ - {"text", "due_on"} if name not in agreed.unread}
    if any(getattr(agreed.line, name) for name in named):
        return frozenset({"due_on"} & differ)
    return frozenset(
        differ if differ - {"due_on", "text"} - unread_fields(line) else differ - {"text"}
    )


def _is_unread(line: ParsedLine, mark: Mark | None) -> bool:
    if mark is None:
        return not line.has_words
    if mark is Mark.PARTNER:
        return line.unread(Mark.PERSON)
    return line.unread(mark)


def pair(
    lines: Sequence[LineThere], agreed: Sequence[Agreed]
) -> tuple[list[tuple[LineThere, Agreed]], list[LineThere], list[Agreed]]:
    """Find which line is whose.

    By the mark; then, for lines that were cut and pasted, undone or begun anew in a revision, by
    their words: the same ones, in the item first, then similar ones in the item.

    Returns:
        Pairs, new lines, and what has no line any more.
    """
    by_mark = {each.mark: each for each in agreed if each.mark and each.tie is not Tie.PLAIN}
    pairs: list[tuple[LineThere, Agreed]] = []
    new: list[LineThere] = []
    for line in lines:
        known = by_mark.get(line.mark)
        if known is not None and known.kind is line.parsed.kind:
            del by_mark[line.mark]
            pairs.append((line, known))
        else:
            new.append(line)
    taken = {known.record_id for _, known in pairs}
    left = [each for each in agreed if each.record_id not in taken and each.tie is not Tie.PLAIN]
    for likeness in (_same_here, _same, _similar):
        new, left = _pair_by(likeness, new, left, pairs)
    plain = [each for each in agreed if each.tie is Tie.PLAIN]
    return pairs, new, left + plain


def _pair_by(
    likeness: Any,
    lines: list[LineThere],
    agreed: list[Agreed],
    pairs: list[tuple[LineThere, Agreed]],
) -> tuple[list[LineThere], list[Agreed]]:
    new: list[LineThere] = []
    left = list(agreed)
    for line in lines:
        found = next((each for each in left if likeness(line, each)), None)
        if found is None:
            new.append(line)
        else:
            left.remove(found)
            pairs.append((line, found))
    return new, left


def _same_here(line: LineThere, known: Agreed) -> bool:
    return line.item_id == known.item_id and _same(line, known)


def _same(line: LineThere, known: Agreed) -> bool:
    return (
        line.parsed.kind is known.kind
        and line.words.strip() == known.words.strip()
        and bool(line.parsed.text)
    )


def _similar(line: LineThere, known: Agreed) -> bool:
    if line.item_id != known.item_id or line.parsed.kind is not known.kind:
        return False
    if known.tie not in {Tie.LIVE, Tie.KEPT}:
        return False
    matcher = difflib.SequenceMatcher(None, line.parsed.text, known.line.text, autojunk=False)
    return matcher.quick_ratio() >= _SIMILAR and matcher.ratio() >= _SIMILAR


def word_edits(before: str, after: str) -> Iterator[tuple[int, int, str]]:
    """Yield the edits by whole words that make `after` of `before`: start, removed, inserted.

    In code points of `before`; what both have stays, so that others may write there meanwhile.
    """
    old, new = _words(before), _words(after)
    places = [0]
    for word in old:
        places.append(places[-1] + len(word))
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            yield places[i1], places[i2] - places[i1], "".join(new[j1:j2])


def _words(text: str) -> list[str]:
    words: list[str] = []
    for letter in text:
        if words and words[-1][-1].isalnum() and letter.isalnum():
            words[-1] += letter
        else:
            words.append(letter)
    return words
