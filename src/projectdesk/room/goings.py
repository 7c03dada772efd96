"""How people go: a lost socket, leaving, being turned away, the end."""

from __future__ import annotations

from datetime import datetime, timedelta

from projectdesk.room.commands import (
    CancelTimer,
    CloseLegs,
    ClosePeer,
    ForgetSession,
    Send,
    StartTimer,
)
from projectdesk.room.hall import Person
from projectdesk.room.meeting import Meeting
from projectdesk.room.timers import ClosingTime, Grace, LobbyPatience
from projectdesk.room.voting import Voting
from projectdesk.signalling import call, journal

WORDS = {
    "ended": "The meeting has ended.",
    "removed": "You were removed from the meeting.",
    "refused": "You were not let in.",
    "moved": "You went on on another device or tab.",
    "revoked": "Your link was replaced or withdrawn.",
    "lobby_timeout": "Nobody let you in. You can try again.",
}
"""English for each reason of `call.Ended`."""


class Goings:
    """Every way out of the call."""

    def __init__(self, meeting: Meeting, voting: Voting) -> None:
        self._meeting = meeting
        self._voting = voting

    def disconnect(self, peer: str) -> None:
        """Note that a socket is gone: who used it is away, and has some time to come back."""
        meeting = self._meeting
        if peer in meeting.hall.consoles:
            meeting.hall.consoles.discard(peer)
            meeting.hall.sitters.pop(peer, None)
            meeting.suspend_if_empty()
            return
        person = meeting.hall.by_peer(peer)
        if person is None:
            return
        person.peer, person.lost_at = None, meeting.now
        meeting.do(StartTimer(Grace(person.id), meeting.now + self._grace))
        meeting.tell_changed(person)

    def grace_over(self, invitation: str) -> None:
        """Let go who did not come back; they left when the socket was lost."""
        person = self._meeting.hall.people.get(invitation)
        if person is None or person.lost_at is None:
            return
        if self._meeting.now >= person.lost_at + self._grace:
            self.remove(person, "lost", at=person.lost_at)

    def patience_over(self, invitation: str) -> None:
        """Turn away who has waited in the lobby for as long as the rules allow."""
        person = self._meeting.hall.people.get(invitation)
        if person is None or person.here:
            return
        patience = timedelta(minutes=self._meeting.snapshot.rules.lobby_minutes)
        if self._meeting.now >= person.since + patience:
            self.turn_away(person, "lobby_timeout", by="")

    def turn_away(self, person: Person, reason: str, *, by: str) -> None:
        """Refuse somebody in the lobby."""
        self._meeting.record(journal.PersonRefused(invitation=person.id, by=by))
        self.dismiss(person, reason)

    def leave(self, person: Person) -> None:
        """Let somebody go who said so; a later Join starts anew."""
        meeting = self._meeting
        meeting.passes.pop(person.id, None)
        meeting.do(ForgetSession(person.session))
        if person.peer is not None:
            meeting.do(ClosePeer(person.peer))
        self.remove(person, "left")

    def dismiss(self, person: Person, reason: str, *, forget: bool = True) -> None:
        """Throw somebody out, told why; with `forget` their session is over too."""
        if forget:
            self._meeting.passes.pop(person.id, None)
            self._meeting.do(ForgetSession(person.session))
        self.close_peer(person, reason)
        self.remove(person, reason)

    def close_peer(self, person: Person, reason: str) -> None:
        """Tell a person's socket that it is over, and close it."""
        if person.peer is not None:
            ended = call.Ended(reason=reason, text=WORDS[reason])
            self._meeting.do(Send((person.peer,), ended), ClosePeer(person.peer))
            person.peer = None

    def remove(self, person: Person, reason: str, *, at: datetime | None = None) -> None:
        """Take somebody out of the call or of the lobby."""
        meeting = self._meeting
        del meeting.hall.people[person.id]
        meeting.languages.ears.pop(person.id, None)
        meeting.forget_wishes(person.id, for_good=reason in {"removed", "revoked"})
        meeting.do(CancelTimer(Grace(person.id)), CancelTimer(LobbyPatience(person.id)))
        if not person.here:
            meeting.tell_lobby()
            meeting.remark()
            return
        meeting.record(journal.PersonLeft(invitation=person.id, reason=reason), at=at)
        meeting.do(CloseLegs(person.id))
        meeting.tell(call.ParticipantLeft(participant=person.id))
        meeting.remark()
        meeting.suspend_if_empty()

    def end(self, *, by: str) -> None:
        """End the meeting for all. by: who did, "" for the closing time."""
        meeting = self._meeting
        if meeting.ended_at is not None:
            return
        meeting.ended_at, meeting.ended_by = meeting.now, by
        meeting.close_poll()
        self._voting.end()
        meeting.dissolve_groups(by)
        meeting.record(*meeting.agenda.pause(meeting.now))
        if meeting.opened:
            meeting.record(journal.MeetingEnded(by=by))
        meeting.chat.erase()
        meeting.languages.erase()
        meeting.noticeboard.erase()
        self._empty("ended")

    def withdraw(self, *, moved: bool) -> None:
        """Close the room for good: its links say that it was withdrawn, or moved."""
        meeting = self._meeting
        meeting.withdrawn, meeting.moved = True, moved
        meeting.close_poll()
        self._voting.withdraw()
        meeting.dissolve_groups("")
        meeting.record(*meeting.agenda.pause(meeting.now))
        meeting.chat.erase()
        meeting.languages.erase()
        meeting.noticeboard.erase()
        self._empty("revoked")
        meeting.do(CancelTimer(ClosingTime()))

    def stop(self) -> None:
        """Close every socket because the host ends; sessions and the agenda go on after it."""
        meeting = self._meeting
        text = "The host is restarting. You will be connected again."
        told = call.Problem(code="host_stopping", text=text)
        peers = (*meeting.hall.listeners(), *(p.peer for p in meeting.hall.waiting() if p.peer))
        if peers:
            meeting.do(Send(peers, told), *(ClosePeer(peer) for peer in peers))
        for person in meeting.hall.here():
            left = journal.PersonLeft(invitation=person.id, reason="host_restarted")
            meeting.record(left, at=person.lost_at)
        meeting.hall.people.clear()
        meeting.hall.consoles.clear()
        meeting.hall.sitters.clear()
        meeting.suspend_if_empty()

    def _empty(self, reason: str) -> None:
        meeting = self._meeting
        consoles = tuple(sorted(meeting.hall.consoles))
        for person in list(meeting.hall.people.values()):
            self.dismiss(person, reason)
        for session, _ in meeting.passes.values():
            meeting.do(ForgetSession(session))
        meeting.passes.clear()
        if consoles:
            ended = call.Ended(reason=reason, text=WORDS[reason])
            meeting.do(Send(consoles, ended), *(ClosePeer(peer) for peer in consoles))
        meeting.hall.consoles.clear()
        meeting.hall.sitters.clear()
        meeting.suspend_if_empty()

    @property
    def _grace(self) -> timedelta:
        return timedelta(seconds=self._meeting.snapshot.rules.grace_seconds)
