"""The options of `projectdesk reporting ...`; what the commands do is in `reporting`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, Final

Handler = Callable[[argparse.Namespace], int]
MakesCommand = Callable[[Any, str, Handler, str], argparse.ArgumentParser]
Finds = Callable[[str, str], Handler]

_KINDS: Final = {
    "show": "Show a period and what each partner states for it.",
    "divide": "Divide a project into reporting periods.",
    "ask": "Ask partners for their effort by a personal link.",
    "links": "Print the personal links.",
    "remind": "Print the links of who has not answered, and note the reminder.",
    "enter": "Enter figures that came another way.",
    "approve": "Approve the figures that were answered.",
    "send-back": "Send figures back with a remark.",
    "renew": "Make a new link for a partner; the old one ends.",
    "freeze": "Freeze a period: nothing of it changes any more.",
}


def add_reporting(commands: Any, command: MakesCommand, run: Finds) -> None:
    """Add `projectdesk reporting ...`.

    Args:
        commands: the subparsers that it is one of.
        command: makes a command out of (subparsers, name, handler, help).
        run: finds a handler by module and function when it runs.
    """
    parser = commands.add_parser("reporting", help="Reporting periods and the effort in them.")
    kinds = parser.add_subparsers(required=True, metavar="|".join(_KINDS))
    for name, help_text in _KINDS.items():
        handler = run("reporting", name.replace("-", "_"))
        made = command(kinds, name, handler, help_text)
        made.add_argument("--project", required=True, metavar="ACRONYM")
        _add_options(made, name)


def _add_options(made: argparse.ArgumentParser, name: str) -> None:
    if name == "divide":
        way = made.add_mutually_exclusive_group(required=True)
        way.add_argument("--into", type=int, metavar="N", help="so many periods")
        way.add_argument("--every", type=int, metavar="MONTHS", help="months of each")
        return
    made.add_argument("--period", required=True, type=int, metavar="N", help="RP number")
    if name in {"ask", "remind", "approve", "links"}:
        made.add_argument("--partner", action="append", default=[], metavar="NAME",
                          help="only these (default: all that it concerns)")  # fmt: skip
    if name in {"enter", "send-back", "renew"}:
        made.add_argument("--partner", required=True, metavar="NAME")
    if name in {"ask", "send-back"}:
        made.add_argument("--deadline", metavar="YYYY-MM-DD", help="default: in three weeks")
    if name == "ask":
        made.add_argument("--host", metavar="URL", help="server that the links lead to")
    if name in {"links", "remind"}:
        made.add_argument("--public-url", required=True, metavar="URL", help="of the host")
    if name == "send-back":
        made.add_argument("--remark", required=True, help="what is to be corrected")
    if name == "enter":
        made.add_argument("figures", nargs="+", metavar="WPn=MONTHS")
        made.add_argument("--comment")
    if name == "freeze":
        made.add_argument("--yes", action="store_true", help="it cannot be undone: I mean it")
