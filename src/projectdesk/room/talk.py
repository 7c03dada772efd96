"""What people and chair do beside speaking that has rules of its own: polls, languages."""

from __future__ import annotations

from projectdesk.room.entrance import Refusal
from projectdesk.room.hall import Person
from projectdesk.room.interpreting import Interpreting
from projectdesk.room.meeting import Meeting
from projectdesk.room.polling import Polling
from projectdesk.signalling import languages, polls

TalkMessage = polls.PollRequest | languages.LanguageRequest


class Talk:
    """Hands each message to who knows its rules."""

    def __init__(self, meeting: Meeting) -> None:
        self._polling = Polling(meeting)
        self._interpreting = Interpreting(meeting)

    def handle(self, person: Person | None, message: TalkMessage, by: str) -> Refusal | None:
        """Carry out a message, or return why not.

        Args:
            person: who is in the call and asks; None = a console.
            message: what they ask.
            by: participant id in whose name it is.
        """
        if isinstance(message, polls.PollRequest):
            return self._polling.handle(person, message, by)
        return self._interpreting.handle(person, message)
