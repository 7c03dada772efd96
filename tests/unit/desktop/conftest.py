"""A workspace in a temporary folder, a session that answers at once, and one that does not."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.runtime.pool import Pool, Request
from projectdesk.desktop.runtime.relay import Relay
from projectdesk.desktop.runtime.session import LongWork, Notice, WorkspaceSession
from projectdesk.desktop.theme import Scheme, Theme, theme
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.domain.consortium import Body, BodyMember, PartnerRole
from projectdesk.domain.meetings import MeetingType
from projectdesk.errors import ProjectDeskError
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands, queries
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.workspace import Workspace

NOW = datetime(2027, 3, 10, 9, 0, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[Theme]:
    """Dress the application in the light theme."""
    current = theme()
    current.apply(Scheme.LIGHT)
    yield current
    current.apply(Scheme.LIGHT)


@pytest.fixture(scope="session")
def blank_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with an empty database, to be copied."""
    folder = tmp_path_factory.mktemp("blank")
    Workspace.open(folder, secrets=MemorySecrets(), now=lambda: NOW).close()
    return folder


@pytest.fixture
def workspace(blank_data: Path, tmp_path: Path) -> Iterator[Workspace]:
    folder = tmp_path / "data"
    shutil.copytree(blank_data, folder)
    opened = Workspace.open(folder, secrets=MemorySecrets(), now=lambda: NOW)
    yield opened
    opened.close()


