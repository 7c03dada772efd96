"""The options of `projectdesk poll ...`; what the commands do is in `polls`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, Final

Handler = Callable[[argparse.Namespace], int]
MakesCommand = Callable[[Any, str, Handler, str], argparse.ArgumentParser]
Finds = Callable[[str, str], Handler]

_KINDS: Final = {
    "create": "Make a date poll; nobody is asked yet.",
    "open": "Open a poll, or ask those that were added: their links work then.",
    "list": "List the date polls.",
    "show": "Show the dates of a poll, how they stand, and who is missing.",
    "links": "Print the personal links of the voters.",
    "ask": "Put the question into the outbox for the voters, or write it to files.",
    "remind": "Remind who is missing, by mail or with the printed links.",
    "answer": "Enter what a voter said another way.",
    "close": "Choose a date: it becomes the meeting, or moves the one it is about.",
    "cancel": "Call a poll off.",
    "settle": "Decide the polls that decide themselves by now.",
}
_RULES: Final = ("by_hand", "at_deadline", "all_answered")


def add_polls(commands: Any, command: MakesCommand, run: Finds) -> None:
    """Add `projectdesk poll ...`.

    Args:
        commands: the subparsers that it is one of.
        command: makes a command out of (subparsers, name, handler, help).
        run: finds a handler by module and function when it runs.
    """
    parser = commands.add_parser("poll", help="Date polls: ask people when they can meet.")
    kinds = parser.add_subparsers(required=True, metavar="|".join(_KINDS))
    for name, help_text in _KINDS.items():
        handler = run("polls", "list_polls" if name == "list" else name)
        made = command(kinds, name, handler, help_text)
        if name not in {"create", "list", "settle"}:
            made.add_argument("poll", metavar="POLL", help="id, its beginning, or the title")
        _add_options(made, name)


def _add_options(made: argparse.ArgumentParser, name: str) -> None:
    match name:
        case "create":
            _add_making(made)
        case "list":
            made.add_argument("--project", metavar="ACRONYM", help="only of this project")
        case "open":
            made.add_argument("--host", metavar="URL", help="server that the links lead to")
        case "links" | "ask" | "remind":
            made.add_argument(
                "--voter",
                action="append",
                default=[],
                metavar="NAME",
                help="name or address; only these (default: all it concerns)",
            )
            made.add_argument("--public-url", required=True, metavar="URL", help="of the host")
            if name == "ask":
                made.add_argument("--out", metavar="DIR", help="write the mails to files instead")
                made.add_argument(
                    "--again", action="store_true", help="also who was asked by mail already"
                )
            if name == "remind":
                made.add_argument(
                    "--mail",
                    action="store_true",
                    help="by mail; else the links are printed and it is noted",
                )
            if name != "links":
                made.add_argument(
                    "--anyway",
                    action="store_true",
                    help="by mail also links that only this network can open",
                )
        case "answer":
            made.add_argument("--voter", required=True, metavar="NAME")
            made.add_argument(
                "choices",
                nargs="+",
                metavar="N=yes|maybe|no",
                help="number of a date and the answer",
            )
            made.add_argument("--comment")
        case "close":
            made.add_argument(
                "--date",
                type=int,
                metavar="N",
                help="number of the date (default: the best, if it is one)",
            )
    if name in {"close", "cancel"}:
        made.add_argument("--tell", action="store_true", help="tell the voters by mail")


def _add_making(made: argparse.ArgumentParser) -> None:
    made.add_argument("--project", required=True, metavar="ACRONYM")
    made.add_argument("--title", required=True)
    made.add_argument("--zone", required=True, metavar="ZONE", help="of the dates: Europe/Lisbon")
    made.add_argument(
        "--date",
        action="append",
        default=[],
        metavar="YYYY-MM-DDTHH:MM",
        help="a date that is offered, local; may be repeated",
    )
    made.add_argument("--minutes", type=int, default=60, metavar="N", help="duration")
    made.add_argument(
        "--to",
        action="append",
        default=[],
        metavar="NAME",
        help="a mailing list, a person of the project, or their address; may be repeated",
    )
    made.add_argument(
        "--optional",
        action="append",
        default=[],
        metavar="NAME",
        help="as --to, whose presence is not needed",
    )
    made.add_argument("--deadline", metavar="YYYY-MM-DD[THH:MM]", help="local; a day ends at 24:00")
    made.add_argument("--rule", choices=_RULES, default="by_hand", help="when it closes itself")
    made.add_argument(
        "--shows-answers",
        action="store_true",
        help="voters see who has answered, and how the dates stand",
    )
    made.add_argument(
        "--remind-days",
        type=int,
        nargs="+",
        default=[],
        metavar="N",
        help="days before the deadline on which who is missing is reminded",
    )
    made.add_argument("--text", default="", help="what it is about")
    made.add_argument("--type", metavar="TYPE", help="type of the meeting: work_package_call")
    made.add_argument("--body", metavar="NAME", help="body that will meet")
    made.add_argument("--meeting", metavar="MEETING", help="a planned meeting that is to be moved")
