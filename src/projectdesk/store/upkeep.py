"""What a database is rid of when it is opened."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Column, Select, Table, delete, select
from sqlalchemy.exc import SQLAlchemyError

from projectdesk.store.database import Database
from projectdesk.store.failures import failure_of
from projectdesk.store.schema import agenda_item, history, minutes, minutes_update, search_entry

UNDO_LASTS = timedelta(days=7)
"""Longer than a desktop runs on end: after that, nobody can take a deletion back any more."""


def forget_deleted_text(database: Database, now: datetime) -> int:
    """Remove the text of minutes, and what notes are found by, whose deletion is past undoing.

    Args:
        database: the open database.
        now: UTC.

    Returns:
        How many rows were removed.

    Raises:
        EnvironmentFailure: the database cannot be read or written.
    """
    text = minutes_update.c.minutes_id
    notes = search_entry.c.record_id
    try:
        with database.reading.connect() as connection:
            minutes_gone = connection.scalars(_gone(minutes, text, now)).all()
            items_gone = connection.scalars(
                _gone(agenda_item, notes, now).where(search_entry.c.kind == minutes.name)
            ).all()
        if not minutes_gone and not items_gone:
            return 0
        with database.writing.begin() as connection:
            texts = connection.execute(delete(minutes_update).where(text.in_(minutes_gone)))
            entries = connection.execute(
                delete(search_entry).where(
                    search_entry.c.kind == minutes.name, notes.in_(items_gone)
                )
            )
            return texts.rowcount + entries.rowcount
    except SQLAlchemyError as error:
        failure = failure_of(error)
        if failure is None:
            raise
        raise failure from error


def _gone(table: Table, left: Column[UUID], now: datetime) -> Select[UUID]:
    """Return the query of ids in `left` whose record of `table` was deleted long ago."""
    return (
        select(left)
        .distinct()
        .join_from(left.table, history, history.c.record_id == left)
        .where(
            history.c.kind == table.name,
            history.c.operation == "delete",
            history.c.at < now - UNDO_LASTS,
            left.not_in(select(table.c.id)),
        )
    )
