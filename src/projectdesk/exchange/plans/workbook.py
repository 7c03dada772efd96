"""Reads a whole work plan out of an Excel workbook: each sheet is a table, or is said not to be.

Sheets are recognised by their names or by their headers. A header may stand below titles, have two
rows (merged cells) and German or French words.

May import: domain, errors, exchange.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import islice
from operator import itemgetter
from pathlib import Path

from projectdesk.errors import BadRow, UnreadableFile
from projectdesk.exchange.files import too_large
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.plans.columns import COLUMNS, PACKAGE_COLUMNS, SHEET_NAMES
from projectdesk.exchange.plans.lines import Plan, PlanLine, PlanTable
from projectdesk.exchange.plans.reader import NOTHING, PLAN_BYTES_LIMIT, read_rows
from projectdesk.exchange.sheets import HEADER_ROWS, Workbook, open_workbook, without_error
from projectdesk.exchange.tables import Column, normalised, positions_of, require
from projectdesk.exchange.values import clean_line
from projectdesk.worded import worded

_OWN_WORDS: dict[PlanTable, tuple[str, ...]] = {
    PlanTable.TASKS: ("task", "aufgabe", "tâche"),
    PlanTable.DELIVERABLES: (
        *("deliverable", "liefergegenstand", "livrable", "dno", "delivno", "delno"),
        *("dissemination", "dissemlevel", "disslevel"),
    ),
    PlanTable.MILESTONES: ("milestone", "meilenstein", "jalon", "meansofverification", "ms"),
    PlanTable.RISKS: ("risk", "risiko", "risque"),
    PlanTable.DEPENDENCIES: ("predecessor", "before", "vorgänger", "prédécesseur"),
    PlanTable.WORK_PACKAGES: ("wp", "workpackage", "arbeitspaket", "ap", "lot", "lt"),
}
"""What headers of a table have that no other table's have, the surest tables first."""


