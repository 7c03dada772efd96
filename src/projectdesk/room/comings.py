"""How people come in: the pass, the lobby, the call; and how they come back."""

from __future__ import annotations

from datetime import timedelta

from projectdesk.room.commands import CancelTimer, CloseLegs, ForgetSession, Send, StartTimer
from projectdesk.room.entrance import LOBBY_FULL, MEETING_ENDED, ROOM_FULL, Refusal
from projectdesk.room.goings import Goings
from projectdesk.room.hall import Person, Sitter
from projectdesk.room.meeting import Meeting
from projectdesk.room.names import clean_name
from projectdesk.room.permissions import Act
from projectdesk.room.timers import Grace, LobbyPatience
from projectdesk.room.voting import Voting
from projectdesk.signalling import call, floor, journal

SESSION_OVER = Refusal("session_over", "This visit is over. Please join again.")


class Comings:
    """Every way into the call."""

    def __init__(self, meeting: Meeting, goings: Goings, voting: Voting) -> None:
        self._meeting = meeting
        self._goings = goings
        self._voting = voting

    def open_session(self, session: str, invitation: str, name: str) -> None:
        """Take a new pass; the invitation's pass before it is worth nothing from now on."""
        meeting = self._meeting
        old = meeting.passes.pop(invitation, None)
        if old is not None and old[0] != session:
            meeting.do(ForgetSession(old[0]))
        invitee = meeting.invitee(invitation)
        if (
            invitee is None
            or not invitee.token_hash
            or meeting.ended_at is not None
            or invitation in meeting.removed
        ):
            meeting.do(ForgetSession(session))
            return
        shown = clean_name(name) or clean_name(invitee.name)
        meeting.passes[invitation] = (session, shown)
        person = meeting.hall.people.get(invitation)
        if person is None:
            return
        if person.peer is not None:  # "Move here": the other device is done
            self._goings.dismiss(person, "moved", forget=False)
            return
        person.session, person.name = session, shown
        if person.here:
            meeting.do(CloseLegs(person.id))

    def connect(self, peer: str, session: str) -> None:
        """Take a socket that said Hello with a session."""
        meeting = self._meeting
        invitation = next((i for i, p in meeting.passes.items() if p[0] == session), "")
        invitee = meeting.invitee(invitation)
        if invitee is None:
            meeting.refuse(peer, SESSION_OVER, "hello", fatal=True)
            return
        person = meeting.hall.people.get(invitation)
        if person is not None:
            self._come_back(person, peer)
            return
        if (refusal := meeting.kept_out(invitee)) is not None:
            meeting.refuse(peer, refusal, "hello", fatal=True)
            return
        directly = meeting.enters_directly(invitee)
        waits = not directly or meeting.recording.bars(invitation)
        if (directly and meeting.is_full()) or (waits and meeting.is_lobby_full()):
            full = ROOM_FULL if directly and meeting.is_full() else LOBBY_FULL
            meeting.refuse(peer, full, "hello", fatal=True)
            return
        name = meeting.passes[invitation][1]
        person = Person(invitee, session, name, since=meeting.now, peer=peer)
        meeting.hall.people[invitation] = person
        meeting.welcome(peer, person.id, invitee.role)
        if directly:
            person.cleared_by = ""
        if waits:
            self._knock(person, peer)
        else:
            self.enter(person, by="")

    def enter(self, person: Person, *, by: str) -> None:
        """Let somebody with an open socket into the call; the caller saw that there is room."""
        meeting = self._meeting
        assert person.peer is not None  # noqa: S101 - only who is connected enters
        meeting.open()
        person.here, person.since, person.cleared_by = True, meeting.now, None
        meeting.admitted.add(person.id)
        meeting.record(journal.PersonJoined(invitation=person.id, name=person.name, by=by))
        meeting.do(CancelTimer(LobbyPatience(person.id)), *meeting.media.want())
        meeting.remark(but=person)
        self._send_all(person, person.peer)
        meeting.tell(call.ParticipantJoined(participant=person.shown()), but=person.peer)
        meeting.resume_agenda()

    def clear(self, person: Person, *, by: str) -> None:
        """Let somebody in: now, or when their socket is back and they agreed to the recording."""
        if person.peer is None or self._meeting.recording.bars(person.id):
            person.cleared_by = by
        else:
            self.enter(person, by=by)

    def attach_console(self, peer: str, seat: str) -> None:
        """Take a console of the desktop: a second seat of the chair without media.

        seat: invitation of the person at it; one that is not of this meeting counts as none.
        """
        meeting = self._meeting
        seat = seat if meeting.invitee(seat) is not None else ""
        meeting.welcome(peer, "", "chair")
        if meeting.ended_at is not None:
            meeting.send_state(peer, doorkeeper=True)
            meeting.do(Send((peer,), call.Ended(reason="ended", text=MEETING_ENDED.text)))
            return
        meeting.open()
        meeting.send_state(peer, doorkeeper=True)
        meeting.hall.consoles.add(peer)
        meeting.hall.sitters[peer] = Sitter(seat)
        meeting.do(*(Send((peer,), piece) for piece in meeting.chat.history(seat)))
        meeting.send_polls(peer, "")
        self._voting.send_all(peer, "")
        meeting.send_languages(peer)
        meeting.resume_agenda()

    def _come_back(self, person: Person, peer: str) -> None:
        """Go on after a reload, in a second tab of the session, or after a lost socket."""
        meeting = self._meeting
        if person.peer is not None:
            self._goings.close_peer(person, "moved")
        person.peer, person.lost_at = peer, None
        person.name = meeting.passes[person.id][1]
        meeting.do(CancelTimer(Grace(person.id)))
        meeting.welcome(peer, person.id, person.invitee.role)
        if person.here:
            meeting.remark(but=person)
            self._send_all(person, peer)
            meeting.tell_changed(person, but=peer)
        elif meeting.may_enter(person):
            self.enter(person, by=person.cleared_by or "")
            meeting.tell_lobby()
        else:
            meeting.do(Send((peer,), call.Lobby(message=meeting.lobby_message)))
            meeting.remark(but=person)
            meeting.tell_lobby()

    def _send_all(self, person: Person, peer: str) -> None:
        """Send the room, what was written in it, and what the chair stopped of this person."""
        meeting = self._meeting
        meeting.give_relays(peer, person.id)
        meeting.send_state(peer, doorkeeper=person.may(Act.ADMIT))
        if person.may(Act.CHAT):
            meeting.do(*(Send((peer,), piece) for piece in meeting.chat.history(person.id)))
        meeting.send_polls(peer, person.id)
        self._voting.send_all(peer, person.id)
        meeting.send_languages(peer)
        meeting.send_notes(peer)
        for source in sorted(person.held):
            held = floor.FeedHeld(source=source, order=person.order, by=person.held_by)
            meeting.do(Send((peer,), held))

    def _knock(self, person: Person, peer: str) -> None:
        meeting = self._meeting
        meeting.open()
        patience = timedelta(minutes=meeting.snapshot.rules.lobby_minutes)
        meeting.record(journal.PersonKnocked(invitation=person.id, name=person.name))
        meeting.do(StartTimer(LobbyPatience(person.id), meeting.now + patience))
        meeting.do(Send((peer,), call.Lobby(message=meeting.lobby_message)))
        meeting.remark(but=person)
        meeting.tell_lobby()
