"""The recording of a meeting: everybody agrees first, and nobody is recorded unasked.

    off -- ask --> asked -- all here agreed --> running -- pause --> paused
                     |                             |  ^                |
                     +-- one refuses: discarded    |  +-- all agreed --+ resume (asked again)
                                                   +-- stop, withdrawal, end, nobody here: kept

`settle`, at the end of every event, holds the one rule whatever happened: it starts when all who
are here (also those whose socket is lost) have agreed, and pauses when somebody is here who has
not, or when people go into breakout rooms.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from projectdesk.room.comings import Comings
from projectdesk.room.commands import PauseRecording, Send, StartRecording, StopRecording
from projectdesk.room.consents import ConsentBook, RecordingMemory
from projectdesk.room.entrance import Refusal
from projectdesk.room.hall import Person
from projectdesk.room.media import NOT_ALLOWED
from projectdesk.room.meeting import Meeting
from projectdesk.room.permissions import Act
from projectdesk.signalling import journal, recording
from projectdesk.signalling.media import RecordedPerson

CANNOT_RECORD = Refusal(
    "cannot_record", "This media server cannot record. Use the host's own media server."
)
RECORDING_FORBIDDEN = Refusal(
    "recording_forbidden", "Whoever plans this meeting does not allow that it is recorded."
)
ALREADY_RECORDING = Refusal("already_recording", "A recording is asked for or running already.")
NOT_RECORDING = Refusal("not_recording", "Nothing is being recorded at the moment.")
GROUPS_OPEN = Refusal(
    "groups_open", "People are in breakout rooms. Bring them back before you record."
)
NOBODY_HERE = Refusal("nobody_here", "Nobody is in the call who could be recorded.")
WORDS_OUTDATED = Refusal(
    "words_outdated", "The words about the recording have changed. Please load the page again."
)

RecordingMessage = recording.RecordingRequest
_Leading = (
    recording.AskToRecord
    | recording.PauseRecording
    | recording.ResumeRecording
    | recording.StopRecording
)


class Recording:
    """Asks, records, pauses and stops; tells everybody what it does with them."""

    def __init__(self, meeting: Meeting, comings: Comings, *, possible: bool) -> None:
        """Take up a meeting's recording.

        Args:
            meeting: whose.
            comings: lets in who was only waiting for the recording.
            possible: the host's media server can record.
        """
        self._meeting = meeting
        self._book: ConsentBook = meeting.recording
        self._comings = comings
        self._possible = possible
        self._told: dict[str, recording.RecordingView] = {}
        self._recorded: tuple[RecordedPerson, ...] | None = None
        """Whom the media server was asked to record; None = it is to be asked (anew)."""

    # --- what happens -------------------------------------------------------------------------

    def handle(
        self, peer: str, person: Person | None, message: RecordingMessage, by: str
    ) -> Refusal | None:
        """Carry out a message, or return why not.

        Args:
            peer: whose socket it is.
            person: who, None for a console; may be waiting in the lobby.
            message: what they say.
            by: participant id in whose name it is.
        """
        if isinstance(message, _Leading):
            if not self._meeting.hall.may(peer, Act.RECORD):
                return NOT_ALLOWED
            return self._lead(message, by)
        if person is None:
            return NOT_ALLOWED  # the console's word is the chair's, given by asking
        match message:
            case recording.AnswerRecording(agreed=agreed, words=words):
                return self._answer(person, words, agreed=agreed)
            case recording.WithdrawConsent():
                return self._withdraw(person)

    def stop(self, by: str, reason: str, *, at: datetime | None = None) -> None:
        """End what is asked for or running; what is recorded is kept. Idempotent.

        Args:
            by: who stopped it, "" for a rule.
            reason: as of `journal.RecordingStopped`.
            at: when, if not now.
        """
        book, meeting = self._book, self._meeting
        if book.state == "off":
            return
        if book.begun:
            fact = journal.RecordingStopped(recording=book.id, reason=reason, by=by)
            meeting.record(fact, at=at)
            consents = tuple(book.consents.values())
            meeting.do(StopRecording(book.id, tuple(sorted(book.erased)), consents))
        else:
            gone = journal.RecordingDiscarded(recording=book.id, reason=reason, by=by)
            meeting.record(gone, at=at)
        book.state, book.ended, book.since = "off", reason, meeting.now
        book.begun, book.id, book.asked_at = False, "", None
        book.consents, book.erased = {}, set()
        self._recorded = None

    def restore(self, memory: RecordingMemory | None, until: datetime) -> None:
        """End what a host that was killed left open, when it was last known alive."""
        if memory is None:
            return
        book = self._book
        book.state, book.id, book.begun = "paused", memory.id, memory.begun
        book.asked_at, book.erased = memory.asked_at, set(memory.erased)
        book.consents = {consent.participant: consent for consent in memory.consents}
        self.stop("", "host_restarted", at=until)
        book.ended = ""  # nobody is here to be told

    def server_ready(self) -> None:
        """Note that a new media server is there, which records nothing yet."""
        self._recorded = None

    def failed(self, code: str) -> None:
        """Note that the media server could not go on recording."""
        self.stop("", code)

    # --- orders and answers -------------------------------------------------------------------

    def _lead(self, message: _Leading, by: str) -> Refusal | None:
        book, meeting = self._book, self._meeting
        match message:
            case recording.AskToRecord():
                return self._ask(by)
            case _ if book.state == "off":
                return NOT_RECORDING
            case recording.StopRecording():
                self.stop(by, "stopped" if book.begun else "cancelled")
            case recording.PauseRecording() if book.state != "paused":
                if not book.begun:
                    return NOT_RECORDING
                self._pause(by)
            case recording.ResumeRecording() if meeting.partition.now is not None:
                return GROUPS_OPEN
            case recording.ResumeRecording() if book.state == "paused":
                book.state, book.since = "asked", meeting.now
                book.consents = {
                    id_: one for id_, one in book.consents.items() if one.answer == "given"
                }
                self._assume(by)
            case _:
                pass  # it is so already
        return None

    def _ask(self, by: str) -> Refusal | None:
        book, meeting = self._book, self._meeting
        if not meeting.snapshot.rules.recording:
            return RECORDING_FORBIDDEN
        if not self._possible:
            return CANNOT_RECORD
        if book.state != "off":
            return ALREADY_RECORDING
        if not meeting.hall.here():
            return NOBODY_HERE
        if meeting.partition.now is not None:
            return GROUPS_OPEN
        book.count += 1
        book.id = f"{meeting.now:%Y%m%dT%H%M%SZ}-{book.count}"
        book.state, book.by, book.ended = "asked", self._name(by), ""
        book.since = book.asked_at = meeting.now
        asked = journal.RecordingAsked(recording=book.id, words=recording.WORDS, by=by)
        meeting.record(asked)
        self._assume(by)
        return None

    def _assume(self, by: str) -> None:
        """Take the order to record for the consent of who gives it."""
        invitee = self._meeting.invitee(by)
        if invitee is not None and not self._book.has_agreed(by):
            person = self._meeting.hall.people.get(by)
            name = person.name if person is not None else invitee.name
            self._give(by, name, invitee.organisation, "given")

    def _answer(self, person: Person, words: int, *, agreed: bool) -> Refusal | None:
        book = self._book
        if book.state == "off":
            return NOT_RECORDING
        if words != recording.WORDS:
            return WORDS_OUTDATED
        if agreed:
            if not book.has_agreed(person.id):
                self._give(person.id, person.name, person.invitee.organisation, "given")
            return None
        if book.has_agreed(person.id):
            return self._withdraw(person)
        self._give(person.id, person.name, person.invitee.organisation, "refused")
        if book.state == "asked" and person.here:
            self._turn_down()
        return None

    def _turn_down(self) -> None:
        """Record nothing (further), because somebody here does not agree."""
        if self._book.begun:
            self._book.state, self._book.since = "paused", self._meeting.now
        else:
            self.stop("", "refused")

    def _withdraw(self, person: Person) -> Refusal | None:
        book, meeting = self._book, self._meeting
        if not book.has_agreed(person.id):
            return NOT_RECORDING
        book.consents[person.id] = msgspec.structs.replace(
            book.consents[person.id], answer="withdrawn", at=meeting.now
        )
        meeting.record(journal.ConsentWithdrawn(recording=book.id, invitation=person.id))
        if book.begun:
            book.erased.add(person.id)
            self.stop("", "withdrawn")
        else:
            self.stop("", "refused")
        return None

    def _give(
        self, invitation: str, name: str, organisation: str, answer: recording.Answer
    ) -> None:
        book, meeting = self._book, self._meeting
        words = recording.WORDS
        book.consents[invitation] = recording.Consent(
            participant=invitation,
            name=name,
            organisation=organisation,
            answer=answer,
            at=meeting.now,
            words=words,
        )
        kind = journal.ConsentGiven if answer == "given" else journal.ConsentRefused
        meeting.record(kind(recording=book.id, invitation=invitation, words=words))

    def _pause(self, by: str) -> None:
        book, meeting = self._book, self._meeting
        if book.state == "running":
            meeting.record(journal.RecordingPaused(recording=book.id, by=by))
            meeting.do(PauseRecording())
        book.state, book.since = "paused", meeting.now
        self._recorded = None

    # --- what follows -------------------------------------------------------------------------

    def settle(self) -> None:
        """Start, pause or stop as the rule says; let in whom nothing holds back; tell everybody."""
        book, meeting = self._book, self._meeting
        if book.state != "off" and (meeting.ended_at is not None or meeting.withdrawn):
            self.stop("", "ended")
        if book.state != "off" and not meeting.hall.here():
            self.stop("", "empty")
        self._let_in()
        here = meeting.hall.here()
        may_run = meeting.partition.now is None and all(book.has_agreed(p.id) for p in here)
        if book.state == "asked" and may_run:
            self._start()
        elif book.state == "running" and not may_run:
            self._pause("")
        if book.state == "running":
            self._record_people(here)
        self._tell_all()

    def _start(self) -> None:
        book, meeting = self._book, self._meeting
        kind = journal.RecordingResumed if book.begun else journal.RecordingStarted
        meeting.record(kind(recording=book.id))
        book.state, book.begun, book.since = "running", True, meeting.now
        self._recorded = None

    def _record_people(self, here: list[Person]) -> None:
        interpreters = self._meeting.languages.interpreters
        people = tuple(
            RecordedPerson(
                id=p.id,
                name=p.name,
                organisation=p.invitee.organisation,
                interprets=interpreters.get(p.id, ""),
            )
            for p in here
        )
        if people != self._recorded:
            self._recorded = people
            self._meeting.do(StartRecording(self._book.id, people))

    def _let_in(self) -> None:
        """Let in whom only the recording held back."""
        meeting = self._meeting
        for person in meeting.hall.waiting():
            if person.peer is not None and meeting.may_enter(person):
                self._comings.enter(person, by=person.cleared_by or "")
                meeting.tell_lobby()

    def _tell_all(self) -> None:
        """Send everybody the recording as they see it, if that changed."""
        hall = self._meeting.hall
        views = {peer: self._view(peer, id_) for peer, id_ in hall.readers()}
        for person in hall.waiting():
            if person.peer is not None and self._book.bars(person.id):
                views[person.peer] = self._view(person.peer, person.id)
            elif person.peer is not None and person.peer in self._told:
                views[person.peer] = _NOTHING if self._book.state == "off" else self._view(
                    person.peer, person.id
                )  # fmt: skip
        for peer, view in views.items():
            before = self._told.get(peer, _NOTHING)
            if view != before and (view.state, before.state) != ("off", "off"):
                self._meeting.do(Send((peer,), recording.RecordingChanged(recording=view)))
        self._told = views

    def _view(self, peer: str, invitation: str) -> recording.RecordingView:
        book, hall = self._book, self._meeting.hall
        if book.state == "off":
            return recording.RecordingView(state="off", ended=book.ended)
        here = hall.here()
        leads = hall.may(peer, Act.RECORD)
        return recording.RecordingView(
            state=book.state,
            by=book.by,
            since=book.since,
            begun=book.begun,
            mine=self._answer_of(invitation) if invitation else "",
            missing=sum(self._answer_of(person.id) == "open" for person in here),
            people=[
                recording.AskedPerson(
                    participant=person.id, name=person.name, answer=self._answer_of(person.id)
                )
                for person in here
            ]
            if leads
            else [],
            ended="",
        )

    def _answer_of(self, invitation: str) -> recording.OwnAnswer:
        consent = self._book.consents.get(invitation)
        if consent is None or consent.answer == "withdrawn":
            return "open"
        return consent.answer

    def _name(self, by: str) -> str:
        person = self._meeting.hall.people.get(by)
        invitee = self._meeting.invitee(by)
        return person.name if person is not None else invitee.name if invitee is not None else ""


_NOTHING = recording.RecordingView(state="off")
"""What is not told to who was told nothing else."""
