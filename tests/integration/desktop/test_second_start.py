"""A second start brings the first desktop to the front and hands over what it was to open."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from projectdesk.desktop.runtime.first_instance import FirstInstance, channel_name
from projectdesk.folders.lock import DESKTOP_LOCK, FolderLock


@pytest.fixture
def first(qtbot: QtBot, tmp_path: Path) -> Iterator[FirstInstance]:
    lock = FolderLock(tmp_path / DESKTOP_LOCK, "data_in_use", "")
    lock.acquire()
    made = FirstInstance(tmp_path)
    yield made
    made.stop()
    lock.release()


def start(data: Path, *words: str) -> subprocess.Popen[bytes]:
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "projectdesk", "app", "--data", str(data), *words]
    return subprocess.Popen(command, env=env)


def test_a_second_start_hands_over_and_ends(
    qtbot: QtBot, first: FirstInstance, tmp_path: Path
) -> None:
    link = "projectdesk://meeting/01a21b92-a9c9-728d-9606-cbf4cc3d87d3"
    with qtbot.waitSignal(first.asked, timeout=30_000) as asked:
        second = start(tmp_path, link, "plan.projectdesk")
    assert asked.args == [[link, "plan.projectdesk"]]
    assert second.wait(20) == 0


@pytest.mark.parametrize("line", [b"no json\n", b"{}\n", b"[1]\n", b"x" * 100_000])
def test_what_is_none_of_ours_is_not_opened(
    qtbot: QtBot, first: FirstInstance, tmp_path: Path, line: bytes
) -> None:
    asked: list[object] = []
    first.asked.connect(asked.append)
    socket = QLocalSocket()
    socket.connectToServer(channel_name(tmp_path))
    assert socket.waitForConnected(2000)
    socket.write(line)
    qtbot.waitUntil(
        lambda: socket.state() is QLocalSocket.LocalSocketState.UnconnectedState, timeout=5000
    )
    assert asked == []
