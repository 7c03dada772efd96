"""What a database is rid of when it is opened."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from projectdesk.store.database import Database
from projectdesk.store.failures import failure_of
from projectdesk.store.schema import history, minutes, minutes_update

UNDO_LASTS = timedelta(days=7)
"""Longer than a desktop runs on end: after that, nobody can take a deletion back any more."""


def forget_deleted_text(database: Database, now: datetime) -> int:
    """Remove the text of minutes whose deletion can no longer be undone.

    Args:
        database: the open database.
        now: UTC.

    Returns:
        How many updates were removed.

    Raises:
        EnvironmentFailure: the database cannot be read or written.
    """
    gone = select(history.c.record_id).where(
        history.c.kind == minutes.name,
        history.c.operation == "delete",
        history.c.at < now - UNDO_LASTS,
        history.c.record_id.not_in(select(minutes.c.id)),
        history.c.record_id.in_(select(minutes_update.c.minutes_id)),
    )
    try:
        with database.reading.connect() as connection:
            ids = connection.scalars(gone).all()
        if not ids:
            return 0
        with database.writing.begin() as connection:
            removed = connection.execute(
                delete(minutes_update).where(minutes_update.c.minutes_id.in_(ids))
            )
            return removed.rowcount
    except Exception as error:
        failure = failure_of(error)
        if failure is None:
            raise
        raise failure from error
