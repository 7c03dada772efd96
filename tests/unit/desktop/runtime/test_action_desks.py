"""The desks of actions go to their host; mail that is due goes out with links, or without."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from projectdesk.desktop.runtime.action_desks import ActionDesks
from projectdesk.errors import EnvironmentFailure
from projectdesk.mail.account import MailAccount, MailServer
from projectdesk.services import commands, mail_accounts, queries
from projectdesk.services.action_mail import SentMail
from projectdesk.services.action_rows import ActionLink
from projectdesk.services.action_settings import turn_on
from projectdesk.services.commands import actions as action_commands
from projectdesk.services.rows import Kind
from projectdesk.signalling.outcome import ActionSnapshot
from projectdesk.store import schema
from tests.unit.desktop.conftest import InstantSession, Sample
from tests.unit.desktop.runtime import test_effort_desks as effort


@pytest.fixture
def hosts(qapp: object) -> effort.Hosts:
    return effort.Hosts()


@pytest.fixture
def desks(hosts: effort.Hosts, instant: InstantSession, tmp_path: Path) -> Iterator[ActionDesks]:
    instant.workspace.secrets.durable = True  # the same link key, as a keyring keeps it
    made = ActionDesks(hosts, instant, tmp_path)  # type: ignore[arg-type]
    yield made
    made.stop()
    made.deleteLater()


@pytest.fixture
def action(instant: InstantSession, sample: Sample) -> UUID:
    """An action that was due yesterday, of somebody with an address."""
    workspace = instant.workspace
    [person] = [
        row for row in queries.people(workspace, sample.project) if row.id == sample.people[0]
    ]
    commands.set_fields(
        workspace, Kind.PERSON, person.id, person.version, {"email": "bo@dtu.example"}
    )
    made, _ = commands.create(
        workspace,
        Kind.ACTION,
        {
            "project_id": sample.project,
            "text": "Send the draft",
            "owner_person_id": sample.people[0],
            "due_on": workspace.now().date() - timedelta(days=1),
        },
    )
    turn_on(workspace, sample.project)
    mail_accounts.save(
        workspace.data,
        MailAccount(address="ada@dtu.example", smtp=MailServer("smtp.dtu.example", 587)),
    )
    return made


def content(instant: InstantSession) -> list[str]:
    table = schema.outgoing_mail
    with instant.workspace.read() as session:
        rows = session.execute(table.select().order_by(table.c.made_at, table.c.id))
        return [bytes(row.content).decode() for row in rows]


def test_a_link_follows_its_action(
    desks: ActionDesks, hosts: effort.Hosts, instant: InstantSession, action: UUID,
    sample: Sample, qtbot: QtBot,
) -> None:  # fmt: skip
    got: list[ActionLink] = []
    desks.issue([action], sample.project, got.extend, lambda error: pytest.fail(error.text))
    assert [link.action_id for link in got] == [action]
    place = hosts.at("")
    [desk] = place.desks.values()
    assert isinstance(desk.form, ActionSnapshot)
    assert desk.form.status == "open"
    action_commands.close_action(instant.workspace, [action])
    qtbot.waitUntil(
        lambda: all(
            isinstance(each.form, ActionSnapshot) and each.form.status == "done"
            for each in place.desks.values()
        )
    )
    old = set(place.desks)
    action_commands.assign_action(instant.workspace, [action], sample.people[1])
    qtbot.waitUntil(lambda: len(place.desks) == 1 and not old & set(place.desks))


def test_what_is_due_goes_out_once_with_the_link(
    desks: ActionDesks, instant: InstantSession, action: UUID
) -> None:
    told: list[SentMail] = []
    desks.mailed.connect(told.append)
    account = mail_accounts.account(instant.workspace.data)
    assert account is not None
    desks.look()
    desks.look()
    assert len(told) == 1
    [mail] = content(instant)
    row = queries.action_detail(instant.workspace, action).action
    assert row.desk is not None, "a link was made for it"
    assert "Send the draft" in mail


@pytest.mark.full
def test_a_host_that_is_not_reached_does_not_keep_mail_back(
    desks: ActionDesks, instant: InstantSession, action: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = EnvironmentFailure("host_unreachable", "It is off.")
    monkeypatch.setattr(desks, "publish", lambda owner, then, failed: failed(gone))
    desks.look()
    desks.look()
    assert content(instant) == []
    desks.look()
    assert len(content(instant)) == 1


@pytest.mark.full
def test_nothing_goes_out_without_an_account(
    desks: ActionDesks, instant: InstantSession, action: UUID, tmp_path: Path
) -> None:
    mail_accounts.forget(instant.workspace.data, instant.workspace.secrets)
    desks.look()
    assert content(instant) == []
