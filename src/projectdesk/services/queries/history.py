"""Read what happened to a record, and what hangs on it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.errors import NotFound
from projectdesk.services import dependents as hanging
from projectdesk.services.field_rules import Reference
from projectdesk.services.kinds import SPECS, in_words
from projectdesk.services.labels import name_of
from projectdesk.services.rows import Dependents, HistoryRow, Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from projectdesk.store.record import Json


def history(workspace: Workspace, record_id: UUID) -> list[HistoryRow]:
    """Return the saved changes of a record, newest first, one row for each field.

    Making and deleting it are one row each, whose field is "".
    """
    h = schema.history
    query = (
        select(h).where(h.c.record_id == record_id).order_by(h.c.change_id.desc(), h.c.seq.desc())
    )
    with workspace.read() as session:
        return [each for row in session.execute(query) for each in _rows(session, row)]


def dependents(workspace: Workspace, kind: Kind, record_id: UUID) -> list[Dependents]:
    """Return what would go with a record if it were deleted, by kind.

    Raises:
        NotFound: no such record.
    """
    return dependents_of(workspace, kind, [record_id])


def dependents_of(
    workspace: Workspace, kind: Kind, record_ids: Collection[UUID]
) -> list[Dependents]:
    """Return what would go with several records of a kind if they were deleted, by kind.

    Raises:
        NotFound: one of them does not exist.
    """
    spec = SPECS[kind]
    with workspace.read() as session:
        for record_id in record_ids:
            if session.get(spec.entity, record_id) is None:
                raise NotFound("not_found", "This {noun} does not exist any more.", noun=spec.noun)
        going = hanging.plan_deletions(session, kind, record_ids).going
    themselves = len(set(record_ids))
    counts = {each: len(ids) - (themselves if each is kind else 0) for each, ids in going.items()}
    return [
        Dependents(each, counts[each], in_words(each, counts[each]))
        for each in Kind
        if counts.get(each)
    ]


def _rows(session: Session, row: Any) -> list[HistoryRow]:
    kind = Kind(row.kind)

    def line(field: str, before: str, after: str) -> HistoryRow:
        return HistoryRow(
            row.change_id, row.at, row.who, row.label, kind, row.record_id, field, before, after
        )

    if row.operation == "insert":
        return [line("", "", title_of(row.after))]
    if row.operation == "delete":
        return [line("", title_of(row.before), "")]
    return [
        line(
            name,
            value_words(session, kind, name, row.before[name]),
            value_words(session, kind, name, row.after[name]),
        )
        for name in row.after
    ]


def title_of(fields: dict[str, Json]) -> str:
    """Return the words by which a whole record is best known."""
    for name in ("acronym", "title", "legal_name", "short_name", "name", "text", "family_name"):
        if fields.get(name):
            return str(fields[name])
    return ""


def value_words(session: Session, kind: Kind, name: str, value: Json) -> str:
    """Return what a field of the history holds, in words; references by the record's name."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(value)
    rule = {**SPECS[kind].fields, **SPECS[kind].fixed}.get(name)
    if isinstance(rule, Reference):
        found = session.get(SPECS[rule.kind].entity, UUID(str(value)))
        return "(deleted)" if found is None else name_of(session, found)
    return str(value)
