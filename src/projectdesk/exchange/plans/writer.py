"""Writes tables of a work plan as CSV or as one workbook that Excel opens and `reader` reads back.

May import: domain, errors, exchange.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from projectdesk.exchange.findings import Findings
from projectdesk.exchange.plans.columns import COLUMNS, SHEET_NAMES
from projectdesk.exchange.plans.lines import (
    DeliverableLine,
    DependencyLine,
    EffortLine,
    MilestoneLine,
    Plan,
    PlanLine,
    PlanTable,
    RiskLine,
    TaskLine,
    WorkPackageLine,
)
from projectdesk.exchange.sheets import About, Cell, Sheet, write_workbook
from projectdesk.exchange.tables import write_table
from projectdesk.worded import worded

_BY_NAME_ONLY = "Lead no."
_MATRIX_LAST = 99
"""Work packages that an effort matrix has columns for; beyond it effort is a list."""
CELL_CHARACTERS = 32_767
"""Characters that a cell of Excel holds."""


@dataclass(frozen=True)
class Month:
    """A project month: M12 in CSV, the number 12 in Excel, where it sorts."""

    number: int

    def __str__(self) -> str:
        return f"M{self.number}"


_Value = Month | Decimal | str


def write_plan(path: Path, table: PlanTable, lines: Sequence[PlanLine]) -> None:
    """Write one table as CSV; months as M12, leads by short name, formulas neutralised.

    Args:
        path: the file to write.
        table: what the lines are.
        lines: its rows, in order.
    """
    header, rows = _table(table, lines)
    write_table(path, header, ([str(value) for value in row] for row in rows))


def write_plan_workbook(
    path: Path, plan: Plan, findings: Findings, name: str, author: str = ""
) -> None:
    """Write all tables of a plan, one a sheet; months and person-months are numbers.

    Args:
        path: the file to write.
        plan: the plan.
        findings: where texts that Excel cannot hold whole are named.
        name: of the file, for these.
        author: who writes it, for the properties of the file.

    Raises:
        OSError: the file cannot be written.
    """
    title = f"{plan.title}: work plan" if plan.title else "Work plan"
    sheets = []
    for table in PlanTable:
        header, rows = _table(table, plan.table(table))
        cells = [[_cell(value) for value in row] for row in rows]
        for number, row in enumerate(cells, start=3):
            for column, value in zip(header, row, strict=True):
                if isinstance(value, str) and len(value) > CELL_CHARACTERS:
                    text = worded(
                        "Excel holds {count} characters a cell: the rest was left.",
                        count=CELL_CHARACTERS,
                    )
                    findings.add(name, number, column, "text_cut", text)
        sheets.append(Sheet(SHEET_NAMES[table][0], header, cells))
    write_workbook(path, sheets, About(title=title, author=author, heading=title))


def _cell(value: _Value) -> Cell:
    match value:
        case Month():
            return value.number
        case Decimal():
            return float(value)
        case _:
            return value


def _table(
    table: PlanTable, lines: Sequence[PlanLine]
) -> tuple[list[str], Sequence[Sequence[_Value]]]:
    if table is PlanTable.EFFORT:
        return _effort([line for line in lines if isinstance(line, EffortLine)])
    header = [column.name for column in COLUMNS[table] if column.name != _BY_NAME_ONLY]
    return header, [_row(line, header) for line in lines]


def _row(line: PlanLine, header: Sequence[str]) -> list[_Value]:
    cells = _cells(line)
    return [cells.get(name, "") for name in header]


def _effort(lines: Sequence[EffortLine]) -> tuple[list[str], Sequence[Sequence[_Value]]]:
    """Return the matrix: a row a partner, a column a work package."""
    numbers = sorted({line.work_package for line in lines})
    if not numbers or numbers[-1] > _MATRIX_LAST:
        listed: list[list[_Value]] = [
            [line.partner, f"WP{line.work_package}", line.months] for line in lines
        ]
        return ["Partner", "WP no.", "Person-months"], listed
    months = {(line.partner, line.work_package): line.months for line in lines}
    partners = dict.fromkeys(line.partner for line in lines)
    header = ["Partner", *(f"WP{number}" for number in numbers)]
    return header, [
        [partner, *(months.get((partner, number), "") for number in numbers)]
        for partner in partners
    ]


def _packages(numbers: Sequence[int]) -> str:
    return ", ".join(f"WP{number}" for number in numbers)


def _cells(line: PlanLine) -> dict[str, _Value]:
    match line:
        case WorkPackageLine():
            return {
                "WP no.": f"WP{line.number}",
                "Title": line.title,
                "Lead": line.lead,
                "Start month": Month(line.start_month),
                "End month": Month(line.end_month),
                "Objectives": line.objectives,
                "Description": line.description,
            }
        case TaskLine():
            return {
                "WP no.": f"WP{line.work_package}",
                "Task no.": f"T{line.work_package}.{line.number}" if line.number else "",
                "Title": line.title,
                "Lead": line.lead,
                "Start month": Month(line.start_month),
                "End month": Month(line.end_month),
                "Description": line.description,
            }
        case DeliverableLine():
            return {
                "WP no.": f"WP{line.work_package}",
                "Deliverable no.": f"D{line.work_package}.{line.number}" if line.number else "",
                "Title": line.title,
                "Description": line.description,
                "Lead": line.lead,
                "Type": line.type or "",
                "Dissemination level": line.level or "",
                "Due month": Month(line.due_month),
                "Status": line.status or "",
                "Submitted on": line.submitted_on.isoformat() if line.submitted_on else "",
            }
        case MilestoneLine():
            return {
                "Milestone no.": f"MS{line.number}",
                "Title": line.title,
                "Related WPs": _packages(line.work_packages),
                "Lead": line.lead,
                "Due month": Month(line.due_month),
                "Means of verification": line.means_of_verification,
                "Achieved on": line.achieved_on.isoformat() if line.achieved_on else "",
            }
        case RiskLine():
            return {
                "Risk no.": f"R{line.number}" if line.number else "",
                "Risk": line.title,
                "Related WPs": _packages(line.work_packages),
                "Likelihood": line.likelihood or "",
                "Severity": line.severity or "",
                "Mitigation": line.mitigation,
                "Owner": line.owner,
                "Status": line.status or "",
            }
        case DependencyLine():
            return {
                "Before": line.before.label,
                "After": line.after.label,
                "Type": line.type.value,
                "Lag in months": str(line.lag_months),
            }
        case EffortLine():
            return {"Partner": line.partner}
