"""The tables of a periodic report: effort, deliverables, milestones and risks of one period.

One content, laid out as a document (`of_periodic_report`) or as a workbook
(`write_periodic_workbook`).

May import: domain, exchange.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from projectdesk.exchange.documents import wording
from projectdesk.exchange.documents.outline import Element, Facts, Grid, Heading, Outline, Remark
from projectdesk.exchange.documents.periodic_content import (
    DueLine,
    EffortCell,
    PeriodicContent,
    RiskState,
)
from projectdesk.exchange.sheets import About, sign, write_heading

_NOTHING = Decimal("0.00")
_FIGURES = (
    "Planned",
    "Reported",
    "Deviation",
    "Planned to date",
    "Reported to date",
    "Deviation to date",
)
_WIDE = (4, 4, 4, 4, 4, 4)


def of_periodic_report(content: PeriodicContent, *, now: datetime) -> Outline:
    """Return the tables as a document; `now` (UTC) is printed as when it was made."""
    elements: list[Element] = [Facts(_head(content))]
    if content.missing:
        names = ", ".join(content.missing)
        words = "what they planned counts as not worked until they are"
        elements.append(Remark(f"Figures not answered, or sent back: {names}; {words}."))
    elements += _effort(content)
    elements += _due("Deliverables due in the period", content.deliverables, "Submitted")
    elements += _due("Milestones due in the period", content.milestones, "Achieved")
    elements += _risks(content)
    return Outline(
        title=f"Periodic report {content.period}: tables",
        kicker=content.acronym,
        footer=f"{content.acronym} · {content.period} · made {wording.stamp(now)}",
        elements=tuple(elements),
        about="Reporting period",
    )


def _head(content: PeriodicContent) -> tuple[tuple[str, str], ...]:
    months = f"M{content.start_month} to M{content.end_month}"
    days = months
    if content.starts_on is not None and content.ends_on is not None:
        span = f"{wording.long_day(content.starts_on)} – {wording.long_day(content.ends_on)}"
        days = f"{span} ({months})"
    rows = (
        ("Project", _named(content)),
        ("Grant agreement", content.grant_number),
        ("Period", f"{content.period}, {days}"),
        ("Report due", wording.long_day(content.due_on) if content.due_on else ""),
        ("Figures frozen", wording.long_day(content.frozen_on) if content.frozen_on else ""),
    )
    return tuple((label, value) for label, value in rows if value)


def _named(content: PeriodicContent) -> str:
    return f"{content.acronym} – {content.title}" if content.title else content.acronym


def _effort(content: PeriodicContent) -> list[Element]:
    elements: list[Element] = [Heading(1, "Person-months")]
    if not content.cells:
        return [*elements, Remark("No effort is planned or reported.")]
    by_partner = _summed(content.cells, lambda cell: (_numbered(cell), cell.partner))
    ordered = sorted(content.cells, key=lambda cell: (len(cell.work_package), cell.work_package))
    by_package = _summed(ordered, lambda cell: (cell.work_package, cell.title))
    for title, name, sums in (
        ("By partner", "Partner", by_partner),
        ("By work package", "Work package", by_package),
    ):
        rows = [(*key, *_in_words(figures)) for key, figures in sums]
        rows.append(("", "Total", *_in_words(_total(content.cells))))
        strong = tuple((len(rows) - 1, column) for column in range(1, 2 + len(_FIGURES)))
        headers = ("No.", name, *_FIGURES)
        caption = f"Person-months {title.lower()}"
        elements += [Heading(2, title), Grid(caption, headers, tuple(rows), (3, 9, *_WIDE), strong)]
    details = tuple(
        (cell.partner, cell.work_package, *_in_words(cell.figures))
        for cell in content.cells
        if any(cell.figures)
    )
    headers = ("Partner", "WP", *_FIGURES)
    caption = "Person-months by partner and work package"
    elements += [
        Heading(2, "By partner and work package"),
        Grid(caption, headers, details, (9, 3, *_WIDE)),
    ]
    return elements


def _numbered(cell: EffortCell) -> str:
    return "" if cell.number is None else str(cell.number)


def _summed(
    cells: Iterable[EffortCell], key: Callable[[EffortCell], tuple[str, str]]
) -> list[tuple[tuple[str, str], tuple[Decimal, ...]]]:
    """Return the sums of the figures by a key, in the order of the first cell of each."""
    groups: dict[tuple[str, str], list[EffortCell]] = {}
    for cell in cells:
        groups.setdefault(key(cell), []).append(cell)
    return [(one, _total(members)) for one, members in groups.items()]


def _total(cells: Iterable[EffortCell]) -> tuple[Decimal, ...]:
    columns = zip(*(cell.figures for cell in cells), strict=True)
    return tuple(sum(column, _NOTHING) for column in columns)


def _in_words(figures: Sequence[Decimal]) -> tuple[str, ...]:
    """Return the six columns of four figures: each pair with its deviation."""
    planned, reported, planned_to_date, reported_to_date = figures
    return (
        f"{planned:.2f}",
        f"{reported:.2f}",
        f"{reported - planned:+.2f}",
        f"{planned_to_date:.2f}",
        f"{reported_to_date:.2f}",
        f"{reported_to_date - planned_to_date:+.2f}",
    )


_DUE_HEADERS = ("No.", "Title", "WP", "Lead", "Month", "Due", "State")


def _due(title: str, lines: Sequence[DueLine], done: str) -> list[Element]:
    if not lines:
        return [Heading(1, title), Remark("None is due.")]
    rows = tuple(
        (
            line.label,
            line.title,
            line.work_packages,
            line.lead,
            f"M{line.month}",
            wording.day(line.due_on) if line.due_on else "",
            line.status,
            wording.day(line.done) if line.done else "",
        )
        for line in lines
    )
    grid = Grid(title, (*_DUE_HEADERS, done), rows, (3, 13, 4, 6, 4, 6, 6, 6))
    return [Heading(1, title), grid]


_RISK_HEADERS = ("No.", "Risk", "WPs", "Likelihood", "Severity", "State", "Mitigation")


def _risks(content: PeriodicContent) -> list[Element]:
    title = "State of the risks"
    if not content.risks:
        return [Heading(1, title), Remark("No risk is recorded.")]
    rows = tuple(_risk(risk) for risk in content.risks)
    return [Heading(1, title), Grid(title, _RISK_HEADERS, rows, (3, 12, 4, 5, 5, 5, 14))]


def _risk(risk: RiskState) -> tuple[str, ...]:
    return (
        risk.label,
        risk.title,
        risk.work_packages,
        risk.likelihood,
        risk.severity,
        risk.status,
        risk.mitigation,
    )


# --- the workbook ---------------------------------------------------------------------------------


def write_periodic_workbook(content: PeriodicContent, out: Path, author: str = "") -> None:
    """Write the tables as a workbook. author: for the properties of the file.

    Sums and deviations are values, not formulas: a formula needs its result stored beside it, which
    openpyxl cannot do, and without one previews, phones and programs that read the file show
    nothing. The figures are what was frozen or stated; whoever changes one does it in the product.

    Raises:
        OSError: it cannot be written.
    """
    from openpyxl import Workbook

    book: Any = Workbook()
    book.remove(book.active)
    heading = f"{_named(content)} · {content.period}"

    def table(
        title: str, headers: Sequence[str], rows: Sequence[Sequence[Any]], figures: int = 0
    ) -> None:
        sheet = book.create_sheet(title)
        write_heading(sheet, heading)
        _table(sheet, headers, rows, figures)

    rows: list[tuple[Any, ...]] = [
        (cell.number, cell.partner, cell.work_package, cell.title, *_six(cell.figures))
        for cell in content.cells
    ]
    if rows:
        rows.append((None, "Total", "", "", *_six(_total(content.cells))))
    table("Person-months", ("No.", "Partner", "WP", "Title", *_FIGURES), rows, len(_FIGURES))
    ordered = sorted(content.cells, key=lambda cell: (len(cell.work_package), cell.work_package))
    for title, name, cells, key in (
        ("By partner", "Partner", content.cells, lambda cell: (cell.partner, "")),
        ("By work package", "Work package", ordered, lambda cell: (cell.work_package, "")),
    ):
        rows = [(names[0], *_six(figures)) for names, figures in _summed(cells, key)]
        if rows:
            rows.append(("Total", *_six(_total(content.cells))))
        table(title, (name, *_FIGURES), rows, len(_FIGURES))
    for title, lines, done in (
        ("Deliverables", content.deliverables, "Submitted"),
        ("Milestones", content.milestones, "Achieved"),
    ):
        rows = [
            (line.label, line.title, line.work_packages, line.lead, line.month, line.due_on,
             line.status, line.done)
            for line in lines
        ]  # fmt: skip
        table(title, (*_DUE_HEADERS, done), rows)
    table("Risks", _RISK_HEADERS, [_risk(risk) for risk in content.risks])
    sign(book, About(f"{content.acronym}: periodic report {content.period}", author))
    book.save(out)
    book.close()


def _six(figures: Sequence[Decimal]) -> tuple[float, ...]:
    """Return the six columns of four figures as numbers: each pair with its deviation."""
    planned, reported, planned_to_date, reported_to_date = figures
    pairs = ((planned, reported), (planned_to_date, reported_to_date))
    return tuple(float(each) for first, then in pairs for each in (first, then, then - first))


def _table(sheet: Any, headers: Sequence[str], rows: Sequence[Sequence[Any]], figures: int) -> None:
    """Write a table below the heading. figures: how many of its last columns are person-months.

    A table of figures ends with its totals. Every text stays a text, also one like "=1+1".
    """
    from openpyxl.styles import Alignment, Font

    plain = range(len(headers) - figures + 1, len(headers) + 1)
    for column, header in enumerate(headers, 1):
        sheet.cell(2, column, header).font = Font(bold=True)
    for number, values in enumerate(rows, 3):
        for column, value in enumerate(values, 1):
            cell = sheet.cell(number, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
            if column in plain:
                cell.number_format = "0.00"
            else:
                cell.alignment = Alignment(vertical="top", wrap_text=isinstance(value, str))
            if figures and number == len(rows) + 2:
                cell.font = Font(bold=True)
    for column, header in enumerate(headers, 1):
        texts = [header, *(str(row[column - 1] or "") for row in rows if column not in plain)]
        width = max(len(text) for text in texts) + 2
        sheet.column_dimensions[sheet.cell(2, column).column_letter].width = min(width, 50)
    sheet.freeze_panes = "A3"
    sheet.print_title_rows = "1:2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
