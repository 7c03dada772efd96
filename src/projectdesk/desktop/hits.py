"""What a search found: its icon, and where one goes to see it.

May import: routes, services.
"""

from __future__ import annotations

from projectdesk.desktop.routes import Place, Route
from projectdesk.services.rows import Hit, Kind

_ICONS = {
    Kind.PROJECT: "folder-kanban",
    Kind.ORGANISATION: "building-2",
    Kind.PARTNER: "building-2",
    Kind.PERSON: "user",
    Kind.BODY: "landmark",
    Kind.WORK_PACKAGE: "layers",
    Kind.TASK: "list-todo",
    Kind.DELIVERABLE: "package",
    Kind.MILESTONE: "flag",
    Kind.RISK: "triangle-alert",
    Kind.DOCUMENT: "file-text",
    Kind.MEETING: "calendar-days",
    Kind.DATE_POLL: "list-checks",
    Kind.AGENDA_ITEM: "list-todo",
    Kind.MINUTES: "file-text",
    Kind.DECISION: "gavel",
    Kind.VOTE: "gavel",
    Kind.ACTION: "list-checks",
}


def icon_of(kind: Kind) -> str:
    """Return the icon of what was found."""
    return _ICONS.get(kind, "search")


def route_of(hit: Hit) -> Route | None:
    """Return where it is shown; None for what a meeting has to be looked up for."""
    match hit.kind:
        case Kind.PROJECT:
            return Route(Place.PROJECT, hit.id)
        case Kind.MEETING:
            return Route(Place.MEETING, hit.id)
        case Kind.DATE_POLL:
            return Route(Place.FIND_TIME, tab="polls", select=hit.id)
        case Kind.ACTION:
            return Route(Place.ACTIONS, tab=hit.kind, select=hit.id)
        case Kind.DECISION | Kind.VOTE:
            return Route(Place.DECISIONS, tab=hit.kind, select=hit.id)
        case Kind.ORGANISATION:
            return Route(Place.DIRECTORY, tab=hit.kind, select=hit.id)
        case Kind.AGENDA_ITEM | Kind.MINUTES:
            return None
        case _ if hit.project_id is not None:
            return Route(Place.PROJECT, hit.project_id, hit.kind, hit.id)
        case _:
            return Route(Place.DIRECTORY, tab=hit.kind, select=hit.id)
