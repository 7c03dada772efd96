"""Excel workbooks of any program are read as rows of texts, or refused by name."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projectdesk.errors import FileTooLarge, ImportError_, NotFound, UnreadableFile
from projectdesk.exchange import sheets
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.sheets import (
    Sheet,
    SheetTable,
    is_workbook,
    open_workbook,
    write_workbook,
)
from projectdesk.exchange.tables import Column

COLUMNS = (Column("Name", required=True), Column("E-mail", ("Mail",)), Column("Function"))


def book(path: Path, *rows: list[object], **others: list[list[object]]) -> Path:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for title, more in others.items():
        other = workbook.create_sheet(title)
        for row in more:
            other.append(row)
    workbook.save(path)
    return path


def changed(path: Path, member: str, old: str, new: str) -> Path:
    """Write the file anew with something of a member replaced."""
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    assert old.encode() in contents[member]
    contents[member] = contents[member].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


def rows(path: Path, sheet: str | None = None) -> list[tuple[int, list[str]]]:
    with open_workbook(path) as workbook:
        return list(workbook.rows(sheet))


def test_cells_are_what_a_person_sees(tmp_path: Path) -> None:
    path = book(
        tmp_path / "a.xlsx",
        ["\u00a0Ida\u00a0 Holm ", 3.0, 2.5, True, None, None],
        [],
        [
            date(2026, 3, 1),
            datetime.fromisoformat("2026-03-01 09:30"),
            time(9, 5),
            " a \r\n b ",
            "#REF!",
        ],
    )
    assert rows(path) == [
        (1, ["Ida Holm", "3", "2.5", "true"]),
        (3, ["2026-03-01", "2026-03-01 09:30", "09:05", "a\nb"]),
    ]


def test_a_size_that_is_written_wrong_hides_no_row(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ["Name", "E-mail"], ["Ida", "ida@x.example"], ["Jan"])
    changed(path, "xl/worksheets/sheet1.xml", '<dimension ref="A1:B3"', '<dimension ref="A1"')
    assert rows(path) == [(1, ["Name", "E-mail"]), (2, ["Ida", "ida@x.example"]), (3, ["Jan"])]


def test_the_header_is_found_below_titles_and_on_a_later_sheet(tmp_path: Path) -> None:
    path = book(
        tmp_path / "a.xlsx",
        ["Read me"],
        People=[["Contacts of 2026"], [], ["Function", "NAME ", "mail"], ["PM", "Ida", "i@x.eu"]],
    )
    findings = Findings()
    with open_workbook(path) as workbook:
        table = SheetTable(workbook, COLUMNS, findings)
        assert table.sheet == "People"
        assert list(table.rows(COLUMNS)) == [(4, ("Ida", "i@x.eu", "PM"))]
        with pytest.raises(NotFound, match="no sheet Staff"):
            SheetTable(workbook, COLUMNS, findings, "Staff")
        with pytest.raises(UnreadableFile, match="has no column Name"):
            list(SheetTable(workbook, COLUMNS, findings, "Sheet").rows(COLUMNS))


def test_what_is_written_is_read_again_and_no_text_becomes_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    table = [["=1+1", "Łódź", 3], ["a\x01b", None, date(2026, 3, 1)]]
    write_workbook(path, [Sheet("A/B", ["Name", "City", "N"], table), Sheet("a b", ["X"], [])])
    with open_workbook(path) as workbook:
        assert workbook.sheets == ("A B", "a b (2)")
        assert [cells for _, cells in workbook.rows()] == [
            ["Name", "City", "N"],
            ["=1+1", "Łódź", "3"],
            ["ab", "", "2026-03-01"],
        ]


def test_an_old_workbook_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "people.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert is_workbook(path)
    with pytest.raises(UnreadableFile, match=r"people\.xls .*save it as an Excel workbook"):
        rows(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"<html><table></table></html>"])
def test_what_only_has_the_name_of_a_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "people.xlsx"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"people\.xlsx is damaged, or no Excel workbook"):
        rows(path)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ["Name"])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", bytes(30 << 20))
    with pytest.raises(FileTooLarge):
        rows(path)


def test_shared_texts_that_would_fill_the_memory_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = book(tmp_path / "a.xlsx", ["Name"], ["Ida"])
    monkeypatch.setattr(sheets, "SHARED_TEXT_BYTES_LIMIT", 100)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/texts.xml", "<sst/>" + " " * 200)
    assert rows(path), "only what is held as a whole counts"
    texts = (
        '<Override PartName="/xl/texts.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
    )
    changed(path, "[Content_Types].xml", "</Types>", texts)
    with pytest.raises(FileTooLarge):
        rows(path)


def test_a_row_far_below_is_refused_instead_of_filling_the_memory(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ["Name"], ["Ida"])
    changed(path, "xl/worksheets/sheet1.xml", '<row r="2"', '<row r="99999999"')
    with pytest.raises(ImportError_):
        rows(path)


_WHOLE = io.BytesIO()
_example = openpyxl.Workbook()
assert _example.active is not None
for _row in (["Name", "E-mail"], ["Ida", "ida@x.example"], [date(2026, 3, 1), 2.5]):
    _example.active.append(_row)
_example.save(_WHOLE)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(data=st.data())
def test_bent_workbooks_are_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    with zipfile.ZipFile(_WHOLE) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(sorted(contents)))
    bent = bytearray(contents[name])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, max(len(bent) - 1, 0)))
        bent[at : at + data.draw(st.integers(0, 20))] = data.draw(
            st.sampled_from([b"", b"9", b"<", b'"', b"99999999", b"</c>", b"\x00"])
        )
    path = tmp_path / "bent.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in contents.items():
            archive.writestr(member, bytes(bent) if member == name else content)
    refused = ""
    try:
        rows(path)
    except ImportError_ as error:
        refused = error.text
    assert not refused or "bent.xlsx" in refused


@pytest.mark.data
def test_the_real_workbooks(shared_data: Path) -> None:
    found = sorted(shared_data.rglob("*.xlsx"))
    assert found
    counts = {path.name: len(rows(path)) for path in found}
    assert counts["topics.xlsx"] == 15_342
    assert all(counts.values())
