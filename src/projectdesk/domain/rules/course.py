"""The course of a meeting: what a host wrote down of it, applied to the meeting's records.

The facts come in the host's order and each once (decisions 4); the records may have been edited by
hand in between, and such an edit stays unless a later fact is about the same thing. A host's clock
may step back: nothing then ends before it began. When a meeting was held as people say gives way
to a call in which somebody is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from projectdesk.domain.meetings import AgendaItem, LeftOut, Meeting, MeetingState
from projectdesk.domain.minutes import AttendanceInterval

REJOINED = "rejoined"
"""Reason of an interval that ended because the same person came in again."""
ENDED = "ended"
"""Reason of an interval that ended with the meeting."""
HOST_RESTARTED = "host_restarted"
"""Reason of an interval that ended because the host did."""


@dataclass(frozen=True)
class RunningItem:
    """The agenda item that is the current one, and since when (UTC)."""

    item: UUID
    since: datetime


class Course:
    """One meeting's records while facts are applied to them.

    meeting, items, intervals: changed in place; intervals grows. running: the current item, kept
    by the caller between two batches of facts. A method returns False when a fact names something
    that the meeting does not have (any more).
    """

    def __init__(
        self,
        meeting: Meeting,
        items: Iterable[AgendaItem],
        intervals: Iterable[AttendanceInterval],
        running: RunningItem | None = None,
    ) -> None:
        self.meeting = meeting
        self.items = {item.id: item for item in items}
        self.intervals = list(intervals)
        self.running = running

    def opened(self, at: datetime) -> None:
        """The room was opened; a meeting that was held is not live again by that alone."""
        if self.meeting.state is MeetingState.PLANNED:
            self._live(at)

    def joined(self, at: datetime, *, entry: UUID, invitation: UUID, name: str) -> None:
        """Somebody came in. entry: id of the fact, which becomes the id of the interval."""
        self._live(at)
        self.left(at, invitation=invitation, reason=REJOINED)
        self.intervals.append(
            AttendanceInterval(
                id=entry,
                meeting_id=self.meeting.id,
                invitation_id=invitation,
                name=name,
                joined_at=at,
            )
        )

    def left(self, at: datetime, *, invitation: UUID, reason: str) -> None:
        """Somebody went; nothing changes when the meeting does not have that person in it."""
        for interval in self.intervals:
            if interval.invitation_id == invitation:
                _close(interval, at, reason)

    def spoke(self, *, invitation: UUID, seconds: float) -> bool:
        """Somebody spoke for so long in the stretch in which they were last connected."""
        mine = [each for each in self.intervals if each.invitation_id == invitation]
        if not mine:
            return False
        newest = max(mine, key=lambda each: each.joined_at)
        newest.spoken_seconds += max(seconds, 0.0)
        return True

    def item_started(self, at: datetime, item: UUID) -> bool:
        """An agenda item became the current one; the one before stops."""
        if item not in self.items:
            return False
        if self.running is not None and self.running.item == item:
            return True
        self._live(at)
        self._stop(at)
        self.running = RunningItem(item, at)
        if self.items[item].first_started_at is None:
            self.items[item].first_started_at = at
        self.items[item].left_out = LeftOut.NO
        return True

    def item_left_out(self, item: UUID, how: LeftOut) -> bool:
        """The chair left an agenda item out, or takes it up after all."""
        if item not in self.items:
            return False
        self.items[item].left_out = how
        return True

    def item_ended(self, at: datetime, item: UUID) -> bool:
        """An agenda item is not the current one any more."""
        if self.running is not None and self.running.item == item:
            self._stop(at)
        return item in self.items

    def ended(self, at: datetime, *, by_time: bool = False) -> None:
        """The meeting ended for all: whoever is in it went now.

        by_time: nobody ended it, its room closed long after; then it ended when the last one left.
        """
        if by_time:
            left = [interval.left_at for interval in self.intervals]
            at = min(at, max((end or at for end in left), default=at))
        self._stop(at)
        self._everybody_left(at, ENDED)
        self.meeting.state = MeetingState.HELD
        self.meeting.opened_at = self.meeting.opened_at or at
        self.meeting.ended_at = max(at, self.meeting.opened_at)

    def host_started(self, at: datetime, alive_until: datetime | None) -> None:
        """The host started again; who is still in left when it was last known alive.

        alive_until: None when the host does not know; then they left now, at the latest.
        """
        until = alive_until or at
        self._stop(until)
        self._everybody_left(until, HOST_RESTARTED)

    def _live(self, at: datetime) -> None:
        self.meeting.state = MeetingState.LIVE
        self.meeting.ended_at = None
        self.meeting.held_from = self.meeting.held_until = None
        self.meeting.opened_at = self.meeting.opened_at or at

    def _stop(self, at: datetime) -> None:
        if self.running is None:
            return
        item = self.items.get(self.running.item)
        if item is not None:
            item.actual_seconds += max((at - self.running.since).total_seconds(), 0.0)
        self.running = None

    def _everybody_left(self, at: datetime, reason: str) -> None:
        for interval in self.intervals:
            _close(interval, at, reason)


def _close(interval: AttendanceInterval, at: datetime, reason: str) -> None:
    if interval.left_at is None:
        interval.left_at = max(at, interval.joined_at)
        interval.reason = reason
