"""The desktop and two guests in Chromium, on a temporary folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from projectdesk.demo.company import Company
from projectdesk.secrets import PASSPHRASE_VARIABLE


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a data folder whose secrets every process of the test can open."""
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "a passphrase of this test")
    return tmp_path / "data"


@pytest.fixture
def company(qtbot: QtBot, chromium_path: Path, data: Path) -> Iterator[Company]:
    """Return the players on the sample project; all that they started has ended afterwards."""
    players = Company(data, None)
    assert players.troupe.in_browser
    yield players
    players.close()