class Grid:
    """One sheet as a table. header: its words, of one row or of two that merged cells make."""

    def __init__(
        self, name: str, rows: Sequence[tuple[int, list[str]]], columns: Sequence[Column]
    ) -> None:
        """Find the header.

        Args:
            name: of file and sheet.
            rows: (row as Excel counts, cells), with the errors of formulas.
            columns: what a reader wants.
        """
        self.name = name
        self.findings = Findings()
        self.header: tuple[str, ...] = ()
        self._rows = rows
        self._below = 0
        best = 0
        head = [[without_error(cell) for cell in cells] for _, cells in rows[: HEADER_ROWS + 1]]
        for index, cells in enumerate(head[:HEADER_ROWS]):
            following = head[index + 1] if index + 1 < len(head) else []
            for below, header in ((1, cells), (2, _over(cells, following))):
                found = len(positions_of(header, columns))
                if found > best:
                    best, self._below = found, index + below
                    self.header = tuple(clean_line(cell) for cell in header)

    def positions(self, columns: Iterable[Column]) -> dict[str, int]:
        """Return where the wanted columns are; those the table lacks are missing from it."""
        return positions_of(self.header, columns)

    def rows(self, columns: Sequence[Column]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield (row, cells in the order of `columns`); "" where a column is missing.

        Raises:
            UnreadableFile: a required column is missing.
        """
        places = self.positions(columns)
        require(self.name, self.header, columns)
        width = max(len(self.header), 1)
        pick = itemgetter(*(places.get(column.name, width) for column in columns))
        for number, cells in self._rows[self._below :]:
            padded = [*cells[:width], *([""] * (width + 1 - len(cells[:width])))]
            yield number, pick(padded)


def _over(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Return a header of two rows: the lower word, or the upper one where that is blank."""
    width = max(len(upper), len(lower))
    padded = [[*row, *([""] * (width - len(row)))] for row in (upper, lower)]
    return [low or up for up, low in zip(*padded, strict=True)]


def _columns(table: PlanTable) -> tuple[Column, ...]:
    more = PACKAGE_COLUMNS if table is PlanTable.EFFORT else ()
    return COLUMNS[table] + more


def read_plan_workbook(path: Path, findings: Findings, start: date | None = None) -> Plan:
    """Return the plan of all sheets that hold a table of one.

    Args:
        path: the workbook.
        findings: where sheets that hold none are named, and oddities go.
        start: the project's start, None = not known.

    Raises:
        UnreadableFile: no workbook, or no sheet holds a table of a plan.
        BadRow: a cell cannot be understood.
        FileTooLarge, NotFound: the file as a whole.
    """
    found: dict[PlanTable, tuple[PlanLine, ...]] = {}
    read: dict[PlanTable, str] = {}
    with open_workbook(path) as workbook:
        if path.stat().st_size > PLAN_BYTES_LIMIT:
            raise too_large(path.name, path.stat().st_size, PLAN_BYTES_LIMIT)
        for sheet in workbook.sheets:
            rows = list(workbook.rows(sheet, errors=True))
            if not rows:
                continue
            table = _table_of(sheet, rows)
            where = f"{path.name}, sheet {sheet}"
            if table is None:
                text = worded(
                    "Sheet {sheet} is no table of a work plan: it was left out.", sheet=sheet
                )
                findings.add(path.name, 0, "", "sheet_left_out", text)
            elif table in read:
                text = worded(
                    "Sheet {sheet} has the same table as {other}: it was left out.",
                    sheet=sheet,
                    other=read[table],
                )
                findings.add(path.name, 0, "", "sheet_left_out", text)
            else:
                read[table] = sheet
                grid = Grid(where, rows, _columns(table))
                grid.findings = findings
                with _telling_formulas(workbook, sheet, findings):
                    found[table] = tuple(read_rows(grid, table, start, fill_down=True))
    if not found:
        raise UnreadableFile(
            "no_plan_table",
            "{file} has no sheet with a table of a work plan (work packages, tasks, deliverables,"
            " milestones, risks, effort, dependencies).",
            file=path.name,
            expected="a sheet with columns such as WP no., Title, Start month, End month",
        )
    return Plan(**{table.value: lines for table, lines in found.items()})  # type: ignore[arg-type]


@contextmanager
def _telling_formulas(workbook: Workbook, sheet: str, findings: Findings) -> Iterator[None]:
    """Say that formulas of a sheet have no results, which reads as if their cells were blank.

    Raises:
        UnreadableFile: `no_results`: a blank cell of the sheet is refused; it may be one of them.
    """
    count = workbook.uncalculated(sheet)
    if count:
        told = worded(
            "Sheet {sheet} has formulas without a result ({count}): no program has calculated "
            "them. Their cells were taken as blank.",
            sheet=sheet,
            count=count,
        )
        findings.add(workbook.name, 0, "", "no_results", told)
    try:
        yield
    except BadRow as error:
        if not count or error.facts.get("found") != NOTHING:
            raise
        raise UnreadableFile(
            "no_results",
            "{file}: Sheet {sheet} has formulas without a result ({count}): no program has "
            "calculated them. Open the file in Excel or LibreOffice and save it.",
            file=workbook.name,
            sheet=sheet,
            count=count,
            expected="a workbook that was saved by Excel or LibreOffice",
        ) from error


def tables_in(path: Path) -> list[PlanTable]:
    """Return which tables of a plan the sheets of a workbook hold.

    Raises:
        UnreadableFile, FileTooLarge, NotFound: it cannot be read as a workbook.
    """
    with open_workbook(path) as workbook:
        heads = (
            (sheet, list(islice(workbook.rows(sheet), HEADER_ROWS + 1)))
            for sheet in workbook.sheets
        )
        found = (_table_of(sheet, rows) for sheet, rows in heads if rows)
        return [table for table in found if table is not None]


def read_sheet(
    path: Path, table: PlanTable, findings: Findings, start: date | None = None
) -> list[PlanLine]:
    """Return one table of a workbook: of the sheet that is called so, else the first that fits.

    Raises:
        UnreadableFile: no sheet has the columns; see `read_plan_workbook`.
        BadRow: a cell cannot be understood.
    """
    with open_workbook(path) as workbook:
        best: Grid | None = None
        for sheet in workbook.sheets:
            rows = list(workbook.rows(sheet, errors=True))
            grid = Grid(f"{path.name}, sheet {sheet}", rows, _columns(table))
            if _table_of(sheet, rows) is table:
                best = grid
                break
            if best is None and grid.header:
                best = grid
        if best is None:
            raise UnreadableFile("empty_file", "{file} is empty.", file=path.name)
        best.findings = findings
        return read_rows(best, table, start, fill_down=True)


def table_of_header(header: Sequence[str]) -> PlanTable | None:
    """Return which table of a plan has such a header, None if none has."""
    return _by_header([(1, list(header))])


def _table_of(sheet: str, rows: Sequence[tuple[int, list[str]]]) -> PlanTable | None:
    """Return which table a sheet holds, by its name or by the words of its header."""
    called = normalised(sheet)
    for table, names in SHEET_NAMES.items():
        if called in {normalised(name) for name in names} and _fits(rows, table):
            return table
    return _by_header(rows)


def _by_header(rows: Sequence[tuple[int, list[str]]]) -> PlanTable | None:
    places = Grid("", rows, _columns(PlanTable.EFFORT)).positions(_columns(PlanTable.EFFORT))
    matrix = any(column.name in places for column in PACKAGE_COLUMNS)
    if "Partner" in places and (matrix or {"WP no.", "Person-months"} <= places.keys()):
        return PlanTable.EFFORT
    for table, words in _OWN_WORDS.items():
        header = {normalised(cell) for cell in Grid("", rows, _columns(table)).header}
        if any(cell.startswith(words) for cell in header) and _fits(rows, table):
            return table
    return None


def _fits(rows: Sequence[tuple[int, list[str]]], table: PlanTable) -> bool:
    """Return whether a sheet has the columns that a table cannot do without."""
    columns = _columns(table)
    places = Grid("", rows, columns).positions(columns)
    required = all(column.name in places for column in columns if column.required)
    if table is PlanTable.EFFORT:
        matrix = any(column.name in places for column in PACKAGE_COLUMNS)
        return required and (matrix or {"WP no.", "Person-months"} <= places.keys())
    return required
