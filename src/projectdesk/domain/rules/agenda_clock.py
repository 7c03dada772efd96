"""The clock of an agenda: which item runs, and what was spent on each.

A frozen value: every step gives a new one. An item may be taken up again; its time adds up. Time
does not run between items.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

_NOTHING = timedelta()


@dataclass(frozen=True)
class AgendaClock:
    """What was spent on the items of an agenda up to now.

    started_at: when the first item was started, None before. current: the running item, None
    between items. running_since: from when the current item's time is not yet in `spent`.
    """

    started_at: datetime | None = None
    current: str | None = None
    running_since: datetime | None = None
    spent: Mapping[str, timedelta] = field(default_factory=dict)

    def start(self, item: str, at: datetime) -> AgendaClock:
        """Return the clock with `item` running from `at`; nothing changes if it runs already."""
        if item == self.current:
            return self
        stopped = self.pause(at)
        return replace(stopped, started_at=self.started_at or at, current=item, running_since=at)

    def pause(self, at: datetime) -> AgendaClock:
        """Return the clock with no item running from `at`."""
        if self.current is None:
            return self
        spent = {**self.spent, self.current: self.spent_on(self.current, at)}
        return replace(self, current=None, running_since=None, spent=spent)

    def spent_on(self, item: str, at: datetime) -> timedelta:
        """Return what was spent on an item up to `at`; an `at` before its start adds nothing."""
        spent = self.spent.get(item, _NOTHING)
        if item == self.current and self.running_since is not None:
            spent += max(at - self.running_since, _NOTHING)
        return spent

    def total(self, at: datetime) -> timedelta:
        """Return what was spent on all items up to `at`."""
        items = set(self.spent) | ({self.current} if self.current is not None else set())
        return sum((self.spent_on(item, at) for item in items), _NOTHING)

    def overrun(self, item: str, planned: timedelta, at: datetime) -> timedelta:
        """Return by how much an item is over its planned time at `at`; never negative."""
        return max(self.spent_on(item, at) - planned, _NOTHING)
