"""Commands on how long things are kept: show, choose, erase what is past its period."""

from __future__ import annotations

import argparse

from projectdesk.bootstrap import data_folder, open_workspace
from projectdesk.commandline.printing import print_json, print_table
from projectdesk.domain.rules.retention import Kept
from projectdesk.errors import DomainError
from projectdesk.services import erasing, retention
from projectdesk.services.retention import Period

_NEVER = "never"


def show(options: argparse.Namespace) -> int:
    """`projectdesk retention show [--json]`."""
    with open_workspace(data_folder(options.data)) as workspace:
        found = retention.periods(workspace)
    if options.json:
        print_json(found)
        return 0
    print_table(
        ((each.kept.value, _days(each.days), _who(each), f"{each.least} days") for each in found),
        ("What", "Kept for", "Set by", "At least"),
    )
    return 0


def choose(options: argparse.Namespace) -> int:
    """`projectdesk retention set WHAT DAYS|never`."""
    if options.what not in list(Kept):
        raise DomainError(
            "unknown_period",
            "“{what}” has no period: expected one of {known}.",
            what=options.what,
            known=", ".join(Kept),
        )
    kept = Kept(options.what)
    with open_workspace(data_folder(options.data)) as workspace:
        retention.set_period(workspace, kept, _number(options.days))
        now = retention.period(workspace, kept)
    if options.json:
        print_json(now)
    else:
        print(f"{kept.value}: {_days(now.days)}")
    return 0


def apply(options: argparse.Namespace) -> int:
    """`projectdesk retention apply [--dry-run] [--json]`."""
    with open_workspace(data_folder(options.data)) as workspace:
        done = erasing.erase_over(workspace, dry_run=options.dry_run)
    if options.json:
        print_json({"dryRun": options.dry_run, "erased": done})
        return 0
    print_table(
        (
            (each.kept, _days(each.days), each.count, _size(each.size), each.waiting or "")
            for each in done
        ),
        ("What", "Kept for", "To erase" if options.dry_run else "Erased", "Size", "Still needed"),
    )
    return 0


def _number(text: str) -> int | None:
    if text == _NEVER:
        return None
    if not text.isdecimal():
        raise DomainError(
            "bad_period", "“{text}” is no period: expected days, or “never”.", text=text
        )
    return int(text)


def _days(days: int | None) -> str:
    return "until deleted" if days is None else f"{days} days"


def _who(period: Period) -> str:
    return "organisation" if period.settled else ""


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size else ""
