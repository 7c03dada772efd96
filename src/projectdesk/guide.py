"""Where the user guide lies, and which part of it tells of what is on the screen.

It is built from `docs/guide` (`python3 dev.py guide`) into a folder for each language. A bundle and
a wheel carry it in `resources/guide`; in a source tree it lies in `build/guide`. It is read from
there by a browser, without a network (adr 100).

May import: errors, resources, catalogues.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from projectdesk import resources
from projectdesk.catalogues import ENGLISH
from projectdesk.errors import DomainError, EnvironmentFailure

START: Final = "index"
"""The page with the contents."""

TOPICS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "welcome": "first-steps",
        "home": "first-steps#home",
        "meetings": "plan-a-meeting",
        "calendar": "calendar",
        "meeting": "plan-a-meeting",
        "meeting.agenda": "agenda",
        "meeting.invitees": "invite",
        "meeting.documents": "documents",
        "meeting.after": "after-the-call",
        "meeting.minutes": "minutes",
        "meeting.circulation": "circulate",
        "meeting.attendance": "after-the-call#attendance",
        "meeting.call": "after-the-call#from-the-call",
        "meeting.recordings": "hold-a-meeting#recording",
        "meeting.details": "plan-a-meeting#details",
        "meeting.review": "reviews",
        "call": "hold-a-meeting",
        "find_time": "find-a-time",
        "projects": "first-steps#projects",
        "project": "first-steps#projects",
        "project.overview": "first-steps#projects",
        "project.consortium": "consortium",
        "project.people": "consortium#people",
        "project.bodies": "consortium#bodies",
        "project.lists": "consortium#mailing-lists",
        "project.world": "consortium#world",
        "project.tree": "work-plan",
        "project.plan": "work-plan#tables",
        "project.gantt": "work-plan#gantt",
        "project.effort": "effort",
        "project.dependencies": "work-plan#dependencies",
        "project.risks": "work-plan#risks",
        "project.late": "work-plan#late",
        "project.check": "work-plan#check",
        "project.reporting": "effort",
        "project.documents": "documents",
        "actions": "actions",
        "decisions": "decisions",
        "decisions.procedures": "written-procedures",
        "directory": "consortium#directory",
        "mail": "mail",
        "settings": "settings",
        "help": "help",
        "shortcuts": "shortcuts",
        "import": "import-and-export",
        "invite": "invite",
        "circulate": "circulate",
        "action": "actions",
        "poll": "find-a-time#polls",
        "series": "plan-a-meeting#series",
        "agenda": "agenda",
        "plan": "work-plan#move",
        "reporting": "effort",
        "consortium": "consortium#changes",
        "hosts": "settings#hosts",
        "mail-account": "mail#account",
        "subscribe": "calendar#subscribe",
        "team": "team-database",
        "conflict": "team-database#conflicts",
        "passphrase": "help#passphrase",
        "crash": "help#crash",
        "tables": "tables",
    }
)
"""What F1 asks for: a place of the window, with its tab, or a dialog; and the page and its part."""


def folder() -> Path | None:
    """Return the folder of the built guide, None where there is none."""
    candidates = [resources.path("guide")]
    if resources.root().name == "resources":  # a source tree
        candidates.append(resources.root().parent / "build" / "guide")
    for candidate in candidates:
        if (candidate / ENGLISH / f"{START}.html").is_file():
            return candidate
    return None


def pages(language: str = ENGLISH) -> dict[str, Path]:
    """Return the pages of the guide by name, in a language, else in English.

    Raises:
        EnvironmentFailure: `guide_not_built`.
    """
    where = folder()
    if where is None:
        raise EnvironmentFailure(
            "guide_not_built",
            "The user guide is not here. In a source tree `python3 dev.py guide` builds it; "
            "the packages for Windows, macOS and Linux carry it.",
        )
    spoken = language if (where / language / f"{START}.html").is_file() else ENGLISH
    files = sorted((where / spoken).glob("*.html"))
    return {file.stem: file for file in files if file.stem not in {"search", "genindex"}}


def place(name: str = "", language: str = ENGLISH) -> tuple[Path, str]:
    """Return the file and the part ("" = its beginning) of a page or of a topic; "" = contents.

    Raises:
        EnvironmentFailure: `guide_not_built`.
        DomainError: `unknown_page`.
    """
    known = pages(language)
    page, _, part = TOPICS.get(name, name or START).partition("#")
    if page not in known:
        raise DomainError(
            "unknown_page",
            "The user guide has no page “{page}”: expected one of {known}.",
            page=name,
            known=", ".join(known),
        )
    return known[page], part