class InstantSession:
    """A `Session` that answers before `ask` returns, on the same thread.

    What other threads commit (the notes' writer) is told on this one, as the real session does.
    """

    def __init__(self, workspace: Any) -> None:
        self.workspace = workspace
        self.notices: list[Notice] = []
        self.listeners: list[Callable[[Changes], None]] = []
        self._thread = threading.get_ident()
        self._relay = Relay(self._spread)
        self._end = workspace.subscribe(self._spread) if hasattr(workspace, "subscribe") else None

    def ask(self, work: Any, then: Any = None, failed: Any = None) -> Request:
        try:
            result = work(self.workspace)
        except ProjectDeskError as error:
            if failed is None:
                self.notices.append(Notice(error.text, error=True))
            else:
                failed(error)
        else:
            if then is not None:
                then(result)
        return Request()

    def ask_long(self, work: Any, then: Any = None, failed: Any = None) -> LongWork:
        under_way = LongWork()
        self.ask(lambda ws: work(ws, under_way), then, failed)
        return under_way

    def subscribe(self, listener: Callable[[Changes], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener) if listener in self.listeners else None

    def tell(self, notice: Notice) -> None:
        self.notices.append(notice)

    def _spread(self, changes: Any) -> None:
        if threading.get_ident() != self._thread:
            self._relay.post(changes)
            return
        for listener in list(self.listeners):
            listener(changes)


@pytest.fixture
def instant(workspace: Workspace) -> InstantSession:
    return InstantSession(workspace)


@pytest.fixture
def session(qapp: QApplication, dressed: Theme, workspace: Workspace) -> Iterator[WorkspaceSession]:
    """Return a real session over the workspace, with its pool."""
    made = WorkspaceSession(workspace, Pool())
    yield made
    made.close()
    made.pool.deleteLater()
    made.deleteLater()


@pytest.fixture
def settle(qtbot: Any, session: WorkspaceSession) -> Callable[[], None]:
    """Wait until everything asked for was delivered."""

    def wait() -> None:
        qtbot.waitUntil(lambda: session.pool.idle, timeout=10_000)
        QApplication.processEvents()
        qtbot.waitUntil(lambda: session.pool.idle, timeout=10_000)

    return wait


@dataclass(frozen=True)
class Sample:
    """A small project: two partners, two people, one work package, one deliverable."""

    project: UUID
    partners: tuple[UUID, UUID]
    people: tuple[UUID, UUID]
    work_package: UUID
    deliverable: UUID


@pytest.fixture
def sample(workspace: Workspace) -> Sample:
    commands.set_me(
        workspace,
        {
            "given_name": "Ada",
            "family_name": "Lund",
            "email": "ada@example.org",
            "zone": "Europe/Copenhagen",
        },
    )

    def make(kind: Kind, **values: object) -> UUID:
        return commands.create(workspace, kind, values)[0]

    project = make(
        Kind.PROJECT,
        acronym="AURORA",
        title="Northern lights",
        start_date=date(2027, 1, 1),
        duration_months=36,
    )
    partners, people = [], []
    for number, (short, country, zone) in enumerate(
        [("DTU", "DK", "Europe/Copenhagen"), ("MIT", "US", "America/New_York")], start=1
    ):
        organisation = make(
            Kind.ORGANISATION, legal_name=f"University {short}", short_name=short, country=country
        )
        partner = make(
            Kind.PARTNER,
            project_id=project,
            organisation_id=organisation,
            number=number,
            short_name=short,
            role=PartnerRole.COORDINATOR if number == 1 else PartnerRole.BENEFICIARY,
            contribution=Decimal(1000 * number),
        )
        person = make(
            Kind.PERSON,
            given_name="Bo",
            family_name=f"Of{short}",
            email=f"bo@{short.lower()}.example",
            organisation_id=organisation,
            zone=zone,
        )
        make(Kind.MEMBERSHIP, project_id=project, person_id=person, partner_id=partner)
        partners.append(partner)
        people.append(person)
    package = make(
        Kind.WORK_PACKAGE,
        project_id=project,
        title="Sensing",
        lead_partner_id=partners[0],
        start_month=1,
        end_month=36,
    )
    deliverable = make(Kind.DELIVERABLE, work_package_id=package, title="Report", due_month=2)
    return Sample(project, (partners[0], partners[1]), (people[0], people[1]), package, deliverable)


@pytest.fixture
def kick_off(workspace: Workspace, sample: Sample) -> UUID:
    """Return a planned kick-off of the sample project."""
    meeting, _ = commands.plan_meeting(
        workspace,
        sample.project,
        MeetingType.KICK_OFF,
        datetime(2027, 4, 1, 10),  # noqa: DTZ001 - planned times are naive
        "Europe/Copenhagen",
    )
    return meeting


@pytest.fixture
def reader(session, settle, sample):
    made = Reader(session)
    made.load()
    settle()
    yield made
    made.close()


@pytest.fixture
def on_screen(qtbot, session, settle):
    """Return a function that shows a page and waits for its data; pages go when the test ends."""
    pages = []

    def show(page):
        pages.append(page)
        page.resize(1200, 800)
        with qtbot.waitExposed(page):
            page.show()
        page.activateWindow()
        settle()
        return page

    yield show
    for page in pages:
        for dialog in page.findChildren(Dialog):
            dialog.reject()
        page.close_page()
        page.close()
        page.deleteLater()
    settle()


def dialog_of(page: QWidget, kind):
    found = [d for d in page.findChildren(kind) if d.isVisible()]
    assert len(found) == 1
    return found[0]


def enter(form, **typed):
    for name, words in typed.items():
        form.rows[name].editor.setText(words)


def choose(editor, value):
    """Choose as a person does."""
    number = editor._values.index(value)
    editor.setCurrentIndex(number)
    editor.activated.emit(number)


@pytest.fixture
def procedure(workspace, sample):
    """A drafted procedure of a body with one member."""
    partner = queries.partners(workspace, sample.project)[0]
    person = queries.people(workspace)[0]
    body = Body(project_id=sample.project, name="Board")
    with workspace.change("Add a body") as unit:
        unit.add(
            body,
            BodyMember(body_id=body.id, partner_id=partner.id, representative_id=person.id),
        )
    deadline = NOW.replace(month=6)
    return commands.create_procedure(workspace, body.id, "Send it.", deadline=deadline)[0]
