"""Find people and organisations that are here twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from projectdesk.services import duplicates
from projectdesk.services.duplicate_rows import DuplicateRow, Likeness
from projectdesk.services.mine import is_me
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def duplicate_people(workspace: Workspace, limit: int = 200) -> list[DuplicateRow]:
    """Return pairs of people who may be the same, the surest first.

    The same e-mail address, or the same name whatever its case, accents and order. Who uses this
    desktop, and else who takes part in more projects, is the first of a pair.
    """
    person, membership = schema.person, schema.membership.c
    with workspace.read() as session:
        used = dict(_counts(session, membership.person_id))
        mine = session.scalar(select(person.c.id).where(is_me(session)))
        people = list(session.execute(select(person).order_by(person.c.id)))
        names = _organisations(session)
    people.sort(key=lambda row: (row.id != mine, -used.get(row.id, 0), row.id))
    found = duplicates.pairs(people, duplicates.person_keys, duplicates.person_likeness)
    return [
        DuplicateRow(
            Kind.PERSON,
            likeness,
            *_side(one, _person(one), names.get(one.organisation_id, ""), one.email),
            *_side(other, _person(other), names.get(other.organisation_id, ""), other.email),
            duplicates.differing(one, other, duplicates.PERSON_FIELDS, names),
        )
        for likeness, one, other in found[:limit]
    ]


def duplicate_organisations(workspace: Workspace, limit: int = 200) -> list[DuplicateRow]:
    """Return pairs of organisations that may be the same, the surest first.

    The same PIC or VAT number, or the same name in the same country; two PICs are two
    organisations. The one that takes part in more projects is the first of a pair.
    """
    organisation, partner = schema.organisation, schema.partner.c
    with workspace.read() as session:
        used = dict(_counts(session, partner.organisation_id))
        rows = list(session.execute(select(organisation).order_by(organisation.c.id)))
    rows.sort(key=lambda row: (-used.get(row.id, 0), row.id))
    found: list[tuple[Likeness, Any, Any]] = duplicates.pairs(
        rows, duplicates.organisation_keys, duplicates.organisation_likeness
    )
    return [
        DuplicateRow(
            Kind.ORGANISATION,
            likeness,
            *_side(one, one.legal_name, one.city, one.country, one.pic),
            *_side(other, other.legal_name, other.city, other.country, other.pic),
            duplicates.differing(one, other, duplicates.ORGANISATION_FIELDS, {}),
        )
        for likeness, one, other in found[:limit]
    ]


def _side(row: Any, title: str, *detail: str) -> tuple[UUID, int, str, str]:
    return row.id, row.version, title, ", ".join(part for part in detail if part)


def _person(row: Any) -> str:
    return f"{row.given_name} {row.family_name}".strip() or row.email


def _counts(session: Session, column: Any) -> Sequence[tuple[UUID, int]]:
    return [
        (row[0], row[1]) for row in session.execute(select(column, func.count()).group_by(column))
    ]


def _organisations(session: Session) -> dict[UUID, str]:
    organisation = schema.organisation.c
    query = select(organisation.id, organisation.short_name, organisation.legal_name)
    return {row[0]: row[1] or row[2] for row in session.execute(query)}
