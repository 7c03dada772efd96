"""What the console knows of a live meeting: built from the host's messages, pure.

The same messages build the same picture in the call page. Times are UTC; the host's clock counts,
so `host_now` turns this computer's clock into the host's.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from projectdesk.signalling import call, floor
from projectdesk.signalling.sight import RoomLimits

_NO_OFFSET = timedelta()


@dataclass(frozen=True)
class ItemClock:
    """One agenda item at an instant. left: planned minus elapsed, negative when over time."""

    item: call.ShownItem
    current: bool
    elapsed: timedelta
    left: timedelta

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
            case call.SpeakerChanged(participant=speaker):
                return replace(self, speaker=speaker)
            case call.Ended(reason=reason):
                return replace(self, ended=reason, participants=(), lobby=())
            case _:
                return self

    def _others(self, gone: str) -> tuple[call.Participant, ...]:
        return tuple(one for one in self.participants if one.id != gone)

    def in_order(self) -> tuple[call.Participant, ...]:
        """Return who is in the call: raised hands by time, chair, co-hosts, then by name."""
        rank = {"chair": 0, "cohost": 1}
        hands = self.hands()
        others = [one for one in self.participants if one.hand is None]
        others.sort(key=lambda one: (rank.get(one.role, 2), one.name.casefold()))
        return (*hands, *others)

    def hands(self) -> tuple[call.Participant, ...]:
        """Return who raised a hand, in the order in which they get the word."""
        raised = [(one.hand, one.id, one) for one in self.participants if one.hand is not None]
        return tuple(one for _, _, one in sorted(raised, key=lambda entry: entry[:2]))

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
            left = timedelta(minutes=item.planned_minutes) - elapsed
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
        return items[following] if following < len(items) else None

    def elapsed(self, now: datetime) -> timedelta | None:
        """Return how long the meeting runs, or None before its first item."""
        if self.clock is None or self.clock.started_at is None:
            return None
        return max(self.host_now(now) - self.clock.started_at, _NO_OFFSET)

    def planned(self) -> timedelta:
        """Return the sum of the planned durations."""
        items = self.clock.items if self.clock else []
        return timedelta(minutes=sum(item.planned_minutes for item in items))


def spell(time: timedelta) -> str:
    """Return a clock: "4:05", "1:02:07", "-0:30"."""
    seconds = int(abs(time.total_seconds()))
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    sign = "-" if time < timedelta() and (hours or minutes or seconds) else ""
    return (
        f"{sign}{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{sign}{minutes}:{seconds:02d}"
    )
