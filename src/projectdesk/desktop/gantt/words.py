"""What the chart says in words: months with their dates, bars for screen readers, the calendar."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, QLocale

from projectdesk.desktop.gantt.arrows import too_early
from projectdesk.desktop.gantt.layout import Measure
from projectdesk.desktop.gantt.timescale import Unit
from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.formats import CALENDAR, month_end, month_start
from projectdesk.desktop.models.words import word
from projectdesk.services.gantt_rows import GanttBar, GanttMark, GanttPlan

_LAST = -1


def span_form(unit: Unit, month_width: float, measure: Measure) -> int:
    """Return which of its names a tier has: the longest form that fits for each of its spans.

    One form for all, so a tier never reads "M A M Jun Jul A".
    """
    if unit is not Unit.MONTH:
        width = month_width * 7 / 31 if unit is Unit.WEEK else month_width
        names = _names(unit, date(2026, 12, 28))
        return next((n for n, name in enumerate(names) if measure(name) + 8 <= width), _LAST)
    forms = zip(*(_names(unit, date(2026, month, 1)) for month in range(1, 13)), strict=True)
    fitting = (all(measure(name) + 8 <= month_width for name in form) for form in forms)
    return next((n for n, fits in enumerate(fitting) if fits), _LAST)


def span_words(unit: Unit, first: date, form: int) -> str:
    """Return the name of a year, quarter, month or week in one of its forms (`span_form`)."""
    return _names(unit, first)[form]


def _names(unit: Unit, first: date) -> tuple[str, ...]:
    day = QDate(first.year, first.month, first.day)
    match unit:
        case Unit.YEAR:
            return (str(first.year),)
        case Unit.QUARTER:
            return (say("Q{number}", number=(first.month - 1) // 3 + 1),)
        case Unit.MONTH:
            locale = QLocale()
            return (
                locale.toString(day, "MMMM yyyy"),
                locale.toString(day, "MMM yyyy"),
                locale.standaloneMonthName(first.month, QLocale.FormatType.ShortFormat),
                locale.standaloneMonthName(first.month, QLocale.FormatType.NarrowFormat),
            )
        case Unit.WEEK:
            week = say("W{number}", number=first.isocalendar().week)
            return (f"{week}  {QLocale().toString(day, 'd MMM')}", week)


def when(row: GanttBar | GanttMark, start: date | None) -> str:
    """Return the months of a bar or mark, and their dates where the project has a start."""
    if isinstance(row, GanttMark):
        months = f"M{row.due_month}"
        dates = month_end(row.due_month, start, CALENDAR)
    else:
        first, last = row.start_month, row.end_month
        months = f"M{first}" if first == last else f"M{first} – M{last}"
        dates = f"{month_start(first, start, CALENDAR)} – {month_end(last, start, CALENDAR)}"
    return months if start is None else formats.joined((months, dates))


def length(row: GanttBar | GanttMark) -> str:
    """Return how long a bar is; "" for a mark."""
    if isinstance(row, GanttMark):
        return ""
    return say_count(row.end_month - row.start_month + 1, "{count} month", "{count} months")


def described(row: GanttBar | GanttMark, plan: GanttPlan, today: date) -> str:
    """Return all that the chart shows of a bar or mark, for those who hear it."""
    parts = [f"{word(row.kind)} {row.label}", row.title, when(row, plan.start_date), length(row)]
    if row.lead:
        parts.append(say("lead {name}", name=row.lead))
    if isinstance(row, GanttMark):
        parts.append(say("done") if row.done else say("late") if row.late(today) else "")
    else:
        parts += _waits(row, plan)
    return ", ".join(part for part in parts if part)


def _waits(row: GanttBar, plan: GanttPlan) -> list[str]:
    bars = {bar.id: bar for bar in plan.bars}
    words = []
    for link in plan.links:
        before = bars.get(link.before)
        if link.after != row.id or before is None:
            continue
        if too_early(link, before, row):
            words.append(say("too early after {label}", label=before.label))
        else:
            words.append(say("waits for {label}", label=before.label))
    return words
