"""Addresses to subscribe to: which there are, where they are read, making and ending them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol
from uuid import UUID

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.presenters.meeting_hosts import host_name
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.errors import ProjectDeskError
from projectdesk.services import commands, meeting_hosts, queries
from projectdesk.services.calendar_feeds import FeedLink, FeedRow, feeds
from projectdesk.services.meeting_hosts import LAN, THIS_COMPUTER, MeetingHosts
from projectdesk.services.rows import Kind

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

Failed = Callable[[ProjectDeskError], None]


class SendsFeeds(Protocol):
    """Sends the calendars to their hosts: `runtime.feed_desks`."""

    def publish(
        self, owner: UUID, then: Callable[[tuple[FeedLink, ...]], None], failed: Failed
    ) -> None:
        """Send a calendar; `then` gets its address, () when it is revoked."""


@dataclass(frozen=True)
class ShownFeeds:
    """The addresses, the places where calendars can be read, and the projects by acronym."""

    feeds: Sequence[FeedRow]
    hosts: MeetingHosts
    projects: Sequence[tuple[UUID, str]]


class FeedsView(Protocol):
    """Where addresses are shown."""

    def show_feeds(self, shown: ShownFeeds) -> None:
        """Show them."""

    def show_link(self, feed: UUID, link: FeedLink | None) -> None:
        """Show where one is read; None = it is revoked."""

    def show_trouble(self, feed: UUID, words: str) -> None:
        """Say why its host was not told."""


class FeedsPresenter(Presenter):
    """Presents the addresses by which calendars follow the meetings."""

    watches: ClassVar[frozenset[Kind]] = frozenset({Kind.CALENDAR_FEED, Kind.PROJECT})

    def __init__(self, session: Session, view: FeedsView, desks: SendsFeeds) -> None:
        super().__init__(session)
        self._view = view
        self._desks = desks

    def load(self) -> None:
        """Ask for all of them, and let their hosts know each."""

        def work(workspace: Workspace) -> ShownFeeds:
            projects = [(row.id, row.acronym) for row in queries.projects(workspace)]
            hosts = meeting_hosts.meeting_hosts(workspace)
            return ShownFeeds(feeds(workspace), hosts, projects)

        self.ask(work, self._show)

    def _show(self, shown: ShownFeeds) -> None:
        self._view.show_feeds(shown)
        for row in shown.feeds:
            if row.host is not None and not row.revoked:
                self._publish(row.id)

    def _publish(self, feed: UUID) -> None:
        def then(links: tuple[FeedLink, ...]) -> None:
            if not self._closed:
                self._view.show_link(feed, links[0] if links else None)

        def failed(error: ProjectDeskError) -> None:
            if not self._closed:
                self._view.show_trouble(feed, say_error(error))

        self._desks.publish(feed, then, failed)

    def create(
        self, name: str, project: UUID | None, host: str, then: Callable[[], None], failed: Failed
    ) -> None:
        """Make an address; `failed` gets the refusal."""
        self.ask(lambda ws: commands.create_feed(ws, name, project, host), lambda _: then(), failed)

    def renew(self, row: FeedRow) -> None:
        """Make another address of a feed; the one before ends."""
        self.change(
            lambda ws: commands.renew_feed(ws, row.id, meeting_hosts.default_host(ws)),
            say("“{name}” has a new address; the one before has ended.", name=row.name),
        )

    def revoke(self, row: FeedRow) -> None:
        """End an address."""

        def done(_: object) -> None:
            words = say("Nobody reads “{name}” by its address any more.", name=row.name)
            self._session.tell(Notice(words))
            self._publish(row.id)

        self.ask(lambda ws: commands.revoke_feed(ws, row.id), done, self.refuse)

    def delete(self, row: FeedRow) -> None:
        """Delete a feed with its address; it can be undone."""
        self.change(
            lambda ws: commands.delete(ws, Kind.CALENDAR_FEED, row.id, row.version),
            say("Deleted {what}.", what=row.name),
        )

    def say_copied(self, row: FeedRow) -> None:
        """Say that an address is on the clipboard."""
        self._session.tell(Notice(say("The address of “{name}” is copied.", name=row.name)))


def reach_words(host: str, hosts: MeetingHosts) -> str:
    """Return from where a calendar at this place can be read, and when."""
    if host == THIS_COMPUTER:
        return say("Read on this computer only, and only while ProjectDesk runs.")
    if host == LAN:
        return say("Read in this network only, and only while ProjectDesk runs here.")
    return say("Read from everywhere, always, at {server}.", server=host_name(host, hosts))
