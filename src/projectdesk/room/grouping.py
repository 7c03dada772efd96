"""Breakout rooms: who may open, change and end them, and what follows for those who are moved."""

from __future__ import annotations

from projectdesk.room.commands import CancelTimer, StartTimer
from projectdesk.room.entrance import Refusal
from projectdesk.room.hall import Person
from projectdesk.room.media import NOT_ALLOWED
from projectdesk.room.meeting import Meeting
from projectdesk.room.moderation import stop_feed
from projectdesk.room.names import clean_line, clean_message
from projectdesk.room.permissions import Act
from projectdesk.room.timers import BreakoutsOver
from projectdesk.signalling import breakouts, journal

BAD_GROUPS = Refusal(
    "bad_groups",
    "1 to 50 groups with names of at most 64 characters; each invited person in one at most.",
)
NO_BREAKOUTS = Refusal("no_breakouts", "There are no breakout rooms now.")
UNKNOWN_GROUP = Refusal("unknown_group", "There is no such breakout room.")
NOT_INVITED = Refusal("not_here", "That person is not in the call any more.")
NO_GROUP = Refusal("no_group", "You are in no breakout room.")
ANNOUNCEMENT_TOO_LONG = Refusal(
    "announcement_too_long", "The message is too long: 500 characters are the most."
)


class Grouping:
    """Answers the messages about breakout rooms."""

    def __init__(self, meeting: Meeting) -> None:
        self._meeting = meeting
        self._told = meeting.partition.now
        self._placed: set[str] = set()
        """Who was there, or was placed, since the groups were opened."""

    # --- messages -----------------------------------------------------------------------------

    def handle(
        self, peer: str, person: Person | None, message: breakouts.BreakoutRequest, by: str
    ) -> Refusal | None:
        """Carry out a message, or return why not.

        Args:
            peer: who asks.
            person: the same in the call; None = a console.
            message: what they ask.
            by: participant id in whose name it is.
        """
        if isinstance(message, breakouts.CallChair):
            return NOT_ALLOWED if person is None else self._call(person, wanted=message.wanted)
        if not self._meeting.hall.may(peer, Act.GROUP):
            return NOT_ALLOWED
        match message:
            case breakouts.OpenBreakouts():
                return self._open(message, by)
            case breakouts.Announce(text=text):
                return self._announce(clean_message(text), by)
            case _ if self._meeting.partition.now is None:
                return NO_BREAKOUTS
            case breakouts.MoveToGroup(participant=id_, group=group):
                return self._move(id_, group, by)
            case breakouts.ProlongBreakouts(minutes=minutes):
                self._meeting.partition.prolong(self._meeting.now, minutes)
                self._start_timer()
            case breakouts.CloseBreakouts(at_once=True):
                self._meeting.dissolve_groups(by)
            case breakouts.CloseBreakouts():
                self._meeting.partition.announce_return(self._meeting.now)
                self._start_timer()
            case breakouts.DismissCall(group=group):
                if self._meeting.partition.find(group) is None:
                    return UNKNOWN_GROUP
                self._meeting.partition.call(group, None)
        return None

    def _open(self, message: breakouts.OpenBreakouts, by: str) -> Refusal | None:
        meeting = self._meeting
        groups = [
            breakouts.PlannedGroup(name=clean_line(group.name), people=group.people)
            for group in message.groups
        ]
        if not self._is_sound(groups):
            return BAD_GROUPS
        meeting.partition.open(groups, meeting.now, message.minutes, spreads=message.spreads)
        self._placed = {person.id for person in meeting.hall.here()}
        meeting.record(journal.BreakoutsOpened(groups=groups, by=by))
        self._start_timer()
        return None

    def _is_sound(self, groups: list[breakouts.PlannedGroup]) -> bool:
        people = [person for group in groups for person in group.people]
        invited = {invitee.id for invitee in self._meeting.snapshot.invitees}
        return (
            1 <= len(groups) <= breakouts.MAX_GROUPS
            and all(0 < len(group.name) <= breakouts.MAX_GROUP_NAME for group in groups)
            and len(set(people)) == len(people)
            and set(people) <= invited
        )

    def _move(self, participant: str, group: str | None, by: str) -> Refusal | None:
        meeting = self._meeting
        target = None if group is None else meeting.partition.find(group)
        if group is not None and target is None:
            return UNKNOWN_GROUP
        if meeting.invitee(participant) is None:
            return NOT_INVITED
        before = meeting.partition.group_of(participant)
        if (before.id if before else None) == group:
            return None
        meeting.move_to_group(participant, group, by)
        person = meeting.hall.people.get(participant)
        if target is not None and person is not None and person.may(Act.GROUP):
            meeting.partition.call(target.id, None)  # the chair has come
        return None

    def _announce(self, text: str, by: str) -> Refusal | None:
        meeting = self._meeting
        if len(text) > breakouts.MAX_ANNOUNCEMENT:
            return ANNOUNCEMENT_TOO_LONG
        if text:
            meeting.tell(breakouts.Announced(text=text, by=meeting.name_of(by), at=meeting.now))
        return None

    def _call(self, person: Person, *, wanted: bool) -> Refusal | None:
        partition = self._meeting.partition
        group = partition.group_of(person.id)
        if group is None:
            return NO_GROUP
        if wanted != (group.calls is not None):
            partition.call(group.id, self._meeting.now if wanted else None)
        return None

    # --- what follows -------------------------------------------------------------------------

    def load(self) -> None:
        """Go on with groups that outlived the host."""
        self._placed = {invitee.id for invitee in self._meeting.snapshot.invitees}
        self._start_timer()

    def time_over(self) -> None:
        """Bring everybody back when the groups' time is over."""
        now = self._meeting.partition.now
        if now is not None and now.ends_at is not None and self._meeting.now >= now.ends_at:
            self._meeting.dissolve_groups("")

    def settle(self) -> None:
        """Place who came without a group, and tell everybody what changed by the event in hand.

        Who is in other company than before stops sharing the screen: what was meant for some must
        not be shown to others by mistake.
        """
        meeting = self._meeting
        self._spread()
        if meeting.partition.now == self._told:
            return
        before, self._told = self._told, meeting.partition.now
        for person in meeting.hall.here():
            if person.screen and _name_in(before, person.id) != _name_in(self._told, person.id):
                stop_feed(meeting, [person], "screen", "")
        if meeting.partition.now is None:
            meeting.do(CancelTimer(BreakoutsOver()))
        meeting.tell(breakouts.BreakoutsChanged(breakouts=meeting.partition.now))

    def _spread(self) -> None:
        meeting, partition = self._meeting, self._meeting.partition
        if partition.now is None:
            return
        for person in meeting.hall.here():
            is_new = person.id not in self._placed
            self._placed.add(person.id)
            smallest = partition.smallest()
            if (
                is_new
                and partition.now.spreads
                and smallest is not None
                and partition.group_of(person.id) is None
                and not person.may(Act.GROUP)
            ):
                meeting.move_to_group(person.id, smallest.id, "")

    def _start_timer(self) -> None:
        now = self._meeting.partition.now
        due = now.ends_at if now is not None else None
        command = CancelTimer(BreakoutsOver()) if due is None else StartTimer(BreakoutsOver(), due)
        self._meeting.do(command)


def _name_in(state: breakouts.Breakouts | None, participant: str) -> str | None:
    """Return the name of somebody's group; two groups of one name are told apart by their place."""
    groups = state.groups if state is not None else []
    return next((f"{g.id} {g.name}" for g in groups if participant in g.people), None)
