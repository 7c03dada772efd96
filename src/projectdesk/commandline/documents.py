"""`projectdesk export minutes|agenda|attendance|decisions|actions|review-report ...`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from projectdesk.commandline.named_meetings import meeting_id
from projectdesk.errors import DomainError
from projectdesk.services import commands, queries
from projectdesk.services.documents.registers import Span
from projectdesk.services.workspace import Workspace

_BY_SUFFIX: Final = {"markdown": "md", "htm": "html", "xhtml": "html"}


def export_of_meeting(workspace: Workspace, options: argparse.Namespace) -> Mapping[str, Any]:
    """`export minutes|agenda|attendance|review-report MEETING --out FILE`."""
    named = options.name or options.meeting
    if not named:
        raise DomainError(
            "meeting_needed",
            "Say which meeting: projectdesk export {what} ID --out FILE; "
            "`projectdesk list meetings` shows them.",
            what=options.what,
        )
    wanted = {"minutes": options.with_trail, "agenda": options.with_actions}
    if any(on and what != options.what for what, on in wanted.items()):
        raise DomainError("no_annex", "--with-trail is of minutes, --with-actions of an agenda.")
    meeting, form = meeting_id(workspace, named), _format(options)
    out = commands.export_document(
        workspace,
        meeting,
        options.what,
        form,
        options.out,
        options.language,
        annex=wanted.get(options.what, False),
    )
    return {"file": out}


def export_register(workspace: Workspace, options: argparse.Namespace) -> Mapping[str, Any]:
    """`export decisions|actions ACRONYM|MEETING [--from DATE] [--to DATE] --out FILE`."""
    span = _span(workspace, options)
    out = commands.export_register(
        workspace, span, options.what, _format(options), options.out, options.language
    )
    return {"file": out}


def _span(workspace: Workspace, options: argparse.Namespace) -> Span:
    """Return of what a register is asked for: a project, or one of its meetings."""
    since, until = _day(options.first), _day(options.last)
    named = options.name or options.project
    meeting = options.meeting or (named if named and _is_id(named) else None)
    if meeting:
        found = queries.meeting(workspace, meeting_id(workspace, meeting))
        return Span(found.project_id, found.id, since, until)
    if not named:
        raise DomainError(
            "project_needed",
            "Say of what: projectdesk export {what} ACRONYM --out FILE, or the id of a meeting.",
            what=options.what,
        )
    return Span(queries.project_by_acronym(workspace, named).id, None, since, until)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise DomainError(
            "not_a_date", "“{text}” is no date: expected YYYY-MM-DD.", text=text or ""
        ) from error


def _format(options: argparse.Namespace) -> str:
    """Return the format that the options name, else the one of the file's name."""
    suffix = options.out.suffix.lstrip(".").lower()
    form = (options.format or _BY_SUFFIX.get(suffix, suffix)).lower()
    if not form:
        raise DomainError(
            "format_needed",
            "Say in which format: --format pdf|docx|md|html, or by the file's name.",
        )
    return str(form)
