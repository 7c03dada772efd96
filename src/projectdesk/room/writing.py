"""The minutes written together: who may, what is passed on to whom, what readers see of it.

The document itself is the host's (`SharedText`): a room decides, it knows no Yjs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Protocol

from projectdesk.errors import DomainError
from projectdesk.room.commands import KeepAuthor, KeepUpdate, NameDocument, Send, StartTimer
from projectdesk.room.entrance import Refusal
from projectdesk.room.hall import Person
from projectdesk.room.media import NOT_ALLOWED
from projectdesk.room.meeting import Meeting
from projectdesk.room.permissions import Act
from projectdesk.room.timers import MinutesDue, NotesDue
from projectdesk.signalling import journal, notes, writing

NOT_SHARED = Refusal("minutes_not_shared", "This host does not share the minutes.")
NOT_OPENED = Refusal("minutes_not_opened", "Open the minutes before you write in them.")
OTHER_DOCUMENT = Refusal("minutes_replaced", "A newer revision of the minutes is written now.")
BAD_PARTS = Refusal("bad_update", "A change to the minutes came in pieces that do not fit.")
NOT_INVITED = Refusal("not_invited", "That person is not invited.")
LEADS = Refusal("leads_already", "Chair and co-hosts always write the minutes.")

COLOURS: Final = 8
NOTED_AFTER: Final = timedelta(seconds=20)
"""How long after a change the desktop is told at the latest that minutes wait for it."""
READERS_PAUSE: Final = timedelta(milliseconds=500)
"""How often at most those who read get a text that others write."""


class SharedText(Protocol):
    """The document of a room, in the host's memory; a `DomainError` of it changes nothing."""

    @property
    def name(self) -> str:
        """Id of the minutes' revision, "" = nobody named it yet."""

    @property
    def is_written(self) -> bool:
        """True once anything was written in it."""

    def authors(self) -> Mapping[int, writing.Author]:
        """Return who wrote with which replica."""

    def sign(self, author: writing.Author) -> None:
        """Note who writes with a replica."""

    def begin(self, name: str) -> None:
        """Go on with another, empty document."""

    def adopt(self, name: str) -> None:
        """Give the document that has no name one."""

    def vector(self) -> bytes:
        """Return its state vector."""

    def missing(self, vector: bytes) -> bytes:
        """Return what a document of this state vector lacks; `bad_vector`."""

    def merge(self, update: bytes) -> None:
        """Take a change in; `bad_update`, `minutes_full`."""

    def text(self, item: str) -> str:
        """Return the text of an agenda item."""


@dataclass
class _Writer:
    """One socket that writes. number: in the room. parts: of a change that is not whole yet."""

    number: int
    name: str
    point: writing.PointMinutes = field(default_factory=lambda: writing.PointMinutes(item=None))
    parts: list[bytes] = field(default_factory=list)


