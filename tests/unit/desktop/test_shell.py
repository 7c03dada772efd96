"""Window, rail, switcher, search, toast."""

from __future__ import annotations

from uuid import uuid4

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from projectdesk.desktop.routes import RAIL, Place
from projectdesk.desktop.shell.search_palette import Suggestion
from projectdesk.desktop.shell.shell import Shell


@pytest.fixture
def shell(qtbot, dressed):
    made = Shell()
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    for place in Place:
        made.add_page(place, QWidget())
    return made


def test_the_rail_goes_to_every_place_by_mouse_and_key(shell, qtbot):
    for number, place in enumerate(RAIL):
        button = shell.rail.buttons[place]
        with qtbot.waitSignal(shell.rail.chosen) as told:
            button.click()
        assert told.args == [place]
        key = Qt.Key(Qt.Key.Key_1.value + number)
        with qtbot.waitSignal(shell.rail.chosen) as told:
            qtbot.keyClick(shell, key, Qt.KeyboardModifier.ControlModifier)
        assert told.args == [place]


def test_where_one_is_is_marked(shell):
    shell.show_place(Place.PROJECT)
    assert shell.rail.buttons[Place.PROJECTS].isChecked()
    shell.show_place(Place.MEETINGS)
    assert shell.rail.buttons[Place.MEETINGS].isChecked()
    assert shell.content.currentWidget() is shell.page(Place.MEETINGS)


def test_the_welcome_has_the_window_for_itself(shell):
    shell.show_place(Place.WELCOME)
    assert not shell.rail.isVisible()
    assert not shell.top.isVisible()
    shell.show_place(Place.HOME)
    assert shell.rail.isVisible()


def test_the_switcher_offers_the_projects(shell, qtbot):
    first, second = uuid4(), uuid4()
    shell.top.set_projects([(first, "AURORA"), (second, "BOREAS")])
    shell.top._fill_menu()
    actions = shell.top._menu.actions()
    assert [action.text() for action in actions] == ["All projects", "AURORA", "BOREAS"]
    with qtbot.waitSignal(shell.top.project_chosen) as told:
        actions[2].trigger()
    assert told.args == [second]
    shell.top.set_project(second)
    assert shell.top.switcher.text() == "BOREAS"


def test_undo_and_redo_say_what_they_would_do(shell, qtbot):
    shell.top.set_undo("Change title of WP3", None)
    assert "Change title of WP3" in shell.top.undo.toolTip()
    assert not shell.top.redo.isEnabled()
    with qtbot.waitSignal(shell.undo_asked):
        qtbot.keyClick(shell, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    with qtbot.waitSignal(shell.redo_asked):
        qtbot.keyClick(shell, Qt.Key.Key_Z, modifiers)


def test_ctrl_k_opens_the_search_and_the_keyboard_runs_it(shell, qtbot):
    run = []
    box = shell.palette_box
    box.typed.connect(
        lambda text: box.show_suggestions(
            [
                Suggestion("One", "", "check", "Do", lambda: run.append(1)),
                Suggestion("Two", "where", "check", "Do", lambda: run.append(2)),
            ]
        )
    )
    qtbot.keyClick(shell, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert box.isVisible()
    qtbot.keyClicks(box.field, "t")
    qtbot.keyClick(box.field, Qt.Key.Key_Down)
    qtbot.keyClick(box.field, Qt.Key.Key_Return)
    assert run == [2]
    assert not box.isVisible()


def test_search_that_finds_nothing_says_so_and_escape_leaves_it(shell, qtbot):
    box = shell.palette_box
    box.open()
    box.show_suggestions([])
    assert box._nothing.isVisible()
    qtbot.keyClick(box.field, Qt.Key.Key_Escape)
    assert not box.isVisible()


def test_a_toast_offers_to_take_back(shell, qtbot):
    undone = []
    shell.tell("Deleted WP3.", lambda: undone.append(True))
    assert shell.toast.words == "Deleted WP3."
    shell.toast.act()
    assert undone == [True]
    assert shell.toast.words == ""


def test_an_error_stays_until_it_is_read(shell):
    shell.tell("Gone by itself.")
    assert shell.toast._timer.isActive()
    shell.tell("The disk is full.", error=True)
    assert not shell.toast._timer.isActive()
    shell.toast.dismiss()
    assert shell.toast.isHidden()


def test_a_long_message_fits_into_the_window(shell):
    shell.tell("The database cannot be written because the disk is full. " * 4, error=True)
    toast = shell.toast
    assert toast.geometry().left() >= 0
    assert toast.geometry().right() <= shell.centralWidget().width()
    assert toast.height() > 60
    toast.dismiss()


def test_a_window_of_its_own_is_opened_once_and_goes_with_the_shell(shell, qtbot):
    made = []

    def make():
        window = QWidget()
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        made.append(window)
        return window

    first = shell.open_window("call", make)
    assert shell.open_window("call", make) is first
    assert len(made) == 1
    shell.close()
    qtbot.waitUntil(lambda: not shiboken6.isValid(first))


def test_a_failure_has_a_way_on(shell, qtbot):
    tried = []
    again = ("Try again", lambda: tried.append("again"))
    shell.show_failure("No data", "The disk is away.", again)
    assert not shell._failure.other.isVisible()
    shell._failure.action.click()
    assert tried == ["again"]
    shell.show_failure("No data", "It is.", ("Restore", lambda: tried.append("restore")), again)
    shell._failure.other.click()
    shell._failure.action.click()
    assert tried == ["again", "again", "restore"]
