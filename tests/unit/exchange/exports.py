"""Makes CORDIS exports for tests, in the spelling of each programme."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from projectdesk.exchange.cordis import ConsortiumRecord, ParticipationRecord, read_export
from projectdesk.exchange.findings import Findings

XML = """<?xml version="1.0" encoding="UTF-8"?>
<project{namespace}><rcn>7</rcn><id>101000001</id><acronym>TINY</acronym><title>A title</title>
<totalCost>10,5</totalCost><startDate>2025-06-01</startDate><endDate>2026-05-31</endDate>
<relations><associations>
<organization type="participant" order="2" ecContribution="4"><id>900000002</id>
<legalName>Two</legalName><address><country>EL</country></address></organization>
<organization type="coordinator" order="1" ecContribution="6"><id>900000001</id>
<legalName>One</legalName><address><country>UK</country></address></organization>
</associations></relations></project>
"""
PROJECT = (
    "id;acronym;status;title;startDate;endDate;totalCost;ecMaxContribution;legalBasis;topics;"
    "ecSignatureDate;frameworkProgramme;masterCall;subCall;fundingScheme;objective;"
    "contentUpdateDate;rcn;grantDoi"
)
ORGANISATION = (
    "projectID;projectAcronym;organisationID;vatNumber;name;shortName;SME;activityType;street;"
    "postCode;city;country;nutsCode;geolocation;organizationURL;contactForm;contentUpdateDate;rcn;"
    "order;role;ecContribution;netEcContribution;totalCost;endOfParticipation"
)
OLD_PROJECT = (
    "rcn;id;acronym;status;programme;topics;frameworkProgramme;title;startDate;endDate;projectUrl;"
    "objective;totalCost;ecMaxContribution;call;fundingScheme;coordinator;coordinatorCountry;"
    "participants;participantCountries;subjects"
)
OLD_ORGANISATION = (
    "projectRcn;projectID;projectAcronym;role;id;name;shortName;activityType;endOfParticipation;"
    "ecContribution;country;street;city;postCode;organizationUrl;vatNumber;contactForm;contactType"
)


def csv_file(path: Path, header: str, rows: Iterable[dict[str, str]], delimiter: str = ";") -> Path:
    """Write rows under a header as the exports do: every cell quoted."""
    names = header.split(";")
    lines = [names, *([row.get(name, "") for name in names] for row in rows)]
    quoted = (
        delimiter.join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines
    )
    path.write_text("\n".join(quoted) + "\n", encoding="utf-8")
    return path


def project(number: str = "101000001", **cells: str) -> dict[str, str]:
    """Return the cells of one project."""
    return {
        "id": number,
        "acronym": f"P{number[-3:]}",
        "title": "A title",
        "startDate": "2024-01-01",
        "endDate": "2026-12-31",
        "totalCost": "1000,50",
        "ecMaxContribution": "900.25",
        "frameworkProgramme": "HORIZON",
        "rcn": f"2{number[-5:]}",
        **cells,
    }


def organisation(order: int, name: str, **cells: str) -> dict[str, str]:
    """Return the cells of one participation."""
    return {
        "projectID": "101000001",
        "projectAcronym": "P001",
        "organisationID": f"9{order:08}",
        "name": name,
        "country": "PT",
        "order": str(order),
        "role": "coordinator" if order == 1 else "participant",
        "ecContribution": "100",
        "endOfParticipation": "false",
        **cells,
    }


def read(*paths: Path, only: tuple[str, ...] = ()) -> tuple[list[ConsortiumRecord], Findings]:
    findings = Findings()
    return list(read_export(paths, findings, only=only)), findings


def codes(findings: Findings) -> list[str]:
    return [finding.code for finding in findings.all()]


def consortium(
    tmp_path: Path, *organisations: dict[str, str]
) -> tuple[list[ParticipationRecord], Findings]:
    """Return the participations of one project with these rows."""
    records, findings = read(
        csv_file(tmp_path / "project.csv", PROJECT, [project()]),
        csv_file(tmp_path / "organization.csv", ORGANISATION, organisations),
    )
    assert len(records) == 1
    return records[0].participations, findings


def who(record: ConsortiumRecord) -> list[tuple[int | None, str, str]]:
    """Return (number, legal name, country) of each participation."""
    return [
        (part.number, part.organisation.legal_name, part.organisation.country)
        for part in record.participations
    ]
