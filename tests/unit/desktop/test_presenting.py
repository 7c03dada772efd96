"""Presenters live with what shows them: awake on the screen, asleep off it, gone at its end."""

from __future__ import annotations

import ast
from pathlib import Path

from PySide6.QtWidgets import QStackedWidget, QWidget

from projectdesk.desktop import pages
from projectdesk.desktop.pages.meeting.page import MeetingPage
from projectdesk.desktop.pages.presenting import Presented
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.services.rows import Changes, Kind


class _Counting(Presenter):
    watches = frozenset({Kind.PROJECT})

    def __init__(self, session):
        super().__init__(session)
        self.loads = 0

    def load(self) -> None:
        self.loads += 1


class _Pane(Presented, QWidget):
    """A part of a page."""


def test_a_presenter_loads_while_its_widget_is_on_the_screen(qtbot, session):
    stack, pane = QStackedWidget(), _Pane()
    qtbot.addWidget(stack)
    for part in (pane, QWidget()):
        stack.addWidget(part)
    stack.setCurrentIndex(1)
    stack.show()
    presenter = pane.present(_Counting(session))
    changed = Changes(kinds=frozenset({Kind.PROJECT}))
    presenter._on_changes(changed)
    assert presenter.loads == 0  # off the screen
    stack.setCurrentIndex(0)
    assert presenter.loads == 1  # what it missed
    presenter._on_changes(changed)
    assert presenter.loads == 2
    pane.close_presenters()
    presenter._on_changes(changed)
    assert presenter.loads == 2  # gone


def test_copies_that_were_opened_go_with_the_page_of_their_meeting(session):
    reader = Reader(session)
    page = MeetingPage(session, reader, lambda _meeting, then, _failed: then({}))
    copy = page.documents._copies._place()
    assert copy.is_dir()
    page.close_page()
    assert not copy.exists()
    reader.close()
    page.deleteLater()


def test_only_one_class_wakes_presenters_with_a_widget():
    folder = Path(pages.__file__).parent
    found = [
        path.relative_to(folder).as_posix()
        for path in sorted(folder.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        and node.name == "showEvent"
        and ".activate()" in ast.unparse(node)
    ]
    assert found == ["presenting.py"]
