"""The desks of polls go to their hosts; polls decide themselves, and who is missing is reminded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Signal
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from projectdesk.desktop.runtime.poll_desks import PollDesks
from projectdesk.domain.preparation import DateChoice, DateVoter, PollRule, PollState
from projectdesk.mail.account import MailAccount, MailServer
from projectdesk.services import commands, mail_accounts, outbox, queries
from projectdesk.services.commands import NewVoter
from projectdesk.services.commands.poll_settling import DecidedPoll
from projectdesk.services.rows import Kind
from projectdesk.signalling.desk import PollSnapshot
from projectdesk.store import schema
from tests.unit.desktop.conftest import InstantSession, Sample
from tests.unit.desktop.runtime import test_effort_desks as effort

DAYS = (7, 2)


class Hosts(effort.Hosts):
    """Stands for all places, which also collect."""

    collected = Signal(object)


@pytest.fixture
def hosts(qapp: object) -> Hosts:
    return Hosts()


@pytest.fixture
def desks(hosts: Hosts, instant: InstantSession, tmp_path: Path) -> Iterator[PollDesks]:
    instant.workspace.secrets.durable = True  # the same link key, as a keyring keeps it
    made = PollDesks(hosts, instant, tmp_path)  # type: ignore[arg-type]
    yield made
    made.stop()
    made.deleteLater()


@pytest.fixture
def poll(instant: InstantSession, sample: Sample) -> UUID:
    workspace = instant.workspace
    start = (workspace.now() + timedelta(days=20)).replace(tzinfo=None, microsecond=0)
    made, _ = commands.create_poll(
        workspace,
        sample.project,
        "WP1 call",
        "UTC",
        [start, start + timedelta(days=1)],
        [NewVoter(person) for person in sample.people],
        rule=PollRule.ALL_ANSWERED,
        deadline=workspace.now() + timedelta(days=10),
        reminder_days=list(DAYS),
    )
    commands.open_poll(workspace, made)
    return made


def answer(instant: InstantSession, poll: UUID, *choices: DateChoice) -> None:
    found = queries.date_poll(instant.workspace, poll)
    said = dict(zip((option.id for option in found.options), choices, strict=True))
    commands.enter_answers(instant.workspace, {voter.id: said for voter in found.voters})


def test_forms_follow_the_poll_and_go_with_it(
    desks: PollDesks, hosts: Hosts, instant: InstantSession, poll: UUID, qtbot: QtBot
) -> None:
    desks.adopt()
    place = hosts.at("")
    assert len(place.desks) == 2
    commands.cancel_poll(instant.workspace, poll)
    qtbot.waitUntil(
        lambda: all(
            isinstance(desk.form, PollSnapshot) and desk.form.status == "cancelled"
            for desk in place.desks.values()
        )
    )
    row = queries.date_poll(instant.workspace, poll).poll
    commands.delete(instant.workspace, Kind.DATE_POLL, poll, row.version)
    qtbot.waitUntil(lambda: place.desks == {})


def test_a_poll_is_decided_when_answers_were_collected(
    desks: PollDesks, hosts: Hosts, instant: InstantSession, poll: UUID
) -> None:
    told: list[DecidedPoll] = []
    desks.decided.connect(told.append)
    hosts.collected.emit(None)
    assert told == []
    answer(instant, poll, DateChoice.NO, DateChoice.YES)
    hosts.collected.emit(None)
    assert [each.title for each in told] == ["WP1 call"]
    assert queries.date_poll(instant.workspace, poll).poll.state is PollState.DECIDED


def test_who_is_missing_is_reminded_with_the_link(
    desks: PollDesks, instant: InstantSession, poll: UUID
) -> None:
    workspace = instant.workspace

    def mails() -> list[str]:
        table = schema.outgoing_mail
        with workspace.read() as session:
            rows = session.execute(table.select().where(table.c.state == outbox.MailState.QUEUED))
            return [row.purpose for row in rows]

    with workspace.change("They were asked long ago") as unit:
        for voter in unit.session.scalars(select(DateVoter)):
            voter.asked_at = unit.now - timedelta(days=30)
    row = queries.date_poll(workspace, poll).poll
    soon = {"deadline": workspace.now() + timedelta(days=1)}
    commands.set_fields(workspace, Kind.DATE_POLL, poll, row.version, soon)
    desks.look()
    assert mails() == [], "there is no account to send from"
    account = MailAccount("ada@example.org", smtp=MailServer("mail.example.org", 587))
    mail_accounts.save(workspace.data, account)
    desks.look()
    with_address = sum(bool(v.email) for v in queries.date_poll(workspace, poll).voters)
    assert with_address > 0
    assert mails() == ["date-poll-reminder"] * with_address
    desks.look()
    assert len(mails()) == with_address, "once"
