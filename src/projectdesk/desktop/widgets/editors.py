"""Editors of one value. All have `value`, `set_value` and announce `committed` when done.

A value is committed when the person leaves the field, presses Enter or chooses: there is no OK.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QDate, QLocale, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QFocusEvent, QIntValidator, QKeyEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QCompleter,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from projectdesk.desktop.language import say
from projectdesk.desktop.models.entries import NotAValue as NotAValue
from projectdesk.desktop.models.entries import (
    read_date,
    read_money,
    read_number,
    read_person_months,
    read_share,
    read_time,
    read_zone,
    write_decimal,
    zones,
)
from projectdesk.desktop.models.fields import Entry, Field
from projectdesk.desktop.models.formats import day
from projectdesk.desktop.models.months import MonthUnit
from projectdesk.desktop.theme import Tone, restyle, set_icon
from projectdesk.desktop.theme.tokens import CONTROL_HEIGHT
from projectdesk.desktop.widgets.choice_editors import ChoiceEditor as ChoiceEditor
from projectdesk.desktop.widgets.choice_editors import ChoicesEditor as ChoicesEditor

_LONG_TEXT_LEAST, _LONG_TEXT_USUAL = 80, 144
"""Heights of a field of several lines where there is little room, and where there is enough."""


class TextEditor(QLineEdit):
    """One line."""

    committed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._saved = ""
        self.refused = False
        self.setMinimumHeight(CONTROL_HEIGHT)
        self.editingFinished.connect(self._commit)

    def value(self) -> Any:
        """Return the value; raises NotAValue."""
        return self.text().strip()

    def set_value(self, value: Any) -> None:
        """Show `value`, unless the person is typing something else."""
        shown = self.show_as(value)
        if self.hasFocus() and self.text() != self._saved:
            return
        self._saved = shown
        if self.text() != shown:
            self.setText(shown)
            self.setCursorPosition(0)

    @property
    def typing(self) -> bool:
        """True while a person changes the text and has not left it yet."""
        return self.hasFocus() and self.text() != self._saved

    @property
    def saved(self) -> str:
        """What the field held when it was shown or saved last."""
        return self._saved

    @property
    def is_unsaved(self) -> bool:
        """True while the field holds what is saved nowhere: it is being typed, or was refused."""
        return self.text() != self._saved or self.refused

    def show_as(self, value: Any) -> str:
        """Return how a value is written."""
        return "" if value is None else str(value)

    def _commit(self) -> None:
        if self.text() != self._saved or self.refused:
            self._saved, self.refused = self.text(), False
            self.committed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.refused:  # Qt tells of an edit once, and this one has still to be saved
            self._commit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text() != self._saved:
            self.setText(self._saved)
        else:
            super().keyPressEvent(event)


class NumberEditor(TextEditor):
    """A whole number, optionally with a prefix such as the M of a project month."""

    def __init__(
        self,
        minimum: int = 0,
        maximum: int = 9999,
        prefix: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._range = (minimum, maximum)
        self._prefix = prefix
        if not prefix:
            self.setValidator(QIntValidator(0, maximum, self))

    def value(self) -> Any:
        return read_number(self.text(), *self._range, self._prefix)

    def show_as(self, value: Any) -> str:
        return "" if value is None else f"{self._prefix}{value}"


class MonthEditor(TextEditor):
    """A project month in the unit that the project is shown in; M12 and a day both do."""

    def __init__(self, field: Field[Any], unit: MonthUnit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self._unit = unit
        self._month: int | None = None
        unit.changed.connect(self._show_again)

    def value(self) -> Any:
        return self._unit.read(self.text(), self._field.minimum, self._field.maximum)

    def set_value(self, value: Any) -> None:
        super().set_value(value)
        self._month = value
        self.setToolTip(self._unit.other(value, ends=self._field.ends) if value else "")

    def show_as(self, value: Any) -> str:
        if value is None:
            return ""
        return self._unit.ends(value) if self._field.ends else self._unit.begins(value)

    def _show_again(self) -> None:
        self.set_value(self._month)


class ShareEditor(TextEditor):
    """A part of a whole such as a quorum, written 2/3 or 50 %: (numerator, denominator)."""

    def value(self) -> Any:
        return read_share(self.text())

    def show_as(self, value: Any) -> str:
        return "" if value is None else f"{value[0]}/{value[1]}"


class MoneyEditor(TextEditor):
    """An amount in euro, written as the reader's locale or as 1234.56."""

    def value(self) -> Any:
        return read_money(self.text())

    def show_as(self, value: Any) -> str:
        if value is None:
            return ""
        places = 0 if value == value.to_integral_value() else 2
        return QLocale().toString(float(value), "f", places)


class PersonMonthsEditor(TextEditor):
    """Person-months, with at most two places; empty is none."""

    def value(self) -> Any:
        return read_person_months(self.text())

    def show_as(self, value: Any) -> str:
        return "" if value is None else write_decimal(value)


