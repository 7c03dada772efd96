"""The desks of written procedures go to their hosts; they settle themselves and remind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from projectdesk.desktop.runtime.host_client import HostRefused
from projectdesk.desktop.runtime.procedure_desks import ProcedureDesks
from projectdesk.domain.voting import VoteResult, VoteSeat
from projectdesk.mail.account import MailAccount, MailServer
from projectdesk.services import commands, mail_accounts, outbox, queries
from projectdesk.services.commands.procedure_settling import ClosedProcedure
from projectdesk.services.procedure_keys import Manner
from projectdesk.services.rows import Kind
from projectdesk.signalling.outcome import BallotSnapshot
from projectdesk.store import schema
from tests.unit.desktop.conftest import InstantSession, Sample
from tests.unit.desktop.runtime.test_poll_desks import Hosts


@pytest.fixture
def hosts(qapp: object) -> Hosts:
    return Hosts()


@pytest.fixture
def desks(hosts: Hosts, instant: InstantSession, tmp_path: Path) -> Iterator[ProcedureDesks]:
    instant.workspace.secrets.durable = True  # the same link key, as a keyring keeps it
    made = ProcedureDesks(hosts, instant, tmp_path)
    yield made
    made.stop()
    made.deleteLater()


@pytest.fixture
def procedure(instant: InstantSession, sample: Sample) -> UUID:
    workspace = instant.workspace
    body, _ = commands.create(
        workspace, Kind.BODY, {"project_id": sample.project, "name": "General Assembly"}
    )
    for partner, person in zip(sample.partners, sample.people, strict=True):
        commands.create(
            workspace,
            Kind.BODY_MEMBER,
            {"body_id": body, "partner_id": partner, "representative_id": person},
        )
    made, _ = commands.create_procedure(
        workspace,
        body,
        "We paint the boat.",
        deadline=workspace.now() + timedelta(days=12),
        manner=Manner(closes_early=True, reminder_days=(12,)),
    )
    commands.open_procedure(workspace, made)
    return made


def test_forms_follow_the_procedure(
    desks: ProcedureDesks,
    hosts: Hosts,
    instant: InstantSession,
    procedure: UUID,
    qtbot: QtBot,
) -> None:
    desks.adopt()
    place = hosts.at("")
    assert len(place.desks) == 2
    told: list[ClosedProcedure] = []
    desks.settled.connect(told.append)
    for seat in queries.vote_detail(instant.workspace, procedure).seats:
        commands.enter_ballot(instant.workspace, seat.id, "for")
    hosts.collected.emit(None)
    assert [each.result for each in told] == [VoteResult.CARRIED]
    commands.tell_result(instant.workspace, procedure, by_mail=False)
    qtbot.waitUntil(
        lambda: all(
            isinstance(desk.form, BallotSnapshot) and desk.form.stage == "veto"
            for desk in place.desks.values()
        )
    )


class Keeping:
    """A host's `Hosting` that also keeps files, and in which order all came."""

    def __init__(self, place: Any) -> None:
        self.files: dict[str, bytes] = {}
        self.order: list[str] = []
        self._ask = place.ask
        place.ask, place.put_file = self.ask, self.put_file

    def ask(self, method: str, path: str, reply: type, then: Any, failed: Any, body: Any = None):
        name = path.rpartition("/")[2]
        if "/desk-files/" not in path:
            self.order.append(method)
            self._ask(method, path, reply, then, failed, body)
        elif name in self.files:
            then(None)
        else:
            failed(HostRefused("desk_file_unknown", "No."))

    def put_file(self, path: str, file: Path, _reply: type, then: Any, _failed: Any) -> None:
        self.order.append("file")
        self.files[path.rpartition("/")[2]] = file.read_bytes()
        then(None)


def test_documents_are_brought_once_before_the_desks_that_offer_them(
    desks: ProcedureDesks,
    hosts: Hosts,
    instant: InstantSession,
    procedure: UUID,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    workspace = instant.workspace
    paper = tmp_path / "Budget.pdf"
    paper.write_bytes(b"%PDF budget")
    body = queries.vote_detail(workspace, procedure).vote.body_id
    deadline = workspace.now() + timedelta(days=12)
    made, _ = commands.create_procedure(workspace, body, "Send it.", deadline=deadline)
    commands.attach_documents(workspace, Kind.VOTE, made, [paper])
    commands.open_procedure(workspace, made)
    place = hosts.at("")
    kept = Keeping(place)
    desks.publish(made, lambda _links: None, pytest.fail)
    assert list(kept.files.values()) == [b"%PDF budget"]
    assert kept.order[:2] == ["file", "PUT"]
    desks.publish(made, lambda _links: None, pytest.fail)
    assert kept.order.count("file") == 1
    forms = [desk.form for desk in place.desks.values()]
    offered = [[each.name for each in form.documents] for form in forms if form.documents]
    assert offered == [["Budget.pdf"]] * 2


@pytest.mark.full
def test_who_is_missing_is_reminded_with_the_link(
    desks: ProcedureDesks, instant: InstantSession, procedure: UUID
) -> None:
    workspace = instant.workspace
    seats = queries.vote_detail(workspace, procedure).seats
    with workspace.change("They were asked long ago") as unit:
        for seat in seats:
            unit.get(VoteSeat, seat.id).sent_at = unit.now - timedelta(days=30)
    desks.look()
    server = MailServer(host="mail.example.org", port=587)
    mail_accounts.save(workspace.data, MailAccount(address="ada@example.org", smtp=server))

    def mails() -> list[str]:
        table = schema.outgoing_mail
        with workspace.read() as session:
            rows = session.execute(table.select().where(table.c.state == outbox.MailState.QUEUED))
            return [row.purpose for row in rows]

    assert mails() == [], "nobody could write"
    desks.look()
    reachable = sum(bool(seat.email) for seat in seats)
    assert mails() == ["written-procedure-reminder"] * reachable
    desks.look()
    assert len(mails()) == reachable
