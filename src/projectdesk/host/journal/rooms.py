"""Rooms and sessions as a host keeps them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.engine import Connection

from projectdesk.host.journal import tables
from projectdesk.signalling.control import RoomSnapshot


@dataclass(frozen=True)
class StoredRoom:
    """A room's row. memory: JSON of what the room must not forget."""

    id: str
    key_id: str
    snapshot: RoomSnapshot
    memory: str


@dataclass(frozen=True)
class StoredSession:
    """A session's row; secrets are there as their SHA-256 only."""

    hash: str
    room: str
    invitation: str
    name: str
    resume_hash: str
    opened_at: datetime


def put(connection: Connection, room: StoredRoom, at: datetime, node: str | None = None) -> None:
    """Keep a room's snapshot; a new room gets its memory, a known one keeps the one it has.

    node: of the host that has it, None where there is one only.
    """
    text = msgspec.json.encode(room.snapshot).decode()
    changed = connection.execute(
        update(tables.room).where(tables.room.c.id == room.id).values(snapshot=text, changed_at=at)
    )
    if not changed.rowcount:
        row = {
            "id": room.id,
            "key_id": room.key_id,
            "snapshot": text,
            "memory": room.memory,
            "changed_at": at,
            "node": node,
        }
        connection.execute(insert(tables.room).values(row))


def load_all(connection: Connection, node: str | None = None) -> list[StoredRoom]:
    """Return every room, or those that one node has."""
    query = select(tables.room).order_by(tables.room.c.id)
    if node is not None:
        query = query.where(tables.room.c.node == node)
    return [_stored(row) for row in connection.execute(query)]


def read_room(connection: Connection, room: str) -> StoredRoom | None:
    """Return one room, or None."""
    row = connection.execute(select(tables.room).where(tables.room.c.id == room)).first()
    return None if row is None else _stored(row)


def _stored(row: Row[Any]) -> StoredRoom:
    snapshot = msgspec.json.decode(row.snapshot, type=RoomSnapshot)
    return StoredRoom(row.id, row.key_id, snapshot, row.memory)


def open_session(connection: Connection, session: StoredSession) -> None:
    """Keep a session."""
    connection.execute(
        insert(tables.session).values(
            hash=session.hash,
            room=session.room,
            invitation=session.invitation,
            name=session.name,
            resume_hash=session.resume_hash,
            opened_at=session.opened_at,
        )
    )


def forget_sessions(connection: Connection, hashes: Iterable[str]) -> None:
    """Erase sessions; one that is not there is no error."""
    gone = list(hashes)
    if gone:
        connection.execute(delete(tables.session).where(tables.session.c.hash.in_(gone)))


def load_sessions(connection: Connection) -> list[StoredSession]:
    """Return every session, oldest first."""
    rows = connection.execute(select(tables.session).order_by(tables.session.c.opened_at))
    return [
        StoredSession(r.hash, r.room, r.invitation, r.name, r.resume_hash, r.opened_at)
        for r in rows
    ]
