"""Files and links that a start is given."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from projectdesk.desktop.incoming import Ways, open_word, route_of
from projectdesk.desktop.routes import Place, Route

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
