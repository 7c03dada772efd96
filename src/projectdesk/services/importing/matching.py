"""Which of our records a record of a file stands for: source ids, grant numbers, PICs, names.

These are hints and not keys (decisions 11): a record matches at most one of ours, the surest first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.exchange.cordis import (
    ConsortiumRecord,
    OrganisationRecord,
    ParticipationRecord,
)
from projectdesk.exchange.values import fold
from projectdesk.services.importing.fields import SOURCE
from projectdesk.store import schema

_CHUNK = 500

Row = dict[str, Any]
"""One row of ours as the database has it, by column."""


class OrganisationIndex:
    """Finds organisations by PIC, else by name and country among those without one.

    An organisation of ours without a PIC is taken for the first of the same name and country that
    comes with one; two PICs are two organisations, whatever their names.
    """

    def __init__(self, session: Session) -> None:
        c = schema.organisation.c
        self._by_pic: dict[str, UUID] = {}
        self._unnumbered: dict[tuple[str, str], list[UUID]] = {}
        self._numbered: dict[tuple[str, str], list[UUID]] = {}
        rows = session.connection().execute(
            select(c.id, c.pic, c.legal_name, c.country).order_by(c.id)
        )
        for record_id, pic, legal_name, country in rows:
            names = self._numbered if pic else self._unnumbered
            names.setdefault((fold(legal_name), country), []).append(record_id)
            if pic:
                self._by_pic.setdefault(pic, record_id)

    def find(self, record: OrganisationRecord) -> UUID | None:
        """Return our organisation for one of a file, None if it is new."""
        if record.pic and (known := self._by_pic.get(record.pic)):
            return known
        if not (self._unnumbered or (self._numbered and not record.pic)):
            return None
        key = fold(record.legal_name), record.country
        unnumbered = self._unnumbered.get(key, [])
        if record.pic:
            if not unnumbered:
                return None
            adopted = unnumbered.pop(0)
            self._by_pic[record.pic] = adopted
            return adopted
        # Without a PIC in the file, the n-th of a name is our n-th of that name.
        candidates = unnumbered + self._numbered.get(key, [])
        return candidates[record.occurrence - 1] if len(candidates) >= record.occurrence else None


class ProjectIndex:
    """Finds projects by grant number, else by their id at CORDIS."""

    def __init__(self, session: Session) -> None:
        c = schema.project.c
        self._session = session
        self._by_number: dict[str, UUID] = {}
        self._by_source: dict[str, UUID] = {}
        rows = session.connection().execute(
            select(c.id, c.grant_number, c.source, c.source_id).order_by(c.id)
        )
        for record_id, number, source, source_id in rows:
            if number:
                self._by_number.setdefault(number, record_id)
            if source == SOURCE and source_id:
                self._by_source.setdefault(source_id, record_id)

    def find(self, records: Sequence[ConsortiumRecord]) -> dict[str, Row]:
        """Return our projects by the grant number of the file, for those that we have."""
        ids: dict[str, UUID] = {}
        named: dict[str, Row] = {}
        for record in records:
            rcn = record.project.rcn if record.project is not None else ""
            known = self._by_number.get(record.number) or self._by_source.get(rcn)
            if known is not None and record.project is None:
                named[record.number] = {"id": known}  # nothing to compare it with
            elif known is not None:
                ids[record.number] = known
        rows = rows_by_id(self._session, schema.project, ids.values())
        return named | {number: rows[record_id] for number, record_id in ids.items()}


def rows_by_id(session: Session, table: Any, ids: Iterable[UUID]) -> dict[UUID, Row]:
    """Return whole rows of a table by their ids."""
    wanted = list(ids)
    found: dict[UUID, Row] = {}
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        rows = session.connection().execute(select(table).where(table.c.id.in_(chunk)))
        found.update((row["id"], dict(row)) for row in rows.mappings())
    return found


def partners_by_project(session: Session, project_ids: Sequence[UUID]) -> dict[UUID, list[Row]]:
    """Return the partners of some projects, in their order."""
    c = schema.partner.c
    found: dict[UUID, list[Row]] = {}
    rows = session.connection().execute(
        select(schema.partner).where(c.project_id.in_(project_ids)).order_by(c.position, c.id)
    )
    for row in rows.mappings():
        found.setdefault(row["project_id"], []).append(dict(row))
    return found


def take_partner(
    present: list[Row], record: ParticipationRecord, organisation_id: UUID
) -> Row | None:
    """Take out of `present` our partner for one of a file: same organisation, at best same part.

    An organisation may take part twice (for itself and as a third party), so role and number tell
    its parts apart; if they changed, the organisation alone decides.
    """
    mine = [row for row in present if row["organisation_id"] == organisation_id]
    if not mine:
        return None

    def likeness(row: Row) -> int:
        numbers = (row["number"], row["parent_number"])
        same_role: bool = row["role"] == record.role
        return 2 * same_role + (numbers == (record.number, record.parent_number))

    best = max(mine, key=likeness)
    present.remove(best)
    return best
