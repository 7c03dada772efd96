"""Project files of CORDIS, of every programme."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from projectdesk.errors import BadRow
from tests.unit.exchange.exports import (
    OLD_PROJECT,
    PROJECT,
    codes,
    csv_file,
    project,
    read,
)


def test_a_project_of_the_present_programme(tmp_path: Path):
    row = project(
        topics="T-1;T-2",
        subCall="SUB",
        masterCall="MASTER",
        fundingScheme="RIA",
        objective='Two lines\nwith ""quotes""',
    )
    (record,), findings = read(csv_file(tmp_path / "p.csv", PROJECT, [row]))
    found = record.project
    assert found is not None
    assert (found.number, found.acronym, found.rcn) == ("101000001", "P001", "200001")
    assert (found.start_date, found.end_date) == (date(2024, 1, 1), date(2026, 12, 31))
    assert found.duration_months == 36
    assert (found.total_cost, found.eu_contribution) == (Decimal("1000.50"), Decimal("900.25"))
    assert (found.programme, found.call, found.topics) == ("HORIZON", "SUB", ("T-1", "T-2"))
    assert found.objective == 'Two lines\nwith ""quotes""'
    assert codes(findings) == []


@pytest.mark.parametrize("delimiter", [";", ",", "|", "\t"])
def test_any_delimiter(tmp_path: Path, delimiter: str):
    (record,), _ = read(csv_file(tmp_path / "p.csv", PROJECT, [project()], delimiter))
    assert record.project is not None
    assert record.project.total_cost == Decimal("1000.50")


def test_older_exports_list_the_consortium_in_the_projects_row(tmp_path: Path):
    row = {
        "rcn": "14088",
        "id": "EN3M0034",
        "frameworkProgramme": "FP1",
        "programme": "FP1-ENNONUC 3C",
        "title": "Old",
        "startDate": "01/01/1986",
        "endDate": "31/03/1988",
        "call": "C",
        "projectUrl": "http://old.example",
        "coordinator": "KARLSRUHE",
        "coordinatorCountry": "DE",
        "participants": "JUELICH;STUTTGART;ATHENS",
        "participantCountries": "UK;FR;EL",
    }
    (record,), findings = read(csv_file(tmp_path / "p.csv", OLD_PROJECT, [row]))
    assert record.project is not None
    assert (record.number, record.acronym) == ("EN3M0034", "EN3M0034")
    assert record.project.duration_months == 27
    assert record.project.website == "http://old.example"
    found = [
        (p.number, p.organisation.legal_name, p.organisation.country) for p in record.participations
    ]
    assert found == [
        (1, "KARLSRUHE", "DE"),
        (2, "JUELICH", "GB"),
        (3, "STUTTGART", "FR"),
        (4, "ATHENS", "GR"),
    ]
    assert codes(findings) == ["no_acronym"]


def test_countries_that_are_listed_once_each_are_not_guessed(tmp_path: Path):
    row = project(
        coordinator="A", coordinatorCountry="DE", participants="B;C;D", participantCountries="FR;ES"
    )
    header = PROJECT + ";coordinator;coordinatorCountry;participants;participantCountries"
    (record,), findings = read(csv_file(tmp_path / "p.csv", header, [row]))
    assert [p.organisation.country for p in record.participations] == ["DE", "", "", ""]
    assert codes(findings) == ["country_unknown"]


def test_cells_shifted_by_unquoted_commas_are_refused(tmp_path: Path):
    row = {"id": "1", "title": "T", "totalCost": "7643751", "coordinatorCountry": "/RIA"}
    with pytest.raises(BadRow) as caught:
        read(csv_file(tmp_path / "p.csv", OLD_PROJECT, [row]))
    assert caught.value.code == "shifted_row"
    assert caught.value.facts["row"] == 2


def test_what_cannot_be_read_is_told_and_taken_as_unknown(tmp_path: Path):
    row = project(startDate="soon", totalCost="many", endDate="2020-13-01")
    (record,), findings = read(csv_file(tmp_path / "p.csv", PROJECT, [row]))
    assert record.project is not None
    assert record.project.start_date is None
    assert record.project.total_cost is None
    assert sorted(codes(findings)) == ["bad_amount", "bad_date", "bad_date"]
    assert {(f.row, f.column) for f in findings.all()} == {
        (2, "startDate"),
        (2, "endDate"),
        (2, "totalCost"),
    }


def test_a_project_without_number_is_refused(tmp_path: Path):
    with pytest.raises(BadRow, match="no number"):
        read(csv_file(tmp_path / "p.csv", PROJECT, [project(""), project()]))


def test_the_same_project_twice_is_one(tmp_path: Path):
    records, findings = read(csv_file(tmp_path / "p.csv", PROJECT, [project(), project(title="2")]))
    assert [record.project.title for record in records if record.project] == ["A title"]
    assert codes(findings) == ["duplicate_project"]
