"""Compile what came out of the meetings of a period into one document."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.meetings import MeetingState
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.errors import DomainError
from projectdesk.services import queries
from projectdesk.services.commands.documents import (
    FORMATS,
    export_register,
    meeting_outline,
    write_outline,
)
from projectdesk.services.documents.heads import scope_of
from projectdesk.services.documents.languages import document_language
from projectdesk.services.documents.registers import Span
from projectdesk.services.whole_files import whole
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

if TYPE_CHECKING:
    from projectdesk.exchange.documents.outline import Outline

COMPILED: Final = ("decisions", "actions", "minutes")
"""What can be compiled."""


def compile_period(
    workspace: Workspace, span: Span, what: str, form: str, out: Path, language: str = ""
) -> Path:
    """Write all decisions, actions or minutes of a project's period to `out`; return its path.

    Decisions are those made in the period, actions those due in it, minutes those of the meetings
    held in it, the earliest first. The file appears whole or not at all.

    Args:
        workspace: the open data.
        span: of which project and period.
        what: one of `COMPILED`.
        form: "pdf", "docx", "md", "html"; of decisions and actions also "csv".
        out: the file to write.
        language: "en", "de"; "" = as documents of this data are written.

    Raises:
        NotFound: no such project.
        DomainError: `unknown_document`, `unknown_format`, `unknown_language`, `period_backwards`;
            `nothing_to_compile`, no meeting of the period has minutes.
        EnvironmentFailure: the file cannot be written ("file_not_written").
    """
    if what not in COMPILED:
        raise DomainError(
            "unknown_document",
            "“{what}” cannot be compiled: expected {expected}.",
            what=what,
            expected=", ".join(COMPILED),
        )
    if span.since is not None and span.until is not None and span.until < span.since:
        raise DomainError("period_backwards", "The period ends before it begins.")
    if what != "minutes":
        return export_register(workspace, span, what, form, out, language)
    if form not in FORMATS:
        raise DomainError(
            "unknown_format",
            "“{format}” is no format of compiled minutes: expected {expected}.",
            format=form,
            expected=", ".join(FORMATS),
        )
    made = compiled_minutes(workspace, span, document_language(workspace, language))
    me, now = queries.me(workspace), workspace.now()
    whole(out, lambda path: write_outline(made, path, form, me.name if me else "", now))
    return out


def compiled_minutes(workspace: Workspace, span: Span, language: str) -> Outline:
    """Return the minutes of a period as one document: a section for each meeting.

    Raises:
        NotFound: no such project.
        DomainError: `nothing_to_compile`.
    """
    from projectdesk.exchange.documents.heads import footer
    from projectdesk.exchange.documents.outline import Element, Facts, Heading, Outline
    from projectdesk.exchange.documents.words import words

    say, now = words(language), workspace.now()
    scope = scope_of(workspace, span.project_id, language, since=span.since, until=span.until)
    meetings = _held(workspace, span)
    if not meetings:
        raise DomainError(
            "nothing_to_compile",
            "No meeting of {project} in this period has minutes.",
            project=scope.project,
        )
    elements: list[Element] = []
    for meeting_id, day in meetings:
        outline = meeting_outline(workspace, meeting_id, "minutes", language)
        elements.append(Heading(1, f"{outline.title}, {day.isoformat()}"))
        if outline.seal:
            elements.append(Facts(((outline.kicker, outline.seal),)))
        elements += [
            replace(each, level=each.level + 1) if isinstance(each, Heading) else each
            for each in outline.elements
        ]
    return Outline(
        title=say("register_title", document=say("minutes"), of=scope.project),
        kicker=_period(span) or scope.project,
        footer=footer(scope.project, say("minutes"), now, say),
        elements=tuple(elements),
        about=say("meeting"),
        language=language,
        logo=scope.logo,
    )


def _period(span: Span) -> str:
    first = span.since.isoformat() if span.since is not None else ""
    last = span.until.isoformat() if span.until is not None else ""
    return f"{first} \N{EN DASH} {last}".strip() if first or last else ""


def _held(workspace: Workspace, span: Span) -> list[tuple[UUID, date]]:
    """Return the meetings of a period that were held and have minutes, the earliest first."""
    meeting, minutes = schema.meeting.c, schema.minutes.c
    query = (
        select(meeting.id, meeting.starts_at, meeting.zone)
        .where(
            meeting.project_id == span.project_id,
            meeting.state == MeetingState.HELD,
            meeting.id.in_(select(minutes.meeting_id)),
        )
        .order_by(meeting.starts_at, meeting.id)
    )
    with workspace.read() as session:
        rows = session.execute(query).all()
    days = [(row.id, to_local(row.starts_at, row.zone).date()) for row in rows]
    return [(each, day) for each, day in days if span.holds(day)]
