"""What people and consoles ask for by messages: who may, and what follows."""

from __future__ import annotations

from projectdesk.room.comings import Comings
from projectdesk.room.commands import ClosePeer, Send
from projectdesk.room.entrance import ROOM_FULL, Refusal
from projectdesk.room.gestures import Gestures
from projectdesk.room.goings import Goings
from projectdesk.room.grouping import Grouping
from projectdesk.room.hall import Person
from projectdesk.room.leading import Leading, LeadingMessage
from projectdesk.room.media import NOT_ALLOWED, MediaMessage, media_command, refused_media
from projectdesk.room.meeting import Meeting
from projectdesk.room.moderation import Moderation, ModerationMessage, hold_feed
from projectdesk.room.permissions import CONSOLE, Act
from projectdesk.room.recording import Recording, RecordingMessage
from projectdesk.room.talk import Talk, TalkMessage
from projectdesk.room.views import Views
from projectdesk.room.voting import Voting
from projectdesk.room.writing import Writing
from projectdesk.signalling import call, floor, votes
from projectdesk.signalling.breakouts import BreakoutRequest
from projectdesk.signalling.codec import tag_of
from projectdesk.signalling.writing import WritingRequest

NOT_ADMITTED = Refusal("not_admitted", "You are still waiting to be let in.")
NOT_WAITING = Refusal("not_waiting", "That person is not waiting any more.")
UNKNOWN_ITEM = Refusal("unknown_item", "The agenda has no such item.")
NO_MEDIA = Refusal("not_allowed", "The console has no sound and picture of its own.")
CONSENT_MISSING = Refusal(
    "consent_missing",
    "They come in once they have agreed to the recording. Pause it to let them in off the record.",
)
UNEXPECTED = Refusal("unexpected_message", "That message is not expected here.")

_LEADING: dict[type, Act] = {
    call.Admit: Act.ADMIT,
    call.Refuse: Act.ADMIT,
    call.StartItem: Act.STEER,
    call.EndMeeting: Act.END,
    floor.LowerHands: Act.MODERATE,
    floor.StopFeed: Act.MODERATE,
    floor.AskToUnmute: Act.MODERATE,
    floor.Remove: Act.MODERATE,
    floor.LetBackIn: Act.MODERATE,
    floor.LockRoom: Act.MODERATE,
    floor.Appoint: Act.APPOINT,
    floor.Dismiss: Act.APPOINT,
}
_Leading = call.Admit | call.Refuse | call.StartItem | call.EndMeeting | ModerationMessage


