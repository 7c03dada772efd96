"""How commands on calendars of others are spelled."""

from __future__ import annotations

import argparse
from collections.abc import Callable

Add = Callable[[str, str, str], argparse.ArgumentParser]


def add_import_options(importing: argparse.ArgumentParser) -> None:
    """Add what `projectdesk import` takes of a calendar file."""
    importing.add_argument(
        "--as",
        dest="taken_as",
        choices=("meeting", "busy"),
        help="calendar file: meetings of --project, or busy times of --person",
    )
    importing.add_argument(
        "--person", metavar="EMAIL", help="calendar file: whose busy times they are"
    )


def add_busy_commands(add: Add) -> None:
    """Add the kinds of `projectdesk busy` by `add(name, function, help)`."""
    times = add("times", "show", "When somebody is taken, by their calendars, in UTC.")
    times.add_argument("person", metavar="EMAIL")
    times.add_argument("--days", type=int, default=28, metavar="N", help="from now on")
    added = add("add", "add", "Read somebody's calendar at an address (https or webcal), keep it.")
    added.add_argument("person", metavar="EMAIL")
    added.add_argument("address", metavar="ADDRESS")
    added.add_argument("--name", default="", metavar="TEXT", help="default: as it calls itself")
    refreshed = add("refresh", "refresh", "Read the calendars at their addresses again.")
    refreshed.add_argument("person", nargs="?", metavar="EMAIL", help="only this one's")
    removed = add("remove", "remove", "Forget a calendar of somebody, and its busy times.")
    removed.add_argument("person", metavar="EMAIL")
    removed.add_argument("name", metavar="NAME", help="as `list busy` shows it")
