"""The chat in the console."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from projectdesk.desktop.call.chat_panel import ChatPanel
from projectdesk.desktop.call.links import pieces
from projectdesk.desktop.call.panel import Surroundings
from projectdesk.desktop.call.room import LiveRoom
from projectdesk.desktop.runtime.host_client import HostAddress
from projectdesk.desktop.runtime.hosting import Published
from projectdesk.signalling import call, floor
from tests.unit.desktop.call.meeting import clock, person, state

NOW = datetime(2027, 3, 10, 9, tzinfo=UTC)
PUBLISHED = Published(uuid4(), "room", HostAddress("", "", ""), "", (), "ida")


def written(number: int, text: str, sender: str = "li", to: str | None = None) -> floor.ChatMessage:
    return floor.ChatMessage(
        number=number,
        at=NOW,
        sender=sender,
        sender_name=sender.title(),
        to=to,
        to_name=(to or "").title(),
        text=text,
    )


@pytest.fixture
def panel(qtbot: QtBot, dressed: object) -> ChatPanel:
    made = ChatPanel(Surroundings(PUBLISHED, None, None))  # type: ignore[arg-type]
    qtbot.addWidget(made)
    return made


@pytest.fixture
def sent(panel: ChatPanel) -> list[object]:
    messages: list[object] = []
    panel.sent.connect(messages.append)
    return messages


def room(*names: str) -> LiveRoom:
    told = state(now=NOW, clock=clock(NOW, None), here=tuple(person(name) for name in names))
    return LiveRoom().after(told, now=NOW)


@pytest.mark.full
def test_messages_are_read_as_text_with_their_links(
    panel: ChatPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    old = floor.ChatHistory(messages=[written(1, "first")], first=True)
    panel.hear(old)
    panel.hear(floor.ChatReceived(message=written(2, "<b>see</b> https://example.org/a.")))
    panel.hear(floor.ChatReceived(message=written(3, "psst\nyou", to="ida")))
    shown = panel.log.toPlainText()
    assert "first" in shown
    assert "<b>see</b> https://example.org/a." in shown
    assert "to you alone" in shown
    assert 'href="https://example.org/a"' in panel.log.toHtml()
    panel.log.anchorClicked.emit(QUrl("https://example.org/a"))
    panel.log.anchorClicked.emit(QUrl("file:///etc/passwd"))
    assert opened == ["https://example.org/a"]
    panel.hear(old)  # the socket was lost: it is told anew
    assert panel.log.toPlainText().count("first") == 1
    assert "psst" not in panel.log.toPlainText()


def test_what_comes_unseen_is_counted_until_it_is_seen(qtbot: QtBot, panel: ChatPanel) -> None:
    panel.hear(floor.ChatHistory(messages=[written(1, "before")], first=True))
    panel.hear(floor.ChatReceived(message=written(2, "new")))
    panel.hear(floor.ChatReceived(message=written(3, "own", sender="ida")))
    assert panel.count == 1
    with qtbot.waitSignal(panel.labelled):
        panel.show()
    assert panel.count == 0
    panel.hear(floor.ChatReceived(message=written(4, "seen")))
    assert panel.count == 0


def test_a_message_goes_to_all_or_to_one_by_enter(panel: ChatPanel, sent: list[object]) -> None:
    panel.show_room(room("Ida", "Li", "Ana"), NOW)
    assert [panel.to.itemText(place) for place in range(panel.to.count())] == [
        "Everybody",
        "Ana",
        "Li",
    ]
    panel.field.setPlainText("hello")
    QTest.keyClick(panel.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(panel.field, Qt.Key.Key_Return)
    panel.to.setCurrentIndex(2)
    panel.field.setPlainText("psst")
    panel.send.click()
    panel.send.click()
    assert [(one.text, one.to) for one in cast("list[floor.SendChat]", sent)] == [
        ("hello", None),
        ("psst", "li"),
    ]


def test_words_for_one_who_left_do_not_go_to_all(panel: ChatPanel, sent: list[object]) -> None:
    panel.show_room(room("Li"), NOW)
    panel.to.setCurrentIndex(1)
    panel.show_room(room("Ana"), NOW)
    panel.show_room(room("Ana", "Ben"), NOW)
    assert panel.to.currentText() == "Li (left)"
    panel.field.setPlainText("psst")
    panel.send.click()
    assert cast("floor.SendChat", sent[0]).to == "li"
    refusal = call.Problem(code="not_here", text="Gone.", in_reply_to="sendChat")
    panel.show_refusal(refusal)
    assert panel.problem.text() == "Gone."
    assert panel.field.toPlainText() == "psst"


def test_what_is_half_written_survives(qtbot: QtBot, panel: ChatPanel) -> None:
    panel.field.setPlainText("half")
    again = ChatPanel(Surroundings(PUBLISHED, None, None))  # type: ignore[arg-type]
    qtbot.addWidget(again)
    again.restore(panel.draft())
    assert again.field.toPlainText() == "half"


@pytest.mark.parametrize(
    ("text", "links"),
    [
        (
            "See https://example.org/a?b=1#c, or (http://x.test).",
            "https://example.org/a?b=1#c http://x.test",
        ),
        ("https://en.wikipedia.org/wiki/Tide_(x)", "https://en.wikipedia.org/wiki/Tide_(x)"),
        ("javascript:alert(1) data:text/html,x file:///etc https:// http://[", ""),
    ],
)
def test_only_web_addresses_are_links(text: str, links: str) -> None:
    assert " ".join(address for _, address in pieces(text) if address) == links


@given(st.text() | st.from_regex(r"[ (]*https?://[a-z.()\[]*[ .)]*"))
def test_cutting_a_text_loses_nothing(text: str) -> None:
    assert "".join(words for words, _ in pieces(text)) == text
