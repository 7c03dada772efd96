"""CORDIS data as other people keep it: in workbooks, an object a line, with structures inside."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from projectdesk.domain.consortium import PartnerRole
from projectdesk.errors import BadRow, UnreadableFile
from projectdesk.exchange.cordis import read_export
from projectdesk.exchange.cordis.organisations import read_organisations
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.sheets import HEADER_ROWS, Workbook
from tests.unit.exchange.exports import read

PROJECT = ("id", "acronym", "title", "startDate", "endDate", "ecMaxContribution")
ORGANISATION = ("projectID", "organisationID", "name", "country", "role", "ecContribution", "order")
ROW = ("101000001", "TIDE", "Gr\u00fcn;\n\u201ctides\u201d", "2026-01-01", "2027-12-31", 250000.5)


def workbook(path: Path, **sheets: list[tuple[object, ...]]) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def organisation(pic: int, name: str, role: str, order: int) -> tuple[object, ...]:
    return (101000001, pic, name, "EL", role, 100, order)


def test_a_workbook_is_read_as_the_files_that_its_sheets_are(tmp_path: Path):
    path = workbook(
        tmp_path / "all.xlsx",
        notes=[("Projects of a list",)],
        project=[("Extracted in May",), PROJECT, ROW],
        organization=[
            ORGANISATION,
            organisation(900000001, "One", "coordinator", 1),
            organisation(900000002, "Two", "participant", 2),
        ],
    )
    (record,), findings = read(path)
    assert (record.number, record.acronym, str(record.project.eu_contribution)) == (
        "101000001",
        "TIDE",
        "250000.5",
    )
    assert record.project.title == "Gr\u00fcn; \u201ctides\u201d"
    assert [(each.organisation.pic, each.role) for each in record.participations] == [
        ("900000001", PartnerRole.COORDINATOR),
        ("900000002", PartnerRole.BENEFICIARY),
    ]
    assert not findings.all()


def test_two_workbooks_belong_together(tmp_path: Path):
    rows = [ORGANISATION, organisation(900000001, "One", "coordinator", 1)]
    one = workbook(tmp_path / "project.xlsx", project=[PROJECT, ROW])
    two = workbook(tmp_path / "organization.xlsx", organization=rows)
    (record,), _ = read(one, two)
    assert record.project is not None
    assert len(record.participations) == 1


def test_a_workbook_of_something_else_is_refused(tmp_path: Path):
    path = workbook(tmp_path / "other.xlsx", a=[("Colour", "Weight"), ("red", 3)])
    with pytest.raises(UnreadableFile) as caught:
        read(path)
    assert caught.value.code == "not_cordis"
    assert "Colour, Weight" in str(caught.value)


def test_json_with_an_object_a_line(tmp_path: Path):
    path = tmp_path / "projects.jsonl"
    lines = [dict(zip(PROJECT, (str(n), *ROW[1:]), strict=True)) for n in (1, 2, 3)]
    path.write_text("\n".join(map(json.dumps, lines)) + "\n")
    assert [record.number for record in read(path)[0]] == ["1", "2", "3"]


@pytest.mark.parametrize("key", ["organizations", "participants"])
def test_organisations_inside_their_project(tmp_path: Path, key: str):
    inside = [
        {"name": "One", "country": "EL", "role": "coordinator", "place": {"lat": 1}},
        {"name": "Two", "country": "UK"},
    ]
    item = {**dict(zip(PROJECT, ROW, strict=True)), key: inside, "links": [{"url": "x"}]}
    path = tmp_path / "project.json"
    path.write_text(json.dumps([item]))
    (record,), _ = read(path)
    assert [
        (each.organisation.legal_name, each.organisation.country, each.role)
        for each in record.participations
    ] == [("One", "GR", PartnerRole.COORDINATOR), ("Two", "GB", PartnerRole.BENEFICIARY)]


ONE = {"name": "One", "country": "EL"}


@pytest.mark.parametrize(
    "inside",
    [
        ONE,
        {"organization": [ONE]},
        {"@count": "1", "organization": ONE},
    ],
)
def test_organisations_that_xml_left_wrapped(tmp_path: Path, inside: object):
    item = {**dict(zip(PROJECT, ROW, strict=True)), "organizations": inside}
    path = tmp_path / "project.json"
    path.write_text(json.dumps(item))
    (record,), _ = read(path)
    assert [each.organisation.legal_name for each in record.participations] == ["One"]


@pytest.mark.parametrize("inside", [{"a": [ONE], "b": [ONE]}, [ONE, "Two"], {"sum": 2}])
def test_organisations_that_are_no_list_are_not_lost(tmp_path: Path, inside: object):
    item = {**dict(zip(PROJECT, ROW, strict=True)), "organizations": inside}
    path = tmp_path / "project.json"
    path.write_text(json.dumps(item))
    with pytest.raises(BadRow) as caught:
        read(path)
    assert caught.value.facts["column"] == "organizations"


def test_notes_beside_a_sheet_s_table_are_left_out_and_rows_are_the_sheet_s(tmp_path: Path):
    path = workbook(
        tmp_path / "all.xlsx",
        project=[("Extracted in May",), (), PROJECT, (*ROW, "", "see mail"), (*[""] * 8, "x")],
        organization=[ORGANISATION, (), (101000001, 900000001, "One", "QQ", "coordinator", 1, 1)],
    )
    (record,), findings = read(path)
    assert record.row == 3
    assert [(each.file, each.row, each.column) for each in findings.all()] == [
        ("all.xlsx, sheet organization", 3, "country")
    ]
    workbook(path, project=[("Extracted in May",), (), PROJECT, (), ("", *ROW[1:])])
    with pytest.raises(BadRow) as caught:
        read(path)
    assert caught.value.facts["row"] == 5


def test_workbooks_inside_an_archive_are_read_as_cordis_offers_them(tmp_path: Path):
    rows = [ORGANISATION, organisation(900000001, "One", "coordinator", 1)]
    organisations = workbook(tmp_path / "organization.xlsx", organization=rows)
    topics = workbook(tmp_path / "topics.xlsx", topics=[("projectID", "topic"), ("1", "A")])
    path = tmp_path / "xlsx.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(organisations, "../organization.xlsx")
        archive.write(topics, "topics.xlsx")
        archive.writestr("project.csv", ";".join(PROJECT) + "\n101000001;TIDE;A;2026-01-01;;1\n")
    (record,), findings = read(path)
    assert [each.organisation.legal_name for each in record.participations] == ["One"]
    assert findings.all() == ()
    assert [each.legal_name for each in read_organisations([path], Findings())] == ["One"]


def test_an_archive_of_other_workbooks_is_refused_and_a_damaged_one_told(tmp_path: Path):
    topics = workbook(tmp_path / "topics.xlsx", topics=[("projectID", "topic"), ("1", "A")])
    path = tmp_path / "xlsx.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(topics, "topics.xlsx")
    with pytest.raises(UnreadableFile) as refused:
        read(path)
    assert refused.value.code == "not_cordis"
    with pytest.raises(UnreadableFile) as refused:
        read_organisations([path], Findings())
    assert refused.value.code == "not_organisations"
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("organization.xlsx", b"no workbook")
        archive.writestr("project.csv", ";".join(PROJECT) + "\n101000001;TIDE;A;2026-01-01;;1\n")
    (record,), findings = read(path)
    assert not record.participations
    assert [(each.file, each.code) for each in findings.all()] == [
        ("xlsx.zip/organization.xlsx", "file_ignored")
    ]


def test_the_reading_of_a_workbook_is_cancelled_before_its_rows_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = workbook(tmp_path / "all.xlsx", project=[PROJECT, *[ROW] * 50])
    highest = 0
    rows = Workbook.rows

    def counted(self: Workbook, sheet: str | None = None) -> Iterator[tuple[int, list[str]]]:
        nonlocal highest
        for number, cells in rows(self, sheet):
            highest = max(highest, number)
            yield number, cells

    def cancel(*_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Workbook, "rows", counted)
    with pytest.raises(KeyboardInterrupt):
        list(read_export([path], Findings(), tick=cancel))
    assert highest <= HEADER_ROWS
