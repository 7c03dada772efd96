"""`projectdesk compile decisions|actions|minutes`: of a period, in one document."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from projectdesk.commandline.data import opened
from projectdesk.commandline.decision_options import COMPILED
from projectdesk.commandline.named_formats import check_name
from projectdesk.commandline.printing import print_json
from projectdesk.errors import DomainError
from projectdesk.services import commands, queries
from projectdesk.services.documents.registers import Span


def compile_(options: argparse.Namespace) -> int:
    """`projectdesk compile WHAT --project P [--from DAY] [--to DAY] [--format F] [--out FILE]`."""
    with opened(options) as workspace:
        project = queries.project_by_acronym(workspace, options.project)
        span = Span(project.id, None, _day(options.first), _day(options.last))
        form = _format(options)
        name = f"{project.acronym.lower()}-{options.what}.{form}"
        out = Path(options.out) if options.out else Path(name)
        check_name(out, form)
        made = commands.compile_period(workspace, span, options.what, form, out, options.language)
    if options.json:
        print_json({"file": str(made)})
    else:
        print(made)
    return 0


def _format(options: argparse.Namespace) -> str:
    """Return the format that is asked for, else the file's by its name, else PDF."""
    suffix = Path(options.out or "").suffix.removeprefix(".").lower()
    asked: str | None = options.format
    return asked or (suffix if suffix in COMPILED else COMPILED[0])


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise DomainError(
            "not_a_date", "“{text}” is no date: expected YYYY-MM-DD.", text=text or ""
        ) from error
