"""How the commands on agendas are spelled: meeting create, agenda, template."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from projectdesk.commandline.spoken import add_language

Add = Callable[[str, str, str], argparse.ArgumentParser]


def add_meeting_create(add: Add) -> None:
    """Add `meeting create`, `held` and `report` by `add(name, function, help)`."""
    report = add("report", "report", "Print what a meeting leaves: decided, to do, not treated.")
    report.add_argument("meeting", metavar="MEETING", help="its id or title")
    add_language(report)
    _add_held(add)
    create = add("create", "create", "Make a meeting whose agenda a template fills.")
    create.add_argument(
        "--template",
        required=True,
        metavar="NAME",
        help="kick-off, interim-review, final-review, general-assembly, executive-board, "
        "work-package-call, workshop, ..., or the name of an own one",
    )
    create.add_argument("--project", required=True, metavar="ACRONYM")
    create.add_argument("--start", required=True, metavar="YYYY-MM-DDTHH:MM", help="local time")
    create.add_argument(
        "--zone",
        metavar="ZONE",
        help="IANA zone of --start (default: my own, else the coordinator's, else this computer's)",
    )
    create.add_argument("--title", default="")
    create.add_argument("--minutes", type=int, metavar="N", help="default: as long as the agenda")
    create.add_argument(
        "--body", metavar="NAME", help="the body that meets (default: as the template's type says)"
    )
    create.add_argument("--place", default="", metavar="TEXT", help="where people come together")
    create.add_argument(
        "--extraordinary", action="store_true", help="the body's rules for such meetings hold"
    )
    create.add_argument(
        "--work-package", metavar="WPn", help="a call of this one: only what is of it"
    )
    create.add_argument("--externals", action="store_true", help="also invite people of no partner")
    create.add_argument("--dry-run", action="store_true", help="only show the agenda")


def _add_held(add: Add) -> None:
    held = add("held", "held", "Say when a meeting without a call was held, or ask it.")
    held.add_argument("meeting", metavar="MEETING", help="its id or title")
    when = "local time of the meeting's zone"
    held.add_argument("--from", dest="begin", metavar="YYYY-MM-DDTHH:MM", help=when)
    held.add_argument(
        "--until", dest="end", metavar="YYYY-MM-DDTHH:MM", help=f"{when}; or HH:MM of the same day"
    )
    held.add_argument("--forget", action="store_true", help="take back what was said")


def add_agenda_commands(add: Add) -> None:
    """Add `agenda ...` by `add(name, function, help)`."""
    shown = add("show", "show", "Show an agenda with its planned times.")
    shown.add_argument("--meeting", required=True, metavar="ID")
    carried = add("carry-over", "carry_over", "Offer or take what the last meeting left.")
    carried.add_argument("--meeting", required=True, metavar="ID")
    carried.add_argument("--take", action="store_true", help="put it on the agenda, else only show")
    carried.add_argument(
        "--item", action="append", default=[], metavar="KEY", help="with --take: only these"
    )
    move = add("move", "move", "Put an item at another place, section or day.")
    move.add_argument("item", metavar="ITEM", help="its id")
    move.add_argument("--to", type=int, required=True, metavar="N", help="place, from 1")
    move.add_argument("--section", metavar="TEXT")
    move.add_argument("--day", type=int, metavar="N")
    waiting = add("to-backlog", "to_backlog", "Put items into the backlog.")
    waiting.add_argument("items", nargs="+", metavar="ITEM")
    waiting.add_argument("--reason", default="", metavar="TEXT")
    back = add("from-backlog", "from_backlog", "Put items of the backlog on an agenda.")
    back.add_argument("items", nargs="+", metavar="ITEM")
    back.add_argument("--meeting", required=True, metavar="ID")
    back.add_argument("--section", default="", metavar="TEXT")
    back.add_argument("--day", type=int, default=1, metavar="N")
    days = add("days", "days", "Say from when until when each day of a meeting lasts.")
    days.add_argument("--meeting", required=True, metavar="ID")
    days.add_argument("hours", nargs="+", metavar="HH:MM-HH:MM", help="one for each day")
    sent = add("send", "send", "Mail the agenda to who is invited, or write the mails to files.")
    sent.add_argument("--meeting", required=True, metavar="ID")
    sent.add_argument("--note", default="", metavar="TEXT", help="words above the agenda")
    sent.add_argument("--out", type=Path, metavar="DIR", help="write .eml files, send nothing")
    sent.add_argument("--dry-run", action="store_true", help="with --out: do not mark as sent")
    sent.add_argument("--again", action="store_true", help="also when it was sent already")
    sent.add_argument(
        "--attach",
        nargs="+",
        choices=("pdf", "docx", "md"),
        default=["pdf"],
        help="as what it is attached; usual: pdf",
    )


def add_template_commands(add: Add) -> None:
    """Add `template ...` by `add(name, function, help)`."""
    listing = add("list", "list_templates", "List the agenda templates, ours and own ones.")
    listing.add_argument("--project", metavar="ACRONYM", help="only of this one, and of all")
    save = add("save", "save_template", "Save the agenda of a meeting as a template.")
    save.add_argument("name", metavar="NAME")
    save.add_argument("--meeting", required=True, metavar="ID")
    save.add_argument("--project", metavar="ACRONYM", help="for this project only")
    use = add("use", "use_template", "Put what a template makes on the agenda of a meeting.")
    use.add_argument("name", metavar="NAME")
    use.add_argument("--meeting", required=True, metavar="ID")
    taken = add("import", "import_template", "Take a template in from a TOML file.")
    taken.add_argument("file", type=Path, metavar="FILE")
    taken.add_argument("--project", metavar="ACRONYM", help="for this project only")
    out = add("export", "export_template", "Write a template to a TOML file.")
    out.add_argument("name", metavar="NAME")
    out.add_argument("--out", required=True, type=Path, metavar="FILE")
    renamed = add("rename", "rename_template", "Give an own template another name.")
    renamed.add_argument("name", metavar="NAME")
    renamed.add_argument("new", metavar="NEW")
    shown = add("actions", "show_actions", "Show the open actions of an own template otherwise.")
    shown.add_argument("name", metavar="NAME")
    shown.add_argument("--as", dest="form", required=True, choices=("table", "list"))
    deleted = add("delete", "delete_template", "Delete an own template.")
    deleted.add_argument("name", metavar="NAME")
