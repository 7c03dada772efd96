"""Reads a table of a work plan out of delimited text, as Excel, Word and applications have it.

A plan is small and made by hand: what cannot be understood is an error with file, row, column and
what was expected, and nothing is taken.

May import: domain, errors, exchange.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NoReturn, TypeVar

from projectdesk.domain.rules.project_months import LAST_MONTH, month_of
from projectdesk.domain.workplan import DeliverableStatus, DeliverableType, DisseminationLevel
from projectdesk.errors import BadRow
from projectdesk.exchange.files import sources, too_large
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.plans.columns import COLUMNS
from projectdesk.exchange.plans.lines import (
    DeliverableLine,
    MilestoneLine,
    PlanLine,
    PlanTable,
    TaskLine,
    WorkPackageLine,
)
from projectdesk.exchange.tables import Table, normalised, restored
from projectdesk.exchange.values import clean_line, clean_text, is_blank, read_date

PLAN_BYTES_LIMIT = 16 << 20

EnumT = TypeVar("EnumT")

_MONTH = re.compile(r"(?:project\s*)?(?:month|m)?\s*([0-9]{1,3})(?:\.0)?", re.IGNORECASE)
_LABEL = re.compile(r"(?:[a-z]{1,20}[\s.\-]*)?([0-9]{1,4})(?:\.0)?", re.IGNORECASE)
_DOTTED = re.compile(r"(?:[a-z]{1,20}[\s.\-]*)?([0-9]{1,4})\.([0-9]{1,4})", re.IGNORECASE)
_RANGE = re.compile(r"(?:wp\s*)?([0-9]{1,4})\s*[-–]\s*(?:wp\s*)?([0-9]{1,4})", re.IGNORECASE)
_SEPARATORS = re.compile(r"\s*(?:[,;/&+\n]|\band\b)\s*", re.IGNORECASE)

_TYPES = {normalised(kind): kind for kind in DeliverableType} | {
    "report": DeliverableType.R,
    "documentreport": DeliverableType.R,
    "demonstrator": DeliverableType.DEM,
    "demonstratorpilotprototype": DeliverableType.DEM,
    "p": DeliverableType.DEM,
    "d": DeliverableType.DEM,
    "websitespatentsfillingsvideosetc": DeliverableType.DEC,
    "datasetsmicrodataetc": DeliverableType.DATA,
    "datamanagementplan": DeliverableType.DMP,
    "ordp": DeliverableType.DMP,
    "o": DeliverableType.OTHER,
}
_LEVELS = {normalised(level): level for level in DisseminationLevel} | {
    "public": DisseminationLevel.PU,
    "sensitive": DisseminationLevel.SEN,
    "confidential": DisseminationLevel.SEN,
    "co": DisseminationLevel.SEN,
    "re": DisseminationLevel.SEN,
    "pp": DisseminationLevel.SEN,
    "eures": DisseminationLevel.EU_R,
    "eucon": DisseminationLevel.EU_C,
    "eusec": DisseminationLevel.EU_S,
}
_STATUSES = {normalised(status): status for status in DeliverableStatus}


def read_plan(
    path: Path, table: PlanTable, findings: Findings, start: date | None = None
) -> list[PlanLine]:
    """Return the rows of one table, in the file's order.

    Args:
        path: the file.
        table: what its rows are.
        findings: where oddities go.
        start: the project's start, to bring calendar dates into project months; None = not known.

    Raises:
        UnreadableFile: no such table, or required columns are missing.
        BadRow: a cell cannot be understood, or a number comes twice.
        FileTooLarge, NotFound: the file as a whole.
    """
    with sources([path]) as found:
        source = found[0]
        if source.size > PLAN_BYTES_LIMIT:
            raise too_large(source.name, source.size, PLAN_BYTES_LIMIT)
        with source.open() as stream, Table(stream, source.name, findings) as opened:
            return _Reader(opened, table, start).lines()


class _Reader:
    """Reads one table."""

    def __init__(self, opened: Table, table: PlanTable, start: date | None) -> None:
        self.opened = opened
        self.table = table
        self.start = start
        self.row = 0
        self.cells: dict[str, str] = {}

    def lines(self) -> list[PlanLine]:
        make: dict[PlanTable, Callable[[], PlanLine]] = {
            PlanTable.WORK_PACKAGES: self._work_package,
            PlanTable.TASKS: self._task,
            PlanTable.DELIVERABLES: self._deliverable,
            PlanTable.MILESTONES: self._milestone,
        }
        columns = COLUMNS[self.table]
        lines: list[PlanLine] = []
        for row, cells in self.opened.rows(columns):
            self.row = row
            if not any(cell.strip() for cell in cells):
                continue
            names = (column.name for column in columns)
            self.cells = dict(zip(names, map(restored, cells), strict=True))
            lines.append(make[self.table]())
        self._refuse_twice(lines)
        return lines

    # --- one row ----------------------------------------------------------------------------------

    def _work_package(self) -> WorkPackageLine:
        start, end = self._months()
        return WorkPackageLine(
            row=self.row,
            number=self._number("WP no."),
            title=self._title(),
            lead=self._lead(),
            start_month=start,
            end_month=end,
            objectives=clean_text(self.cells["Objectives"]),
            description=clean_text(self.cells["Description"]),
        )

    def _task(self) -> TaskLine:
        work_package, number = self._dotted("Task no.")
        start, end = self._months()
        return TaskLine(
            row=self.row,
            work_package=work_package,
            number=number,
            title=self._title(),
            lead=self._lead(),
            start_month=start,
            end_month=end,
            description=clean_text(self.cells["Description"]),
        )

    def _deliverable(self) -> DeliverableLine:
        work_package, number = self._dotted("Deliverable no.")
        return DeliverableLine(
            row=self.row,
            work_package=work_package,
            number=number,
            title=self._title(),
            description=clean_text(self.cells["Description"]),
            lead=self._lead(),
            type=self._one_of("Type", _TYPES),
            level=self._one_of("Dissemination level", _LEVELS),
            due_month=self._month("Due month"),
            status=self._one_of("Status", _STATUSES),
            submitted_on=self._date("Submitted on"),
        )

    def _milestone(self) -> MilestoneLine:
        return MilestoneLine(
            row=self.row,
            number=self._number("Milestone no."),
            title=self._title(),
            work_packages=self._work_packages(),
            lead=self._lead(),
            due_month=self._month("Due month"),
            means_of_verification=clean_text(self.cells["Means of verification"]),
            achieved_on=self._date("Achieved on"),
        )

    # --- one cell ---------------------------------------------------------------------------------

    def _title(self) -> str:
        return clean_line(self.cells["Title"]) or self._refuse("Title", "a title")

    def _lead(self) -> str:
        return clean_line(self.cells["Lead"]) or clean_line(self.cells["Lead no."])

    def _number(self, column: str) -> int:
        found = _LABEL.fullmatch(self.cells[column].strip())
        if not found or not int(found[1]):
            self._refuse(column, "a number such as 3 or a label such as WP3")
        return int(found[1])

    def _dotted(self, column: str) -> tuple[int, int | None]:
        """Return (work package, number in it) of "D3.2", or of "2" beside a column "WP no."."""
        cell = self.cells[column].strip()
        beside = clean_line(self.cells["WP no."])
        if found := _DOTTED.fullmatch(cell):
            work_package, number = int(found[1]), int(found[2])
            if beside and self._number("WP no.") != work_package:
                self._refuse("WP no.", f"WP{work_package}, as {cell} says")
        else:
            number = self._number(column) if cell else 0
            work_package = self._number("WP no.")
        if not work_package or (cell and not number):
            self._refuse(column, "a label such as D3.2, or a number beside a column WP no.")
        return work_package, number or None

    def _months(self) -> tuple[int, int]:
        start, end = self._month("Start month"), self._month("End month")
        if end < start:
            self._refuse("End month", f"month {start} or later")
        return start, end

    def _month(self, column: str) -> int:
        cell = self.cells[column].strip()
        if found := _MONTH.fullmatch(cell):
            month = int(found[1])
        else:
            month = self._month_of_date(column, cell)
        if not 1 <= month <= LAST_MONTH:
            self._refuse(column, f"a project month from M1 to M{LAST_MONTH}")
        return month

    def _month_of_date(self, column: str, cell: str) -> int:
        try:
            day = read_date(cell)
        except ValueError:
            day = None
        if day is None:
            self._refuse(column, "a project month (M12 or 12) or a date")
        if self.start is None:
            self._refuse(column, "a project month, as the project has no start date")
        return month_of(self.start, day)

    def _date(self, column: str) -> date | None:
        try:
            return read_date(self.cells[column])
        except ValueError:
            self._refuse(column, "a date such as 2026-11-24")

    def _one_of(self, column: str, known: dict[str, EnumT]) -> EnumT | None:
        cell = self.cells[column].strip()
        # "R — Document, report" and "PU - Public" say the code first.
        for text in (cell, re.split(r"\s+[-–—:]\s+|\s*\(", cell)[0]):
            if (found := known.get(normalised(text))) is not None:
                return found
        if not is_blank(cell):
            self._refuse(column, ", ".join(dict.fromkeys(str(value) for value in known.values())))
        return None

    def _work_packages(self) -> tuple[int, ...]:
        cell = self.cells["Related WPs"].strip()
        if is_blank(cell):
            return ()
        numbers: list[int] = []
        for part in _SEPARATORS.split(cell):
            if span := _RANGE.fullmatch(part):
                numbers.extend(range(int(span[1]), int(span[2]) + 1))
            elif found := _LABEL.fullmatch(part):
                numbers.append(int(found[1]))
            elif part:
                self._refuse("Related WPs", "work packages such as WP1, WP3")
        return tuple(dict.fromkeys(numbers))

    def _refuse(self, column: str, expected: str) -> NoReturn:
        found = self.cells[column].strip()
        raise BadRow(
            "bad_cell",
            "{file}, row {row}, column {column}: found {found}; expected {expected}.",
            file=self.opened.name,
            row=self.row,
            column=column,
            found=repr(found[:60]) if found else "nothing",
            expected=expected,
        )

    def _refuse_twice(self, lines: list[PlanLine]) -> None:
        seen: dict[tuple[int, int], int] = {}
        for line in lines:
            if line.number is None:
                continue
            parent = line.work_package if isinstance(line, TaskLine | DeliverableLine) else 0
            key = parent, line.number
            if key in seen:
                raise BadRow(
                    "number_twice",
                    "{file}, row {row}: the number is that of row {other} again.",
                    file=self.opened.name,
                    row=line.row,
                    column=next(c.name for c in COLUMNS[self.table] if c.name.endswith("no.")),
                    other=seen[key],
                    expected="each number once",
                )
            seen[key] = line.row
