"""What a file is that was given where another one was expected.

May import: errors, exchange.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from projectdesk.errors import ImportError_, NotFound
from projectdesk.exchange.calendar import is_calendar_file
from projectdesk.exchange.contacts import has_people
from projectdesk.exchange.cordis.deliverables import is_deliverables
from projectdesk.exchange.plan_formats import PlanFormat, recognised, table_of_csv
from projectdesk.exchange.plans.workbook import tables_in


class FileKind(StrEnum):
    """What is imported in a way of its own."""

    PLAN = "plan"
    PEOPLE = "people"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Known:
    """What a file is. words: with its article, as in "a work plan of Microsoft Project"."""

    kind: FileKind
    words: str


_PLANS = {
    PlanFormat.MSPDI: "a work plan of Microsoft Project",
    PlanFormat.GAN: "a work plan of GanttProject",
}


def what_it_is(path: Path) -> Known | None:
    """Return what a file is, None when it is none of a work plan, of people or a calendar."""
    return next((found for look in _LOOKS if (found := _without_error(look, path))), None)


def _without_error(look: Callable[[Path], Known | None], path: Path) -> Known | None:
    try:
        return look(path)
    except (ImportError_, NotFound):  # not of this sort, or not readable at all
        return None


def _published(path: Path) -> Known | None:
    if not is_deliverables(path):
        return None
    return Known(FileKind.PLAN, "the export of CORDIS with published deliverables")


def _plan(path: Path) -> Known | None:
    form = recognised(path)
    if form in _PLANS:
        return Known(FileKind.PLAN, _PLANS[form])
    if form is PlanFormat.CSV:
        table = table_of_csv(path)
        return Known(FileKind.PLAN, f"a table of a work plan ({table.replace('_', ' ')})")
    if tables_in(path):
        return Known(FileKind.PLAN, "a workbook with tables of a work plan")
    return None


def _people(path: Path) -> Known | None:
    return Known(FileKind.PEOPLE, "a list of people") if has_people(path) else None


def _calendar(path: Path) -> Known | None:
    return Known(FileKind.CALENDAR, "a calendar file") if is_calendar_file(path) else None


_LOOKS = (_published, _calendar, _plan, _people)
