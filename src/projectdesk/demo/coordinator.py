"""The desktop as its coordinator uses it: buttons are clicked, notes are typed key by key.

What must be true after each step is waited for, and `stage.DemoFailed` raised when it does not
become true.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from PySide6.QtCore import QEvent, QSettings, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from projectdesk.bootstrap import open_workspace
from projectdesk.demo import stage
from projectdesk.demo.story import Story
from projectdesk.desktop.call.calls import Calls
from projectdesk.desktop.call.room import LiveRoom
from projectdesk.desktop.call.window import CallWindow
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.runtime.host_process import LocalHost, read_record
from projectdesk.desktop.runtime.hosting import Hosting, Published
from projectdesk.desktop.runtime.hosts import Hosts
from projectdesk.desktop.runtime.pool import Pool
from projectdesk.desktop.runtime.session import Notice, WorkspaceSession
from projectdesk.desktop.theme import theme
from projectdesk.desktop.theme.theme import Scheme
from projectdesk.services import commands, queries
from projectdesk.services.attendance_rows import AttendanceRow
from projectdesk.services.rows import MeetingRow
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.journal import JournalBatch

_CLICK_JOIN = """(() => {
    const join = document.querySelector("form.join-form button[type=submit]");
    if (join) join.click();
    return window.projectdesk ? window.projectdesk.state().name : "";
})()"""
_ASK = "window.projectdesk.statistics().then((s) => { window.demo = JSON.stringify(s); }); 1"
_READ = "window.demo || ''"
_MOST_ENTRIES = 1000


def click(button: QPushButton) -> None:
    """Click a button as a mouse does; a disabled or hidden one is a failure."""
    if not (button.isEnabled() and button.isVisible()):
        raise stage.DemoFailed(f"“{button.text()}” cannot be clicked")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def type_into(editor: QWidget, words: str) -> None:
    """Type key by key, Return between lines; what a key causes happens before the next one."""
    editor.setFocus(Qt.FocusReason.MouseFocusReason)
    for letter in words:
        if letter == "\n":
            QTest.keyClick(editor, Qt.Key.Key_Return)
        elif letter.isascii():
            QTest.keyClicks(editor, letter)
        else:
            _press_without_key(editor, letter)
        QApplication.processEvents()


def _press_without_key(editor: QWidget, letter: str) -> None:
    """Type what QTest knows no key for, as a keyboard layout or an input method sends it."""
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, letter)
        QApplication.sendEvent(editor, event)


class _Windows:
    """Opens windows as the shell does, without the shell."""

    def __init__(self) -> None:
        self.window: CallWindow | None = None

    def open_window(self, key: str, make: Any) -> QWidget:
        """Show the window."""
        window: CallWindow = make()
        self.window = window
        window.show()
        return window


class Coordinator:
    """One desktop with its data, its host and its call window."""

    def __init__(self, data: Path, prepare: Callable[[Workspace], Story]) -> None:
        """Open the desktop.

        Args:
            data: the data folder.
            prepare: plans or finds the meeting that is played.
        """
        QSettings.setPath(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(data / "settings")
        )
        theme().apply(Scheme.LIGHT)
        self.data = data
        self.workspace = open_workspace(data)
        self.story = prepare(self.workspace)
        self.session = WorkspaceSession(self.workspace, Pool())
        self.notices: list[Notice] = []
        self.session.noticed.connect(self.notices.append)
        self.host = LocalHost(data, self.session)
        self.hosting = Hosting(self.host, self.session)
        self._hosts = Hosts(lambda _host, _parent: self.hosting, self.session)
        self._choices = Choices(self.session)
        self._choices.open(self.story.project.id)
        self._choices.activate()
        self._windows = _Windows()
        self._calls = Calls(
            self._hosts, self.session, lambda _project: self._choices, self._windows, data=data
        )
        self._published: list[Published] = []

    # --- where things are -------------------------------------------------------------------

    @property
    def published(self) -> Published:
        """The meeting as it is on the host."""
        return self._published[0]

    @property
    def window(self) -> CallWindow:
        """The call window."""
        if self._windows.window is None:
            raise stage.DemoFailed("the call window is not open")
        return self._windows.window

    @property
    def room(self) -> LiveRoom:
        """The meeting as the console has it."""
        return self.window.console.room

    @property
    def running_item(self) -> str:
        """The title of the agenda item that runs, or ""."""
        clock = self.room.clock
        items = clock.items if clock is not None else []
        return next((i.title for i in items if clock and i.id == clock.current), "")

    def link_of(self, invitation: UUID) -> str:
        """Return an invitee's personal link."""
        return dict(self.published.links)[invitation]

    def meeting(self) -> MeetingRow:
        """Return the meeting as the database has it."""
        return queries.meeting(self.workspace, self.story.meeting.id)

    # --- host and window --------------------------------------------------------------------

    def start_host(self) -> None:
        """Start the host process, or adopt the one that runs, and send the meeting there."""
        failures: list[Exception] = []
        self._hosts.publish(self.story.meeting.id, self._published.append, failures.append)
        stage.wait(lambda: self._published or failures, "the host", 60)
        if failures:
            raise stage.DemoFailed(str(failures[0]))

    def open_window(self) -> None:
        """Start the meeting as the button does, and join with the desktop's own page."""
        meeting = self.story.meeting
        self._calls.start(meeting.id, meeting.title, self.story.project.id)
        stage.wait(lambda: self._windows.window, "the call window", 30)
        stage.wait(lambda: self.room.admitted, "the console", 30)
        states: list[object] = []

        def in_call() -> bool:
            if self.window.page is not None:
                self.window.page.evaluate(_CLICK_JOIN, states.append)
            return "call" in states[-1:]

        stage.wait(in_call, "the desktop's own page to be in the call", 40)

    def close(self, *, end_host: bool = False) -> None:
        """Close window and data. The host goes on unless told to end, by its own API."""
        if self._windows.window is not None:
            self._windows.window.close()
        self._choices.close()
        self._calls.deleteLater()
        self._hosts.stop()  # before the host ends: who collects would start it again
        try:
            if end_host:
                self._end_host()
        finally:
            self._hosts.deleteLater()
            self.hosting.deleteLater()
            self.host.deleteLater()
            self.session.close()
            self.session.pool.deleteLater()
            self.session.deleteLater()

    def _end_host(self) -> None:
        client, folder = self.hosting.client, self.host.folder
        if client is None:
            return
        answers: list[object] = []
        client.ask("POST", "/api/v1/stop", type(None), answers.append, answers.append)
        stage.wait(lambda: answers and read_record(folder) is None, "the host to end", 20)

    # --- leading the meeting ----------------------------------------------------------------

    def admit_all(self) -> None:
        """Click “Admit all”, or “Admit” where one waits, until nobody does."""
        stage.wait(lambda: self.room.lobby, "somebody to wait")
        if len(self.room.lobby) > 1:
            click(self.window.lobby.all)
        else:
            self.window.console.admit(self.room.lobby[0].id)
        stage.wait(lambda: not self.room.lobby, "all to be in")

    def next_item(self) -> str:
        """Click “Next item” and return its title; the minutes follow."""
        before = self.room.clock
        click(self.window.current.next)

        def moved() -> bool:
            clock = self.room.clock
            return clock is not None and before is not None and clock.current != before.current

        stage.wait(moved, "the next agenda item")
        clock = self.room.clock
        running = UUID(clock.current) if clock is not None and clock.current else None
        stage.wait(lambda: self.window.minutes.item == running, "the item's minutes")
        return self.running_item

    def end_meeting(self) -> None:
        """End the meeting for all and wait for what the journal says of it."""
        self.window.console.end_meeting()
        stage.wait(lambda: self.room.ended, "the end of the meeting")
        stage.wait(lambda: self.meeting().ended_at is not None, "the journal's last word")

    # --- writing the minutes ----------------------------------------------------------------

    def type_notes(self, words: str) -> float:
        """Type into the notes of the item that is shown.

        Returns:
            Seconds from the last key to the database.
        """
        pane = self.window.minutes
        stage.wait(lambda: pane.item and not pane.notes.isReadOnly(), "the notes")
        type_into(pane.notes, words)
        typed = time.monotonic()
        item, wanted = pane.item, pane.notes.toPlainText()
        stage.wait(
            lambda: item is not None and self.notes().get(item) == wanted,
            "the notes in the database",
            10,
        )
        return time.monotonic() - typed

    def notes(self) -> dict[UUID, str]:
        """Return the notes as the database has them, by agenda item."""
        return queries.notes(self.workspace, self.story.meeting.id)

    def record_decision(self, words: str) -> None:
        """Write a decision of the item that is shown."""
        meeting = self.story.meeting.id
        before = len(queries.decisions(self.workspace, meeting_id=meeting))
        type_into(self.window.minutes.new_decision.field, f"{words}\n")
        stage.wait(
            lambda: len(queries.decisions(self.workspace, meeting_id=meeting)) > before,
            "the decision",
        )

    def record_action(self, words: str, owner: UUID) -> None:
        """Write an action item of the item that is shown, for a person."""
        meeting = self.story.meeting.id
        before = len(queries.actions(self.workspace, meeting_id=meeting))
        new = self.window.minutes.new_action
        new.who.set_value(owner)
        type_into(new.what, f"{words}\n")
        stage.wait(
            lambda: len(queries.actions(self.workspace, meeting_id=meeting)) > before, "the action"
        )

    # --- what came of it --------------------------------------------------------------------

    def statistics(self) -> dict[str, Any]:
        """Return what the desktop's own page receives, by participant id."""
        page = self.window.page
        if page is None:
            raise stage.DemoFailed("QtWebEngine did not start")
        read: list[object] = []
        page.evaluate(_ASK, lambda _: page.evaluate(_READ, read.append))

        def there() -> bool:
            if read and not read[-1]:
                read.clear()
                page.evaluate(_READ, read.append)
            return bool(read and read[-1])

        stage.wait(there, "the statistics of the desktop's page")
        statistics: dict[str, Any] = json.loads(str(read[-1]))
        return statistics

    def take_picture(self, out: Path) -> None:
        """Write a picture of the call window, if it is open."""
        if self._windows.window is not None:
            stage.picture(self._windows.window, out)

    def attendance(self) -> list[AttendanceRow]:
        """Return who was there, as the database has it."""
        return queries.attendance(self.workspace, self.story.meeting.id)

    def journal(self) -> JournalBatch:
        """Return the host's journal from its first entry."""
        client = self.hosting.client
        if client is None:
            raise stage.DemoFailed("there is no host")
        answers: list[JournalBatch] = []
        failures: list[Exception] = []
        path = f"/api/v1/journal?after=0&limit={_MOST_ENTRIES}"
        client.ask("GET", path, JournalBatch, answers.append, failures.append)
        stage.wait(lambda: answers or failures, "the journal")
        if failures:
            raise stage.DemoFailed(str(failures[0]))
        return answers[0]

    def write_results(self, out: Path) -> list[str]:
        """Write minutes and agenda in three formats and the journal; return the names."""
        names = []
        for what in ("agenda", "minutes"):
            for form in ("pdf", "docx", "md"):
                path = out / f"{what}.{form}"
                commands.export_document(self.workspace, self.story.meeting.id, what, form, path)
                names.append(path.name)
        journal = msgspec.json.format(msgspec.json.encode(self.journal()), indent=2)
        (out / "journal.json").write_bytes(journal)
        return [*names, "journal.json"]
