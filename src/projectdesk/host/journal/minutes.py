"""Minutes that are written together, as a host keeps them: changes in order, and their authors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from projectdesk.host.journal import tables
from projectdesk.signalling.writing import Author


@dataclass(frozen=True)
class StoredMinutes:
    """What is kept of a room's minutes. document: "" = nobody named it. last: of the changes."""

    document: str
    updates: tuple[bytes, ...] = ()
    authors: tuple[Author, ...] = ()
    last: int = 0


@dataclass(frozen=True)
class Named:
    """The document that had no name has one; `anew`: another, empty one is written from now on."""

    room: str
    document: str
    anew: bool


@dataclass(frozen=True)
class Changed:
    """A change of a room's document."""

    room: str
    document: str
    update: bytes


@dataclass(frozen=True)
class Signed:
    """Who writes with a replica; who said so first stays."""

    room: str
    document: str
    author: Author


Step = Named | Changed | Signed


def load(connection: Connection, room: str) -> StoredMinutes:
    """Return what is kept of the document that is written in a room."""
    which = tables.minutes_document.c
    name = connection.execute(select(which.document).where(which.room == room)).scalar()
    document = name or ""
    change, author = tables.minutes_update.c, tables.minutes_author.c
    rows = connection.execute(
        select(change.seq, change.update)
        .where(change.room == room, change.document == document)
        .order_by(change.seq)
    ).all()
    signed = connection.execute(
        select(author.replica, author.participant, author.name)
        .where(author.room == room, author.document == document)
        .order_by(author.replica)
    )
    return StoredMinutes(
        document,
        tuple(row.update for row in rows),
        tuple(Author(replica=r, participant=who, name=name) for r, who, name in signed),
        rows[-1].seq if rows else 0,
    )


def take(connection: Connection, steps: Sequence[Step]) -> None:
    """Keep what happened to documents, in order."""
    for step in steps:
        match step:
            case Changed(room=room, document=document, update=change):
                row = {"room": room, "document": document, "update": change}
                connection.execute(insert(tables.minutes_update).values(row))
            case Named():
                _name(connection, step)
            case Signed():
                _sign(connection, step)


def compact(connection: Connection, room: str, document: str, last: int, state: bytes) -> None:
    """Put one change that says all in place of those up to number `last`."""
    change = tables.minutes_update
    mine = (change.c.room == room) & (change.c.document == document)
    connection.execute(delete(change).where(mine, change.c.seq < last))
    connection.execute(update(change).where(mine, change.c.seq == last).values(update=state))


def erase(connection: Connection, rooms: Iterable[str]) -> None:
    """Erase all that was written in rooms."""
    gone = list(rooms)
    for table in (tables.minutes_document, tables.minutes_update, tables.minutes_author):
        if gone:
            connection.execute(delete(table).where(table.c.room.in_(gone)))


def _name(connection: Connection, step: Named) -> None:
    which = tables.minutes_document
    renamed = {"document": step.document}
    if not step.anew:
        for table in (tables.minutes_update, tables.minutes_author):
            nameless = (table.c.room == step.room) & (table.c.document == "")
            connection.execute(update(table).where(nameless).values(renamed))
    changed = connection.execute(update(which).where(which.c.room == step.room).values(renamed))
    if not changed.rowcount:
        connection.execute(insert(which).values(room=step.room, **renamed))


def _sign(connection: Connection, step: Signed) -> None:
    author = tables.minutes_author
    row = {
        "room": step.room,
        "document": step.document,
        "replica": step.author.replica,
    }
    same = [author.c[name] == value for name, value in row.items()]
    if connection.execute(select(author.c.replica).where(*same)).first() is None:
        named = {"participant": step.author.participant, "name": step.author.name[:200]}
        connection.execute(insert(author).values(row | named))
