"""Delimited text: what spreadsheets, exports and accidents make of it."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.errors import BadRow, UnreadableFile
from projectdesk.exchange.findings import KEPT_PER_CODE, Findings
from projectdesk.exchange.tables import (
    Column,
    Table,
    neutralised,
    restored,
    write_table,
)

A, B, C = Column("a", required=True), Column("b", ("beta",)), Column("c")


def read(content: bytes, *columns: Column) -> tuple[list[tuple[int, tuple[str, ...]]], Findings]:
    findings = Findings()
    with Table(io.BytesIO(content), "t.csv", findings) as table:
        return list(table.rows(columns or (A, B, C))), findings


@pytest.mark.parametrize("delimiter", [";", ",", "|", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_delimiter_line_end_and_encoding_are_found(delimiter: str, end: str, encoding: str):
    text = end.join(["a D b D c".replace(" D ", delimiter), f"1{delimiter}ä{delimiter}3", ""])
    rows, findings = read(text.encode(encoding))
    assert rows == [(2, ("1", "ä", "3"))]
    assert findings.all() == ()


def test_a_delimiter_inside_quotes_does_not_count():
    rows, _ = read(b'"a";"b, or x, or y, or z";c\n1;2;3\n', A, C)
    assert rows == [(2, ("1", "3"))]


def test_the_delimiter_line_of_excel_is_understood():
    rows, _ = read(b"sep=|\na|b|c\n1|2;5|3\n")
    assert rows == [(3, ("1", "2;5", "3"))]


def test_headers_match_by_alias_without_case_or_signs():
    rows, _ = read(b" A ;BETA\n1;2\n", A, B)
    assert rows == [(2, ("1", "2"))]


def test_quotes_hold_delimiters_quotes_and_newlines():
    rows, _ = read(b'a;b;c\r\n"x;y";"say ""hi""";"two\r\nlines"\r\n4;5;6\r\n')
    assert rows == [(2, ("x;y", 'say "hi"', "two\r\nlines")), (4, ("4", "5", "6"))]


def test_bytes_that_are_not_utf8_are_read_as_windows_wrote_them():
    rows, findings = read("a;b;c\n1;Köln – €;3\n".encode("cp1252"))
    assert rows == [(2, ("1", "Köln – €", "3"))]
    assert [finding.code for finding in findings.all()] == ["encoding_guessed"]


def test_one_bad_byte_does_not_spoil_the_rest_of_a_utf8_file():
    rows, _ = read("a;b;c\n1;Łódź ".encode() + b"\xe9" + b";3\n")
    assert rows == [(2, ("1", "Łódź é", "3"))]


def test_nul_characters_are_left_out_and_told():
    rows, findings = read(b"a;b;c\n1\x00;2;3\n")
    assert rows == [(2, ("1", "2", "3"))]
    assert findings.count("nul_removed") == 1


def test_a_short_row_is_told_and_its_rest_is_empty():
    rows, findings = read(b"a;b;c\n1;2\n")
    assert rows == [(2, ("1", "2", ""))]
    assert (findings.all()[0].row, findings.all()[0].code) == (2, "short_row")


def test_empty_cells_too_many_are_dropped():
    rows, findings = read(b"a;b;c\n1;2;3;;\n")
    assert rows == [(2, ("1", "2", "3"))]
    assert findings.all() == ()


def test_a_row_with_too_many_cells_has_lost_its_meaning():
    with pytest.raises(BadRow) as caught:
        read(b"a;b;c\n1;2;3\n1;2;3;4\n")
    assert caught.value.facts["row"] == 3
    assert caught.value.facts["expected"] == 3


def test_a_row_that_ends_before_a_required_cell_is_refused():
    with pytest.raises(BadRow):
        read(b"b;a;c\n1\n", A, B)


@pytest.mark.parametrize(
    "content", [b'a;b;c\n1;2;"cut', b'a;b;c\n1;"2\n3;4;5\n', b'a;"b;c\n1;2;3\n']
)
def test_a_quote_that_never_closes_is_a_cut_file(content: bytes):
    with pytest.raises(UnreadableFile) as caught:
        read(content)
    assert caught.value.code == "quote_never_closes"
    assert caught.value.facts["file"] == "t.csv"


def test_an_open_quote_does_not_swallow_a_large_file():
    with pytest.raises(UnreadableFile) as caught:
        read(b'a;b;c\n1;"2;3\n' + b"4;5;6\n" * 100_000)
    assert (caught.value.code, caught.value.facts["row"]) == ("quote_never_closes", 2)


