"""Frozen rows of typed lines: what stands in the notes, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from projectdesk.domain.rules.typed_lines import LineKind, ParsedLine, Reading
from projectdesk.services.rows import Kind

RECORD_KINDS = {
    LineKind.ACTION: Kind.ACTION,
    LineKind.DECISION: Kind.DECISION,
    LineKind.INFORMATION: Kind.INFORMATION,
    LineKind.RISK: Kind.RISK,
    LineKind.QUESTION: Kind.REVIEW_QUESTION,
}
"""Which record comes of which line."""

TITLES = {
    LineKind.ACTION: "A",
    LineKind.DECISION: "D",
    LineKind.INFORMATION: "I",
    LineKind.RISK: "R",
    LineKind.QUESTION: "Q",
}
"""What the number of such a record stands behind: A12, D7."""


@dataclass(frozen=True)
class TypedLineRow:
    """One typed line.

    number: which line of its item's notes, from 1. label: of its record, "" = there is none (yet).
    """

    meeting_id: UUID
    item_id: UUID
    item: str
    number: int
    words: str
    parsed: ParsedLine
    record_id: UUID | None
    label: str


@dataclass(frozen=True)
class RecordedLine:
    """A line of notes that is a record too. place: which line, from 0. words: of the record."""

    place: int
    label: str
    words: str


@dataclass(frozen=True)
class KeptRecordRow:
    """A record whose line is not in the notes any more, and that stays all the same."""

    item_id: UUID
    kind: LineKind
    record_id: UUID
    label: str
    words: str


@dataclass(frozen=True)
class LinesOfMeeting:
    """The typed lines of a meeting. reading: what they were read with."""

    meeting_id: UUID
    reading: Reading
    lines: tuple[TypedLineRow, ...]
    kept: tuple[KeptRecordRow, ...]


@dataclass(frozen=True)
class LinePlace:
    """Where the line of a record stands. words: of the line when last seen; "" = it has none."""

    meeting_id: UUID
    item_id: UUID | None
    words: str


@dataclass(frozen=True)
class Overruled:
    """A line that gave way to its record. words: the line as it was. fields: what gave way."""

    label: str
    words: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class LineStep:
    """What a step did. again: somebody wrote meanwhile, so that nothing was done.

    made, changed, deleted, kept: labels of records; rewritten: lines. refused: line and why no
    record could be made of it.
    """

    made: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    rewritten: tuple[str, ...] = ()
    overruled: tuple[Overruled, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    again: bool = False
