"""Who is in which breakout room.

Somebody who is in no group is in the main room. The wire's `Breakouts` is the state itself; every
change makes a new one. A participant is in one group at most.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace

from projectdesk.signalling.breakouts import RETURN_SECONDS, Breakouts, Group, PlannedGroup


class Partition:
    """The groups of a room, none to begin with."""

    def __init__(self, memory: Breakouts | None) -> None:
        self.now = memory

    # --- who is where -------------------------------------------------------------------------

    def group_of(self, participant: str) -> Group | None:
        """Return somebody's group; None = the main room."""
        groups = self.now.groups if self.now is not None else []
        return next((group for group in groups if participant in group.people), None)

    def find(self, group: str) -> Group | None:
        """Return a group by its id."""
        groups = self.now.groups if self.now is not None else []
        return next((known for known in groups if known.id == group), None)

    def together(self, one: str, other: str) -> bool:
        """Tell whether two people see and hear each other."""
        return self.group_of(one) == self.group_of(other)

    def smallest(self) -> Group | None:
        """Return the group with the fewest people, the first of several; None without groups."""
        groups = self.now.groups if self.now is not None else []
        return min(groups, key=lambda group: len(group.people), default=None)

    # --- changes ------------------------------------------------------------------------------

    def open(
        self, planned: list[PlannedGroup], now: datetime, minutes: int | None, *, spreads: bool
    ) -> None:
        """Make these groups, in place of those there are."""
        self.now = Breakouts(
            groups=[
                Group(id=f"g{number}", name=one.name, people=list(one.people))
                for number, one in enumerate(planned, start=1)
            ],
            opened_at=now,
            ends_at=None if minutes is None else now + timedelta(minutes=minutes),
            spreads=spreads,
        )

    def move(self, participant: str, target: str | None) -> None:
        """Put somebody into a group (its id), and out of every other; None = the main room."""
        if self.now is None:
            return
        groups = []
        for group in self.now.groups:
            others = [one for one in group.people if one != participant]
            people = [*others, participant] if group.id == target else others
            groups.append(group if people == group.people else replace(group, people=people))
        self.now = replace(self.now, groups=groups)

    def call(self, group: str, since: datetime | None) -> None:
        """Note that a group asks for the chair, or (None) that it does not any more."""
        if self.now is not None:
            groups = [replace(g, calls=since) if g.id == group else g for g in self.now.groups]
            self.now = replace(self.now, groups=groups)

    def prolong(self, now: datetime, minutes: int) -> None:
        """Bring everybody back later; a return that was announced is called off."""
        if self.now is None:
            return
        planned = self.now.ends_at
        start = now if planned is None or self.now.returning else planned
        ends_at = start + timedelta(minutes=minutes)
        self.now = replace(self.now, ends_at=ends_at, returning=False)

    def announce_return(self, now: datetime) -> None:
        """Bring everybody back after a notice; sooner if the time is over before that."""
        if self.now is None:
            return
        soon = now + timedelta(seconds=RETURN_SECONDS)
        ends_at = soon if self.now.ends_at is None else min(soon, self.now.ends_at)
        self.now = replace(self.now, ends_at=ends_at, returning=True)

    def close(self) -> None:
        """Bring everybody together."""
        self.now = None
