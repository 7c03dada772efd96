"""Everything at 200 %: the window at 640 x 400, dialogs larger than the screen, the size chosen."""

from __future__ import annotations

import os

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from projectdesk.desktop import preferences
from projectdesk.desktop.routes import Place
from projectdesk.desktop.shell.shell import Shell
from projectdesk.desktop.theme import scale
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.layout import text


@pytest.fixture
def shell(qtbot, dressed):
    made = Shell()
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.resize(640, 400)
    qtbot.waitUntil(lambda: made.size() == QSize(640, 400))
    return made


def _inside(widget: QWidget, window: QWidget) -> bool:
    at = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
    return window.rect().contains(at)


def test_the_window_can_be_as_small_as_a_screen_at_200_percent(shell):
    shell.top.set_projects([])
    for button in (*shell.rail.buttons.values(), shell.top.search, shell.top.undo):
        assert _inside(button, shell), button.accessibleName()
        assert button.width() >= 24
        assert button.height() >= 24, "WCAG 2.2, 2.5.8"
    assert shell.rail.buttons[Place.HOME].accessibleName() == "Home"
    shell.resize(1280, 800)
    QApplication.processEvents()
    assert shell.rail.buttons[Place.HOME].height() > 50, "words are back"


def test_a_page_that_needs_more_room_scrolls(shell, qtbot):
    page = QWidget()
    page.setMinimumSize(900, 700)
    small = QWidget()
    shell.add_page(Place.HOME, page)
    shell.add_page(Place.MEETINGS, small)
    shell.show_place(Place.HOME)
    qtbot.waitUntil(lambda: page.width() >= 900)
    area = shell.content.parentWidget().parentWidget()
    assert area.horizontalScrollBar().maximum() > 0
    assert area.verticalScrollBar().maximum() > 0
    shell.show_place(Place.MEETINGS)
    qtbot.waitUntil(lambda: area.horizontalScrollBar().maximum() == 0)
    assert area.verticalScrollBar().maximum() == 0, "what another page needs does not count"


def test_a_dialog_larger_than_the_screen_scrolls_and_keeps_its_buttons(qtbot, dressed, monkeypatch):
    monkeypatch.setattr(Dialog, "_room", lambda _: QSize(500, 300))
    dialog = Dialog(None, "Many lines", width=640)
    qtbot.addWidget(dialog)
    dialog.add(*(text(f"Line {number}") for number in range(40)))
    close = dialog.add_button("Close", "primary", dialog.accept, default=True)
    with qtbot.waitExposed(dialog):
        dialog.show()
    qtbot.waitUntil(lambda: dialog.height() <= 300)
    assert dialog.width() <= 500
    assert _inside(close, dialog)


def test_a_dialog_that_scrolls_keeps_the_focus_and_the_way_of_tab(qtbot, dressed, monkeypatch):
    monkeypatch.setattr(Dialog, "_room", lambda _: QSize(500, 300))
    dialog = Dialog(None, "Many lines", width=640)
    qtbot.addWidget(dialog)
    first, second = QLineEdit(), QLineEdit()
    dialog.add(first, *(text(f"Line {number}") for number in range(40)), second)
    close = dialog.add_button("Close", "primary", dialog.accept)
    first.setFocus()
    with qtbot.waitExposed(dialog):
        dialog.show()
    qtbot.waitUntil(lambda: dialog.height() <= 300)
    assert dialog.focusWidget() is first
    way = [first]
    while (following := way[-1].nextInFocusChain()) is not first:
        way.append(following)
    assert way.index(second) < way.index(close)


def test_a_dialog_that_fits_is_left_alone(qtbot, dressed):
    dialog = Dialog(None, "A line")
    qtbot.addWidget(dialog)
    dialog.add(text("One"))
    with qtbot.waitExposed(dialog):
        dialog.show()
    assert dialog._scroll is None


def test_the_size_is_kept_and_nonsense_is_not(tmp_path):
    assert preferences.load_size(tmp_path) == 0
    preferences.save_size(tmp_path, 150)
    assert preferences.load_size(tmp_path) == 150
    (tmp_path / "size.json").write_text('{"percent": 9000}', encoding="utf-8")
    assert preferences.load_size(tmp_path) == 0


def test_the_size_is_qt_s_factor_unless_the_environment_has_one(monkeypatch):
    monkeypatch.delenv("QT_SCALE_FACTOR", raising=False)
    monkeypatch.setattr(scale, "system_percent", lambda: 100)
    environment: dict[str, str] = {}
    monkeypatch.setattr(os, "environ", environment)
    scale.scale(0)
    assert environment == {}
    scale.scale(150)
    assert environment == {"QT_SCALE_FACTOR": "1.5"}
    scale.scale(200)
    assert environment == {"QT_SCALE_FACTOR": "1.5"}, "what is there wins"


def test_the_size_of_texts_that_windows_was_told_is_followed(monkeypatch):
    environment: dict[str, str] = {}
    monkeypatch.setattr(os, "environ", environment)
    monkeypatch.setattr(scale, "system_percent", lambda: 175)
    scale.scale(0)
    assert environment == {"QT_SCALE_FACTOR": "1.75"}
    assert [scale.read_percent(kept) for kept in (100, 225, 226, 99, "big", None)] == [
        100, 225, 100, 100, 100, 100,
    ]  # fmt: skip
