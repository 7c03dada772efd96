"""What everybody in the call may do besides speaking: raise a hand, write, show a reaction."""

from __future__ import annotations

from projectdesk.room.commands import Send
from projectdesk.room.entrance import Refusal
from projectdesk.room.hall import Person
from projectdesk.room.media import NOT_ALLOWED
from projectdesk.room.meeting import Meeting
from projectdesk.room.names import clean_message
from projectdesk.room.permissions import Act
from projectdesk.signalling import floor

NOT_HERE = Refusal("not_here", "That person is not in the call any more.")
CHAT_TOO_LONG = Refusal("chat_too_long", "The message is too long: 2000 characters are the most.")
TOO_FAST = Refusal("too_fast", "That was too much at once. Please wait a few seconds.")

GestureMessage = floor.RaiseHand | floor.SendChat | floor.React


class Gestures:
    """Hands, chat and reactions."""

    def __init__(self, meeting: Meeting) -> None:
        self._meeting = meeting

    def handle(self, peer: str, person: Person, message: GestureMessage) -> Refusal | None:
        """Carry out what somebody in the call does, or return why not."""
        match message:
            case floor.RaiseHand(raised=raised):
                return self._raise(person, raised=raised)
            case floor.SendChat(text=text, to=to):
                return self._write(peer, person, clean_message(text), to)
            case floor.React(reaction=reaction):
                return self._react(person, reaction)

    def _raise(self, person: Person, *, raised: bool) -> Refusal | None:
        if not person.may(Act.GESTURE):
            return NOT_ALLOWED
        if raised != (person.hand is not None):  # raised again, it keeps its place
            person.hand = self._meeting.now if raised else None
            self._meeting.tell_changed(person)
        return None

    def _write(self, peer: str, person: Person, text: str, to: str | None) -> Refusal | None:
        meeting = self._meeting
        addressee = None if to is None else meeting.hall.people.get(to)
        if not person.may(Act.CHAT):
            return NOT_ALLOWED
        if len(text) > floor.MAX_CHAT:
            return CHAT_TOO_LONG
        if to is not None and (addressee is None or not addressee.here or addressee is person):
            return NOT_HERE
        if not text:
            return None
        if not person.wrote.allows(meeting.now):
            return TOO_FAST
        message = floor.ChatMessage(
            number=meeting.chat.next_number(),
            at=meeting.now,
            sender=person.id,
            sender_name=person.name,
            to=to,
            to_name=addressee.name if addressee is not None else "",
            text=text,
        )
        company = meeting.company(person.id)
        meeting.chat.keep(message, group=self._group_readers(person, company))
        seats = [one.peer for one in company]
        readers = seats if addressee is None else [peer, addressee.peer]
        peers = tuple(reader for reader in readers if reader is not None)
        meeting.do(Send(peers, floor.ChatReceived(message=message)))
        return None

    def _group_readers(self, person: Person, company: list[Person]) -> frozenset[str] | None:
        """Return who reads what is written to all in a breakout room; None = in the main room."""
        in_group = self._meeting.partition.group_of(person.id) is not None
        return frozenset(one.id for one in company) if in_group else None

    def _react(self, person: Person, reaction: floor.Reaction) -> Refusal | None:
        if not person.may(Act.GESTURE):
            return NOT_ALLOWED
        if not person.reacted.allows(self._meeting.now):
            return TOO_FAST
        told = floor.Reacted(participant=person.id, reaction=reaction)
        seats = [one.peer for one in self._meeting.company(person.id)]
        self._meeting.do(Send(tuple(peer for peer in seats if peer is not None), told))
        return None
