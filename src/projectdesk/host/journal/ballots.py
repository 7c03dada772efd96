"""The box of secret ballots in a host's database (decisions 14).

One transaction writes that a member voted, and a ballot: a random receipt and a choice, with no
member, no time and no sequence. Until the vote is closed, the database's log can still tell which
two were written together. When it is closed both are written anew in a random order, the file is
rebuilt and its log emptied (`sweep`): who reads the files after that finds no link. Who watches the
host while people vote could see one; voters are told so.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from dataclasses import dataclass
from typing import Final, TypeVar

from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from projectdesk.host.journal import tables
from projectdesk.host.journal.database import unavailable

_T = TypeVar("_T")
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS: Final = 3
_PATIENCE: Final = 20
_PAUSE_S: Final = 0.1
"""The log is emptied once nobody reads the file: tried so often, so long apart."""


@dataclass(frozen=True)
class OpenedBox:
    """What a box holds. turnout: members, by id. ballots: receipt and choice, by receipt."""

    turnout: tuple[str, ...]
    ballots: tuple[tuple[str, str], ...]


def drop(connection: Connection, room: str, vote: int, member: str, choice: str) -> str | None:
    """Put a ballot into the box; return its receipt, or None: the member has voted."""
    voted = tables.turnout.c
    known = select(voted.member).where(
        voted.room == room, voted.vote == vote, voted.member == member
    )
    if connection.execute(known).first() is not None:
        return None
    receipt = _receipt()
    connection.execute(
        insert(tables.turnout).values({"room": room, "vote": vote, "member": member})
    )
    row = {"receipt": receipt, "room": room, "vote": vote, "choice": choice}
    connection.execute(insert(tables.ballot).values(row))
    return receipt


def read_turnout(connection: Connection, room: str, vote: int) -> tuple[str, ...]:
    """Return which members have voted, by id."""
    voted = tables.turnout.c
    query = select(voted.member).where(voted.room == room, voted.vote == vote)
    return tuple(connection.scalars(query.order_by(voted.member)))


def open_box(connection: Connection, room: str, vote: int, *, burn: bool) -> OpenedBox:
    """Return what is in a box; the first time all of it is written anew, in a random order.

    burn: the vote was called off; nothing is kept.
    """
    box, ballot, voted = tables.ballot_box, tables.ballot, tables.turnout
    ours = (ballot.c.room == room, ballot.c.vote == vote)
    turnout = read_turnout(connection, room, vote)
    query = select(ballot.c.receipt, ballot.c.choice).where(*ours).order_by(ballot.c.receipt)
    ballots = tuple((row.receipt, row.choice) for row in connection.execute(query))
    opened = select(box.c.vote).where(box.c.room == room, box.c.vote == vote)
    if connection.execute(opened).first() is None:
        connection.execute(delete(ballot).where(*ours))
        connection.execute(delete(voted).where(voted.c.room == room, voted.c.vote == vote))
        if not burn:
            for receipt, choice in _shuffled(ballots):
                row = {"receipt": receipt, "room": room, "vote": vote, "choice": choice}
                connection.execute(insert(ballot).values(row))
            for member in _shuffled(turnout):
                row = {"room": room, "vote": vote, "member": member}
                connection.execute(insert(voted).values(row))
        connection.execute(insert(box).values({"room": room, "vote": vote, "swept": False}))
    return OpenedBox(turnout, ballots)


def erase_boxes(connection: Connection, room: str) -> None:
    """Erase the boxes of a room."""
    for table in (tables.ballot, tables.turnout, tables.ballot_box):
        connection.execute(delete(table).where(table.c.room == room))


def sweep(engine: Engine) -> bool:
    """Leave nothing in the files that tells what was written together; False: try again later.

    SQLite: the file is rebuilt, its write-ahead log emptied. PostgreSQL: both tables are rebuilt;
    its own log is the server's, and goes with its retention.

    Raises:
        EnvironmentFailure: `journal_unavailable`.
    """
    try:
        with engine.begin() as connection:
            waiting = select(tables.ballot_box.c.vote).where(~tables.ballot_box.c.swept)
            if connection.execute(waiting).first() is None:
                return True
        if not (_rebuild_file(engine) if engine.dialect.name == "sqlite" else _rebuild(engine)):
            return False
        with engine.begin() as connection:
            connection.execute(update(tables.ballot_box).values(swept=True))
    except (SQLAlchemyError, sqlite3.Error) as error:  # a full disk, a file in use
        raise unavailable(error) from error
    return True


def _rebuild_file(engine: Engine) -> bool:
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("VACUUM")
        for _ in range(_PATIENCE):
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            row = cursor.fetchone()  # busy, frames in the log, frames moved
            if row is not None and not row[0]:
                return True
            time.sleep(_PAUSE_S)
        return False
    finally:
        raw.close()


def _rebuild(engine: Engine) -> bool:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM (FULL) turnout, ballot")
    return True


def _receipt() -> str:
    """Return a random receipt that can be read out: 12 characters, 58 bits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(_GROUPS))
    return "-".join(groups)


def _shuffled(things: tuple[_T, ...]) -> list[_T]:
    return secrets.SystemRandom().sample(things, len(things))
