"""Answers by iTIP: whose they are, which one counts, what is said of those that do not."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from projectdesk.domain.meetings import Invitation, InvitationAnswer, MeetingState
from projectdesk.errors import DomainError
from projectdesk.exchange.calendar import (
    Attendee,
    CalendarEvent,
    CalendarTime,
    Method,
    PartStat,
    Party,
    write_calendar,
)
from projectdesk.mail.address import Mailbox
from projectdesk.mail.message import CalendarPart, as_bytes, compose
from projectdesk.services import commands, inbox, queries, replies
from projectdesk.services.inbox import Taken
from projectdesk.services.inviting.told import told_of
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from tests.unit.meetings.conftest import LOCAL, NOW, Clock, Consortium
from tests.unit.meetings.itip import checked
from tests.unit.meetings.test_inviting import change, lines, mails, said, send

KIRI = "kiri@example.org"


def reply(
    meeting_id: UUID,
    partstat: PartStat = PartStat.ACCEPTED,
    *,
    address: str = KIRI,
    minutes: float = 10,
    sequence: int = 0,
    method: Method = Method.REPLY,
    start: datetime = LOCAL,
    comment: str = "",
    **attendee: str,
) -> bytes:
    """Return an answer as a calendar program makes it."""
    event = CalendarEvent(
        uid=f"{meeting_id.hex}@projectdesk",
        start=CalendarTime(start, "Europe/Copenhagen"),
        end=CalendarTime(start + timedelta(hours=1), "Europe/Copenhagen"),
        sequence=sequence,
        summary="Accepted: Kick-off",
        organiser=Party("maya@example.org"),
        attendees=(Attendee(address, partstat=partstat, **attendee),),  # type: ignore[arg-type]
        stamp=NOW + timedelta(minutes=minutes),
        comment=comment,
    )
    return write_calendar((event,), method)


def mail(content: bytes, *, sender: str = KIRI, number: int = 1, answers: str = "") -> bytes:
    """Return the mail that carries an answer."""
    message = compose(
        sender=Mailbox(sender),
        recipient=Mailbox("maya@example.org"),
        subject="Accepted: Kick-off",
        text="Kiri has accepted.",
        calendar=CalendarPart(content, "REPLY"),
        message_id=f"<{number}@example.net>",
        date=NOW,
        answers=answers,
    )
    return as_bytes(message)


def take(workspace: Workspace, content: bytes, **envelope: object) -> Taken:
    read = inbox.take(workspace, mail(content, **envelope))  # type: ignore[arg-type]
    assert read.taken is not None
    return read.taken


@pytest.fixture
def invited(workspace: Workspace, clock: Clock, kick_off: UUID) -> UUID:
    """The kick-off, whose invitations were sent an hour ago."""
    send(workspace, kick_off)
    clock.advance(hours=1)
    return kick_off


@pytest.mark.parametrize(
    ("partstat", "answer"),
    [
        (PartStat.ACCEPTED, InvitationAnswer.ACCEPTED),
        pytest.param(PartStat.TENTATIVE, InvitationAnswer.TENTATIVE, marks=pytest.mark.full),
        pytest.param(PartStat.DECLINED, InvitationAnswer.DECLINED, marks=pytest.mark.full),
    ],
)
def test_a_reply_is_the_answer_of_whose_address_it_names(
    workspace: Workspace, invited: UUID, partstat: PartStat, answer: InvitationAnswer
) -> None:
    content = reply(invited, partstat, comment="From the train")
    checked(content)
    taken = take(workspace, content)
    assert taken.outcome == "answer_taken"
    assert taken.detail.startswith("Kiri Test ")
    assert taken.meeting_id == invited
    assert said(workspace, invited, "Kiri") is answer
    rows = {row.name: row for row in queries.invitations(workspace, invited)}
    assert rows["Kiri Test"].comment == "From the train"
    assert rows["Kiri Test"].answered_at == NOW + timedelta(minutes=10)
    assert {row.answer for name, row in rows.items() if name != "Kiri Test"} == {
        InvitationAnswer.NONE
    }


@pytest.mark.full
def test_the_same_mail_counts_once(workspace: Workspace, invited: UUID) -> None:
    content = mail(reply(invited))
    assert inbox.take(workspace, content).taken is not None
    again = inbox.take(workspace, content)
    assert again.known
    assert again.taken is None


def test_an_older_reply_that_comes_later_is_ignored_with_a_word(
    workspace: Workspace, invited: UUID
) -> None:
    take(workspace, reply(invited, PartStat.DECLINED, minutes=30), number=1)
    taken = take(workspace, reply(invited, PartStat.ACCEPTED, minutes=20), number=2)
    assert taken.outcome == "answer_older"
    assert "later answer is known" in taken.detail
    assert said(workspace, invited, "Kiri") is InvitationAnswer.DECLINED


def test_of_link_and_reply_the_later_one_counts(
    workspace: Workspace, clock: Clock, invited: UUID
) -> None:
    invitation_id = lines(workspace, invited)["Kiri"].invitation_id
    assert invitation_id is not None
    with workspace.change("By the link", undoable=False) as unit:
        invitation = unit.get(Invitation, invitation_id)
        invitation.answer = InvitationAnswer.TENTATIVE
        invitation.answered_at = NOW + timedelta(minutes=30)
    assert take(workspace, reply(invited, minutes=20)).outcome == "answer_older"
    assert said(workspace, invited, "Kiri") is InvitationAnswer.TENTATIVE
    assert take(workspace, reply(invited, minutes=40), number=2).outcome == "answer_taken"
    assert said(workspace, invited, "Kiri") is InvitationAnswer.ACCEPTED


@pytest.mark.full
def test_a_clock_ahead_does_not_win_for_ever(
    workspace: Workspace, clock: Clock, invited: UUID
) -> None:
    take(workspace, reply(invited, PartStat.DECLINED, minutes=60 * 24 * 400))
    clock.advance(hours=1)
    taken = take(workspace, reply(invited, PartStat.ACCEPTED, minutes=90), number=2)
    assert taken.outcome == "answer_taken"


@pytest.mark.full
def test_a_number_that_was_never_sent_shuts_nobody_out(
    workspace: Workspace, clock: Clock, invited: UUID
) -> None:
    take(workspace, reply(invited, PartStat.DECLINED, sequence=2**40))
    clock.advance(hours=1)
    taken = take(workspace, reply(invited, PartStat.ACCEPTED, minutes=90), number=2)
    assert taken.outcome == "answer_taken"


@pytest.mark.full
def test_an_answer_to_the_earlier_time_does_not_count_for_the_new_one(
    workspace: Workspace, clock: Clock, invited: UUID
) -> None:
    change(workspace, invited, local_start=LOCAL.replace(hour=15))
    clock.advance(hours=1)
    send(workspace, invited)
    clock.advance(hours=1)
    taken = take(workspace, reply(invited, sequence=0, minutes=170))
    assert taken.outcome == "answer_outdated"
    assert said(workspace, invited, "Kiri") is InvitationAnswer.NONE
    assert take(workspace, reply(invited, sequence=1, minutes=171), number=2).outcome == (
        "answer_taken"
    )


@pytest.mark.full
def test_another_title_leaves_the_answer_to_the_first_request_valid(
    workspace: Workspace, clock: Clock, invited: UUID
) -> None:
    change(workspace, invited, title="Kick-off of TIDE")
    send(workspace, invited)
    clock.advance(hours=1)
    assert take(workspace, reply(invited, sequence=0, minutes=100)).outcome == "answer_taken"


def test_a_proposal_is_kept_with_the_answer_and_moves_nothing(
    workspace: Workspace, consortium: Consortium, invited: UUID
) -> None:
    proposed = LOCAL.replace(day=12, hour=9)
    content = reply(invited, PartStat.TENTATIVE, method=Method.COUNTER, start=proposed)
    taken = take(workspace, content)
    assert taken.outcome == "time_proposed"
    assert taken.detail == "Kiri Test proposes 2026-03-12 09:00 (Copenhagen)."
    assert queries.meeting(workspace, invited).local_start == LOCAL
    with workspace.read() as session:
        told = told_of(session, [invited])[invited, consortium.people["Kiri"]]
    assert told.proposal is not None
    assert told.proposal.duration_minutes == 60
    assert said(workspace, invited, "Kiri") is InvitationAnswer.TENTATIVE


@pytest.mark.full
def test_a_changed_address_is_said(
    workspace: Workspace, consortium: Consortium, invited: UUID
) -> None:
    row = next(p for p in queries.people(workspace) if p.id == consortium.people["Kiri"])
    commands.set_fields(
        workspace, Kind.PERSON, row.id, row.version, {"email": "kiri@new.example.org"}
    )
    taken = take(workspace, reply(invited, address="kiri@new.example.org"))
    assert taken.outcome == "answer_taken"
    assert "kiri@new.example.org" in taken.detail


@pytest.mark.full
def test_an_answer_from_another_mailbox_is_known_by_the_mail_that_it_answers(
    workspace: Workspace, invited: UUID
) -> None:
    sent = next(m for m in mails(workspace) if KIRI in str(m["To"]))
    taken = take(
        workspace,
        reply(invited, address="k.test@home.example.net"),
        sender="k.test@home.example.net",
        answers=str(sent["Message-ID"]),
    )
    assert taken.outcome == "answer_taken"
    assert "The answer came from k.test@home.example.net." in taken.detail


@pytest.mark.parametrize(
    ("partstat", "method", "more"),
    [
        (PartStat.DECLINED, Method.REPLY, {}),
        pytest.param(
            PartStat.DECLINED, Method.REPLY, {"sent_by": "mallory@evil.example"},
            marks=pytest.mark.full,
        ),
        pytest.param(
            PartStat.DELEGATED, Method.REPLY, {"delegated_to": "mallory@evil.example"},
            marks=pytest.mark.full,
        ),
        pytest.param(PartStat.TENTATIVE, Method.COUNTER, {}, marks=pytest.mark.full),
    ],
)  # fmt: skip
def test_nobody_answers_for_another(
    workspace: Workspace, invited: UUID, partstat: PartStat, method: Method, more: dict[str, str]
) -> None:
    content = reply(invited, partstat, method=method, **more)  # type: ignore[arg-type]
    taken = take(workspace, content, sender="mallory@evil.example")
    assert taken.outcome == "answer_of_nobody"
    assert "the answer came from mallory@evil.example; it does not count" in taken.detail
    line = lines(workspace, invited)["Kiri"]
    assert line.answer is InvitationAnswer.NONE
    assert line.told is not None
    assert (line.told.replied, line.told.proposal) == (None, None)
    rows = {row.name: row for row in queries.invitations(workspace, invited)}
    assert rows["Kiri Test"].comment == ""
    # The same object counts for who was sent it by mail, and when it is taken in by hand.
    if partstat is PartStat.DECLINED:
        assert replies.take_file(workspace, content).outcome == "answer_taken"
        assert said(workspace, invited, "Kiri") is InvitationAnswer.DECLINED


@pytest.mark.full
def test_the_mail_that_one_was_sent_does_not_answer_for_another(
    workspace: Workspace, invited: UUID
) -> None:
    own, other = (
        next(m for m in mails(workspace) if (KIRI in str(m["To"])) is mine)
        for mine in (True, False)
    )
    content = reply(invited, PartStat.DECLINED)
    taken = take(
        workspace, content, sender="assistant@example.net", answers=str(other["Message-ID"])
    )
    assert taken.outcome == "answer_of_nobody"
    taken = take(
        workspace, content, sender="assistant@example.net", answers=str(own["Message-ID"]), number=2
    )
    assert taken.outcome == "answer_taken"
    assert "Sent by assistant@example.net." in taken.detail


@pytest.mark.full
def test_a_mail_that_names_no_sender_counts_for_nobody(workspace: Workspace, invited: UUID) -> None:
    content = mail(reply(invited)).replace(b"From: kiri@example.org", b"X-From: kiri@example.org")
    taken = inbox.take(workspace, content).taken
    assert taken is not None
    assert taken.outcome == "answer_of_nobody"


def test_strangers_and_delegates_are_named_and_change_nothing(
    workspace: Workspace, invited: UUID
) -> None:
    stranger = take(workspace, reply(invited, address="x@example.net"), sender="x@example.net")
    assert stranger.outcome == "answer_of_stranger"
    delegate = take(
        workspace,
        reply(invited, address="x@example.net", delegated_from=KIRI),
        sender="x@example.net",
        number=2,
    )
    assert delegate.outcome == "answer_of_delegate"
    assert KIRI in delegate.detail
    delegating = take(
        workspace, reply(invited, PartStat.DELEGATED, delegated_to="x@example.net"), number=3
    )
    assert delegating.outcome == "answer_delegated"
    assert "x@example.net" in delegating.detail
    assert {line.answer for line in lines(workspace, invited).values()} == {InvitationAnswer.NONE}


@pytest.mark.full
def test_what_answers_nothing_of_ours_is_left_to_others(
    workspace: Workspace, invited: UUID
) -> None:
    foreign = reply(UUID(int=7))
    assert inbox.take(workspace, mail(foreign)).taken is None
    with pytest.raises(DomainError) as refused:
        replies.take_file(workspace, foreign)
    assert refused.value.code == "no_answer"


@pytest.mark.full
def test_a_file_counts_as_the_mail_does(workspace: Workspace, invited: UUID) -> None:
    assert replies.is_answer(reply(invited))
    assert replies.take_file(workspace, reply(invited)).outcome == "answer_taken"
    assert said(workspace, invited, "Kiri") is InvitationAnswer.ACCEPTED


@pytest.mark.full
def test_nothing_is_answered_to_what_is_cancelled(workspace: Workspace, invited: UUID) -> None:
    change(workspace, invited, state=MeetingState.CANCELLED)
    assert take(workspace, reply(invited)).outcome == "answer_too_late"


OUTLOOK = """BEGIN:VCALENDAR
METHOD:REPLY
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VTIMEZONE
TZID:Romance Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
ATTENDEE;PARTSTAT=ACCEPTED;CN=Kiri Test:MAILTO:Kiri@Example.org
COMMENT;LANGUAGE=en-NZ:See you there
UID:{uid}
SUMMARY;LANGUAGE=en-NZ:Accepted: Kick-off
DTSTART;TZID=Romance Standard Time:20260310T100000
DTEND;TZID=Romance Standard Time:20260310T110000
CLASS:PUBLIC
PRIORITY:5
DTSTAMP:20260302T091500Z
TRANSP:OPAQUE
STATUS:CONFIRMED
SEQUENCE:0
LOCATION;LANGUAGE=en-NZ:
X-MICROSOFT-CDO-APPT-SEQUENCE:0
END:VEVENT
END:VCALENDAR
"""


def test_the_reply_of_an_exchange_server_is_taken(workspace: Workspace, invited: UUID) -> None:
    text = OUTLOOK.replace("{uid}", f"{invited.hex}@projectdesk").replace("\n", "\r\n")
    assert take(workspace, text.encode()).outcome == "answer_taken"
    assert said(workspace, invited, "Kiri") is InvitationAnswer.ACCEPTED
