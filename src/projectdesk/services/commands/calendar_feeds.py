"""Addresses by which calendar programs read the meetings: make, renew, revoke."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert

from projectdesk.domain.consortium import Project
from projectdesk.domain.preparation import CalendarFeed
from projectdesk.domain.rules.validation import line
from projectdesk.services.calendar_feeds import feed, feed_host_key
from projectdesk.services.rows import Changes
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def create_feed(
    workspace: Workspace, name: str, project_id: UUID | None = None, host: str = ""
) -> tuple[UUID, Changes]:
    """Make an address to subscribe to; a desktop sends its calendar to the host.

    Args:
        workspace: the open data.
        name: of the calendar, as programs show it.
        project_id: the meetings of which project, None = of all.
        host: where it is read, as `Meeting.host`; "" = this computer.

    Returns:
        Its id, and what changed.

    Raises:
        DomainError: it has no name (field `name`).
        NotFound: there is no such project.
    """
    called = line(name, "name", required=True)
    made = CalendarFeed(project_id=project_id, name=called)
    with workspace.change(f"Make the calendar feed “{called}”", undoable=False) as unit:
        if project_id is not None:
            unit.get(Project, project_id)
        unit.add(made)
        row = {"key": feed_host_key(made.id), "value": host}
        unit.session.execute(insert(schema.setting).values(row))
    return made.id, unit.changes


def renew_feed(workspace: Workspace, feed_id: UUID, host: str = "") -> Changes:
    """Give a feed another address; the one before ends. It cannot be undone.

    Args:
        workspace: the open data.
        feed_id: which feed.
        host: where it is read if no host has it yet, as one of a copied project.

    Raises:
        NotFound: there is no such feed.
    """
    where = {"key": feed_host_key(feed_id), "value": host}
    hosted = feed(workspace, feed_id).host is not None
    with workspace.change("Make a new address", undoable=False) as unit:
        found = unit.get(CalendarFeed, feed_id)
        unit.label = f"Make a new address of “{found.name}”"
        found.generation += 1
        found.revoked = False
        if not hosted:
            unit.session.execute(insert(schema.setting).values(where))
    return unit.changes


def revoke_feed(workspace: Workspace, feed_id: UUID) -> Changes:
    """End the address of a feed: programs read nothing by it any more. It cannot be undone.

    Raises:
        NotFound: there is no such feed.
    """
    with workspace.change("Revoke an address", undoable=False) as unit:
        found = unit.get(CalendarFeed, feed_id)
        unit.label = f"Revoke the address of “{found.name}”"
        found.generation += 1
        found.revoked = True
    return unit.changes
