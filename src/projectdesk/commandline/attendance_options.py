"""The options of `projectdesk attendance ...`; what they do is in `attendance`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, Final

Handler = Callable[[argparse.Namespace], int]
MakesCommand = Callable[[Any, str, Handler, str], argparse.ArgumentParser]
Finds = Callable[[str, str], Handler]

_KINDS: Final = {
    "show": "Print who was there: people, partners, the quorum over time, proxies.",
    "correct": "Say that somebody was, or was not, there; what was measured stays beside it.",
    "companion": "Say that somebody sits in the room behind an invitee's camera.",
    "proxy": "Say that a member lets another represent it, or takes that back.",
    "confirm": "Say that the attendance is right (or, with --undo, not yet).",
}
_TIME: Final = "HH:MM where the meeting is, or an ISO time with its offset"


def add_attendance(commands: Any, command: MakesCommand, run: Finds) -> None:
    """Add `projectdesk attendance ...`.

    Args:
        commands: the subparsers that they are of.
        command: makes a command out of (subparsers, name, handler, help).
        run: finds a handler by module and function when it runs.
    """
    parser = commands.add_parser("attendance", help="Who was at a meeting, and its quorum.")
    kinds = parser.add_subparsers(required=True, metavar="|".join(_KINDS))
    for name, help_text in _KINDS.items():
        made = command(kinds, name, run("attendance", name), help_text)
        made.add_argument("meeting", metavar="MEETING", help="its id or title")
        _add_options(made, name)


def _add_options(made: argparse.ArgumentParser, name: str) -> None:
    match name:
        case "correct":
            made.add_argument("person", metavar="PERSON", help="name or address of an invitee")
            kind = made.add_mutually_exclusive_group(required=True)
            kind.add_argument("--present", action="store_const", const="present", dest="kind")
            kind.add_argument("--absent", action="store_const", const="absent", dest="kind")
            kind.add_argument(
                "--measured",
                action="store_const",
                const="measured",
                dest="kind",
                help="take back what was said: the measure holds",
            )
            _add_stretch(made)
            made.add_argument("--reason", default="", metavar="WORDS")
        case "companion":
            made.add_argument("person", metavar="PERSON", help="whose camera it is")
            made.add_argument(
                "--who", required=True, metavar="NAME", help="of the project's people, or any name"
            )
            made.add_argument(
                "--partner", default="", metavar="NAME", help="for whom they are there"
            )
            _add_stretch(made)
        case "proxy":
            made.add_argument("member", metavar="PARTNER", help="who is represented")
            way = made.add_mutually_exclusive_group(required=True)
            way.add_argument("--by", metavar="PARTNER", help="who represents it")
            way.add_argument("--end", action="store_true", help="take its proxy back")
            made.add_argument("--at", default="", metavar="TIME", help=f"since when; {_TIME}")
            made.add_argument("--note", default="", metavar="WORDS")
        case "confirm":
            made.add_argument("--undo", action="store_true", help="it is not right yet")


def _add_stretch(made: argparse.ArgumentParser) -> None:
    made.add_argument("--from", dest="from_at", default="", metavar="TIME", help=_TIME)
    made.add_argument("--to", dest="to_at", default="", metavar="TIME", help=_TIME)
