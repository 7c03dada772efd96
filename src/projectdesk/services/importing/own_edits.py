"""Which fields a person wrote by hand: an import leaves them alone (docs/adr/0051).

The history knows. Whatever wrote a field that was not an import is a person; the fields of a record
that a person made are theirs as far as they are filled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.store.schema import history

IMPORT_LABEL = "Import "
"""How the label of every change begins that an import made."""

_CHUNK = 500


def own_edits(session: Session, ids: Iterable[UUID]) -> dict[UUID, set[str]]:
    """Return, for those of the records that have any, the fields a person wrote."""
    found: dict[UUID, set[str]] = {}
    for chunk in _chunks(list(ids)):
        rows = session.connection().execute(
            select(history.c.record_id, history.c.operation, history.c.after)
            .where(
                history.c.record_id.in_(chunk),
                history.c.operation.in_(("insert", "update")),
                ~history.c.label.startswith(IMPORT_LABEL, autoescape=True),
            )
            .order_by(history.c.change_id, history.c.seq)
        )
        for record_id, operation, after in rows:
            written = {
                name
                for name, value in (after or {}).items()
                if operation == "update" or value not in (None, "", [])
            }
            found.setdefault(record_id, set()).update(written)
    return found


def _chunks(ids: Sequence[UUID]) -> Iterable[Sequence[UUID]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))
