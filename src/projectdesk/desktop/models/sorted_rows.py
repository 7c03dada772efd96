"""Sorted and filtered rows over a `RowsModel`.

Sorting and filtering are plain list work, and views are told of it as of any other rows: Qt's own
proxy calls back for each comparison, which takes seconds with 20,000 rows (docs/adr/0067).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from PySide6.QtCore import QModelIndex, QObject, Qt

from projectdesk.desktop.models.column_filters import ColumnFilter
from projectdesk.desktop.models.folding import fold as fold
from projectdesk.desktop.models.ordering import order_of_names
from projectdesk.desktop.models.rows_model import Index, RowsModel

RowT = TypeVar("RowT")
_EMPTY = 2


def _orderable(value: object, of_text: Callable[[str], Any]) -> tuple[int, Any]:
    match value:
        case None | "":
            return (_EMPTY, 0)
        case bool() | int() | float() | Decimal():
            return (0, value)
        case datetime() | date() | tuple():
            return (0, value)
        case _:
            return (1, of_text(str(value)))


class SortedRows(RowsModel[RowT]):
    """Orders by a column's sort key (empty ones last) and keeps rows that hold every word."""

    def __init__(self, source: RowsModel[RowT], parent: QObject | None = None) -> None:
        super().__init__(source.columns, source.key, source.edit, parent)
        self._source = source
        self._words: tuple[str, ...] = ()
        self._filters: dict[int, ColumnFilter] = {}
        self._texts: dict[Hashable, tuple[RowT, str]] = {}
        self._by: tuple[int, Qt.SortOrder] = (-1, Qt.SortOrder.AscendingOrder)
        self._ordered: list[RowT] = []
        source.replaced.connect(self._on_source)
        source.dataChanged.connect(self._texts.clear)
        self._on_source()

    @property
    def filtered(self) -> bool:
        """True while a filter is set."""
        return bool(self._words or self._filters)

    @property
    def filters(self) -> Mapping[int, ColumnFilter]:
        """The filters of columns, by the number of the column."""
        return dict(self._filters)

    def set_filter(self, text: str) -> None:
        """Keep the rows that hold every word of `text` in any column."""
        words = tuple(fold(text).split())
        if words != self._words:
            self._words = words
            self._follow()

    def set_column_filter(self, column: int, wanted: ColumnFilter | None) -> None:
        """Keep the rows whose value in a column is wanted; None = all of them."""
        if self._filters.get(column) == wanted:
            return
        if wanted is None:
            del self._filters[column]
        else:
            self._filters[column] = wanted
        self._follow()

    def clear_column_filters(self) -> None:
        """Keep the rows whatever their columns hold."""
        if self._filters:
            self._filters.clear()
            self._follow()

    def shown(self) -> list[RowT]:
        """Return the rows as shown."""
        return list(self.rows)

    def mapToSource(self, index: Index) -> QModelIndex:
        """Return the index in the source that an index here stands for."""
        number = self._source.find(self.key(self.row(index.row()))) if index.isValid() else None
        return QModelIndex() if number is None else self._source.index(number, index.column())

    def mapFromSource(self, index: Index) -> QModelIndex:
        """Return the index here of an index of the source; not valid when it is filtered out."""
        if not index.isValid():
            return QModelIndex()
        number = self.find(self.key(self._source.row(index.row())))
        return QModelIndex() if number is None else self.index(number, index.column())

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order by a column, -1 = as the rows were set."""
        self._by = (column, order)
        self._on_source()

    # --- inside

    def _on_source(self) -> None:
        self._ordered = self._sorted(list(self._source.rows))
        self._follow()

    def _follow(self) -> None:
        self.set_rows(self._kept())

    def _kept(self) -> list[RowT]:
        rows = self._ordered
        for number, wanted in self._filters.items():
            column = self.columns[number]
            rows = [row for row in rows if wanted.accepts(column, row)]
        if self._words:
            rows = [row for row in rows if self._holds(row)]
        return rows

    def _holds(self, row: RowT) -> bool:
        key = self.key(row)
        known = self._texts.get(key)
        if known is None or known[0] is not row:
            text = fold(" ".join([column.text(row) for column in self.columns]))
            known = self._texts[key] = (row, text)
        return all(word in known[1] for word in self._words)

    def _sorted(self, rows: list[RowT]) -> list[RowT]:
        number, order = self._by
        if number < 0:
            return rows
        column = self.columns[number]
        value = column.sort or column.text
        of_text = order_of_names()
        keyed = [(_orderable(value(row), of_text), row) for row in rows]
        full = [pair for pair in keyed if pair[0][0] != _EMPTY]
        full.sort(key=lambda pair: pair[0], reverse=order == Qt.SortOrder.DescendingOrder)
        return [row for _, row in full] + [row for key, row in keyed if key[0] == _EMPTY]
