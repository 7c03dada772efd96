"""How `projectdesk series` is spelled."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

Add = Callable[[str, str, str], argparse.ArgumentParser]
"""Adds a command of the group: (name, function, help)."""


def add_series_commands(add: Add) -> None:
    """Add the commands."""
    create = add("create", "create", "Plan a series: each date is a meeting of its own.")
    create.add_argument("--project", required=True, metavar="ACRONYM")
    create.add_argument("--type", default="work_package_call", metavar="TYPE")
    create.add_argument("--start", required=True, metavar="YYYY-MM-DDTHH:MM", help="local time")
    create.add_argument("--zone", required=True, help="IANA zone, e.g. Europe/Copenhagen")
    create.add_argument("--title", default="")
    create.add_argument("--minutes", type=int, metavar="N", help="default: as the agenda")
    create.add_argument("--every", type=int, default=1, metavar="N", help="weeks, or months")
    create.add_argument(
        "--days", default="", metavar="tu,th", help="of the week (default: the first date's)"
    )
    create.add_argument(
        "--monthly", action="store_true", help="the same weekday of each month as the first date"
    )
    create.add_argument("--nth", type=int, choices=(1, 2, 3, 4, -1), help="-1 = the last one")
    ends = create.add_mutually_exclusive_group(required=True)
    ends.add_argument("--count", type=int, metavar="N", help="how many meetings")
    ends.add_argument("--until", metavar="DATE", help="the last possible day")
    create.add_argument(
        "--without", action="append", default=[], metavar="DATE", help="nobody meets on this one"
    )
    create.add_argument(
        "--dry-run", action="store_true", help="only say the dates, holidays, other clocks"
    )
    _meeting(add("show", "show", "Show the series of a meeting and its dates."))
    extend = _meeting(add("extend", "extend", "Add dates to the end of a series."))
    extend.add_argument("--by", type=int, required=True, metavar="N")
    change = _meeting(add("change", "change", "Change all meetings to come, or one and the next."))
    change.add_argument("--following", action="store_true", help="this one and those after it")
    change.add_argument("--start", metavar="YYYY-MM-DDTHH:MM", help="new time of this one")
    change.add_argument("--title")
    change.add_argument("--minutes", type=int, metavar="N")
    change.add_argument("--place")
    cancel = _meeting(add("cancel", "cancel", "Cancel all meetings to come, or one and the next."))
    cancel.add_argument("--following", action="store_true", help="this one and those after it")
    invite = _meeting(add("invite", "invite", "Mail a series as a whole, with its exceptions."))
    invite.add_argument("--note", default="", metavar="TEXT", help="a few words of your own")
    invite.add_argument("--from", dest="sender", default="", metavar="ADDRESS")
    invite.add_argument("--public-url", metavar="URL", help="where links lead")
    invite.add_argument("--anyway", action="store_true", help="also links of this network only")
    invite.add_argument("--dry-run", action="store_true", help="send nothing, change nothing")
    invite.add_argument(
        "--out", type=Path, metavar="DIR", help="write files for you to send: they count as sent"
    )


def _meeting(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("meeting", metavar="MEETING", help="id or title of one of its meetings")
    return parser
