"""What chair and co-hosts do to others: silence, ask, lower hands, remove, lock, give roles.

Nobody can switch on another's microphone or camera: a stopped feed is not forwarded until its own
page says `SetMedia` in knowledge of the stop.
"""

from __future__ import annotations

from projectdesk.room.commands import CloseLegs, HoldFeed, Send
from projectdesk.room.entrance import Refusal
from projectdesk.room.gestures import NOT_HERE
from projectdesk.room.goings import Goings
from projectdesk.room.hall import Person
from projectdesk.room.media import NOT_ALLOWED
from projectdesk.room.meeting import Meeting
from projectdesk.room.permissions import Act, may
from projectdesk.signalling import call, floor, journal
from projectdesk.signalling.floor import HeldSource

NOT_REMOVED = Refusal("not_removed", "That person was not removed, or is let back in already.")

ModerationMessage = (
    floor.LowerHands
    | floor.StopFeed
    | floor.AskToUnmute
    | floor.Remove
    | floor.LetBackIn
    | floor.LockRoom
    | floor.Appoint
    | floor.Dismiss
)

_LEADERS = {"chair", "cohost"}


class Moderation:
    """The orders of chair, co-hosts and console; who may is decided by the caller."""

    def __init__(self, meeting: Meeting, goings: Goings) -> None:
        self._meeting = meeting
        self._goings = goings

    def handle(self, message: ModerationMessage, by: str) -> Refusal | None:
        """Carry out an order, or return why it cannot be.

        Args:
            message: the order.
            by: participant id in whose name it is.
        """
        match message:
            case floor.LockRoom(locked=locked):
                self._lock(locked=locked)
            case floor.LetBackIn(participant=id_):
                return self._let_back_in(id_, by)
            case floor.StopFeed(source=source, participant=None):
                others = [p for p in self._meeting.hall.here() if p.id != by]
                stop_feed(self._meeting, others, source, self._meeting.name_of(by))
            case floor.LowerHands(participant=None):
                self._lower(self._meeting.hall.here())
            case _:
                person = self._meeting.hall.people.get(message.participant or "")
                if person is None or not person.here:
                    return NOT_HERE
                return self._handle_one(person, message, by)
        return None

    def _handle_one(self, person: Person, message: ModerationMessage, by: str) -> Refusal | None:
        match message:
            case floor.LowerHands():
                self._lower([person])
            case floor.StopFeed(source=source):
                stop_feed(self._meeting, [person], source, self._meeting.name_of(by))
            case floor.AskToUnmute():
                return self._ask(person, by)
            case floor.Remove():
                return self._remove(person, by)
            case floor.Appoint(role=role):
                self._appoint(person, role, by)
            case floor.Dismiss():
                return self._dismiss(person, by)
        return None

    def obey(self, person: Person, message: call.SetMedia) -> call.SetMedia:
        """Return what of a person's SetMedia counts, and resume what they switched on again."""
        wanted = {"audio": message.audio, "video": message.video, "screen": message.screen}
        for source in sorted(person.held):
            if not wanted[source]:
                continue
            if message.heard >= person.order:
                person.held.discard(source)
                hold_feed(self._meeting, person, source, held=False)
            else:  # it was under way when the stop was sent
                wanted[source] = False
        return call.SetMedia(audio=wanted["audio"], video=wanted["video"], screen=wanted["screen"])

    def _lock(self, *, locked: bool) -> None:
        if locked != self._meeting.locked:
            self._meeting.locked = locked
            self._meeting.tell(floor.LockChanged(locked=locked))

    def _lower(self, people: list[Person]) -> None:
        for person in people:
            if person.hand is not None:
                person.hand = None
                self._meeting.tell_changed(person)

    def _ask(self, person: Person, by: str) -> Refusal | None:
        if not person.may(Act.SPEAK):
            return NOT_ALLOWED
        if person.peer is None:
            return NOT_HERE
        self._meeting.do(Send((person.peer,), floor.UnmuteAsked(by=self._meeting.name_of(by))))
        return None

    def _remove(self, person: Person, by: str) -> Refusal | None:
        meeting = self._meeting
        if person.invitee.role == "chair" or person.id == by:
            return NOT_ALLOWED
        meeting.removed[person.id] = person.name
        meeting.admitted.discard(person.id)
        meeting.roles.pop(person.id, None)
        meeting.record(journal.PersonRemoved(invitation=person.id, by=by))
        self._goings.dismiss(person, "removed")
        meeting.tell_removed()
        return None

    def _let_back_in(self, invitation: str, by: str) -> Refusal | None:
        meeting = self._meeting
        if meeting.removed.pop(invitation, None) is None:
            return NOT_REMOVED
        meeting.record(journal.PersonLetBackIn(invitation=invitation, by=by))
        meeting.tell_removed()
        return None

    def _appoint(self, person: Person, role: call.Role, by: str) -> None:
        if role == "chair":
            for invitee in self._meeting.snapshot.invitees:
                now = self._meeting.as_now(invitee)
                if now.role == "chair" and now.id != person.id:
                    self._give(now.id, "cohost", by)
        elif person.invitee.role == "chair":
            return
        self._give(person.id, role, by)
        self._meeting.tell_lobby()
        self._meeting.tell_removed()

    def _dismiss(self, person: Person, by: str) -> Refusal | None:
        if person.invitee.role != "cohost":
            return NOT_ALLOWED
        planned = next(i.role for i in self._meeting.snapshot.invitees if i.id == person.id)
        self._give(person.id, "participant" if planned in _LEADERS else planned, by)
        return None

    def _give(self, invitation: str, role: call.Role, by: str) -> None:
        """Give somebody a role; where it changes whether they may send, media are built anew."""
        meeting = self._meeting
        before = meeting.invitee(invitation)
        if before is None or before.role == role:
            return
        meeting.roles[invitation] = role
        meeting.record(journal.RoleChanged(invitation=invitation, role=role, by=by))
        person = meeting.hall.people.get(invitation)
        if person is None:
            return
        person.invitee = meeting.invitee(invitation) or person.invitee
        follow_role(meeting, person, before.role)
        if person.here and person.peer is not None:
            meeting.send_polls(person.peer, person.id)


