"""Which columns of a table are shown, how wide and in what order; kept for the next start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from projectdesk.desktop import preferences
from projectdesk.desktop.models.fields import Column
from projectdesk.desktop.preferences import TableLook
from projectdesk.desktop.widgets.column_wishes import title_width, value_width

if TYPE_CHECKING:
    from PySide6.QtWidgets import QTableView, QWidget

_LEAST_STRETCHED = 44
_SAVED_AFTER_MS = 400


class ColumnKeeper(QObject):
    """Keeps the looks of tables in the data folder; a child of the window, found by its tables."""

    def __init__(self, data: Path, window: QWidget) -> None:
        super().__init__(window)
        self._data = data
        self._looks = preferences.load_tables(data)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SAVED_AFTER_MS)
        self._timer.timeout.connect(self.save)

    def look(self, name: str) -> TableLook:
        """Return how a table was left."""
        return self._looks.get(name, TableLook())

    def keep(self, name: str, look: TableLook) -> None:
        """Keep how a table looks now."""
        self._looks[name] = look
        self._timer.start()

    def save(self) -> None:
        """Write the looks down now."""
        self._timer.stop()
        preferences.save_tables(self._data, self._looks)


def keeper_of(widget: QWidget) -> ColumnKeeper | None:
    """Return the keeper of the window that a widget is in, None where there is none."""
    return widget.window().findChild(
        ColumnKeeper, options=Qt.FindChildOption.FindDirectChildrenOnly
    )


def key_of(column: Column[Any]) -> str:
    """Return what a column is called in what is kept."""
    return column.name or (column.field.name if column.field is not None else column.title)


@dataclass
class _Wanted:
    look: TableLook = field(default_factory=TableLook)
    page_hides: frozenset[int] = frozenset()


class ColumnLayout(QObject):
    """Lays the columns of a table out: what the page hides, what the person wants, what fits."""

    changed = Signal()

    def __init__(self, table: QTableView, columns: Sequence[Column[Any]], name: str) -> None:
        """Lay columns out.

        Args:
            table: whose header it is.
            columns: of the table.
            name: under which its look is kept; "" = only while it is open.
        """
        super().__init__(table)
        self._table = table
        self._columns = list(columns)
        self._name = name
        self._wanted = _Wanted()
        self._keeper: ColumnKeeper | None = None
        self._placing = False
        self._values: dict[int, int] = {}
        header = table.horizontalHeader()
        header.setSectionsMovable(True)
        header.sectionResized.connect(self._on_resized)
        header.sectionMoved.connect(self._on_moved)

    @property
    def visible(self) -> list[int]:
        """Numbers of the columns that are shown, from left to right."""
        header = self._table.horizontalHeader()
        ordered = (header.logicalIndex(place) for place in range(header.count()))
        return [number for number in ordered if not self._table.isColumnHidden(number)]

    @property
    def changed_by_hand(self) -> bool:
        """True when the person has arranged anything."""
        return self._wanted.look != TableLook()

    def restore(self) -> None:
        """Take up how the table was left; once, when it is first in a window."""
        if self._keeper is not None or not self._name:
            return
        self._keeper = keeper_of(self._table)
        if self._keeper is not None:
            self._wanted.look = self._keeper.look(self._name)
            self._place_order()
            self.share_width()

    def hide_for_page(self, hidden: frozenset[int]) -> None:
        """Hide columns that mean nothing in what the page shows."""
        self._wanted.page_hides = hidden
        self.share_width()

    def is_offered(self, number: int) -> bool:
        """Return whether the person can show or hide a column."""
        return number not in self._wanted.page_hides and bool(self._columns[number].title)

    def show_column(self, number: int, shown: bool) -> None:
        """Show or hide a column; the last one stays."""
        if not shown and self.visible == [number]:
            return
        chosen = {**self._wanted.look.shown, key_of(self._columns[number]): shown}
        self._change(replace(self._wanted.look, shown=chosen))

    def reset(self) -> None:
        """Show the columns as they come."""
        self._change(TableLook())
        self._place_order()

    # --- inside

    def _change(self, look: TableLook) -> None:
        self._wanted.look = look
        if self._keeper is not None:
            self._keeper.keep(self._name, look)
        self.share_width()
        self.changed.emit()

    def _on_resized(self, number: int, _before: int, width: int) -> None:
        if self._placing or width <= 0:
            return
        widths = {**self._wanted.look.widths, key_of(self._columns[number]): width}
        look = replace(self._wanted.look, widths=widths)
        self._wanted.look = look
        if self._keeper is not None:
            self._keeper.keep(self._name, look)

    def _on_moved(self, *_: int) -> None:
        if self._placing:
            return
        header = self._table.horizontalHeader()
        order = [
            key_of(self._columns[header.logicalIndex(place)]) for place in range(header.count())
        ]
        self._change(replace(self._wanted.look, order=tuple(order)))

    def _place_order(self) -> None:
        header = self._table.horizontalHeader()
        kept = {key: place for place, key in enumerate(self._wanted.look.order)}
        places = [kept.get(key_of(c), len(kept) + n) for n, c in enumerate(self._columns)]
        ordered = sorted(range(len(self._columns)), key=lambda number: places[number])
        if not kept:
            ordered = list(range(len(self._columns)))
        self._placing = True
        for place, number in enumerate(ordered):
            header.moveSection(header.visualIndex(number), place)
        self._placing = False

    def measure(self, rows: Sequence[Any]) -> None:
        """Take note of what the values in `rows` need, and share the width again if it changed."""
        needed = {n: value_width(self._table, c, rows) for n, c in enumerate(self._columns)}
        if needed != self._values:
            self._values = needed
            self.share_width()

    def share_width(self) -> None:
        """Show what is wanted and fits; those without a width of their own share the rest.

        Those with one grow to their titles, and then to their values, by what the others can spare.
        """
        room = self._table.viewport().width()
        shown = self._fitting(room)
        widths = self._wanted.look.widths
        own = {n: widths.get(key_of(self._columns[n])) or self._columns[n].width for n in shown}
        sharing = {n: self._columns[n] for n in shown if not own[n]}
        if sharing:
            spare = room - sum(own.values()) - sum(_least(c) for c in sharing.values())
            fixed = [n for n in shown if own[n] and key_of(self._columns[n]) not in widths]
            titles = {n: title_width(self._table, self._columns[n]) for n in fixed}
            spare = _grow(own, titles, spare)
            _grow(own, {n: self._values.get(n, 0) for n in fixed}, spare // 2)
        own |= _shared(sharing, room - sum(own.values()))
        self._placing = True
        for number in range(len(self._columns)):
            self._table.setColumnHidden(number, number not in shown)
            if number in shown:
                self._table.setColumnWidth(number, own[number])
        self._placing = False

    def _fitting(self, room: int) -> list[int]:
        chosen: Mapping[str, bool] = self._wanted.look.shown
        shown = [
            number
            for number, column in enumerate(self._columns)
            if number not in self._wanted.page_hides
            and chosen.get(key_of(column), not column.spare)
        ]
        for number in reversed(shown[:]):
            if sum(_least(self._columns[n]) for n in shown) <= room:
                break
            column = self._columns[number]
            if column.optional and key_of(column) not in chosen:
                shown.remove(number)
        return shown


def _grow(own: dict[int, int], wishes: Mapping[int, int], spare: int) -> int:
    """Widen columns to what they wish as far as `spare` goes; return what is left of it."""
    for number, wish in wishes.items():
        more = min(wish - own[number], spare)
        if more > 0:
            own[number] += more
            spare -= more
    return spare


def _shared(columns: Mapping[int, Column[Any]], room: int) -> dict[int, int]:
    """Return a width for each: by its stretch, but its least where that is more.

    What one takes beyond its share is taken from the others, so that all fit where they can.
    """
    given: dict[int, int] = {}
    left = dict(columns)
    while left:
        shares = sum(column.stretch for column in left.values()) or 1
        rest = room - sum(given.values())
        narrow = {n: _least(c) for n, c in left.items() if rest * c.stretch // shares < _least(c)}
        if not narrow:
            return given | {n: rest * c.stretch // shares for n, c in left.items()}
        given |= narrow
        left = {n: column for n, column in left.items() if n not in narrow}
    return given


def _least(column: Column[Any]) -> int:
    return column.width or _LEAST_STRETCHED * (column.stretch + 1)
