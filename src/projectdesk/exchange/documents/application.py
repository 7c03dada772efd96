"""The tables of an application as an evaluator expects them (terms.md, Work plan).

One content, laid out as a document (`of_application`) or as a workbook (`write_workbook`).

May import: domain, exchange.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from projectdesk.exchange.documents import wording
from projectdesk.exchange.documents.blocks import read
from projectdesk.exchange.documents.outline import (
    Element,
    Facts,
    Grid,
    Heading,
    Notes,
    Outline,
    Remark,
)
from projectdesk.exchange.plans import (
    DeliverableLine,
    MilestoneLine,
    Plan,
    RiskLine,
    WorkPackageLine,
)
from projectdesk.exchange.sheets import About, Cell, Sheet
from projectdesk.exchange.sheets import write_workbook as write_sheets

_LEVELS = {
    "PU": "PU – Public",
    "SEN": "SEN – Sensitive",
}


@dataclass(frozen=True, slots=True)
class Participant:
    """One partner: its number, None where it has none, and the name that the plan has it by."""

    number: int | None
    name: str


@dataclass(frozen=True)
class ApplicationContent:
    """What the tables hold. participants: in the order of the effort matrix."""

    acronym: str
    title: str
    grant_number: str
    plan: Plan
    participants: tuple[Participant, ...]

    def number(self, name: str) -> str:
        """Return a partner's number in words, "" where there is none."""
        found = next((each.number for each in self.participants if each.name == name), None)
        return "" if found is None else str(found)

    def months(self, package: WorkPackageLine) -> Decimal:
        """Return the person-months of a work package."""
        cells = (each for each in self.plan.effort if each.work_package == package.number)
        return sum((each.months for each in cells), Decimal(0))


