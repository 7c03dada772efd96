"""The tables of a periodic report: effort, deliverables, milestones and risks of one period.

One content, laid out as a document (`of_periodic_report`) or as a workbook
(`write_periodic_workbook`).

May import: catalogues, domain, exchange.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from projectdesk.catalogues import right_to_left
from projectdesk.exchange.documents.outline import Element, Facts, Grid, Heading, Outline, Remark
from projectdesk.exchange.documents.periodic_content import (
    DueLine,
    EffortCell,
    PeriodicContent,
    RiskState,
)
from projectdesk.exchange.documents.words import Words, words
from projectdesk.exchange.sheets import About, sign, write_heading

_NOTHING = Decimal("0.00")
_LONGEST_TAB = 31
"""Letters of the name of a sheet (ECMA-376, 18.2.19)."""
_FIGURES = (
    "planned_effort",
    "reported",
    "deviation",
    "planned_to_date",
    "reported_to_date",
    "deviation_to_date",
)
_DUE = ("number", "title", "wp", "lead", "month", "due", "state")
_RISK = ("number", "risk", "wps", "likelihood", "severity", "state", "mitigation")
_WIDE = (4, 4, 4, 4, 4, 4)


def of_periodic_report(content: PeriodicContent, *, now: datetime) -> Outline:
    """Return the tables as a document; `now` (UTC) is printed as when it was made."""
    say = words(content.language)
    elements: list[Element] = [Facts(_head(content, say))]
    if content.missing:
        elements.append(Remark(say("figures_missing", names=", ".join(content.missing))))
    elements += _effort(content, say)
    elements += _due(say, "deliverables_due", content.deliverables, "submitted")
    elements += _due(say, "milestones_due", content.milestones, "achieved")
    elements += _risks(content, say)
    made = say("made", stamp=say.stamp(now))
    return Outline(
        title=say("periodic_title", period=content.period),
        kicker=content.acronym,
        footer=f"{content.acronym} · {content.period} · {made}",
        elements=tuple(elements),
        about=say("reporting_period"),
        language=say.language,
    )


def _head(content: PeriodicContent, say: Words) -> tuple[tuple[str, str], ...]:
    months = say("project_months", first=content.start_month, last=content.end_month)
    days = months
    if content.starts_on is not None and content.ends_on is not None:
        span = f"{say.long_day(content.starts_on)} – {say.long_day(content.ends_on)}"
        days = f"{span} ({months})"
    rows = (
        ("project", _named(content)),
        ("grant_agreement", content.grant_number),
        ("period", f"{content.period}, {days}"),
        ("report_due", say.long_day(content.due_on) if content.due_on else ""),
        ("figures_frozen", say.long_day(content.frozen_on) if content.frozen_on else ""),
    )
    return tuple((say(label), value) for label, value in rows if value)


def _named(content: PeriodicContent) -> str:
    return f"{content.acronym} – {content.title}" if content.title else content.acronym


def _effort(content: PeriodicContent, say: Words) -> list[Element]:
    elements: list[Element] = [Heading(1, say("person_months"))]
    if not content.cells:
        return [*elements, Remark(say("no_effort"))]
    figures_heads = _all(say, _FIGURES)
    by_partner = _summed(content.cells, lambda cell: (_numbered(cell), cell.partner))
    ordered = sorted(content.cells, key=lambda cell: (len(cell.work_package), cell.work_package))
    by_package = _summed(ordered, lambda cell: (cell.work_package, cell.title))
    for title, told, name, sums in (
        ("by_partner", "person_months_by_partner", "partner", by_partner),
        ("by_package", "person_months_by_package", "work_package", by_package),
    ):
        rows = [(*key, *_in_words(figures, say)) for key, figures in sums]
        rows.append(("", say("total"), *_in_words(_total(content.cells), say)))
        strong = tuple((len(rows) - 1, column) for column in range(1, 2 + len(_FIGURES)))
        headers = (say("number"), say(name), *figures_heads)
        grid = Grid(say(told), headers, tuple(rows), (3, 9, *_WIDE), strong)
        elements += [Heading(2, say(title)), grid]
    details = tuple(
        (cell.partner, cell.work_package, *_in_words(cell.figures, say))
        for cell in content.cells
        if any(cell.figures)
    )
    headers = (say("partner"), say("wp"), *figures_heads)
    elements += [
        Heading(2, say("by_both")),
        Grid(say("person_months_by_both"), headers, details, (9, 3, *_WIDE)),
    ]
    return elements


def _all(say: Words, keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(say, keys))


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


def _in_words(figures: Sequence[Decimal], say: Words) -> tuple[str, ...]:
    """Return the six columns of four figures: each pair with its deviation."""
    planned, reported, planned_to_date, reported_to_date = figures
    pairs = ((planned, reported), (planned_to_date, reported_to_date))
    return tuple(
        text
        for first, then in pairs
        for text in (say.figure(first), say.figure(then), say.signed(then - first))
    )


def _due(say: Words, about: str, lines: Sequence[DueLine], done: str) -> list[Element]:
    title = say(about)
    if not lines:
        return [Heading(1, title), Remark(say("none_due"))]
    rows = tuple(
        (
            line.label,
            line.title,
            line.work_packages,
            line.lead,
            f"M{line.month}",
            say.day(line.due_on) if line.due_on else "",
            line.status,
            say.day(line.done) if line.done else "",
        )
        for line in lines
    )
    grid = Grid(title, _all(say, (*_DUE, done)), rows, (3, 13, 4, 6, 4, 6, 6, 6))
    return [Heading(1, title), grid]


def _risks(content: PeriodicContent, say: Words) -> list[Element]:
    title = say("risks_state")
    if not content.risks:
        return [Heading(1, title), Remark(say("no_risks"))]
    rows = tuple(_risk(risk) for risk in content.risks)
    return [Heading(1, title), Grid(title, _all(say, _RISK), rows, (3, 12, 4, 5, 5, 5, 14))]


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
    say = words(content.language)
    heading = f"{_named(content)} · {content.period}"

    def table(
        title: str, headers: Iterable[str], rows: Sequence[Sequence[Any]], figures: int = 0
    ) -> None:
        sheet = book.create_sheet(say(title)[:_LONGEST_TAB])
        sheet.sheet_view.rightToLeft = right_to_left(say.language)
        write_heading(sheet, heading)
        _table(sheet, _all(say, headers), rows, figures)

    rows: list[tuple[Any, ...]] = [
        (cell.number, cell.partner, cell.work_package, cell.title, *_six(cell.figures))
        for cell in content.cells
    ]
    if rows:
        rows.append((None, say("total"), "", "", *_six(_total(content.cells))))
    headers = ("number", "partner", "wp", "title", *_FIGURES)
    table("person_months", headers, rows, len(_FIGURES))
    ordered = sorted(content.cells, key=lambda cell: (len(cell.work_package), cell.work_package))
    for title, name, cells, key in (
        ("by_partner", "partner", content.cells, lambda cell: (cell.partner, "")),
        ("by_package", "work_package", ordered, lambda cell: (cell.work_package, "")),
    ):
        rows = [(names[0], *_six(figures)) for names, figures in _summed(cells, key)]
        if rows:
            rows.append((say("total"), *_six(_total(content.cells))))
        table(title, (name, *_FIGURES), rows, len(_FIGURES))
    for title, lines, done in (
        ("deliverables", content.deliverables, "submitted"),
        ("milestones", content.milestones, "achieved"),
    ):
        rows = [
            (line.label, line.title, line.work_packages, line.lead, line.month, line.due_on,
             line.status, line.done)
            for line in lines
        ]  # fmt: skip
        table(title, (*_DUE, done), rows)
    table("risks", _RISK, [_risk(risk) for risk in content.risks])
    about = say("periodic_of", project=content.acronym, period=content.period)
    sign(book, About(about, author))
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
