"""The options of `projectdesk vote ...`; what they do is in `votes`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from projectdesk.commandline.spoken import add_language

Handler = Callable[[argparse.Namespace], int]
MakesCommand = Callable[[Any, str, Handler, str], argparse.ArgumentParser]
Finds = Callable[[str, str], Handler]


def add_votes(commands: Any, command: MakesCommand, run: Finds) -> None:
    """Add `projectdesk vote list|record|cancel|join`.

    Args:
        commands: the subparsers that they are of.
        command: makes a command out of (subparsers, name, handler, help).
        run: finds a handler by module and function when it runs.
    """
    parser = commands.add_parser("vote", help="Votes of a body in its meetings.")
    kinds = parser.add_subparsers(required=True, metavar="list|record|cancel|join")
    shown = command(
        kinds, "list", run("votes", "list_"), "Print the votes of a meeting, and who voted how."
    )
    shown.add_argument("meeting", metavar="MEETING", help="its id or title")
    cancelled = command(
        kinds,
        "cancel",
        run("votes", "cancel"),
        "Call off a vote that was left open because its host is gone.",
    )
    cancelled.add_argument("vote", metavar="VOTE", help="id of the vote")
    for each in (shown, cancelled):
        add_language(each)
    joined = command(
        kinds,
        "join",
        run("votes", "join"),
        "Say that the one decision typed on a vote's item is the one that it carried.",
    )
    joined.add_argument("meeting", metavar="MEETING", help="its id or title")
    joined.add_argument(
        "vote", nargs="?", metavar="VOTE", help="V3; without it, print what can be joined"
    )
    record = command(
        kinds,
        "record",
        run("votes", "record"),
        "Write down a vote that was held in a room; it is counted by the body's rules.",
    )
    record.add_argument("meeting", metavar="MEETING", help="its id or title")
    record.add_argument("question", metavar="QUESTION", help="as the decision will say it")
    add_language(record)
    _add_ballots(record)
    record.add_argument(
        "--present",
        metavar="PARTNERS",
        help="members that were there, with commas (default: who attended; a vote of a member that "
        "attendance has as absent is refused)",
    )
    record.add_argument("--item", metavar="N", help="number of the agenda item")
    record.add_argument("--description", default="", metavar="WORDS")
    record.add_argument("--weighted", action="store_true", help="votes count by weight")
    record.add_argument(
        "--of",
        choices=("cast", "present", "all"),
        default="cast",
        help="what the majority is a share of (default: the votes cast)",
    )


def _add_ballots(record: argparse.ArgumentParser) -> None:
    for name, words in (("for", "for it"), ("against", "against it"), ("abstain", "neither")):
        record.add_argument(
            f"--{name}",
            dest=f"{name}_",
            default="",
            metavar="PARTNERS",
            help=f"members that were {words}, with commas",
        )
    record.add_argument(
        "--choice", action="append", default=[], metavar="WORDS", help="a choice of its own"
    )
    record.add_argument(
        "--vote",
        action="append",
        default=[],
        metavar="PARTNER=CHOICE",
        help="how a member voted, of choices of its own",
    )
    record.add_argument(
        "--others",
        default="",
        metavar="CHOICE",
        help="how all others voted who have a vote and were there: for, against, abstain, or one "
        "of --choice",
    )
    record.add_argument(
        "--counts",
        metavar="N,N,N",
        help="of a secret vote: for, against and abstain, or in the order of --choice",
    )
