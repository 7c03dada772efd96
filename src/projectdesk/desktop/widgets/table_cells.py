"""The cells of a table as a spreadsheet has them: rectangles, clipboard, filling, clearing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication

from projectdesk.desktop.models import tsv
from projectdesk.desktop.models.cell_edits import (
    Area,
    CellEdit,
    CellPlan,
    CellPlanner,
    editable,
)
from projectdesk.desktop.models.entries import copied, is_text
from projectdesk.desktop.models.fields import Column, RowHeading
from projectdesk.desktop.widgets.cell_problems import show_problems


class TableCells(QObject):
    """What is done with the selected cells of a `DataTable`.

    It reads the table through the functions given, and says what it wants changed.
    """

    planned = Signal(object, str)
    """list[CellEdit], label of the change"""
    refused = Signal(str)

    def __init__(self, table: Any, columns: Sequence[Column[Any]]) -> None:
        super().__init__(table)
        self._table = table
        self._columns = list(columns)

    @property
    def can_edit(self) -> bool:
        """True when any column can be changed in its cells."""
        return any(column.field is not None for column in self._columns)

    def area(self) -> Area | None:
        """Return the selected cells, the current one when none is; None without rows."""
        order = self._table.layout_of_columns.visible
        ranges = list(self._table.selectionModel().selection())
        rows = sorted({n for r in ranges for n in range(r.top(), r.bottom() + 1)})
        chosen = {n for r in ranges for n in range(r.left(), r.right() + 1)}
        places = [place for place, number in enumerate(order) if number in chosen]
        if rows and places:
            return Area(rows, places, whole_rows=len(places) == len(order))
        current = self._table.currentIndex()
        if not current.isValid() or current.column() not in order:
            return None
        return Area([current.row()], [order.index(current.column())])

    def corner(self) -> Area | None:
        """Return the cells that a block is pasted into, by its first one.

        With whole rows selected that is the cell the keyboard is on.
        """
        area = self.area()
        current = self._table.currentIndex()
        if area is None or not area.whole_rows or not current.isValid():
            return area
        order = self._table.layout_of_columns.visible
        return Area(area.rows, [order.index(current.column())])

    # --- copying

    def copy(self, *, titles: bool | None = None) -> None:
        """Put the selected cells on the clipboard as tab-separated text and as HTML.

        Args:
            titles: with the titles of the columns, and of rows where they have any; None = with
                whole rows only, and not where rows have titles of their own.
        """
        area = self.area()
        if area is None:
            return
        columns = [self._visible()[step] for step in area.columns]
        shown = self._table.shown()
        lines = [[copied(column, shown[number]) for column in columns] for number in area.rows]
        texts = [is_text(column) for column in columns]
        heading: RowHeading[Any] | None = self._table.row_heading
        if titles or (titles is None and area.whole_rows and heading is None):
            lines.insert(0, [column.title for column in columns])
            if heading is not None:
                names = [heading.title, *(heading.name(shown[number]) for number in area.rows)]
                lines = [[name, *line] for name, line in zip(names, lines, strict=True)]
                texts.insert(0, True)
        data = QMimeData()
        data.setText(tsv.write(lines))
        data.setHtml(tsv.write_html(lines, texts))
        QGuiApplication.clipboard().setMimeData(data)

    # --- changing

    def paste(self) -> None:
        """Put what is on the clipboard into the cells at the current one."""
        words = QGuiApplication.clipboard().text()
        area = self.corner()
        if area is None or not words or not self.can_edit:
            return
        block = tsv.read(words)
        named = self._table.row_heading is not None

        def plan(planner: CellPlanner) -> CellPlan:
            placed = planner.paste_named(block) if named else None
            return planner.paste(block, area) if placed is None else placed

        self._carry_out(plan, "Paste")

    def fill(self, *, right: bool = False) -> None:
        """Copy the first row (column) of the selection over the rest of it."""
        area = self.area()
        if area is None or not self.can_edit:
            return
        if area.whole_rows and not right:
            area = self.corner() or area
        wanted = area
        self._carry_out(lambda planner: planner.fill(wanted, right=right), "Fill")

    def clear(self) -> None:
        """Empty the selected cells."""
        area = self.area()
        if area is not None and self.can_edit:
            self._carry_out(lambda planner: planner.clear(area), "Clear")

    def clears(self) -> bool:
        """Return whether Delete empties cells: one can be changed, and no whole row would go."""
        area = self.area()
        if area is None or (area.whole_rows and self._table.deletes_rows):
            return False
        shown, columns = self._table.shown(), self._visible()
        return any(
            editable(columns[step], shown[number]) for number in area.rows for step in area.columns
        )

    # --- inside

    def _visible(self) -> list[Column[Any]]:
        return [self._columns[number] for number in self._table.layout_of_columns.visible]

    def _carry_out(self, plan: Callable[[CellPlanner], CellPlan], verb: str) -> None:
        planner = CellPlanner(self._table.shown(), self._visible(), self._table.row_name)
        made = plan(planner)

        def go() -> None:
            if made.edits:
                self.planned.emit(made.edits, label_of(verb, made.edits))

        if not made.problems:
            go()
        elif len(made.problems) == 1 and not made.edits:
            self.refused.emit(made.problems[0].words)
        else:
            show_problems(self._table.window(), made.problems, len(made.edits), go)


def label_of(verb: str, edits: Sequence[CellEdit]) -> str:
    """Return what a change of cells is called ("Paste 12 cells")."""
    return f"{verb} {len(edits)} cell{'' if len(edits) == 1 else 's'}"