class DateEditor(TextEditor):
    """A day, typed or picked from a calendar; empty is no day."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._calendar: QCalendarWidget | None = None
        self._pick = QAction(self)
        set_icon(self._pick, "calendar-days", Tone.MUTED)
        self._pick.setToolTip(say("Pick a day"))
        self._pick.triggered.connect(self._open_calendar)
        self.addAction(self._pick, QLineEdit.ActionPosition.TrailingPosition)
        self.setPlaceholderText(say("Not set"))

    def value(self) -> Any:
        return read_date(self.text())

    def show_as(self, value: Any) -> str:
        return day(value)

    def _open_calendar(self) -> None:
        calendar = QCalendarWidget(self)
        calendar.setWindowFlag(Qt.WindowType.Popup)
        calendar.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        try:
            current = self.value()
        except NotAValue:
            current = None
        if current is not None:
            calendar.setSelectedDate(QDate(current.year, current.month, current.day))
        calendar.clicked.connect(self._picked)
        calendar.activated.connect(self._picked)
        calendar.move(self.mapToGlobal(QPoint(0, self.height() + 4)))
        self._calendar = calendar
        calendar.show()

    def _picked(self, chosen: QDate) -> None:
        if self._calendar is not None:
            self._calendar.close()
            self._calendar = None
        self.setText(day(date(chosen.year(), chosen.month(), chosen.day())))
        self._commit()


class TimeEditor(TextEditor):
    """A time of day, such as 9, 9:30 or 14.00."""

    def value(self) -> Any:
        return read_time(self.text())

    def show_as(self, value: Any) -> str:
        return "" if value is None else f"{value:%H:%M}"


class LongTextEditor(QPlainTextEdit):
    """Several lines; Tab leaves the field."""

    committed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._saved = ""
        self.refused = False
        self.setTabChangesFocus(True)
        self.setMinimumHeight(_LONG_TEXT_LEAST)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), _LONG_TEXT_USUAL)

    def value(self) -> Any:
        """Return the text."""
        return self.toPlainText().strip()

    @property
    def saved(self) -> str:
        """What the field held when it was shown or saved last."""
        return self._saved

    @property
    def is_unsaved(self) -> bool:
        """True while the field holds what is saved nowhere: it is being typed, or was refused."""
        return self.toPlainText() != self._saved or self.refused

    def set_value(self, value: Any) -> None:
        """Show `value`, unless the person is typing something else."""
        shown = "" if value is None else str(value)
        if self.hasFocus() and self.toPlainText() != self._saved:
            return
        self._saved = shown
        if self.toPlainText() != shown:
            self.setPlainText(shown)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.toPlainText() != self._saved or self.refused:
            self._saved, self.refused = self.toPlainText(), False
            self.committed.emit()


class ZoneEditor(TextEditor):
    """An IANA time zone; typing part of a city finds it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        completer = QCompleter(zones()[0], self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        if (popup := completer.popup()) is not None:
            popup.setObjectName("completer")
        self.setCompleter(completer)
        self.setPlaceholderText("Europe/Copenhagen")

    def value(self) -> Any:
        return read_zone(self.text())


class SuggestingEditor(TextEditor):
    """One line; usual texts are offered while one types, all of them at Down in an empty field."""

    def __init__(self, suggestions: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        completer = QCompleter(list(suggestions), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        if (popup := completer.popup()) is not None:
            popup.setObjectName("completer")
        completer.activated.connect(lambda _: QTimer.singleShot(0, self, self._commit))
        self.setCompleter(completer)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        completer = self.completer()
        if event.key() == Qt.Key.Key_Down and not self.text() and completer is not None:
            completer.setCompletionPrefix("")
            completer.complete()
        else:
            super().keyPressEvent(event)


Editor = TextEditor | LongTextEditor | ChoiceEditor | ChoicesEditor


def editor_for(field: Field[Any], parent: QWidget | None = None) -> Editor:
    """Return an editor for `field`."""
    made: Editor
    match field.entry:
        case Entry.LONG_TEXT:
            made = LongTextEditor(parent)
        case Entry.NUMBER if field.months is not None:
            made = MonthEditor(field, field.months, parent)
        case Entry.NUMBER:
            made = NumberEditor(field.minimum, field.maximum, field.prefix, parent)
        case Entry.MONEY:
            made = MoneyEditor(parent)
        case Entry.PERSON_MONTHS:
            made = PersonMonthsEditor(parent)
        case Entry.DATE:
            made = DateEditor(parent)
        case Entry.TIME:
            made = TimeEditor(parent)
        case Entry.CHOICE:
            made = ChoiceEditor(field.options, parent)
        case Entry.CHOICES:
            made = ChoicesEditor(field.options, parent)
        case Entry.SHARE:
            made = ShareEditor(parent)
        case Entry.ZONE:
            made = ZoneEditor(parent)
        case Entry.TEXT if field.suggestions:
            made = SuggestingEditor(field.suggestions, parent)
        case _:
            made = TextEditor(parent)
    made.setAccessibleName(field.label)
    if field.hint and not isinstance(made, ChoiceEditor | ChoicesEditor):
        made.setPlaceholderText(field.hint)
    return made


def mark_invalid(editor: QWidget, invalid: bool) -> None:
    """Give `editor` the look of a field whose value is refused, or take it away."""
    editor.setProperty("invalid", "true" if invalid else "false")
    restyle(editor)
