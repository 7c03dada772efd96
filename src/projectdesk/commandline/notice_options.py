"""How the commands on what comes before a meeting are spelled: note-sent, remind.

`check --meeting` is beside a plan's.
"""

from __future__ import annotations

import argparse
import re
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
    remind = add(
        "remind",
        "reminding",
        "remind",
        "Choose when the invitees of a meeting are reminded by mail, or put the reminders that are "
        "due into the outbox (`projectdesk mail send` sends it).",
    )
    # "-5d" is a time, and refused as one: not an option that nobody knows.
    remind._negative_number_matcher = re.compile(r"-\d")
    remind.add_argument("meeting", nargs="?", metavar="MEETING", help="its id or title")
    remind.add_argument(
        "--before",
        nargs="+",
        default=[],
        metavar="TIME",
        help="add reminders so long before the start: 7d, 1h, 15m",
    )
    remind.add_argument("--usual", action="store_true", help="add those of the settings")
    remind.add_argument("--due", action="store_true", help="of all meetings, what is due now")
    remind.add_argument("--public-url", metavar="URL", help="with --due: where personal links lead")
