"""Where notes are kept: updates of one minutes' document, in order (docs/adr/0041)."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from projectdesk.domain.meetings import Meeting
from projectdesk.domain.minutes import Minutes, MinutesState
from projectdesk.errors import Conflict, EnvironmentFailure, ProjectDeskError
from projectdesk.services import notes_aside
from projectdesk.services.numbers import reserve
from projectdesk.services.rows import Kind
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema, search
from projectdesk.store.refusals import OFFLINE

if TYPE_CHECKING:
    from projectdesk.text.minutes import MinutesText

log = logging.getLogger(__name__)

_AWAY: Final = OFFLINE | {"saving_unknown"}
"""Codes of a database that is out of reach; a text that was perhaps saved may be saved twice."""
COMPACT_AFTER: Final = 500
"""How many updates a document may have before opening makes one of them."""


@dataclass(frozen=True)
class NotesPlace:
    """Which minutes the notes are kept for. title: of their meeting. state: when opened."""

    meeting_id: UUID
    minutes_id: UUID
    project_id: UUID
    title: str
    state: MinutesState


def place_of(workspace: Workspace, meeting_id: UUID) -> NotesPlace:
    """Return the newest minutes of a meeting; the first revision is made when there are none.

    Raises:
        NotFound: no such meeting.
        EnvironmentFailure: the database cannot be written.
    """
    found = _newest(workspace, meeting_id)
    if found is not None:
        return found
    try:
        with workspace.change("Begin the minutes", undoable=False) as unit:
            meeting = unit.get(Meeting, meeting_id)
            minutes = Minutes(meeting_id=meeting_id)
            unit.add(minutes)
    except Conflict:  # another desktop made them at the same time
        found = _newest(workspace, meeting_id)
        if found is None:
            raise
        return found
    return NotesPlace(meeting_id, minutes.id, meeting.project_id, meeting.title, minutes.state)


def load(workspace: Workspace, place: NotesPlace) -> MinutesText:
    """Return the document as it is kept; very many updates are made one on the way."""
    from projectdesk.text.minutes import MinutesText  # pycrdt loads when text is read

    column = schema.minutes_update.c
    with workspace.read() as session:
        rows = session.execute(
            select(column.seq, column.update)
            .where(column.minutes_id == place.minutes_id)
            .order_by(column.seq)
        ).all()
    writable = workspace.shared and place.state is not MinutesState.ACCEPTED
    aside = notes_aside.kept(workspace.data, place.minutes_id) if writable else []
    text = MinutesText.from_state([*(row.update for row in rows), *aside])
    if len(rows) > COMPACT_AFTER and workspace.copied_at is None:
        _compact(workspace, place.minutes_id, rows[-1].seq, text.state())
    return text


def write(
    workspace: Workspace,
    place: NotesPlace,
    updates: Sequence[bytes],
    indexed: Mapping[UUID, str],
) -> None:
    """Keep updates in one transaction; aside, while a team's database is out of reach.

    Args:
        workspace: the open data.
        place: whose.
        updates: in the order they were made.
        indexed: by agenda item the text that it is to be found by from now on; "" = by none.

    Raises:
        ProjectDeskError: nothing was written.
    """
    if workspace.copied_at is None:
        try:
            _write(workspace, place, updates, indexed)
            return
        except EnvironmentFailure as failure:
            if not workspace.shared or failure.code not in _AWAY:
                raise
    notes_aside.keep(workspace.data, place.minutes_id, updates)


def newer(workspace: Workspace, minutes_id: UUID, after: int) -> tuple[list[bytes], int]:
    """Return the updates after a number, and the last number there is."""
    column = schema.minutes_update.c
    with workspace.read() as session:
        rows = session.execute(
            select(column.seq, column.update)
            .where(column.minutes_id == minutes_id, column.seq > after)
            .order_by(column.seq)
        ).all()
    return [row.update for row in rows], rows[-1].seq if rows else after


@dataclass(frozen=True)
class Joined:
    """What became of notes that were kept aside.

    joined: titles of the meetings whose minutes have them now. left: of those whose minutes were
    accepted or deleted meanwhile; their text stays aside.
    """

    joined: tuple[str, ...]
    left: tuple[str, ...]


def join_aside(workspace: Workspace) -> Joined:
    """Let what was written without the team's database join it.

    Raises:
        EnvironmentFailure: the database is out of reach again; what has not joined stays aside.
    """
    joined, left = [], []
    waiting = [] if workspace.copied_at is not None else notes_aside.waiting(workspace.data)
    for minutes_id in waiting:
        place = place_by_id(workspace, minutes_id)
        if place is None or place.state is MinutesState.ACCEPTED:
            left.append(place.title if place else "")
            continue
        text = load(workspace, place)
        _write(workspace, place, notes_aside.kept(workspace.data, minutes_id), text.texts())
        notes_aside.forget(workspace.data, minutes_id)
        joined.append(place.title)
    return Joined(tuple(joined), tuple(left))


def _write(
    workspace: Workspace,
    place: NotesPlace,
    updates: Sequence[bytes],
    indexed: Mapping[UUID, str],
) -> None:
    with workspace.change(f"Notes of {place.title}", undoable=False) as unit:
        add_updates(unit, place.minutes_id, place.project_id, updates)
        if indexed:
            _index(unit.session, place, indexed)


def add_updates(unit: Unit, minutes_id: UUID, project_id: UUID, updates: Sequence[bytes]) -> None:
    """Keep updates of a text in a change that has more to it."""
    reserve(unit.session, minutes_id)
    last = unit.session.scalar(
        select(func.max(schema.minutes_update.c.seq)).where(
            schema.minutes_update.c.minutes_id == minutes_id
        )
    )
    _insert(unit.session, minutes_id, (last or 0) + 1, updates, unit.now)
    if updates:
        unit.touch(Kind.MINUTES, minutes_id, project_id)


def place_by_id(workspace: Workspace, minutes_id: UUID) -> NotesPlace | None:
    """Return whose notes the minutes of an id are; None = they are gone."""
    minutes, meeting = schema.minutes.c, schema.meeting.c
    with workspace.read() as session:
        row = session.execute(
            select(minutes.meeting_id, minutes.state, meeting.project_id, meeting.title)
            .join_from(schema.minutes, schema.meeting)
            .where(minutes.id == minutes_id)
        ).first()
    if row is None:
        return None
    return NotesPlace(row.meeting_id, minutes_id, row.project_id, row.title, row.state)


def _newest(workspace: Workspace, meeting_id: UUID) -> NotesPlace | None:
    minutes, meeting = schema.minutes.c, schema.meeting.c
    with workspace.read() as session:
        row = session.execute(
            select(minutes.id, minutes.state, meeting.project_id, meeting.title)
            .join_from(schema.minutes, schema.meeting)
            .where(minutes.meeting_id == meeting_id)
            .order_by(minutes.revision.desc())
            .limit(1)
        ).first()
    if row is None:
        return None
    return NotesPlace(meeting_id, row.id, row.project_id, row.title, row.state)


def _compact(workspace: Workspace, minutes_id: UUID, last: int, state: bytes) -> None:
    """Put one update that says all in place of those up to `last`; newer ones stay."""
    table = schema.minutes_update
    try:
        with workspace.change("Compact notes", undoable=False) as unit:
            unit.session.execute(
                delete(table).where(table.c.minutes_id == minutes_id, table.c.seq <= last)
            )
            _insert(unit.session, minutes_id, last, [state], unit.now)
    except ProjectDeskError as error:
        # Another desktop compacts, or there is no room: the updates are all there as they were.
        log.info("notes are not compacted: %s", error.code)


def _index(session: Session, place: NotesPlace, indexed: Mapping[UUID, str]) -> None:
    """Let each note be found as its agenda item's; notes of deleted items are not."""
    item = schema.agenda_item.c
    rows = session.execute(select(item.id, item.title).where(item.meeting_id == place.meeting_id))
    words = [
        search.Words(Kind.MINUTES.value, row.id, place.project_id, row.title, indexed[row.id])
        for row in rows
        if indexed.get(row.id)
    ]
    search.remove(session, [(Kind.MINUTES.value, item_id) for item_id in indexed])
    search.add(session, words)


def _insert(
    session: Session, minutes_id: UUID, first: int, updates: Sequence[bytes], at: datetime
) -> None:
    rows = [
        {"minutes_id": minutes_id, "seq": first + n, "update": update, "at": at}
        for n, update in enumerate(updates)
    ]
    if rows:
        session.execute(insert(schema.minutes_update), rows)
