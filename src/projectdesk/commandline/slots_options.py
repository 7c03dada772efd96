"""How the commands that find a time are spelled."""

from __future__ import annotations

import argparse
from collections.abc import Callable

Add = Callable[[str, str, str, str], argparse.ArgumentParser]


def add_slot_commands(add: Add) -> None:
    """Add the commands by `add(name, module, function, help)`."""
    slots = add(
        "slots",
        "slots",
        "slots",
        "Find a time: rank the possible starts of a period by what they ask of people, by their "
        "zones, working hours, public holidays, calendars and other meetings.",
    )
    slots.add_argument("--project", required=True, metavar="ACRONYM")
    slots.add_argument("--from", dest="first", required=True, metavar="DATE", help="first day")
    slots.add_argument("--to", dest="last", required=True, metavar="DATE", help="last day")
    slots.add_argument("--minutes", type=int, required=True, metavar="N", help="of the meeting")
    slots.add_argument("--zone", help="IANA zone that the days are of; default: yours, else UTC")
    slots.add_argument("--step", type=int, default=15, metavar="N", help="minutes between starts")
    slots.add_argument(
        "--people",
        action="append",
        default=[],
        metavar="WHO",
        help="needed: names, addresses or ids, with commas or one each; default: all of the "
        "partners",
    )
    slots.add_argument(
        "--optional", action="append", default=[], metavar="WHO", help="welcome, in the same way"
    )
    slots.add_argument("--body", metavar="NAME", help="needed: the members of this body")
    slots.add_argument("--meeting", metavar="ID", help="the meeting that gets another time")
    slots.add_argument("--limit", type=int, default=20, metavar="N", help="at most")
    slots.add_argument(
        "--blocked", action="store_true", help="also when somebody needed cannot come"
    )
    slots.add_argument("--every-start", action="store_true", help="also slots that overlap")
    slots.add_argument(
        "--series",
        type=int,
        metavar="N",
        help="times for N meetings, so that what the partners pay evens out; the first is in the "
        "first seven days of the period",
    )
    slots.add_argument(
        "--every-weeks", type=int, default=1, metavar="N", help="between those (default 1)"
    )
    add(
        "sacrifices",
        "slots",
        "sacrifices",
        "Count what the partners paid for meetings that were held out of their working hours.",
    ).add_argument("--project", required=True, metavar="ACRONYM")
    weights = add(
        "slot-weights",
        "slots",
        "slot_weights",
        "Show, or change, how many points an hour of a meeting asks: after work, at night, ...",
    )
    weights.add_argument(
        "--set", action="append", default=[], metavar="NAME=N", help="such as night=12"
    )
    weights.add_argument("--usual", action="store_true", help="the usual ones again")
