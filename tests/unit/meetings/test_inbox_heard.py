"""What a deadline brings by itself waits for the inbox that answers come to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from projectdesk.domain.minutes import Decision
from projectdesk.domain.rules.minutes_life import Standing
from projectdesk.errors import EnvironmentFailure
from projectdesk.mail.account import Inbox, MailAccount, MailServer
from projectdesk.mail.imap import MOST, Fetched, Position
from projectdesk.services import commands, inbox, mail_accounts, minutes_mail, queries
from projectdesk.services.circulation_rows import CirculationOrder
from projectdesk.services.commands import minutes_acceptance as acceptance
from projectdesk.services.commands import minutes_life as life
from projectdesk.services.inbox_check import check_inbox
from projectdesk.services.queries.minutes_life import minutes_life
from projectdesk.store import schema
from tests.unit.meetings.circulating import PUBLIC, decide, pass_window, readers
from tests.unit.meetings.circulating import assembly as assembly
from tests.unit.meetings.circulating import plain_pdf as plain_pdf
from tests.unit.meetings.circulating import written as written

on_sqlite = pytest.mark.parametrize("workspace", ["sqlite"], indirect=True)


class Mailbox:
    """An inbox in which nothing new is, or so many. fails: it cannot be reached."""

    def __init__(self, *, fails: bool = False, new: int = 0) -> None:
        self._fails, self._new = fails, new

    def open(self) -> None:
        if self._fails:
            raise EnvironmentFailure("mail_unreachable", "The server does not answer.")

    def close(self) -> None:
        pass

    def new_messages(
        self, after: Position | None, today: date, stop: Callable[[], bool]
    ) -> Iterator[Fetched]:
        at = datetime(2026, 1, 1, tzinfo=UTC)
        return (Fetched(Position(1, each), at, None) for each in range(self._new))


@pytest.fixture
def mailed(workspace, written) -> UUID:
    """The minutes went out by mail, and the inbox of who sent them is read."""
    server = MailServer("mail.example.org", 587)
    account = MailAccount("Maya@example.org", smtp=server, inbox=Inbox(server))
    mail_accounts.save(workspace.data, account)
    decide(workspace, written)
    life.circulate_minutes(workspace, written, CirculationOrder(PUBLIC, host=PUBLIC))
    with workspace.change("They go out") as unit:
        unit.session.execute(update(schema.outgoing_mail).values(state="sent"))
    check_inbox(workspace, connect=Mailbox)
    return written


def answer(workspace, meeting: UUID, text: str, at: datetime) -> inbox.Read:
    """Read a mail of Rui's that came then."""
    reader = readers(workspace, meeting)["Rui"]
    newest = minutes_life(workspace, meeting).newest
    code = minutes_mail.minutes_code(reader.desk, newest.audit_head)
    content = (
        "From: rui@example.org\r\nTo: maya@example.org\r\nSubject: Re: Minutes\r\n"
        f"Message-ID: <r1@example.org>\r\n\r\n{text}\r\n\r\n> Minutes {code}\r\n"
    )
    return inbox.take(workspace, content.encode(), at)


@on_sqlite
def test_an_objection_by_mail_in_time_counts_although_it_is_read_later(workspace, clock, mailed):
    until = minutes_life(workspace, mailed).until
    assert until is not None
    pass_window(workspace, clock, mailed)
    assert acceptance.settle_minutes(workspace) == [], "mails of the last days are not read yet"
    answer(workspace, mailed, "It was 10 kEUR.", until - timedelta(hours=1))
    check_inbox(workspace, connect=Mailbox)
    assert acceptance.settle_minutes(workspace) == []
    now = minutes_life(workspace, mailed)
    assert (now.standing, [each.text for each in now.objections]) == (
        Standing.OBJECTED,
        ["It was 10 kEUR."],
    )


@on_sqlite
def test_minutes_accept_themselves_once_the_inbox_was_read(workspace, clock, mailed):
    pass_window(workspace, clock, mailed)
    check_inbox(workspace, connect=lambda: Mailbox(fails=True))
    assert acceptance.settle_minutes(workspace) == [], "a look that failed read nothing"
    check_inbox(workspace, connect=lambda: Mailbox(new=MOST))
    assert acceptance.settle_minutes(workspace) == [], "there may be more than one look reads"
    check_inbox(workspace, connect=Mailbox)
    assert [each.meeting_id for each in acceptance.settle_minutes(workspace)] == [mailed]


@on_sqlite
def test_an_inbox_that_nobody_reads_any_more_keeps_nothing_up(workspace, clock, mailed):
    pass_window(workspace, clock, mailed)
    assert acceptance.settle_minutes(workspace) == []
    acceptance.accept_minutes(workspace, mailed)  # the chair need not wait
    assert minutes_life(workspace, mailed).standing is Standing.ACCEPTED


@on_sqlite
def test_after_weeks_without_a_look_minutes_accept_themselves(workspace, clock, mailed):
    pass_window(workspace, clock, mailed)
    clock.advance(days=46)
    assert len(acceptance.settle_minutes(workspace)) == 1


@on_sqlite
def test_a_decision_binds_once_vetoes_by_mail_were_read(workspace, clock, mailed):
    (decision,) = queries.decisions(workspace, meeting_id=mailed)

    def is_bound() -> bool:
        with workspace.read() as session:
            found = session.get_one(Decision, decision.id)
            assert found.veto_until is not None
            return found.binding_at is not None

    pass_window(workspace, clock, mailed)
    acceptance.accept_minutes(workspace, mailed)
    assert not is_bound()
    check_inbox(workspace, connect=Mailbox)
    assert commands.settle_procedures(workspace).bound == (decision.id,)
    assert is_bound()
