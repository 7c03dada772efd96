"""Workbooks of work plans as people really have them."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from projectdesk.domain.workplan import DeliverableType, DisseminationLevel, RiskGrade
from projectdesk.errors import BadRow, UnreadableFile
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.plan_formats import read_plan_file
from projectdesk.exchange.plans import Plan, PlanTable, read_sheet

START = date(2026, 3, 1)
NBSP = "\u00a0"


def saved(path: Path, **sheets: list[list[Any]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title.replace("_", " "))
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def read(path: Path) -> tuple[Plan, Findings]:
    findings = Findings()
    return read_plan_file(path, findings, start=START), findings


def test_sheets_of_every_kind_are_found_by_name_or_header(tmp_path: Path):
    path = saved(
        tmp_path / "plan.xlsx",
        Cover=[["SALTMARK"], ["A plan"]],
        **{
            "List of WPs": [
                ["Table 3.1a: List of work packages"],
                [],
                ["Work package No", "Work Package Title", "Lead participant", "Start", "End"],
                [1, f"Management{NBSP} ", "UDR", "M1", date(2029, 2, 28)],
                ["WP2", "Needs  ", f"KTH{NBSP}", "1.0", "month 18"],
            ],
            "3.1c": [
                ["Deliverable (number)", "Deliverable name", "WP", "Type", "Level", "Due"],
                ["D1.1", "Handbook", "WP1", "R — Document, report", "PU - Public", "31/05/2026"],
                ["D2.1", "Data", "2", "DATA", "CO", "2026-09"],
            ],
            "Critical risks": [
                ["Description of risk", "WP(s) involved", "Likelihood", "Severity", "Measures"],
                ["Storms", "WP1 and WP2", "low", "HIGH", "Spare parts\nkept dry"],
            ],
            "3.1f": [
                ["Participant", "WP1", "WP2", "Total"],
                ["UDR", 12, "2,5", 14.5],
                ["KTH", None, 7.125, 7.13],
                ["Total", 12, 9.63, 21.63],
            ],
        },
    )
    plan, findings = read(path)
    assert [
        (p.number, p.title, p.lead, p.start_month, p.end_month) for p in plan.work_packages
    ] == [
        (1, "Management", "UDR", 1, 36),
        (2, "Needs", "KTH", 1, 18),
    ]
    assert [(d.work_package, d.number, d.due_month) for d in plan.deliverables] == [
        (1, 1, 3),
        (2, 1, 7),
    ]
    assert plan.deliverables[0].type is DeliverableType.R
    assert plan.deliverables[1].level is DisseminationLevel.SEN
    (risk,) = plan.risks
    assert (risk.number, risk.work_packages, risk.severity) == (None, (1, 2), RiskGrade.HIGH)
    assert risk.mitigation == "Spare parts\nkept dry"
    assert [(e.partner, e.work_package, e.months) for e in plan.effort] == [
        ("UDR", 1, Decimal("12.00")),
        ("UDR", 2, Decimal("2.50")),
        ("KTH", 2, Decimal("7.13")),
    ]
    assert [each.code for each in findings.all()] == ["sheet_left_out", "rounded"]
    assert "Cover" in findings.all()[0].text


def test_a_header_of_two_rows_and_a_package_that_spans_its_tasks(tmp_path: Path):
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Tasks"
    for row in (
        ["WP", "Task", "Name", "Duration", None],
        [None, None, None, "Start", "End"],
        ["WP1", 1, "Meet", 1, 36],
        [None, 2, "Report", 6, 36],
        ["WP2", 1, "Ask", 1, 9],
    ):
        sheet.append(row)
    sheet.merge_cells("D1:E1")
    sheet.merge_cells("A3:A4")
    for column in "ABC":
        sheet.merge_cells(f"{column}1:{column}2")
    book.save(tmp_path / "plan.xlsx")
    plan, _ = read(tmp_path / "plan.xlsx")
    assert [(t.work_package, t.number, t.title, t.end_month) for t in plan.tasks] == [
        (1, 1, "Meet", 36),
        (1, 2, "Report", 36),
        (2, 1, "Ask", 9),
    ]


@pytest.mark.parametrize(
    ("rows", "first"),
    [
        (
            [
                ["Arbeitspaket Nr.", "Bezeichnung", "Leitung", "Beginn", "Ende", "Ziele"],
                ["AP1", "Verwaltung", "UDR", "Monat 1", "36", "Ordnung"],
            ],
            ("Verwaltung", 1, 36, "Ordnung"),
        ),
        (
            [
                ["LT", "Intitulé", "Chef de file", "Début", "Fin", "Objectifs"],
                ["LT1", "Gestion", "UDR", "mois 1", "36", "Ordre"],
            ],
            ("Gestion", 1, 36, "Ordre"),
        ),
    ],
)
def test_german_and_french_words(
    tmp_path: Path, rows: list[list[Any]], first: tuple[str, int, int, str]
):
    plan, _ = read(saved(tmp_path / "plan.xlsx", Tabelle1=rows))
    (package,) = plan.work_packages
    found = (package.title, package.start_month, package.end_month, package.objectives)
    assert found == first


def test_a_wrong_dimension_hides_no_row(tmp_path: Path):
    path = saved(
        tmp_path / "plan.xlsx",
        Milestones=[["No.", "Name", "Due"], ["MS1", "Go", 6], ["MS2", "Stop", 12]],
    )
    wrong = tmp_path / "wrong.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(wrong, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                content = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', content)
            new.writestr(name, content)
    plan, _ = read(wrong)
    assert [each.title for each in plan.milestones] == ["Go", "Stop"]


def test_what_is_wrong_is_said_with_sheet_row_and_column(tmp_path: Path):
    path = saved(
        tmp_path / "plan.xlsx",
        Milestones=[["Milestones of SALTMARK"], ["No.", "Name", "Due"], ["MS1", "Go", "soon"]],
    )
    with pytest.raises(BadRow) as caught:
        read(path)
    assert caught.value.facts["file"] == "plan.xlsx, sheet Milestones"
    assert (caught.value.facts["row"], caught.value.facts["column"]) == (3, "Due month")


def test_a_workbook_without_a_plan_is_refused(tmp_path: Path):
    path = saved(tmp_path / "plan.xlsx", Sheet1=[["Name", "Telephone"], ["Ana", "1"]])
    with pytest.raises(UnreadableFile, match="no sheet with a table"):
        read(path)


def test_one_table_is_read_of_the_sheet_that_is_called_so(tmp_path: Path):
    rows = [["No.", "Name", "Due"], ["1", "Go", "M6"]]
    path = saved(tmp_path / "plan.xlsx", Notes=[["Ask Ana"]], Old=rows, Milestones=rows)
    (line,) = read_sheet(path, PlanTable.MILESTONES, Findings(), START)
    assert line.row == 2
    with pytest.raises(UnreadableFile, match="Risk"):
        read_sheet(saved(tmp_path / "b.xlsx", A=rows[:1]), PlanTable.RISKS, Findings())


def test_the_same_table_twice_is_taken_once(tmp_path: Path):
    rows = [["MS no.", "Name", "Due"], ["1", "Go", "M6"]]
    plan, findings = read(saved(tmp_path / "plan.xlsx", A=rows, B=rows))
    assert len(plan.milestones) == 1
    assert [each.code for each in findings.all()] == ["sheet_left_out"]


def test_a_long_text_says_that_excel_cuts_it(tmp_path: Path):
    from projectdesk.exchange.plans import RiskLine, write_plan_workbook

    findings = Findings()
    plan = Plan(risks=(RiskLine(number=1, title="x" * 40_000),))
    write_plan_workbook(tmp_path / "plan.xlsx", plan, findings, "plan.xlsx")
    assert [(each.code, each.row, each.column) for each in findings.all()] == [
        ("text_cut", 3, "Risk")
    ]


def test_titles_above_the_header_of_a_csv_are_left_out(tmp_path: Path):
    path = tmp_path / "plan.csv"
    path.write_text(
        'Table 3.1c: "Deliverables"\n\nNo.,Deliverable name,Due\nD1.1,Plan,M6\nD1.2,End,soon\n',
        encoding="utf-8",
    )
    with pytest.raises(BadRow) as caught:
        read(path)
    assert (caught.value.facts["row"], caught.value.facts["column"]) == (5, "Due month")
    path.write_text(path.read_text("utf-8").replace("soon", "M9"), encoding="utf-8")
    plan, findings = read(path)
    assert [(d.number, d.title, d.due_month, d.row) for d in plan.deliverables] == [
        (1, "Plan", 6, 4),
        (2, "End", 9, 5),
    ]
    assert [each.code for each in findings.all()] == ["titles_left_out"]
    path.write_text('Table 3.1c\nNo.;Deliverable name;Due\nD1.1;"Plan;M6\n', encoding="utf-8")
    with pytest.raises(UnreadableFile) as refused:
        read(path)
    assert (refused.value.code, refused.value.facts["row"]) == ("quote_never_closes", 3)


@pytest.mark.parametrize("figure", ["NaN", "inf", "#NUM!", "#DIV/0!"])
def test_what_is_no_number_is_no_blank(tmp_path: Path, figure: str):
    path = saved(tmp_path / "plan.xlsx", Effort=[["Partner", "WP1", "WP2"], ["DTU", 1.5, figure]])
    with pytest.raises(BadRow) as caught:
        read(path)
    assert (caught.value.facts["row"], caught.value.facts["column"]) == (2, "WP2")


def test_a_formula_that_failed_beside_the_figures_is_a_blank(tmp_path: Path):
    rows = [["Partner", "Partner no.", "WP1"], ["DTU", "#N/A", 1.5], ["#N/A", "#N/A", "#N/A"]]
    plan, _ = read(saved(tmp_path / "plan.xlsx", Effort=rows))
    assert [(line.partner, line.months) for line in plan.effort] == [("DTU", Decimal("1.5"))]
