"""Which fields of our records a CORDIS record fills, and when a filled one counts as different."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from projectdesk.exchange.cordis import OrganisationRecord, ParticipationRecord, ProjectRecord

SOURCE = "cordis"

Fields = dict[str, Any]


def project_fields(record: ProjectRecord) -> Fields:
    """Return what a project record says."""
    return {
        "acronym": record.acronym,
        "title": record.title,
        "grant_number": record.number,
        "programme": record.programme,
        "call": record.call,
        "topics": list(record.topics),
        "funding_scheme": record.funding_scheme,
        "status": record.status,
        "objective": record.objective,
        "website": record.website,
        "start_date": record.start_date,
        "end_date": record.end_date,
        "duration_months": record.duration_months,
        "total_cost": record.total_cost,
        "eu_contribution": record.eu_contribution,
        "source": SOURCE,
        "source_id": record.rcn,
    }


def organisation_fields(record: OrganisationRecord) -> Fields:
    """Return what an organisation record says."""
    return {
        "legal_name": record.legal_name,
        "short_name": record.short_name,
        "country": record.country,
        "pic": record.pic,
        "vat_number": record.vat_number,
        "type": record.type,
        "sme": record.sme,
        "street": record.street,
        "post_code": record.post_code,
        "city": record.city,
        "nuts_code": record.nuts_code,
        "website": record.website,
        "latitude": record.latitude,
        "longitude": record.longitude,
    }


def partner_fields(record: ParticipationRecord, project_id: UUID, organisation_id: UUID) -> Fields:
    """Return what a participation record says."""
    return {
        "project_id": project_id,
        "organisation_id": organisation_id,
        "number": record.number,
        "parent_number": record.parent_number,
        "parent_id": None,  # its beneficiary, once all of the consortium are known
        "position": record.position,
        "short_name": record.short_name or record.organisation.short_name,
        "role": record.role,
        "contribution": record.contribution,
        "total_cost": record.total_cost,
        "source_id": record.organisation.pic,
    }


def moved_fields(present: Mapping[str, Any], found: Mapping[str, Any]) -> Fields:
    """Return those of the found fields that are known and differ from the present ones.

    A blank in a file says that the file does not know, never that the present value is wrong:
    older exports have fewer columns.
    """
    return {
        name: value
        for name, value in found.items()
        if value not in (None, "", []) and present[name] != value
    }


def in_words(value: object) -> str:
    """Return a value as a preview shows it."""
    match value:
        case None | "":
            return "–"
        case Decimal():
            return f"{value:,.2f}"
        case date():
            return value.isoformat()
        case list():
            return ", ".join(str(item) for item in value) or "–"
        case _:
            text = str(value)
            return text if len(text) <= 120 else f"{text[:119]}…"
