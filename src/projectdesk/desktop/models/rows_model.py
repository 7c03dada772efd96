"""A table of frozen rows with one mutator."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from itertools import pairwise
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from projectdesk.desktop.models.fields import Column

RowT = TypeVar("RowT")
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_MOST_BLOCKS = 24
"""Up to so many blocks of rows are told one by one; more are told in a few large steps."""


class RowsModel(QAbstractTableModel, Generic[RowT]):
    """Shows frozen rows; `set_rows` is the only way to change them.

    It tells views the smallest truth (removed, reordered, inserted, changed), so that selection,
    scroll position and open editors survive a reload. `replaced` follows each `set_rows`, once.
    """

    replaced = Signal()

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
        self.edit = edit
        self.row_title: Callable[[RowT], str] | None = None
        self._rows: list[RowT] = []
        self._keys: list[Hashable] = []

    @property
    def rows(self) -> tuple[RowT, ...]:
        """The rows, in the order in which they were set."""
        return tuple(self._rows)

    def row(self, number: int) -> RowT:
        """Return the row at `number`, 0-based."""
        return self._rows[number]

    def find(self, key: Hashable) -> int | None:
        """Return where the row with `key` is."""
        try:
            return self._keys.index(key)
        except ValueError:
            return None

    def key(self, row: RowT) -> Hashable:
        """Return the identity of a row."""
        return self._key(row)

    def set_rows(self, rows: Sequence[RowT]) -> None:
        """Show `rows` instead of what is shown."""
        key = self._key
        wanted = {key(row): row for row in rows}
        if len(wanted) != len(rows):
            raise ValueError("two rows have the same key")
        keys = list(wanted)
        if self._keys != keys:
            self._remove_others(wanted)
            present = set(self._keys)
            self._reorder([each for each in keys if each in present])
            self._insert(list(rows), keys, present)
        self._update(rows)
        self.replaced.emit()

    def refresh(self) -> None:
        """Show the same rows again: what columns say of them has changed (another unit)."""
        if self._rows:
            last = self.index(len(self._rows) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
        self.replaced.emit()

    # --- how set_rows works

    def _remove_others(self, wanted: dict[Hashable, RowT]) -> None:
        before = self._keys
        going = [key not in wanted for key in before]
        if _blocks(going) > _MOST_BLOCKS:
            staying = [key for key in before if key in wanted]
            self._reorder(staying + [key for key in before if key not in wanted])
            going = [False] * len(staying) + [True] * (len(before) - len(staying))
        end = len(going)
        while end > 0:
            if not going[end - 1]:
                end -= 1
                continue
            start = end - 1
            while start > 0 and going[start - 1]:
                start -= 1
            self.beginRemoveRows(QModelIndex(), start, end - 1)
            del self._rows[start:end]
            del self._keys[start:end]
            self.endRemoveRows()
            end = start

    def _reorder(self, order: list[Hashable]) -> None:
        """Bring the rows there are into an order of their keys."""
        if order == self._keys:
            return
        self.layoutAboutToBeChanged.emit()
        place = {key: number for number, key in enumerate(order)}
        old = self.persistentIndexList()
        new = [self.index(place[self._keys[i.row()]], i.column()) for i in old]
        row_of = dict(zip(self._keys, self._rows, strict=True))
        self._rows = [row_of[key] for key in order]
        self._keys = list(order)
        self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()

    def _insert(self, rows: list[RowT], keys: list[Hashable], present: set[Hashable]) -> None:
        """Insert what is new; what is there is in the order of `keys` already."""
        order = keys
        coming = [key not in present for key in keys]
        scattered = _blocks(coming) > _MOST_BLOCKS
        if scattered:
            new = [number for number, each in enumerate(coming) if each]
            rows = [*self._rows, *(rows[number] for number in new)]
            order = [*self._keys, *(keys[number] for number in new)]
            coming = [False] * len(self._rows) + [True] * len(new)
        number = 0
        while number < len(rows):
            if not coming[number]:
                number += 1
                continue
            end = number
            while end < len(rows) and coming[end]:
                end += 1
            self.beginInsertRows(QModelIndex(), number, end - 1)
            self._rows[number:number] = rows[number:end]
            self._keys[number:number] = order[number:end]
            self.endInsertRows()
            number = end
        if scattered:
            self._reorder(keys)

    def _update(self, rows: Sequence[RowT]) -> None:
        """Put the new content of rows that were there; each block of changed ones is told once."""
        changed = [
            number
            for number, row in enumerate(rows)
            if self._rows[number] is not row and self._rows[number] != row
        ]
        self._rows = list(rows)
        last_column = len(self.columns) - 1
        for first, last in _spans(changed):
            self.dataChanged.emit(self.index(first, 0), self.index(last, last_column))

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
        if not index.isValid() or role != Qt.ItemDataRole.EditRole or self.edit is None:
            return False
        row, column = self._rows[index.row()], self.columns[index.column()]
        if column.field is None or column.field.value(row) == value:
            return False
        self.edit(row, column, value)
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
        if orientation == Qt.Orientation.Vertical:
            named = self.row_title is not None and role == Qt.ItemDataRole.DisplayRole
            if named and self.row_title and 0 <= section < len(self._rows):
                return self.row_title(self._rows[section])
            return None
        if not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.columns[section].title or self.columns[section].about
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.columns[section].about or self.columns[section].title or None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = self.columns[section].right
            side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def _can_edit(self, index: Index) -> bool:
        field = self.columns[index.column()].field
        if field is None or self.edit is None:
            return False
        return field.target is None or field.target(self._rows[index.row()]) is not None


def _blocks(flags: Sequence[bool]) -> int:
    """Return how many runs of True there are."""
    return sum(flag and not before for before, flag in pairwise([False, *flags]))


def _spans(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return runs of neighbours, first and last; one from end to end when there are many."""
    spans: list[tuple[int, int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], number)
        else:
            spans.append((number, number))
    return [(numbers[0], numbers[-1])] if len(spans) > _MOST_BLOCKS else spans
