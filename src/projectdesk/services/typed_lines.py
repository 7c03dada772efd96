"""Typed lines of the minutes become records, and both are kept in step (docs/adr/0083).

`step` is one change: it reads the notes and the records, merges them by field (`domain.rules.
line_steps`), changes the records, and rewrites lines in the same transaction. It is run within
about a second of typing by whoever writes the notes, and after records were changed elsewhere; with
nothing to do it changes nothing. A record's id is made of the minutes and the letter of its line
(decisions 12), so two desktops make the same one.

Only drafts are read: circulated and accepted minutes change no record.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.meetings import Meeting
from projectdesk.domain.minutes import MinutesState
from projectdesk.domain.rules.line_steps import (
    Agreed,
    LineThere,
    Merged,
    Tie,
    merge,
    pair,
    unread_fields,
    word_edits,
)
from projectdesk.domain.rules.typed_lines import (
    LETTERS,
    LineKind,
    ParsedLine,
    Reading,
    Units,
    line_prefix,
    marker_at,
    parse_line,
    words_at,
)
from projectdesk.domain.rules.typed_writing import rewritten
from projectdesk.errors import DomainError
from projectdesk.services import line_records, line_table, notes_store
from projectdesk.services.line_reading import reading_of
from projectdesk.services.notes import NotesDocument, join_others, open_notes
from projectdesk.services.numbers import reserve
from projectdesk.services.session import Unit
from projectdesk.services.typed_line_rows import LineStep, Overruled
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from projectdesk.store.mapping import TABLES

log = logging.getLogger(__name__)

_TRIES: Final = 5
"""How often a step begins anew because somebody typed meanwhile, or a line was refused."""
OTHER_WORDING: Final = "(other wording: {text})"
"""What is kept below a line whose text gave way to its record's."""


def step_typed_lines(workspace: Workspace, meeting_id: UUID) -> LineStep:
    """Bring the typed lines of a meeting and their records into step.

    Raises:
        NotFound: no such meeting.
        EnvironmentFailure: the database cannot be read or written.
    """
    notes = open_notes(workspace, meeting_id)
    try:
        return step(workspace, notes)
    finally:
        notes.close()


def step_draft(workspace: Workspace, meeting_id: UUID) -> None:
    """Bring lines and records of a meeting's draft into step, before what it says is fixed.

    Raises:
        EnvironmentFailure: the database cannot be read or written.
    """
    minutes = schema.minutes.c
    with workspace.read() as session:
        drafts = select(minutes.id).where(
            minutes.meeting_id == meeting_id, minutes.state == MinutesState.DRAFT
        )
        is_draft = session.scalar(drafts.limit(1)) is not None
    if is_draft:
        step_typed_lines(workspace, meeting_id)


def step(workspace: Workspace, notes: NotesDocument) -> LineStep:
    """Bring the typed lines of open notes and their records into step.

    Returns:
        What was done; `again` when somebody typed so fast that it has to be done later.

    Raises:
        EnvironmentFailure: the database cannot be read or written; nothing was changed.
    """
    refused: dict[str, tuple[str, str]] = {}
    for _ in range(_TRIES):
        if not notes.writable:
            return LineStep()
        skipped = frozenset(refused)
        try:
            with workspace.read() as session:
                seen = _see(session, notes)
            if seen is None or not _Plan(seen, skipped).is_needed:
                return LineStep(refused=tuple(refused.values()))
            done = _carry_out(workspace, notes, skipped)
        except _Moved:
            continue
        except _Refused as error:
            refused[error.line.mark] = (error.line.words, error.why)
        else:
            return replace(done, refused=tuple(refused.values()))
    return LineStep(refused=tuple(refused.values()), again=True)


