"""Waiting that keeps the application alive, and players in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from projectdesk.demo import stage, troupe
from projectdesk.demo.actor import Actor
from projectdesk.demo.coordinator import click, type_into


def test_waiting_lets_timers_run(qapp: QApplication) -> None:
    happened: list[int] = []
    QTimer.singleShot(0, lambda: happened.append(1))
    stage.wait(lambda: happened, "the timer")


def test_waiting_in_vain_says_for_what(qapp: QApplication) -> None:
    with pytest.raises(stage.DemoFailed, match="waited 0 s for the moon"):
        stage.wait(lambda: False, "the moon", 0.01)


def test_an_error_of_what_is_asked_comes_out(qapp: QApplication) -> None:
    def ask() -> bool:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        stage.wait(ask, "nothing")


def test_what_is_asked_may_wait_itself_and_is_not_asked_again_meanwhile(
    qapp: QApplication,
) -> None:
    inside = 0
    deepest = 0

    def ask() -> bool:
        nonlocal inside, deepest
        inside += 1
        deepest = max(deepest, inside)
        stage.pause(0.2)
        inside -= 1
        return True

    stage.wait(ask, "the inner wait")
    assert deepest == 1


def test_chatter_of_children_goes_to_the_log(tmp_path: Path, capfd: pytest.CaptureFixture) -> None:
    log = tmp_path / "demo.log"
    with stage.chatter_in(log):
        os.write(2, b"from inside\n")
        say = "import sys; sys.stderr.write('from a child\\n')"
        subprocess.run([sys.executable, "-c", say], check=True)
    os.write(2, b"afterwards\n")
    assert log.read_text(encoding="utf-8").splitlines() == ["from inside", "from a child"]
    assert capfd.readouterr().err == "afterwards\n"


@pytest.fixture
def actor(qtbot: QtBot) -> Iterator[Actor]:
    made = Actor([sys.executable, str(Path(__file__).with_name("echo.py"))])
    yield made
    made.end()


def test_orders_are_answered_in_order(actor: Actor) -> None:
    assert [actor.carry_out(do=what)["said"] for what in ("a", "b", "ø")] == ["a", "b", "ø"]


def test_what_a_player_cannot_do_is_said(actor: Actor) -> None:
    with pytest.raises(stage.DemoFailed, match="fail: RuntimeError: it cannot be done"):
        actor.carry_out(do="fail")
    assert actor.carry_out(do="on")["said"] == "on"


def test_a_player_that_dies_is_not_waited_for(actor: Actor) -> None:
    with pytest.raises(stage.DemoFailed, match="ended"):
        actor.carry_out(do="die")
    with pytest.raises(stage.DemoFailed, match="ended"):
        actor.carry_out(do="a")


def test_a_killed_player_is_gone(actor: Actor) -> None:
    actor.carry_out(do="a")
    actor.kill()
    assert not actor.runs


def test_every_letter_of_the_world_can_be_typed(qtbot: QtBot) -> None:
    words = "Å, ł, 日本 and 🙂.\nNext"
    editor = QPlainTextEdit()
    qtbot.addWidget(editor)
    type_into(editor, words)
    assert editor.toPlainText() == words


def test_return_in_a_line_is_pressed(qtbot: QtBot) -> None:
    line = QLineEdit()
    qtbot.addWidget(line)
    with qtbot.waitSignal(line.returnPressed):
        type_into(line, "done\n")
    assert line.text() == "done"


def test_a_button_that_cannot_be_clicked_is_a_failure(qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QPushButton

    button = QPushButton("Next")
    qtbot.addWidget(button)
    button.show()
    button.setEnabled(False)
    with pytest.raises(stage.DemoFailed, match="Next"):
        click(button)


def test_chromium_is_looked_for_on_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(troupe, "_PLACES", {})
    assert troupe.chromium() is None
    name = "google-chrome.exe" if sys.platform == "win32" else "google-chrome"
    program = tmp_path / name
    program.write_text("", encoding="utf-8")
    program.chmod(0o755)
    assert Path(troupe.chromium() or "") == program
