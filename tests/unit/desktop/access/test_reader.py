"""What a screen reader finds in the windows: QAccessible's tree, judged by rules."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QAccessible, QAccessibleActionInterface, QPainter, QStandardItemModel
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from projectdesk.desktop.pages.home import Line
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.theme import Tone
from projectdesk.desktop.widgets.header import FilterField, Tabs
from projectdesk.desktop.widgets.layout import icon_button, scrolled, text
from projectdesk.desktop.widgets.spoken import Role, play
from projectdesk.screens import rendering
from projectdesk.screens.access.reading import elements
from projectdesk.screens.access.rules import findings
from projectdesk.screens.access.walking import walk

Name = QAccessible.Text.Name

#: For the gate: rail, bar, tabs, filter, table. `full` walks all scenes.
MAIN = ("bare/project-consortium",)


class Painted(QWidget):
    """Paints, and says nothing."""

    def paintEvent(self, event: object) -> None:
        QPainter(self).end()


Painted.__module__ = "projectdesk.test"


@pytest.fixture
def window(qtbot, dressed):
    """Return a function that shows widgets and tells the rules that they break."""
    made = QWidget()
    made.setLayout(QVBoxLayout())
    qtbot.addWidget(made)

    def show(*widgets: QWidget) -> list[str]:
        for widget in widgets:
            made.layout().addWidget(widget)
        with qtbot.waitExposed(made):
            made.show()
        return [found.rule for found in findings(elements(made))]

    return show


def test_a_control_needs_a_name(window):
    field = QLineEdit()
    assert window(field) == ["name"]
    label = QLabel("Title")
    label.setBuddy(field)
    assert window(label) == []


def test_what_is_chosen_in_a_box_is_not_its_name(window):
    box = QComboBox()
    box.addItem("Kick-off")
    assert window(box) == ["name"]
    box.setAccessibleName("Type")
    assert window() == []


def test_a_frame_that_is_clicked_needs_a_role(window):
    frame = QFrame()
    frame.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    frame.setAccessibleName("Interim review")
    assert window(frame) == ["role"]


def test_an_icon_needs_a_tip_and_a_name(window):
    made = icon_button("x", "Close")
    assert window(made) == []
    made.setToolTip("")
    assert window() == ["tip"]


def test_two_buttons_of_a_group_need_two_names(window):
    assert window(QPushButton("Open"), QPushButton("Open")) == ["twice"]


def test_a_column_needs_a_title_and_a_picture_words(window):
    model = QStandardItemModel(1, 1)
    model.setHeaderData(0, Qt.Orientation.Horizontal, "")
    model.setData(model.index(0, 0), Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
    table = QTableView()
    table.setAccessibleName("Steps")
    table.setModel(model)
    assert window(table) == ["cell", "header"]
    model.setHeaderData(0, Qt.Orientation.Horizontal, "Done")
    model.setData(model.index(0, 0), "done", Qt.ItemDataRole.AccessibleTextRole)
    assert window() == []


def test_a_list_of_words_is_right(window):
    view = QListView()
    view.setModel(QStringListModel(["one"]))
    view.setAccessibleName("Words")
    assert window(view) == []


def test_what_paints_itself_has_to_say_what(window):
    painted = Painted()
    painted.setMinimumSize(10, 10)
    assert window(painted) == ["contents"]
    painted.setAccessibleName("3 of 7 voted")
    assert window() == []


def test_a_line_of_home_is_a_button_that_a_screen_reader_presses(qtbot, dressed):
    line = Line(Route(Place.MEETINGS), "Interim review", "Tuesday", "Planned", Tone.NEUTRAL)
    qtbot.addWidget(line)
    spoken: Any = QAccessible.queryAccessibleInterface(line)
    assert spoken.role() is Role.Button
    assert spoken.text(Name) == "Interim review, Tuesday, Planned"
    with qtbot.waitSignal(line.opened):
        spoken.doAction(QAccessibleActionInterface.pressAction())


def test_tabs_tell_which_is_chosen(qtbot, dressed):
    tabs = Tabs([("Plan", QWidget()), ("People", QWidget())])
    qtbot.addWidget(tabs)
    spoken: list[Any] = [
        QAccessible.queryAccessibleInterface(each) for each in tabs.findChildren(QToolButton)
    ]
    first, second = spoken
    assert (first.role(), first.text(Name)) == (Role.PageTab, "Plan")
    assert (first.state().selected, second.state().selected) == (1, 0)
    second.doAction(QAccessibleActionInterface.pressAction())
    assert tabs.current == 1
    assert (first.state().selected, second.state().selected) == (0, 1)


def test_the_glass_of_a_filter_is_a_picture_and_the_cross_a_button(window):
    field = FilterField("Filter people")
    assert window(field) == []
    field.setText("Ada")
    roles = [
        QAccessible.queryAccessibleInterface(each).role()
        for each in field.findChildren(QToolButton)
    ]
    assert sorted(role.name for role in roles) == ["Button", "Graphic"]
    assert window() == []


def test_tab_stops_at_a_scroll_area_only_when_nothing_in_it_takes_it(qtbot, dressed):
    words, field = text("\n".join(["Read this."] * 40)), QLineEdit()
    inside = QWidget()
    inside.setLayout(QVBoxLayout())
    inside.layout().addWidget(words)
    inside.layout().addWidget(field)
    area = scrolled(inside)
    qtbot.addWidget(area)
    area.resize(200, 100)
    with qtbot.waitExposed(area):
        area.show()
    assert area.focusPolicy() is Qt.FocusPolicy.NoFocus
    field.hide()
    qtbot.waitUntil(lambda: area.focusPolicy() is Qt.FocusPolicy.StrongFocus)
    assert area.accessibleName().startswith("Read this.")
    assert findings(elements(area)) == []


def test_a_role_is_told_of_any_widget(qtbot, dressed):
    chart = Painted()
    play(chart, Role.Chart)
    chart.setAccessibleName("Quorum over the meeting")
    qtbot.addWidget(chart)
    spoken: Any = QAccessible.queryAccessibleInterface(chart)
    assert spoken.role() is Role.Chart
    assert QAccessibleActionInterface.pressAction() not in spoken.actionNames()


@pytest.mark.parametrize("scene", MAIN)
def test_the_main_pages_tell_a_screen_reader_everything(dressed, scene):
    seen = list(walk(rendering.application(), scene))
    assert seen
    assert all(one.elements > 20 for one in seen), "the page is there"
    assert {one.scene: one.findings for one in seen if one.findings} == {}


@pytest.mark.full
@pytest.mark.timeout(1200)
def test_every_scene_tells_a_screen_reader_everything(dressed):
    seen = list(walk(rendering.application()))
    assert len(seen) > 150
    assert {f"{one.data}/{one.scene}": one.findings for one in seen if one.findings} == {}
