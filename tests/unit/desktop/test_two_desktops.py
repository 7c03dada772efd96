"""The whole program on a team's real PostgreSQL: seen, crossed, lost, found, read from the copy."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from projectdesk.desktop.application import Application
from projectdesk.desktop.pages.conflict_dialog import ConflictDialog
from projectdesk.desktop.routes import Place, Route
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands, queries, team_database
from projectdesk.services.rows import Kind
from projectdesk.services.team_database import TeamDatabase
from projectdesk.services.workspace import Workspace
from tests.unit.services.team_server import TeamServer, running_team_server

WAIT = 30_000
pytestmark = [pytest.mark.full, pytest.mark.loopback]


@pytest.fixture
def server() -> Iterator[TeamServer]:
    with running_team_server() as running:
        yield running


@pytest.fixture
def start(qapp: QApplication) -> Iterator[Callable[[Path], Application]]:
    running: list[Application] = []

    def begin(data: Path) -> Application:
        application = Application(qapp, data)
        running.append(application)
        application.start()
        return application

    yield begin
    for application in running:
        application.shell.close()
        application.stop()
        application.shell.deleteLater()
        application.deleteLater()


def _is_at(application: Application, place: Place) -> bool:
    """Return whether the data is open and the first page shown."""
    workbench = application.workbench
    page = None if workbench is None else workbench.pages.get(place)
    return page is not None and application.shell.content.currentWidget() is page


def test_two_desktops_on_one_database(
    qtbot: QtBot,
    server: TeamServer,
    start: Callable[[Path], Application],
    tmp_path: Path,
) -> None:
    team = TeamDatabase(str(server.folder), "team", "postgres", port=server.port)
    data, url = tmp_path / "bob", team.url("")
    with Workspace.open(data, url=url, secrets=MemorySecrets()) as bob:
        commands.set_me(bob, {"given_name": "Bob", "family_name": "Lund", "zone": "UTC"})
        project, _ = commands.create(bob, Kind.PROJECT, {"acronym": "AURORA"})
        values = {"project_id": project, "title": "Pilots", "start_month": 1, "end_month": 9}
        package, _ = commands.create(bob, Kind.WORK_PACKAGE, values)
    team_database.use_team(data, team, MemorySecrets(), None)
    with Workspace.open(tmp_path / "ada", url=url, secrets=MemorySecrets()) as ada:
        commands.set_me(ada, {"given_name": "Ada", "family_name": "Rossi", "zone": "UTC"})

        def change(**fields: object) -> None:
            [row] = queries.work_packages(ada, project)
            commands.set_fields(ada, Kind.WORK_PACKAGE, package, row.version, fields)

        application = start(data)
        qtbot.waitUntil(lambda: _is_at(application, Place.HOME), timeout=WAIT)
        workbench = application.workbench
        assert workbench is not None
        workbench.go(Route(Place.PROJECT, project, "plan"))
        plan = workbench.pages[Place.PROJECT].plan  # type: ignore[attr-defined]
        plan.show_table(Kind.WORK_PACKAGE)
        table = plan.current.table
        qtbot.waitUntil(lambda: [row.title for row in table.rows] == ["Pilots"], timeout=WAIT)

        # Seen.
        seen = table.rows[0]
        change(title="Ada's pilots")
        changed = time.monotonic()
        qtbot.waitUntil(lambda: table.rows[0].title == "Ada's pilots", timeout=WAIT)
        assert time.monotonic() - changed < 2.0
        qtbot.waitUntil(lambda: "Ada Rossi" in application.shell.toast.words, timeout=WAIT)

        # Crossed: Bob began before he saw it.
        field = next(c.field for c in table.columns if c.field and c.field.name == "title")
        table.edited.emit(seen, field, "Bob's pilots")
        found: list[ConflictDialog] = []

        def asked() -> bool:
            found[:] = application.shell.findChildren(ConflictDialog)
            return bool(found)

        qtbot.waitUntil(asked, timeout=WAIT)
        assert found[0].choices[0].field.theirs == "Ada's pilots"
        assert queries.work_packages(ada, project)[0].title == "Ada's pilots"
        found[0].submit()
        qtbot.waitUntil(
            lambda: queries.work_packages(ada, project)[0].title == "Bob's pilots", timeout=WAIT
        )

        # Lost, and found again; what Bob writes meanwhile is refused and not lost.
        qtbot.waitUntil(lambda: table.rows[0].title == "Bob's pilots", timeout=WAIT)
        server.kill()
        qtbot.waitUntil(lambda: "is lost" in application.shell.banner.words, timeout=WAIT)
        server.start()
        qtbot.waitUntil(lambda: not application.shell.banner.words, timeout=WAIT)
        change(title="After the outage")
        qtbot.waitUntil(lambda: table.rows[0].title == "After the outage", timeout=WAIT)
    application.shell.close()
    application.stop()
    assert (data / "team-copy.sqlite").is_file()

    # Without the server: the copy, to be read.
    server.kill()
    again = start(data)
    qtbot.waitUntil(
        lambda: _is_at(again, Place.PROJECT) and "its copy" in again.shell.banner.words,
        timeout=WAIT,
    )
    assert again.workbench is not None
    again.workbench.go(Route(Place.PROJECT, project, "plan"))
    plan = again.workbench.pages[Place.PROJECT].plan  # type: ignore[attr-defined]
    plan.show_table(Kind.WORK_PACKAGE)
    qtbot.waitUntil(
        lambda: [row.title for row in plan.current.table.rows] == ["After the outage"],
        timeout=WAIT,
    )
    server.start()
    again.shell.banner.action.click()
    qtbot.waitUntil(
        lambda: again.workbench is not None and not again.shell.banner.words, timeout=WAIT
    )
    assert again._session is not None
    assert again._session.workspace.copied_at is None
