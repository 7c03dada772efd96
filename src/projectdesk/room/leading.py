"""What chair, co-hosts and console set for all: focus, lobby message, times left, minutes."""

from __future__ import annotations

import msgspec

from projectdesk.room.commands import Send
from projectdesk.room.entrance import Refusal
from projectdesk.room.gestures import NOT_HERE
from projectdesk.room.media import NOT_ALLOWED
from projectdesk.room.meeting import Meeting
from projectdesk.room.names import clean_message
from projectdesk.room.permissions import Act
from projectdesk.signalling import call, journal, leading, notes

LOBBY_MESSAGE_TOO_LONG = Refusal(
    "lobby_message_too_long", "The message is too long: 500 characters are the most."
)
BAD_RETIMING = Refusal(
    "bad_retiming",
    "Each item of the agenda can be timed once, and the running one cannot be left out.",
)
UNKNOWN_NOTES = Refusal("unknown_item", "The agenda has no such item.")

LeadingMessage = leading.LeadingRequest | notes.NotesRequest

ACTS: dict[type, Act] = {
    leading.Spotlight: Act.MODERATE,
    leading.SetLobbyMessage: Act.ADMIT,
    leading.RetimeAgenda: Act.STEER,
    notes.WriteNotes: Act.MINUTE,
    notes.ShareNotes: Act.MINUTE,
}


class Leading:
    """Carries out what may be set for all."""

    def __init__(self, meeting: Meeting) -> None:
        self._meeting = meeting

    def handle(self, peer: str, message: LeadingMessage, by: str) -> Refusal | None:
        """Carry out a message, or return why not.

        Args:
            peer: who asks, in the call or at a console.
            message: what they ask.
            by: participant id in whose name it is.
        """
        if not self._meeting.hall.may(peer, ACTS[type(message)]):
            return NOT_ALLOWED
        match message:
            case leading.Spotlight(participant=participant, follows=follows):
                return self._focus(participant, follows=follows)
            case leading.SetLobbyMessage(text=text):
                return self._write_lobby(clean_message(text))
            case leading.RetimeAgenda(items=items):
                return self._retime(items, by)
            case notes.WriteNotes(notes=written):
                return self._write_notes(written)
            case notes.ShareNotes(shared=shared):
                self._share_notes(shared=shared)
        return None

    def _focus(self, participant: str | None, *, follows: bool) -> Refusal | None:
        person = self._meeting.hall.people.get(participant or "")
        if participant is not None and (person is None or not person.here):
            return NOT_HERE
        self._meeting.spotlight.choose(participant, follows=follows)
        return None

    def _write_lobby(self, text: str) -> Refusal | None:
        meeting = self._meeting
        if len(text) > leading.MAX_LOBBY_MESSAGE:
            return LOBBY_MESSAGE_TOO_LONG
        if text == meeting.lobby_message:
            return None
        meeting.lobby_message = text
        waiting = tuple(p.peer for p in meeting.hall.waiting() if p.peer is not None)
        if waiting:
            meeting.do(Send(waiting, call.Lobby(message=text)))
        if doorkeepers := meeting.hall.doorkeepers():
            meeting.do(Send(doorkeepers, leading.LobbyMessageChanged(text=text)))
        return None

    def _retime(self, items: list[leading.Retiming], by: str) -> Refusal | None:
        meeting = self._meeting
        if not meeting.agenda.can_retime(items):
            return BAD_RETIMING
        if items:
            meeting.agenda.retime(items)
            meeting.record(journal.AgendaRetimed(items=items, by=by))
            meeting.tell_clock()
        return None

    def _write_notes(self, written: notes.ItemNotes) -> Refusal | None:
        meeting = self._meeting
        if not meeting.agenda.knows(written.item):
            return UNKNOWN_NOTES
        cleaned = _cleaned(written)
        # Where others write too, the console's text may be older than theirs.
        text = meeting.written(written.item, cleaned.text)
        meeting.show_notes(msgspec.structs.replace(cleaned, text=text))
        return None

    def _share_notes(self, *, shared: bool) -> None:
        meeting = self._meeting
        if shared == meeting.noticeboard.shared:
            return
        meeting.noticeboard.shared = shared
        meeting.tell(notes.NotesShared(shared=shared))
        for reader in meeting.hall.seats():
            meeting.send_notes(reader)


def _cleaned(written: notes.ItemNotes) -> notes.ItemNotes:
    """Return notes as they may be shown."""
    actions = [
        notes.NotedAction(
            text=clean_message(action.text),
            owner=clean_message(action.owner),
            due=action.due,
            done=action.done,
        )
        for action in written.actions
    ]
    return notes.ItemNotes(
        item=written.item,
        text=clean_message(written.text),
        decisions=[clean_message(decision) for decision in written.decisions],
        actions=actions,
    )
