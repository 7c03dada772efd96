"""Reads a table of a work plan out of delimited text or a workbook, as people and Word have it.

A plan is small and made by hand: what cannot be understood is an error with file, row, column and
what was expected, and nothing is taken.

May import: domain, errors, exchange.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import NoReturn, Protocol, TypeVar

from projectdesk.domain.workplan import DependencyType
from projectdesk.errors import BadRow, UnreadableFile
from projectdesk.exchange.files import Source, sources, too_large
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.plans import cells as cell
from projectdesk.exchange.plans.columns import COLUMNS, PACKAGE_COLUMNS
from projectdesk.exchange.plans.lines import (
    DeliverableLine,
    DependencyLine,
    EffortLine,
    MilestoneLine,
    PlanLine,
    PlanTable,
    RiskLine,
    TaskLine,
    WorkPackageLine,
)
from projectdesk.exchange.plans.members import plan_in
from projectdesk.exchange.sheets import without_error
from projectdesk.exchange.tables import Column, Table, as_utf8, normalised, restored
from projectdesk.exchange.values import clean_line, clean_text
from projectdesk.worded import why, worded

NOTHING = worded("nothing")
"""What is found in a cell that is refused for being blank."""

PLAN_BYTES_LIMIT = 16 << 20
TITLE_ROWS = 10
"""Rows of titles and notes that may stand above the header of a CSV."""

ValueT = TypeVar("ValueT")

_TOTALS = frozenset({"total", "totals", "sum", "gesamt", "summe", "totalpersonmonths", "somme"})
_NAMES: Mapping[PlanTable, tuple[str, ...]] = {
    PlanTable.WORK_PACKAGES: ("WP no.", "Title"),
    PlanTable.TASKS: ("WP no.", "Task no.", "Title"),
    PlanTable.DELIVERABLES: ("WP no.", "Deliverable no.", "Title"),
    PlanTable.MILESTONES: ("Milestone no.", "Title"),
    PlanTable.RISKS: ("Risk no.", "Risk"),
    PlanTable.EFFORT: ("Partner no.", "Partner"),
}
"""The columns that say what a row is about."""

_FIGURES = frozenset({*(column.name for column in PACKAGE_COLUMNS), "Person-months"})
"""Columns where a formula that failed is an error of the file: as a blank it would be lost."""


class Rows(Protocol):
    """A table that is open: `tables.Table`, `sheets.SheetTable` or `workbook.Grid`."""

    @property
    def name(self) -> str:
        """Its file."""

    @property
    def findings(self) -> Findings:
        """Where oddities go."""

    def positions(self, columns: Sequence[Column]) -> dict[str, int]:
        """Return where the wanted columns are."""

    def rows(self, columns: Sequence[Column]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield (row, cells in the order of `columns`)."""


def read_plan(
    path: Path, table: PlanTable, findings: Findings, start: date | None = None
) -> list[PlanLine]:
    """Return the rows of one table, in the file's order.

    Args:
        path: the file: delimited text.
        table: what its rows are.
        findings: where oddities go.
        start: the project's start, to bring calendar dates into project months; None = not known.

    Raises:
        UnreadableFile: no such table, or required columns are missing.
        BadRow: a cell cannot be understood, or a number comes twice.
        FileTooLarge, NotFound: the file as a whole.
    """
    with sources([path]) as found:
        source = plan_in(found, path)
        with opened_csv(source, findings, lambda rows: _has_required(rows, table)) as opened:
            return read_rows(opened, table, start)


@contextmanager
def opened_csv(
    source: Source, findings: Findings, fits: Callable[[Table], bool]
) -> Iterator[Table]:
    """Open delimited text where its header is: in the first row, or below a few titles.

    Args:
        source: the file.
        findings: where oddities go.
        fits: whether a table has the header that is looked for.

    Raises:
        UnreadableFile: no text, or empty.
        FileTooLarge: too large for a plan.
    """
    if source.size > PLAN_BYTES_LIMIT:
        raise too_large(source.name, source.size, PLAN_BYTES_LIMIT)
    with source.open() as stream, Table(stream, source.name, findings) as first:
        if fits(first):
            yield first
            return
    content = as_utf8(source.read(PLAN_BYTES_LIMIT))
    skipped, at = _below_titles(content, source.name, fits)
    if skipped:
        text = worded("{count} rows above the header were left out.", count=skipped)
        findings.add(source.name, 0, "", "titles_left_out", text)
    with Table(BytesIO(content[at:]), source.name, findings, above=skipped) as table:
        yield table


def _below_titles(content: bytes, name: str, fits: Callable[[Table], bool]) -> tuple[int, int]:
    """Return how many rows stand above the header, and where it begins; 0, 0 if nowhere."""
    at = 0
    for skipped in range(1, TITLE_ROWS + 1):
        at = content.find(b"\n", at) + 1
        if not at or b"\0" in content:
            break
        with suppress(UnreadableFile), Table(BytesIO(content[at:]), name, Findings()) as table:
            if fits(table):
                return skipped, at
    return 0, 0


