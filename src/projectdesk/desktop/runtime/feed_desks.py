"""The calendars that programs subscribe to (see `own_desks`): sent again when meetings change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from PySide6.QtCore import QObject

from projectdesk.desktop.runtime.hosts import Hosts
from projectdesk.desktop.runtime.own_desks import DeskOwners, OwnDesks
from projectdesk.desktop.runtime.session import Session
from projectdesk.services.rows import Kind

if TYPE_CHECKING:
    from projectdesk.services.calendar_feeds import FeedLink
    from projectdesk.services.desk_sets import DeskSet
    from projectdesk.services.workspace import Workspace

_MATTERS: Final = frozenset({Kind.CALENDAR_FEED, Kind.MEETING, Kind.MEETING_SERIES, Kind.PROJECT})


class FeedDesks(OwnDesks["FeedLink"]):
    """Sends the calendars to their hosts, and takes back those that are gone."""

    def __init__(
        self, hosts: Hosts, session: Session, data: Path, parent: QObject | None = None
    ) -> None:
        feeds = DeskOwners("feed-desks.json", _MATTERS, _waiting, _desks, _links)
        super().__init__(feeds, hosts, session, data, parent)


# --- on the database's thread ---------------------------------------------------------------------


def _waiting(workspace: Workspace, known: frozenset[UUID]) -> list[UUID]:
    """Return the feeds that a host has to be told of: all there are, and known ones that went."""
    from projectdesk.services import calendar_feeds

    there = calendar_feeds.hosted_feeds(workspace)
    return [*there, *sorted(known - set(there))]


def _desks(workspace: Workspace, feed: UUID) -> DeskSet:
    from projectdesk.services import calendar_feeds

    return calendar_feeds.feed_desks(workspace, feed)


def _links(
    workspace: Workspace, feed: UUID, public_url: str, _journal: str
) -> tuple[FeedLink, ...]:
    from projectdesk.services import calendar_feeds

    link = calendar_feeds.feed_link(workspace, feed, public_url)
    return () if link is None else (link,)
