"""What was typed into a cell and refused: kept there for correction, with the reason."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex
from PySide6.QtWidgets import QAbstractItemView, QPlainTextEdit, QWidget

from projectdesk.desktop.widgets.cell_bubble import CellBubble

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Typed:
    """What was typed into a cell last. words: as typed, None where it was chosen."""

    key: Hashable
    field: str
    words: str | None


def words_in(editor: QWidget) -> str | None:
    """Return what is typed in an editor of a cell; None in one where values are chosen."""
    words = editor.property(_property(editor))
    return words if isinstance(words, str) else None


def put_words(editor: QWidget, words: str) -> None:
    """Put what was typed before into an editor of a cell."""
    editor.setProperty(_property(editor), words)


def _property(editor: QWidget) -> str:
    return "plainText" if isinstance(editor, QPlainTextEdit) else "text"


class RefusedCell(QObject):
    """The refusal of one cell of a `DataTable`, and the bubble that says it."""

    def __init__(self, table: Any) -> None:
        super().__init__(table)
        self._table = table
        self._typed: Typed | None = None
        self._at = QPersistentModelIndex()
        self.bubble = CellBubble(table.viewport())
        for bar in (table.verticalScrollBar(), table.horizontalScrollBar()):
            bar.valueChanged.connect(self._follow)
        table.selectionModel().currentChanged.connect(self._on_current)

    def note(self, index: Index, editor: QWidget) -> None:
        """Keep what an editor holds before it is saved."""
        row, column = self._table.cell(index)
        self._typed = Typed(self._table.key_of(row), column.field.name, words_in(editor))
        self._hide()

    def words_for(self, index: Index) -> str | None:
        """Return what was typed into a cell and refused; None where nothing was."""
        if not self.is_at(index):
            return None
        return self._typed.words if self._typed is not None else None

    def is_at(self, index: Index) -> bool:
        """Return whether the value of a cell was refused."""
        return self._at.isValid() and self._at == QPersistentModelIndex(index)

    def tell(self, index: Index, words: str) -> bool:
        """Say at a cell why it does not take a value; False where the cell is not on the screen."""
        if not index.isValid() or not self._table.isVisible():
            return False
        if self._table.isColumnHidden(index.column()):
            return False
        self._at = QPersistentModelIndex(index)
        self._table.scrollTo(index)
        self.bubble.tell(words, self._table.visualRect(index))
        self._table.viewport().update()
        return True

    def tell_typed(self, field: str, words: str) -> bool:
        """Say that the last value typed was refused; its cell opens again if one is still there.

        Returns:
            False where it was not typed in this table, or its cell is gone.
        """
        typed = self._typed
        if typed is None or typed.field != field:
            return False
        index = self._table.index_of(typed.key, typed.field)
        if not self.tell(index, words):
            return False
        editing = self._table.state() == QAbstractItemView.State.EditingState
        still_there = self._table.currentIndex() == index and self._table.hasFocus()
        if still_there and not editing and typed.words is not None:
            self._table.edit(index)
        return True

    def forget(self) -> None:
        """Drop what was refused."""
        self._typed = None
        self._hide()

    def _hide(self) -> None:
        if self._at.isValid():
            self._at = QPersistentModelIndex()
            self._table.viewport().update()
        self.bubble.hide()

    def _follow(self) -> None:
        if self._at.isValid() and not self.bubble.isHidden():
            self.bubble.place(self._table.visualRect(self._at))

    def _on_current(self, index: QModelIndex) -> None:
        if not self.is_at(index):
            self.bubble.hide()
        elif self.bubble.accessibleName():
            self.bubble.tell(self.bubble.accessibleName(), self._table.visualRect(index))