@dataclass(frozen=True)
class _Table:
    """One table before its format; cells are texts and numbers. strong: (row, column) in bold."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell | Decimal, ...], ...]
    weights: tuple[int, ...]
    strong: tuple[tuple[int, int], ...] = ()


def of_application(content: ApplicationContent, *, now: datetime) -> Outline:
    """Return the tables as a document; `now` (UTC) is printed as when it was made."""
    plan = content.plan
    head = (
        ("Project", _named(content)),
        ("Grant agreement", content.grant_number),
        ("Start", wording.long_day(plan.start) if plan.start else ""),
    )
    elements: list[Element] = [Facts(tuple((name, value) for name, value in head if value))]
    packages, *others = _tables(content)
    elements += _laid_out(packages, "There are no work packages yet.")
    if plan.work_packages:
        elements.append(Heading(1, "Work package descriptions"))
        for package in plan.work_packages:
            elements += _description(content, package)
    nothing = {
        "List of deliverables": "There are no deliverables yet.",
        "List of milestones": "There are no milestones yet.",
        "Critical risks": "There are no risks yet.",
        "Summary of staff effort": "No effort is planned yet.",
    }
    for table in others:
        elements += _laid_out(table, nothing[table.title])
    return Outline(
        title="Work plan tables",
        kicker=content.acronym,
        footer=f"{content.acronym} · Work plan tables · made {wording.stamp(now)}",
        elements=tuple(elements),
        about="Project",
    )


def write_workbook(content: ApplicationContent, out: Path, author: str = "") -> None:
    """Write the tables as a workbook, one a sheet; header rows are repeated on every page.

    The first line of a sheet names the project. author: for the properties of the file.

    Raises:
        OSError: it cannot be written.
    """
    tables = _tables(content)
    write_sheets(
        out,
        [Sheet(each.title, each.headers, [_cells(row) for row in each.rows]) for each in tables],
        About(f"{content.acronym}: work plan tables", author, _named(content)),
    )
    _dress(out, tables)


def _named(content: ApplicationContent) -> str:
    return f"{content.acronym} – {content.title}" if content.title else content.acronym


def _cells(row: Sequence[Cell | Decimal]) -> list[Cell]:
    return [float(value) if isinstance(value, Decimal) else value for value in row]


def _dress(out: Path, tables: Sequence[_Table]) -> None:
    """Set cells in bold, wrap long texts, and set every sheet up for paper."""
    from openpyxl import load_workbook
    from openpyxl.styles import Alignment, Font

    with out.open("rb") as stream:  # a stream, as openpyxl insists on names that end in .xlsx
        book: Any = load_workbook(stream)
    for sheet, table in zip(book.worksheets, tables, strict=True):
        for row, column in table.strong:
            sheet.cell(row + 3, column + 1).font = Font(bold=True)
        for cells in sheet.iter_rows(min_row=3):
            for cell in cells:
                numeric = isinstance(cell.value, int | float)
                cell.alignment = Alignment(vertical="top", wrap_text=not numeric)
        sheet.print_title_rows = "1:2"
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    book.save(out)
    book.close()


def _laid_out(table: _Table, nothing: str) -> list[Element]:
    if not table.rows:
        return [Heading(1, table.title), Remark(nothing)]
    rows = tuple(tuple(_in_words(value) for value in row) for row in table.rows)
    grid = Grid(table.title, table.headers, rows, table.weights, table.strong)
    return [Heading(1, table.title), grid]


def _in_words(value: Cell | Decimal) -> str:
    match value:
        case None:
            return "–"
        case Decimal():
            return _months(value)
        case _:
            return str(value)


def _months(value: Decimal) -> str:
    """Return person-months without idle zeros: 12, 2.5, 0.25."""
    return f"{value.normalize():f}" if value else "0"


def _tables(content: ApplicationContent) -> list[_Table]:
    make: tuple[Callable[[ApplicationContent], _Table], ...] = (
        _work_packages,
        _deliverables,
        _milestones,
        _risks,
        _effort,
    )
    return [each(content) for each in make]


def _work_packages(content: ApplicationContent) -> _Table:
    packages = content.plan.work_packages
    rows: list[tuple[Cell | Decimal, ...]] = [
        (
            f"WP{each.number}",
            each.title,
            content.number(each.lead),
            each.lead,
            content.months(each),
            f"M{each.start_month}",
            f"M{each.end_month}",
        )
        for each in packages
    ]
    strong: tuple[tuple[int, int], ...] = ()
    if packages:
        total = sum((content.months(each) for each in packages), Decimal(0))
        rows.append(("", "Total", "", "", total, "", ""))
        strong = ((len(packages), 1), (len(packages), 4))
    return _Table(
        "List of work packages",
        (
            "No.",
            "Title",
            "Lead no.",
            "Lead short name",
            "Person-months",
            "Start",
            "End",
        ),
        tuple(rows),
        (4, 15, 4, 7, 6, 4, 4),
        strong,
    )


def _description(content: ApplicationContent, package: WorkPackageLine) -> list[Element]:
    lead = f"{content.number(package.lead)} {package.lead}".strip()
    about = Grid(
        f"WP{package.number} at a glance",
        ("Lead", "Start", "End", "Person-months"),
        (
            (
                lead or "–",
                f"M{package.start_month}",
                f"M{package.end_month}",
                _months(content.months(package)),
            ),
        ),
        (20, 4, 4, 7),
    )
    elements: list[Element] = [Heading(2, f"WP{package.number} {package.title}"), about]
    for name, text in (("Objectives", package.objectives), ("Description", package.description)):
        if text.strip():
            elements += [Heading(3, name), Notes(read(text))]
    elements += _participants(content, package)
    tasks = [each for each in content.plan.tasks if each.work_package == package.number]
    if tasks:
        rows = tuple(
            (
                f"T{each.work_package}.{each.number}",
                each.title,
                each.lead,
                f"M{each.start_month}",
                f"M{each.end_month}",
            )
            for each in tasks
        )
        headers = ("No.", "Task", "Lead", "Start", "End")
        caption = f"Tasks of WP{package.number}"
        elements += [Heading(3, "Tasks"), Grid(caption, headers, rows, (4, 20, 7, 4, 4))]
        for each in tasks:
            if each.description.strip():
                title = f"T{each.work_package}.{each.number} {each.title}"
                elements += [Heading(4, title), Notes(read(each.description))]
    return elements + _deliverables_of(content, package)


def _participants(content: ApplicationContent, package: WorkPackageLine) -> list[Element]:
    """Return who works in a work package, and how much; its leader is bold."""
    months = {
        each.partner: each.months
        for each in content.plan.effort
        if each.work_package == package.number
    }
    here = [each for each in content.participants if each.name in {*months, package.lead}]
    if not here:
        return []
    rows = [
        (content.number(each.name), each.name, _in_words(months.get(each.name))) for each in here
    ]
    leading = [row for row, each in enumerate(here) if each.name == package.lead]
    rows.append(("", "Total", _months(content.months(package))))
    strong = tuple((row, column) for row in (*leading, len(here)) for column in (1, 2))
    grid = Grid(
        f"Participants of WP{package.number}",
        ("No.", "Participant", "Person-months"),
        tuple(rows),
        (4, 20, 7),
        strong,
    )
    return [Heading(3, "Participants"), grid]


def _deliverables_of(content: ApplicationContent, package: WorkPackageLine) -> list[Element]:
    rows = tuple(
        (
            f"D{each.work_package}.{each.number}",
            each.title,
            str(each.type or ""),
            _level(each),
            f"M{each.due_month}",
        )
        for each in content.plan.deliverables
        if each.work_package == package.number
    )
    if not rows:
        return []
    headers = ("No.", "Deliverable", "Type", "Level", "Due")
    grid = Grid(f"Deliverables of WP{package.number}", headers, rows, (4, 20, 6, 9, 4))
    return [Heading(3, "Deliverables"), grid]


def _level(line: DeliverableLine) -> str:
    return _LEVELS.get(str(line.level), str(line.level or ""))


def _deliverables(content: ApplicationContent) -> _Table:
    """Return the list; the column of descriptions only where there are any."""
    lines = content.plan.deliverables
    described = any(each.description.strip() for each in lines)

    def row(line: DeliverableLine) -> tuple[Cell | Decimal, ...]:
        return (
            f"D{line.work_package}.{line.number}",
            line.title,
            *((line.description,) if described else ()),
            f"WP{line.work_package}",
            line.lead,
            str(line.type or ""),
            _level(line),
            f"M{line.due_month}",
        )

    more = ("Description",) if described else ()
    return _Table(
        "List of deliverables",
        ("No.", "Name", *more, "WP", "Lead", "Type", "Level", "Due"),
        tuple(row(each) for each in lines),
        (5, 11, 12, 4, 7, 6, 7, 4) if described else (5, 20, 4, 8, 6, 10, 4),
    )


def _milestones(content: ApplicationContent) -> _Table:
    def row(line: MilestoneLine) -> tuple[Cell | Decimal, ...]:
        return (
            f"MS{line.number}",
            line.title,
            ", ".join(f"WP{number}" for number in line.work_packages),
            f"M{line.due_month}",
            line.means_of_verification,
        )

    return _Table(
        "List of milestones",
        ("No.", "Name", "Related WPs", "Due", "Means of verification"),
        tuple(row(each) for each in content.plan.milestones),
        (4, 13, 8, 4, 14),
    )


def _risks(content: ApplicationContent) -> _Table:
    def row(line: RiskLine) -> tuple[Cell | Decimal, ...]:
        return (
            f"R{line.number}",
            line.title,
            str(line.likelihood or "").capitalize(),
            str(line.severity or "").capitalize(),
            ", ".join(f"WP{number}" for number in line.work_packages),
            line.mitigation,
        )

    return _Table(
        "Critical risks",
        ("No.", "Description", "Likelihood", "Severity", "WPs", "Mitigation"),
        tuple(row(each) for each in content.plan.risks),
        (3, 12, 6, 6, 5, 13),
    )


def _effort(content: ApplicationContent) -> _Table:
    """Return the effort matrix of all partners; the cell of a work package's leader is bold."""
    plan = content.plan
    packages = plan.work_packages
    months = {(each.partner, each.work_package): each.months for each in plan.effort}
    rows: list[tuple[Cell | Decimal, ...]] = []
    strong: list[tuple[int, int]] = []
    for index, partner in enumerate(content.participants if months else ()):
        cells = [months.get((partner.name, each.number)) for each in packages]
        total = sum((cell for cell in cells if cell is not None), Decimal(0))
        number = "" if partner.number is None else str(partner.number)
        rows.append((number, partner.name, *cells, total))
        strong += [
            (index, column)
            for column, each in enumerate(packages, start=2)
            if each.lead == partner.name and cells[column - 2] is not None
        ]
    if rows:
        sums = [content.months(each) for each in packages]
        strong += [(len(rows), column) for column in range(1, len(packages) + 3)]
        rows.append(("", "Total", *sums, sum(sums, Decimal(0))))
    return _Table(
        "Summary of staff effort",
        ("No.", "Participant", *(f"WP{each.number}" for each in packages), "Total"),
        tuple(rows),
        (4, 9, *(4 for _ in packages), 5),
        tuple(strong),
    )
