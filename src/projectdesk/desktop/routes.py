"""Where one can go in the window, and where one wants to be.

May import: nothing of the project.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Place(StrEnum):
    """Where one can go."""

    WELCOME = "welcome"
    HOME = "home"
    MEETINGS = "meetings"
    CALENDAR = "calendar"
    MEETING = "meeting"
    FIND_TIME = "find_time"
    PROJECTS = "projects"
    PROJECT = "project"
    ACTIONS = "actions"
    DECISIONS = "decisions"
    DIRECTORY = "directory"
    MAIL = "mail"
    SETTINGS = "settings"
    HELP = "help"


RAIL = (
    Place.HOME,
    Place.MEETINGS,
    Place.CALENDAR,
    Place.PROJECTS,
    Place.ACTIONS,
    Place.DECISIONS,
    Place.DIRECTORY,
    Place.MAIL,
    Place.SETTINGS,
)
"""The places of the navigation rail, in order."""

RAIL_PLACE = {
    Place.MEETING: Place.MEETINGS,
    Place.FIND_TIME: Place.MEETINGS,
    Place.PROJECT: Place.PROJECTS,
}
"""Which button of the rail a place belongs to that has none of its own; Help is in the top bar."""


@dataclass(frozen=True)
class Route:
    """A place, the record shown there, the tab, and a record to select in it."""

    place: Place
    id: UUID | None = None
    tab: str = ""
    select: UUID | None = None