def lines_there(
    notes: NotesDocument, items: Sequence[UUID], reading: Reading
) -> list[LineThere] | None:
    """Return the typed lines of open notes; None when somebody typed meanwhile."""
    found: list[LineThere] = []
    for item in items:
        text = notes.item_text(item)
        lines = [
            (number, place, words, parsed)
            for number, place, words in _split(text)
            if (parsed := parse_line(words, reading)) is not None
        ]
        if not lines:
            continue
        units = Units(text)
        places = [units.at(place + (marker_at(words) or 0)) for _, place, words, _ in lines]
        marks = notes.marks(item, text, places)
        if marks is None:
            return None
        found += [
            LineThere(mark, item, number, words, parsed)
            for mark, (number, _, words, parsed) in zip(marks, lines, strict=True)
        ]
    return found


class _Moved(Exception):
    """Somebody typed meanwhile."""


class _Refused(Exception):
    """A record cannot hold what its line says."""

    def __init__(self, line: LineThere, why: str) -> None:
        super().__init__(why)
        self.line = line
        self.why = why


# --- what is there --------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Seen:
    """The notes and the records at one moment. records: said and version by id."""

    minutes_id: UUID
    reading: Reading
    texts: Mapping[UUID, str]
    lines: Sequence[LineThere]
    agreed: Sequence[Agreed]
    records: Mapping[UUID, tuple[ParsedLine, int]]


def _see(session: Session, notes: NotesDocument) -> _Seen | None:
    """Return what is there; None when these are not the draft that is written."""
    minutes, item = schema.minutes.c, schema.agenda_item.c
    newest = session.execute(
        select(minutes.id, minutes.state)
        .where(minutes.meeting_id == notes.meeting_id)
        .order_by(minutes.revision.desc())
        .limit(1)
    ).first()
    if newest is None or (newest.id, newest.state) != (notes.minutes_id, MinutesState.DRAFT):
        return None
    items = session.scalars(
        select(item.id).where(item.meeting_id == notes.meeting_id).order_by(item.position, item.id)
    ).all()
    reading = reading_of(session, notes.meeting_id)
    texts = {each: notes.item_text(each) for each in items}
    lines = lines_there(notes, items, reading)
    if lines is None:
        raise _Moved
    there = set(items)
    agreed = [
        each for each in line_table.agreed_of(session, notes.meeting_id) if each.item_id in there
    ]
    records = _records(session, notes, lines, agreed, reading)
    return _Seen(notes.minutes_id, reading, texts, lines, agreed, records)


def _records(
    session: Session,
    notes: NotesDocument,
    lines: Sequence[LineThere],
    agreed: Sequence[Agreed],
    reading: Reading,
) -> dict[UUID, tuple[ParsedLine, int]]:
    wanted: dict[LineKind, dict[UUID, ParsedLine]] = {}
    for line in lines:
        record_id = record_id_of(notes.minutes_id, line.mark)
        wanted.setdefault(line.parsed.kind, {})[record_id] = line.parsed
    for known in agreed:
        wanted.setdefault(known.kind, {})[known.record_id] = known.line
    settled = {known.record_id: known for known in agreed}
    found: dict[UUID, tuple[ParsedLine, int]] = {}
    for kind, ids in wanted.items():
        table = TABLES[line_records.entity_of(kind)]
        for row in session.execute(select(table).where(table.c.id.in_(ids))):
            said = line_records.said_by(kind, row, ids[row.id], reading.vocabulary)
            before = settled.get(row.id)
            if before is not None and before.version == row.version:
                said = before.record  # it did not change, though people may be elsewhere now
            found[row.id] = (said, row.version)
    return found


def record_id_of(minutes_id: UUID, mark: str) -> UUID:
    """Return the id of the record that a line makes (decisions 12)."""
    return uuid5(minutes_id, mark)


def _split(text: str) -> list[tuple[int, int, str]]:
    """Return the lines of a text: number, where each begins (code points), words."""
    lines, place = [], 0
    for number, words in enumerate(text.split("\n")):
        lines.append((number, place, words))
        place += len(words) + 1
    return lines


# --- what is to be done ---------------------------------------------------------------------------


