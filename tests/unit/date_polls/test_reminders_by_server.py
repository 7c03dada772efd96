"""Reminders of date polls and written procedures that a server sends while the desktop is off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from projectdesk.domain.preparation import PollState
from projectdesk.host.journal import desks, keys
from projectdesk.services import commands, handing, poll_desks
from projectdesk.services.outbox import MailState
from projectdesk.services.queries import mail as mail_queries
from projectdesk.services.rows import Kind
from projectdesk.signalling.desk import PollAnswer, PollChoice
from tests.unit.date_polls.conftest import DEADLINE, Asked
from tests.unit.services.later_server import SERVER, LaterServer, sends_for_maya

JOURNAL = "0" * 32
WEEK, DAYS = DEADLINE - timedelta(days=7), DEADLINE - timedelta(days=2)


@pytest.fixture
def server(
    tmp_path: Path, clock: Any, drafted: Asked, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LaterServer]:
    with sends_for_maya(drafted.workspace, tmp_path / "server", clock, monkeypatch) as made:
        yield made


@pytest.fixture
def poll(drafted: Asked, server: LaterServer) -> Asked:
    """A poll whose links lead to the server, which has its desks; it reminds seven and two days
    before its deadline."""
    workspace, row = drafted.workspace, drafted.detail().poll
    days = {"reminder_days": [7, 2]}
    commands.set_fields(workspace, Kind.DATE_POLL, row.id, row.version, days)
    commands.open_poll(workspace, drafted.id, SERVER)
    bring(drafted, server)
    return drafted


def bring(poll: Asked, server: LaterServer) -> None:
    """Send the desks of a poll, as the desktop does."""
    with server.engine.begin() as connection:
        key = keys.find_reader(connection, server.secret) or ""
        for desk, snapshot in poll_desks.poll_desks(poll.workspace, poll.id).desks:
            desks.put(connection, desk, key, snapshot, server.clock())
    poll_desks.keep_journal(poll.workspace, poll.id, JOURNAL)


def answer(poll: Asked, server: LaterServer, name: str) -> None:
    """Answer at the server's desk, while no desktop runs."""
    with server.engine.begin() as connection:
        desk = desks.find(connection, poll.voter(name).desk)
        assert desk is not None
        first = poll.detail().options[0].id.hex
        said = PollAnswer(choices=[PollChoice(date=first, choice="yes")])
        desks.answer(connection, desk, name, said, server.clock())


def round_(poll: Asked) -> handing.HandReport:
    report = handing.hand_over(poll.workspace, {})
    assert report.problem is None, report.problem
    return report


def states(poll: Asked) -> dict[tuple[str, int], MailState]:
    """Return how mails stand, by name and days before the deadline."""
    rows = mail_queries.outbox(poll.workspace)
    return {
        (row.recipient.partition("@")[0], (DEADLINE - row.due_at).days): row.state for row in rows
    }


def due(poll: Asked) -> set[UUID]:
    found = commands.due_poll_reminders(poll.workspace)
    return {voter for each in found for voter in each.voter_ids}


def test_a_server_reminds_who_has_not_answered_there_and_the_desktop_hears_of_it(
    poll: Asked, server: LaterServer, clock: Any
) -> None:
    assert handing.others_ahead(poll.workspace)
    assert len(round_(poll).handed) == 8  # four voters, two moments
    assert not round_(poll)
    text = mail_queries.mail(poll.workspace, mail_queries.outbox(poll.workspace)[0].id).text
    assert "Unless you have answered by mail" in text
    assert f"{SERVER}/d/" in text
    answer(poll, server, "Kiri")
    clock.now = WEEK
    reminded = ["inês@example.org", "maya@example.org", "petra@example.org"]
    assert server.send_due() == reminded
    assert due(poll) == set()  # the server's to send, also before anything was heard
    commands.collect(poll.workspace, server.batch())
    assert due(poll) == set()
    assert poll.voter("Maya").reminded_at == WEEK
    assert poll.voter("Kiri").reminded_at is None
    assert not poll.voter("Kiri").is_missing
    # Who answered is not to be reminded: what still waits for them is taken back.
    assert len(round_(poll).taken_back) == 1
    assert states(poll)["kiri", 7] is states(poll)["kiri", 2] is MailState.CANCELLED
    assert states(poll)["maya", 7] is MailState.SENT
    clock.now = DAYS
    assert server.send_due() == reminded


def test_what_the_server_sent_stands_for_what_this_computer_missed_before(
    poll: Asked, server: LaterServer, clock: Any
) -> None:
    clock.now = WEEK - timedelta(seconds=1)  # too late to be handed over; then it is off
    assert len(round_(poll).handed) == 4
    clock.now = DAYS
    assert len(server.send_due()) == 4
    assert due(poll) == set(), "also before anything was heard"


@pytest.mark.full
def test_what_is_settled_or_elsewhere_is_not_handed_over(
    poll: Asked, server: LaterServer, clock: Any
) -> None:
    round_(poll)
    commands.cancel_poll(poll.workspace, poll.id)
    assert poll.detail().poll.state is PollState.CANCELLED
    assert not handing.others_ahead(poll.workspace)
    assert len(round_(poll).taken_back) == 8
    assert server.waiting() == {}


@pytest.mark.full
def test_desks_that_the_server_does_not_have_keep_the_mail_here(
    poll: Asked, server: LaterServer, clock: Any
) -> None:
    poll_desks.keep_journal(poll.workspace, poll.id, "1" * 32)
    assert not round_(poll)
    clock.now = WEEK
    assert len(due(poll)) == 4


@pytest.mark.full
def test_links_that_lead_elsewhere_take_the_mail_back(
    poll: Asked, server: LaterServer, clock: Any
) -> None:
    round_(poll)
    commands.open_poll(poll.workspace, poll.id, "https://other.example.org")
    assert len(round_(poll).taken_back) == 8
    clock.now = WEEK
    assert len(due(poll)) == 4


@pytest.mark.full
def test_a_poll_that_was_decided_elsewhere_reminds_nobody(
    poll: Asked, server: LaterServer, clock: Any
) -> None:
    round_(poll)
    commands.cancel_poll(poll.workspace, poll.id)
    bring(poll, server)  # a colleague's desktop, which cannot take my mail back
    clock.now = WEEK
    assert server.send_due() == []


@pytest.mark.full
def test_after_the_deadline_nothing_goes_out(poll: Asked, server: LaterServer, clock: Any) -> None:
    round_(poll)
    clock.now = DEADLINE
    assert server.send_due() == []
    commands.collect(poll.workspace, server.batch())
    assert set(states(poll).values()) == {MailState.CANCELLED}
    assert due(poll) == set()
