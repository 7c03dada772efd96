"""What people and chair do beside speaking that has rules of its own: polls."""

from __future__ import annotations

from projectdesk.room.entrance import Refusal
from projectdesk.room.hall import Person
from projectdesk.room.meeting import Meeting
from projectdesk.room.polling import Polling
from projectdesk.signalling import polls

TalkMessage = polls.PollRequest


class Talk:
    """Hands each message to who knows its rules."""

    def __init__(self, meeting: Meeting) -> None:
        self._polling = Polling(meeting)

    def handle(self, person: Person | None, message: TalkMessage, by: str) -> Refusal | None:
        """Carry out a message, or return why not.

        Args:
            person: who is in the call and asks; None = a console.
            message: what they ask.
            by: participant id in whose name it is.
        """
        return self._polling.handle(person, message, by)
