"""The desks of reporting periods go to their hosts, follow what changes, and are taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from projectdesk.desktop.runtime.effort_desks import EffortDesks
from projectdesk.desktop.runtime.host_client import HostAddress, HostRefused
from projectdesk.errors import EnvironmentFailure, ProjectDeskError
from projectdesk.services import commands, queries
from projectdesk.services.reporting_rows import EffortLink, StatementRow
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.control import HostFacts
from projectdesk.signalling.desk import DeskSnapshot, EffortSnapshot
from tests.unit.desktop.conftest import InstantSession, Sample

DEADLINE = date(2099, 4, 30)


def facts(public_url: str) -> HostFacts:
    return HostFacts(
        version="1",
        protocol=1,
        journal="0" * 32,
        epoch=1,
        public_url=public_url,
        local=True,
        now=datetime(2027, 4, 1, 8, tzinfo=UTC),
    )


class Place:
    """Stands for one host's `Hosting` and its client: keeps the desks it has."""

    def __init__(self, name: str) -> None:
        self.address = HostAddress(f"http://{name or 'here'}", "key", f"https://{name or 'here'}")
        self.desks: dict[str, DeskSnapshot] = {}
        self.sent: list[str] = []
        self.silent = False

    def ask_host(
        self, then: Callable[[Place], None], failed: Callable[[ProjectDeskError], None]
    ) -> None:
        if self.silent:
            failed(EnvironmentFailure("host_unreachable", "Silence."))
        else:
            then(self)

    def ask(
        self,
        method: str,
        path: str,
        _reply: type,
        then: Callable[[object], None],
        failed: Callable[[ProjectDeskError], None],
        body: msgspec.Struct | None = None,
    ) -> None:
        if path == "/api/v1/host":
            then(facts(self.address.public_url))
            return
        desk = path.rpartition("/")[2]
        self.sent.append(f"{method} {desk}")
        if isinstance(body, DeskSnapshot):
            self.desks[desk] = body
        elif self.desks.pop(desk, None) is None:
            failed(HostRefused("desk_unknown", "No."))
            return
        then(None)

    def forms(self) -> dict[str, EffortSnapshot]:
        """Return the forms by partner."""
        found = [desk.form for desk in self.desks.values()]
        return {form.organisation: form for form in found if isinstance(form, EffortSnapshot)}


class Hosts(QObject):
    """Stands for all places."""

    heard = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self.places: dict[str, Place] = {}

    def at(self, host: str) -> Place:
        return self.places.setdefault(host, Place(host))


@pytest.fixture
def hosts(qapp: object) -> Hosts:
    return Hosts()


@pytest.fixture
def make(hosts: Hosts, instant: InstantSession, tmp_path: Path) -> Iterator[Callable[[], Any]]:
    """Return what makes the desks of a desktop; a second call is the next desktop."""
    instant.workspace.secrets.durable = True  # the same link key, as a keyring keeps it
    made: list[EffortDesks] = []

    def one() -> EffortDesks:
        for earlier in made:
            earlier.stop()
        made.append(EffortDesks(hosts, instant, tmp_path))  # type: ignore[arg-type]
        return made[-1]

    yield one
    for each in made:
        each.stop()
        each.deleteLater()


@pytest.fixture
def period(workspace: Workspace, sample: Sample) -> UUID:
    return commands.add_reporting_period(workspace, sample.project, 1, 12)[0]


def rows(workspace: Workspace, period: UUID) -> list[StatementRow]:
    return queries.effort_statements(workspace, period)


def ask_two(workspace: Workspace, period: UUID, host: str | None = None) -> list[StatementRow]:
    wanted = [row.partner_id for row in rows(workspace, period) if row.id is None][:2]
    commands.ask_effort(workspace, period, wanted, DEADLINE, host)
    return [row for row in rows(workspace, period) if row.partner_id in wanted]


def publish(desks: EffortDesks, period: UUID) -> tuple[EffortLink, ...]:
    done: list[tuple[EffortLink, ...]] = []
    failures: list[ProjectDeskError] = []
    desks.publish(period, done.append, failures.append)
    assert failures == []
    return done[0]


def test_who_was_asked_has_a_desk_and_a_link(make, hosts, workspace, period) -> None:
    asked = ask_two(workspace, period)
    links = publish(make(), period)
    here = hosts.at("")
    assert here.desks.keys() == {row.desk for row in asked}
    assert {link.partner for link in links} == {row.partner for row in asked}
    assert all(link.url.startswith("https://here/d/") for link in links)


def test_what_changes_is_sent_and_nothing_else(
    qtbot: QtBot, make, hosts, workspace, period
) -> None:
    one, _ = ask_two(workspace, period)
    publish(make(), period)
    here = hosts.at("")
    here.sent.clear()
    commands.enter_effort(workspace, period, one.partner_id, {})
    commands.approve_effort(workspace, [one.id])
    qtbot.waitUntil(lambda: here.forms()[one.partner].status == "approved")
    assert here.sent == [f"PUT {one.desk}"]


def test_a_deleted_statement_is_taken_back_also_by_the_next_desktop(
    make, hosts, workspace, period
) -> None:
    one, other = ask_two(workspace, period)
    desks = make()
    publish(desks, period)
    desks.stop()
    row = next(row for row in rows(workspace, period) if row.id == one.id)
    commands.delete(workspace, Kind.EFFORT_STATEMENT, row.id, row.version)
    make().adopt()
    assert hosts.at("").desks.keys() == {other.desk}


def test_a_deleted_period_is_taken_back(qtbot: QtBot, make, hosts, workspace, period) -> None:
    ask_two(workspace, period)
    publish(make(), period)
    row = queries.reporting_period(workspace, period)
    commands.delete(workspace, Kind.REPORTING_PERIOD, period, row.version)
    qtbot.waitUntil(lambda: not hosts.at("").desks)
    commands.undo(workspace)
    qtbot.waitUntil(lambda: len(hosts.at("").desks) == 2)


def test_links_that_lead_to_another_host_end_where_they_led(make, hosts, workspace, period) -> None:
    asked = ask_two(workspace, period)
    desks = make()
    publish(desks, period)
    server = "https://meet.example.org"
    commands.ask_effort(workspace, period, [asked[0].partner_id], DEADLINE, server)
    publish(desks, period)
    assert hosts.at("").desks == {}
    assert hosts.at(server).desks.keys() == {row.desk for row in asked}


def test_what_could_not_be_sent_is_sent_when_the_host_is_heard(
    qtbot: QtBot, make, hosts, workspace, period
) -> None:
    ask_two(workspace, period)
    hosts.at("").silent = True
    desks = make()
    failures: list[ProjectDeskError] = []
    desks.publish(period, lambda _: pytest.fail("nothing was sent"), failures.append)
    assert [error.code for error in failures] == ["host_unreachable"]
    hosts.at("").silent = False
    hosts.heard.emit("", True)
    qtbot.waitUntil(lambda: len(hosts.at("").desks) == 2)


def test_secrets_of_one_session_end_no_link_unasked(make, hosts, workspace, period) -> None:
    ask_two(workspace, period)
    workspace.secrets.durable = False
    make().adopt()
    assert hosts.at("").sent == []
