"""What a start was asked to open: a project file, or a link `projectdesk://KIND/ID`.

May import: routes, language, pages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from projectdesk.desktop.routes import Place, Route

SCHEME: Final = "projectdesk"
SUFFIX: Final = ".projectdesk"
_PLACES: Final[dict[str, Callable[[UUID], Route]]] = {
    "meeting": lambda found: Route(Place.MEETING, found),
    "project": lambda found: Route(Place.PROJECT, found),
    "action": lambda found: Route(Place.ACTIONS, select=found),
    "decision": lambda found: Route(Place.DECISIONS, select=found),
}
"""Kinds that a link may name."""


@dataclass(frozen=True)
class Ways:
    """What can be done with what came. unknown: gets what nothing is known of."""

    go: Callable[[Route], None]
    project_file: Callable[[Path], object]
    unknown: Callable[[str], None]


def open_word(word: str, ways: Ways) -> None:
    """Open one file or link."""
    route = route_of(word)
    if route is not None:
        ways.go(route)
    elif word.lower().endswith(SUFFIX) and Path(word).is_file():
        ways.project_file(Path(word).absolute())
    else:
        ways.unknown(word)


def route_of(word: str) -> Route | None:
    """Return where a link of ours leads, None if it is none."""
    try:
        parts = urlsplit(word)
        if parts.scheme != SCHEME:
            return None
        return _PLACES[parts.netloc.lower()](UUID(parts.path.strip("/")))
    except (KeyError, ValueError):
        return None
