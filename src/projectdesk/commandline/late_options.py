"""The options of `projectdesk late ...`: reminders of what a work plan awaits."""

from __future__ import annotations

import argparse

from projectdesk.commandline.grammar import Commands, command, run

_LATE = {
    "remind": "Mail who answers for what is late, or for what is named, into the outbox or files.",
    "reminders": "Show or set when reminders of work plans go out by themselves.",
}


def add_late(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add `projectdesk late` to the commands."""
    parser = commands.add_parser(
        "late", help="Reminders of what work plans await; `list late` shows it."
    )
    kinds = parser.add_subparsers(required=True, metavar="|".join(_LATE))
    for name, words in _LATE.items():
        made = command(kinds, name, run("late_reminders", name), words)
        if name == "remind":
            made.add_argument("labels", nargs="*", metavar="D3.2", help="default: all that is late")
            made.add_argument("--project", metavar="ACRONYM", help="needed with labels")
            made.add_argument(
                "--due",
                action="store_true",
                help="what goes by itself and is due by now, of the projects that are turned on",
            )
            made.add_argument(
                "--out", metavar="DIR", help="write the mails to files instead; they count as told"
            )
            made.add_argument("--dry-run", action="store_true", help="only say who would get what")
        else:
            made.add_argument("--on", action="append", default=[], metavar="ACRONYM")
            made.add_argument("--off", action="append", default=[], metavar="ACRONYM")
            made.add_argument("--before", type=int, nargs="*", metavar="N", help="days")
            made.add_argument("--after", type=int, nargs="*", metavar="N", help="days")
