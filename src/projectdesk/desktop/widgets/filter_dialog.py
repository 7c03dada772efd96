"""How the rows of a table are filtered by one column: some of its values, words, or a range."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from projectdesk.desktop.language import say
from projectdesk.desktop.models.column_filters import (
    Between,
    ColumnFilter,
    Holds,
    OneOf,
    Way,
    values_of,
    way_of,
)
from projectdesk.desktop.models.entries import NotAValue, read_decimal, write_decimal
from projectdesk.desktop.models.fields import Column
from projectdesk.desktop.theme.tokens import SPACE_M, SPACE_S, SPACE_XS
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.editors import DateEditor, TextEditor
from projectdesk.desktop.widgets.layout import button, column, row, text

_LIST_HEIGHT = 280


class NumberField(TextEditor):
    """One end of a range of numbers; empty is no end. prefix: the M of project months."""

    prefix = ""

    def value(self) -> Any:
        """Return the number, None = no end; raises NotAValue."""
        return read_decimal(self.text().strip().upper().removeprefix(self.prefix.upper()))

    def show_as(self, value: Any) -> str:
        """Return how a number is written."""
        return "" if value is None else write_decimal(value)


class FilterDialog(Dialog):
    """Asks which rows of a table to keep, by one of its columns."""

    def __init__(self, table: Any, number: int) -> None:
        """Ask.

        Args:
            table: a `DataTable`.
            number: of the column.
        """
        self._table = table
        self._number = number
        self._column: Column[Any] = table.columns[number]
        super().__init__(
            table.window(), say("Filter {column}", column=self._column.title), width=400
        )
        filters = {each: wanted for each, _, wanted in table.column_filters}
        before: ColumnFilter | None = filters.get(number)
        self.way = way_of(self._column, table.rows)
        match self.way:
            case Way.VALUES:
                self._add_values(before)
            case Way.WORDS:
                self._add_words(before)
            case _:
                self._add_range(before)
        self.add_button(say("Cancel"), "", self.reject)
        if before is not None:
            self.add_button(say("Clear filter"), "", self._clear)
        self.add_button(say("Filter"), "primary", self._apply, default=True)

    # --- what is asked

    def _add_values(self, before: ColumnFilter | None) -> None:
        self.values = QListWidget()
        self.values.setAccessibleName(self._column.title)
        self.values.setMinimumHeight(_LIST_HEIGHT)
        kept = before.texts if isinstance(before, OneOf) else None
        for each in values_of(self._column, self._table.rows):
            item = QListWidgetItem(each or say("(empty)"))
            item.setData(Qt.ItemDataRole.UserRole, each)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            self.values.addItem(item)
            self._tick(item, kept is None or each in kept)
        self.values.setCurrentRow(0)
        self.values.itemClicked.connect(lambda item: self._tick(item, not _ticked(item)))
        self.values.installEventFilter(self)
        both = row(
            button(say("All"), "link", "", lambda: self._tick_all(ticked=True)),
            button(say("None|tick"), "link", "", lambda: self._tick_all(ticked=False)),
            None,
            spacing=SPACE_M,
        )
        self.add(both, self.values)

    def _add_words(self, before: ColumnFilter | None) -> None:
        self.text = TextEditor()
        self.text.setAccessibleName(say("Contains"))
        self.text.setText(before.text if isinstance(before, Holds) else "")
        label = text(say("Contains"), "label")
        label.setBuddy(self.text)
        self.add(column(label, self.text, spacing=SPACE_XS))

    def _add_range(self, before: ColumnFilter | None) -> None:
        make: type[TextEditor] = DateEditor if self.way is Way.DATES else NumberField
        self.low, self.high = make(), make()
        parts = []
        for words, editor in ((say("From"), self.low), (say("To"), self.high)):
            if isinstance(editor, NumberField) and self._column.field is not None:
                editor.prefix = self._column.field.prefix
            editor.setAccessibleName(words)
            label = text(words, "label")
            label.setBuddy(editor)
            parts.append(column(label, editor, spacing=SPACE_XS))
        if isinstance(before, Between):
            self.low.set_value(before.low)
            self.high.set_value(before.high)
        self.add(row(*parts, spacing=SPACE_S))

    # --- what was answered

    def _apply(self) -> None:
        try:
            wanted = self._wanted()
        except NotAValue as error:
            self.show_problem(str(error))
            return
        self._table.set_column_filter(self._number, wanted)
        self.accept()

    def _wanted(self) -> ColumnFilter | None:
        match self.way:
            case Way.VALUES:
                items = [self.values.item(n) for n in range(self.values.count())]
                kept = [item for item in items if _ticked(item)]
                if not kept:
                    raise NotAValue(say("Tick at least one value."))
                if len(kept) == len(items):
                    return None
                return OneOf(frozenset(item.data(Qt.ItemDataRole.UserRole) for item in kept))
            case Way.WORDS:
                words = self.text.text().strip()
                return Holds(words) if words else None
            case _:
                low, high = self.low.value(), self.high.value()
                return None if low is None and high is None else Between(low, high)

    def _clear(self) -> None:
        self._table.set_column_filter(self._number, None)
        self.accept()

    def _tick(self, item: QListWidgetItem, ticked: bool) -> None:
        item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)

    def _tick_all(self, *, ticked: bool) -> None:
        for number in range(self.values.count()):
            self._tick(self.values.item(number), ticked)

    def eventFilter(self, watched: Any, event: Any) -> bool:
        if event.type() == event.Type.KeyPress and event.key() == Qt.Key.Key_Space:
            item = self.values.currentItem()
            if item is not None:
                self._tick(item, not _ticked(item))
            return True
        return super().eventFilter(watched, event)


def _ticked(item: QListWidgetItem) -> bool:
    return item.checkState() is Qt.CheckState.Checked
