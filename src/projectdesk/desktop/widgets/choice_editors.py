"""Editors of what is chosen: one of some values, or any of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from projectdesk.desktop.models.fields import Option
from projectdesk.desktop.theme.tokens import CONTROL_HEIGHT
from projectdesk.desktop.widgets.elision import shortened

_MOST_LINES = 12
_LINE_HEIGHT = 30
_LEAST_WIDTH = 240


class _Drop(QComboBox):
    """A field that opens a list; its text ends in … where it does not fit."""

    committed = Signal()

    def __init__(self, options: Callable[[], Sequence[Option]], parent: QWidget | None) -> None:
        super().__init__(parent)
        self._options = options
        self.setMinimumHeight(CONTROL_HEIGHT)
        self.setMinimumContentsLength(8)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def shown_text(self) -> str:
        """Return what the closed field says."""
        return self.currentText() or self.placeholderText()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            self,
        )
        option.currentText = shortened(self.fontMetrics(), self.shown_text(), room.width() - 4)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # a wheel over a form scrolls the form


class ChoiceEditor(_Drop):
    """One of some values; with many, typing finds them."""

    def __init__(self, options: Callable[[], Sequence[Option]], parent: QWidget | None = None):
        super().__init__(options, parent)
        self._wanted: Any = None
        self.setMaxVisibleItems(14)
        self.view().setTextElideMode(Qt.TextElideMode.ElideRight)
        self.load()
        self.activated.connect(self._chosen)

    def load(self) -> None:
        """Ask for the options again."""
        self.blockSignals(True)
        self.clear()
        self._values: list[Any] = []
        for option in self._options():
            self._values.append(option.value)
            self.addItem(option.label)
        self.blockSignals(False)
        self.set_value(self._wanted)

    def value(self) -> Any:
        """Return the chosen value."""
        number = self.currentIndex()
        return self._values[number] if 0 <= number < len(self._values) else None

    def set_value(self, value: Any) -> None:
        """Choose `value`; nothing when it is no option."""
        self._wanted = value
        number = self._values.index(value) if value in self._values else -1
        if number != self.currentIndex():
            self.setCurrentIndex(number)

    def _chosen(self) -> None:
        if self.value() != self._wanted:
            self._wanted = self.value()
            self.committed.emit()


class CheckList(QListWidget):
    """Values with a tick each, in a window of its own that goes when one looks elsewhere."""

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("completer")
        self.setWindowFlag(Qt.WindowType.Popup)
        self.itemClicked.connect(_toggle)

    def fill(self, options: Sequence[Option], chosen: Sequence[object]) -> None:
        """Show `options`, those of `chosen` ticked."""
        self.clear()
        for option in options:
            item = QListWidgetItem(option.label)
            # The whole line is the target, so Qt must not toggle the box on its own as well.
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            ticked = option.value in chosen
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            self.addItem(item)
        self.setCurrentRow(0)

    def ticked(self) -> list[int]:
        """Return the numbers of the ticked lines."""
        return [
            number
            for number in range(self.count())
            if self.item(number).checkState() is Qt.CheckState.Checked
        ]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Space:
                _toggle(self.currentItem())
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Escape | Qt.Key.Key_Tab:
                self.hide()
            case _:
                super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.closed.emit()


class ChoicesEditor(_Drop):
    """Any of some values, ticked in a list; they are committed when the list closes."""

    def __init__(self, options: Callable[[], Sequence[Option]], parent: QWidget | None = None):
        super().__init__(options, parent)
        self._chosen: list[Any] = []
        self._shown: list[Option] = []
        self._list: CheckList | None = None
        self.load()

    def load(self) -> None:
        """Ask for the options again."""
        self._shown = [option for option in self._options() if option.value is not None]
        self._describe()

    def value(self) -> Any:
        """Return the chosen values, in the order of the options."""
        return list(self._chosen)

    def set_value(self, value: Any) -> None:
        """Choose `value`, any number of values; not while the list is open."""
        if self._list is None or self._list.isHidden():
            self._chosen = list(value or ())
            self._describe()

    def shown_text(self) -> str:
        """Return the first words of what is chosen ("WP1, WP3")."""
        chosen = [option.label for option in self._shown if option.value in self._chosen]
        return ", ".join(label.split(" ", 1)[0] for label in chosen) or "–"

    def showPopup(self) -> None:
        if self._list is None:
            self._list = CheckList(self)
            self._list.closed.connect(self._take)
        self._list.fill(self._shown, self._chosen)
        lines = min(max(len(self._shown), 1), _MOST_LINES)
        self._list.resize(max(self.width(), _LEAST_WIDTH), lines * _LINE_HEIGHT + 12)
        self._list.move(self.mapToGlobal(QPoint(0, self.height() + 4)))
        self._list.show()
        self._list.setFocus()

    def hidePopup(self) -> None:
        if self._list is not None:
            self._list.hide()
        super().hidePopup()

    @property
    def list(self) -> CheckList | None:
        """The list, once it was opened."""
        return self._list

    def _take(self) -> None:
        if self._list is None:
            return
        chosen = [self._shown[number].value for number in self._list.ticked()]
        if set(chosen) != set(self._chosen):
            self._chosen = chosen
            self._describe()
            self.committed.emit()

    def _describe(self) -> None:
        chosen = [option.label for option in self._shown if option.value in self._chosen]
        self.setToolTip("\n".join(chosen))
        self.setAccessibleDescription(", ".join(chosen))
        self.update()


def _toggle(item: QListWidgetItem | None) -> None:
    if item is not None:
        ticked = item.checkState() is Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked)
