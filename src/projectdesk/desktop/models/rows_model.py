"""A table of frozen rows with one mutator."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from projectdesk.desktop.models.fields import Column

RowT = TypeVar("RowT")
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class RowsModel(QAbstractTableModel, Generic[RowT]):
    """Shows frozen rows; `set_rows` is the only way to change them.

    It tells views the smallest truth (removed, reordered, inserted, changed), so that selection,
    scroll position and open editors survive a reload.
    """

    def __init__(
        self,
        columns: Sequence[Column[RowT]],
        key: Callable[[RowT], Hashable],
        edit: Callable[[RowT, Column[RowT], object], None] | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Make an empty table.

        Args:
            columns: what to show of a row.
            key: the identity of a row; unique among rows shown together.
            edit: called with a value typed into a cell; the row changes when it is set again.
            parent: owner.
        """
        super().__init__(parent)
        self.columns = tuple(columns)
        self._key = key
        self._edit = edit
        self._rows: list[RowT] = []
        self._present: set[Hashable] = set()

    @property
    def rows(self) -> tuple[RowT, ...]:
        """The rows, in the order in which they were set."""
        return tuple(self._rows)

    def row(self, number: int) -> RowT:
        """Return the row at `number`, 0-based."""
        return self._rows[number]

    def find(self, key: Hashable) -> int | None:
        """Return where the row with `key` is."""
        for number, row in enumerate(self._rows):
            if self._key(row) == key:
                return number
        return None

    def set_rows(self, rows: Sequence[RowT]) -> None:
        """Show `rows` instead of what is shown."""
        wanted = {self._key(row): row for row in rows}
        if len(wanted) != len(rows):
            raise ValueError("two rows have the same key")
        self._remove_others(wanted)
        self._reorder([key for key in wanted if self._at(key)])
        self._insert_and_update(list(rows))

    def refresh(self) -> None:
        """Tell views that the same rows now read differently (another unit or language)."""
        if self._rows:
            last = self.index(len(self._rows) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    # --- how set_rows works

    def _at(self, key: Hashable) -> bool:
        return key in self._present

    def _remove_others(self, wanted: dict[Hashable, RowT]) -> None:
        end = len(self._rows)
        while end > 0:
            if self._key(self._rows[end - 1]) in wanted:
                end -= 1
                continue
            start = end - 1
            while start > 0 and self._key(self._rows[start - 1]) not in wanted:
                start -= 1
            self.beginRemoveRows(QModelIndex(), start, end - 1)
            del self._rows[start:end]
            self.endRemoveRows()
            end = start
        self._present = {self._key(row) for row in self._rows}

    def _reorder(self, order: list[Hashable]) -> None:
        if order == [self._key(row) for row in self._rows]:
            return
        self.layoutAboutToBeChanged.emit()
        place = {key: number for number, key in enumerate(order)}
        old = self.persistentIndexList()
        new = [self.index(place[self._key(self._rows[i.row()])], i.column()) for i in old]
        self._rows.sort(key=lambda row: place[self._key(row)])
        self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()

    def _insert_and_update(self, rows: list[RowT]) -> None:
        number = 0
        while number < len(rows):
            if self._at(self._key(rows[number])):
                self._update(number, rows[number])
                number += 1
                continue
            end = number
            while end < len(rows) and not self._at(self._key(rows[end])):
                end += 1
            self.beginInsertRows(QModelIndex(), number, end - 1)
            self._rows[number:number] = rows[number:end]
            self.endInsertRows()
            number = end
        self._present = {self._key(row) for row in self._rows}

    def _update(self, number: int, row: RowT) -> None:
        if self._rows[number] == row:
            return
        self._rows[number] = row
        self.dataChanged.emit(self.index(number, 0), self.index(number, len(self.columns) - 1))

    # --- what Qt asks

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row, column = self._rows[index.row()], self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return column.text(row)
            case Qt.ItemDataRole.EditRole:
                return column.field.value(row) if column.field else column.text(row)
            case Qt.ItemDataRole.ToolTipRole:
                return column.tip(row) if column.tip else None
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
            case _:
                return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if not index.isValid() or role != Qt.ItemDataRole.EditRole or self._edit is None:
            return False
        row, column = self._rows[index.row()], self.columns[index.column()]
        if column.field is None or column.field.value(row) == value:
            return False
        self._edit(row, column, value)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.isValid() and self._can_edit(index):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = self.columns[section].right
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def _can_edit(self, index: Index) -> bool:
        field = self.columns[index.column()].field
        if field is None or self._edit is None:
            return False
        return field.target is None or field.target(self._rows[index.row()]) is not None
