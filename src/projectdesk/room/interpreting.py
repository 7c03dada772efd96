"""Interpretation and captions: who may set, speak, type and listen, and what follows."""

from __future__ import annotations

from dataclasses import replace

from projectdesk.room.commands import Send
from projectdesk.room.entrance import Refusal
from projectdesk.room.hall import Person
from projectdesk.room.languages import LanguageBook
from projectdesk.room.media import NOT_ALLOWED
from projectdesk.room.meeting import Meeting
from projectdesk.room.names import clean_line
from projectdesk.room.pace import CHAT_PERIOD, Pace
from projectdesk.room.permissions import CONSOLE, PERMISSIONS, Act
from projectdesk.signalling import journal, languages
from projectdesk.signalling.languages import CaptionLine

NOT_INVITED = Refusal("not_here", "That person is not in the call any more.")
NO_CHANNEL = Refusal("no_channel", "There is no interpretation into that language.")
CHANNEL_FULL = Refusal("channel_full", "Two interpret into that language already.")
NOT_INTERPRETING = Refusal("not_interpreting", "You do not interpret in this meeting.")
NOT_CAPTIONING = Refusal("not_captioning", "You do not type captions in this meeting.")
CAPTION_TOO_LONG = Refusal("caption_too_long", "A phrase has 300 characters at most.")
TOO_FAST = Refusal("too_fast", "That was too much at once. Please wait a few seconds.")

CAPTION_BURST = 30
"""Phrases and corrections that one captioner may send within ten seconds."""

_LED = (
    languages.SetChannels
    | languages.AppointInterpreter
    | languages.AppointCaptioner
    | languages.KeepCaptions
)


class Interpreting:
    """Answers the messages about languages."""

    def __init__(self, meeting: Meeting) -> None:
        self._meeting = meeting
        self._typed: dict[str, Pace] = {}

    @property
    def _book(self) -> LanguageBook:
        return self._meeting.languages

    def handle(self, person: Person | None, message: languages.LanguageRequest) -> Refusal | None:
        """Carry out a message, or return why not.

        Args:
            person: who is in the call and asks; None = a console.
            message: what they ask.
        """
        if isinstance(message, _LED):
            if not (Act.LANGUAGE in CONSOLE if person is None else person.may(Act.LANGUAGE)):
                return NOT_ALLOWED
            return self._lead(message)
        if person is None:
            return NOT_ALLOWED
        match message:
            case languages.Listen(language=language):
                return self._listen(person, language)
            case languages.WatchCaptions(language=language):
                return self._watch(person, language)
            case languages.TakeAir():
                return self._take_air(person)
            case languages.AskRelief(asks=asks):
                return self._ask_relief(person, asks=asks)
            case languages.WriteCaption(text=text, corrects=corrects):
                return self._write(person, clean_line(text), corrects=corrects)

    def _lead(self, message: _LED) -> Refusal | None:
        book = self._book
        match message:
            case languages.SetChannels(languages=named):
                book.channels = list(dict.fromkeys(named))
                for participant, language in list(book.interpreters.items()):
                    if language not in book.channels:
                        book.appoint(participant, None)
            case languages.AppointInterpreter(participant=id_, language=language):
                if (refusal := self._appoint(id_, language)) is not None:
                    return refusal
            case languages.AppointCaptioner(participant=id_, language=language):
                if self._meeting.invitee(id_) is None:
                    return NOT_INVITED
                book.captioners.pop(id_, None)
                book.last_of.pop(id_, None)
                if language is not None:
                    book.captioners[id_] = language
            case languages.KeepCaptions(keep=keep):
                book.keeps = keep
        self._meeting.tell_languages()
        return None

    def _appoint(self, participant: str, language: str | None) -> Refusal | None:
        invitee, book = self._meeting.invitee(participant), self._book
        if invitee is None:
            return NOT_INVITED
        if language is not None:
            if language not in book.channels:
                return NO_CHANNEL
            if Act.SPEAK not in PERMISSIONS[invitee.role]:
                return NOT_ALLOWED
            others = [p for p, spoken in book.interpreters.items() if spoken == language]
            if len(set(others) - {participant}) >= languages.MAX_ON_CHANNEL:
                return CHANNEL_FULL
        book.appoint(participant, language)
        return None

    def _listen(self, person: Person, language: str | None) -> Refusal | None:
        if language is not None and language not in self._book.channels:
            return NO_CHANNEL
        self._book.ears[person.id] = replace(self._book.ear(person.id), channel=language)
        return None

    def _watch(self, person: Person, language: str | None) -> Refusal | None:
        book = self._book
        book.ears[person.id] = replace(book.ear(person.id), captions=language)
        if language is not None and person.peer is not None and (lines := book.recent(language)):
            self._meeting.do(Send((person.peer,), languages.CaptionsWritten(lines=lines)))
        return None

    def _take_air(self, person: Person) -> Refusal | None:
        language = self._book.interpreters.get(person.id)
        if language is None:
            return NOT_INTERPRETING
        if self._book.on_air.get(language) != person.id:
            self._book.asks.discard(self._book.on_air.get(language, ""))
            self._book.on_air[language] = person.id
            self._meeting.tell_languages()
        return None

    def _ask_relief(self, person: Person, *, asks: bool) -> Refusal | None:
        language = self._book.interpreters.get(person.id)
        if language is None or self._book.on_air.get(language) != person.id:
            return NOT_INTERPRETING
        if asks != (person.id in self._book.asks):
            (self._book.asks.add if asks else self._book.asks.discard)(person.id)
            self._meeting.tell_languages()
        return None

    def _write(self, person: Person, text: str, *, corrects: bool) -> Refusal | None:
        meeting, book = self._meeting, self._book
        language = book.captioners.get(person.id)
        if language is None:
            return NOT_CAPTIONING
        if len(text) > languages.MAX_CAPTION:
            return CAPTION_TOO_LONG
        group = meeting.partition.group_of(person.id)
        place = None if group is None else group.id
        said_in, last = book.last_of.get(person.id, (place, None))
        if not corrects or said_in != place:  # elsewhere others read it: it stays as it was there
            last = None
        if not text and last is None:
            return None
        pace = self._typed.setdefault(person.id, Pace(CAPTION_BURST, CHAT_PERIOD))
        if not pace.allows(meeting.now):
            return TOO_FAST
        if last is None:
            book.written += 1
            line = CaptionLine(number=book.written, language=language, text=text, at=meeting.now)
        else:
            line = CaptionLine(number=last.number, language=language, text=text, at=last.at)
        book.last_of[person.id] = (place, line)
        if group is None:  # what a breakout room said stays there
            book.keep_recent(line)
        if book.keeps:
            fact = journal.CaptionWritten(
                number=line.number,
                language=language,
                text=text,
                by=person.id,
                corrects=last is not None,
            )
            meeting.record(fact)
        self._show(line, person)
        return None

    def _show(self, line: CaptionLine, writer: Person) -> None:
        """Send a phrase to those who read its language and hear what its writer hears."""
        book, meeting = self._book, self._meeting
        readers = tuple(
            person.peer
            for person in meeting.company(writer.id)
            if person.peer is not None and book.ear(person.id).captions == line.language
        )
        if readers:
            meeting.do(Send(readers, languages.CaptionsWritten(lines=[line])))
