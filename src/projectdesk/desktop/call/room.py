"""What the console knows of a live meeting: built from the host's messages, pure.

The same messages build the same picture in the call page. Times are UTC; the host's clock counts,
so `host_now` turns this computer's clock into the host's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from projectdesk.domain.rules.agenda_times import length_of
from projectdesk.domain.rules.replanning import share_out
from projectdesk.signalling import call, floor, leading, notes
from projectdesk.signalling.breakouts import Breakouts, BreakoutsChanged, Group, PlannedGroup
from projectdesk.signalling.sight import RoomLimits

_NO_OFFSET = timedelta()
_MINUTE = timedelta(minutes=1)
_NO_FOCUS = leading.Focus()


@dataclass(frozen=True)
class ItemClock:
    """One agenda item at an instant. left: of what it may take, negative when over time."""

    item: call.ShownItem
    current: bool
    elapsed: timedelta
    left: timedelta

    @property
    def minutes(self) -> int:
        """What it may take: as re-planned, else as planned."""
        return minutes_of(self.item)

    @property
    def coming(self) -> bool:
        """True for what is still to be treated: not started and not left out."""
        return not self.current and not self.elapsed and not self.item.dropped

    @property
    def over(self) -> bool:
        """True when the item took longer than planned."""
        return self.left < timedelta()


@dataclass(frozen=True)
class LiveRoom:
    """The room as of the last message. `ended`: why it is over, "" while it is not."""

    title: str = ""
    project: str = ""
    admitted: bool = False
    participants: tuple[call.Participant, ...] = ()
    lobby: tuple[call.Participant, ...] = ()
    clock: call.AgendaClock | None = None
    speaker: str | None = None
    ended: str = ""
    locked: bool = False
    removed: tuple[floor.RemovedPerson, ...] = ()
    limits: RoomLimits | None = None
    ends_at: datetime | None = None
    focus: leading.Focus = _NO_FOCUS
    lobby_message: str = ""
    notes_shared: bool = True
    breakouts: Breakouts | None = None
    proposed_groups: tuple[PlannedGroup, ...] = ()
    offset: timedelta = field(default=_NO_OFFSET)

    def after(self, message: call.HostMessage, *, now: datetime) -> LiveRoom:
        """Return the room after a message of the host.

        Args:
            message: what the host said; those without a place here change nothing.
            now: this computer's clock, UTC.
        """
        match message:
            case call.Welcome():
                return replace(
                    self,
                    title=message.title,
                    project=message.project,
                    offset=message.now - now,
                    ended="",
                )
            case call.RoomState():
                return replace(
                    self,
                    admitted=True,
                    participants=tuple(message.participants),
                    lobby=tuple(message.lobby),
                    clock=message.clock,
                    locked=message.locked,
                    removed=tuple(message.removed),
                    limits=message.limits,
                    ends_at=message.ends_at,
                    focus=message.focus,
                    lobby_message=message.lobby_message,
                    notes_shared=message.notes_shared,
                    speaker=None,
                    breakouts=message.breakouts,
                    proposed_groups=tuple(message.proposed_groups),
                    offset=message.now - now,
                    ended="",
                )
            case call.ParticipantJoined(participant=one) | call.ParticipantChanged(participant=one):
                return replace(self, participants=(*self._others(one.id), one))
            case call.ParticipantLeft(participant=gone):
                return replace(self, participants=self._others(gone))
            case call.LobbyChanged(lobby=lobby):
                return replace(self, lobby=tuple(lobby))
            case call.ClockChanged(clock=clock):
                return replace(self, clock=clock)
            case floor.LockChanged(locked=locked):
                return replace(self, locked=locked)
            case floor.RemovedChanged(removed=removed):
                return replace(self, removed=tuple(removed))
            case leading.FocusChanged(focus=focus):
                return replace(self, focus=focus)
            case leading.LobbyMessageChanged(text=text):
                return replace(self, lobby_message=text)
            case notes.NotesShared(shared=shared):
                return replace(self, notes_shared=shared)
            case BreakoutsChanged(breakouts=groups):
                return replace(self, breakouts=groups)
            case call.SpeakerChanged(participant=speaker):
                return replace(self, speaker=speaker)
            case call.Ended(reason=reason):
                return replace(self, ended=reason, participants=(), lobby=())
            case _:
                return self

    def _others(self, gone: str) -> tuple[call.Participant, ...]:
        return tuple(one for one in self.participants if one.id != gone)

    def in_order(
        self, order_of: Callable[[str], Any] = str.casefold
    ) -> tuple[call.Participant, ...]:
        """Return who is in the call: raised hands by time, chair, co-hosts, then by name.

        Args:
            order_of: the sort key of a name; see `models.ordering`.
        """
        rank = {"chair": 0, "cohost": 1}
        hands = self.hands()
        others = [one for one in self.participants if one.hand is None]
        others.sort(key=lambda one: (rank.get(one.role, 2), order_of(one.name)))
        return (*hands, *others)

    def hands(self) -> tuple[call.Participant, ...]:
        """Return who raised a hand, in the order in which they get the word."""
        raised = [(one.hand, one.id, one) for one in self.participants if one.hand is not None]
        return tuple(one for _, _, one in sorted(raised, key=lambda entry: entry[:2]))

    def group_of(self, participant: str) -> Group | None:
        """Return somebody's breakout room; None = the main room."""
        groups = self.breakouts.groups if self.breakouts is not None else []
        return next((group for group in groups if participant in group.people), None)

    def overrun(self, now: datetime) -> timedelta:
        """Return by how much what is still to be treated goes beyond the end, as it is timed now.

        Zero or less: it fits; so it does before the first item.
        """
        if self.ends_at is None or self.elapsed(now) is None:
            return _NO_OFFSET
        ahead = (clock.left for clock in self.item_clocks(now) if clock.coming or clock.current)
        needed = sum((max(left, _NO_OFFSET) for left in ahead), _NO_OFFSET)
        return needed - (self.ends_at - self.host_now(now))

    def fitted(self, now: datetime) -> list[leading.Retiming]:
        """Return times for what is to come, in proportion, so that it fits into the time left."""
        if self.ends_at is None:
            return []
        clocks = self.item_clocks(now)
        current = next((max(c.left, _NO_OFFSET) for c in clocks if c.current), _NO_OFFSET)
        left = self.ends_at - self.host_now(now) - current
        coming = [clock for clock in clocks if clock.coming]
        shares = share_out([clock.minutes for clock in coming], max(0, int(left / _MINUTE)))
        return [
            leading.Retiming(item=clock.item.id, minutes=minutes)
            for clock, minutes in zip(coming, shares, strict=True)
        ]

    def host_now(self, now: datetime) -> datetime:
        """Return the host's clock when this computer's shows `now`."""
        return now + self.offset

    def item_clocks(self, now: datetime) -> tuple[ItemClock, ...]:
        """Return every agenda item with its clock when this computer's shows `now`."""
        if self.clock is None:
            return ()
        running = max(self.host_now(now) - self.clock.at, _NO_OFFSET)
        clocks = []
        for item in self.clock.items:
            current = item.id == self.clock.current
            elapsed = timedelta(seconds=item.elapsed_seconds) + (running if current else _NO_OFFSET)
            left = timedelta(minutes=minutes_of(item)) - elapsed
            clocks.append(ItemClock(item, current, elapsed, left))
        return tuple(clocks)

    def current(self, now: datetime) -> ItemClock | None:
        """Return the running item's clock, or None between items."""
        return next((clock for clock in self.item_clocks(now) if clock.current), None)

    def next_item(self) -> call.ShownItem | None:
        """Return the item after the current one; before the first, the first; else None.

        Between items it is the first after the last one that was treated.
        """
        if self.clock is None or not self.clock.items:
            return None
        items = self.clock.items
        places = [
            place
            for place, item in enumerate(items)
            if item.id == self.clock.current or item.elapsed_seconds > 0
        ]
        if self.clock.current is not None:
            places = [p for p in places if items[p].id == self.clock.current]
        following = places[-1] + 1 if places else 0
        return next((item for item in items[following:] if not item.dropped), None)

    def elapsed(self, now: datetime) -> timedelta | None:
        """Return how long the meeting runs, or None before its first item."""
        if self.clock is None or self.clock.started_at is None:
            return None
        return max(self.host_now(now) - self.clock.started_at, _NO_OFFSET)

    def planned(self) -> timedelta:
        """Return the planned length of all items; of parallel sessions the longest track counts."""
        items = self.clock.items if self.clock else []
        lengths = [(item.track, 0 if item.dropped else minutes_of(item)) for item in items]
        return timedelta(minutes=length_of(lengths))


def minutes_of(item: call.ShownItem) -> int:
    """Return what an item may take: as re-planned, else as planned."""
    return item.planned_minutes if item.allotted_minutes is None else item.allotted_minutes


def spell(time: timedelta) -> str:
    """Return a clock: "4:05", "1:02:07", "-0:30"."""
    seconds = int(abs(time.total_seconds()))
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    sign = "-" if time < timedelta() and (hours or minutes or seconds) else ""
    return (
        f"{sign}{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{sign}{minutes}:{seconds:02d}"
    )
