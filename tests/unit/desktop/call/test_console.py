"""The chair's seat: what it sends, and what it shows of what it hears."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from projectdesk.desktop.call.console import Console
from projectdesk.desktop.call.room import LiveRoom
from projectdesk.signalling import call
from tests.unit.desktop.call.meeting import clock, item, person, state

NOW = datetime(2027, 3, 10, 9, tzinfo=UTC)


class Link(QObject):
    """A link that keeps what is sent."""

    received = Signal(object)
    connected = Signal()
    lost = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[call.ClientMessage] = []
        self.opened = 0
        self.closed = 0

    def open(self) -> None:
        self.opened += 1

    def close(self) -> None:
        self.closed += 1

    def send(self, message: call.ClientMessage) -> None:
        self.sent.append(message)


class View:
    """A view that keeps what it was asked to show."""

    def __init__(self) -> None:
        self.rooms: list[LiveRoom] = []
        self.ticks = 0
        self.links: list[tuple[bool, str]] = []
        self.knocks: list[str] = []
        self.refusals: list[str] = []
        self.heard: list[call.HostMessage] = []

    def hear(self, message: call.HostMessage) -> None:
        self.heard.append(message)

    def show_room(self, room: LiveRoom, now: datetime) -> None:
        self.rooms.append(room)

    def show_clocks(self, room: LiveRoom, now: datetime) -> None:
        self.ticks += 1

    def show_link(self, connected: bool, reason: str) -> None:
        self.links.append((connected, reason))

    def show_knock(self, person: call.Participant) -> None:
        self.knocks.append(person.id)

    def show_refusal(self, problem: call.Problem) -> None:
        self.refusals.append(problem.code)


@pytest.fixture
def link(qapp: object) -> Link:
    return Link()


@pytest.fixture
def view() -> View:
    return View()


@pytest.fixture
def console(link: Any, view: View) -> Iterator[Console]:
    made = Console(link, view, now=lambda: NOW)
    made.open()
    yield made
    made.close()
    made.deleteLater()


def test_orders_are_messages(console: Console, link: Link) -> None:
    console.admit("a")
    console.admit(None)
    console.refuse("b")
    console.start_item("i1")
    console.start_item(None)
    console.end_meeting()
    assert link.sent == [
        call.Admit(participant="a"),
        call.Admit(participant=None),
        call.Refuse(participant="b"),
        call.StartItem(item="i1"),
        call.StartItem(item=None),
        call.EndMeeting(),
    ]


def test_next_goes_through_the_agenda_and_stops_at_its_end(console: Console, link: Link) -> None:
    console.next_item()
    assert link.sent == []  # nothing is known of the agenda yet
    items = (item(1), item(2))
    for current in (None, "i1", "i2"):
        link.received.emit(state(now=NOW, clock=clock(NOW, current, *items)))
        console.next_item()
    assert link.sent == [call.StartItem(item="i1"), call.StartItem(item="i2")]


def test_each_knock_is_shown_once(console: Console, link: Link, view: View) -> None:
    first, second = person("Ida"), person("Zoë")
    link.received.emit(state(now=NOW, clock=clock(NOW, None)))
    link.received.emit(call.LobbyChanged(lobby=[first]))
    link.received.emit(call.LobbyChanged(lobby=[first, second]))
    link.received.emit(call.LobbyChanged(lobby=[second]))
    assert view.knocks == [first.id, second.id]
    assert view.rooms[-1].lobby == (second,)


def test_a_refusal_is_shown_and_changes_nothing(console: Console, link: Link, view: View) -> None:
    link.received.emit(call.Problem(code="not_now", text="Not now."))
    assert view.refusals == ["not_now"]
    assert view.rooms == []


def test_the_links_state_is_shown(console: Console, link: Link, view: View) -> None:
    link.connected.emit()
    link.lost.emit("gone")
    assert view.links == [(True, ""), (False, "gone")]


@pytest.mark.full
def test_the_clocks_are_shown_again_and_again_until_it_closes(
    qtbot: QtBot, console: Console, link: Link, view: View
) -> None:
    qtbot.waitUntil(lambda: view.ticks >= 2)
    link.received.emit(call.Ended(reason="ended", text="It is over."))
    assert link.closed == 1  # after the end there is nothing to hear
    assert view.rooms[-1].ended == "ended"
