"""Where one is, kept for the next start: page, record, tab and the selected row.

May import: routes, widgets.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.widgets.data_table import DataTable
from projectdesk.desktop.widgets.header import Tabs
from projectdesk.desktop.widgets.tab_groups import TabGroups
from projectdesk.folders import write_whole

_log = logging.getLogger(__name__)
FILE: Final = "place.json"
LOOKED_MS: Final = 1_000


_LANDED: Final = "kept"
"""Tab of a route that shows a meeting and does not choose the tab that fits its state."""


@dataclass(frozen=True)
class Standing:
    """Where one is. tab: by its name or number. row: the selected one of the table of that name."""

    place: Place
    id: UUID | None = None
    tab: str | int = 0
    table: str = ""
    row: UUID | None = None

    @property
    def route(self) -> Route:
        """The way to the page; `show_again` does the rest."""
        return Route(self.place, self.id, _LANDED if self.place is Place.MEETING else "")


def read_standing(data: Path) -> Standing | None:
    """Return where one was; None where the file is not there or says nonsense."""
    try:
        kept = json.loads((data / FILE).read_text(encoding="utf-8"))
        tab = kept.get("tab", 0)
        return Standing(
            Place(kept["place"]),
            _uuid(kept.get("id")),
            tab if isinstance(tab, str | int) else 0,
            str(kept.get("table", "")),
            _uuid(kept.get("row")),
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def keep_standing(data: Path, standing: Standing | None) -> None:
    """Write where one is; None forgets it. A full disk costs it, nothing else."""
    file = data / FILE
    try:
        if standing is None:
            file.unlink(missing_ok=True)
            return
        kept = {
            "place": standing.place.value,
            "id": standing.id.hex if standing.id else None,
            "tab": standing.tab,
            "table": standing.table,
            "row": standing.row.hex if standing.row else None,
        }
        write_whole(file, json.dumps(kept))
    except OSError as error:
        _log.warning("the place is not kept: %s", error)


class Returning(QObject):
    """Notes where one is, and goes there again.

    While it goes there nothing is noted: a page that cannot be shown is not come back to for ever.
    """

    def __init__(
        self, data: Path, shown: Callable[[], tuple[Route, QWidget] | None], parent: QObject
    ) -> None:
        """Make it.

        Args:
            data: the data folder.
            shown: tells the route of the page that is shown, and the page.
            parent: owner.
        """
        super().__init__(parent)
        self._data = data
        self._shown = shown
        self._noted: Standing | None = None
        self._timer = QTimer(self, interval=LOOKED_MS)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self.note)

    def begin(self) -> Standing | None:
        """Return where one was the last time, and forget it until it is shown."""
        found = read_standing(self._data)
        keep_standing(self._data, None)
        return found

    def start(self) -> None:
        """Begin to note where one is."""
        self._timer.start()

    def stop(self) -> None:
        """Note where one is now, and no more. Idempotent."""
        if self._timer.isActive():
            self._timer.stop()
            self.note()

    def note(self) -> None:
        """Write where one is, if one is elsewhere than before."""
        found = self._shown()
        if found is None:
            return
        route, page = found
        standing = Standing(route.place, route.id, _tab_of(page), *_row_of(page))
        if standing != self._noted:
            self._noted = standing
            keep_standing(self._data, standing)


def show_again(page: QWidget, standing: Standing) -> None:
    """Show the tab of a page, and select the row as soon as it is there."""
    tabs = getattr(page, "tabs", None)
    if isinstance(tabs, TabGroups) and isinstance(standing.tab, str):
        tabs.show_tab(standing.tab)
    elif isinstance(tabs, Tabs) and standing.tab in range(1, tabs.pages.count()):
        tabs.show_tab(int(standing.tab))
    if standing.row is None:
        return
    for table in page.findChildren(DataTable):
        if _name(table) == standing.table and table.isVisibleTo(page):
            table.select(standing.row, later=True)


def _tab_of(page: QWidget) -> str | int:
    tabs = getattr(page, "tabs", None)
    return tabs.current if isinstance(tabs, TabGroups | Tabs) else 0


def _row_of(page: QWidget) -> tuple[str, UUID | None]:
    """Return the selected row of the first table that is seen and has one, after its name."""
    for table in page.findChildren(DataTable):
        chosen = table.selected() if table.isVisible() else []
        record = getattr(chosen[0], "id", None) if len(chosen) == 1 else None
        if isinstance(record, UUID):
            return _name(table), record
    return "", None


def _name(table: QWidget) -> str:
    """Return how a table is found again: by its class, and that of the pane around it."""
    around = table.parentWidget()
    while around is not None and not type(around).__module__.startswith("projectdesk."):
        around = around.parentWidget()
    return f"{type(around).__name__}.{type(table).__name__}"


def _uuid(text: object) -> UUID | None:
    return UUID(text) if isinstance(text, str) and text else None