@dataclass
class _Plan:
    """What to do about what was seen."""

    seen: _Seen
    skipped: frozenset[str]
    made: list[LineThere] = field(default_factory=list)
    brought_back: list[tuple[LineThere, Agreed]] = field(default_factory=list)
    merged: list[tuple[LineThere, Agreed, Merged]] = field(default_factory=list)
    without_record: list[tuple[LineThere, Agreed]] = field(default_factory=list)
    without_line: list[Agreed] = field(default_factory=list)
    back_to_line: list[Agreed] = field(default_factory=list)
    forgotten: list[Agreed] = field(default_factory=list)

    def __post_init__(self) -> None:
        lines = [line for line in self.seen.lines if line.mark not in self.skipped]
        agreed = [each for each in self.seen.agreed if each.mark not in self.skipped]
        pairs, new, left = pair(lines, agreed)
        for line, known in pairs:
            self._plan_pair(line, known)
        known_ids = {each.record_id for each in self.seen.agreed}
        for line in new:
            self._plan_new(line, known_ids)
        for known in left:
            self._plan_left(known)

    @property
    def is_needed(self) -> bool:
        """Whether there is anything to do."""
        return bool(
            self.made
            or self.brought_back
            or self.merged
            or self.without_record
            or self.without_line
            or self.back_to_line
            or self.forgotten
        )

    def _plan_pair(self, line: LineThere, known: Agreed) -> None:
        record = self.seen.records.get(known.record_id)
        if record is None and known.tie is Tie.LIVE and line.words == known.words:
            self.without_record.append((line, known))
        elif record is None:
            self.brought_back.append((line, known))
        else:
            merged = merge(line.parsed, line.words, known, record[0])
            if self._differs(line, known, merged, record):
                self.merged.append((line, known, merged))

    def _differs(
        self, line: LineThere, known: Agreed, merged: Merged, record: tuple[ParsedLine, int]
    ) -> bool:
        now = (line.mark, line.item_id, line.words, self.seen.minutes_id, Tie.LIVE)
        then = (known.mark, known.item_id, known.words, known.minutes_id, known.tie)
        moved = record[0] != known.record or record[1] != known.version
        return now != then or moved or merged.rewrite or bool(merged.changed)

    def _plan_new(self, line: LineThere, known_ids: set[UUID]) -> None:
        record_id = record_id_of(self.seen.minutes_id, line.mark)
        if not line.parsed.has_words or record_id in known_ids:
            return
        if record_id in self.seen.records:  # what is kept of it was lost, the record was not
            said, version = self.seen.records[record_id]
            known = _agreed(self.seen.minutes_id, record_id, line, said, version)
            self.merged.append((line, known, merge(line.parsed, line.words, known, said)))
        else:
            self.made.append(line)

    def _plan_left(self, known: Agreed) -> None:
        is_there = known.record_id in self.seen.records
        if known.tie is Tie.LIVE:
            self.without_line.append(known)
        elif known.tie is Tie.PLAIN and is_there:
            self.back_to_line.append(known)
        elif known.tie is Tie.KEPT and not is_there:
            self.forgotten.append(known)


def _agreed(
    minutes_id: UUID, record_id: UUID, line: LineThere, said: ParsedLine, version: int
) -> Agreed:
    return Agreed(
        record_id,
        minutes_id,
        line.item_id,
        line.parsed.kind,
        Tie.LIVE,
        line.mark,
        line.words,
        line.parsed,
        said,
        version,
        unread=unread_fields(line.parsed),
    )


# --- doing it -------------------------------------------------------------------------------------


def _carry_out(workspace: Workspace, notes: NotesDocument, skipped: frozenset[str]) -> LineStep:
    notes.flush()  # no record may be there before the text that it comes of
    doing: _Doing | None = None
    try:
        with workspace.change("Records of the minutes", undoable=False, in_turn=True) as unit:
            reserve(unit.session, notes.minutes_id)
            if workspace.shared:
                join_others(workspace, frozenset({notes.minutes_id}))
            seen = _see(unit.session, notes)
            if seen is None:
                return LineStep()
            doing = _Doing(unit, notes, seen, unit.get(Meeting, notes.meeting_id))
            doing.carry_out(_Plan(seen, skipped))
            unit.label = doing.label
    except BaseException:
        if doing is not None:
            notes.keep(doing.updates)
        raise
    return doing.done()


