"""The addresses by which calendar programs read the meetings, and what their host is given.

As with personal links, a host gets the SHA-256 of the token only; the token is made from the link
key when the address is shown (decisions 1). Whoever has the address reads the meetings until it is
revoked, so it holds no personal links and nobody's address.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, select

from projectdesk.domain.rules.tokens import LinkPurpose, link_token, token_hash
from projectdesk.errors import NotFound
from projectdesk.services.calendar_files import calendar_feed
from projectdesk.services.desk_sets import DeskSet
from projectdesk.services.link_keys import link_key
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.desk import DeskSnapshot, FeedSnapshot
from projectdesk.store import schema

_SETTING: Final = schema.setting.c


@dataclass(frozen=True)
class FeedRow:
    """An address to subscribe to. project: acronym, "" = of all projects.

    host: where it is read, as `Meeting.host`; None = nowhere yet, as in a copy of a project.
    """

    id: UUID
    version: int
    name: str
    project_id: UUID | None
    project: str
    desk: str
    generation: int
    revoked: bool
    host: str | None


@dataclass(frozen=True)
class FeedLink:
    """Where a calendar program reads a feed. webcal: the same for programs that follow it."""

    feed_id: UUID
    name: str
    url: str

    @property
    def webcal(self) -> str:
        """The address that opens a calendar program, where one took it over."""
        return f"webcal:{self.url.partition(':')[2]}"


def feed_host_key(feed_id: UUID) -> str:
    """Return the key of the setting that says on which host a feed is."""
    return f"calendar-feed.{feed_id.hex}.host"


def feeds(workspace: Workspace) -> list[FeedRow]:
    """Return all addresses by their names, revoked ones included."""
    with workspace.read() as session:
        hosts = _hosts(session)
        return [_row(row, hosts) for row in session.execute(_query())]


def feed(workspace: Workspace, feed_id: UUID) -> FeedRow:
    """Return one address.

    Raises:
        NotFound: there is none.
    """
    with workspace.read() as session:
        row = session.execute(_query().where(schema.calendar_feed.c.id == feed_id)).first()
        if row is None:
            raise NotFound("not_found", "This calendar feed does not exist any more.")
        return _row(row, _hosts(session))


def feed_desks(workspace: Workspace, feed_id: UUID) -> DeskSet:
    """Return the desk of a feed as its host needs it.

    Raises:
        NotFound: there is no such feed.
        DomainError: `bad_link_key`.
        EnvironmentFailure: the key store cannot be reached.
    """
    row = feed(workspace, feed_id)
    made = calendar_feed(workspace, row.project_id, row.name)
    link = "" if row.revoked else token_hash(_token(link_key(workspace), row))
    form = FeedSnapshot(
        name=row.name, content=made.content.decode("utf-8"), changed_at=made.changed_at
    )
    if row.revoked:  # who runs the host need not keep what nobody may read
        form = FeedSnapshot(name="", content="", changed_at=made.changed_at)
    snapshot = DeskSnapshot(subject=row.id.hex, token_hash=link, deadline=None, form=form)
    return DeskSet(row.host or "", ((row.desk, snapshot),))


def feed_link(workspace: Workspace, feed_id: UUID, public_url: str) -> FeedLink | None:
    """Return where a feed is read; None when it is revoked.

    Args:
        workspace: the open data, with the link key among its secrets.
        feed_id: which feed.
        public_url: where its host is reached, without path ("https://meet.example.org").

    Raises:
        NotFound: there is no such feed.
        DomainError: `bad_link_key`.
        EnvironmentFailure: the key store cannot be reached.
    """
    row = feed(workspace, feed_id)
    if row.revoked:
        return None
    token = _token(link_key(workspace), row)
    return FeedLink(row.id, row.name, f"{public_url.rstrip('/')}/d/{row.desk}/feed/{token}.ics")


def hosted_feeds(workspace: Workspace) -> list[UUID]:
    """Return the feeds that a host has to have: those that were made in this data."""
    return [row.id for row in feeds(workspace) if row.host is not None]


def _query() -> Select[Any]:
    kept = schema.calendar_feed.c
    return (
        select(schema.calendar_feed, schema.project.c.acronym)
        .join_from(schema.calendar_feed, schema.project, isouter=True)
        .order_by(kept.name, kept.id)
    )


def _hosts(session: Any) -> dict[str, str]:
    query = select(_SETTING.key, _SETTING.value).where(_SETTING.key.like("calendar-feed.%.host"))
    return {row.key: row.value for row in session.execute(query)}


def _row(row: Any, hosts: dict[str, str]) -> FeedRow:
    return FeedRow(
        id=row.id,
        version=row.version,
        name=row.name,
        project_id=row.project_id,
        project=row.acronym or "",
        desk=row.desk,
        generation=row.generation,
        revoked=row.revoked,
        host=hosts.get(feed_host_key(row.id)),
    )


def _token(key: bytes, row: FeedRow) -> str:
    return link_token(key, LinkPurpose.FEED, row.id, row.generation)
