"""Which filters of columns are on above a table, and the way out of them."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.theme.tokens import SPACE_S
from projectdesk.desktop.widgets.header import FilterField
from projectdesk.desktop.widgets.layout import button, row, show_if


def filter_field(table: Any, placeholder: str = "") -> FilterField:
    """Return a field that filters a `DataTable` as one types; Down leads into the table."""
    made = FilterField(placeholder)
    made.textChanged.connect(table.set_filter)
    made.left_down.connect(table.setFocus)
    return made


class FilterBar(QWidget):
    """A button for each filter, which takes it off; not there without filters."""

    def __init__(self, table: Any) -> None:
        """Follow the filters of a `DataTable`, and let it offer them."""
        super().__init__()
        self._table = table
        self._row = row(spacing=SPACE_S)
        self.setLayout(self._row)
        self.hide()
        table.filterable = True
        table.filters_changed.connect(self.refresh)

    def refresh(self) -> None:
        """Show the filters that are on."""
        while (taken := self._row.takeAt(0)) is not None:
            if (widget := taken.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        filters = self._table.column_filters
        for number, column, wanted in filters:
            chip = button(wanted.words(column), "", "x")
            chip.setToolTip(say("Take this filter off"))
            chip.clicked.connect(partial(self._table.set_column_filter, number, None))
            self._row.addWidget(chip)
        clear = button(say("Clear filters"), "link", "", self._table.clear_column_filters)
        self._row.addWidget(clear)
        self._row.addStretch(1)
        show_if(self, bool(filters))
