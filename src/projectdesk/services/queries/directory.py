"""Find organisations to choose partners from: in the directory, and among our own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from projectdesk.domain.consortium import OrganisationType
from projectdesk.domain.countries import iso_country
from projectdesk.services.directory_rows import DirectoryRow, DirectoryState
from projectdesk.services.workspace import Workspace
from projectdesk.store import directory, schema, search
from projectdesk.store.search import CHUNK


def search_directory(
    workspace: Workspace, text: str, country: str | None = None, limit: int = 50
) -> list[DirectoryRow]:
    """Return organisations of the directory that hold every word of `text`, best first.

    A word is found in the short name, legal name, city and country, and at the beginning of the
    PIC, whatever its case and accents; one or two letters at the beginning of words. The PIC
    itself comes first, then the short name itself, names that begin so, words that begin so, and
    the rest; of equals those in most projects.

    Args:
        workspace: the open database.
        text: as typed; "" = all.
        country: ISO code (or EL, UK); None = all.
        limit: how many at most.
    """
    with workspace.read() as session:
        return _entries(session, text, country, limit)


def choosable_organisations(
    workspace: Workspace, text: str, country: str | None = None, limit: int = 50
) -> list[DirectoryRow]:
    """Return organisations to choose a partner from: our own first, then the directory's.

    An organisation of the directory that is here already (by PIC) is only shown as our own.

    Args:
        workspace: the open database.
        text: as typed; "" = nothing.
        country: ISO code (or EL, UK); None = all.
        limit: how many at most.
    """
    if not text.strip():
        return []
    with workspace.read() as session:
        own = _own(session, text, country, limit)
        found = _entries(session, text, country, limit)
        known = _with_pics(session, [row.pic for row in found])
    return [*own, *(row for row in found if row.pic not in known)][:limit]


def directory_state(workspace: Workspace) -> DirectoryState:
    """Return how many organisations the directory has, and of which countries (most first)."""
    with workspace.read() as session:
        counts = directory.counts(session)
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return DirectoryState(sum(counts.values()), tuple(each for each in ordered if each[0]))


def _entries(session: Session, text: str, country: str | None, limit: int) -> list[DirectoryRow]:
    found = directory.find(session, text, iso_country(country or ""), limit)
    return [_row(entry, OrganisationType(entry.type)) for entry in found]


def _own(session: Session, text: str, country: str | None, limit: int) -> list[DirectoryRow]:
    organisation, partner = schema.organisation, schema.partner.c
    # Of one country there may be few among the many that hold the words.
    found = search.find(session, text, CHUNK if country else limit, kind="organisation")
    ids = [each.record_id for each in found]
    projects = (
        select(func.count(func.distinct(partner.project_id)))
        .where(partner.organisation_id == organisation.c.id)
        .scalar_subquery()
    )
    query = select(organisation, projects.label("projects")).where(organisation.c.id.in_(ids))
    if country:
        query = query.where(organisation.c.country == iso_country(country))
    rows = {row.id: row for row in session.execute(query)}
    return [
        _row(rows[each], rows[each].type, each, rows[each].projects) for each in ids if each in rows
    ]


def _with_pics(session: Session, pics: list[str]) -> set[str]:
    organisation = schema.organisation.c
    return set(session.scalars(select(organisation.pic).where(organisation.pic.in_(pics))))


def _row(
    row: Any, type_: OrganisationType, organisation_id: UUID | None = None, projects: int = 0
) -> DirectoryRow:
    return DirectoryRow(
        pic=row.pic,
        legal_name=row.legal_name,
        short_name=row.short_name,
        country=row.country,
        city=row.city,
        type=type_,
        sme=row.sme,
        vat_number=row.vat_number,
        street=row.street,
        post_code=row.post_code,
        nuts_code=row.nuts_code,
        website=row.website,
        latitude=row.latitude,
        longitude=row.longitude,
        organisation_id=organisation_id,
        projects=projects,
    )
