"""What the search finds in a project opens in its place, selected."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from projectdesk.desktop.pages.project.page import ProjectPage
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.session import WorkspaceSession
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from tests.unit.desktop.conftest import TODAY

KINDS = (
    *(Kind.PARTNER, Kind.BODY, Kind.WORK_PACKAGE, Kind.TASK, Kind.DELIVERABLE, Kind.MILESTONE),
    Kind.RISK,
)


@pytest.mark.full
def test_every_kind_of_a_project_opens_selected(
    qtbot: QtBot, session: WorkspaceSession, workspace: Workspace, settle: Callable[[], None]
) -> None:
    project = commands.open_sample(workspace)
    page = ProjectPage(session, lambda: TODAY)
    qtbot.addWidget(page)
    page.show()
    for kind in KINDS:
        hits = [
            hit
            for text in ("a", "e", "s", "u", "1")
            for hit in queries.search(workspace, text, kind=kind, project_id=project)
        ]
        assert hits, kind
        page.open(Route(Place.PROJECT, project, kind, hits[0].id))
        settle()
        pane = page._pane(kind)
        current = getattr(pane, "pane", pane).table.current()
        assert current is not None, kind
        assert current.id == hits[0].id, kind
    page.close_page()
