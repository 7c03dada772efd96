"""Results of connection checks: each is written once, however often the page sends it."""

from __future__ import annotations

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from projectdesk.errors import DomainError
from projectdesk.host.journal import entries, tables
from projectdesk.signalling.check import CheckReport
from projectdesk.signalling.journal import ConnectionChecked

MAX_PER_ROOM = 500
"""A link that was given away must not fill the organiser's journal."""


def record_check(
    connection: Connection,
    key_id: str,
    room: str,
    invitation: str,
    submission: str,
    report: CheckReport,
    now: datetime,
) -> None:
    """Write a result; one whose submission was written before is confirmed.

    Raises:
        DomainError: `too_many_checks`.
    """
    identity = uuid5(NAMESPACE_URL, f"projectdesk:check:{room}:{invitation}:{submission}").hex
    entry = tables.entry
    if connection.execute(select(entry.c.seq).where(entry.c.id == identity)).first() is not None:
        return
    written = select(func.count()).where(
        entry.c.room == room, entry.c.fact.startswith('{"type":"connectionChecked"')
    )
    if connection.execute(written).scalar_one() >= MAX_PER_ROOM:
        raise DomainError("too_many_checks", "This meeting's connections were checked too often.")
    fact = ConnectionChecked(invitation=invitation, report=report)
    entries.append(connection, key_id, room, [(now, fact)], identity=identity)
