"""Files and links that a start is given."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QFileOpenEvent

from projectdesk.desktop.incoming import Ways, open_word, route_of
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.system_requests import word_of

ID = UUID("01a21b92-a9c9-728d-9606-cbf4cc3d87d3")


@pytest.mark.parametrize(
    ("word", "route"),
    [
        (f"projectdesk://meeting/{ID}", Route(Place.MEETING, ID)),
        (f"projectdesk://Decision/{ID}/", Route(Place.DECISIONS, select=ID)),
        (f"projectdesk://password/{ID}", None),
        ("projectdesk://meeting/7", None),
        (f"https://meeting/{ID}", None),
        ("projectdesk://[", None),
    ],
)
def test_links_lead_somewhere_or_nowhere(word: str, route: Route | None) -> None:
    assert route_of(word) == route


def test_a_word_goes_one_way(tmp_path: Path) -> None:
    file = tmp_path / "Plan.ProjectDesk"
    file.write_bytes(b"")
    gone: list[object] = []
    ways = Ways(gone.append, gone.append, lambda word: gone.append(f"? {word}"))
    for word in (f"projectdesk://project/{ID}", str(file), str(tmp_path / "no.projectdesk"), "x"):
        open_word(word, ways)
    assert gone == [
        Route(Place.PROJECT, ID),
        file,
        f"? {tmp_path / 'no.projectdesk'}",
        "? x",
    ]


@pytest.mark.parametrize(
    ("url", "word"),
    [
        (QUrl(f"projectdesk://meeting/{ID}"), f"projectdesk://meeting/{ID}"),
        (QUrl.fromLocalFile("/Users/ana/Plan é.projectdesk"), "/Users/ana/Plan é.projectdesk"),
    ],
)
def test_what_macos_asks_for_is_a_word_of_the_command_line(url: QUrl, word: str) -> None:
    assert Path(word_of(QFileOpenEvent(url))) == Path(word)


@pytest.mark.full
def test_an_event_of_macos_reaches_the_application() -> None:
    """In a process of its own: there is one Qt application in a process."""
    code = (
        "from PySide6.QtCore import QUrl; from PySide6.QtGui import QFileOpenEvent\n"
        "from projectdesk.desktop.system_requests import SystemApplication\n"
        "made = SystemApplication(['x']); made.asked.connect(print)\n"
        "made.sendEvent(made, QFileOpenEvent(QUrl('projectdesk://meeting/1')))\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "['projectdesk://meeting/1']"
