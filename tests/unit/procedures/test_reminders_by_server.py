"""Reminders of written procedures that a server sends while the desktop is off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from projectdesk.host.journal import desks, keys
from projectdesk.services import commands, handing
from projectdesk.services.outbox import MailState
from projectdesk.services.procedure_desks import keep_place, procedure_desks
from projectdesk.services.queries import mail as mail_queries
from projectdesk.signalling.outcome import BallotAnswer
from tests.unit.procedures.conftest import EARLIEST, Assembly, Procedure
from tests.unit.services.later_server import SERVER, LaterServer, sends_for_maya

pytestmark = pytest.mark.full
DAYS = EARLIEST - timedelta(days=2)


@pytest.fixture
def server(
    tmp_path: Path, clock: Any, assembly: Assembly, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LaterServer]:
    with sends_for_maya(assembly.workspace, tmp_path / "server", clock, monkeypatch) as made:
        yield made


@pytest.fixture
def procedure(assembly: Assembly, server: LaterServer) -> Procedure:
    """A procedure whose links lead to the server, which has its desks."""
    made = assembly.create()
    commands.open_procedure(made.workspace, made.id, SERVER)
    with server.engine.begin() as connection:
        key = keys.find_reader(connection, server.secret) or ""
        for desk, snapshot in procedure_desks(made.workspace, made.id).desks:
            desks.put(connection, desk, key, snapshot, server.clock())
    keep_place(made.workspace, made.id, SERVER, "0" * 32)
    return made


def round_(procedure: Procedure) -> handing.HandReport:
    report = handing.hand_over(procedure.workspace, {})
    assert report.problem is None, report.problem
    return report


def test_members_who_have_not_voted_are_reminded(
    procedure: Procedure, server: LaterServer, clock: Any
) -> None:
    assert len(round_(procedure).handed) == 6  # three members with a voter, seven and two days
    row = mail_queries.outbox(procedure.workspace)[0]
    text = mail_queries.mail(procedure.workspace, row.id).text
    assert "Unless you have voted by mail" in text
    assert "your vote is missing" not in row.subject
    with server.engine.begin() as connection:
        desk = desks.find(connection, str(procedure.seat("UNI").desk))
        assert desk is not None
        desks.answer(connection, desk, "one", BallotAnswer(choice="for"), clock())
    clock.now = DAYS
    assert set(server.send_due()) == {"in\u00eas@example.org", "kiri@example.org"}
    assert commands.due_ballot_reminders(procedure.workspace) == []
    commands.collect(procedure.workspace, server.batch())
    assert procedure.votes()["UNI"] == "for"
    assert procedure.seat("UNI").reminded_at is None
    assert procedure.seat("FIRM").reminded_at == DAYS
    assert commands.due_ballot_reminders(procedure.workspace) == []


def test_one_that_was_called_off_reminds_nobody(
    procedure: Procedure, server: LaterServer, clock: Any
) -> None:
    round_(procedure)
    commands.cancel_procedure(procedure.workspace, procedure.id)
    assert len(round_(procedure).taken_back) == 6
    assert server.waiting() == {}
    states = {row.state for row in mail_queries.outbox(procedure.workspace)}
    assert states == {MailState.CANCELLED}