def test_missing_columns_are_named():
    with pytest.raises(UnreadableFile, match="no column a"):
        read(b"x;y\n1;2\n", A, B)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_said_to_be_empty(content: bytes):
    with pytest.raises(UnreadableFile) as caught:
        read(content)
    assert caught.value.code == "empty_file"


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"%PDF-1.7", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"])
def test_files_that_are_no_text_are_named(start: bytes):
    with pytest.raises(UnreadableFile, match="not a table"):
        read(start + b"\x00" * 50)


@pytest.mark.parametrize("content", [bytes(5000), bytes(3 << 20), b"a;b;c" * (1 << 19)])
def test_what_has_no_lines_is_refused_before_it_fills_the_memory(content: bytes):
    with pytest.raises(UnreadableFile) as caught:
        read(content)
    assert caught.value.code == "not_a_table"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_guessed_and_told(encoding: str):
    rows, findings = read("a;b;c\n1;ä;3\n".encode(encoding))
    assert rows == [(2, ("1", "ä", "3"))]
    assert findings.count("encoding_guessed") == 1


def test_a_file_that_ends_inside_a_row_is_cut_off():
    with pytest.raises(UnreadableFile) as caught:
        read(b"a;b;c\n1;2;3\n4;5")
    assert (caught.value.code, caught.value.facts["row"]) == ("cut_off", 3)


def test_a_file_may_end_without_a_newline():
    assert read(b"a;b;c\n1;2;3")[0] == [(2, ("1", "2", "3"))]


def test_findings_of_one_kind_are_kept_a_hundred_times_and_counted_on():
    _, findings = read(b"a;b;c\n" + b"1;2\n" * (KEPT_PER_CODE + 5))
    found = findings.all()
    assert len(found) == KEPT_PER_CODE + 1
    assert found[-1].text.startswith("5 more")


@given(
    st.lists(
        st.tuples(
            *[st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))] * 3
        ),
        max_size=8,
    )
)
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, rows):
    path = tmp_path_factory.mktemp("table") / "t.csv"
    write_table(path, ("a", "b", "c"), rows)
    found, findings = read(path.read_bytes())
    assert [tuple(restored(cell) for cell in cells) for _, cells in found] == [
        tuple(cell for cell in row) for row in rows
    ]
    assert findings.all() == ()


@given(st.text() | st.from_regex(r"\A'*[-+=]?[0-9]{0,2}[.,]?[0-9+]?\Z"))
def test_no_spreadsheet_takes_a_written_cell_for_a_formula(cell: str):
    safe = neutralised(cell)
    formula = safe.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert not formula or re.fullmatch("-[0-9]+([.,][0-9]+)?", safe)
    assert restored(safe) == cell


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("-3", "-3"),
        ("-2,25", "-2,25"),
        ("'-3", "'-3"),
        ("-3+1", "'-3+1"),
        ("-3\n", "'-3\n"),
        ("''=1", "'''=1"),
        ("+4512345678", "'+4512345678"),
    ],
)
def test_numbers_below_nought_are_no_formulas(cell: str, written: str):
    assert neutralised(cell) == written
    assert restored(written) == cell


@pytest.mark.data
def test_the_csv_spectrum(shared_data: Path):
    """Files of a well-known collection, with what they mean as JSON beside them."""
    folder = shared_data / "badinput" / "csv-spectrum"
    for path in sorted((folder / "csvs").glob("*.csv")):
        expected = json.loads((folder / "json" / f"{path.stem}.json").read_text(encoding="utf-8"))
        if isinstance(expected, dict):
            expected = [expected]
        names = list(next(csv.reader([path.read_text(encoding="utf-8").splitlines()[0]])))
        rows, findings = read(path.read_bytes(), *(Column(name) for name in names))
        found = [dict(zip(names, cells, strict=True)) for _, cells in rows]
        for row in [*found, *expected]:
            row.pop("Contact Phone Number", None)  # the collection contradicts itself there
        assert found == expected, path.name
        assert findings.all() == ()


@pytest.mark.data
def test_injected_formulas_are_harmless_when_written(shared_data: Path, tmp_path: Path):
    payload = shared_data / "badinput" / "csv-injection" / "csv-payload.txt"
    cells = payload.read_text(encoding="utf-8").splitlines()
    write_table(tmp_path / "t.csv", ("a", "b", "c"), [(cell, "x", "y") for cell in cells])
    rows, _ = read((tmp_path / "t.csv").read_bytes())
    assert len(rows) == len(cells)
    assert not any(cell[0].startswith(("=", "+", "-", "@")) for _, cell in rows)
