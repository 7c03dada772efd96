"""Editors of one value. All have `value`, `set_value` and announce `committed` when done.

A value is committed when the person leaves the field, presses Enter or chooses: there is no OK.
"""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from PySide6.QtCore import QDate, QLocale, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QIntValidator, QKeyEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QCompleter,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from projectdesk.desktop.language import say
from projectdesk.desktop.models.fields import Entry, Field
from projectdesk.desktop.models.formats import day
from projectdesk.desktop.theme import Tone, restyle, set_icon
from projectdesk.desktop.theme.tokens import CONTROL_HEIGHT
from projectdesk.desktop.widgets.choice_editors import ChoiceEditor as ChoiceEditor
from projectdesk.desktop.widgets.choice_editors import ChoicesEditor as ChoicesEditor

_LONG_TEXT_HEIGHT = 104
_SHARE_DIGITS = 3
_EXAMPLE_DAY = date(2027, 3, 12)


class NotAValue(ValueError):
    """What is typed is no value of this field; the text says what would be."""


class TextEditor(QLineEdit):
    """One line."""

    committed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._saved = ""
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

    def show_as(self, value: Any) -> str:
        """Return how a value is written."""
        return "" if value is None else str(value)

    def _commit(self) -> None:
        if self.text() != self._saved:
            self._saved = self.text()
            self.committed.emit()

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
        words = self.text().strip().upper().removeprefix(self._prefix.upper()).strip()
        if not words:
            return None
        low, high = self._range
        if not words.isdecimal() or not low <= int(words) <= high:
            raise NotAValue(
                say(
                    "Expected a number from {low} to {high}.",
                    low=f"{self._prefix}{low}",
                    high=f"{self._prefix}{high}",
                )
            )
        return int(words)

    def show_as(self, value: Any) -> str:
        return "" if value is None else f"{self._prefix}{value}"


class ShareEditor(TextEditor):
    """A part of a whole such as a quorum, written 2/3 or 50 %: (numerator, denominator)."""

    def value(self) -> Any:
        words = self.text().replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
        if words.endswith("%"):
            words = f"{words[:-1]}/100"
        over, _, under = words.partition("/")
        if not (_is_count(over) and _is_count(under) and 0 < int(over) <= int(under)):
            raise NotAValue(say("Expected a share such as 2/3 or 50 %."))
        share = Fraction(int(over), int(under))
        return share.numerator, share.denominator

    def show_as(self, value: Any) -> str:
        return "" if value is None else f"{value[0]}/{value[1]}"


def _is_count(words: str) -> bool:
    return words.isdecimal() and len(words) <= _SHARE_DIGITS


class MoneyEditor(TextEditor):
    """An amount in euro, written as the reader's locale or as 1234.56."""

    def value(self) -> Any:
        words = self.text().replace("€", "").replace("\u202f", "").replace("\u00a0", "").strip()
        if not words:
            return None
        number, well = QLocale().toDouble(words)
        try:
            return Decimal(repr(number)).quantize(Decimal("0.01")) if well else Decimal(words)
        except InvalidOperation:
            raise NotAValue(say("Expected an amount such as 12500.50.")) from None

    def show_as(self, value: Any) -> str:
        if value is None:
            return ""
        places = 0 if value == value.to_integral_value() else 2
        return QLocale().toString(float(value), "f", places)


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
        words = self.text().strip()
        if not words:
            return None
        locale = QLocale()
        patterns = [
            locale.dateFormat(QLocale.FormatType.ShortFormat).replace("yyyy", "yy"),
            locale.dateFormat(QLocale.FormatType.ShortFormat)
            .replace("yyyy", "yy")
            .replace("yy", "yyyy"),
            "d MMM yyyy",
            "d. MMM yyyy",
            "MMM d, yyyy",
            "yyyy-MM-dd",
            "d.M.yyyy",
            "d/M/yyyy",
        ]
        for pattern in patterns:
            found = locale.toDate(words, pattern)
            if found.isValid():
                year = found.year() + 100 if found.year() < 1950 else found.year()
                return date(year, found.month(), found.day())
        raise NotAValue(say("Expected a date such as {example}.", example=day(_EXAMPLE_DAY)))

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
        words = self.text().strip().replace(".", ":").replace("h", ":").rstrip(":")
        parts = words.split(":")
        if words and len(parts) <= 2 and all(part.isdecimal() for part in parts):
            hour, minute = int(parts[0]), int(parts[1]) if len(parts) == 2 else 0
            if hour < 24 and minute < 60:
                return time(hour, minute)
        found = QLocale().toTime(self.text().strip(), QLocale.FormatType.ShortFormat)
        if found.isValid():
            return time(found.hour(), found.minute())
        raise NotAValue(say("Expected a time such as 9:30."))

    def show_as(self, value: Any) -> str:
        return "" if value is None else f"{value:%H:%M}"


class LongTextEditor(QPlainTextEdit):
    """Several lines; Tab leaves the field."""

    committed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._saved = ""
        self.setTabChangesFocus(True)
        self.setMinimumHeight(_LONG_TEXT_HEIGHT)

    def value(self) -> Any:
        """Return the text."""
        return self.toPlainText().strip()

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
        if self.toPlainText() != self._saved:
            self._saved = self.toPlainText()
            self.committed.emit()


@cache
def _zones() -> tuple[list[str], dict[str, str]]:
    """Return the zones there are, and each by its folded name and by its city."""
    names = sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")
    found = {name.rsplit("/", 1)[-1].casefold(): name for name in names}
    return names, found | {name.casefold(): name for name in names}


class ZoneEditor(TextEditor):
    """An IANA time zone; typing part of a city finds it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        names, self._names = _zones()
        completer = QCompleter(names, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        if (popup := completer.popup()) is not None:
            popup.setObjectName("completer")
        self.setCompleter(completer)
        self.setPlaceholderText("Europe/Copenhagen")

    def value(self) -> Any:
        words = self.text().strip().replace(" ", "_")
        if not words:
            return ""
        name = self._names.get(words.casefold())
        if name is None:
            raise NotAValue(say("Expected a time zone such as Europe/Lisbon."))
        return name


Editor = TextEditor | LongTextEditor | ChoiceEditor | ChoicesEditor


def editor_for(field: Field[Any], parent: QWidget | None = None) -> Editor:
    """Return an editor for `field`."""
    made: Editor
    match field.entry:
        case Entry.LONG_TEXT:
            made = LongTextEditor(parent)
        case Entry.NUMBER:
            made = NumberEditor(field.minimum, field.maximum, field.prefix, parent)
        case Entry.MONEY:
            made = MoneyEditor(parent)
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
