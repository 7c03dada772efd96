"""The journal itself: written in order, read from a place on, erased when collected and old."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import and_, delete, func, insert, or_, select, update
from sqlalchemy.engine import Connection
from uuid_utils.compat import uuid7

from projectdesk.errors import Conflict
from projectdesk.host.journal import tables
from projectdesk.host.journal.rooms import forget_sessions
from projectdesk.signalling.journal import Fact, HostStarted, JournalBatch, JournalEntry

KEPT = timedelta(days=30)
"""How long a collected entry is kept (decisions 4), where nobody says otherwise."""


@dataclass(frozen=True)
class RoomStep:
    """What one event did to a room: facts, the memory after it, sessions that are over."""

    room: str
    key_id: str
    facts: tuple[tuple[datetime, Fact], ...]
    memory: str
    forgotten: tuple[str, ...] = ()


@dataclass(frozen=True)
class Identity:
    """Which journal this is."""

    journal: str
    epoch: int


def identity(connection: Connection) -> Identity:
    """Return which journal this is."""
    row = connection.execute(select(tables.host.c.journal, tables.host.c.epoch)).one()
    return Identity(row.journal, row.epoch)


def start(
    connection: Connection, at: datetime, *, restored: bool = False, alone: bool = True
) -> datetime | None:
    """Note that the host started; return when the one before was last known alive.

    Args:
        connection: to the journal.
        at: when it started.
        restored: the database comes from a backup, so its numbers were given before: a new epoch.
        alone: no other host writes this journal, so that whatever was open is over.
    """
    alive_until: datetime | None = connection.execute(
        select(tables.host.c.alive_until)
    ).scalar_one()
    if restored:
        _raise_epoch(connection, at)
    if alone:
        append(connection, None, "", [(at, HostStarted(alive_until=alive_until))])
    note_alive(connection, at)
    return alive_until


def note_alive(connection: Connection, at: datetime) -> None:
    """Note that the host is alive at `at`."""
    connection.execute(update(tables.host).values(alive_until=at))


def append(
    connection: Connection,
    key_id: str | None,
    room: str,
    facts: Sequence[tuple[datetime, Fact]],
    *,
    identity: str | None = None,
) -> None:
    """Write facts, each with the instant it happened at, in order.

    identity: of the entry of a single fact, where it is known beforehand; else made here.

    Numbers become visible in their order: who writes waits for the transaction before (hosts that
    share a database), or a desktop would pass over the one that was committed late.
    """
    if facts:
        connection.execute(select(tables.host.c.id).with_for_update())
    for at, fact in facts:
        row = {
            "id": identity or uuid7().hex,
            "at": at,
            "room": room,
            "key_id": key_id,
            "fact": msgspec.json.encode(fact).decode(),
        }
        result = connection.execute(insert(tables.entry).values(row))
        (seq,) = result.inserted_primary_key or (0,)
        connection.execute(update(tables.host).values(last_seq=seq))


def take_steps(
    connection: Connection, steps: Sequence[RoomStep], at: datetime, node: str | None = None
) -> set[str]:
    """Write what happened in rooms, in order, and that the host is alive at `at`.

    Returns the rooms that another node has by now: nothing of them was written.
    """
    lost = set()
    for step in steps:
        row = tables.room.c.id == step.room
        if node is not None:
            row &= tables.room.c.node == node
        changed = connection.execute(update(tables.room).where(row).values(memory=step.memory))
        if node is not None and not changed.rowcount:
            lost.add(step.room)
            continue
        append(connection, step.key_id, step.room, step.facts)
        forget_sessions(connection, step.forgotten)
    note_alive(connection, at)
    return lost


def read(
    connection: Connection, key_id: str, after: int, limit: int, now: datetime
) -> JournalBatch:
    """Return a key's entries after a place, in order.

    A place that this journal never gave proves that it was restored from a backup: the epoch
    rises, so that the desktop reconciles by entry ids.
    """
    if after > connection.execute(select(tables.host.c.last_seq)).scalar_one():
        _raise_epoch(connection, now, key_id)
    mine = or_(tables.entry.c.key_id == key_id, tables.entry.c.key_id.is_(None))
    rows = connection.execute(
        select(tables.entry)
        .where(mine, tables.entry.c.seq > after)
        .order_by(tables.entry.c.seq)
        .limit(limit)
    )
    entries = [
        JournalEntry(
            seq=r.seq, id=r.id, at=r.at, room=r.room, fact=msgspec.json.decode(r.fact, type=Fact)
        )
        for r in rows
    ]
    last = connection.execute(select(func.max(tables.entry.c.seq)).where(mine)).scalar_one()
    which = identity(connection)
    return JournalBatch(
        journal=which.journal,
        epoch=which.epoch,
        entries=entries,
        last=last or 0,
        collected_until=now,
    )


def acknowledge(connection: Connection, key_id: str, journal: str, epoch: int, seq: int) -> None:
    """Note that a desktop has all of its entries up to `seq`.

    Raises:
        Conflict: `other_journal`, the place is not of this journal and epoch.
    """
    if identity(connection) != Identity(journal, epoch):
        raise Conflict("other_journal", "The host's journal is another one by now.")
    newest = connection.execute(select(tables.host.c.last_seq)).scalar_one()
    own = tables.api_key.c.id == key_id
    before = connection.execute(select(tables.api_key.c.acknowledged).where(own)).scalar_one()
    place = max(before, min(seq, newest))
    connection.execute(update(tables.api_key).where(own).values(acknowledged=place))


def erase_old(connection: Connection, now: datetime, kept: timedelta = KEPT) -> int:
    """Erase entries that were collected and are older than that; return how many.

    What every key sees (the host's own entries) goes when every valid key has it.
    """
    entry, key = tables.entry, tables.api_key
    old = entry.c.at < now - kept
    # Every valid key of a team must have it; where none is valid any more, who ever had one.
    sees = key.c.owner == entry.c.key_id
    by_valid = select(func.min(key.c.acknowledged)).where(sees, key.c.revoked_at.is_(None))
    by_any = select(func.min(key.c.acknowledged)).where(sees)
    collected = func.coalesce(by_valid.scalar_subquery(), by_any.scalar_subquery())
    by_all = select(func.min(key.c.acknowledged)).where(key.c.revoked_at.is_(None))
    erased = connection.execute(
        delete(entry).where(
            old,
            or_(
                and_(entry.c.key_id.is_not(None), entry.c.seq <= collected),
                and_(entry.c.key_id.is_(None), entry.c.seq <= by_all.scalar_subquery()),
            ),
        )
    )
    return erased.rowcount


def _raise_epoch(connection: Connection, now: datetime, owner: str | None = None) -> None:
    """Let desktops read anew. owner: only their waiting mail is doubted; None = everybody's."""
    from projectdesk.host.journal.mails import doubt  # it writes entries itself

    connection.execute(update(tables.host).values(epoch=tables.host.c.epoch + 1))
    # What was given before the backup must not be taken for new: the desktops read all again.
    connection.execute(update(tables.api_key).values(acknowledged=0))
    doubt(connection, now, owner)
