"""What the search box offers to do, beside what it finds.

May import: shell, routes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from projectdesk.desktop.language import say
from projectdesk.desktop.routes import RAIL, Place, Route
from projectdesk.desktop.shell.bars import place_name
from projectdesk.desktop.shell.search_palette import Suggestion


@dataclass(frozen=True)
class Doings:
    """What is done by whom."""

    go: Callable[[Route], object]
    import_calendar: Callable[[], object]
    import_cordis: Callable[[], object]
    undo: Callable[[], object]
    redo: Callable[[], object]
    show_shortcuts: Callable[[], object]
    show_guide: Callable[[], object]


def suggestions(doings: Doings) -> list[Suggestion]:
    """Return what can be done, then where one can go."""
    do, go = say("Do"), say("Go to")

    def to(place: Place, tab: str = "") -> Callable[[], object]:
        return partial(doings.go, Route(place, tab=tab))

    done = [
        (say("New meeting"), "calendar-plus", to(Place.MEETINGS, "new")),
        (say("Find a time"), "calendar-clock", to(Place.FIND_TIME)),
        (say("Import an invitation or a calendar"), "file-down", doings.import_calendar),
        (say("New project"), "plus", to(Place.PROJECTS, "new")),
        (say("Import from CORDIS"), "file-down", doings.import_cordis),
        (say("Undo"), "undo-2", doings.undo),
        (say("Redo"), "redo-2", doings.redo),
        (say("User guide"), "file-text", doings.show_guide),
        (say("Keyboard shortcuts"), "keyboard", doings.show_shortcuts),
    ]
    places = [(place_name(place), to(place)) for place in RAIL]
    places.append((say("Help"), to(Place.HELP)))
    return [
        *(Suggestion(words, "", icon, do, run) for words, icon, run in done),
        *(Suggestion(words, "", "chevron-right", go, run) for words, run in places),
    ]
