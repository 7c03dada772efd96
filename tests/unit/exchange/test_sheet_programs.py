"""Workbooks and tables as other programs write them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from projectdesk.domain.workplan import DeliverableType, DisseminationLevel
from projectdesk.errors import BadRow, UnreadableFile
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.plan_formats import read_plan_file
from projectdesk.exchange.plans import Plan

PACKAGES = ("WP no.", "Title", "Start month", "End month")
USUAL = b"http://schemas.openxmlformats.org/"
STRICT = b"http://purl.oclc.org/ooxml/"


def book(path: Path, *rows: tuple[object, ...]) -> Path:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in (PACKAGES, *rows):
        sheet.append(row)
    workbook.save(path)
    return path


def rewritten(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    with zipfile.ZipFile(path) as archive:
        parts = {name: change(name, archive.read(name)) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def read(path: Path, start: date | None = None) -> tuple[Plan, list[str]]:
    findings = Findings()
    plan = read_plan_file(path, findings, start=start)
    return plan, [each.code for each in findings.all()]


def as_strict(_: str, content: bytes) -> bytes:
    content = content.replace(USUAL + b"spreadsheetml/2006/main", STRICT + b"spreadsheetml/main")
    return content.replace(
        USUAL + b"officeDocument/2006/relationships", STRICT + b"officeDocument/relationships"
    )


def odd_fill(_: str, content: bytes) -> bytes:
    """A fill that says nothing, as some programs write it: Excel takes it."""
    return content.replace(b"</fills>", b"<fill/></fills>")


def odd_properties(name: str, content: bytes) -> bytes:
    if name != "docProps/core.xml":
        return content
    return re.sub(rb"(<dcterms:created[^>]*>)[^<]*", rb"\1yesterday", content)


def odd_name(_: str, content: bytes) -> bytes:
    """A name that openpyxl does not take: its sheet is no number."""
    name = b'<definedNames><definedName name="x" localSheetId="none">1</definedName></definedNames>'
    return content.replace(b"<definedNames />", name).replace(b"<definedNames/>", name)


@pytest.mark.parametrize("change", [as_strict, odd_fill, odd_properties, odd_name])
def test_a_workbook_that_excel_opens_is_read(tmp_path: Path, change: Callable[[str, bytes], bytes]):
    path = book(tmp_path / "p.xlsx", (1, "Gr\u00fcn", date(2026, 1, 5), date(2026, 3, 20)))
    plan, said = read(rewritten(path, change), date(2026, 1, 1))
    assert [(each.title, each.start_month, each.end_month) for each in plan.work_packages] == [
        ("Gr\u00fcn", 1, 3)
    ]
    assert not said


@pytest.mark.parametrize("change", [odd_fill, odd_properties, odd_name])
def test_openpyxl_does_stumble_over_it(tmp_path: Path, change: Callable[[str, bytes], bytes]):
    """Or the copy of the cells would be there for nothing."""
    path = rewritten(book(tmp_path / "p.xlsx", (1, "A", 1, 2)), change)
    with pytest.raises(Exception):  # noqa: B017 - whatever it is
        openpyxl.load_workbook(path, read_only=True)


def test_formulas_that_nobody_calculated_are_told(tmp_path: Path):
    path = book(tmp_path / "p.xlsx", (1, "A", 1, "=C2+5"))
    with pytest.raises(UnreadableFile) as caught:
        read(path)
    assert caught.value.code == "no_results"
    path = book(tmp_path / "q.xlsx", (1, "A", 1, 2, '="x"'), (2, "B", 1, 2))
    assert read(path)[1] == ["no_results"]


def test_formulas_elsewhere_do_not_hide_what_is_wrong(tmp_path: Path):
    path = book(tmp_path / "p.xlsx", (1, "A", "soon", 5, "=D2*2"))
    findings = Findings()
    with pytest.raises(BadRow) as caught:
        read_plan_file(path, findings)
    assert caught.value.facts["column"] == "Start month"
    assert [each.code for each in findings.all()] == ["no_results"]


def test_a_formula_with_an_empty_text_has_a_result(tmp_path: Path):
    path = book(tmp_path / "p.xlsx", (1, "A", 1, 2, '=""'))

    def calculated(_: str, content: bytes) -> bytes:
        return content.replace(b'<c r="E2"', b'<c r="E2" t="str"')

    assert read(rewritten(path, calculated))[1] == []


@pytest.mark.parametrize(
    ("member", "content", "words"),
    [
        ("xl/workbook.bin", b"x", ".xlsb"),
        ("ppt/presentation.xml", b"x", "PowerPoint"),
    ],
)
def test_other_spreadsheets_are_refused_by_name(
    tmp_path: Path, member: str, content: bytes, words: str
):
    path = tmp_path / "p"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, content)
        archive.writestr("[Content_Types].xml", b"<Types/>")
    with pytest.raises(UnreadableFile) as caught:
        read(path)
    assert caught.value.code == "other_spreadsheet"
    assert words in str(caught.value)


# --- tables ---------------------------------------------------------------------------------------


def table(tmp_path: Path, text: str, encoding: str = "utf-8") -> tuple[Plan, list[str]]:
    path = tmp_path / "p.csv"
    path.write_bytes(text.encode(encoding))
    return read(path)


def test_titles_above_a_table_in_utf16(tmp_path: Path):
    text = "Gr\u00fcn\r\n\r\nWP no.\tTitle\tStart month\tEnd month\r\n1\tB\u00e4ume\tM1\tM12\r\n"
    plan, said = table(tmp_path, text, "utf-16")
    assert [each.title for each in plan.work_packages] == ["B\u00e4ume"]
    assert said == ["titles_left_out"]


def test_short_headers_and_words_of_deliverables(tmp_path: Path):
    text = (
        "Deliv #,Deliverable name,WP No,Lead,Type,Dissem level,Deliv. date\n"
        "D1.1,Plan,1,P,Report,Public,M3\n"
        "D1.2,Tool,1,P,Software,Restricted,[M9]\n"
        'D1.3,Again,1,P,Prototype,PU,"M6, M12 and M18"\n'
    )
    plan, said = table(tmp_path, text)
    assert [(each.type, each.level, each.due_month) for each in plan.deliverables] == [
        (DeliverableType.R, DisseminationLevel.PU, 3),
        (DeliverableType.OTHER, DisseminationLevel.SEN, 9),
        (DeliverableType.DEM, DisseminationLevel.PU, 6),
    ]
    assert said == ["due_again"]


def test_deliverables_are_known_by_their_dissemination(tmp_path: Path):
    text = "Number,Name,WP,Nature,Dissemination,Delivery date\nD1.1,Plan,1,R,PU,3\n"
    assert [each.title for each in table(tmp_path, text)[0].deliverables] == ["Plan"]
