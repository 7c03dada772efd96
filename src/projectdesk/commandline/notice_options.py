"""How the commands around the notice of a meeting are spelled; `check --meeting` is in a plan's."""

from __future__ import annotations

import argparse
from collections.abc import Callable

Add = Callable[[str, str, str, str], argparse.ArgumentParser]


def add_notice_commands(add: Add) -> None:
    """Add the commands by `add(name, module, function, help)`."""
    sent = add(
        "note-sent",
        "notice",
        "note_sent",
        "Say that the invitations or the agenda of a meeting went out by other means than from "
        "here, so that its notice is judged by it.",
    )
    sent.add_argument("what", choices=("invitation", "agenda"))
    sent.add_argument("--meeting", required=True, metavar="ID")
    sent.add_argument("--on", metavar="YYYY-MM-DD", help="the day where it is; default: today")
