"""How `projectdesk retention` is spelled."""

from __future__ import annotations

import argparse

from projectdesk.commandline.grammar import Commands, command, run
from projectdesk.domain.rules.retention import Kept


def add_retention(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add what concerns how long things are kept."""
    about = "How long what is known of people is kept; erase what is past its period."
    group = commands.add_parser("retention", help=about, description=about)
    kinds = group.add_subparsers(required=True, metavar="show|set|apply")
    command(kinds, "show", run("retention", "show"), "Show the periods, and who set them.")
    chosen = command(kinds, "set", run("retention", "choose"), "Choose a period.")
    chosen.add_argument("what", metavar="WHAT", help=", ".join(Kept))
    chosen.add_argument("days", metavar="DAYS|never", help="never = until it is deleted")
    text = (
        "Erase what is past its period, for good, as the desktop does once a day. Never erased is "
        "what was not collected or sent yet, or belongs to a meeting that is in use."
    )
    apply = command(kinds, "apply", run("retention", "apply"), text)
    apply.add_argument("--dry-run", action="store_true", help="only count")
