"""Minutes that are closed are let go of: their writer ends, also when they opened late."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from projectdesk.desktop.presenters.minutes import MinutesPresenter, MinutesRows
from projectdesk.desktop.runtime.pool import Request
from projectdesk.services import queries
from projectdesk.services.workspace import Workspace
from tests.unit.desktop.conftest import InstantSession


@pytest.fixture(autouse=True)
def _application(qapp):
    """Relays are Qt objects."""


class View:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def show_minutes(self, rows: MinutesRows) -> None:
        self.said.append("minutes")

    def notes_changed(self) -> None:
        self.said.append("changed")

    def authors_known(self) -> None:
        self.said.append("authors")

    def show_trouble(self, words: str) -> None:
        self.said.append(words)


class LateSession(InstantSession):
    """Answers when it is told to."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.late: list[Any] = []

    def ask(self, work: Any, then: Any = None, failed: Any = None) -> Request:
        self.late.append(lambda: super(LateSession, self).ask(work, then, failed))
        return Request()

    def answer(self) -> None:
        while self.late:
            self.late.pop(0)()


def writers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "notes"]


@pytest.mark.parametrize("typed", ["", "Hi"])
def test_notes_that_are_closed_have_no_writer(instant, workspace, kick_off, typed):
    minutes = MinutesPresenter(instant, View())
    minutes.open(kick_off)
    minutes.activate()
    item = queries.agenda(workspace, kick_off)[0].id
    minutes.edit(item, "", typed, 0)
    assert len(writers()) == 1
    minutes.close()
    assert writers() == []
    assert queries.notes(workspace, kick_off).get(item, "") == typed


def test_notes_that_open_after_their_view_is_gone_are_closed(workspace, kick_off):
    session, view = LateSession(workspace), View()
    made = MinutesPresenter(session, view)
    made.open(kick_off)
    made.activate()
    made.close()
    session.answer()
    assert writers() == []
    assert view.said == []
