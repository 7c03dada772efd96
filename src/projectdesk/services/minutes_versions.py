"""What minutes said at each step of their life, and how two of those differ.

A version is written once, in the change that circulates, revises or accepts them, out of the text
and the records as they are then. The database refuses to change it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from projectdesk.domain.minutes import Minutes, MinutesState
from projectdesk.domain.rules.attendance import AttendanceStatus
from projectdesk.domain.rules.typed_lines import line_prefix
from projectdesk.errors import NotFound
from projectdesk.services import queries
from projectdesk.services.attendance_rows import PartnerAttendanceRow
from projectdesk.services.rows import ActionRow, AgendaItemRow, DecisionRow
from projectdesk.services.session import Unit
from projectdesk.services.typed_line_rows import RecordedLine
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

_GAPS: Final = re.compile(r"\n{3,}")
_WORDS: Final = re.compile(r"\n|[^\S\n]+|\w+|[^\w\s]")


class VersionDecision(msgspec.Struct, frozen=True):
    """A decision as it was worded. id: 32 hex digits. rule: its result in words."""

    id: str
    label: str
    text: str
    rule: str = ""


class VersionAction(msgspec.Struct, frozen=True):
    """An action as it was."""

    id: str
    label: str
    text: str
    owner: str = ""
    due_on: date | None = None

    @property
    def line(self) -> str:
        """It in one line: what, who, by when."""
        who = f" ({self.owner})" if self.owner else ""
        by = f", {self.due_on.isoformat()}" if self.due_on is not None else ""
        return f"{self.text}{who}{by}"


class VersionLine(msgspec.Struct, frozen=True):
    """A typed line of an item's text, from 0, and what its record said."""

    place: int
    label: str
    words: str


class VersionItem(msgspec.Struct, frozen=True):
    """One agenda item. id: 32 hex digits, "" = what belongs to none. text: light Markdown.

    lines: of the text, that are records too.
    """

    id: str
    label: str
    title: str
    text: str = ""
    decisions: list[VersionDecision] = []
    actions: list[VersionAction] = []
    lines: list[VersionLine] = []

    @property
    def reading(self) -> str:
        """The text as it is read: without the typed lines whose decision or action is beside it.

        A line of another kind says its record: "R2: The gauges come late".
        """
        beside = {each.label for each in self.decisions} | {each.label for each in self.actions}
        recorded = {each.place: each for each in self.lines}
        said = []
        for place, words in enumerate(self.text.split("\n")):
            record = recorded.get(place)
            if record is None:
                said.append(words)
            elif record.label not in beside:
                said.append(f"{line_prefix(words)}{record.label}: {record.words}")
        return _GAPS.sub("\n\n", "\n".join(said)).strip("\n")


