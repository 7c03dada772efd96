"""The options of `projectdesk partner ...` and `projectdesk coordinator change`."""

from __future__ import annotations

import argparse
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from projectdesk.commandline.grammar import Commands, command, run

ROLES: Final = (
    "beneficiary",
    "affiliated_entity",
    "associated_partner",
    "subcontractor",
    "third_party",
    "granting_authority",
    "coordinator",
)
"""As `PartnerRole`, which is not loaded to spell commands; a test compares."""

_PARTNERS: Final = {
    "join": "Let an organisation join: one that is here, of the directory (--pic), or a new one.",
    "leave": "Let a partner leave; it stays in the list with its period.",
    "replace": "Let a new organisation take a partner's place, with the same role.",
    "holdings": "Show what a partner leads, owns and sits in, still open after a day.",
    "renumber": "Number the partners anew, from 1 without holes.",
}
_WHICH: Final = "its number, short name, legal name, PIC or id"


def add_consortium(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add `projectdesk partner` and `projectdesk coordinator` to the commands."""
    parser = commands.add_parser("partner", help="Partners that join, leave and are replaced.")
    kinds = parser.add_subparsers(required=True, metavar="|".join(_PARTNERS))
    for name, words in _PARTNERS.items():
        made = command(kinds, name, run("consortium", name), words)
        made.add_argument("--project", required=True, metavar="ACRONYM")
        if name in ("leave", "replace", "holdings"):
            made.add_argument("partner", metavar="PARTNER", help=_WHICH)
        _add_to_partner(made, name)
    parser = commands.add_parser("coordinator", help="Who coordinates a project.")
    kinds = parser.add_subparsers(required=True, metavar="change")
    change = command(
        kinds,
        "change",
        run("consortium", "change_coordinator"),
        "Make another partner the coordinator; until when the one so far coordinated is kept.",
    )
    change.add_argument("--project", required=True, metavar="ACRONYM")
    change.add_argument("partner", metavar="PARTNER", help=_WHICH)
    _add_day(change, "--from", "first_day", "its first day as coordinator: today or before")
    change.add_argument(
        "--swap-numbers",
        action="store_true",
        help="exchange the two participant numbers, where the amendment says so",
    )


def _add_to_partner(made: argparse.ArgumentParser, name: str) -> None:
    match name:
        case "join":
            made.add_argument("name", nargs="?", metavar="NAME", help="its legal name")
            _add_organisation(made)
            _add_money(made)
            made.add_argument("--role", choices=ROLES, default="beneficiary")
            made.add_argument(
                "--belongs-to", metavar="PARTNER", help="the beneficiary of an affiliated entity"
            )
            _add_day(made, "--from", "first_day", "its first day; default: from the start", False)
        case "leave":
            _add_day(made, "--last-day", "last_day", "its last day in the project")
            _add_succession(made, "it keeps what is not given")
        case "replace":
            made.add_argument("name", nargs="?", metavar="NAME", help="legal name of who comes")
            _add_organisation(made)
            _add_money(made)
            _add_day(made, "--from", "first_day", "the first day of who comes")
            _add_succession(made, "who comes takes what is not given")
            made.add_argument(
                "--people",
                action="append",
                default=[],
                metavar="NAME",
                help="who goes with it (name or address), or all; may be repeated",
            )
        case "holdings":
            _add_day(made, "--on", "last_day", "its last day; default: today", False)
        case "renumber":
            made.add_argument(
                "order", nargs="*", metavar="PARTNER", help="in this order, the others after them"
            )
            made.add_argument("--dry-run", action="store_true", help="only say what would change")


def _add_organisation(made: argparse.ArgumentParser) -> None:
    made.add_argument("--pic", help="with NAME left out: of an organisation of the directory")
    made.add_argument("--country", metavar="CODE", help="ISO 3166: DK")
    made.add_argument("--short-name", metavar="NAME")
    made.add_argument("--number", type=int, metavar="N", help="default: the next free one")


def _add_money(made: argparse.ArgumentParser) -> None:
    made.add_argument("--contribution", type=_money, metavar="EUR", help="EU contribution")
    made.add_argument("--total-cost", type=_money, metavar="EUR")


def _add_succession(made: argparse.ArgumentParser, otherwise: str) -> None:
    made.add_argument(
        "--give",
        action="append",
        default=[],
        metavar="WHAT=PARTNER",
        help="who takes something over, as D3.2=DTU, or nobody, or keep; WHAT is a label or title "
        "of `partner holdings`; may be repeated",
    )
    made.add_argument(
        "--rest-to", metavar="PARTNER", help=f"who takes the rest, or nobody, or keep ({otherwise})"
    )
    made.add_argument("--dry-run", action="store_true", help="only say what would change")


def _add_day(
    made: argparse.ArgumentParser, name: str, dest: str, words: str, required: bool = True
) -> None:
    made.add_argument(
        name,
        dest=dest,
        required=required,
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help=words,
    )


def _money(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise argparse.ArgumentTypeError(
            f"“{text}” is no amount: expected digits as in 250000.50"
        ) from None
