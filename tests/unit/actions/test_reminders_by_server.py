"""Reminders of actions that a server sends while the desktop is off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from projectdesk.host.journal import desks, keys
from projectdesk.services import action_mail, commands, handing
from projectdesk.services.action_desks import action_desks
from projectdesk.services.action_settings import follow_up, set_follow_up, turn_on
from projectdesk.services.commands import actions as action_commands
from projectdesk.services.outbox import MailState
from projectdesk.services.queries import mail as mail_queries
from projectdesk.signalling.outcome import ActionAnswer
from projectdesk.store import schema
from tests.unit.actions.conftest import DUE, Todo
from tests.unit.services.later_server import SERVER, LaterServer, sends_for_maya

pytestmark = pytest.mark.full
THREE_DAYS_BEFORE = datetime(2026, 3, 17, 6, tzinfo=UTC)


@pytest.fixture
def server(
    tmp_path: Path, clock: Any, todo: Todo, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LaterServer]:
    """A server that has the desks of all actions with an owner; without a digest."""
    workspace = todo.workspace
    with sends_for_maya(workspace, tmp_path / "server", clock, monkeypatch) as made:
        turn_on(workspace, todo.consortium.project)
        settings = follow_up(workspace)
        set_follow_up(workspace, replace(settings, rules=replace(settings.rules, weekday=None)))
        owned = [todo.ids[label] for label in ("A1", "A2", "A3")]
        action_commands.issue_links(workspace, owned, SERVER)
        with made.engine.begin() as connection:
            key = keys.find_reader(connection, made.secret) or ""
            for desk, snapshot in action_desks(workspace, todo.consortium.project).desks:
                desks.put(connection, desk, key, snapshot, clock())
        yield made


def round_(todo: Todo) -> handing.HandReport:
    report = handing.hand_over(todo.workspace, {})
    assert report.problem is None, report.problem
    return report


def due(todo: Todo) -> set[Any]:
    return set(action_mail.due_mail(todo.workspace).reminders)


def test_owners_are_reminded_unless_they_told_of_it(
    todo: Todo, server: LaterServer, clock: Any
) -> None:
    assert len(round_(todo).handed) == 9  # three actions, three days
    assert not round_(todo)
    rows = mail_queries.outbox(todo.workspace)
    assert {row.purpose for row in rows} == {"action-reminder"}
    assert f"{SERVER}/d/" in mail_queries.mail(todo.workspace, rows[0].id).text
    with server.engine.begin() as connection:
        desk = desks.find(connection, str(todo.row("A3").desk))
        assert desk is not None
        desks.answer(connection, desk, "one", ActionAnswer(what="done"), clock())
    clock.now = THREE_DAYS_BEFORE
    assert due(todo) == set()  # the server's to send, also before anything was heard
    assert server.send_due() == ["rui@example.org"]
    commands.collect(todo.workspace, server.batch())
    assert todo.row("A1").reminded_at == THREE_DAYS_BEFORE
    assert todo.row("A3").status == "done"
    assert due(todo) == set()
    assert len(round_(todo).taken_back) == 2  # what still waited of the one that is done
    assert MailState.CANCELLED in {row.state for row in mail_queries.outbox(todo.workspace)}


def test_several_of_a_day_and_what_comes_with_the_digest_stay_here(
    todo: Todo, server: LaterServer, clock: Any
) -> None:
    round_(todo)
    label = todo.add("Sell sensors.", "Kiri")
    todo.link(label)
    assert len(round_(todo).taken_back) == 3
    clock.now = THREE_DAYS_BEFORE
    assert server.send_due() == ["rui@example.org"]
    assert due(todo) == {todo.consortium.people["Kiri"]}
    settings = follow_up(todo.workspace)
    digest = replace(settings.rules, weekday=(DUE + timedelta(days=1)).weekday())
    set_follow_up(todo.workspace, replace(settings, rules=digest))
    commands.collect(todo.workspace, server.batch())
    assert len(round_(todo).taken_back) == 2  # the days after both dates have a digest now


def test_a_day_that_the_server_missed_is_this_computers_again(
    todo: Todo, server: LaterServer, clock: Any
) -> None:
    round_(todo)
    clock.now = THREE_DAYS_BEFORE + timedelta(days=1, minutes=1)
    assert server.send_due() == []  # how late it is would not be true any more
    assert due(todo) == set()
    commands.collect(todo.workspace, server.batch())
    people = todo.consortium.people
    assert due(todo) == {people["Rui"], people["Kiri"]}


def test_a_mail_that_goes_to_a_new_owner_is_kept_as_theirs(
    todo: Todo, server: LaterServer, clock: Any
) -> None:
    round_(todo)
    ole = todo.consortium.people["Ole"]
    action_commands.assign_action(todo.workspace, [todo.ids["A1"]], ole)
    action_commands.issue_links(todo.workspace, [todo.ids["A1"]], SERVER)
    assert len(round_(todo).replaced) == 3
    mail = schema.outgoing_mail.c
    query = select(mail.person_id).where(mail.record_id == todo.ids["A1"]).distinct()
    with todo.workspace.read() as session:
        assert session.scalars(query).all() == [ole]