class VersionContent(msgspec.Struct, frozen=True):
    """Minutes at one moment. date: of the meeting, in its zone. present, absent: partners.

    absent: of the body that meets, else of the project. represented: partner and who held its
    proxy, "LFTU (VESENS)"; it is neither present nor absent.
    """

    title: str
    date: str
    items: list[VersionItem]
    present: list[str] = []
    absent: list[str] = []
    represented: list[str] = []

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written, decided or to be done."""
        return not any(item.text.strip() or item.decisions or item.actions for item in self.items)


@dataclass(frozen=True)
class VersionRow:
    """One kept version. number: in its revision, from 1. state: what it was made for."""

    minutes_id: UUID
    revision: int
    number: int
    state: MinutesState
    made_at: datetime
    made_by: str


# --- making and reading ---------------------------------------------------------------------------


def content_now(workspace: Workspace, meeting_id: UUID) -> VersionContent:
    """Return what the newest minutes of a meeting say now.

    Raises:
        NotFound: no such meeting.
    """
    meeting = queries.meeting(workspace, meeting_id)
    notes = queries.notes(workspace, meeting_id)
    decisions = queries.decisions(workspace, meeting_id=meeting_id)
    actions = queries.actions(workspace, meeting_id=meeting_id)
    lines = queries.recorded_lines(workspace, meeting_id, notes)
    rows = [row for row in queries.agenda(workspace, meeting_id) if not row.is_break]
    known = {row.id for row in rows}
    items = [
        _item(row, notes.get(row.id, ""), decisions, actions, lines.get(row.id, ())) for row in rows
    ]
    beside_d = [row for row in decisions if row.agenda_item_id not in known]
    beside_a = [row for row in actions if row.agenda_item_id not in known]
    if beside_d or beside_a:
        items.append(
            VersionItem(
                id="",
                label="",
                title="",
                decisions=[_decision(row) for row in beside_d],
                actions=[_action(row) for row in beside_a],
            )
        )
    partners = queries.partner_attendance(workspace, meeting_id)
    of_body = any(row.member for row in partners)
    return VersionContent(
        title=meeting.title,
        date=meeting.local_start.date().isoformat(),
        items=items,
        present=[row.partner for row in partners if row.present],
        absent=[row.partner for row in partners if _is_missed(row, of_body=of_body)],
        represented=[
            f"{row.partner} ({row.represented_by})"
            for row in partners
            if row.status is AttendanceStatus.REPRESENTED
        ],
    )


def keep_version(
    unit: Unit, minutes: Minutes, content: VersionContent, state: MinutesState, made_by: str
) -> int:
    """Write what minutes say down, in the caller's unit; return the version's number."""
    table = schema.minutes_version
    last = unit.session.scalar(
        select(func.max(table.c.number)).where(table.c.minutes_id == minutes.id)
    )
    number = (last or 0) + 1
    unit.session.execute(
        insert(table).values(
            minutes_id=minutes.id,
            number=number,
            state=state,
            made_at=unit.now,
            made_by=made_by,
            content=msgspec.json.encode(content).decode(),
        )
    )
    return number


def versions(workspace: Workspace, meeting_id: UUID) -> list[VersionRow]:
    """Return the kept versions of a meeting's minutes, the oldest first."""
    version, minutes = schema.minutes_version.c, schema.minutes.c
    query = (
        select(version.minutes_id, minutes.revision, version.number, version.state,
               version.made_at, version.made_by)
        .join_from(schema.minutes_version, schema.minutes, minutes.id == version.minutes_id)
        .where(minutes.meeting_id == meeting_id)
        .order_by(minutes.revision, version.number)
    )  # fmt: skip
    with workspace.read() as session:
        return [VersionRow(*row) for row in session.execute(query)]


def version_content(workspace: Workspace, minutes_id: UUID, number: int) -> VersionContent:
    """Return what a version says.

    Raises:
        NotFound: there is no such version.
    """
    with workspace.read() as session:
        found = session.scalar(
            select(schema.minutes_version.c.content).where(
                schema.minutes_version.c.minutes_id == minutes_id,
                schema.minutes_version.c.number == number,
            )
        )
    if found is None:
        raise NotFound("no_such_version", "There is no such version of these minutes.")
    return read_content(found)


def read_content(text: str) -> VersionContent:
    """Return what a version says, out of how it is kept.

    Raises:
        msgspec.DecodeError, msgspec.ValidationError: that is no version.
    """
    return msgspec.json.decode(text.encode(), type=VersionContent)


def newest_content(session: Session, minutes_id: UUID) -> VersionContent | None:
    """Return what a revision said when it was last kept; None = it never was."""
    version = schema.minutes_version.c
    found = session.scalar(
        select(version.content)
        .where(version.minutes_id == minutes_id)
        .order_by(version.number.desc())
        .limit(1)
    )
    return read_content(found) if found is not None else None


# --- comparing ------------------------------------------------------------------------------------


class Mark(StrEnum):
    """What became of a piece of text from one version to the other."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Piece:
    """A stretch of text of one side or both."""

    mark: Mark
    text: str


@dataclass(frozen=True)
class LineChange:
    """A decision or an action. mark: SAME = it is in both, maybe worded anew (see `pieces`)."""

    label: str
    mark: Mark
    pieces: tuple[Piece, ...]

    @property
    def changed(self) -> bool:
        """Whether it differs."""
        return any(piece.mark is not Mark.SAME for piece in self.pieces)


@dataclass(frozen=True)
class ItemChange:
    """One agenda item in both versions. mark: SAME = it is in both."""

    label: str
    title: str
    mark: Mark
    title_pieces: tuple[Piece, ...]
    pieces: tuple[Piece, ...]
    decisions: tuple[LineChange, ...] = ()
    actions: tuple[LineChange, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything of it differs."""
        lines = (*self.decisions, *self.actions)
        pieces = (*self.title_pieces, *self.pieces)
        return any(piece.mark is not Mark.SAME for piece in pieces) or any(
            line.changed for line in lines
        )


