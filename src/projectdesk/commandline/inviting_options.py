"""How `projectdesk invite` is spelled."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

Add = Callable[[str, str, str, str], argparse.ArgumentParser]
"""Adds a command: (name, module, function, help)."""


def add_inviting_commands(add: Add) -> None:
    """Add the commands."""
    invite = add(
        "invite",
        "inviting",
        "invite",
        "Mail invitations, updates and cancellations of a meeting: to each who needs one.",
    )
    invite.add_argument(
        "meeting", metavar="MEETING", help="its title, or its id as `list meetings` shows it"
    )
    which = invite.add_mutually_exclusive_group()
    which.add_argument(
        "--update", action="store_true", help="only to those who were invited before"
    )
    which.add_argument(
        "--cancel", action="store_true", help="cancel the meeting and tell who was invited"
    )
    invite.add_argument(
        "--again", action="store_true", help="also to who has it already, unchanged"
    )
    invite.add_argument(
        "--only", action="append", default=[], metavar="NAME|ADDRESS", help="only to this one"
    )
    invite.add_argument("--note", default="", metavar="TEXT", help="a few words of your own")
    invite.add_argument(
        "--from", dest="sender", default="", metavar="ADDRESS", help="whose mail it is"
    )
    invite.add_argument(
        "--public-url", metavar="URL", help="where links lead (default: the meeting's server)"
    )
    invite.add_argument(
        "--anyway",
        action="store_true",
        help="also links that only this network can open",
    )
    invite.add_argument("--dry-run", action="store_true", help="send nothing, change nothing")
    invite.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="write .eml and .ics files instead, for you to send: who they are for counts as told "
        "(with --dry-run not); --again writes them once more",
    )