class _Doing:
    """A plan as it is carried out in one change."""

    def __init__(self, unit: Unit, notes: NotesDocument, seen: _Seen, meeting: Meeting) -> None:
        self.unit = unit
        self.updates: list[bytes] = []
        self._notes = notes
        self._seen = seen
        self._meeting = meeting
        self._names = seen.reading.vocabulary
        self._kept: list[tuple[Agreed, Any]] = []
        self._edits: dict[UUID, list[tuple[int, int, str]]] = {}
        self._made: list[str] = []
        self._changed: list[str] = []
        self._deleted: list[str] = []
        self._stayed: list[str] = []
        self._rewritten: list[str] = []
        self._overruled: list[Overruled] = []

    @property
    def label(self) -> str:
        """What is done, in words."""
        for verb, labels in (
            ("Add", self._made),
            ("Change", self._changed),
            ("Delete", self._deleted),
        ):
            if labels:
                return f"{verb} {', '.join(labels)} in the minutes"
        return "Records of the minutes"

    def done(self) -> LineStep:
        """Return what was done."""
        return LineStep(
            tuple(self._made),
            tuple(self._changed),
            tuple(self._deleted),
            tuple(self._stayed),
            tuple(self._rewritten),
            tuple(self._overruled),
        )

    def carry_out(self, plan: _Plan) -> None:
        for line, known in plan.without_record:
            self._make_plain(line, known)
        for line, known, merged in plan.merged:
            self._follow(line, known, merged)
        for line, known in plan.brought_back:
            self._bring_back(line, known)
        for line in plan.made:
            self._make(line)
        for known in plan.back_to_line:
            self._give_letter_back(known)
        for known in plan.without_line:
            self._lose_line(known)
        for known in plan.forgotten:
            line_table.forget(self.unit.session, known.record_id)
        self._edit_text()
        self.unit.session.flush()
        for agreed, record in self._kept:
            version = agreed.version if record is None else record.version
            line_table.write(self.unit.session, replace(agreed, version=version))

    # --- one line at a time

    def _make(self, line: LineThere) -> None:
        record_id = record_id_of(self._seen.minutes_id, line.mark)
        try:
            record = line_records.make(
                self.unit, self._meeting, line.item_id, record_id, line.parsed, self._names
            )
            self.unit.session.flush()
        except DomainError as error:
            raise _Refused(line, error.text) from error
        said = line_records.said_by(line.parsed.kind, record, line.parsed, self._names)
        self._keep(_agreed(self._seen.minutes_id, record_id, line, said, 1), record)
        self._made.append(line_records.label_of(line.parsed.kind, record.number))

    def _bring_back(self, line: LineThere, known: Agreed) -> None:
        record = line_records.restore(self.unit, known.kind, known.record_id)
        if record is None:
            if line.parsed.has_words:
                self._make(line)
            line_table.forget(self.unit.session, known.record_id)
            return
        said = line_records.said_by(known.kind, record, known.line, self._names)
        self._made.append(line_records.label_of(known.kind, record.number))
        back = replace(known, record=said, version=record.version)
        self._follow(line, back, merge(line.parsed, line.words, back, said))

    def _follow(self, line: LineThere, known: Agreed, merged: Merged) -> None:
        record = self.unit.get(line_records.entity_of(known.kind), known.record_id)
        label = line_records.label_of(known.kind, record.number)
        earlier = known.minutes_id != self._seen.minutes_id
        touched = known.touched or earlier or record.version != known.version
        if merged.changed:
            try:
                line_records.change(self.unit, record, line.parsed, merged.changed, self._names)
            except DomainError as error:
                raise _Refused(line, error.text) from error
            self._changed.append(label)
        line_records.move(record, line.item_id)
        words = line.words
        if merged.rewrite:
            words = self._rewrite(line, merged, label)
        self._keep(
            replace(
                known,
                minutes_id=self._seen.minutes_id,
                item_id=line.item_id,
                tie=Tie.LIVE,
                mark=line.mark,
                words=words,
                line=merged.settled,
                record=line_records.said_by(known.kind, record, merged.settled, self._names),
                touched=touched,
                unread=merged.unread,
            ),
            record,
        )

    def _rewrite(self, line: LineThere, merged: Merged, label: str) -> str:
        words = rewritten(line.words, merged.line, self._seen.reading)
        start = self._place(line.item_id, line.number)
        self._put(line.item_id, start, line.words, words)
        if words != line.words:
            self._rewritten.append(label)
        if merged.lost:
            self._overruled.append(Overruled(label, line.words, tuple(sorted(merged.lost))))
        if "text" in merged.lost:
            kept = OTHER_WORDING.format(text=line.parsed.text)
            indent = " " * (len(line.parsed.prefix) + 2)
            self._insert(line.item_id, start + len(line.words), f"\n{indent}{kept}")
        return words

    def _make_plain(self, line: LineThere, known: Agreed) -> None:
        """The record was deleted elsewhere: its line becomes text."""
        at = len(line.parsed.prefix)
        rest = line.words[words_at(line.words) :].lstrip()
        words = line.words[:at] + rest
        start = self._place(line.item_id, line.number)
        self._cut(line.item_id, start + at, len(line.words) - at - len(rest))
        self._rewritten.append(words.strip())
        self._keep(
            replace(known, tie=Tie.PLAIN, mark="", words=words, minutes_id=self._seen.minutes_id),
            None,
        )

    def _give_letter_back(self, known: Agreed) -> None:
        """The deletion was undone: the line becomes a typed one again."""
        for _, place, words in _split(self._seen.texts.get(known.item_id, "")):
            if words == known.words and known.words:
                prefix = line_prefix(words)
                typed = f"{prefix}{LETTERS[known.kind]}: {words[len(prefix) :]}"
                self._put(known.item_id, place, words, typed)
                self._keep(replace(known, tie=Tie.LIVE, words=typed), None)
                self._rewritten.append(typed.strip())
                return
        line_table.forget(self.unit.session, known.record_id)

    def _lose_line(self, known: Agreed) -> None:
        """The line was deleted: so is its record, if it is nothing but its line."""
        record = self.unit.session.get(line_records.entity_of(known.kind), known.record_id)
        if record is None:
            self._keep(replace(known, tie=Tie.GONE, mark=known.mark), None)
            return
        label = line_records.label_of(known.kind, record.number)
        alone = line_records.stands_alone(self.unit, known.kind, known.record_id)
        earlier = known.minutes_id != self._seen.minutes_id
        if known.touched or earlier or not alone or record.version != known.version:
            self._stayed.append(label)
            self._keep(replace(known, tie=Tie.KEPT, touched=True), record)
            return
        self._deleted.append(label)
        self._keep(replace(known, tie=Tie.GONE), None)
        self.unit.delete(record)

    # --- text

    def _keep(self, agreed: Agreed, record: Any) -> None:
        self._kept.append((agreed, record))

    def _place(self, item: UUID, number: int) -> int:
        return _split(self._seen.texts[item])[number][1]

    def _put(self, item: UUID, start: int, before: str, after: str) -> None:
        for at, removed, words in word_edits(before, after):
            self._edits.setdefault(item, []).append((start + at, removed, words))

    def _insert(self, item: UUID, at: int, words: str) -> None:
        self._edits.setdefault(item, []).append((at, 0, words))

    def _cut(self, item: UUID, at: int, removed: int) -> None:
        self._edits.setdefault(item, []).append((at, removed, ""))

    def _edit_text(self) -> None:
        for item, edits in self._edits.items():
            text = self._seen.texts[item]
            units = Units(text)
            placed = [
                (units.at(at), units.at(at + removed) - units.at(at), words)
                for at, removed, words in edits
            ]
            made = self._notes.edit_aside(item, text, placed)
            if made is None:
                raise _Moved
            self.updates += made
        if self.updates:
            notes_store.add_updates(
                self.unit, self._notes.minutes_id, self._meeting.project_id, self.updates
            )