def compare(before: VersionContent, after: VersionContent) -> list[ItemChange]:
    """Return how minutes changed from one version to the other, by agenda item.

    Items are matched by id, in the order of the newer version; those that are gone follow where
    they stood.
    """
    old = {item.id: item for item in before.items}
    new = {item.id: item for item in after.items}
    order = _merged([item.id for item in before.items], [item.id for item in after.items])
    return [_item_change(old.get(id_), new.get(id_)) for id_ in order]


def word_pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Return how a text changed, by words; neighbours of one mark are one piece."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    found: list[Piece] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for _, low, high, first, last in matcher.get_opcodes():
        if old[low:high] == new[first:last]:
            _put(found, Mark.SAME, old[low:high])
            continue
        _put(found, Mark.REMOVED, old[low:high])
        _put(found, Mark.ADDED, new[first:last])
    return tuple(found)


# --- inside ---------------------------------------------------------------------------------------


def _item(
    row: AgendaItemRow,
    text: str,
    decisions: Sequence[DecisionRow],
    actions: Sequence[ActionRow],
    lines: Sequence[RecordedLine],
) -> VersionItem:
    return VersionItem(
        id=row.id.hex,
        label=row.label,
        title=row.title,
        text=text,
        decisions=[_decision(each) for each in decisions if each.agenda_item_id == row.id],
        actions=[_action(each) for each in actions if each.agenda_item_id == row.id],
        lines=[VersionLine(each.place, each.label, each.words) for each in lines],
    )


def _is_missed(row: PartnerAttendanceRow, *, of_body: bool) -> bool:
    """Return whether a partner was to be there, and neither was nor let another speak for it."""
    away = row.status not in (AttendanceStatus.PRESENT, AttendanceStatus.REPRESENTED)
    return away and (row.member or not of_body)


def _decision(row: DecisionRow) -> VersionDecision:
    return VersionDecision(row.id.hex, row.label, row.text, row.rule)


def _action(row: ActionRow) -> VersionAction:
    return VersionAction(row.id.hex, row.label, row.text, row.owner, row.due_on)


def _put(found: list[Piece], mark: Mark, words: Sequence[str]) -> None:
    text = "".join(words)
    if not text:
        return
    if found and found[-1].mark is mark:
        found[-1] = Piece(mark, found[-1].text + text)
    else:
        found.append(Piece(mark, text))


def _merged(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """Return all ids, each once, in the newer order; what is gone stays after its neighbour."""
    order = list(after)
    for at, id_ in enumerate(before):
        if id_ in order:
            continue
        previous = next((each for each in reversed(before[:at]) if each in order), None)
        order.insert(order.index(previous) + 1 if previous is not None else 0, id_)
    return order


def _item_change(old: VersionItem | None, new: VersionItem | None) -> ItemChange:
    shown = new or old
    if shown is None:
        raise AssertionError("an item that is in neither version")
    mark = Mark.SAME if old and new else (Mark.ADDED if new else Mark.REMOVED)
    return ItemChange(
        label=shown.label,
        title=shown.title,
        mark=mark,
        title_pieces=word_pieces(old.title if old else "", new.title if new else ""),
        pieces=word_pieces(old.text if old else "", new.text if new else ""),
        decisions=_lines(
            {each.id: (each.label, each.text) for each in (old.decisions if old else ())},
            {each.id: (each.label, each.text) for each in (new.decisions if new else ())},
        ),
        actions=_lines(
            {each.id: (each.label, each.line) for each in (old.actions if old else ())},
            {each.id: (each.label, each.line) for each in (new.actions if new else ())},
        ),
    )


def _lines(
    old: Mapping[str, tuple[str, str]], new: Mapping[str, tuple[str, str]]
) -> tuple[LineChange, ...]:
    found = []
    for id_ in _merged(list(old), list(new)):
        before, after = old.get(id_), new.get(id_)
        known: Any = after or before
        mark = Mark.SAME if before and after else (Mark.ADDED if after else Mark.REMOVED)
        pieces = word_pieces(before[1] if before else "", after[1] if after else "")
        found.append(LineChange(known[0], mark, pieces))
    return tuple(found)
