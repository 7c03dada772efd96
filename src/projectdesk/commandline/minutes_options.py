"""The options of `projectdesk minutes ...` and `verify-audit`; what they do is in `minutes`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, Final

Handler = Callable[[argparse.Namespace], int]
MakesCommand = Callable[[Any, str, Handler, str], argparse.ArgumentParser]
Finds = Callable[[str, str], Handler]

_KINDS: Final = {
    "show": "Print what the minutes say now, or said in a circulated revision.",
    "status": "Where minutes stand, who has them, what is objected (default: all open).",
    "circulate": "Send the minutes to everybody whom they go to; the window for objections opens.",
    "send": "Write to readers of circulated minutes again, with the same links.",
    "links": "Print the personal links of the readers.",
    "object": "Write down an objection that came another way than by the link.",
    "answer": "Answer an objection.",
    "revise": "Begin a new revision; the old one is superseded.",
    "accept": "Accept minutes whose objections are answered, or that the body approved.",
    "settle": "Accept the minutes that nobody objected to in time.",
    "compare": "Show what changed between two revisions, word by word.",
    "trail": "Print the audit trail, or write it to a file (.csv, .json).",
}
_NOTICES: Final = {
    "notices": "Whether readers hear what became of objections, and of the acceptance.",
    "tell": "Tell readers what they were not told by itself.",
}
_WRITERS: Final = "Who writes the minutes in the call, beside chair and co-hosts."
_AUTHORS: Final = "Who wrote what of the newest minutes, item by item."
_TEXT: Final = {
    "lines": "Print typed lines (A: D: I: R: Q:), their records, and what could not be read.",
    "write": "Add lines to the notes of an item; typed ones become records.",
}


def add_minutes(commands: Any, command: MakesCommand, run: Finds) -> None:
    """Add `projectdesk minutes ...` and `projectdesk verify-audit`.

    Args:
        commands: the subparsers that they are of.
        command: makes a command out of (subparsers, name, handler, help).
        run: finds a handler by module and function when it runs.
    """
    parser = commands.add_parser("minutes", help="Minutes: circulate, answer, revise, accept.")
    kinds = parser.add_subparsers(
        required=True, metavar="|".join([*_KINDS, *_NOTICES, "writers", "authors", *_TEXT])
    )
    for name, help_text in _KINDS.items():
        handler = run("minutes", "object_" if name == "object" else name)
        made = command(kinds, name, handler, help_text)
        if name == "status":
            made.add_argument("meeting", nargs="?", metavar="MEETING", help="its id or title")
        elif name != "settle":
            made.add_argument("meeting", metavar="MEETING", help="its id or title")
        _add_options(made, name)
    _add_notices(kinds, command, run)
    writers = command(kinds, "writers", run("minutes_writers", "writers"), _WRITERS)
    writers.add_argument("meeting", metavar="MEETING", help="its id or title")
    change = writers.add_mutually_exclusive_group()
    change.add_argument("--add", metavar="PERSON", help="an invitee, by name or address")
    change.add_argument("--remove", metavar="PERSON", help="an invitee, by name or address")
    written = command(kinds, "authors", run("minutes_writers", "authors"), _AUTHORS)
    written.add_argument("meeting", metavar="MEETING", help="its id or title")
    lines, write = (
        command(kinds, name, run("typed_lines", name), words) for name, words in _TEXT.items()
    )
    lines.add_argument("meeting", metavar="MEETING", help="its id or title")
    lines.add_argument(
        "--records", action="store_true", help="first make, change and delete their records"
    )
    write.add_argument("meeting", metavar="MEETING", help="its id or title")
    write.add_argument("text", metavar="TEXT", help="one line or more")
    write.add_argument("--item", required=True, metavar="N", help="of the agenda")
    verify = command(
        commands,
        "verify-audit",
        run("minutes", "verify_audit"),
        "Check the trails of minutes and written procedures; names the first step that does not "
        "hold.",
    )
    verify.add_argument("--project", metavar="ACRONYM", help="only of this project")


def _add_notices(kinds: Any, command: MakesCommand, run: Finds) -> None:
    told, tell = (
        command(kinds, name, run("minutes_notices", name), words)
        for name, words in _NOTICES.items()
    )
    for made in (told, tell):
        made.add_argument("meeting", metavar="MEETING", help="its id or title")
    how = told.add_mutually_exclusive_group()
    for word, words in (
        ("on", "of this project, by themselves"),
        ("off", "of this project, only when you say so"),
        ("as-circulated", "where the minutes went out by mail (the default)"),
    ):
        how.add_argument(f"--{word}", action="store_const", const=word, dest="chosen", help=words)
    tell.add_argument("--out", metavar="DIR", help="write the mails to files instead")


def _add_options(made: argparse.ArgumentParser, name: str) -> None:
    match name:
        case "show":
            made.add_argument("--revision", type=int, metavar="N", help="as it was circulated")
            made.add_argument("--text", action="store_true", help="as plain text (the default)")
        case "circulate":
            _add_circulating(made)
        case "send":
            made.add_argument("--public-url", required=True, metavar="URL", help="of the host")
            made.add_argument("--reader", action="append", default=[], metavar="NAME")
            made.add_argument("--out", metavar="DIR", help="write the mails to files instead")
            made.add_argument("--anyway", action="store_true", help=_ANYWAY)
            made.add_argument("--message", default="", metavar="WORDS", help="a line of your own")
        case "links":
            made.add_argument("--public-url", required=True, metavar="URL", help="of the host")
        case "object":
            made.add_argument("text", metavar="TEXT")
            made.add_argument("--reader", required=True, metavar="NAME", help="whose it is")
            made.add_argument("--item", metavar="N", help="of the agenda (default: to the whole)")
        case "answer":
            made.add_argument("number", type=int, metavar="N", help="of the objection")
            state = made.add_mutually_exclusive_group(required=True)
            for word in ("upheld", "declined", "withdrawn", "open"):
                state.add_argument(f"--{word}", action="store_const", const=word, dest="state")
            made.add_argument("--text", default="", metavar="WORDS", help="the chair's answer")
        case "revise":
            made.add_argument("--reason", default="", metavar="WORDS", help="why")
        case "accept":
            made.add_argument(
                "--approved-by", metavar="MEETING", help="the meeting at which the body approved"
            )
        case "compare":
            made.add_argument("--from", type=int, dest="first", metavar="N", help="revision")
            made.add_argument("--to", type=int, dest="last", metavar="N", help="revision")
        case "trail":
            made.add_argument("--out", metavar="FILE", help="write it to a file (.csv, .json)")


_ANYWAY: Final = "also links that only this computer or its network can open"


def _add_circulating(made: argparse.ArgumentParser) -> None:
    made.add_argument("--dry-run", action="store_true", help="only say to whom, and until when")
    made.add_argument("--public-url", metavar="URL", help="of the host that the links lead to")
    made.add_argument("--host", metavar="URL", help="server that has the desks")
    way = made.add_mutually_exclusive_group()
    way.add_argument("--out", metavar="DIR", help="write the mails to files instead")
    way.add_argument("--send", action="store_true", help="into the outbox (the default)")
    made.add_argument(
        "--leave-out", action="append", default=[], metavar="NAME", help="who does not get them"
    )
    made.add_argument("--message", default="", metavar="WORDS", help="a line of your own")
    made.add_argument("--held", action="store_true", help="the meeting is over, I say so")
    made.add_argument("--anyway", action="store_true", help=_ANYWAY)
