"""The call window without its web view, against a host's console."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QMenu, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from projectdesk.desktop.call.people_panel import People
from projectdesk.desktop.call.window import CallWindow
from projectdesk.desktop.pages.meeting.minutes import MinutesPane
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.runtime.hosting import Published
from projectdesk.desktop.widgets.badges import Chip
from projectdesk.services import queries
from projectdesk.services.workspace import Workspace
from projectdesk.signalling import call, floor
from projectdesk.signalling.sight import RoomLimits
from tests.unit.desktop.call.meeting import clock, item, person, state
from tests.unit.desktop.conftest import InstantSession, Sample
from tests.unit.desktop.fake_host import FakeConsole

LINK = "http://127.0.0.1:1/r/room#token"


@pytest.fixture
def host(qapp: object) -> Iterator[FakeConsole]:
    made = FakeConsole()
    yield made
    made.die()
    made.deleteLater()


@pytest.fixture
def items(workspace: Workspace, kick_off: UUID) -> list[str]:
    """Return the ids of the agenda items, as the wire has them."""
    return [row.id.hex for row in queries.agenda(workspace, kick_off)]


@pytest.fixture
def window(
    qtbot: QtBot,
    dressed: object,
    instant: InstantSession,
    host: FakeConsole,
    kick_off: UUID,
    sample: Sample,
) -> Iterator[CallWindow]:
    choices = Choices(instant)
    choices.open(sample.project)
    minutes = MinutesPane(instant, choices, compact=True)
    minutes.open_meeting(kick_off)
    published = Published(kick_off, "room", host.address, LINK, ())
    made = CallWindow(published, "Kick-off", minutes, instant, web=False)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    made.show()
    made.start()
    qtbot.waitUntil(lambda: host.greeted == 1)
    yield made
    made.close()
    minutes.presenter.close()
    choices.close()
    made.deleteLater()


@pytest.fixture
def say(qtbot: QtBot, window: CallWindow, host: FakeConsole) -> Callable[..., None]:
    """Let the host say something, and wait until the console heard the last of it."""

    def spoken(*messages: call.HostMessage) -> None:
        before = window.console.room
        host.say(*messages)
        qtbot.waitUntil(lambda: window.console.room is not before)

    return spoken


def now() -> datetime:
    return datetime.now(UTC)


def words(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def people(window: CallWindow) -> People:
    return window.tabs.panel(People)


def named(widget: QWidget, name: str) -> QPushButton:
    return next(b for b in widget.findChildren(QPushButton) if b.accessibleName() == name)


def press(button: QPushButton) -> None:
    assert button.isVisible()
    assert button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_who_waits_is_shown_and_let_in_or_not(
    qtbot: QtBot, window: CallWindow, host: FakeConsole, say: Callable[..., None]
) -> None:
    assert not window.lobby.isVisible()
    lobby = (person("Ida"), person("Zoë", marked=True))
    say(state(now=now(), clock=clock(now(), None), lobby=lobby))
    assert window.lobby.isVisible()
    assert "2 people wait" in words(window.lobby)
    assert "Ida" in words(window.lobby)
    assert "Zoë ⚠" in words(window.lobby)  # the name is somebody else's too
    press(named(window.lobby, "Admit Ida"))
    press(window.lobby.all)
    wanted = [call.Admit(participant="ida"), call.Admit(participant=None)]
    qtbot.waitUntil(lambda: host.received[-2:] == wanted)
    say(call.LobbyChanged(lobby=[]))
    assert not window.lobby.isVisible()


@pytest.mark.full
def test_the_chair_is_told_before_the_call_is_too_large(
    window: CallWindow, say: Callable[..., None]
) -> None:
    ten = tuple(person(f"P{number}") for number in range(10))
    limits = RoomLimits(capacity=25, everyone=12, cameras=5)
    told = state(now=now(), clock=clock(now(), None), here=ten[:9])
    say(replace(told, limits=limits))
    assert "people are here" not in words(window)
    say(call.ParticipantJoined(participant=ten[9]))
    assert "10 people are here. From 13 people on, each sees at most 5 cameras" in words(window)
    say(call.ParticipantLeft(participant=ten[0].id))
    assert "people are here" not in words(window)


def test_the_running_item_has_a_clock_and_the_minutes_follow(
    qtbot: QtBot,
    window: CallWindow,
    host: FakeConsole,
    say: Callable[..., None],
    items: list[str],
) -> None:
    agenda = (
        item(1, key=items[0], elapsed=60),
        item(2, key=items[1], planned=5, presenter="Bo OfMIT"),
        item(3, key=items[2]),
    )
    at = now() - timedelta(seconds=75.5)
    say(state(now=now(), clock=clock(at, items[1], *agenda)))
    shown = words(window.current)
    assert "2. Item 2" in shown
    assert "Bo OfMIT" in shown
    assert re.search(r"\b1:1[56] of 5 min, 3:4[345] left", shown)
    assert not window.current.over.isVisible()
    assert window.minutes.item == UUID(items[1])
    press(window.current.next)
    qtbot.waitUntil(lambda: call.StartItem(item=items[2]) in host.received)


@pytest.mark.full
def test_over_time_is_seen(window: CallWindow, say: Callable[..., None], items: list[str]) -> None:
    agenda = item(1, key=items[0], planned=1)
    say(state(now=now(), clock=clock(now() - timedelta(seconds=75), items[0], agenda)))
    assert window.current.over.isVisible()
    assert "of 1 min, 0:1" in words(window.current)
    assert "over" in words(window.current)


@pytest.mark.full
def test_an_item_becomes_over_time_without_a_word_of_the_host(
    qtbot: QtBot, window: CallWindow, say: Callable[..., None], items: list[str]
) -> None:
    agenda = item(1, key=items[0], planned=1)
    say(state(now=now(), clock=clock(now() - timedelta(seconds=59), items[0], agenda)))
    assert not window.current.over.isVisible()
    qtbot.waitUntil(window.current.over.isVisible)


@pytest.mark.full
def test_who_is_there_is_counted_and_shown(window: CallWindow, say: Callable[..., None]) -> None:
    here = (person("Zoë", away=True), person("Ida", "chair"))
    say(state(now=now(), clock=clock(now(), None), here=here))
    window.tabs.show_panel("people")
    assert words(people(window)).index("Ida") < words(people(window)).index("Zoë")
    chips = [chip.words for chip in people(window).findChildren(Chip) if chip.isVisible()]
    assert chips == ["Chair", "reconnecting"]
    assert "UiT, " in words(people(window))


def entries(window: CallWindow, name: str) -> dict[str, QAction]:
    """Return the menu of somebody in the list of people."""
    opener = next(
        b
        for b in people(window).findChildren(QToolButton)
        if b.accessibleName() == f"Actions for {name}" and b.isVisible()
    )
    return {action.text(): action for action in opener.menu().actions()}


def test_the_chair_leads_people_from_the_list(
    qtbot: QtBot, window: CallWindow, host: FakeConsole, say: Callable[..., None]
) -> None:
    zoe = person("Zoë", audio=True)
    say(state(now=now(), clock=clock(now(), None), here=(zoe, person("Ida", "chair"))))
    window.tabs.show_panel("people")
    assert not people(window).lower_hands.isVisible()
    say(call.ParticipantChanged(participant=replace(zoe, hand=now())))
    qtbot.waitUntil(lambda: re.search("Zoë.*Ida", words(people(window))) is not None)
    assert list(entries(window, "Ida")) == ["Ask to unmute", "Put in focus for all"]
    offered = entries(window, "Zoë")
    assert list(offered) == [
        "Lower hand",
        "Mute microphone",
        "Put in focus for all",
        "Make co-host",
        "Hand over the chair",
        "Remove",
    ]
    offered["Mute microphone"].trigger()
    offered["Make co-host"].trigger()
    press(people(window).lower_hands)
    press(people(window).mute)
    press(people(window).lock)
    wanted = [
        floor.StopFeed(source="audio", participant="zoë"),
        floor.Appoint(participant="zoë", role="cohost"),
        floor.LowerHands(),
        floor.StopFeed(source="audio"),
        floor.LockRoom(locked=True),
    ]
    qtbot.waitUntil(lambda: host.received[-5:] == wanted)
    say(floor.LockChanged(locked=True))
    assert people(window).lock.text() == "Unlock"


@pytest.mark.full
def test_an_open_menu_outlives_somebody_who_starts_to_speak(
    qtbot: QtBot, window: CallWindow, host: FakeConsole, say: Callable[..., None]
) -> None:
    zoe = person("Zoë", audio=True)
    say(state(now=now(), clock=clock(now(), None), here=(zoe,)))
    window.tabs.show_panel("people")
    qtbot.waitUntil(lambda: "Zoë" in words(people(window)))
    mute = entries(window, "Zoë")["Mute microphone"]
    menu = next(m for m in people(window).findChildren(QMenu) if mute in m.actions())
    menu.popup(people(window).mapToGlobal(people(window).rect().center()))
    say(call.SpeakerChanged(participant="zoë"), call.ParticipantJoined(participant=person("Bo")))
    assert menu.isVisible()
    assert "Bo" not in words(people(window))
    menu.close()
    qtbot.waitUntil(lambda: "Bo" in words(people(window)))


@pytest.mark.full
def test_removing_is_asked_first_and_can_be_taken_back(
    qtbot: QtBot, window: CallWindow, host: FakeConsole, say: Callable[..., None]
) -> None:
    say(state(now=now(), clock=clock(now(), None), here=(person("Zoë"),)))
    window.tabs.show_panel("people")
    qtbot.waitUntil(lambda: "Zoë" in words(people(window)))
    entries(window, "Zoë")["Remove"].trigger()
    dialog = next(d for d in window.findChildren(QDialog) if d.isVisible())
    assert "Remove Zoë?" in words(dialog)
    assert not any(isinstance(m, floor.Remove) for m in host.received)
    press(next(b for b in dialog.findChildren(QPushButton) if b.text() == "Remove"))
    qtbot.waitUntil(lambda: floor.Remove(participant="zoë") in host.received)
    say(
        call.ParticipantLeft(participant="zoë"),
        floor.RemovedChanged(removed=[floor.RemovedPerson(id="zoë", name="Zoë")]),
    )
    qtbot.waitUntil(lambda: "Removed (1)" in words(people(window)))
    press(named(people(window), "Let Zoë back in"))
    qtbot.waitUntil(lambda: floor.LetBackIn(participant="zoë") in host.received)


@pytest.mark.full
def test_the_end_is_said_and_nothing_is_left_to_lead(
    qtbot: QtBot, window: CallWindow, say: Callable[..., None]
) -> None:
    say(state(now=now(), clock=clock(now(), None, item(1)), lobby=(person("Ida"),)))
    with qtbot.waitSignal(window.ended):
        say(call.Ended(reason="ended", text=""))
    assert "The meeting is over" in words(window)
    for gone in (window.current, window.lobby, window.end):
        assert not gone.isVisible()
    assert window.minutes.isVisible()  # they can be written on


@pytest.mark.full
def test_a_host_that_is_not_heard_is_said_and_waited_for(
    qtbot: QtBot, window: CallWindow, host: FakeConsole
) -> None:
    with qtbot.waitSignal(window.unheard, timeout=10_000):
        host.die()
    assert "not heard" in words(window)
    host.revive()
    qtbot.waitUntil(lambda: host.greeted == 2, timeout=10_000)
    assert "not heard" not in words(window)


@pytest.mark.full
def test_a_refusal_of_the_host_is_shown(
    qtbot: QtBot, window: CallWindow, host: FakeConsole
) -> None:
    host.say(call.Problem(code="not_chair", text="Only the chair may do that."))
    qtbot.waitUntil(lambda: "Only the chair may do that." in words(window))


@pytest.mark.full
def test_without_web_engine_the_call_opens_in_the_browser(
    window: CallWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    assert window.page is None
    button = next(b for b in window.findChildren(QPushButton) if b.text() == "Open the call")
    press(button)
    assert opened == [QUrl(LINK)]


@pytest.mark.full
def test_closing_the_window_leaves_the_meeting_alone(
    qtbot: QtBot, window: CallWindow, host: FakeConsole
) -> None:
    with qtbot.waitSignal(window.closed):
        window.close()
    assert not any(isinstance(m, call.EndMeeting | call.Leave) for m in host.received)


@pytest.mark.full
def test_the_page_gets_the_whole_screen_and_its_place_back(window: CallWindow) -> None:
    window.show()
    window._fill(True)
    assert window.isFullScreen()
    assert not window._side.isVisible()
    assert window._narrow.isEnabled()
    window._fill(False)
    assert not window.isFullScreen()
    assert window._side.isVisible()
    assert not window._narrow.isEnabled()


def test_f1_asks_for_the_guide(qtbot: QtBot, window: CallWindow) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    with qtbot.waitSignal(window.help_asked):
        QTest.keyClick(window, Qt.Key.Key_F1)
