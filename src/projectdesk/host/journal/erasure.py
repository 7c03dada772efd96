"""Erases what is collected and old: entries, then the rooms and desks they were about."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.engine import Connection

from projectdesk.host.journal import desk_files, mails, minutes, tables
from projectdesk.host.journal.ballots import erase_boxes
from projectdesk.host.journal.entries import KEPT, erase_old
from projectdesk.host.journal.rooms import load_all
from projectdesk.signalling.control import RoomSnapshot
from projectdesk.signalling.desk import (
    DeskSnapshot,
    FeedSnapshot,
    InvitationSnapshot,
    PollSnapshot,
    files_of,
)
from projectdesk.signalling.journal import DeskAnswered, Fact


def erase(
    connection: Connection, now: datetime, node: str | None = None, kept: timedelta = KEPT
) -> list[str]:
    """Erase what was collected and is older than `kept`; return the ids of erased rooms.

    A room or desk goes with its last entry, so nothing that a desktop has not collected is lost.
    node: erase the rooms of this one only; the others' are theirs to erase.
    """
    erase_old(connection, now, kept)
    before = now - kept
    gone = [
        room.id
        for room in load_all(connection, node)
        if _closed(room.snapshot) < before and not _has_entries(connection, room.id)
    ]
    minutes.erase(connection, gone)
    for room in gone:
        erase_boxes(connection, room)
        connection.execute(delete(tables.session).where(tables.session.c.room == room))
        connection.execute(delete(tables.room).where(tables.room.c.id == room))
    _erase_desks(connection, before)
    desk_files.erase(connection, _offered(connection), now)
    mails.erase_old(connection, before)
    return gone


def _closed(snapshot: RoomSnapshot) -> datetime:
    minutes = snapshot.duration_minutes + snapshot.rules.closes_after_minutes
    return snapshot.starts_at + timedelta(minutes=minutes)


def _has_entries(connection: Connection, room: str) -> bool:
    found = select(tables.entry.c.seq).where(tables.entry.c.room == room).limit(1)
    return connection.execute(found).first() is not None


def _desks_with_entries(connection: Connection) -> set[str]:
    """Return the desks whose answers are still in the journal, collected or not."""
    desks = set()
    for text in connection.scalars(select(tables.entry.c.fact).where(tables.entry.c.room == "")):
        fact = msgspec.json.decode(text, type=Fact)
        if isinstance(fact, DeskAnswered):
            desks.add(fact.desk)
    return desks


def _over(snapshot: DeskSnapshot) -> datetime | None:
    """Return when a desk takes no more answers; None if nothing says so."""
    form = snapshot.form
    if snapshot.deadline is None and isinstance(form, InvitationSnapshot):
        return form.starts_at + timedelta(minutes=form.duration_minutes)
    if snapshot.deadline is None and isinstance(form, PollSnapshot) and form.dates:
        return max(date.starts_at for date in form.dates)
    return snapshot.deadline


def _is_read_still(snapshot: DeskSnapshot) -> bool:
    """Tell whether programs read it until it is revoked, however long nothing changes in it."""
    return isinstance(snapshot.form, FeedSnapshot) and bool(snapshot.token_hash)


def _offered(connection: Connection) -> set[tuple[str, str]]:
    """Return the files that desks offer: of which key, by hash."""
    found: set[tuple[str, str]] = set()
    desk = tables.desk.c
    for row in connection.execute(select(desk.key_id, desk.snapshot).where(~desk.withdrawn)):
        form = msgspec.json.decode(row.snapshot, type=DeskSnapshot).form
        found.update((row.key_id, each.sha256) for each in files_of(form))
    return found


def _erase_desks(connection: Connection, before: datetime) -> None:
    answered = _desks_with_entries(connection)
    for row in connection.execute(select(tables.desk)).all():
        snapshot = msgspec.json.decode(row.snapshot, type=DeskSnapshot)
        over = _over(snapshot) or row.changed_at
        if _is_read_still(snapshot) and not row.withdrawn:
            continue
        if row.withdrawn:
            over = min(over, row.changed_at)
        if over >= before or row.id in answered:
            continue
        submissions = tables.desk_submission
        connection.execute(delete(submissions).where(submissions.c.desk == row.id))
        connection.execute(delete(tables.desk).where(tables.desk.c.id == row.id))
