"""Moving parts of a plan by whole months, within the months that a project has."""

from __future__ import annotations

from collections.abc import Iterable

from projectdesk.domain.rules.dependencies import Bar
from projectdesk.domain.rules.project_months import LAST_MONTH
from projectdesk.errors import DomainError


def shifted(bars: Iterable[Bar], months: int) -> list[Bar]:
    """Return bars that many months later, or earlier where it is negative.

    Raises:
        DomainError: `before_first_month`, `month_out_of_range`; fact `field` is `months`.
    """
    moved = [bar.by(months) for bar in bars]
    first = min((bar.start for bar in moved), default=1)
    if first < 1:
        raise DomainError(
            "before_first_month",
            "This would begin before M1: move it back by {most} at most.",
            field="months",
            most=_months(first - 1 - months),
        )
    if max((bar.end for bar in moved), default=1) > LAST_MONTH:
        raise DomainError(
            "month_out_of_range",
            "This would end after M{last}, the last month there is.",
            field="months",
            last=LAST_MONTH,
        )
    return moved


def months_needed(bars: Iterable[Bar], duration: int | None) -> int | None:
    """Return how long a project must last for these bars, None when it lasts long enough."""
    last = max((bar.end for bar in bars), default=0)
    return last if duration is not None and last > duration else None


def _months(count: int) -> str:
    return "1 month" if count == 1 else f"{count} months"
