"""The call window: the call page at the left, the chair console at the right.

It is a window of its own, so that a call can stand on one screen and the project on another. It
survives what it shows: a lost host is said and waited for, a page that cannot start is opened in
the default browser, closing it leaves the meeting running.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow, QSizePolicy, QSplitter, QWidget

from projectdesk.desktop.call.agenda_panel import CurrentItem
from projectdesk.desktop.call.console import Console
from projectdesk.desktop.call.open_calls import ConsoleState
from projectdesk.desktop.call.panel import Surroundings
from projectdesk.desktop.call.panel_tabs import PanelTabs
from projectdesk.desktop.call.panels import PANELS
from projectdesk.desktop.call.people_panel import Lobby
from projectdesk.desktop.call.quorum_line import QuorumLine
from projectdesk.desktop.call.room import LiveRoom, spell
from projectdesk.desktop.call.size import size_words
from projectdesk.desktop.language import say, say_refusal
from projectdesk.desktop.pages.meeting.minutes import MinutesPane
from projectdesk.desktop.runtime.host_client import HostClient
from projectdesk.desktop.runtime.hosting import Published
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M
from projectdesk.desktop.widgets.badges import Banner
from projectdesk.desktop.widgets.dialog import confirm
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.layout import button, column, frame, row, text
from projectdesk.signalling import call

if TYPE_CHECKING:
    from projectdesk.desktop.call.page import CallPage

_log = logging.getLogger(__name__)
_SIZE = (1400, 820)
_CONSOLE_WIDTH = 530
_WATCH_MS = 700
"""How often is looked whether something was half typed; what is younger may be lost."""


class CallWindow(QMainWindow):
    """One live meeting.

    closed: the window is gone. ended: the meeting is over for all. unheard: the host is not heard.
    altered: the console stands otherwise than before (a `ConsoleState`). help_asked: F1.
    """

    closed = Signal()
    altered = Signal(object)
    ended = Signal()
    unheard = Signal()
    help_asked = Signal()

    def __init__(
        self,
        published: Published,
        title: str,
        minutes: MinutesPane,
        session: Session,
        *,
        web: bool = True,
    ) -> None:
        """Make the window.

        Args:
            published: the meeting as it is on the host.
            title: of the meeting.
            minutes: writes the minutes; belongs to the window from here on.
            session: what the panels ask the workspace by.
            web: False keeps QtWebEngine out (the page opens in the default browser).
        """
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.resize(*_SIZE)
        self._published = published
        self.minutes = minutes
        self._around = Surroundings(published, session, minutes)
        self._followed: str | None = None
        self._over = False
        self._before = Qt.WindowState.WindowNoState
        # Chromium leaves this key to the window around it.
        self._narrow = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        self._narrow.setEnabled(False)
        QShortcut(
            QKeySequence("F1"), self, self.help_asked.emit
        )  # HelpContents is another on macOS
        self.page = self._make_page(web)
        self._client = HostClient(published.address, self)
        self.console = Console(self._client.console(published.room, published.seat), self, self)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.page or self._make_outside())
        self._side = self._make_console(title)
        splitter.addWidget(self._side)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([_SIZE[0] - _CONSOLE_WIDTH, _CONSOLE_WIDTH])
        self.setCentralWidget(splitter)
        self._state = self.state()
        self._watch = QTimer(self, interval=_WATCH_MS)
        self._watch.timeout.connect(self._note_state)
        self._watch.start()

    def state(self) -> ConsoleState:
        """Return which panel is shown, and what is half typed in any."""
        drafts = {
            key: {name: typed for name, typed in panel.draft().items() if typed}
            for key, panel in self.tabs.panels.items()
        }
        return ConsoleState(self.tabs.current, {key: one for key, one in drafts.items() if one})

    def restore(self, state: ConsoleState) -> None:
        """Stand as a console that was killed; panels that are not there any more are left out."""
        for key, draft in state.drafts.items():
            if key in self.tabs.panels:
                self.tabs.panels[key].restore(draft)
        self.tabs.show_panel(state.panel)

    def _note_state(self) -> None:
        state = self.state()
        if state != self._state and not self._over:
            self._state = state
            self.altered.emit(state)

    def start(self) -> None:
        """Connect the console and load the page."""
        self.console.open()
        if self.page is not None:
            self.page.open()

    def go_on_at(self, published: Published) -> None:
        """Go on at the address where the host is now."""
        self._published = published
        self.console.go_on_at(published.address)
        if self.page is not None and published.own_link:
            self.page.go_on_at(_embedded(published.own_link))

    # --- making -----------------------------------------------------------------------------

    def _make_page(self, web: bool) -> CallPage | None:
        """Return the web view, or None where it cannot start or there is no link to show."""
        if not web or not self._published.own_link:
            return None
        try:
            from projectdesk.desktop.call.page import CallPage
        except ImportError as error:
            _log.warning("QtWebEngine cannot start: %s", error)
            return None
        page = CallPage(
            _embedded(self._published.own_link), self, authority=self._published.address.authority
        )
        page.saved.connect(lambda path: self._say(say("Saved {file}.", file=path)))
        page.filled.connect(self._fill)
        self._narrow.activated.connect(page.leave_full_screen)
        return page

    def _fill(self, filled: bool) -> None:
        """Give the page the whole screen, or its place beside the console again."""
        if filled == self.isFullScreen():
            return
        self._narrow.setEnabled(filled)
        self._side.setHidden(filled)
        if filled:
            self._before = self.windowState()
            self.showFullScreen()
        else:
            self.setWindowState(self._before)

    def _make_outside(self) -> QWidget:
        """Say that the call is in the browser, and open it there."""
        state = EmptyState(
            "video",
            say("The call is in your browser"),
            say("Keep this window open: from here you lead the meeting."),
            say("Open the call"),
        )
        state.acted.connect(self._open_outside)
        return state

    def _open_outside(self) -> None:
        if self._published.own_link:
            QDesktopServices.openUrl(QUrl(self._published.own_link))

    def _make_console(self, title: str) -> QWidget:
        heading = text(title, "heading")
        heading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._time = text("", "muted")
        self._banner = Banner()
        self._size = Banner()
        self.quorum = QuorumLine()
        self.lobby = Lobby()
        self.current = CurrentItem()
        self.tabs = PanelTabs([make(self._around) for make in PANELS])
        self.end = button(say("End meeting"), "danger", "phone-off", self._ask_end)
        head = row(heading, self._time, spacing=SPACE_M)
        head.setStretch(0, 1)
        main = column(
            head,
            self._banner,
            self._size,
            self.quorum,
            self.lobby,
            self.current,
            self.tabs,
            row(None, self.end),
            spacing=SPACE_M,
            margins=(SPACE_L, SPACE_L, SPACE_L, SPACE_L),
        )
        main.setStretch(6, 1)
        inside = row(main, self.tabs.rail, spacing=0)
        inside.setStretch(0, 1)
        side = frame("inspector", inside)
        side.setMinimumWidth(490)
        self.lobby.admitted.connect(self.console.admit)
        self.lobby.refused.connect(self.console.refuse)
        for panel in self.tabs.panels.values():
            panel.sent.connect(self.console.send)
            panel.item_chosen.connect(self._select_item)
        self.current.next_asked.connect(self.console.next_item)
        self.current.pause_asked.connect(lambda: self.console.start_item(None))
        return side

    # --- the console's view -----------------------------------------------------------------

    def hear(self, message: call.HostMessage) -> None:
        """Let every panel hear a message."""
        self.quorum.hear(message)
        for panel in self.tabs.panels.values():
            panel.hear(message)

    def show_room(self, room: LiveRoom, now: datetime) -> None:
        """Show the room as it is; minutes follow the running item."""
        if room.ended:
            self._show_ended()
            return
        self.lobby.show_lobby(room.lobby, room.host_now(now))
        self._size.say(size_words(room))
        for panel in self.tabs.panels.values():
            panel.show_room(room, now)
        self.current.show_room(room, now)
        self.show_clocks(room, now)
        running = room.clock.current if room.clock else None
        if running is not None and running != self._followed:
            self.minutes.show_item(UUID(running))
        self._followed = running

    def show_clocks(self, room: LiveRoom, now: datetime) -> None:
        """Show the clocks of item and meeting."""
        self.current.show_clock(room.current(now))
        self.tabs.panels[self.tabs.current].show_clocks(room, now)
        elapsed = room.elapsed(now)
        planned = spell(room.planned())
        self._time.setText(f"{spell(elapsed)} / {planned}" if elapsed is not None else "")

    def show_link(self, connected: bool, reason: str) -> None:
        """Say whether the host is heard."""
        if connected:
            self._banner.say("")
            return
        _log.info("console lost: %s", reason)
        self._say(say("The meeting host is not heard. Trying again; nothing is lost."))
        self.unheard.emit()

    def show_knock(self, person: call.Participant) -> None:
        """Draw attention to somebody who waits."""
        QApplication.alert(self)
        if self.page is None:  # the page rings by itself, as its settings say
            QApplication.beep()

    def show_refusal(self, problem: call.Problem) -> None:
        """Say why the host refused something."""
        self._say(say_refusal(problem.code, problem.text))
        for panel in self.tabs.panels.values():
            panel.show_refusal(problem)

    def _say(self, words: str) -> None:
        self._banner.say(words)

    def _select_item(self, item: str) -> None:
        self.minutes.show_item(UUID(item))

    # --- the end ----------------------------------------------------------------------------

    def _ask_end(self) -> None:
        confirm(
            self,
            say("End the meeting for all?"),
            say("Everybody leaves the call. Minutes and attendance stay and can be edited."),
            say("End meeting"),
            self.console.end_meeting,
        )

    def _show_ended(self) -> None:
        if self._over:
            return
        self._over = True
        self._say(say("The meeting is over. Minutes and attendance are in the meeting's page."))
        for gone in (self.current, self.lobby, self.end, self._size, self.quorum):
            gone.hide()
        for panel in self.tabs.panels.values():
            panel.end()
        self.ended.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave the call; the meeting itself goes on at the host."""
        self._watch.stop()
        self.console.close()
        if self.page is not None:
            self.page.close_page()
        self.closed.emit()
        super().closeEvent(event)


def _embedded(link: str) -> str:
    """Return a personal link as the desktop opens it: the page leaves out what the console has."""
    path, _, token = link.partition("#")
    return f"{path}?embedded=1#{token}"
