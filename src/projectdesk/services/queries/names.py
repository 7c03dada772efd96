"""What queries call partners and people, as expressions of SQL and of rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, func, select

from projectdesk.store import schema


def partner_name(partner: FromClause, organisation: FromClause) -> ColumnElement[str]:
    """Return how a partner is called: its short name, else its organisation's, else the legal."""
    return func.coalesce(
        func.nullif(partner.c.short_name, ""),
        func.nullif(organisation.c.short_name, ""),
        organisation.c.legal_name,
    )


def partner_names() -> Select[Any]:
    """Return the query of (id, name, number, project) of all partners, to join others with."""
    partner, organisation = schema.partner, schema.organisation
    return select(
        partner.c.id,
        partner_name(partner, organisation).label("name"),
        partner.c.number,
        partner.c.project_id,
    ).join_from(partner, organisation)


def full_name(person: FromClause) -> ColumnElement[str]:
    """Return given and family name of a person as one text, "" where there is nobody."""
    given = func.coalesce(person.c.given_name, "")
    family = func.coalesce(person.c.family_name, "")
    return func.trim(given + " " + family)


def person_name(row: Any) -> str:
    """Return given and family name of a row as one text."""
    return f"{row.given_name or ''} {row.family_name or ''}".strip()
