"""Pictures of where the data is, and of what happens when several people change it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from PySide6.QtWidgets import QScrollArea

from projectdesk.desktop.models.key_words import key_words
from projectdesk.desktop.pages.settings import SettingsPage
from projectdesk.desktop.pages.team_database import TeamDatabaseDialog
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.presenters.team_database import found_words
from projectdesk.desktop.routes import Place
from projectdesk.screens.stage import NOW, Stage
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands, queries, team_database
from projectdesk.services.rows import Kind, WorkPackageRow
from projectdesk.services.shared_link_key import LinkKeySource, LinkKeyState
from projectdesk.services.team_database import ServerState, TeamDatabase
from projectdesk.services.workspace import Workspace

_SERVER = "https://meet.aurora-project.eu"
_TEAM = TeamDatabase("db.aurora-project.eu", "aurora", "ines.carvalho")


def here(stage: Stage) -> None:
    """Show that the data is on this computer, and the way to a team's database."""
    _settings(stage)


def team(stage: Stage) -> None:
    """Show a team's database that is used."""
    stage.workbench.pages.pop(Place.SETTINGS, None)  # it was made for the data of this computer
    team_database.use_team(stage.workspace.data, _TEAM, MemorySecrets(), "shown")
    try:
        page = _settings(stage)
        page.team.show_key_source(
            key_words(
                LinkKeySource(
                    LinkKeyState.FETCHED, _SERVER, "Inês Carvalho", NOW, came_from_there=True
                )
            )
        )
    finally:
        team_database.use_local(stage.workspace.data)
        stage.workbench.pages.pop(Place.SETTINGS, None)


def key_conflict(stage: Stage) -> None:
    """Show that the team's server has another link key than the database."""
    stage.workbench.pages.pop(Place.SETTINGS, None)
    team_database.use_team(stage.workspace.data, _TEAM, MemorySecrets(), "shown")
    try:
        page = _settings(stage)
        found = LinkKeySource(LinkKeyState.CONFLICT, _SERVER, "Project office", NOW)
        page.team.show_key_source(key_words(found))
    finally:
        team_database.use_local(stage.workspace.data)
        stage.workbench.pages.pop(Place.SETTINGS, None)


def key_renewal(stage: Stage) -> None:
    """Ask whether the team is to have a new link key."""
    stage.workbench.pages.pop(Place.SETTINGS, None)
    team_database.use_team(stage.workspace.data, _TEAM, MemorySecrets(), "shown")
    try:
        _settings(stage).team.ask_renewal()
    finally:
        team_database.use_local(stage.workspace.data)
        stage.workbench.pages.pop(Place.SETTINGS, None)


def choose(stage: Stage) -> None:
    """Show the dialog of a team's database after a test that went well."""
    dialog = _dialog(stage)
    dialog.form.rows["tls"].editor.set_value("verify-full")
    dialog.form.rows["tls"].editor.committed.emit()
    dialog.show_found(found_words(ServerState("16.4", True, None, False, 0)))


def refused(stage: Stage) -> None:
    """Show the dialog of a team's database after a test that failed."""
    dialog = _dialog(stage)
    dialog.show_problem_of(
        "host",
        "The computer answers, but no database server listens there. Check the port, and that "
        "PostgreSQL runs and listens to the network (listen_addresses).",
    )


def conflict(stage: Stage) -> None:
    """Show a field that two people changed."""
    row = _package(stage)
    with _colleague(stage) as other:
        theirs = {"title": "Pilot sites and monitoring", "end_month": row.end_month - 1}
        commands.set_fields(other, Kind.WORK_PACKAGE, row.id, row.version, theirs)
        mine = {
            "title": "Pilot demonstrations in three river basins",
            "end_month": row.end_month - 2,
        }
        _save(stage, row, mine)


def deleted(stage: Stage) -> None:
    """Show an edit of what somebody deleted meanwhile."""
    row = _package(stage)
    with _colleague(stage) as other:
        commands.delete(other, Kind.WORK_PACKAGE, row.id, row.version)
        words = "Show in three river basins that the sensors hold for a year without service."
        _save(stage, row, {"objectives": words})


def copy(stage: Stage) -> None:
    """Show the home page over a copy of the team's data."""
    stage.go(Place.HOME)
    stage.workbench.team.stop()
    stage.workspace.copied_at = NOW
    try:
        stage.workbench.team.start()
    finally:
        stage.workspace.copied_at = None


def lost(stage: Stage) -> None:
    """Show that the connection is lost."""
    stage.go(Place.HOME)
    stage.workbench.team.stop()
    stage.workbench.team.following.lost.emit("")


def _settings(stage: Stage) -> SettingsPage:
    stage.go(Place.SETTINGS)
    page = cast(SettingsPage, stage.workbench.page(Place.SETTINGS))
    stage.settle()
    for area in page.findChildren(QScrollArea):
        area.ensureWidgetVisible(page.team, 0, 120)
    return page


def _dialog(stage: Stage) -> TeamDatabaseDialog:
    _settings(stage)
    page = cast(SettingsPage, stage.workbench.page(Place.SETTINGS))
    dialog = page.team.ask_team()
    for name, value in (("host", _TEAM.host), ("name", _TEAM.name), ("user", _TEAM.user)):
        dialog.form.rows[name].editor.set_value(value)
    dialog.password.setText("shown")
    return dialog


def _package(stage: Stage) -> WorkPackageRow:
    project = queries.projects(stage.workspace)[0].id
    stage.go(Place.PROJECT, project, "plan")
    stage.workbench.team.stop()  # what it would tell comes when it comes
    return queries.work_packages(stage.workspace, project)[2]


def _save(stage: Stage, row: WorkPackageRow, values: dict[str, object]) -> None:
    Presenter(stage.session).save(Kind.WORK_PACKAGE, row.id, row.version, values)
    stage.settle()


@contextmanager
def _colleague(stage: Stage) -> Iterator[Workspace]:
    """Lend another desktop of Marek's; what he changed last is as before after it."""
    with Workspace.open(
        stage.workspace.data, secrets=stage.workspace.secrets, now=lambda: NOW
    ) as other:
        me = queries.me(other)
        commands.set_me(other, {"given_name": "Marek", "family_name": "Nowak"})
        try:
            yield other
        finally:
            commands.undo(other)
            names = (me.given_name, me.family_name) if me else ("", "")
            commands.set_me(other, {"given_name": names[0], "family_name": names[1]})
