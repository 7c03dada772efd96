"""A desktop that was killed comes back to its call, with the same panel and half-typed text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from projectdesk.desktop.call.calls import Calls
from projectdesk.desktop.call.open_calls import (
    ConsoleState,
    OpenCall,
    keep_open_calls,
    read_open_calls,
)
from projectdesk.desktop.call.people_panel import People
from projectdesk.desktop.call.window import CallWindow
from projectdesk.desktop.presenters.choices import Choices
from projectdesk.desktop.runtime.hosting import Published
from projectdesk.errors import EnvironmentFailure
from projectdesk.signalling import call
from tests.unit.desktop.conftest import InstantSession, Sample
from tests.unit.desktop.fake_host import FakeConsole

NOW = datetime(2027, 3, 10, 9, tzinfo=UTC)


def test_what_is_kept_comes_back_and_what_is_old_does_not(tmp_path: Path) -> None:
    state = ConsoleState("people", {"people": {"lobby": "Half ty"}})
    fresh, old = uuid4(), uuid4()
    kept = {
        fresh: OpenCall("Kick-off", uuid4(), NOW - timedelta(minutes=5), state),
        old: OpenCall("Review", uuid4(), NOW - timedelta(days=2)),
    }
    keep_open_calls(tmp_path, kept)
    assert read_open_calls(tmp_path, NOW) == {fresh: kept[fresh]}
    keep_open_calls(tmp_path, {})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"x": 1}'])
def test_a_damaged_file_is_no_call(tmp_path: Path, text: str) -> None:
    (tmp_path / "calls.json").write_text(text, encoding="utf-8")
    assert read_open_calls(tmp_path, NOW) == {}


class PlainHosting(QObject):
    """Publishes at once, to where a test says; or refuses."""

    trouble = Signal(object)
    moved = Signal(object)

    def __init__(self, published: Published) -> None:
        super().__init__()
        self.published = published
        self.refuses = False

    def publish(self, _meeting: UUID, then: Any, failed: Any) -> None:
        if self.refuses:
            failed(EnvironmentFailure("host_unreachable", "No host."))
        else:
            then(self.published)

    def live(self, _begins: bool, _meeting: UUID) -> None: ...

    def collect(self) -> None: ...


class PlainShell:
    """Keeps the windows that it was asked to open."""

    def __init__(self) -> None:
        self.windows: list[CallWindow] = []

    def open_window(self, _key: str, make: Callable[[], QWidget]) -> QWidget:
        made = make()
        assert isinstance(made, CallWindow)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        made.show()
        self.windows.append(made)
        return made


@pytest.fixture
def host(qapp: object) -> Iterator[FakeConsole]:
    made = FakeConsole()
    yield made
    made.die()
    made.deleteLater()


@pytest.fixture
def desk(
    dressed: object,
    instant: InstantSession,
    host: FakeConsole,
    kick_off: UUID,
    sample: Sample,
    tmp_path: Path,
) -> Iterator[Callable[[], tuple[Calls, PlainShell, PlainHosting]]]:
    """Make a desktop's calls, as often as it is started."""
    choices = Choices(instant)
    choices.open(sample.project)
    made: list[tuple[Calls, PlainShell, PlainHosting]] = []

    def start() -> tuple[Calls, PlainShell, PlainHosting]:
        hosting = PlainHosting(Published(kick_off, "room", host.address, "", ()))
        shell = PlainShell()
        calls = Calls(
            hosting,  # type: ignore[arg-type]
            instant,
            lambda _project: choices,
            shell,
            web=False,
            data=tmp_path,
        )
        made.append((calls, shell, hosting))
        return made[-1]

    yield start
    for calls, shell, hosting in made:
        for window in shell.windows:
            window.close()
            window.deleteLater()
        calls.deleteLater()
        hosting.deleteLater()
    choices.close()


def test_a_killed_desktop_comes_back_as_it_stood(
    qtbot: QtBot, desk: Any, host: FakeConsole, kick_off: UUID, sample: Sample, tmp_path: Path
) -> None:
    calls, shell, _ = desk()
    calls.start(kick_off, "Kick-off", sample.project)
    (window,) = shell.windows
    qtbot.waitUntil(lambda: host.greeted == 1)
    window.tabs.show_panel("people")
    window.tabs.panel(People).words.setText("Half ty")
    window.minutes.new_decision.field.setText("We agree to")

    def is_kept() -> bool:
        kept = read_open_calls(tmp_path, datetime.now(UTC)).get(kick_off)
        return kept is not None and len(kept.state.drafts) == 2

    qtbot.waitUntil(is_kept)

    again, second, _ = desk()  # as after kill -9: nothing was closed
    again.resume()
    (back,) = second.windows
    assert back.windowTitle() == "Kick-off"
    assert back.tabs.current == "people"
    assert back.tabs.panel(People).words.text() == "Half ty"
    assert back.minutes.new_decision.field.text() == "We agree to"
    qtbot.waitUntil(lambda: host.greeted == 2)


@pytest.mark.full
def test_a_window_that_is_closed_or_over_is_forgotten(
    qtbot: QtBot, desk: Any, host: FakeConsole, kick_off: UUID, sample: Sample, tmp_path: Path
) -> None:
    calls, shell, _ = desk()
    calls.start(kick_off, "Kick-off", sample.project)
    qtbot.waitUntil(lambda: host.greeted == 1)
    assert kick_off in read_open_calls(tmp_path, datetime.now(UTC))
    with qtbot.waitSignal(shell.windows[0].ended):
        host.say(call.Ended(reason="ended", text="Over."))
    assert read_open_calls(tmp_path, datetime.now(UTC)) == {}
    shell.windows[0].close()
    calls.start(kick_off, "Kick-off", sample.project)
    qtbot.waitUntil(lambda: host.greeted == 2)
    shell.windows[1].close()
    assert read_open_calls(tmp_path, datetime.now(UTC)) == {}


def test_a_call_that_cannot_be_found_again_is_said_and_not_tried_for_ever(
    desk: Any, instant: InstantSession, kick_off: UUID, sample: Sample, tmp_path: Path
) -> None:
    keep_open_calls(tmp_path, {kick_off: OpenCall("Kick-off", sample.project, datetime.now(UTC))})
    calls, shell, hosting = desk()
    hosting.refuses = True
    calls.resume()
    assert [notice.text for notice in instant.notices][-1] == "No host."
    assert shell.windows == []
    assert read_open_calls(tmp_path, datetime.now(UTC)) == {}
