"""Tables of a work plan as people and applications write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.domain.rules.project_months import first_day
from projectdesk.domain.workplan import DeliverableType, DisseminationLevel
from projectdesk.errors import BadRow, FileTooLarge, UnreadableFile
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.plans import (
    DeliverableLine,
    EffortLine,
    MilestoneLine,
    PlanLine,
    PlanTable,
    TaskLine,
    WorkPackageLine,
    read_plan,
    write_plan,
)
from projectdesk.exchange.plans import reader as reader_module
from tests.unit.exchange.plan_strategies import LINES

START = date(2026, 3, 1)
WORDS = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=20).map(
    lambda text: f"x{text}"
)


def read(tmp_path: Path, table: PlanTable, text: str, start: date | None = START) -> list[PlanLine]:
    path = tmp_path / "plan.csv"
    path.write_text(text, encoding="utf-8")
    return read_plan(path, table, Findings(), start)


def refusal(tmp_path: Path, table: PlanTable, text: str, start: date | None = START) -> BadRow:
    with pytest.raises(BadRow) as caught:
        read(tmp_path, table, text, start)
    return caught.value


def test_the_list_of_work_packages_of_an_application(tmp_path: Path):
    text = (
        "WP No.,Work Package Title,Lead Participant No.,Lead Participant Short Name,"
        "Person-Months,Start Month,End month\n"
        "1,Run it,1,UMV,30,1,42\n"
        "WP2,Needs,6,,24,M1,m 18\n"
        ",,,,,,\n"
    )
    assert read(tmp_path, PlanTable.WORK_PACKAGES, text) == [
        WorkPackageLine(row=2, number=1, title="Run it", lead="UMV", start_month=1, end_month=42),
        WorkPackageLine(row=3, number=2, title="Needs", lead="6", start_month=1, end_month=18),
    ]


def test_dates_become_project_months(tmp_path: Path):
    text = "WP;Title;Start;End\n1;A;01/03/2026;2027-02-28\n"
    (line,) = read(tmp_path, PlanTable.WORK_PACKAGES, text)
    assert isinstance(line, WorkPackageLine)
    assert (line.start_month, line.end_month) == (1, 12)
    error = refusal(tmp_path, PlanTable.WORK_PACKAGES, text, start=None)
    assert (error.facts["row"], error.facts["column"]) == (2, "Start month")


@pytest.mark.parametrize(
    ("cell", "months"),
    [("1,234", "1.23"), ("1.234", "1.23"), ("0,5", "0.5"), ("1.234,5", "1234.5"), ("n/a", None)],
)
def test_a_lone_mark_in_person_months_is_the_decimal_one(
    tmp_path: Path, cell: str, months: str | None
):
    """As the desktop reads what is pasted (desktop.models.entries)."""
    lines = read(tmp_path, PlanTable.EFFORT, f"Partner;WP1\nDTU;{cell}\n")
    found = [line.months for line in lines if isinstance(line, EffortLine)]
    assert found == ([] if months is None else [Decimal(months)])


@pytest.mark.parametrize("cell", ["NaN", "nan", "inf", "-Infinity", "1.2.3"])
def test_what_is_no_number_is_no_blank(tmp_path: Path, cell: str):
    error = refusal(tmp_path, PlanTable.EFFORT, f"Partner;WP1;WP2\nDTU;1;2\nMIT;1;{cell}\n")
    assert (error.code, error.facts["row"], error.facts["column"]) == ("bad_cell", 3, "WP2")
    error = refusal(tmp_path, PlanTable.DEPENDENCIES, f"Before;After;Lag\nWP1;WP2;{cell}\n")
    assert (error.facts["row"], error.facts["column"]) == (2, "Lag in months")


@pytest.mark.parametrize(
    ("table", "header", "row", "totals"),
    [
        (PlanTable.WORK_PACKAGES, "No.;Title;Start;End", "1;A;1;2", (";Total;;", "Summe;;;")),
        (PlanTable.TASKS, "WP no.;Task no.;Title;Start;End", "1;1;A;1;2", (";;Sum:;;",)),
        (PlanTable.DELIVERABLES, "WP no.;No.;Title;Due", "1;1;A;2", (";;Gesamt;",)),
        (PlanTable.MILESTONES, "No.;Title;Due", "1;A;2", (";TOTAL;",)),
        (PlanTable.RISKS, "No.;Risk;Owner", "1;A;", (";Total;",)),
        (PlanTable.EFFORT, "No.;Partner;WP1", "1;DTU;2", (";Summe;2", "Total;;2")),
    ],
)
def test_rows_of_totals_are_no_records(
    tmp_path: Path, table: PlanTable, header: str, row: str, totals: tuple[str, ...]
):
    lines = read(tmp_path, table, "\n".join((header, row, *totals, "")))
    assert [line.row for line in lines] == [2]


def test_what_has_a_number_is_no_total(tmp_path: Path):
    (line,) = read(tmp_path, PlanTable.MILESTONES, "No.;Title;Due\n1;Total;2\n")
    assert isinstance(line, MilestoneLine)
    assert line.title == "Total"


@given(month=st.integers(1, 600), start=st.dates(date(2000, 1, 1), date(2040, 1, 1)))
def test_a_month_means_the_same_in_every_spelling(
    tmp_path_factory: pytest.TempPathFactory, month: int, start: date
):
    folder = tmp_path_factory.mktemp("plan")
    day = first_day(start, month).isoformat()
    for cell in (f"M{month}", str(month), f"m {month}", f"Month {month}", f"{month}.0", day):
        (line,) = read(folder, PlanTable.MILESTONES, f"No.;Name;Due\n1;A;{cell}\n", start)
        assert isinstance(line, MilestoneLine)
        assert line.due_month == month


@pytest.mark.parametrize("cell", ["M6,M12", "6, 12", "6,12,18"])
def test_a_comma_between_months_is_no_decimal_one(tmp_path: Path, cell: str):
    (line,) = read(tmp_path, PlanTable.MILESTONES, f"No.;Name;Due\n1;A;{cell}\n")
    assert isinstance(line, MilestoneLine)
    assert line.due_month == 6


def test_tasks_name_their_work_package_in_the_label_or_beside_it(tmp_path: Path):
    text = "WP;Task;Name;Leader;From;To\n;T1.2;A;UMV;1;2\nWP3;4;B;;1;2\nWP3;;C;;1;2\n"
    lines = read(tmp_path, PlanTable.TASKS, text)
    assert [(t.work_package, t.number) for t in lines if isinstance(t, TaskLine)] == [
        (1, 2),
        (3, 4),
        (3, None),
    ]


def test_a_label_that_contradicts_its_work_package_is_refused(tmp_path: Path):
    text = "WP;Task;Name;From;To\nWP2;T1.2;A;1;2\n"
    error = refusal(tmp_path, PlanTable.TASKS, text)
    assert error.facts["expected"] == "WP1, as T1.2 says"


@pytest.mark.parametrize(
    ("kind", "level", "expected"),
    [
        ("R", "PU", (DeliverableType.R, DisseminationLevel.PU)),
        ("R — Document, report", "PU - Public", (DeliverableType.R, DisseminationLevel.PU)),
        ("dem", "CO", (DeliverableType.DEM, DisseminationLevel.SEN)),
        ("P", "RE", (DeliverableType.DEM, DisseminationLevel.SEN)),
        ("DMP", "PP", (DeliverableType.DMP, DisseminationLevel.SEN)),
        ("OTHER", "Sensitive", (DeliverableType.OTHER, DisseminationLevel.SEN)),
        ("ETHICS", "R-UE/EU-R", (DeliverableType.ETHICS, DisseminationLevel.EU_R)),
        ("O", "EU-CON", (DeliverableType.OTHER, DisseminationLevel.EU_C)),
        ("", "", (None, None)),
    ],
)
def test_types_and_levels_old_and_new(tmp_path: Path, kind: str, level: str, expected: object):
    text = (
        f"Deliverable no.;Deliverable name;Type;Dissemination level;Due\nD1.1;A;{kind};{level};6\n"
    )
    (line,) = read(tmp_path, PlanTable.DELIVERABLES, text)
    assert isinstance(line, DeliverableLine)
    assert (line.type, line.level) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("WP1, WP2", (1, 2)),
        ("1;2", (1, 2)),
        ("WP1 and WP3", (1, 3)),
        ("WP2-WP4", (2, 3, 4)),
        ("2-3, 2", (2, 3)),
        ("", ()),
    ],
)
def test_the_work_packages_of_a_milestone(tmp_path: Path, cell: str, expected: tuple[int, ...]):
    text = f'Milestone no.;Milestone name;Related WP(s);Due date\nMS1;A;"{cell}";6\n'
    (line,) = read(tmp_path, PlanTable.MILESTONES, text)
    assert isinstance(line, MilestoneLine)
    assert line.work_packages == expected


@pytest.mark.parametrize(
    ("table", "text", "column"),
    [
        (PlanTable.WORK_PACKAGES, "WP;Title;Start;End\nX;A;1;2\n", "WP no."),
        (PlanTable.WORK_PACKAGES, "WP;Title;Start;End\n1;;1;2\n", "Title"),
        (PlanTable.WORK_PACKAGES, "WP;Title;Start;End\n1;A;5;2\n", "End month"),
        (PlanTable.WORK_PACKAGES, "WP;Title;Start;End\n1;A;0;2\n", "Start month"),
        (PlanTable.WORK_PACKAGES, "WP;Title;Start;End\n1;A;soon;2\n", "Start month"),
        (PlanTable.WORK_PACKAGES, "WP;Title;Start;End\n1;A;2025-01-01;2\n", "Start month"),
        (PlanTable.WORK_PACKAGES, "WP;Title;Start;End\n1;A;1;601\n", "End month"),
        (PlanTable.TASKS, "Task;Name;From;To\n2;A;1;2\n", "WP no."),
        (PlanTable.DELIVERABLES, "No.;Name;Due\nD1.0;A;2\n", "Deliverable no."),
        (PlanTable.DELIVERABLES, "No.;Name;Due;Type\nD1.1;A;2;ZZ\n", "Type"),
        (PlanTable.DELIVERABLES, "No.;Name;Due;Submitted on\nD1.1;A;2;soon\n", "Submitted on"),
        (PlanTable.MILESTONES, "No.;Name;Due;WPs\n1;A;2;all of them\n", "Related WPs"),
        (PlanTable.MILESTONES, "No.;Name;Due\n1;A;1,5\n", "Due month"),
        (PlanTable.DELIVERABLES, "No.;Name;Due\nD1.1;A;M1,5\n", "Due month"),
        (PlanTable.MILESTONES, "No.;Name;Due\n1;A;2\nMS1;B;3\n", "Milestone no."),
    ],
)
def test_what_cannot_be_understood_names_its_place(
    tmp_path: Path, table: PlanTable, text: str, column: str
):
    error = refusal(tmp_path, table, text)
    assert error.facts["file"] == "plan.csv"
    assert error.facts["row"] == text.count("\n")
    assert error.facts["column"] == column
    assert error.facts["expected"]


def test_a_missing_column_is_named(tmp_path: Path):
    with pytest.raises(UnreadableFile, match="Due month"):
        read(tmp_path, PlanTable.MILESTONES, "No.;Name\n1;A\n")


def test_a_plan_of_many_megabytes_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reader_module, "PLAN_BYTES_LIMIT", 5)
    with pytest.raises(FileTooLarge):
        read(tmp_path, PlanTable.MILESTONES, "No.;Name;Due\n")


@given(data=st.data(), table=st.sampled_from(PlanTable))
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, table: PlanTable
):
    line: PlanLine = data.draw(LINES[table])
    path = tmp_path_factory.mktemp("plan") / "plan.csv"
    write_plan(path, table, [line])
    (found,) = read_plan(path, table, Findings())
    assert {name: getattr(found, name) for name in found.__slots__ if name != "row"} == {
        name: getattr(line, name) for name in line.__slots__ if name != "row"
    }


def test_formulas_are_neutralised_and_come_back(tmp_path: Path):
    line = MilestoneLine(number=1, title="=cmd|'/C calc'!A0", due_month=3)
    write_plan(tmp_path / "plan.csv", PlanTable.MILESTONES, [line])
    assert ";'=cmd" in (tmp_path / "plan.csv").read_text(encoding="utf-8-sig")
    (found,) = read_plan(tmp_path / "plan.csv", PlanTable.MILESTONES, Findings())
    assert found.title == line.title
