"""Meetings started from the desktop: one click to host and call window (CA-1, CA-2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from projectdesk.desktop.call.open_calls import (
    ConsoleState,
    OpenCall,
    keep_open_calls,
    read_open_calls,
)
from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.runtime.hosting import Published
from projectdesk.desktop.runtime.hosts import Hosts
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.errors import ProjectDeskError

if TYPE_CHECKING:
    from projectdesk.desktop.call.window import CallWindow


class OpensWindows(Protocol):
    """The shell, as far as a call needs it."""

    def open_window(self, key: str, make: Callable[[], QWidget]) -> QWidget:
        """Show a window of its own, one for each key."""


class Calls(QObject):
    """Starts meetings and shows their windows.

    started: the id of a meeting whose window opened. busy: a meeting is being started (its id), or
    None again. help_asked: one wants to read about calls.
    """

    started = Signal(object)
    busy = Signal(object)
    help_asked = Signal()

    def __init__(
        self,
        hosting: Hosts,
        session: Session,
        choices_of: Callable[[UUID], Choices],
        shell: OpensWindows,
        parent: QObject | None = None,
        *,
        web: bool = True,
        data: Path | None = None,
    ) -> None:
        """Make it.

        Args:
            hosting: sends meetings to where they are held.
            session: for the minutes and for notices.
            choices_of: the people to choose from in a project, by its id.
            shell: opens the windows.
            parent: owner.
            web: False keeps QtWebEngine out.
            data: folder in which open windows are noted; None = nowhere.
        """
        super().__init__(parent)
        self._data = data
        self._open: dict[UUID, OpenCall] = read_open_calls(data, datetime.now(UTC)) if data else {}
        self._hosting = hosting
        self._session = session
        self._choices_of = choices_of
        self._shell = shell
        self._web = web
        self._windows: dict[UUID, CallWindow] = {}
        hosting.trouble.connect(self._tell)
        hosting.moved.connect(self._on_moved)

    def resume(self) -> None:
        """Come back to the calls of a desktop that was killed."""
        for meeting_id, kept in list(self._open.items()):
            self._session.tell(Notice(say("Back in the call: {title}", title=kept.title)))
            self.start(meeting_id, kept.title, kept.project_id)

    def start(self, meeting_id: UUID, title: str, project_id: UUID) -> None:
        """Publish a meeting to the host and open its window."""
        self.busy.emit(meeting_id)

        def opened(published: Published) -> None:
            self.busy.emit(None)
            self._shell.open_window(
                f"call:{meeting_id}", lambda: self._make(published, title, project_id)
            )
            self.started.emit(meeting_id)

        def failed(error: ProjectDeskError) -> None:
            self.busy.emit(None)
            if meeting_id not in self._windows:
                self._forget(meeting_id)
            self._tell(error)

        self._hosting.publish(meeting_id, opened, failed)

    def _make(self, published: Published, title: str, project_id: UUID) -> CallWindow:
        # Loaded with the first call: the desktop starts without it.
        from projectdesk.desktop.call.window import CallWindow
        from projectdesk.desktop.pages.meeting.minutes import MinutesPane

        minutes = MinutesPane(self._session, self._choices_of(project_id), compact=True)
        minutes.open_meeting(published.meeting_id)
        window = CallWindow(published, title, minutes, self._session, web=self._web)
        meeting_id = published.meeting_id
        if (kept := self._open.get(meeting_id)) is not None:
            window.restore(kept.state)

        def note(state: ConsoleState) -> None:
            self._open[meeting_id] = OpenCall(title, project_id, datetime.now(UTC), state)
            self._keep()

        def closed() -> None:
            self._forget(meeting_id)
            del self._windows[published.meeting_id]
            minutes.close_presenters()
            self._hosting.live(False, published.meeting_id)

        self._windows[published.meeting_id] = window
        window.closed.connect(closed)
        window.altered.connect(note)
        window.help_asked.connect(self.help_asked)
        window.ended.connect(lambda: self._forget(meeting_id))
        window.ended.connect(self._hosting.collect)
        window.unheard.connect(self._hosting.collect)
        self._hosting.live(True, published.meeting_id)
        note(window.state())
        window.start()
        return window

    def _forget(self, meeting_id: UUID) -> None:
        if self._open.pop(meeting_id, None) is not None:
            self._keep()

    def _keep(self) -> None:
        if self._data is not None:
            keep_open_calls(self._data, self._open)

    def _on_moved(self, published: Published) -> None:
        if published.meeting_id in self._windows:
            self._windows[published.meeting_id].go_on_at(published)

    def _tell(self, error: ProjectDeskError) -> None:
        self._session.tell(Notice(say_error(error), error=True))
