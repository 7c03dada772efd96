"""The options of `projectdesk decision ...`, `procedure ...` and `compile ...`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, Final

from projectdesk.commandline.spoken import add_language

Handler = Callable[[argparse.Namespace], int]
MakesCommand = Callable[[Any, str, Handler, str], argparse.ArgumentParser]
Finds = Callable[[str, str], Handler]

_DECISIONS: Final = {
    "show": "Show a decision: whether it binds, its vote, vetoes and what follows it up.",
    "find": "Find decisions by words, also of their minutes.",
    "replace": "Let a later decision take the place of one that was circulated.",
    "withdraw": "Say that a decision does not stand any more.",
    "reinstate": "Let a decision stand again that was replaced or withdrawn.",
    "veto": "Note a veto that came another way than by a link.",
    "answer-veto": "Say what becomes of a veto, and answer it.",
    "follow-up": "Make an action that follows a decision up.",
}
_PROCEDURES: Final = {
    "create": "Make a written procedure of a body; nobody is asked yet.",
    "change": "Change a draft: its deadline, question, text or reminders.",
    "open": "Open it: members and rules are kept as they are, the links work.",
    "list": "List the written procedures.",
    "status": "Show how far one is, who voted what and who is missing.",
    "links": "Print the personal links of the members.",
    "ask": "Put the vote into the outbox for the members, or write it to files.",
    "remind": "Remind who is missing, by mail or in files.",
    "vote": "Enter what a member voted another way.",
    "link": "Issue a member's link anew, revoke it, or let another person vote.",
    "close": "Count it, once its time is over or all have voted.",
    "notice": "Tell all members the result: the time for a veto runs from then.",
    "cancel": "Call it off.",
    "trail": "Print its audit trail, or write it to a file (.csv, .json, .pdf, .docx, .md, .html).",
    "settle": "Close what is due, and mark the decisions that bind by now.",
}
COMPILED: Final = ("pdf", "docx", "md", "html", "csv")
"""Formats of a compiled document, the usual one first."""


def add_decisions(commands: Any, command: MakesCommand, run: Finds) -> None:
    """Add `projectdesk decision`, `projectdesk procedure` and `projectdesk compile`.

    Args:
        commands: the subparsers that they are of.
        command: makes a command out of (subparsers, name, handler, help).
        run: finds a handler by module and function when it runs.
    """
    parser = commands.add_parser("decision", help="The register of decisions.")
    kinds = parser.add_subparsers(required=True, metavar="|".join(_DECISIONS))
    for name, words in _DECISIONS.items():
        made = command(kinds, name, run("decisions", name.replace("-", "_")), words)
        if name != "find":
            made.add_argument("decision", metavar="DECISION", help="D7, ACRONYM-D7, or the id")
        if name == "show":
            add_language(made)
        _add_to_decision(made, name)
    parser = commands.add_parser("procedure", help="Written procedures: a body decides by links.")
    kinds = parser.add_subparsers(required=True, metavar="|".join(_PROCEDURES))
    for name, words in _PROCEDURES.items():
        handler = run("procedures", "list_procedures" if name == "list" else name)
        made = command(kinds, name, handler, words)
        if name not in {"create", "list", "settle"}:
            made.add_argument("procedure", metavar="PROCEDURE", help="V3, ACRONYM-V3, or the id")
        if name in {"list", "status", "close", "settle"}:
            add_language(made)
        _add_to_procedure(made, name)
    _add_compile(commands, command, run)


def _add_to_decision(made: argparse.ArgumentParser, name: str) -> None:
    match name:
        case "find":
            made.add_argument("words", nargs="+", metavar="WORD")
            made.add_argument("--project", metavar="ACRONYM", help="only of this project")
        case "replace":
            made.add_argument("--text", help="of a new decision")
            made.add_argument("--by", metavar="DECISION", help="one that was taken already")
        case "veto":
            made.add_argument("--partner", required=True, metavar="NAME", help="the member")
            made.add_argument("--reason", required=True, help="what it would affect")
            made.add_argument("--received", metavar="INSTANT", help="2026-03-02T10:00+01:00")
        case "answer-veto":
            made.add_argument("--partner", required=True, metavar="NAME", help="the member")
            made.add_argument(
                "--state", required=True, choices=("raised", "withdrawn", "not_admitted")
            )
            made.add_argument("--answer", help="to the member")
        case "follow-up":
            made.add_argument("--text", required=True, help="what is to be done")
            made.add_argument("--owner", metavar="NAME", help="who does it")
            made.add_argument("--partner", metavar="NAME", help="for which partner")
            made.add_argument("--due", metavar="DATE")


def _add_to_procedure(made: argparse.ArgumentParser, name: str) -> None:
    match name:
        case "create":
            _add_making(made)
        case "list":
            made.add_argument("--project", metavar="ACRONYM", help="only of this project")
        case "change":
            made.add_argument("--question", help="as the decision will say it")
            made.add_argument("--text", help="why, and what belongs to it")
            _add_deadline(made, zone=None)
            _add_reminders(made, usual=None)
        case "open":
            made.add_argument("--host", metavar="URL", help="server that the links lead to")
        case "links" | "ask" | "remind":
            _add_writing(made, name)
        case "vote":
            made.add_argument("--member", required=True, metavar="NAME")
            made.add_argument("choice", help="for, against, abstain, or one of its own; - = none")
            made.add_argument("--comment")
        case "link":
            made.add_argument("--member", required=True, metavar="NAME")
            how = made.add_mutually_exclusive_group(required=True)
            how.add_argument("--renew", action="store_true", help="the old link ends")
            how.add_argument("--revoke", action="store_true", help="it opens nothing any more")
            how.add_argument("--to", metavar="PERSON", help="who votes from now on")
        case "trail":
            made.add_argument("--out", metavar="FILE", help="the file to write")
            made.add_argument("--language", default="", metavar="TAG", help="of a document: en, de")
        case "notice":
            made.add_argument("--public-url", metavar="URL", help="of the host, for the links")
            made.add_argument(
                "--told", action="store_true", help="they were told another way: no mail"
            )
    if name in {"close", "cancel"}:
        made.add_argument("--tell", action="store_true", help="tell the members by mail")


def _add_making(made: argparse.ArgumentParser) -> None:
    made.add_argument("--project", required=True, metavar="ACRONYM")
    made.add_argument("--body", required=True, metavar="NAME", help="that decides")
    made.add_argument("--question", required=True, help="as the decision will say it")
    made.add_argument("--text", default="", help="why, and what belongs to it")
    made.add_argument("--choice", action="append", default=[], help="one to choose; repeat it")
    _add_deadline(made, zone="UTC")
    made.add_argument("--weighted", action="store_true", help="members count by their weight")
    made.add_argument("--secret", action="store_true", help="is refused, with the reason")
    made.add_argument("--closes-early", action="store_true", help="when all have voted")
    _add_reminders(made, usual=[])


def _add_deadline(made: argparse.ArgumentParser, zone: str | None) -> None:
    made.add_argument("--deadline", metavar="YYYY-MM-DD[THH:MM]", help="local; a day ends at 24:00")
    made.add_argument("--zone", default=zone, metavar="ZONE", help="of the deadline")


def _add_reminders(made: argparse.ArgumentParser, usual: list[int] | None) -> None:
    made.add_argument(
        "--remind-days", type=int, nargs="+", default=usual, metavar="N",
        help="days before the deadline on which who is missing is reminded",
    )  # fmt: skip


def _add_writing(made: argparse.ArgumentParser, name: str) -> None:
    made.add_argument(
        "--member", action="append", default=[], metavar="NAME", help="only these; repeat it"
    )
    made.add_argument("--public-url", required=True, metavar="URL", help="of the host")
    if name != "links":
        made.add_argument("--out", metavar="DIR", help="write the mails to files instead")
        made.add_argument("--again", action="store_true", help="also who was asked already")
        made.add_argument(
            "--anyway", action="store_true", help="also with links that only this network opens"
        )


def _add_compile(commands: Any, command: MakesCommand, run: Finds) -> None:
    made = command(
        commands,
        "compile",
        run("compiling", "compile_"),
        "Decisions, actions or all minutes of a period in one document.",
    )
    made.add_argument("what", choices=("decisions", "actions", "minutes"))
    made.add_argument("--project", required=True, metavar="ACRONYM")
    made.add_argument("--from", dest="first", metavar="DATE", help="the first day")
    made.add_argument("--to", dest="last", metavar="DATE", help="the last day")
    made.add_argument(
        "--format", choices=COMPILED,
        help="default: as FILE is called, else pdf; csv: not of minutes",
    )  # fmt: skip
    made.add_argument("--out", metavar="FILE", help="default: PROJECT-WHAT.FORMAT here")
    made.add_argument("--language", default="", metavar="TAG", help="of the document: en, de")