def follow_role(meeting: Meeting, person: Person, before: call.Role) -> None:
    """Tell that somebody has another role than before; what it does not let them send ends.

    Where it changes whether they may send at all, or takes a screen that they share, their media
    are built anew: what was negotiated before stays open otherwise.
    """
    lost_screen = person.screen and not person.may(Act.SHARE)
    if not person.may(Act.SPEAK):
        person.audio = person.video = False
    if not person.may(Act.SHARE):
        person.screen = False
    meeting.tell_changed(person)
    if person.here and (may(before, Act.SPEAK) != person.may(Act.SPEAK) or lost_screen):
        meeting.do(CloseLegs(person.id))
        if person.peer is not None:
            meeting.do(Send((person.peer,), call.MediaRestarted()))


def hold_feed(meeting: Meeting, person: Person, source: HeldSource, *, held: bool) -> None:
    """Hold what somebody sends, or let it go on; a screen with its sound."""
    meeting.do(HoldFeed(person.id, source, held=held))
    if source == "screen" and person.offers_sound:
        meeting.do(HoldFeed(person.id, "sound", held=held))


def stop_feed(meeting: Meeting, people: list[Person], source: HeldSource, by: str) -> None:
    """Stop what these people send until each switches it on again.

    Args:
        meeting: where they are.
        people: in the call.
        source: what is stopped.
        by: name of who gave the order, "" = a rule.
    """
    for person in people:
        was_on = getattr(person, source)
        setattr(person, source, False)
        person.order += 1
        person.held_by = by
        person.held.add(source)
        hold_feed(meeting, person, source, held=True)
        if person.peer is not None:
            held = floor.FeedHeld(source=source, order=person.order, by=person.held_by)
            meeting.do(Send((person.peer,), held))
        if was_on:
            meeting.tell_changed(person)
