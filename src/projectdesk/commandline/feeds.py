"""Commands on addresses to subscribe to: create, list, renew, revoke."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, Final

from projectdesk.commandline.data import opened
from projectdesk.commandline.printing import print_found, print_json
from projectdesk.errors import DomainError, NotFound
from projectdesk.services import calendar_feeds, commands, queries
from projectdesk.services.calendar_feeds import FeedRow
from projectdesk.services.meeting_hosts import LAN, THIS_COMPUTER, default_host, server_address
from projectdesk.services.workspace import Workspace

_COLUMNS: Final = ("id", "name", "project", "host", "state")
_LATER: Final = "A desktop tells the host as soon as it is open."


def create(options: argparse.Namespace) -> int:
    """`projectdesk feed create NAME [--project ACRONYM] [--host URL]`."""
    from projectdesk.commandline.meetings import check_durable

    with opened(options) as workspace:
        check_durable(workspace)
        project = None
        if options.project:
            project = queries.project_by_acronym(workspace, options.project).id
        host = default_host(workspace) if options.host is None else server_address(options.host)
        made, _ = commands.create_feed(workspace, options.name, project, host)
        row = _shown(workspace, calendar_feeds.feed(workspace, made), options.public_url)
    return _print_one(row, options)


def show(options: argparse.Namespace) -> int:
    """`projectdesk feed list`: the addresses themselves where this computer knows the link key."""
    with opened(options) as workspace:
        rows = [
            _shown(workspace, row, options.public_url) for row in calendar_feeds.feeds(workspace)
        ]
    _print(rows, options)
    return 0


def renew(options: argparse.Namespace) -> int:
    """`projectdesk feed renew FEED`."""
    from projectdesk.commandline.meetings import check_durable

    with opened(options) as workspace:
        check_durable(workspace)
        row = _named(workspace, options.feed)
        commands.renew_feed(workspace, row.id, default_host(workspace))
        shown = _shown(workspace, calendar_feeds.feed(workspace, row.id), options.public_url)
    return _print_one(shown, options)


def revoke(options: argparse.Namespace) -> int:
    """`projectdesk feed revoke FEED`."""
    with opened(options) as workspace:
        row = _named(workspace, options.feed)
        commands.revoke_feed(workspace, row.id)
        shown = _shown(workspace, calendar_feeds.feed(workspace, row.id), None)
    return _print_one(shown, options)


def _named(workspace: Workspace, wanted: str) -> FeedRow:
    rows = calendar_feeds.feeds(workspace)
    found = [row for row in rows if str(row.id) == wanted]
    found = found or [row for row in rows if row.name.casefold() == wanted.casefold()]
    if not found:
        raise NotFound("no_such_feed", "There is no calendar feed “{feed}”.", feed=wanted)
    if len(found) > 1:
        raise DomainError(
            "several_feeds",
            "{count} calendar feeds are called “{feed}”: give the id of projectdesk feed list.",
            count=len(found),
            feed=wanted,
        )
    return found[0]


def _shown(workspace: Workspace, row: FeedRow, public_url: str | None) -> dict[str, Any]:
    """Return a feed as it is printed; without the link key its address is not known."""
    from projectdesk.host.settings import checked_public_url
    from projectdesk.secrets import is_durable

    base = row.host if row.host not in {None, THIS_COMPUTER, LAN} else public_url
    link = None
    if base and is_durable(workspace.secrets):
        link = calendar_feeds.feed_link(workspace, row.id, checked_public_url(base))
    return {
        "id": row.id,
        "name": row.name,
        "project": row.project,
        "host": row.host,
        "state": "revoked" if row.revoked else "open",
        "url": None if link is None else link.url,
        "webcal": None if link is None else link.webcal,
    }


def _print_one(row: dict[str, Any], options: argparse.Namespace) -> int:
    _print([row], options, one=True)
    if not options.json:
        print(_LATER)
    return 0


def _print(
    rows: Sequence[dict[str, Any]], options: argparse.Namespace, *, one: bool = False
) -> None:
    """Print a table, and below it the addresses, which no column has room for."""
    if options.json:
        print_json(rows[0] if one else rows)
        return
    hosts = {THIS_COMPUTER: "this computer", LAN: "local network", None: ""}
    cells = [
        [hosts.get(row[name], row[name]) if name == "host" else row[name] for name in _COLUMNS]
        for row in rows
    ]
    print_found(cells, [name.capitalize() for name in _COLUMNS])
    for row in rows:
        if row["url"]:
            print(f"{row['name']}: {row['url']}")
