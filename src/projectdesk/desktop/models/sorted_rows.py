"""Sorted and filtered rows over a `RowsModel`."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)

from projectdesk.desktop.models.rows_model import RowsModel

RowT = TypeVar("RowT")


def fold(text: str) -> str:
    """Return `text` as it is searched: without case and accents."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def _orderable(value: object) -> tuple[int, Any]:
    match value:
        case None | "":
            return (2, 0)
        case bool() | int() | float() | Decimal():
            return (0, value)
        case datetime() | date() | tuple():
            return (0, value)
        case _:
            return (1, fold(str(value)))


class SortedRows(QSortFilterProxyModel, Generic[RowT]):
    """Orders by a column's sort key (empty ones last) and keeps rows that hold every word."""

    def __init__(self, rows: RowsModel[RowT], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = rows
        self._words: tuple[str, ...] = ()
        self.setSourceModel(rows)
        self.setDynamicSortFilter(True)

    @property
    def filtered(self) -> bool:
        """True while a filter is set."""
        return bool(self._words)

    def set_filter(self, text: str) -> None:
        """Keep the rows that hold every word of `text` in any column."""
        words = tuple(fold(text).split())
        if words != self._words:
            self.beginFilterChange()
            self._words = words
            self.endFilterChange()

    def row_at(self, number: int) -> RowT:
        """Return the row shown at `number`."""
        return self._source.row(self.mapToSource(self.index(number, 0)).row())

    def shown(self) -> list[RowT]:
        """Return the rows as shown."""
        return [self.row_at(number) for number in range(self.rowCount())]

    def sort_key(self, number: int, column: int) -> tuple[int, Any]:
        """Return what the row `number` of the source is ordered by in `column`."""
        spec = self._source.columns[column]
        row = self._source.row(number)
        return _orderable(spec.sort(row) if spec.sort else spec.text(row))

    def lessThan(
        self,
        source_left: QModelIndex | QPersistentModelIndex,
        source_right: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        left = self.sort_key(source_left.row(), source_left.column())
        right = self.sort_key(source_right.row(), source_right.column())
        descending = self.sortOrder() == Qt.SortOrder.DescendingOrder
        if left[0] == 2 or right[0] == 2:  # empty is last in both orders
            return (left[0] == 2) and (right[0] != 2) if descending else left[0] < right[0]
        return bool(left < right)

    def filterAcceptsRow(
        self, source_row: int, source_parent: QModelIndex | QPersistentModelIndex
    ) -> bool:
        if not self._words:
            return True
        row = self._source.row(source_row)
        text = fold(" ".join(column.text(row) for column in self._source.columns))
        return all(word in text for word in self._words)
