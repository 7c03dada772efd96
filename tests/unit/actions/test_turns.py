"""Changes of many records go one after another, so that two desktops never wait for each other."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import text

from projectdesk.domain.minutes import ActionStatus
from projectdesk.mail.account import MailAccount, MailServer
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import action_mail, mail_accounts
from projectdesk.services import workspace as workspaces
from projectdesk.services.action_settings import turn_on
from projectdesk.services.action_telling import tell
from projectdesk.services.commands import collected_actions
from projectdesk.services.session import Unit, UnitSession
from projectdesk.services.workspace import Workspace
from tests.unit.actions.conftest import DUE, Host, Todo
from tests.unit.meetings.conftest import add_consortium

_PATIENCE_S = 30


def test_a_collection_takes_the_turn_before_it_reads_anything(
    host: Host, todo: Todo, monkeypatch: pytest.MonkeyPatch
) -> None:
    todo.link("A1")
    host.tell("A1", "done")
    order: list[str] = []
    execute = UnitSession.execute

    def note(session: Any, *args: Any, **more: Any) -> Any:
        order.append("reads or writes")
        return execute(session, *args, **more)

    monkeypatch.setattr(workspaces, "take_turn", lambda _: order.append("takes the turn"))
    monkeypatch.setattr(UnitSession, "execute", note)
    host.collect()
    assert order[0] == "takes the turn"
    assert order.count("takes the turn") == 1


@pytest.mark.full
def test_a_collection_and_reminders_of_two_desktops_do_not_wait_for_each_other(
    postgres_database: Callable[[], str],
    clock: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One desktop collects B, then A; the other reminds of A, then B, in between."""
    url, secrets = postgres_database(), MemorySecrets()
    account = MailAccount(address="maya@uni.example", smtp=MailServer("smtp.uni.example", 587))
    began, reminded = Event(), Event()
    with (
        Workspace.open(tmp_path / "one", url=url, secrets=secrets, now=clock) as first,
        Workspace.open(tmp_path / "two", url=url, secrets=secrets, now=clock) as second,
        ThreadPoolExecutor(1) as pool,
    ):
        todo = Todo(first, add_consortium(first))
        owners = sorted(("Rui", "Kiri"), key=todo.consortium.people.__getitem__)
        labels = [todo.add(f"To be done by {owner}.", owner) for owner in owners]
        todo.link(*labels)
        turn_on(first, todo.consortium.project)
        mail_accounts.save(second.data, account)
        day = DUE + timedelta(days=1)
        clock.now = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
        host = Host(todo, clock)
        for label in reversed(labels):
            host.tell(label, "done")

        def somebody_waits() -> bool:
            query = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            with first.read() as session:
                return bool(session.scalar(query))

        send_own = action_mail._send_own

        def tell_slowly(unit: Unit, *what: Any) -> bool:
            told = tell(unit, *what)
            unit.session.flush()
            if not began.is_set():
                began.set()
                until = time.monotonic() + _PATIENCE_S
                while not (reminded.is_set() or somebody_waits()):
                    assert time.monotonic() < until
            return told

        def note(unit: Unit, *what: Any) -> Any:
            sent = send_own(unit, *what)
            unit.session.flush()
            reminded.set()
            return sent

        monkeypatch.setattr(collected_actions, "tell", tell_slowly)
        monkeypatch.setattr(action_mail, "_send_own", note)

        def remind() -> action_mail.SentMail:
            assert began.wait(_PATIENCE_S)
            return action_mail.send_due(second)[0]

        reminding = pool.submit(remind)
        host.collect()
        assert reminding.result() == action_mail.SentMail()  # both are done by now
        assert {todo.row(label).status for label in labels} == {ActionStatus.DONE}
