"""How late an action is, and when its owner and their partner's lead are written to.

Days are counted in UTC, so that all desktops of a team agree on them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from projectdesk.domain.minutes import ActionStatus

LAPSES: Final = timedelta(days=7)
"""After this long a reminder that was not sent is not sent any more: the digest tells of it."""


@dataclass(frozen=True)
class FollowUp:
    """When mail of open actions goes out.

    before, after: days before and after the due date on which the owner is reminded.
    escalate_after: days late after which the partner's lead is told, None = never. weekday: of the
    digest, 0 = Monday, None = no digest. since: nothing goes out that was due before.
    """

    before: tuple[int, ...] = (3,)
    after: tuple[int, ...] = (1, 7)
    escalate_after: int | None = 14
    weekday: int | None = 0
    since: date | None = None


def days_late(status: ActionStatus, due_on: date | None, today: date) -> int:
    """Return by how many days an open action is late; 0 = it is not."""
    if status is not ActionStatus.OPEN or due_on is None:
        return 0
    return max(0, (today - due_on).days)


def due_this_week(status: ActionStatus, due_on: date | None, today: date) -> bool:
    """Return whether an open action is due from today to the Sunday of this week."""
    if status is not ActionStatus.OPEN or due_on is None:
        return False
    sunday = today + timedelta(days=6 - today.weekday())
    return today <= due_on <= sunday


def reminder_days(due_on: date, rules: FollowUp) -> list[date]:
    """Return the days on which the owner of an action is reminded, as long as it is open."""
    days = {due_on - timedelta(days=each) for each in rules.before}
    days |= {due_on + timedelta(days=each) for each in rules.after}
    return sorted(day for day in days if _counts(day, rules))


def reminder_is_due(due_on: date, told: Iterable[datetime | None], now: datetime,
                    rules: FollowUp, elsewhere: Iterable[date] = ()) -> bool:  # fmt: skip
    """Return whether the owner of an open action is to be reminded by now.

    Several reminders that passed meanwhile (the computer was off) are one; what somebody was told
    on the day of a reminder or later, also by a server, stands for it.

    Args:
        due_on: when the action is due.
        told: when its owner was written to: the link, a reminder.
        now: UTC.
        rules: when reminders go out.
        elsewhere: days whose reminder a server sends, or sent.
    """
    today = now.date()
    days = [each.date() for each in told if each is not None]
    last = max([*days, *(day for day in elsewhere if day <= today)], default=date.min)
    return any(last < day <= today and today - day < LAPSES for day in reminder_days(due_on, rules))


def escalation_is_due(
    due_on: date, escalated_at: datetime | None, now: datetime, rules: FollowUp
) -> bool:
    """Return whether the lead of the owner's partner is to be told of an open action by now.

    Once for each date: who got a later one begins anew.
    """
    if rules.escalate_after is None:
        return False
    moment = due_on + timedelta(days=rules.escalate_after)
    if moment > now.date() or not _counts(moment, rules):
        return False
    return escalated_at is None or escalated_at.date() < due_on


def digest_day(now: datetime, rules: FollowUp) -> date | None:
    """Return since which day this week's digest is due, None when there is none."""
    if rules.weekday is None:
        return None
    today = now.date()
    day = today - timedelta(days=(today.weekday() - rules.weekday) % 7)
    return day if _counts(day, rules) else None


def _counts(moment: date, rules: FollowUp) -> bool:
    return rules.since is None or moment >= rules.since