class Requests:
    """Answers the messages of the call."""

    def __init__(
        self,
        meeting: Meeting,
        comings: Comings,
        goings: Goings,
        views: Views,
        grouping: Grouping,
        recording: Recording,
        voting: Voting,
        writing: Writing,
    ) -> None:
        self._meeting = meeting
        self._views = views
        self._comings = comings
        self._goings = goings
        self._gestures = Gestures(meeting)
        self._moderation = Moderation(meeting, goings)
        self._leading = Leading(meeting)
        self._grouping = grouping
        self._recording = recording
        self._voting = voting
        self._writing = writing
        self._talk = Talk(meeting)

    def handle(self, peer: str, message: call.ClientMessage) -> None:
        """Carry out a message, or refuse it; a socket of nobody is not answered."""
        person = self._meeting.hall.by_peer(peer)
        if person is None and peer not in self._meeting.hall.consoles:
            return
        refusal = self._carry_out(peer, person, message)
        if refusal is not None:
            self._meeting.refuse(peer, refusal, tag_of(message))

    def _carry_out(
        self, peer: str, person: Person | None, message: call.ClientMessage
    ) -> Refusal | None:
        """Carry out what somebody in the call asks, or a console (None); or say why not."""
        match message:
            case call.Ping(n=n):
                self._meeting.do(Send((peer,), call.Pong(n=n)))
            case call.Leave() if person is not None:
                self._goings.leave(person)
            case call.Leave():
                self._goings.disconnect(peer)
                self._meeting.do(ClosePeer(peer))
            case call.Hello():
                return UNEXPECTED
            case _ if isinstance(message, RecordingMessage):
                return self._recording.handle(peer, person, message, self._by(person))
            case _ if person is not None and not person.here:
                return NOT_ADMITTED
            case _ if isinstance(message, TalkMessage):
                return self._talk.handle(person, message, self._by(person))
            case _ if isinstance(message, votes.VoteRequest):
                return self._voting.handle(peer, person, message, self._by(person))
            case _ if isinstance(message, WritingRequest):
                return self._writing.handle(peer, person, message)
            case _ if isinstance(message, LeadingMessage):
                return self._leading.handle(peer, message, self._by(person))
            case _ if isinstance(message, BreakoutRequest):
                return self._grouping.handle(peer, person, message, self._by(person))
            case _ if isinstance(message, _Leading):
                return self._lead(peer, person, message)
            case floor.SendChat() if person is None:
                return self._gestures.write_at_console(peer, message)
            case _ if person is None:
                return NO_MEDIA
            case call.SetMedia():
                return self._set_media(person, message)
            case call.Want():
                return self._views.note_want(person, message)
            case floor.RaiseHand() | floor.SendChat() | floor.React():
                return self._gestures.handle(peer, person, message)
            case call.Publish() | call.OpenSubscribe() | call.SubscribeAnswer():
                return self._connect(peer, person, message)
        return None

    def _lead(self, peer: str, person: Person | None, message: _Leading) -> Refusal | None:
        act = _LEADING[type(message)]
        if not (act in CONSOLE if person is None else person.may(act)):
            return NOT_ALLOWED
        by = self._by(person)
        match message:
            case call.Admit(participant=invitation):
                return self._admit(peer, invitation, by)
            case call.Refuse(participant=invitation):
                waiting = self._waiting(invitation)
                if waiting is None:
                    return NOT_WAITING
                self._goings.turn_away(waiting, "refused", by=by)
            case call.StartItem(item=item):
                return self._start_item(item)
            case call.EndMeeting():
                self._goings.end(by=by)
            case _:
                return self._moderation.handle(message, by)
        return None

    def _admit(self, peer: str, invitation: str | None, by: str) -> Refusal | None:
        if invitation is None:
            self._admit_all(peer, by)
            return None
        person = self._waiting(invitation)
        if person is None:
            return NOT_WAITING
        if self._meeting.is_full():
            return ROOM_FULL
        self._comings.clear(person, by=by)
        self._meeting.tell_lobby()
        return CONSENT_MISSING if self._meeting.recording.bars(person.id) else None

    def _admit_all(self, peer: str, by: str) -> None:
        for person in self._meeting.hall.waiting():
            if self._meeting.is_full():
                self._meeting.refuse(peer, ROOM_FULL, "admit")
                break
            self._comings.clear(person, by=by)
        self._meeting.tell_lobby()

    def _start_item(self, item: str | None) -> Refusal | None:
        meeting = self._meeting
        if item is None:
            facts = meeting.agenda.pause(meeting.now)
        elif meeting.agenda.knows(item):
            facts = meeting.agenda.start(item, meeting.now)
        else:
            return UNKNOWN_ITEM
        if facts:
            meeting.record(*facts)
            meeting.tell_clock()
        return None

    def _set_media(self, person: Person, message: call.SetMedia) -> Refusal | None:
        refusal = refused_media(person, message, self._others(person))
        if refusal is None:
            counts = self._moderation.obey(person, message)
            person.audio, person.video, person.screen = counts.audio, counts.video, counts.screen
            self._meeting.tell_changed(person, but=None)
        return refusal

    def _connect(self, peer: str, person: Person, message: MediaMessage) -> Refusal | None:
        asked = media_command(peer, person, message, self._others(person))
        if isinstance(asked, Refusal):
            return asked
        if isinstance(message, call.OpenSubscribe):
            self._views.start_over(person)
        if isinstance(message, call.Publish):
            offered = message.sources.values()
            person.offers_screen = "screen" in offered
            person.offers_sound = "sound" in offered
        self._meeting.do(asked)
        self._hold_again(person, message)
        return None

    def _hold_again(self, person: Person, message: MediaMessage) -> None:
        """Stop in a new publish leg what the chair stopped in the one before."""
        if isinstance(message, call.Publish):
            for source in sorted(person.held & set(message.sources.values())):
                hold_feed(self._meeting, person, source, held=True)

    def _waiting(self, invitation: str) -> Person | None:
        person = self._meeting.hall.people.get(invitation)
        return person if person is not None and not person.here else None

    def _others(self, person: Person) -> list[Person]:
        return [other for other in self._meeting.company(person.id) if other is not person]

    def _by(self, person: Person | None) -> str:
        """Return in whose name somebody acts; a console for the chair, "console" without one."""
        if person is not None:
            return person.id
        invitees = map(self._meeting.as_now, self._meeting.snapshot.invitees)
        return next((i.id for i in invitees if i.role == "chair"), "console")
