"""The columns of the CORDIS exports by all the names they have had, and which file is which.

FP1 to FP7, Horizon 2020 and Horizon Europe name them differently; `tables.normalised` levels case,
spaces and underscores.

May import: exchange.tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple

from projectdesk.exchange.tables import Column, normalised

PROJECT_COLUMNS = (
    Column(
        "id",
        (
            "reference",
            "projectID",
            "projectReference",
            "contractNumber",
            "grantAgreementId",
            "grantAgreementNumber",
            "grantNumber",
            "projectNumber",
        ),
        required=True,
    ),
    Column("acronym", ("projectAcronym",)),
    Column("title", ("projectTitle",)),
    Column("status"),
    Column("startDate", ("projectStartDate", "start")),
    Column("endDate", ("projectEndDate", "end")),
    Column("duration", ("durationMonths",)),
    Column("totalCost", ("cost",)),
    Column("ecMaxContribution", ("euContribution", "ecContribution", "totalFunding", "funding")),
    Column("frameworkProgramme"),
    Column("legalBasis", ("programme", "pga")),
    Column("topics", ("topic",)),
    Column("subCall", ("call", "projectCall")),
    Column("masterCall"),
    Column("fundingScheme", ("contractType",)),
    Column("objective", ("objectives",)),
    Column("projectUrl", ("projectWebsite", "website")),
    Column("rcn", ("projectRcn",)),
    Column("coordinator"),
    Column("coordinatorCountry"),
    Column("participants"),
    Column("participantCountries", ("contractorCountry",)),
)

ORGANISATION_COLUMNS = (
    Column("projectID", ("projectReference", "grantNumber", "projectNumber")),
    Column("projectAcronym"),
    Column("projectRcn"),
    Column("organisationID", ("organizationID", "pic", "participantPic", "id")),
    Column("name", ("legalName", "organisationName", "organizationName"), required=True),
    Column("shortName"),
    Column("vatNumber"),
    Column("SME"),
    Column("activityType", ("organisationType", "organizationType")),
    Column("street"),
    Column("postCode", ("postalCode",)),
    Column("city"),
    Column("country", ("countryCode",)),
    Column("nutsCode"),
    Column("geolocation"),
    Column("organizationURL", ("organisationURL", "url")),
    Column("order", ("participantOrder",)),
    Column("role"),
    Column("ecContribution", ("euContribution",)),
    Column("netEcContribution"),
    Column("totalCost"),
    Column("endOfParticipation", ("terminated",)),
)


class OrganisationCells(NamedTuple):
    """One row of an organisation file: the cells of `ORGANISATION_COLUMNS`, in their order."""

    project: str = ""
    acronym: str = ""
    project_rcn: str = ""
    organisation: str = ""
    name: str = ""
    short_name: str = ""
    vat_number: str = ""
    sme: str = ""
    activity_type: str = ""
    street: str = ""
    post_code: str = ""
    city: str = ""
    country: str = ""
    nuts_code: str = ""
    geolocation: str = ""
    website: str = ""
    order: str = ""
    role: str = ""
    contribution: str = ""
    net_contribution: str = ""
    total_cost: str = ""
    ended: str = ""


class ExportKind(Enum):
    """Which of the files of a CORDIS export one is."""

    PROJECT = "project"
    ORGANISATION = "organization"
    COMPANION = "companion"
    """Topics, legal bases, web links, publications...: of projects, but not read."""


def recognise(header: Iterable[str]) -> ExportKind | None:
    """Return which file of an export has this header; None for a table that is none."""
    names = {normalised(cell) for cell in header}
    of_project = names & {"projectid", "projectrcn", "projectreference", "projectacronym"}
    named = names & {"name", "legalname", "organisationname", "organizationname"}
    if named and names & {"role", "country", "activitytype", "pic", "organisationid"}:
        return ExportKind.ORGANISATION
    dated = names & {"startdate", "enddate", "projectstartdate", "totalcost", "ecmaxcontribution"}
    if dated and names & {"acronym", "title", "projectacronym", "projecttitle", "objective"}:
        return ExportKind.PROJECT
    return ExportKind.COMPANION if of_project or "representedin" in names else None
