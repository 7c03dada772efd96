"""How `projectdesk guide` is spelled."""

from __future__ import annotations

import argparse

from projectdesk.commandline.grammar import Commands, command, run


def add_guide(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the command and its options."""
    added = command(
        commands,
        "guide",
        run("guiding", "show"),
        "Print where the user guide is, or open it in the browser. In the desktop F1 opens it at "
        "what is on the screen.",
    )
    added.add_argument("--page", default="", metavar="NAME", help="e.g. find-a-time, shortcuts")
    added.add_argument("--language", default="en", metavar="TAG", help="English where it lacks it")
    added.add_argument("--open", action="store_true", help="in the system's browser")
