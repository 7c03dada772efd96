"""Rows of the exports as records, from CSV and from JSON alike.

May import: domain, errors, exchange.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from projectdesk.domain.consortium import PartnerRole
from projectdesk.domain.rules.project_months import LAST_MONTH, duration
from projectdesk.errors import BadRow
from projectdesk.exchange.cordis.cells import Cells
from projectdesk.exchange.cordis.columns import OrganisationCells
from projectdesk.exchange.cordis.records import (
    OrganisationRecord,
    ParticipationRecord,
    ProjectRecord,
)
from projectdesk.exchange.cordis.roles import normalised_role, organisation_type, partner_role
from projectdesk.exchange.values import clean_line, clean_text, fold
from projectdesk.worded import worded

_LARGEST_ORDER = 10_000
_LISTED = re.compile(r"\s*[;|]\s*")
_TOPICS = re.compile(r"\s*[;,|]\s*")
_COUNTRY = re.compile(r"[A-Za-z]{2}")


class Directory:
    """The organisations of an export, each once: by PIC, else by name and country.

    Rows of the same organisation differ in what they leave out, so blanks are filled from later
    rows; of two different values the first stands.
    """

    def __init__(self) -> None:
        self._known: dict[str, OrganisationRecord] = {}
        self._last: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._known)

    def again(self, pic: str, cells: OrganisationCells) -> OrganisationRecord | None:
        """Return the organisation with a PIC if its last row could add nothing: most cannot."""
        said = hash((cells.short_name, cells.vat_number, cells.website, *cells[9:12]))
        if self._last.get(pic) == said:
            return self._known[pic]
        self._last[pic] = said
        return None

    def add(self, found: OrganisationRecord) -> OrganisationRecord:
        """Return the record of an organisation, new or seen before."""
        key = found.pic or f"{fold(found.legal_name)}|{found.country}|{found.occurrence}"
        known = self._known.setdefault(key, found)
        if known is not found:
            for name in ("short_name", "vat_number", "street", "post_code", "city", "website"):
                if not getattr(known, name):
                    setattr(known, name, getattr(found, name))
        return known


def project_record(cells: Cells, row: Mapping[str, str]) -> ProjectRecord:
    """Return the project of one row.

    Args:
        cells: reads the cells and notes oddities.
        row: cells by the names of `columns.PROJECT_COLUMNS`.

    Raises:
        BadRow: the project has no number, or its cells have shifted.
    """
    number = clean_line(row["id"])
    if not number:
        raise BadRow(
            "no_project_number",
            "{file}, row {row}: the project has no number.",
            file=cells.file,
            row=cells.row,
            column="id",
            expected=worded("a grant number"),
        )
    _refuse_shifted(cells, row)
    acronym = clean_line(row["acronym"])
    if not acronym:
        acronym = number
        cells.note(
            "acronym",
            "no_acronym",
            worded("Project {number} has no acronym: its number stands in.", number=number),
        )
    start, end = cells.date(row["startDate"], "startDate"), cells.date(row["endDate"], "endDate")
    months = cells.whole(row["duration"], "duration", LAST_MONTH)
    if start and end and end < start:
        cells.note(
            "endDate",
            "ends_before_start",
            worded("{acronym} ends before it starts: end left out.", acronym=acronym),
        )
        end = None
    if start and end and months is None:
        months = duration(start, end)
    return ProjectRecord(
        number=number,
        acronym=acronym,
        title=clean_line(row["title"]),
        rcn=clean_line(row["rcn"]),
        programme=clean_line(row["frameworkProgramme"]) or clean_line(row["legalBasis"]),
        call=clean_line(row["subCall"]) or clean_line(row["masterCall"]),
        topics=tuple(topic for topic in _TOPICS.split(clean_line(row["topics"])) if topic),
        funding_scheme=clean_line(row["fundingScheme"]),
        status=clean_line(row["status"]),
        objective=clean_text(row["objective"]),
        website=clean_line(row["projectUrl"]),
        start_date=start,
        end_date=end,
        duration_months=months,
        total_cost=cells.amount(row["totalCost"], "totalCost"),
        eu_contribution=cells.amount(row["ecMaxContribution"], "ecMaxContribution"),
    )


def _refuse_shifted(cells: Cells, row: Mapping[str, str]) -> None:
    """Refuse a row whose unquoted decimal commas moved all later cells to the right."""
    country = row["coordinatorCountry"].strip()
    if country and not _COUNTRY.fullmatch(country) and ";" not in country:
        raise BadRow(
            "shifted_row",
            "{file}, row {row}: the cells have shifted; {column} is {found}, not a country code.",
            file=cells.file,
            row=cells.row,
            column="coordinatorCountry",
            found=country[:40],
            expected=worded("a country code of two letters"),
        )


def listed_participations(
    cells: Cells, row: Mapping[str, str], directory: Directory
) -> list[ParticipationRecord]:
    """Return the consortium that older exports list inside the project's own row.

    `participants` has names split by `;`. `participantCountries` names each country once, so it
    says whose is whose only when all differ or all are one.
    """
    found: list[ParticipationRecord] = []
    if name := clean_line(row["coordinator"]):
        country = cells.country(row["coordinatorCountry"], "coordinatorCountry")
        organisation = directory.add(OrganisationRecord(name, country))
        found.append(ParticipationRecord(organisation, PartnerRole.COORDINATOR, row=cells.row))
    names = [clean_line(part) for part in _LISTED.split(row["participants"]) if part.strip()]
    codes = [part for part in _LISTED.split(row["participantCountries"].strip()) if part]
    countries = [cells.country(code, "participantCountries") for code in codes]
    if names and len(countries) not in (1, len(names)):
        text = worded(
            "{count} participants in {countries} countries: whose is whose is not known.",
            count=len(names),
            countries=len(countries),
        )
        cells.note("participantCountries", "country_unknown", text)
        countries = [""]
    if names and len(countries) == 1:
        countries = countries * len(names)
    for name, country in zip(names, countries, strict=False):
        occurrence = 1 + sum(
            part.organisation.legal_name == name and part.organisation.country == country
            for part in found
        )
        organisation = directory.add(OrganisationRecord(name, country, occurrence=occurrence))
        found.append(ParticipationRecord(organisation, PartnerRole.BENEFICIARY, row=cells.row))
    return found


def participation_record(
    cells: Cells, row: OrganisationCells, directory: Directory, siblings: list[ParticipationRecord]
) -> ParticipationRecord:
    """Return the participation of one row.

    Args:
        cells: reads the cells and notes oddities.
        row: one row of an organisation file.
        directory: where the organisation is looked up or added.
        siblings: participations of the same project, already read.

    Raises:
        BadRow: the organisation has no name.
    """
    contribution = cells.amount(row.contribution, "ecContribution")
    if contribution is None:
        contribution = cells.amount(row.net_contribution, "netEcContribution")
    ended = cells.flag(row.ended, "endOfParticipation") or False
    role = partner_role(row.role, contribution)
    if role is None:
        if row.role.strip():
            text = worded("“{role}” is no known role: taken as a beneficiary.", role=row.role[:40])
            cells.note("role", "unknown_role", text)
        role = PartnerRole.BENEFICIARY
    organisation = _organisation(cells, row, directory, siblings)
    short_name = organisation.short_name  # the same object, as there are 150,000 of them
    if row.short_name != short_name:
        short_name = clean_line(row.short_name)
    if ended:
        text = worded(
            "{legal_name} left the project; the file does not say when.",
            legal_name=organisation.legal_name,
        )
        cells.note("endOfParticipation", "participation_ended", text)
    return ParticipationRecord(
        organisation=organisation,
        role=role,
        source_role=normalised_role(row.role),
        order=cells.whole(row.order, "order", _LARGEST_ORDER),
        short_name=short_name,
        contribution=contribution,
        total_cost=cells.amount(row.total_cost, "totalCost"),
        ended=ended,
        row=cells.row,
    )


def _organisation(
    cells: Cells, row: OrganisationCells, directory: Directory, siblings: list[ParticipationRecord]
) -> OrganisationRecord:
    pic = cells.pic(row.organisation, "organisationID")
    if pic and (known := directory.again(pic, row)):
        return known
    name = clean_line(row.name)
    if not name:
        raise BadRow(
            "no_name",
            "{file}, row {row}: the organisation has no name.",
            file=cells.file,
            row=cells.row,
            column="name",
            expected=worded("a legal name"),
        )
    country = cells.country(row.country, "country")
    occurrence = 1
    if not pic:
        folded = fold(name)
        occurrence += sum(
            not part.organisation.pic
            and part.organisation.country == country
            and fold(part.organisation.legal_name) == folded
            for part in siblings
        )
    latitude, longitude = cells.position(row.geolocation, "geolocation")
    return directory.add(
        OrganisationRecord(
            legal_name=name,
            country=country,
            pic=pic,
            short_name=clean_line(row.short_name),
            vat_number=clean_line(row.vat_number),
            type=organisation_type(row.activity_type),
            sme=cells.flag(row.sme, "SME"),
            street=clean_line(row.street),
            post_code=clean_line(row.post_code),
            city=clean_line(row.city),
            nuts_code=clean_line(row.nuts_code),
            website=clean_line(row.website),
            latitude=latitude,
            longitude=longitude,
            occurrence=occurrence,
        )
    )
