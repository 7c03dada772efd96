"""The agenda of one room: its plan, its clock and what of it is told."""

from __future__ import annotations

from datetime import datetime, timedelta

from projectdesk.domain.rules.agenda_clock import AgendaClock
from projectdesk.room.memory import ClockMemory
from projectdesk.signalling import call
from projectdesk.signalling.control import PlannedItem
from projectdesk.signalling.journal import Fact, ItemEnded, ItemStarted
from projectdesk.signalling.leading import Dropped, Retiming


class Agenda:
    """The items of the plan and the time spent on them; every step returns what happened.

    An empty room has no running item: the clock stops when the last one goes (`suspend`) and the
    same item goes on when somebody is back (`resume`).
    """

    def __init__(self, plan: list[PlannedItem], memory: ClockMemory) -> None:
        self._plan = plan
        self._interrupted = memory.interrupted
        self._allotted = dict(memory.allotted)
        self._dropped: dict[str, Dropped] = dict(memory.dropped)
        self._clock = AgendaClock(
            started_at=memory.started_at,
            current=memory.current,
            running_since=memory.running_since,
            spent={item: timedelta(seconds=spent) for item, spent in memory.spent.items()},
        )

    @property
    def current(self) -> str | None:
        """Id of the running item."""
        return self._clock.current

    @property
    def presenter(self) -> str | None:
        """Participant who presents the running item."""
        current = self._clock.current
        return next((i.presenter_participant for i in self._plan if i.id == current), None)

    def ids(self) -> list[str]:
        """Return the items of the plan, in order."""
        return [planned.id for planned in self._plan]

    def knows(self, item: str) -> bool:
        """Tell whether the plan has an item."""
        return any(planned.id == item for planned in self._plan)

    def start(self, item: str, at: datetime) -> list[Fact]:
        """Make an item of the plan the current one."""
        self._interrupted = None
        if item == self._clock.current:
            return []
        facts = self.pause(at)
        self._dropped.pop(item, None)
        self._clock = self._clock.start(item, at)
        return [*facts, ItemStarted(item=item)]

    def pause(self, at: datetime) -> list[Fact]:
        """Stop the clock between items."""
        self._interrupted = None
        item = self._clock.current
        if item is None:
            return []
        self._clock = self._clock.pause(at)
        return [ItemEnded(item=item)]

    def suspend(self, at: datetime) -> list[Fact]:
        """Stop the clock because nobody is there, and keep in mind what was running."""
        item = self._clock.current or self._interrupted
        facts = self.pause(at)
        self._interrupted = item
        return facts

    def resume(self, at: datetime) -> list[Fact]:
        """Go on with the item that `suspend` stopped, if it is still planned."""
        item = self._interrupted
        return self.start(item, at) if item is not None and self.knows(item) else []

    def can_retime(self, items: list[Retiming]) -> bool:
        """Tell whether these may be timed anew: planned, each once, the running one not dropped."""
        named = [item.item for item in items]
        return (
            len(set(named)) == len(named)
            and all(self.knows(item) for item in named)
            and not any(item.dropped and item.item == self.current for item in items)
        )

    def retime(self, items: list[Retiming]) -> None:
        """Give items other minutes, or leave them out; what was planned and spent stays."""
        for item in items:
            self._allotted.pop(item.item, None)
            self._dropped.pop(item.item, None)
            if item.minutes is not None:
                self._allotted[item.item] = item.minutes
            if item.dropped:
                self._dropped[item.item] = item.dropped

    def replan(self, plan: list[PlannedItem], at: datetime) -> list[Fact]:
        """Take a changed plan; what was spent stays, and an item no longer planned ends."""
        self._plan = plan
        current = self._clock.current
        return [] if current is None or self.knows(current) else self.pause(at)

    def shown(self, at: datetime) -> call.AgendaClock:
        """Return the clock as everybody sees it at `at`."""
        return call.AgendaClock(
            at=at,
            started_at=self._clock.started_at,
            current=self._clock.current,
            items=[
                call.ShownItem(
                    id=item.id,
                    number=item.number,
                    title=item.title,
                    kind=item.kind,
                    planned_minutes=item.planned_minutes,
                    presenter=item.presenter,
                    presenter_participant=item.presenter_participant,
                    elapsed_seconds=self._clock.spent_on(item.id, at).total_seconds(),
                    allotted_minutes=self._allotted.get(item.id),
                    dropped=self._dropped.get(item.id, ""),
                    section=item.section,
                    day=item.day,
                    track=item.track,
                    starts_at=item.starts_at,
                )
                for item in self._plan
            ],
        )

    def memory(self) -> ClockMemory:
        """Return what must survive the host."""
        return ClockMemory(
            started_at=self._clock.started_at,
            current=self._clock.current,
            running_since=self._clock.running_since,
            spent={item: spent.total_seconds() for item, spent in self._clock.spent.items()},
            interrupted=self._interrupted,
            allotted=dict(self._allotted),
            dropped=dict(self._dropped),
        )
