"""Tabs in two rows: what a place is about, and the ways to see each of that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_XL
from projectdesk.desktop.widgets.header import TabRow
from projectdesk.desktop.widgets.layout import column, hairline, plain, show_if

Make = QWidget | Callable[[], QWidget]


@dataclass(frozen=True)
class Tab:
    """One page. name: as routes have it. make: the page, or what makes it when first shown."""

    name: str
    label: str
    make: Make


@dataclass(frozen=True)
class Group:
    """Pages under one heading; the second row shows when there is more than one."""

    label: str
    tabs: Sequence[Tab]


class TabGroups(QWidget):
    """Groups of pages. Coming back to a group shows what was shown of it last."""

    changed = Signal(str)

    def __init__(self, groups: Sequence[Group], margin: int = SPACE_XL) -> None:
        """Make the tabs; the first is shown.

        Args:
            groups: with at least one tab each; names are unique.
            margin: at the left of the first tab, in pixels.
        """
        super().__init__()
        self._group_of = {tab.name: n for n, g in enumerate(groups) for tab in g.tabs}
        self._makers = {tab.name: tab.make for group in groups for tab in group.tabs}
        self._last = [group.tabs[0].name for group in groups]
        self._made: dict[str, QWidget] = {}
        self._current = ""
        self.pages = QStackedWidget()
        labels = [(n, group.label) for n, group in enumerate(groups)]
        self._bar = TabRow(labels, "tab", SPACE_XL, margin)
        self._bars: list[tuple[QWidget, TabRow]] = []
        for group in groups:
            names = [(tab.name, tab.label) for tab in group.tabs]
            inner = TabRow(names, "subtab", SPACE_L, margin)
            inner.chosen.connect(self._on_tab)
            holder = plain(column(inner, hairline(), spacing=0))
            holder.hide()
            self._bars.append((holder, inner))
        self._bar.chosen.connect(self._on_group)
        seconds = plain(column(*(holder for holder, _ in self._bars), spacing=0))
        layout = column(self._bar, hairline(), seconds, self.pages, spacing=0)
        layout.setStretch(3, 1)
        self.setLayout(layout)
        self._show(self._last[0])

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all tabs, in order."""
        return tuple(self._group_of)

    @property
    def current(self) -> str:
        """Name of the tab shown."""
        return self._current

    def show_tab(self, name: str) -> None:
        """Show a tab; an unknown name does nothing."""
        if name in self._group_of:
            self._show(name)

    # --- inside

    def _on_group(self, number: object) -> None:
        if isinstance(number, int):
            self._show(self._last[number])

    def _on_tab(self, name: object) -> None:
        if isinstance(name, str):
            self._show(name)

    def _show(self, name: str) -> None:
        number = self._group_of[name]
        self._last[number] = name
        self._bar.choose(number)
        for at, (holder, inner) in enumerate(self._bars):
            show_if(holder, at == number and len(inner.buttons) > 1)
        self._bars[number][1].choose(name)
        self.pages.setCurrentWidget(self._page(name))
        if name != self._current:
            self._current = name
            self.changed.emit(name)

    def _page(self, name: str) -> QWidget:
        page = self._made.get(name)
        if page is None:
            make = self._makers[name]
            page = make if isinstance(make, QWidget) else make()
            self._made[name] = page
            self.pages.addWidget(page)
        return page
