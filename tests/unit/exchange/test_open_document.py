"""Spreadsheets of LibreOffice are read as the workbooks that Excel would keep their cells in."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring

from projectdesk.errors import FileTooLarge, UnreadableFile
from projectdesk.exchange import open_document
from projectdesk.exchange.contacts import read_contacts
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.plan_formats import PlanFormat, read_plan_file, recognised
from projectdesk.exchange.sheets import is_workbook, open_workbook

NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        ("office", "office"),
        ("style", "style"),
        ("table", "table"),
        ("text", "text"),
    )
)
STYLES = (
    '<office:automatic-styles><style:style style:name="ta2" style:family="table">'
    '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
)


def cell(text: str, more: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="string" {more}><text:p>{text}</text:p>'
        "</table:table-cell>"
    )


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def sheet(name: str, *rows: str, more: str = "") -> str:
    return f'<table:table table:name="{name}" {more}>{"".join(rows)}</table:table>'


def document(path: Path, *sheets: str, manifest: str = "<manifest/>") -> Path:
    body = f"<office:body><office:spreadsheet>{''.join(sheets)}</office:spreadsheet></office:body>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        content = f"<office:document-content {NAMES}>{STYLES}{body}</office:document-content>"
        archive.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
    return path


def rows(path: Path, name: str | None = None) -> list[tuple[int, list[str]]]:
    with open_workbook(path) as workbook:
        return list(workbook.rows(name))


def test_values_are_what_a_person_sees(tmp_path: Path) -> None:
    kinds = (
        cell("  A<text:s text:c='3'/>b<text:span>c</text:span><text:tab/>d"),
        '<table:table-cell office:value-type="float" office:value="3"><text:p>3,00</text:p>'
        "</table:table-cell>",
        '<table:table-cell office:value-type="currency" office:value="2.5"/>',
        '<table:table-cell office:value-type="date" office:date-value="2026-03-01"/>',
        '<table:table-cell office:value-type="date" office:date-value="2026-03-01T10:30:00"/>',
        '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>',
        '<table:table-cell office:value-type="time" office:time-value="PT1H"><text:p>1:00</text:p>'
        "</table:table-cell>",
        '<table:covered-table-cell table:number-columns-repeated="2"/>',
        cell("=1+1"),
        "<table:table-cell><office:annotation><text:p>note</text:p></office:annotation>"
        "<text:p>one</text:p><text:p>two</text:p></table:table-cell>",
        '<table:table-cell office:value-type="float" office:value="NaN"><text:p>#NUM!</text:p>'
        "</table:table-cell>",
        '<table:table-cell table:number-columns-repeated="16000"/>',
    )
    path = document(tmp_path / "a.ods", sheet("Data", row(*kinds)))
    assert is_workbook(path)
    assert rows(path) == [
        (
            1,
            [
                "A bc d",
                "3",
                "2.5",
                "2026-03-01",
                "2026-03-01 10:30",
                "true",
                "1:00",
                "",
                "",
                "=1+1",
                "one\ntwo",
            ],
        )
    ]


def test_repeated_rows_hidden_sheets_and_what_was_changed(tmp_path: Path) -> None:
    changes = (
        "<table:tracked-changes><table:deletion><table:table-cell-content-deletion>"
        + sheet("Old", row(cell("old")))
        + "</table:table-cell-content-deletion></table:deletion></table:tracked-changes>"
    )
    blank = row("<table:table-cell/>", more='table:number-rows-repeated="3"')
    end = row("<table:table-cell/>", more='table:number-rows-repeated="1048000"')
    inner = "<table:table-cell>" + sheet("Inner", row(cell("inner"))) + "</table:table-cell>"
    path = document(
        tmp_path / "a.ods",
        changes,
        sheet("Hidden", row(cell("secret")), more='table:style-name="ta2"'),
        sheet(
            "A/B: long name of a sheet that goes on and on",
            f"<table:table-header-rows>{row(cell('head'))}</table:table-header-rows>",
            blank,
            row(cell("twice"), inner, more='table:number-rows-repeated="2"'),
            end,
        ),
    )
    with open_workbook(path) as workbook:
        assert workbook.sheets == ("A B  long name of a sheet that",)
        found = list(workbook.rows())
    assert found == [(1, ["head"]), (5, ["twice"]), (6, ["twice"])]


def test_blank_cells_at_the_end_of_a_row_cost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    def note(value: object, times: int) -> list[object]:
        made.append(times)
        return [value]

    monkeypatch.setattr(open_document, "repeat", note)
    blank = '<table:table-cell table:number-columns-repeated="{}"/>'
    text = row(cell("a"), blank.format(2), cell("b"), blank.format(16_380))
    element = fromstring(text.replace("<table:table-row", f"<table:table-row {NAMES}", 1))
    list(open_document._Copy(None, "a.ods")._values(element))
    assert made == [0, 1, 2, 1]


def test_people_and_plans_of_libreoffice(tmp_path: Path) -> None:
    people = document(
        tmp_path / "people.ods",
        sheet("P", row(cell("Name"), cell("E-mail")), row(cell("Ida Holm"), cell("ida@x.example"))),
    )
    (ida,) = read_contacts(people, Findings())
    assert (ida.name, ida.email) == ("Ida Holm", "ida@x.example")
    head = row(*map(cell, ("WP no.", "Title", "Start month", "End month")))
    plan = document(
        tmp_path / "plan.ods",
        sheet("Work packages", head, row(cell("1"), cell("Work"), cell("1"), cell("6"))),
    )
    assert recognised(plan) is PlanFormat.XLSX
    (package,) = read_plan_file(plan, Findings()).work_packages
    assert (package.title, package.end_month) == ("Work", 6)


def test_what_cannot_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = document(tmp_path / "a.ods", manifest="<manifest:encryption-data/>")
    with pytest.raises(UnreadableFile) as refused:
        rows(locked)
    assert refused.value.code == "old_workbook"
    deep = "<text:span>" * 5_000 + "</text:span>" * 5_000
    for content in (cell(deep), "<table:table-cell>"):
        with pytest.raises(UnreadableFile) as refused:
            rows(document(tmp_path / "a.ods", sheet("A", row(content))))
        assert refused.value.code == "damaged_workbook"
    monkeypatch.setattr(open_document, "CELLS_LIMIT", 100)
    wide = cell("x", 'table:number-columns-repeated="50"')
    with pytest.raises(FileTooLarge):
        rows(
            document(
                tmp_path / "a.ods", sheet("A", row(wide, more='table:number-rows-repeated="3"'))
            )
        )