class Writing:
    """Carries out what writers ask."""

    def __init__(self, meeting: Meeting) -> None:
        self._meeting = meeting
        self._writers: dict[str, _Writer] = {}
        self._numbers = 0
        self._readers_wait = False
        self._changed = False
        self._untaken = False
        self._note_waits = False

    def handle(
        self, peer: str, person: Person | None, message: writing.WritingRequest
    ) -> Refusal | None:
        """Carry out a message of somebody in the call, or at a console (None); or say why not."""
        if isinstance(message, writing.LetWrite):
            if not self._meeting.hall.may(peer, Act.MINUTE):
                return NOT_ALLOWED
            return self._let_write(message.participant, writes=message.writes)
        text = self._meeting.text
        if text is None:
            return NOT_SHARED
        if not self._may(peer):
            return NOT_ALLOWED
        if isinstance(message, writing.OpenMinutes):
            return self._open(peer, person, message, text)
        if (writer := self._writers.get(peer)) is None:
            return NOT_OPENED
        if isinstance(message, writing.EditMinutes):
            return self._edit(peer, writer, message, text)
        if message.item is None or self._meeting.agenda.knows(message.item):
            writer.point = message
            self._tell_others(peer, self._pointed(writer))
        return None

    def kept(self, numbers: dict[str, int]) -> None:
        """Tell writers up to which number their changes are on the disk."""
        for peer, number in numbers.items():
            if peer in self._writers:
                self._meeting.do(Send((peer,), writing.MinutesKept(n=number)))

    def unkept(self) -> None:
        """Tell all who write that nothing can be kept at the moment."""
        if self._writers:
            self._meeting.do(Send(tuple(self._writers), writing.MinutesUnkept()))

    def load(self) -> None:
        """Tell the desktop of what the host before this one may not have told it."""
        text = self._meeting.text
        self._untaken = text is not None and text.is_written
        self.note()

    def note(self) -> None:
        """Write into the journal that there is something to fetch, if there is."""
        text = self._meeting.text
        self._note_waits = False
        if self._untaken and text is not None:
            self._untaken = False
            self._meeting.record(journal.MinutesWritten(document=text.name))

    def settle(self) -> None:
        """Let those go who are gone, or may not write any more."""
        here = {peer for peer, _ in self._meeting.hall.readers()}
        for peer in [peer for peer in self._writers if peer not in here or not self._may(peer)]:
            self._shut(peer, "not_allowed" if peer in here else None)
        if not self._writers:
            self.note()

    def show_readers(self) -> None:
        """Send those who read what was written since they were sent it last."""
        self._readers_wait = False
        if not self._changed:
            return
        self._changed = False
        meeting = self._meeting
        for item in meeting.agenda.ids():
            shown = meeting.noticeboard.of(item)
            before = shown.notes if shown is not None else notes.ItemNotes(item=item)
            text = meeting.written(item, before.text)
            if text != before.text:
                meeting.show_notes(
                    notes.ItemNotes(
                        item=item, text=text, decisions=before.decisions, actions=before.actions
                    )
                )

    # --- inside

    def _may(self, peer: str) -> bool:
        person = self._meeting.hall.by_peer(peer)
        return peer in self._meeting.hall.consoles if person is None else person.writes

    def _let_write(self, participant: str, *, writes: bool) -> Refusal | None:
        meeting = self._meeting
        invitee = meeting.invitee(participant)
        if invitee is None:
            return NOT_INVITED
        if invitee.role in {"chair", "cohost"}:
            return LEADS
        meeting.let_write(participant, writes=writes)
        return None

    def _open(
        self, peer: str, person: Person | None, asked: writing.OpenMinutes, text: SharedText
    ) -> Refusal | None:
        if person is None:
            self._untaken = False  # it takes all now
            if asked.document:
                self._name(asked.document, text)
        try:
            vector = asked.vector if asked.document in {"", text.name} else b"\x00"
            opened = writing.MinutesOpened(
                document=text.name,
                update=text.missing(vector),
                vector=text.vector(),
                words=self._meeting.snapshot.line_words if person is not None else None,
            )
        except DomainError as error:
            return Refusal(error.code, error.text)
        writer = self._writers.get(peer)
        if writer is None:
            self._numbers += 1
            writer = self._writers[peer] = _Writer(self._numbers, self._name_of(peer, person))
        writer.parts.clear()
        self._meeting.do(Send((peer,), opened))
        self._sign(peer, person, writer, asked.replica, text)
        for other in self._writers.values():
            if other is not writer and other.point.item is not None:
                self._meeting.do(Send((peer,), self._pointed(other)))
        return None

    def _name(self, document: str, text: SharedText) -> None:
        """Let a console say which document it is: the room's own, its first, or another one."""
        if document == text.name:
            return
        if text.name == "":
            text.adopt(document)
            self._meeting.do(NameDocument(document))
            return
        text.begin(document)
        self._meeting.do(NameDocument(document, anew=True))
        for peer in list(self._writers):
            self._shut(peer, "replaced")

    def _sign(
        self, peer: str, person: Person | None, writer: _Writer, replica: int, text: SharedText
    ) -> None:
        """Note who writes with a replica: who said so first; and tell the consoles."""
        meeting = self._meeting
        if replica not in text.authors():
            who = person.id if person is not None else meeting.hall.seat_of(peer)
            author = writing.Author(replica=replica, participant=who, name=writer.name)
            text.sign(author)
            meeting.do(KeepAuthor(text.name, author))
            signed = writing.MinutesSigned(document=text.name, author=author)
            if consoles := tuple(c for c in sorted(meeting.hall.consoles) if c != peer):
                meeting.do(Send(consoles, signed))
        if person is None:
            for author in text.authors().values():
                signed = writing.MinutesSigned(document=text.name, author=author)
                meeting.do(Send((peer,), signed))

    def _edit(
        self, peer: str, writer: _Writer, edit: writing.EditMinutes, text: SharedText
    ) -> Refusal | None:
        if edit.document not in {"", text.name}:
            return OTHER_DOCUMENT
        if edit.part != len(writer.parts) or edit.part >= edit.parts:
            writer.parts.clear()
            return BAD_PARTS
        writer.parts.append(edit.update)
        if len(writer.parts) < edit.parts:
            return None
        update = b"".join(writer.parts)
        writer.parts.clear()
        try:
            text.merge(update)
        except DomainError as error:
            return Refusal(error.code, error.text)
        self._meeting.do(KeepUpdate(text.name, update, peer, edit.n))
        self._tell_others(peer, writing.MinutesEdited(document=text.name, update=update))
        self._changed = True
        self._remember_to_note()
        if not self._readers_wait:
            self._readers_wait = True
            self._meeting.do(StartTimer(NotesDue(), self._meeting.now + READERS_PAUSE))
        return None

    def _remember_to_note(self) -> None:
        """Have the desktop fetch what no console takes at once."""
        if any(peer in self._meeting.hall.consoles for peer in self._writers):
            self._untaken = False  # it has all: it said what it had when it opened
            return
        self._untaken = True
        if not self._note_waits:
            self._note_waits = True
            self._meeting.do(StartTimer(MinutesDue(), self._meeting.now + NOTED_AFTER))

    def _shut(self, peer: str, reason: str | None) -> None:
        """End somebody's writing. reason: told to them, None = they are gone."""
        writer = self._writers.pop(peer)
        if reason is not None:
            self._meeting.do(Send((peer,), writing.MinutesShut(reason=reason)))
        if writer.point.item is not None:
            writer.point = writing.PointMinutes(item=None)
            self._tell_others(peer, self._pointed(writer))

    def _tell_others(self, peer: str, message: writing.WritingNews) -> None:
        if others := tuple(other for other in self._writers if other != peer):
            self._meeting.do(Send(others, message))

    def _pointed(self, writer: _Writer) -> writing.MinutesPointed:
        return writing.MinutesPointed(
            writer=writer.number,
            name=writer.name,
            colour=(writer.number - 1) % COLOURS,
            item=writer.point.item,
            anchor=writer.point.anchor,
            head=writer.point.head,
        )

    def _name_of(self, peer: str, person: Person | None) -> str:
        meeting = self._meeting
        if person is not None:
            return person.name
        return meeting.name_of(meeting.hall.seat_of(peer)) or meeting.snapshot.organiser
