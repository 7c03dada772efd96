"""Project months as people want to see them: M12, or the day on which it begins or ends."""

from __future__ import annotations

import re
from datetime import date

from PySide6.QtCore import QObject, Signal

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.entries import EXAMPLE_DAY, NotAValue, read_date, read_number
from projectdesk.domain.rules.project_months import LAST_MONTH, month_of
from projectdesk.errors import DomainError

_NUMBERED = re.compile(
    r"(?:(?:project\s*)?month|monat|mois|m)?[\s.]*([0-9]{1,3})(?:[.,]0+)?", re.IGNORECASE | re.ASCII
)


class MonthUnit(QObject):
    """The unit in which one project's months are shown, for all its tables, forms and dialogs.

    start: the day on which M1 begins, None while the project has none: months then stay months.
    """

    changed = Signal()

    def __init__(self, name: str = formats.MONTHS, start: date | None = None) -> None:
        super().__init__()
        self.name = name
        self.start = start

    def set(self, name: str, start: date | None) -> None:
        """Show months in another unit, or from another start; told where it differs."""
        if (name, start) != (self.name, self.start):
            self.name, self.start = name, start
            self.changed.emit()

    def begins(self, month: int) -> str:
        """Return when a month begins."""
        return self._written(month, ends=False)

    def ends(self, month: int) -> str:
        """Return when a month ends."""
        return self._written(month, ends=True)

    def span(self, start: int, end: int) -> str:
        """Return a time from the begin of a month to the end of another."""
        if self.name == formats.MONTHS or self.start is None:
            return f"M{start}" if start == end else f"M{start}–M{end}"
        return f"{self.begins(start)} – {self.ends(end)}"

    def other(self, month: int, *, ends: bool) -> str:
        """Return a month in the unit that is not shown, "" where there is none."""
        if self.start is None:
            return ""
        unit = formats.CALENDAR if self.name == formats.MONTHS else formats.MONTHS
        written = formats.month_end if ends else formats.month_start
        return _safe(written, month, self.start, unit)

    def read(self, words: str, minimum: int = 1, maximum: int = LAST_MONTH) -> int | None:
        """Return the month typed as M12, 12, Month 12, or as a day in it; None for nothing.

        Raises:
            NotAValue: it is no month of the project.
        """
        bare = words.strip()
        if found := _NUMBERED.fullmatch(bare):
            bare = found[1]
        if self.start is None or found or not bare:
            return read_number(bare, minimum, maximum, "M")
        try:
            day = read_date(bare)
        except NotAValue:
            raise NotAValue(
                say("Expected a month such as M12, or a date such as {example}.",
                    example=formats.day(EXAMPLE_DAY))
            ) from None  # fmt: skip
        month = 0 if day is None else month_of(self.start, day)
        if not minimum <= month <= maximum:
            raise NotAValue(
                say("That day is in no month of the project, which begins on {day}.",
                    day=formats.day(self.start))
            )  # fmt: skip
        return month

    def _written(self, month: int, *, ends: bool) -> str:
        written = formats.month_end if ends else formats.month_start
        return _safe(written, month, self.start, self.name)


def _safe(written: object, month: int, start: date | None, unit: str) -> str:
    """Write a month; one that an import took and no calendar has is written as a number."""
    try:
        return written(month, start, unit)  # type: ignore[operator, no-any-return]
    except DomainError:
        return f"M{month}"
