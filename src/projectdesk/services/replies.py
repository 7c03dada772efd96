"""Answers that come as calendar objects: iTIP REPLY and COUNTER, by mail or as a file (RFC 5546).

An answer is matched by the UID and the attendee's address to what somebody was told, and counts as
the link's answer does: the later one wins. UID and address are no secrets, so a mail counts only
from a mailbox of that attendee, or as the answer to the very mail that they got. What does not
count is said, with why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.consortium import Person
from projectdesk.domain.meetings import Invitation, InvitationAnswer, Meeting, MeetingState
from projectdesk.domain.rules.invitation_changes import Proposal, counts
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.errors import DomainError, ProjectDeskError
from projectdesk.exchange.calendar import (
    Attendee,
    CalendarEvent,
    CalendarTime,
    Method,
    PartStat,
    read_calendar,
)
from projectdesk.mail.address import same_address
from projectdesk.mail.invitation_words import city
from projectdesk.services.inbox import IncomingMail, Taken
from projectdesk.services.inviting.told import Told, keep_reply, told_by_uid
from projectdesk.services.rows import Kind
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

_ANSWERS: Final = {
    PartStat.ACCEPTED: InvitationAnswer.ACCEPTED,
    PartStat.TENTATIVE: InvitationAnswer.TENTATIVE,
    PartStat.DECLINED: InvitationAnswer.DECLINED,
}
_WORDS: Final = {
    InvitationAnswer.ACCEPTED: "accepts",
    InvitationAnswer.TENTATIVE: "accepts tentatively",
    InvitationAnswer.DECLINED: "declines",
}
_METHODS: Final = frozenset({Method.REPLY, Method.COUNTER, Method.REFRESH})
_LONGEST_COMMENT: Final = 2000


@dataclass(frozen=True)
class Envelope:
    """How an answer came. sender: address; None = as a file, by the hand of who works here.

    refers_to: Message-IDs that it answers.
    """

    received_at: datetime
    sender: str | None = None
    refers_to: tuple[str, ...] = ()


def take(unit: Unit, mail: IncomingMail) -> Taken | None:
    """Take a mail that answers an invitation of ours; a handler of `services.inbox`."""
    envelope = Envelope(mail.received_at, mail.sender, mail.refers_to)
    for _, content in mail.calendars:
        taken = _take_calendar(unit, content, envelope)
        if taken is not None:
            return taken
    return None


def take_file(workspace: Workspace, content: bytes) -> Taken:
    """Take an answer that somebody saved as an .ics file.

    Raises:
        UnreadableFile: it is no calendar.
        DomainError: `no_answer`, it answers no invitation of ours.
    """
    read_calendar(content)
    with workspace.change("Take an answer", undoable=False) as unit:
        taken = _take_calendar(unit, content, Envelope(unit.now))
        if taken is None:
            raise DomainError("no_answer", "This file answers no invitation that was sent here.")
    return taken


def is_answer(content: bytes) -> bool:
    """Return whether a calendar file is an answer, to whatever it may be."""
    try:
        return read_calendar(content).method in _METHODS
    except ProjectDeskError:
        return False


# --- inside ---------------------------------------------------------------------------------------


def _take_calendar(unit: Unit, content: bytes, envelope: Envelope) -> Taken | None:
    try:
        calendar = read_calendar(content)
    except ProjectDeskError:
        return None
    if calendar.method not in _METHODS or not calendar.events:
        return None
    found = [_take_event(unit, event, calendar.method, envelope) for event in calendar.events]
    taken = [each for each in found if each is not None]
    if not taken:
        return None
    first = taken[0]
    detail = " ".join(dict.fromkeys(each.detail for each in taken))
    return Taken(first.outcome, detail, first.meeting_id, first.person_id)


def _take_event(
    unit: Unit, event: CalendarEvent, method: Method, envelope: Envelope
) -> Taken | None:
    known = told_by_uid(unit.session, event.uid)
    if not known:
        return None
    if len(event.attendees) != 1:
        return Taken("answer_of_nobody", "An answer names one attendee; this one does not.")
    attendee = event.attendees[0]
    told, strange = _whose(unit, known, attendee, envelope)
    concerned = _concerned(told, event)
    if not concerned:
        return _of_a_stranger(known, attendee, method)
    if not _is_theirs(unit, concerned, envelope):
        return _from_another(unit, concerned, attendee, envelope)
    if method is Method.REFRESH:
        return _taken(unit, "invitation_asked_again", concerned, "asks for the invitation again.")
    if attendee.partstat is PartStat.DELEGATED:
        return _delegated(unit, concerned, attendee)
    return _answered(unit, concerned, event, method, envelope, strange)


def _whose(
    unit: Unit, known: Sequence[Told], attendee: Attendee, envelope: Envelope
) -> tuple[list[Told], str]:
    """Return what the one who answers was told, and what is to be said of their address."""
    by_address = [each for each in known if same_address(each.address, attendee.address)]
    if by_address:
        other = envelope.sender and not same_address(envelope.sender, attendee.address)
        return by_address, f"Sent by {envelope.sender}." if other else ""
    said = f"The answer came from {attendee.address}."
    for each in known:
        person = unit.session.get(Person, each.person_id)
        if person is not None and person.email and same_address(person.email, attendee.address):
            return [one for one in known if one.person_id == each.person_id], said
    answered = _people_answering(unit, envelope)
    if attendee.delegated_from or not answered:
        return [], ""
    return [each for each in known if each.person_id in answered], said


def _people_answering(unit: Unit, envelope: Envelope) -> set[UUID]:
    """Return whom the mails went to that an answer refers to; each mail went to one person."""
    outgoing = schema.outgoing_mail.c
    query = select(outgoing.person_id).where(
        outgoing.message_id.in_(envelope.refers_to), outgoing.person_id.is_not(None)
    )
    return set(unit.session.scalars(query))


def _is_theirs(unit: Unit, concerned: Sequence[Told], envelope: Envelope) -> bool:
    """Return whether an answer came from whom it names, or from who has the mail that they got.

    A file counts: who works here took it in by hand. SENT-BY is written by the sender and proves
    nothing.
    """
    if envelope.sender is None:
        return True
    person_id = concerned[0].person_id
    person = unit.session.get(Person, person_id)
    theirs = [each.address for each in concerned]
    if person is not None and person.email:
        theirs.append(person.email)
    if any(same_address(envelope.sender, address) for address in theirs):
        return True
    return person_id in _people_answering(unit, envelope)


def _concerned(told: Sequence[Told], event: CalendarEvent) -> list[Told]:
    """Return which meetings an answer is to: one occurrence, or all of the object."""
    if event.recurrence_id is None:
        return list(told)
    return [each for each in told if each.recurrence and _is_occurrence(each, event)]


def _is_occurrence(told: Told, event: CalendarEvent) -> bool:
    """Return whether RECURRENCE-ID names an occurrence, in whatever zone it is written."""
    given = event.recurrence_id
    if not isinstance(given, CalendarTime):
        return False
    planned = datetime.strptime(told.recurrence, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - local
    if given.local == planned:
        return True
    return given.instant() == CalendarTime(planned, told.facts.zone).instant()


def _of_a_stranger(known: Sequence[Told], attendee: Attendee, method: Method) -> Taken:
    meeting_id = known[0].subject_id
    who = f"{attendee.name} <{attendee.address}>" if attendee.name else attendee.address
    answer = _ANSWERS.get(attendee.partstat)
    says = _WORDS[answer] if answer is not None else "answers"
    if attendee.delegated_from:
        detail = f"{who} {says} in place of {attendee.delegated_from}. Invite them to count it."
        return Taken("answer_of_delegate", detail, meeting_id)
    if method is Method.REFRESH:
        says = "asks for the invitation"
    detail = f"{who} {says}, but nobody was invited at this address. Nothing was changed."
    return Taken("answer_of_stranger", detail, meeting_id)


def _from_another(
    unit: Unit, concerned: Sequence[Told], attendee: Attendee, envelope: Envelope
) -> Taken:
    answer = _ANSWERS.get(attendee.partstat)
    says = _WORDS[answer] if answer is not None else "answers"
    sender = envelope.sender or "nobody"
    said = f"{says}, but the answer came from {sender}; it does not count. Ask them."
    return _taken(unit, "answer_of_nobody", concerned, said)


def _delegated(unit: Unit, concerned: Sequence[Told], attendee: Attendee) -> Taken:
    to = attendee.delegated_to or "somebody else"
    for told in concerned:
        invitation = unit.session.get(Invitation, told.invitation_id)
        if invitation is not None:
            invitation.comment = f"Sends {to} instead."
    return _taken(unit, "answer_delegated", concerned, f"sends {to} instead. Invite them.")


def _answered(
    unit: Unit,
    concerned: Sequence[Told],
    event: CalendarEvent,
    method: Method,
    envelope: Envelope,
    strange: str,
) -> Taken:
    attendee = event.attendees[0]
    stamp = min(event.stamp or envelope.received_at, unit.now)
    answer = _ANSWERS.get(attendee.partstat)
    outcomes: dict[str, list[Told]] = {}
    for told in concerned:
        outcome = _apply(unit, told, event, method, stamp, answer)
        outcomes.setdefault(outcome, []).append(told)
    outcome = min(outcomes, key=_RANK.index)
    says = _WORDS[answer] if answer is not None else "answers"
    reported = _SENTENCES[outcome].replace("{says}", says)
    if method is Method.COUNTER and outcome == "answer_taken":
        proposal = _proposal(event, stamp)
        outcome = "time_proposed"
        reported = f"{says} and proposes another time"
        if proposal is not None:
            zone = outcomes["answer_taken"][0].facts.zone
            local = to_local(proposal.starts_at, zone)
            reported = f"proposes {local:%Y-%m-%d %H:%M} ({city(zone)})"
        reported += "."
    about = outcomes.get(outcome) or next(iter(outcomes.values()))
    return _taken(unit, outcome, about, " ".join(part for part in (reported, strange) if part))


_RANK: Final = (
    "answer_taken",
    "answer_older",
    "answer_outdated",
    "answer_too_late",
    "answer_without_invitation",
    "answer_unclear",
)
_SENTENCES: Final = {
    "answer_taken": "{says}.",
    "answer_older": "{says}, but a later answer is known. Nothing was changed.",
    "answer_outdated": "{says}, but to a time that the meeting no longer has. Nothing was changed.",
    "answer_too_late": "{says}, but the meeting is over or cancelled. Nothing was changed.",
    "answer_without_invitation": "{says}, but is no longer invited. Nothing was changed.",
    "answer_unclear": "answers neither yes nor no. Nothing was changed.",
}


def _apply(
    unit: Unit,
    told: Told,
    event: CalendarEvent,
    method: Method,
    stamp: datetime,
    answer: InvitationAnswer | None,
) -> str:
    """Write an answer to one meeting down; return what became of it."""
    sequence = min(event.sequence, told.sequence)  # nobody answers what was not sent yet
    if sequence < told.asked_sequence:
        return "answer_outdated"
    if not counts(sequence, stamp, asked_sequence=told.asked_sequence, known=told.replied):
        return "answer_older"
    if answer is None and method is not Method.COUNTER:
        return "answer_unclear"
    proposal = _proposal(event, stamp) if method is Method.COUNTER else None
    if _is_series(unit, told.subject_id):
        keep_reply(unit.session, told, (sequence, stamp), proposal)
        return "answer_taken"
    meeting = unit.session.get(Meeting, told.subject_id)
    if meeting is None or meeting.state in (MeetingState.HELD, MeetingState.CANCELLED):
        return "answer_too_late"
    invitation = unit.session.get(Invitation, told.invitation_id)
    if invitation is None or invitation.revoked:
        return "answer_without_invitation"
    if invitation.answered_at is not None and stamp < invitation.answered_at:
        return "answer_older"
    keep_reply(unit.session, told, (sequence, stamp), proposal)
    unit.touch(Kind.INVITATION, invitation.id, meeting.project_id)
    if answer is not None:
        invitation.answer = answer
        invitation.answered_at = stamp
        invitation.comment = event.comment[:_LONGEST_COMMENT]
    return "answer_taken"


def _proposal(event: CalendarEvent, stamp: datetime) -> Proposal | None:
    if not isinstance(event.start, CalendarTime):
        return None
    minutes = round(event.length() / timedelta(minutes=1))
    starts_at = event.start.instant().astimezone(UTC)
    return Proposal(starts_at, max(minutes, 0), stamp, event.comment[:_LONGEST_COMMENT])


def _is_series(unit: Unit, subject_id: UUID) -> bool:
    series = schema.meeting_series.c.id
    return unit.session.scalar(select(series).where(series == subject_id)) is not None


def _taken(unit: Unit, outcome: str, told: Sequence[Told], says: str) -> Taken:
    person = unit.session.get(Person, told[0].person_id)
    name = (person.name if person is not None else "") or told[0].address
    meetings = [each.subject_id for each in told if not _is_series(unit, each.subject_id)]
    return Taken(
        outcome,
        f"{name} {says}",
        meetings[0] if meetings else None,
        told[0].person_id,
    )
