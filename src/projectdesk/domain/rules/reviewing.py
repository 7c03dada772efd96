"""A review meeting: which months are reviewed, what is late, when it is rehearsed, what was asked.

Months are project months (M1 is the first), spans (first, last) include both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from projectdesk.domain.meetings import MeetingType

REVIEWS: Final = frozenset({MeetingType.INTERIM_REVIEW, MeetingType.FINAL_REVIEW})
"""Types of meeting that have a review pack."""
REHEARSED_BEFORE: Final = timedelta(days=7)
_REVIEWED_AFTER_MONTHS: Final = 6
_ASKED_BY: Final = re.compile(r"\s*([^:?!.]{2,40}):\s+(.+)", re.DOTALL)
_PACKAGE: Final = re.compile(r"\bWP\s?(\d{1,3})\b", re.IGNORECASE)
_DELIVERABLE: Final = re.compile(r"\bD(\d{1,3}\.\d{1,3})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Period:
    """A reporting period; number 0 = all months up to the meeting, for want of periods."""

    number: int
    start_month: int
    end_month: int


@dataclass(frozen=True)
class TypedQuestion:
    """A question as it was typed in a hurry: "Lorenzo: what about D3.2?".

    asked_by: "" = not said. work_package, deliverable: what it names, 0 and "" = nothing.
    """

    asked_by: str
    text: str
    work_package: int
    deliverable: str


def reviewed_period(
    periods: Sequence[Period], month: int, kind: MeetingType, duration: int | None
) -> Period:
    """Return the period that a review is about.

    The last one that had ended by the month of the meeting, for up to half a year after its end and
    always at the final review; else the one that runs; without periods all months until then.

    Args:
        periods: of the project, in any order.
        month: of the meeting.
        kind: of the meeting.
        duration: months of the project, None = not known.
    """
    ordered = sorted(periods, key=lambda each: each.start_month)
    ended = [each for each in ordered if each.end_month < month]
    running = [each for each in ordered if each.start_month <= month <= each.end_month]
    final = kind is MeetingType.FINAL_REVIEW
    if ended and (final or not running or month - ended[-1].end_month <= _REVIEWED_AFTER_MONTHS):
        return ended[-1]
    if running:
        return running[0]
    last = max(1, month if duration is None else min(month, duration))
    return Period(0, 1, last)


def days_late(due_on: date | None, done_on: date | None, on: date) -> int:
    """Return by how many days something was late, or is on a day while it is not done; 0 = not."""
    if due_on is None:
        return 0
    return max(0, ((done_on or on) - due_on).days)


def rehearsal_start(review: datetime, now: datetime) -> datetime:
    """Return when a review is best rehearsed: a week before, at the same hour, on a working day.

    Args:
        review: local start of the review.
        now: the local time there; the rehearsal is not before the next day where that is possible.
    """
    start = review - REHEARSED_BEFORE
    tomorrow = datetime.combine(now.date() + timedelta(days=1), review.time())
    if start < tomorrow:
        start = tomorrow
    while start.weekday() >= 5:
        start += timedelta(days=1)
    return start if start < review else review - timedelta(hours=2)


def typed_question(text: str) -> TypedQuestion:
    """Return what a question says that was typed in one line.

    Words before a colon say who asks; WP3 and D3.2 say what it is about.
    """
    found = _ASKED_BY.fullmatch(text)
    who, said = (found[1].strip(), found[2].strip()) if found else ("", text.strip())
    if _PACKAGE.search(who) or _DELIVERABLE.search(who):
        who, said = "", text.strip()
    package, deliverable = _PACKAGE.search(text), _DELIVERABLE.search(text)
    return TypedQuestion(
        who,
        said,
        int(package[1]) if package else 0,
        f"D{deliverable[1]}" if deliverable else "",
    )
