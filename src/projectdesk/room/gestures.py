"""What everybody in the call may do besides speaking: raise a hand, write, show a reaction."""

from __future__ import annotations

from dataclasses import dataclass

from projectdesk.room.commands import Send
from projectdesk.room.entrance import Refusal
from projectdesk.room.hall import Person
from projectdesk.room.media import NOT_ALLOWED
from projectdesk.room.meeting import Meeting
from projectdesk.room.names import clean_message
from projectdesk.room.pace import Pace
from projectdesk.room.permissions import Act
from projectdesk.signalling import floor

NOT_HERE = Refusal("not_here", "That person is not in the call any more.")
CHAT_TOO_LONG = Refusal("chat_too_long", "The message is too long: 2000 characters are the most.")
TOO_FAST = Refusal("too_fast", "That was too much at once. Please wait a few seconds.")

GestureMessage = floor.RaiseHand | floor.SendChat | floor.React


@dataclass(frozen=True)
class _Writer:
    """Who writes: participant id ("" = a console of nobody who is invited), name, how fast."""

    id: str
    name: str
    pace: Pace


class Gestures:
    """Hands, chat and reactions."""

    def __init__(self, meeting: Meeting) -> None:
        self._meeting = meeting

    def handle(self, peer: str, person: Person, message: GestureMessage) -> Refusal | None:
        """Carry out what somebody in the call does, or return why not."""
        match message:
            case floor.RaiseHand(raised=raised):
                return self._raise(person, raised=raised)
            case floor.SendChat():
                if not person.may(Act.CHAT):
                    return NOT_ALLOWED
                return self._write(peer, _Writer(person.id, person.name, person.wrote), message)
            case floor.React(reaction=reaction):
                return self._react(person, reaction)

    def _raise(self, person: Person, *, raised: bool) -> Refusal | None:
        if not person.may(Act.GESTURE):
            return NOT_ALLOWED
        if raised != (person.hand is not None):  # raised again, it keeps its place
            person.hand = self._meeting.now if raised else None
            self._meeting.tell_changed(person)
        return None

    def write_at_console(self, peer: str, message: floor.SendChat) -> Refusal | None:
        """Write in the name of who sits at a console, or of the organiser."""
        sitter = self._meeting.hall.sitters[peer]
        name = self._meeting.name_of(sitter.seat) or self._meeting.snapshot.organiser
        return self._write(peer, _Writer(sitter.seat, name, sitter.wrote), message)

    def _write(self, peer: str, writer: _Writer, message: floor.SendChat) -> Refusal | None:
        meeting = self._meeting
        text, to = clean_message(message.text), message.to
        addressee = None if to is None else meeting.hall.people.get(to)
        if len(text) > floor.MAX_CHAT:
            return CHAT_TOO_LONG
        if to is not None and (addressee is None or not addressee.here or to == writer.id):
            return NOT_HERE
        if not text:
            return None
        if not writer.pace.allows(meeting.now):
            return TOO_FAST
        written = floor.ChatMessage(
            number=meeting.chat.next_number(),
            at=meeting.now,
            sender=writer.id,
            sender_name=writer.name,
            to=to,
            to_name=addressee.name if addressee is not None else "",
            text=text,
        )
        meeting.chat.keep(written, group=self._group_readers(writer.id))
        readers = (
            meeting.within_earshot(writer.id)
            if to is None
            else (peer, *meeting.hall.peers_of(writer.id), *meeting.hall.peers_of(to))
        )
        if peers := tuple(dict.fromkeys(readers)):
            meeting.do(Send(peers, floor.ChatReceived(message=written)))
        return None

    def _group_readers(self, writer: str) -> frozenset[str] | None:
        """Return who reads what is written to all in a breakout room; None = in the main room."""
        meeting = self._meeting
        in_group = meeting.partition.group_of(writer) is not None
        return frozenset(one.id for one in meeting.company(writer)) if in_group else None

    def _react(self, person: Person, reaction: floor.Reaction) -> Refusal | None:
        if not person.may(Act.GESTURE):
            return NOT_ALLOWED
        if not person.reacted.allows(self._meeting.now):
            return TOO_FAST
        told = floor.Reacted(participant=person.id, reaction=reaction)
        seats = [one.peer for one in self._meeting.company(person.id)]
        self._meeting.do(Send(tuple(peer for peer in seats if peer is not None), told))
        return None
