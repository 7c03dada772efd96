"""How the commands on a work plan are spelled: check, shift, renumber."""

from __future__ import annotations

import argparse
from datetime import date

from projectdesk.commandline.grammar import Commands, command, run
from projectdesk.commandline.late_options import add_late

NUMBERED = ("workpackages", "tasks", "deliverables", "milestones", "risks")


def add_plan_commands(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the commands on a work plan."""

    def add(name: str, function: str, help_text: str) -> argparse.ArgumentParser:
        return command(commands, name, run("planning", function), help_text)

    check = add(
        "check",
        "check",
        "Say what is wrong with a project's plan, or whether a meeting's notice is kept: what its "
        "body requires by when, what is late, what follows from it.",
    )
    checked = check.add_mutually_exclusive_group(required=True)
    checked.add_argument("--project", metavar="ACRONYM", help="its plan")
    checked.add_argument("--meeting", metavar="ID", help="its notice, by the rules of its body")
    shift = add(
        "shift",
        "shift",
        "Move a work package with all in it, what waits for others, or the start of the project.",
    )
    shift.add_argument("--project", required=True, metavar="ACRONYM")
    what = shift.add_mutually_exclusive_group(required=True)
    what.add_argument("--wp", metavar="NUMBER", help="a work package (2 or WP2), by --months")
    what.add_argument("--waiting", action="store_true", help="what waits, until all holds")
    what.add_argument(
        "--start", type=date.fromisoformat, metavar="YYYY-MM-DD", help="the project begins then"
    )
    shift.add_argument("--months", type=int, default=0, metavar="N", help="negative = earlier")
    shift.add_argument(
        "--milestone", action="append", default=[], metavar="NUMBER", help="goes with --wp"
    )
    shift.add_argument(
        "--handed-in", action="store_true", help="with --wp: also what was handed in or achieved"
    )
    shift.add_argument(
        "--extend", action="store_true", help="let the project last longer if needed"
    )
    _add_dry_run(shift)
    renumber = add("renumber", "renumber", "Give numbers anew, from 1 without holes.")
    renumber.add_argument("what", nargs="+", choices=NUMBERED)
    renumber.add_argument("--project", required=True, metavar="ACRONYM")
    renumber.add_argument(
        "--by-month", action="store_true", help="in order of their months, not of their numbers"
    )
    _add_dry_run(renumber)
    add_late(commands)


def _add_dry_run(command: argparse.ArgumentParser) -> None:
    command.add_argument("--dry-run", action="store_true", help="only say what would change")
