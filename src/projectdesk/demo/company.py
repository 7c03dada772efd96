"""Who plays the demo: the desktop's window, the host it starts, and the guests.

Everything is done as a person would do it: buttons are clicked, notes are typed key by key, links
are opened. What must be true afterwards is waited for and checked.
"""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from projectdesk.bootstrap import open_workspace
from projectdesk.demo import stage, story
from projectdesk.demo.troupe import Answer, Troupe
from projectdesk.desktop.call.calls import Calls
from projectdesk.desktop.call.window import CallWindow
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.runtime.host_process import LocalHost, read_record
from projectdesk.desktop.runtime.hosting import Hosting, Published
from projectdesk.desktop.runtime.pool import Pool
from projectdesk.desktop.runtime.session import Notice, WorkspaceSession
from projectdesk.desktop.theme import theme
from projectdesk.desktop.theme.theme import Scheme
from projectdesk.services import commands, queries
from projectdesk.services.rows import MeetingRow

_CLICK_JOIN = """(() => {
    const join = document.querySelector("form.join-form button[type=submit]");
    if (join) join.click();
    return window.projectdesk ? window.projectdesk.state().name : "";
})()"""
_ASK = "window.projectdesk.statistics().then((s) => { window.demo = JSON.stringify(s); }); 1"
_READ = "window.demo || ''"


def _click(button: QPushButton) -> None:
    """Click a button as a mouse does; a disabled or hidden one is a failure."""
    if not (button.isEnabled() and button.isVisible()):
        raise stage.DemoFailed(f"“{button.text()}” cannot be clicked")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _type(editor: QWidget, words: str) -> None:
    """Type key by key; Return between lines."""
    for number, line in enumerate(words.split("\n")):
        if number:
            QTest.keyClick(editor, Qt.Key.Key_Return)
        QTest.keyClicks(editor, line)


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


