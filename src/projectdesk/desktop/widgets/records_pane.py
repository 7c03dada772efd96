"""A list with its toolbar, and the selected record beside it: master and detail."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from projectdesk.desktop.models.fields import Column, Field
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_XL
from projectdesk.desktop.widgets.bulk_inspector import BulkInspector
from projectdesk.desktop.widgets.data_table import DataTable
from projectdesk.desktop.widgets.dialog import confirm_deletion
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.filter_bar import FilterBar
from projectdesk.desktop.widgets.form import Inspector
from projectdesk.desktop.widgets.header import FilterField
from projectdesk.desktop.widgets.layout import Margins, column, plain, row, show_if
from projectdesk.desktop.widgets.ordered_table import OrderedTable
from projectdesk.desktop.widgets.toolbar import toolbar

RowT = TypeVar("RowT")
_MARGINS = (SPACE_XL, SPACE_L, SPACE_XL, SPACE_XL)


class RecordsPane(QWidget, Generic[RowT]):
    """Filter and actions above a table; the inspector opens when a row is selected."""

    entered = Signal(object, object, object)
    """row, field (models.fields.Field), value"""
    entered_many = Signal(object, str)
    """list[models.cell_edits.CellEdit], label of the change"""
    delete_asked = Signal(object)
    history_asked = Signal(object)
    came = Signal()
    went = Signal()

    def __init__(
        self,
        columns: Sequence[Column[RowT]],
        empty: EmptyState,
        *,
        lines: Sequence[Field[Any] | Sequence[Field[Any]]] = (),
        title: Callable[[RowT], str] = str,
        subtitle: Callable[[RowT], str] | None = None,
        key: Callable[[Any], Hashable] = lambda row: row.id,
        delete_words: str = "",
        left: Sequence[QWidget] = (),
        right: Sequence[QWidget] = (),
        extra: Sequence[QWidget] = (),
        above: Sequence[QWidget] = (),
        placeholder: str = "",
        sortable: bool = True,
        margins: Margins = _MARGINS,
        name: str = "",
        label: str = "",
        ordered: type[OrderedTable[RowT]] = OrderedTable,
    ) -> None:
        """Make an empty pane.

        Args:
            columns: of the table.
            empty: shown without rows.
            lines: fields of the inspector; none = no inspector.
            title: heading of the inspector for a row.
            subtitle: line under it.
            key: identity of a row.
            delete_words: label of the inspector's delete button, "" = none.
            left: controls beside the filter.
            right: actions at the right of the toolbar.
            extra: more in the inspector.
            above: the same, over its fields.
            placeholder: of the filter.
            sortable: False = the rows have an order of their own, which can be changed.
            margins: around toolbar and table.
            name: under which the look of the columns is kept; "" = by the class of the pane.
            label: what the list is called, for who does not see it.
            ordered: the table of rows with an order of their own.
        """
        super().__init__()
        self._title = title
        self._subtitle = subtitle or (lambda _: "")
        self._inspected: RowT | None = None
        self._fields = {f.name: f for line in lines for f in _flat(line)}
        self.filter = FilterField(placeholder)
        self.table: DataTable[RowT] = (
            DataTable(columns, key, empty, name=name or _name_of(self))
            if sortable
            else ordered(columns, key, empty, name=name or _name_of(self))
        )
        self.table.setAccessibleName(label)
        self.inspector: Inspector | None = None
        inspector = partial(Inspector, lines, delete_words, extra, above)
        self._make_inspector = inspector if lines else None
        self.toolbar = toolbar(self.filter, *left, None, *right)
        self.filter_bar = FilterBar(self.table)
        self.bulk: BulkInspector | None = None
        self._make_bulk = partial(BulkInspector, lines, delete_words) if lines else None
        main = column(self.toolbar, self.filter_bar, self.table, spacing=SPACE_M, margins=margins)
        main.setStretch(2, 1)
        self._beside = row(plain(main), spacing=0)
        self._beside.setStretch(0, 1)
        self.setLayout(self._beside)
        if lines:
            self.table.current_changed.connect(self._inspect)
            self.table.selected_changed.connect(self._inspect_many)
        self.filter.textChanged.connect(self.table.set_filter)
        self.filter.left_down.connect(self.table.setFocus)
        self.table.edited.connect(self.entered)
        self.table.edited_many.connect(self.entered_many)

    def _open_inspector(self) -> Inspector | None:
        """Return the inspector, made when it is first needed: its many editors take time."""
        if self.inspector is None and self._make_inspector is not None:
            made = self._make_inspector()
            made.closed.connect(self.table.clear_selection)
            made.delete_asked.connect(self._ask_delete)
            made.entered.connect(self._on_entered)
            made.history_asked.connect(self._ask_history)
            made.hide()
            self._beside.addWidget(made)
            self.inspector = made
        return self.inspector

    # --- what presenters call (presenters.records.RecordsView)

    def show_rows(self, rows: Sequence[RowT]) -> None:
        """Show all rows; the inspector follows the selected one."""
        self.table.show_rows(rows)
        current = self.table.current()
        if self._make_inspector is not None and current is not None:
            self._inspect(current)
            self._inspect_many()

    def select(self, record: Hashable) -> None:
        """Select a row as soon as it is there."""
        self.table.select(record, later=True)

    def show_problem(self, field: str, words: str) -> None:
        """Say what is wrong beside a field, or on the page when the inspector is closed."""
        if self.table.refusal.tell_typed(field, words):
            return
        shown = self.inspector is not None and not self.inspector.isHidden()
        if not (shown and self.inspector and self.inspector.form.show_problem(field, words)):
            self.table.refused.emit(words)

    def show_problem_of(self, record: Hashable, field: str, words: str) -> None:
        """Say what is wrong at the cell of a field of a record, on the page without one."""
        if self.bulk is not None and not self.bulk.isHidden():
            self.bulk.form.show_problem(field, words)
        elif not self.table.refusal.tell(self.table.index_of(record, field), words):
            self.table.refused.emit(words)

    def confirm_delete(self, what: str, also: Sequence[str], run: Callable[[], None]) -> None:
        """Ask whether `also` may go with `what`; then `run`."""
        confirm_deletion(self.window(), what, also, run)

    def show_history(self, lines: Sequence[tuple[str, str]]) -> None:
        """Show what was saved of the inspected record: what, and when by whom."""
        if self.inspector is not None:
            self.inspector.show_history(lines)

    # --- inside

    def _inspect(self, shown: RowT | None) -> None:
        self._inspected = shown
        if shown is None:
            if self.inspector is not None:
                self.inspector.hide()
            return
        inspector = self._open_inspector()
        if inspector is not None:
            inspector.show_row(shown, self._title(shown), self._subtitle(shown))
            inspector.setVisible(self.bulk is None or self.bulk.isHidden())

    def _inspect_many(self) -> None:
        """Show what several selected records have in common instead of one of them."""
        rows = self.table.selected()
        if len(rows) > 1 and self._make_bulk is not None:
            if self.bulk is None:
                self.bulk = self._make_bulk()
                self.bulk.closed.connect(self.table.clear_selection)
                self.bulk.entered.connect(lambda edits: self.entered_many.emit(edits, ""))
                self.bulk.delete_asked.connect(self.table.delete_selected)
                self._beside.addWidget(self.bulk)
            self.bulk.show_rows(rows)
            show_if(self.bulk.delete, self.table.can_delete())
            self.bulk.show()
            if self.inspector is not None:
                self.inspector.hide()
        elif self.bulk is not None and not self.bulk.isHidden():
            self.bulk.hide()
            if self.inspector is not None and self._inspected is not None:
                self.inspector.show()

    def _ask_delete(self) -> None:
        if self._inspected is not None:
            self.delete_asked.emit(self._inspected)

    def _ask_history(self) -> None:
        if self._inspected is not None:
            self.history_asked.emit(self._inspected)

    def _on_entered(self, name: str, value: object) -> None:
        if self._inspected is not None and self.inspector is not None:
            seen = self.inspector.form.seen(name) or self._inspected
            self.entered.emit(seen, self._fields[name], value)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.came.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.went.emit()


def _name_of(pane: RecordsPane[Any]) -> str:
    """Return the name of a pane's table: of its class, "" for a pane that is none of its own."""
    kind = type(pane)
    return "" if kind is RecordsPane else kind.__name__.removesuffix("Pane").lower()


def _flat(line: Field[Any] | Sequence[Field[Any]]) -> Sequence[Field[Any]]:
    return [line] if isinstance(line, Field) else line
