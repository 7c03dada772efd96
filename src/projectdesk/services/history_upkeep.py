"""The history past its period: that there was a change stays, what it changed and who did goes.

The rows stay, and in them which fields a change wrote, because imports leave alone what a person
wrote (docs/adr/0051), project files are merged by who changed which field (docs/adr/0058), and
calendars say when a meeting was changed last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, func, select, tuple_, update
from sqlalchemy.orm import Session

from projectdesk.services.importing.own_edits import IMPORT_LABEL
from projectdesk.services.unit_settings import keep, kept
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from projectdesk.store.record import Json

_BATCH: Final = 500
_UNTIL: Final = "retention.history-until"
"""The setting that says until when the history was emptied."""
_NOTHING: Final[tuple[Json, ...]] = (None, "", [])
_WRITTEN: Final = True
"""Stands for the value of a field that a new record was made with."""


def count_history(workspace: Workspace, before: datetime) -> int:
    """Return how many rows of the history are to be emptied."""
    h = schema.history.c
    with workspace.read() as session:
        query = select(func.count()).where(h.at < before, h.at >= _until(session))
        return int(session.scalar(query) or 0)


def erase_history(
    workspace: Workspace, before: datetime, cancelled: Callable[[], bool] = lambda: False
) -> int:
    """Empty the history before an instant; return how many rows. A portion is one transaction.

    One that is interrupted begins again: what is empty already is emptied once more.
    """
    h = schema.history
    count = 0
    after: tuple[UUID, int] | None = None
    while not cancelled():
        with workspace.change("Empty the history", undoable=False) as unit:
            query = select(h).where(h.c.at < before, h.c.at >= _until(unit.session))
            if after is not None:
                query = query.where(tuple_(h.c.change_id, h.c.seq) > tuple_(*after))
            query = query.order_by(h.c.change_id, h.c.seq).limit(_BATCH)
            rows = unit.session.execute(query).all()
            empty_rows(unit.session, rows, unnamed=True)
            done = len(rows) < _BATCH
            if done:
                keep(unit.session, _UNTIL, before.isoformat())
        count += len(rows)
        if done:
            break
        after = (rows[-1].change_id, rows[-1].seq)
    return count


def empty_rows(session: Session, rows: Sequence[Any], *, unnamed: bool = False) -> None:
    """Take the values out of rows of the history; which fields they wrote stays.

    Args:
        session: of a unit.
        rows: whole rows of `history`.
        unnamed: forget who made the change, too.
    """
    if not rows:
        return
    h = schema.history
    values: dict[Any, Any] = {
        h.c.label: bindparam("said"), h.c.before: bindparam("old"), h.c.after: bindparam("new")
    }  # fmt: skip
    if unnamed:
        values[h.c.who] = ""
    at = (h.c.change_id == bindparam("change"), h.c.seq == bindparam("number"))
    emptied = update(h).where(*at).values(values)
    session.connection().execute(emptied, [_emptied(row) for row in rows])


def _until(session: Session) -> datetime:
    text = kept(session, _UNTIL)
    return datetime.fromisoformat(text) if text else datetime(1970, 1, 1, tzinfo=UTC)


def _emptied(row: Any) -> dict[str, Any]:
    return {
        "change": row.change_id,
        "number": row.seq,
        "said": IMPORT_LABEL if row.label.startswith(IMPORT_LABEL) else "",
        "old": _names(row.before),
        "new": _names(row.after, made=row.operation == "insert"),
    }


def _names(values: dict[str, Json] | None, *, made: bool = False) -> dict[str, Json] | None:
    """Return the names of fields without their values; of a new record, those it was made with."""
    if values is None:
        return None
    if made:
        return {name: _WRITTEN for name, value in values.items() if value not in _NOTHING}
    return dict.fromkeys(values)