class Company:
    """The players. Every method raises `stage.DemoFailed` when something does not happen."""

    def __init__(self, data: Path, cordis: Path | None) -> None:
        self._data = data
        self._app = stage.application()
        QSettings.setPath(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(data / "settings")
        )
        theme().apply(Scheme.LIGHT)
        self._workspace = open_workspace(data)
        self.story = story.prepare(self._workspace, cordis)
        self.session = WorkspaceSession(self._workspace, Pool())
        self._notices: list[Notice] = []
        self.session.noticed.connect(self._notices.append)
        self._host = LocalHost(data, self.session)
        self.hosting = Hosting(self._host, self.session)
        self._choices = Choices(self.session)
        self._choices.open(self.story.project.id)
        self._choices.activate()
        self._windows = _Windows()
        self._calls = Calls(
            self.hosting, self.session, lambda _project: self._choices, self._windows
        )
        self._published: list[Published] = []
        self._troupe: Troupe | None = None
        self._names = {row.id.hex: row.name for row in (self.story.chair, *self.story.guests)}

    # --- the desktop ------------------------------------------------------------------------

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
    def troupe(self) -> Troupe:
        """The guests."""
        if self._troupe is None:
            self._troupe = Troupe()
        return self._troupe

    def start_host(self) -> None:
        """Start the host process and send the meeting there."""
        failures: list[Exception] = []
        self.hosting.publish(self.story.meeting.id, self._published.append, failures.append)
        stage.wait(lambda: self._published or failures, "the host", 60)
        if failures:
            raise stage.DemoFailed(str(failures[0]))

    def open_window(self) -> None:
        """Start the meeting as the button does, and join with the desktop's own page."""
        meeting = self.story.meeting
        self._calls.start(meeting.id, meeting.title, self.story.project.id)
        stage.wait(lambda: self._windows.window, "the call window", 30)
        stage.wait(lambda: self.window.console.room.admitted, "the console", 30)
        states: list[object] = []

        def in_call() -> bool:
            if self.window.page is not None:
                self.window.page.evaluate(_CLICK_JOIN, states.append)
            return "call" in states[-1:]

        stage.wait(in_call, "the desktop's own page to be in the call", 40)

    def admit_all(self) -> None:
        """Click “Admit all”."""
        _click(self.window.lobby.all)
        people = len(self.story.guests) + 1
        stage.wait(lambda: len(self.window.console.room.participants) == people, "all to be in")

    def next_item(self) -> str:
        """Click “Next item” and return its title."""
        before = self.window.console.room.clock
        _click(self.window.current.next)

        def moved() -> bool:
            clock = self.window.console.room.clock
            return clock is not None and before is not None and clock.current != before.current

        stage.wait(moved, "the next agenda item")
        clock = self.window.console.room.clock
        return next((i.title for i in clock.items if i.id == clock.current), "") if clock else ""

    def type_notes(self, words: str) -> None:
        """Type into the notes, and wait until the database has what was typed."""
        pane = self.window.minutes
        stage.wait(lambda: not pane.notes.isReadOnly() and pane.item, "the notes")
        _type(pane.notes, words)
        item = self.window.minutes.item
        if item is None:
            raise stage.DemoFailed("no item's minutes are shown")
        typed = time.monotonic()
        stage.wait(
            lambda: (
                queries.notes(self._workspace, self.story.meeting.id).get(item, "")
                == pane.notes.toPlainText()
            ),
            "the notes in the database",
            10,
        )
        if time.monotonic() - typed > 5:
            raise stage.DemoFailed("a keystroke took over 5 s to the database")

    def record_decision(self, words: str) -> None:
        """Write a decision of the current item."""
        field = self.window.minutes.new_decision.field
        QTest.keyClicks(field, words)
        QTest.keyClick(field, Qt.Key.Key_Return)
        stage.wait(
            lambda: queries.decisions(self._workspace, meeting_id=self.story.meeting.id),
            "the decision",
        )

    def record_action(self, words: str) -> None:
        """Write an action item of the current item for the first guest."""
        meeting = self.story.meeting.id
        before = len(queries.actions(self._workspace, meeting_id=meeting))
        new = self.window.minutes.new_action
        new.who.set_value(self.story.guests[0].person_id)
        QTest.keyClicks(new.what, words)
        QTest.keyClick(new.what, Qt.Key.Key_Return)
        stage.wait(
            lambda: len(queries.actions(self._workspace, meeting_id=meeting)) > before, "the action"
        )

    def end_meeting(self) -> None:
        """End the meeting for all and wait for what the journal says of it."""
        self.window.console.end_meeting()
        stage.wait(lambda: self.window.console.room.ended, "the end of the meeting")
        stage.wait(lambda: self._meeting().ended_at is not None, "the journal's last word")

    def _meeting(self) -> MeetingRow:
        return queries.meeting(self._workspace, self.story.meeting.id)

    # --- the guests -------------------------------------------------------------------------

    def _order(self, seconds: float = 60, **order: object) -> Answer:
        answers: list[Answer] = []
        self.troupe.order(answers.append, **order)
        stage.wait(lambda: answers, f"a guest to {order['do']}", seconds)
        if not answers[0].get("ok"):
            raise stage.DemoFailed(f"{order['do']}: {answers[0].get('text')}")
        return answers[0]

    def guests_knock(self) -> None:
        """Let both guests open their links, and wait until the console shows them waiting."""
        links = dict(self.published.links)
        for guest in self.story.guests:
            self._order(do="join", name=guest.name, url=links[guest.id])
        count = len(self.story.guests)
        stage.wait(lambda: len(self.window.console.room.lobby) == count, "the guests to wait")

    def drop_and_return(self) -> None:
        """Let the second guest vanish without a word and come back by the same link."""
        guest = self.story.guests[1]
        self._order(do="drop", name=guest.name)
        room = self.window.console
        stage.wait(
            lambda: (
                any(p.id == guest.id.hex and p.away for p in room.room.participants)
                or all(p.id != guest.id.hex for p in room.room.participants)
            ),
            "the vanished guest to be missed",
        )
        answer = self._order(do="join", name=guest.name, url=dict(self.published.links)[guest.id])
        if answer.get("state") == "lobby":
            self.admit_all()
        stage.wait(
            lambda: any(p.id == guest.id.hex and not p.away for p in room.room.participants),
            "the guest to be back",
        )

    # --- what is seen -----------------------------------------------------------------------

    def frames(self) -> dict[str, dict[str, int]]:
        """Return how many video frames each participant decoded of each other, by name."""
        guests = self._order(do="read")["guests"]
        seen = {name: self._by_name(guest["statistics"]) for name, guest in guests.items()}
        seen[self.story.chair.name] = self._by_name(self._own_statistics())
        return seen

    def _own_statistics(self) -> dict[str, Any]:
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

    def _by_name(self, statistics: dict[str, Any]) -> dict[str, int]:
        return {
            self._names.get(who, who): int(one["framesDecoded"]) for who, one in statistics.items()
        }

    def watch(self, frames: int) -> None:
        """Wait until everybody decoded `frames` more frames of everybody else."""
        start = self.frames()
        names = list(self._names.values())

        def grown() -> bool:
            now = self.frames()
            return all(
                now.get(viewer, {}).get(other, 0) >= start.get(viewer, {}).get(other, 0) + frames
                or now.get(viewer, {}).get(other, 0) >= frames > start.get(viewer, {}).get(other, 0)
                for viewer in names
                for other in names
                if viewer != other
            )

        deadline = time.monotonic() + 45
        while not grown():
            if time.monotonic() > deadline:
                raise stage.DemoFailed(f"not everybody sees everybody: {self.frames()}")
            stage.pause(0.5)

    def take_pictures(self, out: Path, name: str) -> None:
        """Write pictures of the desktop's window and of a guest's page."""
        if self._windows.window is not None:
            stage.picture(self._windows.window, out / f"{name}-desktop.png")
        if self._troupe is not None and self._troupe.in_browser:
            guest = self.story.guests[0].name
            answers: list[Answer] = []
            path = str(out / f"{name}-guest.png")
            self._troupe.order(answers.append, do="picture", name=guest, out=path)
            stage.wait(lambda: answers, "a picture of a guest")

    # --- the results ------------------------------------------------------------------------

    def attendance(self) -> list[dict[str, Any]]:
        """Return who was there, for how long and how often they joined."""
        rows = queries.attendance(self._workspace, self.story.meeting.id)
        return [
            {
                "name": row.name,
                "partner": row.partner,
                "minutes": round(row.minutes, 2),
                "share": round(row.share, 3),
                "joined": row.times,
            }
            for row in rows
        ]

    def write_results(self, out: Path) -> list[str]:
        """Write minutes and agenda in three formats and the journal; return the names."""
        names = []
        for what in ("agenda", "minutes"):
            for form in ("pdf", "docx", "md"):
                path = out / f"{what}.{form}"
                commands.export_document(
                    self._workspace,
                    self.story.meeting.id,
                    what,
                    form,
                    path,
                )
                names.append(path.name)
        (out / "journal.json").write_text(self._journal(), encoding="utf-8")
        return [*names, "journal.json", *sorted(p.name for p in out.glob("*.png"))]

    def _journal(self) -> str:
        from projectdesk.signalling.journal import JournalBatch

        client = self.hosting.client
        batches: list[JournalBatch] = []
        failures: list[Exception] = []
        if client is not None:
            path = "/api/v1/journal?after=0&limit=1000"
            client.ask("GET", path, JournalBatch, batches.append, failures.append)
        stage.wait(lambda: batches or failures, "the journal")
        if failures:
            raise stage.DemoFailed(str(failures[0]))
        import msgspec

        return msgspec.json.format(msgspec.json.encode(batches[0]), indent=2).decode("utf-8")

    def close(self) -> None:
        """End everything that was started."""
        if self._troupe is not None:
            self._troupe.end()
        if self._windows.window is not None:
            self._windows.window.close()
        self._choices.close()
        self.hosting.stop()
        self.session.close()
        record = read_record(self._host.folder)
        if record is not None:
            os.kill(record.pid, signal.SIGTERM)
        stage.pause(0.2)
