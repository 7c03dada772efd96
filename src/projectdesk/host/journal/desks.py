"""Desks as a host keeps them: form, answer so far, submissions that counted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from projectdesk.errors import Conflict
from projectdesk.host.journal import tables
from projectdesk.host.journal.entries import append
from projectdesk.signalling.desk import Answer, DeskSnapshot
from projectdesk.signalling.journal import DeskAnswered


@dataclass(frozen=True)
class StoredDesk:
    """A desk's row. retired: hashes of replaced links; withdrawn: the desktop deleted it."""

    id: str
    key_id: str
    snapshot: DeskSnapshot
    retired: tuple[str, ...]
    withdrawn: bool
    answer: Answer | None
    answered_at: datetime | None


def find(connection: Connection, desk: str) -> StoredDesk | None:
    """Return a desk, or None."""
    row = connection.execute(select(tables.desk).where(tables.desk.c.id == desk)).first()
    if row is None:
        return None
    return StoredDesk(
        id=row.id,
        key_id=row.key_id,
        snapshot=msgspec.json.decode(row.snapshot, type=DeskSnapshot),
        retired=tuple(msgspec.json.decode(row.retired, type=list[str])),
        withdrawn=row.withdrawn,
        answer=None if row.answer is None else msgspec.json.decode(row.answer, type=Answer),
        answered_at=row.answered_at,
    )


def put(
    connection: Connection, desk: str, key_id: str, snapshot: DeskSnapshot, at: datetime
) -> None:
    """Keep a desk's form; an answer given before stays. A replaced link is remembered.

    Raises:
        Conflict: `desk_taken`, another key made a desk of this id.
    """
    before = find(connection, desk)
    text = msgspec.json.encode(snapshot).decode()
    if before is None:
        row = {
            "id": desk,
            "key_id": key_id,
            "snapshot": text,
            "retired": "[]",
            "withdrawn": False,
            "changed_at": at,
        }
        connection.execute(insert(tables.desk).values(row))
        return
    if before.key_id != key_id:
        raise Conflict("desk_taken", "This desk's id is in use.")
    links = {*before.retired, before.snapshot.token_hash} - {"", snapshot.token_hash}
    connection.execute(
        update(tables.desk)
        .where(tables.desk.c.id == desk)
        .values(
            snapshot=text,
            retired=msgspec.json.encode(sorted(links)).decode(),
            withdrawn=False,
            changed_at=at,
        )
    )


def withdraw(connection: Connection, desk: str, key_id: str, at: datetime) -> bool:
    """Withdraw a desk; return whether the key has such a desk."""
    mine = (tables.desk.c.id == desk) & (tables.desk.c.key_id == key_id)
    change = update(tables.desk).where(mine).values(withdrawn=True, changed_at=at)
    return bool(connection.execute(change).rowcount)


def has_submission(connection: Connection, desk: str, submission: str) -> bool:
    """Tell whether a submission counted already."""
    known = select(tables.desk_submission.c.desk).where(
        tables.desk_submission.c.desk == desk, tables.desk_submission.c.submission == submission
    )
    return connection.execute(known).first() is not None


def answer(
    connection: Connection, desk: StoredDesk, submission: str, given: Answer, at: datetime
) -> StoredDesk:
    """Keep an answer and write it to the journal, at once or not at all; return the desk after.

    A submission that came before, or an answer that changes nothing, is not written again.
    """
    if has_submission(connection, desk.id, submission):
        return desk
    row = {"desk": desk.id, "submission": submission}
    connection.execute(insert(tables.desk_submission).values(row))
    if desk.answer == given:
        return desk
    connection.execute(
        update(tables.desk)
        .where(tables.desk.c.id == desk.id)
        .values(answer=msgspec.json.encode(given).decode(), answered_at=at)
    )
    fact = DeskAnswered(desk=desk.id, subject=desk.snapshot.subject, answer=given)
    append(connection, desk.key_id, "", [(at, fact)])
    return replace(desk, answer=given, answered_at=at)
