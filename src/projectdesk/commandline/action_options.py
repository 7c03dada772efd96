"""The options of `projectdesk action ...`, `actions ...` and `list actions`; see `actions`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, Final

Handler = Callable[[argparse.Namespace], int]
MakesCommand = Callable[[Any, str, Handler, str], argparse.ArgumentParser]
Finds = Callable[[str, str], Handler]

_ONE: Final = {
    "show": "Show an action with what was told of it.",
    "done": "Mark actions as done.",
    "postpone": "Give actions another date; the first one is kept.",
    "comment": "Note something of an action.",
    "reopen": "Open actions again.",
    "drop": "Drop an action that is not to be done any more.",
    "assign": "Say who does actions; the links of who did them before end.",
    "follow": "Let the deliverable of a done action take the step that is proposed.",
    "link": "Print personal links of actions, made where there are none.",
}
_ALL: Final = {
    "give": "Mail people their actions, with the personal links, into the outbox or to files.",
    "remind": "What is due by now: reminders, digests, and what goes to a partner's lead.",
    "digest": "Everybody's open actions as mails in files, or who would get how many.",
    "follow-up": "Show or set when mail of open actions goes out by itself.",
    "export": "Write actions to a CSV file, or to-do entries of a person to an .ics file.",
}
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def add_actions(commands: Any, command: MakesCommand, run: Finds) -> None:
    """Add `projectdesk action ...` and `projectdesk actions ...`.

    Args:
        commands: the subparsers that they are among.
        command: makes a command out of (subparsers, name, handler, help).
        run: finds a handler by module and function when it runs.
    """
    one = commands.add_parser("action", help="One action, or several by their labels.")
    kinds = one.add_subparsers(required=True, metavar="|".join(_ONE))
    for name, help_text in _ONE.items():
        made = command(kinds, name, run("actions", name), help_text)
        many = "+" if name in {"done", "postpone", "reopen", "assign", "link"} else 1
        made.add_argument("labels", nargs=many, metavar="A12", help="of the action")
        made.add_argument("--project", required=True, metavar="ACRONYM")
        _add_one(made, name)
    every = commands.add_parser("actions", help="Mail of actions, and all of them as a file.")
    kinds = every.add_subparsers(required=True, metavar="|".join(_ALL))
    for name, help_text in _ALL.items():
        made = command(kinds, name, run("action_mails", name.replace("-", "_")), help_text)
        _add_all(made, name)


def add_filters(made: argparse.ArgumentParser) -> None:
    """Add what `list actions` and `actions export` are filtered by."""
    made.add_argument("--late", action="store_true", help="actions: open after their date")
    made.add_argument("--this-week", action="store_true", help="actions: due until Sunday")
    made.add_argument("--person", metavar="NAME", help="actions: who does it, or their address")
    made.add_argument("--partner", metavar="NAME", help="actions: short name of the partner")
    made.add_argument("--wp", metavar="WP3", help="actions: of this work package")
    made.add_argument("--deliverable", metavar="D3.2", help="actions: linked to it")
    made.add_argument("--meeting", metavar="MEETING", help="actions: that gave it: title or id")
    made.add_argument("--state", choices=("open", "done", "dropped"), help="actions: only these")
    made.add_argument("--due-before", metavar="DATE", help="actions: due earlier than this day")
    made.add_argument("--without-owner", action="store_true", help="actions: nobody does it")
    made.add_argument("--without-date", action="store_true", help="actions: no date is agreed")
    made.add_argument("--text", metavar="WORDS", help="actions: what is to be done holds them")
    made.add_argument("--csv", action="store_true", help="actions: print CSV")


def _add_one(made: argparse.ArgumentParser, name: str) -> None:
    match name:
        case "done" | "reopen":
            made.add_argument("--note", default="", metavar="TEXT")
        case "postpone":
            made.add_argument("--to", required=True, metavar="DATE", help="YYYY-MM-DD")
            made.add_argument("--note", default="", metavar="TEXT")
        case "comment":
            made.add_argument("note", metavar="TEXT")
        case "drop":
            made.add_argument("--reason", dest="note", required=True, metavar="TEXT")
        case "assign":
            made.add_argument(
                "--to", required=True, metavar="NAME", help="a person or a partner, or nobody"
            )
        case "link":
            made.add_argument("--public-url", required=True, metavar="URL", help="of the host")
            made.add_argument("--host", metavar="URL", help="server that the links lead to")
            made.add_argument(
                "--renew", action="store_true", help="issue them anew: the old ones end"
            )
            made.add_argument("--revoke", action="store_true", help="shut them instead")


def _add_all(made: argparse.ArgumentParser, name: str) -> None:
    match name:
        case "give":
            made.add_argument("labels", nargs="*", metavar="A12", help="default: all open ones")
            made.add_argument("--project", required=True, metavar="ACRONYM")
            made.add_argument("--meeting", metavar="MEETING", help="only what it gave: its id")
            made.add_argument("--public-url", required=True, metavar="URL", help="of the host")
            made.add_argument("--out", metavar="DIR", help="write the mails to files instead")
            made.add_argument("--again", action="store_true", help="also who was mailed already")
            made.add_argument(
                "--anyway", action="store_true", help="also links that only this network can open"
            )
        case "remind":
            made.add_argument(
                "--due", action="store_true", help="send it; else only say what is due"
            )
            made.add_argument("--public-url", metavar="URL", help="of the host, for the links")
            made.add_argument(
                "--out", metavar="DIR", help="write the mails to files instead; they count as told"
            )
        case "digest":
            made.add_argument("--project", metavar="ACRONYM", help="only of this project")
            made.add_argument("--person", metavar="NAME", help="only for this person")
            made.add_argument("--public-url", metavar="URL", help="of the host, for the links")
            made.add_argument("--out", metavar="DIR", help="write the mails here")
        case "follow-up":
            made.add_argument("--on", action="append", default=[], metavar="ACRONYM")
            made.add_argument("--off", action="append", default=[], metavar="ACRONYM")
            made.add_argument("--before", type=int, nargs="*", metavar="N", help="days")
            made.add_argument("--after", type=int, nargs="*", metavar="N", help="days")
            made.add_argument("--escalate", metavar="N|never", help="days late")
            made.add_argument("--weekday", choices=(*WEEKDAYS, "never"), help="of the digest")
        case "export":
            made.add_argument("--project", metavar="ACRONYM", help="only of this project")
            add_filters(made)
            made.add_argument("--out", required=True, metavar="FILE", help=".csv or .ics")
