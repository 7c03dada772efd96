"""The main job by the keyboard alone: project, meeting, agenda item, minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QWidget

from projectdesk.desktop.pages.meeting.notes_editor import NotesEditor
from projectdesk.screens.stage import Stage
from projectdesk.services import commands, queries

CTRL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
Key = Qt.Key
_MOST_TABS = 120


class Hands:
    """Presses keys in whatever has the focus, as a person does; it touches nothing else."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    @property
    def focus(self) -> QWidget:
        """What has the focus, else the window: it is the window system that gives it the keys."""
        found = QApplication.focusWidget()
        if found is None:
            self._stage.shell.activateWindow()
            self._stage.settle()
            found = QApplication.focusWidget()
        return self._stage.shell if found is None else found

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.focus, key, modifiers)
        self._stage.settle()

    def type(self, words: str) -> None:
        QTest.keyClicks(self.focus, words)
        self._stage.settle()

    def tab_to(self, wanted: Callable[[QWidget], bool]) -> None:
        """Press Tab until what is wanted has the focus."""
        for _ in range(_MOST_TABS):
            if wanted(self.focus):
                return
            self.press(Key.Key_Tab)
        raise AssertionError("Tab does not come by it")

    def do(self, words: str) -> None:
        """Do something by the search."""
        self.press(Key.Key_K, CTRL)
        self.type(words)
        self.press(Key.Key_Return)


def says(words: str, kind: type[QWidget] = QPushButton) -> Callable[[QWidget], bool]:
    """Return whether a button says just this."""
    return lambda widget: isinstance(widget, kind) and widget.property("text") == words


@pytest.fixture
def stage(workspace, dressed, tmp_path) -> Iterator[Stage]:
    commands.set_me(workspace, {"given_name": "Ada", "family_name": "Lund", "zone": "UTC"})
    made = Stage(workspace, tmp_path, (1280, 800))
    made.shell.activateWindow()
    QTest.qWaitForWindowActive(made.shell)
    yield made
    made.close()


@pytest.mark.full
@pytest.mark.timeout(300)
def test_a_project_its_meeting_and_their_minutes_need_no_mouse(stage, workspace):
    hands = Hands(stage)
    hands.do("New project")
    hands.type("AURORA")
    hands.press(Key.Key_Return)
    project = queries.projects(workspace)[0]
    assert project.acronym == "AURORA"

    hands.do("New meeting")
    hands.tab_to(says("Plan meeting"))
    hands.press(Key.Key_Space)
    meeting = queries.meetings(workspace)[0]
    assert meeting.project_id == project.id

    before = {item.id for item in queries.agenda(workspace, meeting.id)}
    hands.tab_to(says("Add item"))
    hands.press(Key.Key_Space)
    added = [item for item in queries.agenda(workspace, meeting.id) if item.id not in before]
    assert [item.title for item in added] == ["New item"]

    hands.tab_to(says("Agenda", QToolButton))
    while not says("Minutes", QToolButton)(hands.focus):
        hands.press(Key.Key_Right)
    hands.tab_to(lambda widget: isinstance(widget, NotesEditor))
    hands.type("All partners are there.")
    hands.press(Key.Key_Tab)  # out of the editor again
    assert not isinstance(hands.focus, NotesEditor)
    stage.workbench.page(stage.workbench.where()[0].place).close_page()
    stage.settle()
    assert "All partners are there." in queries.notes(workspace, meeting.id).values()
