"""Asking and voting: what chair and co-hosts prepare, open and close, and what people choose."""

from __future__ import annotations

from projectdesk.room.commands import Send
from projectdesk.room.entrance import Refusal
from projectdesk.room.hall import Person
from projectdesk.room.media import NOT_ALLOWED
from projectdesk.room.meeting import Meeting
from projectdesk.room.names import clean_line
from projectdesk.room.permissions import CONSOLE, Act
from projectdesk.room.polls import Asked
from projectdesk.signalling import polls

UNKNOWN_POLL = Refusal("unknown_poll", "There is no such poll.")
POLL_INVALID = Refusal(
    "poll_invalid",
    "A poll has a question of at most 300 characters and 2 to 10 different options of at most 200.",
)
POLL_OPEN = Refusal("poll_open", "Another poll is open. Close it first.")
POLL_CLOSED = Refusal("poll_closed", "That poll is not open.")
POLL_NO_DRAFT = Refusal("poll_no_draft", "Only a poll that was not opened yet can be changed.")
TOO_MANY_POLLS = Refusal("too_many_polls", "The meeting has as many polls as it may have.")
CHOICE_INVALID = Refusal("choice_invalid", "The poll has no such choice.")


class Polling:
    """Answers the messages about polls."""

    def __init__(self, meeting: Meeting) -> None:
        self._meeting = meeting

    def handle(self, person: Person | None, message: polls.PollRequest, by: str) -> Refusal | None:
        """Carry out a message, or return why not.

        Args:
            person: who is in the call and asks; None = a console.
            message: what they ask.
            by: participant id in whose name it is.
        """
        if isinstance(message, polls.Vote):
            return NOT_ALLOWED if person is None else self._vote(person, message)
        if not (Act.POLL in CONSOLE if person is None else person.may(Act.POLL)):
            return NOT_ALLOWED
        match message:
            case polls.PreparePoll():
                return self._prepare(message, by)
            case polls.OpenPoll(poll=number):
                return self._open(number, by)
            case polls.ClosePoll(poll=number):
                return self._close(number)
            case polls.DiscardPoll(poll=number):
                return self._discard(number)

    def _prepare(self, message: polls.PreparePoll, by: str) -> Refusal | None:
        book = self._meeting.polls
        question = clean_line(message.question)
        options = [clean_line(option) for option in message.options]
        if not _is_sound(question, options):
            return POLL_INVALID
        if message.poll is None:
            if book.is_full():
                return TOO_MANY_POLLS
            number = book.next_number()
        else:
            before = book.find(message.poll)
            if before is None:
                return UNKNOWN_POLL
            if before.state != "draft":
                return POLL_NO_DRAFT
            number = before.number
        poll = Asked(
            number=number,
            question=question,
            options=options,
            multiple=message.multiple,
            named=message.named,
            live=message.live,
        )
        book.put(poll)
        self._meeting.tell_poll(poll)
        return self._open(number, by) if message.open else None

    def _open(self, number: int, by: str) -> Refusal | None:
        poll = self._meeting.polls.find(number)
        if poll is None:
            return UNKNOWN_POLL
        if poll.state != "draft":
            return POLL_NO_DRAFT
        if self._meeting.polls.open() is not None:
            return POLL_OPEN
        poll.state, poll.opened_at, poll.by = "open", self._meeting.now, by
        poll.item = self._meeting.agenda.current
        self._meeting.tell_poll(poll)
        return None

    def _close(self, number: int) -> Refusal | None:
        poll = self._meeting.polls.find(number)
        if poll is None:
            return UNKNOWN_POLL
        if poll.state != "open":
            return POLL_CLOSED
        self._meeting.close_poll()
        return None

    def _discard(self, number: int) -> Refusal | None:
        poll = self._meeting.polls.find(number)
        if poll is None:
            return UNKNOWN_POLL
        if poll.state != "draft":
            return POLL_NO_DRAFT
        self._meeting.polls.discard(number)
        if leaders := self._meeting.hall.those_who(Act.POLL):
            self._meeting.do(Send(leaders, polls.PollDiscarded(poll=number)))
        return None

    def _vote(self, person: Person, message: polls.Vote) -> Refusal | None:
        poll = self._meeting.polls.find(message.poll)
        if not person.may(Act.VOTE):
            return NOT_ALLOWED
        if poll is None or poll.state == "draft":
            return UNKNOWN_POLL
        if poll.state != "open":
            return POLL_CLOSED
        choices = sorted(set(message.choices))
        places = range(len(poll.options))
        most = len(places) if poll.multiple else 1
        if len(choices) > most or any(place not in places for place in choices):
            return CHOICE_INVALID
        poll.vote(person.id, person.name, choices)
        self._meeting.tell_poll(poll)
        return None


def _is_sound(question: str, options: list[str]) -> bool:
    different = {option.casefold() for option in options}
    return (
        0 < len(question) <= polls.MAX_QUESTION
        and polls.MIN_OPTIONS <= len(options) <= polls.MAX_OPTIONS
        and all(0 < len(option) <= polls.MAX_OPTION for option in options)
        and len(different) == len(options)
    )
