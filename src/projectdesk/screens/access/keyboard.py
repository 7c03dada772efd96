"""What a person finds who has a keyboard and no mouse.

The window is walked by real presses of Tab. What is told: controls that the walk does not reach and
that no arrow key reaches either (2.1.1), places from which Tab does not lead on (2.1.2), controls
that look the same with and without the focus (2.4.7), dialogs that Escape does not close.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QButtonGroup,
    QComboBox,
    QDialog,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

from projectdesk.desktop.theme.tokens import contrast
from projectdesk.desktop.widgets.data_table import DataTable
from projectdesk.desktop.widgets.pick_list import PickList
from projectdesk.screens.access.rules import Finding

_CONTROLS = (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit)
_CARET = frozenset({"bare", "paper"})
"""Looks of editors without an edge, in which the caret shows where one is."""
_MOST_STOPS = 800
_SEEN_AT_LEAST = 20
"""Pixels that the focus changes by 3:1 or more: an underline of a short word has about as many."""


class Keyboard:
    """Walks windows; remembers of which kinds of controls it has seen the focus."""

    def __init__(self) -> None:
        self._kinds: set[tuple[object, ...]] = set()

    def findings(self, window: QWidget) -> list[Finding]:
        """Return what is wrong in one window; the focus is left where the walk ends."""
        window.activateWindow()
        QApplication.processEvents()
        found = list(self._walk(window))
        return sorted({*found, *_without_a_key(window)})

    def _walk(self, window: QWidget) -> Iterator[Finding]:
        stops = [each for each in window.findChildren(QWidget) if _is_stop(each)]
        if not stops:
            return
        stops[0].setFocus(Qt.FocusReason.TabFocusReason)
        met: list[QWidget] = []
        here = QApplication.focusWidget()
        while here is not None and here not in met and len(met) < _MOST_STOPS:
            met.append(here)
            yield from self._look_and_go_on(here)
            here = QApplication.focusWidget()
        if here is not None and met and here is not met[0]:
            yield Finding("trap", f"{place_of(here)}: Tab does not lead on (2.1.2)")
        for stop in stops:
            if stop not in met and _is_stop(stop):
                yield Finding("tab", f"{place_of(stop)}: Tab does not come by (2.1.1)")

    def _look_and_go_on(self, here: QWidget) -> Iterator[Finding]:
        kind = _kind_of(here)
        if kind in self._kinds or here.property("look") in _CARET:
            press(here, Qt.Key.Key_Tab)
            return
        self._kinds.add(kind)
        QApplication.processEvents()
        focused = here.grab().toImage()
        press(here, Qt.Key.Key_Tab)
        QApplication.processEvents()
        if QApplication.focusWidget() is not here and not differs(focused, here.grab().toImage()):
            yield Finding("focus", f"{place_of(here)}: the focus cannot be seen (2.4.7)")


def escapes(dialog: QDialog) -> list[Finding]:
    """Press Escape in a dialog; return a finding when it stays."""
    place = place_of(dialog)
    inside: QWidget | None = dialog.focusWidget()
    press(dialog if inside is None else inside, Qt.Key.Key_Escape)
    QApplication.processEvents()
    if isValid(dialog) and dialog.isVisible():
        return [Finding("escape", f"{place}: Escape does not close it")]
    return []


def press(widget: QWidget, key: Qt.Key) -> None:
    """Press and release a key in `widget`, as the window system would."""
    modifiers = Qt.KeyboardModifier.NoModifier
    words = "\t" if key is Qt.Key.Key_Tab else ""  # an editor takes only what has a text
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, key, modifiers, words))


def differs(first: QImage, second: QImage) -> bool:
    """Tell whether enough pixels differ by 3:1 to be seen (1.4.11)."""
    if first.size() != second.size():
        return True
    count = 0
    for line in range(first.height()):
        if first.constScanLine(line) == second.constScanLine(line):
            continue
        for x in range(first.width()):
            before, after = first.pixel(x, line), second.pixel(x, line)
            if before != after and contrast(_hex(before), _hex(after)) >= 3:
                count += 1
                if count >= _SEEN_AT_LEAST:
                    return True
    return False


def place_of(widget: QWidget) -> str:
    """Return the classes from the window down to a widget, and its name."""
    names = [type(widget).__name__]
    above = widget.parentWidget()
    while above is not None and not widget.isWindow():
        names.append(type(above).__name__)
        above = None if above.isWindow() else above.parentWidget()
    called = widget.accessibleName() or str(widget.property("text") or "")
    return " > ".join(reversed(names)) + (f" “{called}”" if called else "")


def _hex(pixel: int) -> str:
    return f"#{pixel & 0xFFFFFF:06x}"


def _is_stop(widget: QWidget) -> bool:
    tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return tab and widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None


def _kind_of(widget: QWidget) -> tuple[object, ...]:
    looks = tuple(widget.property(name) for name in ("role", "look", "surface", "frame", "invalid"))
    checked = isinstance(widget, QAbstractButton) and widget.isChecked()
    return (type(widget), checked, *looks)


def _without_a_key(window: QWidget) -> Iterator[Finding]:
    """Find controls that Tab passes by, and that neither arrows nor a shortcut reach."""
    for widget in window.findChildren(QWidget):
        if not isinstance(widget, _CONTROLS) or _is_stop(widget) or not widget.isVisible():
            continue
        if widget.isEnabled() and not _reached_otherwise(widget):
            yield Finding("key", f"{place_of(widget)}: no key reaches it (2.1.1)")


def _reached_otherwise(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    if isinstance(parent, QLineEdit | QComboBox) or widget.focusProxy() is not None:
        return True  # a part of a field: its arrow, its cross
    if isinstance(widget, PickList):  # its field gives it the arrows and Return
        return True
    if isinstance(widget, QHeaderView):  # F4 and Shift+Space do what the titles of a table do
        return not widget.sectionsClickable() or isinstance(parent, DataTable)
    if isinstance(widget, QAbstractButton):
        group: QButtonGroup | None = widget.group()
        if group is not None and group.exclusive():
            return any(_is_stop(each) for each in group.buttons())
        if widget.autoExclusive() and parent is not None:  # the arrows go round such neighbours
            near = parent.findChildren(
                QAbstractButton, options=Qt.FindChildOption.FindDirectChildrenOnly
            )
            return any(each.autoExclusive() and _is_stop(each) for each in near)
        return not widget.shortcut().isEmpty()
    return False
