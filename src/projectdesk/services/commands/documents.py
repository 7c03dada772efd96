"""Write documents to files: of a meeting its agenda, minutes..., of a project its registers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, get_args
from uuid import UUID

from projectdesk.domain.minutes import ActionStatus
from projectdesk.errors import DomainError
from projectdesk.services import queries
from projectdesk.services.documents.attendance import attendance_content
from projectdesk.services.documents.languages import document_language
from projectdesk.services.documents.meetings import agenda_content, minutes_content
from projectdesk.services.documents.registers import Span, actions_content, decisions_content
from projectdesk.services.documents.reviews import review_content
from projectdesk.services.whole_files import whole
from projectdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from projectdesk.exchange.documents.content import AgendaContent, MinutesContent
    from projectdesk.exchange.documents.csv_tables import Sheet
    from projectdesk.exchange.documents.outline import Outline

What = Literal["agenda", "minutes", "attendance", "decisions", "actions", "review-report"]
Format = Literal["pdf", "docx", "md", "html", "csv"]
DOCUMENTS: Final[tuple[str, ...]] = get_args(What)
FORMATS: Final[tuple[str, ...]] = ("pdf", "docx", "md", "html")
TABLES: Final = ("attendance", "decisions", "actions")
"""Documents that are tables: they are also written as CSV."""
ANNEXES: Final = ("agenda", "minutes")
"""Documents that can end with an annex: open actions, the audit trail."""


def export_document(
    workspace: Workspace,
    meeting_id: UUID,
    what: str,
    form: str,
    out: Path,
    language: str = "",
    *,
    annex: bool = False,
) -> Path:
    """Write a document of a meeting to `out` and return its path.

    The file appears whole or not at all; an older one of that name is replaced only by a whole one.

    Args:
        workspace: the open data.
        meeting_id: which meeting.
        what: one of `DOCUMENTS`; decisions and actions are those of this meeting.
        form: one of `FORMATS` (a PDF is PDF/UA-1 and PDF/A-3a), and "csv" for `TABLES`.
        out: the file to write.
        language: "en", "de"...; "" = by `document_language`.
        annex: minutes end with their audit trail, an agenda with the open actions of its project.

    Raises:
        NotFound: no such meeting.
        DomainError: `unknown_document`, `unknown_format`, `unknown_language`; `no_annex`.
        EnvironmentFailure: the file cannot be written ("file_not_written").
    """
    _check(what, form)
    if annex and what not in ANNEXES:
        raise DomainError("no_annex", "Only minutes and agendas can end with an annex.")
    spoken = document_language(workspace, language)
    if what in {"decisions", "actions"}:
        project_id = queries.meeting(workspace, meeting_id).project_id
        return export_register(workspace, Span(project_id, meeting_id), what, form, out, spoken)
    if form == "csv":
        from projectdesk.exchange.documents import csv_tables

        content = attendance_content(workspace, meeting_id, spoken)
        return _write_table(csv_tables.of_attendance(content, spoken), out)
    made = meeting_outline(workspace, meeting_id, what, spoken, annex=annex)
    return _write(workspace, made, form, out)


def export_register(
    workspace: Workspace, span: Span, what: str, form: str, out: Path, language: str = ""
) -> Path:
    """Write a decision register or an action list to `out` and return its path.

    Args:
        workspace: the open data.
        span: of which project, meeting or period.
        what: "decisions" or "actions".
        form: as in `export_document`.
        out: the file to write.
        language: as in `export_document`.

    Raises:
        NotFound, DomainError, EnvironmentFailure: as `export_document`.
    """
    _check(what, form)
    spoken = document_language(workspace, language)
    if form == "csv":
        return _write_table(_register_table(workspace, span, what, spoken), out)
    return _write(workspace, register_outline(workspace, span, what, spoken), form, out)


def meeting_outline(
    workspace: Workspace,
    meeting_id: UUID,
    what: str,
    language: str = "en",
    *,
    annex: bool = False,
) -> Outline:
    """Return a document of a meeting, before its format: agenda, minutes, attendance, report.

    annex: as in `export_document`.

    Raises:
        NotFound: no such meeting.
        DomainError: `unknown_document`.
    """
    # What the outlines need loads when it is needed.
    from projectdesk.exchange.documents import (
        agenda_outline,
        attendance_outline,
        minutes_outline,
        review_outline,
    )

    now = workspace.now()
    makers: Mapping[str, Callable[[], Outline]] = {
        "agenda": lambda: agenda_outline.of_agenda(
            _agenda(workspace, meeting_id, language, annex=annex),
            now=now,
            language=language,
        ),
        "minutes": lambda: minutes_outline.of_minutes(
            _minutes(workspace, meeting_id, language, annex=annex),
            now=now,
            language=language,
        ),
        "attendance": lambda: attendance_outline.of_attendance(
            attendance_content(workspace, meeting_id, language), now=now, language=language
        ),
        "review-report": lambda: review_outline.of_review(
            review_content(workspace, meeting_id, language), now=now, language=language
        ),
    }
    if what not in makers:
        raise _unknown(what)
    return makers[what]()


def register_outline(workspace: Workspace, span: Span, what: str, language: str = "en") -> Outline:
    """Return a register, before its format.

    Raises:
        NotFound: no such project.
        DomainError: `unknown_document`.
    """
    from projectdesk.exchange.documents import register_outline as registers

    now = workspace.now()
    match what:
        case "decisions":
            decisions = decisions_content(workspace, span, language)
            return registers.of_decisions(decisions, now=now, language=language)
        case "actions":
            actions = actions_content(workspace, span, language)
            return registers.of_actions(actions, now=now, language=language)
        case _:
            raise _unknown(what)


def write_outline(made: Outline, path: Path, form: str, author: str, now: datetime) -> None:
    """Write a document in one of the formats.

    Raises:
        DomainError: `unknown_format`.
        OSError: it cannot be written.
    """
    from projectdesk.exchange.documents import docx, html, markdown, pdf

    match form:
        case "pdf":
            pdf.write(made, path, author=author, now=now)
        case "docx":
            docx.write(made, path, author=author, now=now)
        case "md":
            path.write_text(markdown.render(made), encoding="utf-8", newline="\n")
        case "html":
            path.write_text(html.render(made), encoding="utf-8", newline="\n")
        case _:
            raise DomainError(
                "unknown_format",
                "“{format}” is no format of documents: expected {expected}.",
                format=form,
                expected=", ".join(FORMATS),
            )


def _agenda(workspace: Workspace, meeting_id: UUID, language: str, *, annex: bool) -> AgendaContent:
    content = agenda_content(workspace, meeting_id, language)
    if not annex:
        return content
    project_id = queries.meeting(workspace, meeting_id).project_id
    actions = actions_content(workspace, Span(project_id), language).actions
    still = tuple(each for each in actions if each.status is ActionStatus.OPEN)
    return replace(content, open_actions=still)


def _minutes(
    workspace: Workspace, meeting_id: UUID, language: str, *, annex: bool
) -> MinutesContent:
    content = minutes_content(workspace, meeting_id, language)
    if not annex:
        return content
    from projectdesk.services.documents.trails import trail_facts

    return replace(content, trail=trail_facts(workspace, meeting_id))


def _write(workspace: Workspace, made: Outline, form: str, out: Path) -> Path:
    me, now = queries.me(workspace), workspace.now()
    whole(out, lambda path: write_outline(made, path, form, me.name if me else "", now))
    return out


def _register_table(workspace: Workspace, span: Span, what: str, language: str) -> Sheet:
    from projectdesk.exchange.documents import csv_tables

    if what == "decisions":
        return csv_tables.of_decisions(decisions_content(workspace, span, language), language)
    return csv_tables.of_actions(actions_content(workspace, span, language), language)


def _write_table(sheet: Sheet, out: Path) -> Path:
    from projectdesk.exchange.tables import write_table

    whole(out, lambda path: write_table(path, sheet.header, sheet.rows))
    return out


def _check(what: str, form: str) -> None:
    """Refuse what is no document, and a format it is not written in."""
    if what not in DOCUMENTS:
        raise _unknown(what)
    expected = (*FORMATS, "csv") if what in TABLES else FORMATS
    if form not in expected:
        raise DomainError(
            "unknown_format",
            "“{format}” is no format of this document ({what}): expected {expected}.",
            format=form,
            what=what,
            expected=", ".join(expected),
        )


def _unknown(what: str) -> DomainError:
    return DomainError(
        "unknown_document",
        "“{what}” is no document: expected {expected}.",
        what=what,
        expected=", ".join(DOCUMENTS),
    )
