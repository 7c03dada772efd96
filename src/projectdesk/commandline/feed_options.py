"""The options of `projectdesk feed ...`; what the commands do is in `feeds`."""

from __future__ import annotations

import argparse
from collections.abc import Callable

Add = Callable[[str, str, str], argparse.ArgumentParser]


def add_feed_commands(add: Add) -> None:
    """Add the kinds of `projectdesk feed` by `add(name, function, help)`."""
    made = add(
        "create",
        "create",
        "Make a secret address by which calendars follow the meetings; a desktop sends them there.",
    )
    made.add_argument("name", metavar="NAME", help="of the calendar, as programs show it")
    made.add_argument("--project", metavar="ACRONYM", help="only of this project")
    made.add_argument(
        "--host", metavar="URL", help="the server where it is read (default: as new meetings)"
    )
    listed = add("list", "show", "List the addresses, with --public-url those of this computer.")
    renewed = add("renew", "renew", "Make a new address; the one before ends.")
    revoked = add("revoke", "revoke", "End an address: programs read nothing by it any more.")
    for parser in (renewed, revoked):
        parser.add_argument("feed", metavar="FEED", help="its id or name")
    for parser in (made, listed, renewed):
        parser.add_argument(
            "--public-url", metavar="URL", help="where this computer's host is reached"
        )
