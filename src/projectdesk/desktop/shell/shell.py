"""The main window."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import QLabel, QMainWindow, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.routes import RAIL, Place
from projectdesk.desktop.shell.bars import NavigationRail, TopBar
from projectdesk.desktop.shell.page_area import PageArea
from projectdesk.desktop.shell.regions import Regions, open_menu_of_focus
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.layout import column, frame, plain, row, text
from projectdesk.desktop.widgets.shown_stack import ShownStack
from projectdesk.desktop.widgets.toast import Toast

if TYPE_CHECKING:
    from projectdesk.desktop.shell.search_palette import SearchPalette
    from projectdesk.desktop.widgets.badges import Banner

WayOn = tuple[str, Callable[[], object]]
"""What a button says, and what it does."""

_START_SIZE = (1280, 800)
_SMALLEST = (640, 400)
"""1280 x 800 at 200 %; pages that need more scroll (WCAG 2.2, 1.4.10)."""


class Shell(QMainWindow):
    """Rail, top bar, content, toasts and search; it knows no data and decides nothing."""

    closing = Signal()
    undo_asked = Signal()
    redo_asked = Signal()
    help_asked = Signal()
    """F1: the guide at what is on the screen."""
    guide_asked = Signal(str)
    """The guide at a topic; "" = its contents."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("ProjectDesk")
        self.resize(*_START_SIZE)
        self.setMinimumSize(*_SMALLEST)
        self._windows: dict[str, QWidget] = {}
        self._places: dict[Place, int] = {}
        self._failure: EmptyState | None = None
        self._ways_on: tuple[WayOn, ...] = ()
        self.rail = NavigationRail()
        self.top = TopBar()
        self.content = ShownStack()
        self.content.setProperty("surface", "page")
        self._opening: QLabel = text("", "muted")
        self.content.addWidget(frame("page", column(None, row(None, self._opening, None), None)))
        self.bars: list[QWidget] = []
        """Lines below the top bar, the oldest first; each shows itself when it has something."""

        self._right = column(self.top, PageArea(self.content), spacing=0)
        self._right.setStretch(1, 1)
        body = row(self.rail, plain(self._right), spacing=0)
        body.setStretch(1, 1)
        self.setCentralWidget(plain(body))
        self.toast = Toast(self.centralWidget())
        self.top.search_asked.connect(self._search)
        self.top.undo_asked.connect(self.undo_asked)
        self.top.redo_asked.connect(self.redo_asked)
        self.top.help_asked.connect(self.help_asked)
        self.top.shortcuts_asked.connect(self.show_shortcuts)
        # Shortcuts of buttons wait for the button's animation; actions do not.
        self._add_shortcut("Ctrl+K", self._search)
        for number, place in enumerate(RAIL):
            self._add_shortcut(f"Ctrl+{number + 1}", partial(self.rail.chosen.emit, place))
        self._add_shortcut("Ctrl+Z", self.undo_asked.emit)
        self._add_shortcut("Ctrl+Shift+Z", self.redo_asked.emit)
        self._add_shortcut("Ctrl+Y", self.redo_asked.emit)
        self._add_shortcut("F1", self.help_asked.emit)
        self._regions = Regions((self.rail, self.top), self.content)
        self._add_shortcut("F6", partial(self._regions.go, 1))
        self._add_shortcut("Shift+F6", partial(self._regions.go, -1))
        self._add_shortcut("Shift+F10", open_menu_of_focus)
        self._add_shortcut("Ctrl+/", self.show_shortcuts)

    @cached_property
    def palette_box(self) -> SearchPalette:
        """The search; made when first asked for, which the first paint does not wait for."""
        from projectdesk.desktop.shell.search_palette import SearchPalette

        return SearchPalette(self.centralWidget())

    @cached_property
    def banner(self) -> Banner:
        """The line below the top bar; made when there is first something to say."""
        from projectdesk.desktop.widgets.badges import Banner

        made = Banner()
        self._right.insertWidget(1, made)
        return made

    def show_bar(self, bar: QWidget) -> None:
        """Put a line of one's own below the top bar."""
        self.bars.append(bar)
        self._right.insertWidget(1, bar)

    def show_shortcuts(self) -> None:
        """Show all keys of the desktop."""
        from projectdesk.desktop.shell.shortcuts import ShortcutsDialog

        ShortcutsDialog(self).open()

    def _search(self) -> None:
        self.palette_box.open()

    def add_page(self, place: Place, page: QWidget) -> None:
        """Give `place` its page."""
        self._places[place] = self.content.addWidget(page)

    def show_place(self, place: Place) -> None:
        """Show the page of `place`."""
        self.content.setCurrentIndex(self._places[place])
        self.rail.mark(place)
        self.top.mark(place)
        self.content.currentWidget().setFocus()
        welcome = place is Place.WELCOME
        self.rail.setVisible(not welcome)
        self.top.setVisible(not welcome)

    def page(self, place: Place) -> QWidget | None:
        """Return the page of `place`."""
        return self.content.widget(self._places[place]) if place in self._places else None

    def say_opening(self, words: str) -> None:
        """Say what is going on before there are pages."""
        self._opening.setText(words)

    def show_failure(
        self, title: str, sentence: str, best: WayOn, other: WayOn | None = None
    ) -> None:
        """Say that there is nothing to show, why, and what can be done."""
        if self._failure is None:
            self._failure = EmptyState("database", title, sentence)
            self._failure.acted.connect(lambda: self._go_on(0))
            self._failure.acted_otherwise.connect(lambda: self._go_on(1))
            self.content.addWidget(self._failure)
        self._failure.say("database", title, sentence, best[0], other[0] if other else "")
        self._ways_on = (best,) if other is None else (best, other)
        self.content.setCurrentWidget(self._failure)

    def _go_on(self, way: int) -> None:
        self.content.setCurrentIndex(0)
        self._ways_on[way][1]()

    def open_window(self, key: str, make: Callable[[], QWidget]) -> QWidget:
        """Show a window of its own (a call), one for each key; it goes with this one.

        Args:
            key: what it is about; the same key brings the same window to the front.
            make: makes the window when there is none.
        """
        window = self._windows.get(key)
        if window is None:
            window = make()
            window.destroyed.connect(lambda: self._windows.pop(key, None))
            self._windows[key] = window
        window.show()
        window.raise_()
        window.activateWindow()
        return window

    def tell(
        self, words: str, undo: Callable[[], object] | None = None, *, error: bool = False
    ) -> None:
        """Show a toast; with `undo`, offer to take it back; errors stay until dismissed."""
        self.toast.tell(words, say("Undo") if undo else "", undo, stays=error)

    def keep_geometry(self) -> bytes:
        """Return size and place, to be given to `restore` at the next start."""
        return bytes(self.saveGeometry().data())

    def restore(self, geometry: bytes) -> None:
        """Take the size and place of the last time."""
        if geometry:
            self.restoreGeometry(QByteArray(geometry))

    def closeEvent(self, event: QCloseEvent) -> None:
        for window in list(self._windows.values()):
            window.close()
        self.closing.emit()
        super().closeEvent(event)

    def _add_shortcut(self, keys: str, run: Callable[[], object]) -> None:
        action = QAction(self)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda: run())
        self.addAction(action)