def _has_required(opened: Table, table: PlanTable) -> bool:
    columns = COLUMNS[table]
    places = opened.positions(columns)
    return all(column.name in places for column in columns if column.required)


def read_rows(
    opened: Rows, table: PlanTable, start: date | None = None, *, fill_down: bool = False
) -> list[PlanLine]:
    """Return the lines of an open table.

    Args:
        opened: the table.
        table: what its rows are.
        start: the project's start, None = not known.
        fill_down: whether a blank work package is that of the row above, as merged cells have it.

    Raises:
        UnreadableFile, BadRow: see `read_plan`.
    """
    return _Reader(opened, table, start, fill_down=fill_down).lines()


class _Reader:
    """Reads one table."""

    def __init__(
        self, opened: Rows, table: PlanTable, start: date | None, *, fill_down: bool
    ) -> None:
        self.opened = opened
        self.table = table
        self.start = start
        self.fill_down = fill_down
        self.row = 0
        self.cells: dict[str, str] = {}
        self.above = 0

    def lines(self) -> list[PlanLine]:
        make: Mapping[PlanTable, Callable[[], Sequence[PlanLine]]] = {
            PlanTable.WORK_PACKAGES: lambda: [self._work_package()],
            PlanTable.TASKS: lambda: [self._task()],
            PlanTable.DELIVERABLES: lambda: [self._deliverable()],
            PlanTable.MILESTONES: lambda: [self._milestone()],
            PlanTable.RISKS: lambda: [self._risk()],
            PlanTable.DEPENDENCIES: lambda: [self._dependency()],
            PlanTable.EFFORT: self._effort,
        }
        columns = COLUMNS[self.table]
        if self.table is PlanTable.EFFORT:
            columns += PACKAGE_COLUMNS
            self._check_matrix(columns)
        lines: list[PlanLine] = []
        names = [column.name for column in columns]
        for row, cells in self.opened.rows(columns):
            self.row = row
            if not any(without_error(each).strip() for each in cells):
                continue
            texts = map(restored, cells) if isinstance(self.opened, Table) else cells
            self.cells = {
                name: text if name in _FIGURES else without_error(text)
                for name, text in zip(names, texts, strict=True)
            }
            if not self._is_total():
                lines.extend(make[self.table]())
        self._refuse_twice(lines)
        return lines

    def _is_total(self) -> bool:
        """Return whether the row sums up the others: no number, and Total where its name would be.

        The word may stand in the place of the number, as where cells are merged.
        """
        names = _NAMES.get(self.table, ())
        words = {normalised(self.cells[name]) for name in names} - {""}
        return bool(words) and words <= _TOTALS

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
            type=self._one_of("Type", cell.TYPES),
            level=self._one_of("Dissemination level", cell.LEVELS),
            due_month=self._due(),
            status=self._one_of("Status", cell.STATUSES),
            submitted_on=self._date("Submitted on"),
        )

    def _milestone(self) -> MilestoneLine:
        return MilestoneLine(
            row=self.row,
            number=self._number("Milestone no."),
            title=self._title(),
            work_packages=self._work_packages(),
            lead=self._lead(),
            due_month=self._due(),
            means_of_verification=clean_text(self.cells["Means of verification"]),
            achieved_on=self._date("Achieved on"),
        )

    def _risk(self) -> RiskLine:
        number = self.cells["Risk no."].strip()
        return RiskLine(
            row=self.row,
            number=self._number("Risk no.") if number else None,
            title=clean_text(self.cells["Risk"]) or self._refuse("Risk", worded("what may happen")),
            work_packages=self._work_packages(),
            likelihood=self._one_of("Likelihood", cell.GRADES),
            severity=self._one_of("Severity", cell.GRADES),
            mitigation=clean_text(self.cells["Mitigation"]),
            owner=clean_line(self.cells["Owner"]),
            status=self._one_of("Status", cell.RISK_STATUSES),
        )

    def _dependency(self) -> DependencyLine:
        return DependencyLine(
            row=self.row,
            before=self._read("Before", cell.end),
            after=self._read("After", cell.end),
            type=self._one_of("Type", cell.LINKS) or DependencyType.FINISH_START,
            lag_months=self._read("Lag in months", cell.whole),
        )

    def _effort(self) -> list[EffortLine]:
        """Return the cells of a row of the matrix, or the one cell of a list."""
        partner = clean_line(self.cells["Partner"]) or clean_line(self.cells["Partner no."])
        if not partner:
            self._refuse("Partner", worded("a partner"))
        found = [
            EffortLine(row=self.row, partner=partner, work_package=number, months=months)
            for number, column in enumerate(PACKAGE_COLUMNS, start=1)
            if (months := self._person_months(column.name)) is not None
        ]
        months = self._person_months("Person-months") if self.cells["WP no."].strip() else None
        if months is not None:
            number = self._number("WP no.")
            found.append(
                EffortLine(row=self.row, partner=partner, work_package=number, months=months)
            )
        return found

    def _check_matrix(self, columns: Sequence[Column]) -> None:
        """Refuse an effort table that has neither a column per work package nor a list's two."""
        places = self.opened.positions(columns)
        if {"WP no.", "Person-months"} <= places.keys():
            return
        if not any(column.name in places for column in PACKAGE_COLUMNS):
            self._refuse_table(worded("a column for each work package (WP1, WP2...)"))

    def _refuse_table(self, expected: str) -> NoReturn:
        raise UnreadableFile(
            "columns_missing",
            "{file} is no effort table: expected {expected}.",
            file=self.opened.name,
            expected=expected,
        )

    # --- one cell ---------------------------------------------------------------------------------

    def _title(self) -> str:
        return clean_line(self.cells["Title"]) or self._refuse("Title", worded("a title"))

    def _lead(self) -> str:
        return clean_line(self.cells["Lead"]) or clean_line(self.cells["Lead no."])

    def _number(self, column: str) -> int:
        return self._read(column, cell.number_of)

    def _dotted(self, column: str) -> tuple[int, int | None]:
        """Return (work package, number in it) of "D3.2", or of "2" beside a column "WP no."."""
        text = self.cells[column].strip()
        beside = clean_line(self.cells["WP no."])
        if found := cell.dotted(text):
            work_package, number = found
            if beside and self._number("WP no.") != work_package:
                self._refuse(
                    "WP no.", worded("WP{number}, as {text} says", number=work_package, text=text)
                )
        else:
            number = self._number(column) if text else 0
            blank = not beside and self.fill_down and self.above
            work_package = self.above if blank else self._number("WP no.")
        if not work_package or (text and not number):
            self._refuse(column, worded("a label such as D3.2, or a number beside a column WP no."))
        self.above = work_package
        return work_package, number or None

    def _months(self) -> tuple[int, int]:
        start, end = self._month("Start month"), self._month("End month")
        if end < start:
            self._refuse("End month", worded("month {start} or later", start=start))
        return start, end

    def _month(self, column: str) -> int:
        return self._read(column, lambda text: cell.month(text, self.start))

    def _due(self) -> int:
        """Return the month in which something is due, the first of several."""
        several = cell.months(self.cells["Due month"])
        if not several:
            return self._month("Due month")
        first = self._read(
            "Due month", lambda _: min(cell.month(each, self.start) for each in several)
        )
        text = worded(
            "It is due more than once ({several}): M{first} was taken.",
            several=", ".join(several)[:80],
            first=first,
        )
        self.opened.findings.add(self.opened.name, self.row, "Due month", "due_again", text)
        return first

    def _date(self, column: str) -> date | None:
        return self._read(column, cell.day)

    def _person_months(self, column: str) -> Decimal | None:
        exact = self._read(column, cell.person_months)
        if exact is None:
            return None
        kept = cell.hundredths(exact)
        if kept != exact:
            text = worded("{exact} person-months were rounded to {kept}.", exact=exact, kept=kept)
            self.opened.findings.add(self.opened.name, self.row, column, "rounded", text)
        return kept

    def _one_of(self, column: str, known: Mapping[str, ValueT]) -> ValueT | None:
        return self._read(column, lambda text: cell.one_of(text, known))

    def _work_packages(self) -> tuple[int, ...]:
        return self._read("Related WPs", cell.packages)

    def _read(self, column: str, how: Callable[[str], ValueT]) -> ValueT:
        try:
            return how(self.cells[column])
        except cell.Unread as error:
            self._refuse(column, why(error))

    def _refuse(self, column: str, expected: str) -> NoReturn:
        found = self.cells[column].strip()
        raise BadRow(
            "bad_cell",
            "{file}, row {row}, column {column}: found {found}; expected {expected}.",
            file=self.opened.name,
            row=self.row,
            column=column,
            found=repr(found[:60]) if found else NOTHING,
            expected=expected,
        )

    def _refuse_twice(self, lines: Sequence[PlanLine]) -> None:
        seen: dict[object, int] = {}
        for line in lines:
            key = _key(line)
            if key is None:
                continue
            if key in seen:
                raise BadRow(
                    "number_twice",
                    "{file}, row {row}: the number is that of row {other} again.",
                    file=self.opened.name,
                    row=line.row,
                    column=COLUMNS[self.table][0].name,
                    other=seen[key],
                    expected=worded("each number once"),
                )
            seen[key] = line.row


def _key(line: PlanLine) -> object:
    """Return what no other line of the table may have, None for one without number."""
    match line:
        case EffortLine():
            return line.partner.casefold(), line.work_package
        case DependencyLine():
            return line.before, line.after
        case TaskLine() | DeliverableLine():
            return None if line.number is None else (line.work_package, line.number)
        case _:
            return line.number
