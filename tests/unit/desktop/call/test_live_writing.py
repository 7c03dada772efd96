"""The minutes at the console, in step with a host and with somebody who writes in a page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from projectdesk.desktop.call.minutes_panel import MinutesPanel
from projectdesk.desktop.call.panel import Surroundings
from projectdesk.desktop.pages.meeting.minutes import MinutesPane
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.runtime.host_client import HostAddress
from projectdesk.desktop.runtime.hosting import Published
from projectdesk.services import notes_authors, queries
from projectdesk.services.workspace import Workspace
from projectdesk.signalling import call, writing
from projectdesk.text.minutes import MinutesText
from tests.unit.desktop.call.meeting import clock, state
from tests.unit.desktop.conftest import InstantSession, Sample

NOW = datetime(2027, 3, 10, 9, tzinfo=UTC)


class Host:
    """Answers a console as `room/writing.py` does; `guest` is the document of all the others."""

    def __init__(
        self, panel: MinutesPanel, document: UUID, text: MinutesText | None = None
    ) -> None:
        self.panel = panel
        self.document = document.hex
        self.guest = MinutesText()
        self.linked = True
        self.asked: list[Any] = []
        panel.sent.connect(self.take)

    def greet(self) -> None:
        self.panel.hear(state(now=NOW, clock=clock(NOW, None)))

    def take(self, message: Any) -> None:
        if not self.linked:
            return
        self.asked.append(message)
        match message:
            case writing.OpenMinutes(vector=vector):
                opened = writing.MinutesOpened(
                    document=self.document,
                    update=self.guest.missing(vector),
                    vector=self.guest.vector(),
                )
                self.panel.hear(opened)
            case writing.EditMinutes(update=update, n=n):
                self.guest.apply(update)
                self.panel.hear(writing.MinutesKept(n=n))
            case _:
                pass

    def type(self, item: UUID, at: int, words: str) -> None:
        """Write as a guest."""
        updates: list[bytes] = []
        stop = self.guest.listen(updates.append)
        self.guest.edit(item, at, 0, words)
        stop()
        for update in updates:
            self.panel.hear(writing.MinutesEdited(document=self.document, update=update))


@pytest.fixture
def around(
    qtbot: QtBot, dressed: object, instant: InstantSession, kick_off: UUID, sample: Sample
) -> Iterator[Surroundings]:
    choices = Choices(instant)
    choices.open(sample.project)
    minutes = MinutesPane(instant, choices, compact=True)
    minutes.open_meeting(kick_off)
    address = HostAddress("http://127.0.0.1:1", "key", "http://127.0.0.1:1")
    yield Surroundings(Published(kick_off, "room", address, "", (), "ida"), instant, minutes)
    minutes.presenter.close()
    choices.close()
    minutes.deleteLater()


@pytest.fixture
def panel(around: Surroundings) -> Iterator[MinutesPanel]:
    made = MinutesPanel(around)
    made.show()
    yield made
    made.end()
    around.minutes.setParent(None)
    made.deleteLater()


@pytest.fixture
def item(workspace: Workspace, kick_off: UUID, around: Surroundings) -> UUID:
    first = queries.agenda(workspace, kick_off)[0].id
    around.minutes.show_item(first)
    return first


@pytest.fixture
def host(panel: MinutesPanel, around: Surroundings, item: UUID) -> Host:
    document = around.minutes.presenter.notes
    assert document is not None
    host = Host(panel, document.minutes_id)
    host.greet()
    return host


def test_both_write_at_once_and_undo_takes_back_ones_own_alone(
    qtbot: QtBot, host: Host, around: Surroundings, item: UUID
) -> None:
    editor = around.minutes.notes
    QTest.keyClicks(editor, "Mine")
    qtbot.waitUntil(lambda: host.guest.item_text(item) == "Mine")
    host.type(item, 0, "Träger 🚀 ")
    qtbot.waitUntil(lambda: editor.toPlainText() == "Träger 🚀 Mine")
    assert editor.textCursor().position() == len("Träger 🚀 Mine") + 1  # in UTF-16 units
    QTest.keyClicks(editor, "!")
    qtbot.waitUntil(lambda: host.guest.item_text(item) == "Träger 🚀 Mine!")
    QTest.keyClick(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "Mine!" not in host.guest.item_text(item))
    assert host.guest.item_text(item).startswith("Träger 🚀 ")
    assert host.guest.item_text(item) == editor.toPlainText()


def test_what_was_written_apart_merges_and_another_host_is_given_all(
    qtbot: QtBot, host: Host, around: Surroundings, item: UUID
) -> None:
    editor = around.minutes.notes
    QTest.keyClicks(editor, "start ")
    qtbot.waitUntil(lambda: host.guest.item_text(item) == "start ")
    host.linked = False  # the network is gone: both go on
    QTest.keyClicks(editor, "desk ")
    host.guest.edit(item, 0, 0, "guest ")
    host.linked = True
    host.greet()
    qtbot.waitUntil(lambda: editor.toPlainText() == "guest start desk ")
    assert host.guest.item_text(item) == "guest start desk "
    host.guest = MinutesText()  # a host that lost everything, or another one
    host.greet()
    assert host.guest.item_text(item) == "guest start desk "


def test_what_is_sent_and_not_taken_is_sent_again(
    qtbot: QtBot, host: Host, panel: MinutesPanel, around: Surroundings, item: UUID
) -> None:
    host.linked = False
    QTest.keyClicks(around.minutes.notes, "lost on the way")
    qtbot.waitUntil(lambda: panel.writing._patience.isActive())
    host.linked = True
    panel.show_refusal(call.Problem(code="too_many_messages", text="Too many messages."))
    panel.writing._patience.setInterval(1)
    panel.writing._patience.start()
    qtbot.waitUntil(lambda: host.guest.item_text(item) == "lost on the way")
    panel.hear(writing.MinutesUnkept())
    assert "cannot save" in panel._word.text()
    panel.hear(writing.MinutesKept(n=99))
    assert panel._word.text() == ""


def test_a_console_that_ended_lets_the_document_go_and_hears_no_late_answer(
    qtbot: QtBot, host: Host, panel: MinutesPanel, around: Surroundings, item: UUID
) -> None:
    panel.end()
    host.asked.clear()
    around.minutes.written.emit()  # the pane goes on
    host.greet()
    late = writing.MinutesOpened(document=host.document, update=b"\0\0", vector=b"\0")
    panel.hear(late)
    QTest.keyClicks(around.minutes.notes, "Alone")
    document = around.minutes.presenter.notes
    assert document is not None
    qtbot.waitUntil(lambda: document.item_text(item) == "Alone")
    assert not panel.writing.is_live
    assert not any(isinstance(message, writing.OpenMinutes) for message in host.asked)
    assert host.guest.item_text(item) == ""


def test_cursors_and_authors_have_names(
    qtbot: QtBot,
    host: Host,
    panel: MinutesPanel,
    around: Surroundings,
    item: UUID,
    workspace: Workspace,
    kick_off: UUID,
) -> None:
    minutes = around.minutes
    QTest.keyClicks(minutes.notes, "Mine")
    qtbot.waitUntil(lambda: host.guest.item_text(item) == "Mine")
    host.type(item, 0, "Träger ")
    position = host.guest.position(item, 7)
    pointed = writing.MinutesPointed(
        writer=3, name="Bo Ek", colour=2, item=item.hex, anchor=position, head=position
    )
    panel.hear(pointed)
    qtbot.waitUntil(lambda: [c.head for c in minutes.notes._cursors] == [7])
    author = writing.Author(replica=host.guest.replica, participant="", name="Bo <Ek>")
    panel.hear(writing.MinutesSigned(document=host.document, author=author))
    minutes.authors.setChecked(True)
    qtbot.waitUntil(lambda: minutes.notes.author_at(0) == "Bo <Ek>")
    assert "Bo &lt;Ek&gt;" in minutes.authors._legend.text()
    document = minutes.presenter.notes
    assert document is not None
    document.flush()  # what was typed here is signed as it is kept
    known = notes_authors.authors(workspace, document.minutes_id)
    assert known.keys() == {host.guest.replica, document.replica}
    panel.hear(writing.MinutesPointed(writer=3, name="Bo Ek", colour=2, item=None))
    assert minutes.notes._cursors == ()
    minutes.authors.setChecked(False)
    assert minutes.notes.author_at(0) == ""
