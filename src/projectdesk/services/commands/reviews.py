"""Prepare a review: rehearse it, keep what was asked, write its pack and its question log."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.consortium import Partner, PartnerRole
from projectdesk.domain.meetings import AgendaItem, CallRole, Invitation, Meeting, MeetingType
from projectdesk.domain.preparation import ReviewQuestion
from projectdesk.domain.rules.reviewing import typed_question
from projectdesk.domain.rules.zoned_time import to_local, to_utc, tzdata_version
from projectdesk.errors import DomainError
from projectdesk.services import queries
from projectdesk.services.commands.documents import write_outline
from projectdesk.services.documents.languages import document_language, language_in
from projectdesk.services.editing import add_record
from projectdesk.services.queries.reviews import review_pack, review_questions
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.session import Unit
from projectdesk.services.whole_files import whole
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

_COPIED: Final = (
    "position", "title", "kind", "duration_minutes", "presenter_id", "presenter_text",
    "description", "work_package_id", "deliverable_id", "milestone_id", "section", "day",
    "starts_minute", "track", "risk_id",
)  # fmt: skip
"""Fields of an agenda item that its rehearsal has too."""
_PACK_FORMATS: Final = frozenset({"pdf", "docx", "md"})
_LOG_FORMATS: Final = frozenset({"xlsx", "csv"})


def plan_rehearsal(
    workspace: Workspace, meeting_id: UUID, local_start: datetime
) -> tuple[UUID, Changes]:
    """Plan the rehearsal of a meeting: its agenda, and those of its invitees who are inside.

    Its title is in the language of documents, as agendas are.
    Who belongs to no partner (reviewers, project officers, boards) or to the granting authority is
    left out.

    Args:
        workspace: the open data.
        meeting_id: what is rehearsed.
        local_start: naive, in the meeting's zone.

    Returns:
        The rehearsal's id, and what changed.

    Raises:
        NotFound: no such meeting.
        DomainError: `local_time_with_zone`; `rehearsal_after`, it is not before the meeting.
    """
    if local_start.tzinfo is not None:
        raise DomainError("local_time_with_zone", "A planned time is local: its zone is beside it.")
    from projectdesk.services.review_document import rehearsal_title  # documents load when needed

    with workspace.change("Plan a rehearsal") as unit:
        planned = unit.get(Meeting, meeting_id)
        starts_at = to_utc(local_start, planned.zone)
        local_start = to_local(starts_at, planned.zone)  # another one only where clocks skip it
        if starts_at >= planned.starts_at:
            raise DomainError(
                "rehearsal_after", "A rehearsal is before the meeting.", field="local_start"
            )
        unit.label = f"Plan the rehearsal of {planned.title}"
        title = rehearsal_title(planned.title, language_in(unit.session, "documents"))
        made = Meeting(
            project_id=planned.project_id,
            type=MeetingType.AD_HOC,
            title=title,
            local_start=local_start,
            zone=planned.zone,
            starts_at=starts_at,
            tzdata=tzdata_version(),
            duration_minutes=planned.duration_minutes,
            host=planned.host,
            rehearsal_of_id=planned.id,
        )
        unit.add(made, *_agenda(unit, planned, made), *_invitees(unit, planned, made))
    return made.id, unit.changes


def add_question(workspace: Workspace, meeting_id: UUID, typed: str) -> tuple[UUID, Changes]:
    """Keep a question of a review as it was typed: "Lorenzo: what about D3.2?".

    Raises:
        NotFound: no such meeting.
        DomainError: it says nothing.
    """
    read = typed_question(typed)
    with workspace.change("Add a question") as unit:
        meeting = unit.get(Meeting, meeting_id)
        values: dict[str, Any] = {
            "meeting_id": meeting_id,
            "asked_by": read.asked_by,
            "text": read.text,
            "work_package_id": _package(unit, meeting.project_id, read.work_package),
            "deliverable_id": _deliverable(unit, meeting.project_id, read.deliverable),
        }
        question: ReviewQuestion = add_record(unit, Kind.REVIEW_QUESTION, values)
        unit.label = f"Add question Q{question.number}"
    return question.id, unit.changes


def export_review_pack(
    workspace: Workspace,
    meeting_id: UUID,
    out: Path,
    form: str = "",
    period_number: int | None = None,
    language: str = "",
) -> Path:
    """Write the pack of a review and return the file's path.

    Args:
        workspace: the open data.
        meeting_id: the review.
        out: the file; it appears whole or not at all.
        form: "pdf" (PDF/UA-1), "docx" or "md"; "" = by the file's name.
        period_number: of the reporting period; None = the one that the review is about.
        language: BCP 47; "" = that of documents.

    Raises:
        NotFound: no such meeting.
        DomainError: `unknown_format`, `unknown_language`.
        EnvironmentFailure: the file cannot be written ("file_not_written").
    """
    wanted = _format(out, form, _PACK_FORMATS, "a review pack")
    from projectdesk.services.review_document import review_outline  # documents load when needed

    spoken, now = document_language(workspace, language), workspace.now()
    made = review_outline(review_pack(workspace, meeting_id, period_number), now, spoken)
    me = queries.me(workspace)
    whole(out, lambda path: write_outline(made, path, wanted, me.name if me else "", now))
    return out


def export_questions(
    workspace: Workspace, meeting_id: UUID, out: Path, form: str = "", language: str = ""
) -> int:
    """Write the question log of a review and return how many questions are in it.

    Days are dates in a workbook, and as in ISO 8601 in a CSV.

    Args:
        workspace: the open data.
        meeting_id: the review.
        out: the file; it appears whole or not at all.
        form: "xlsx" or "csv"; "" = by the file's name.
        language: BCP 47; "" = that of documents.

    Raises:
        NotFound: no such meeting.
        DomainError: `unknown_format`, `unknown_language`.
        EnvironmentFailure: the file cannot be written ("file_not_written").
    """
    wanted = _format(out, form, _LOG_FORMATS, "a question log")
    from projectdesk.exchange.sheets import About, write_workbook
    from projectdesk.exchange.tables import write_table
    from projectdesk.services.review_document import log_title, question_log

    spoken = document_language(workspace, language)
    meeting = queries.meeting(workspace, meeting_id)
    rows = review_questions(workspace, meeting_id=meeting_id)
    log = question_log(rows, spoken)
    if wanted == "csv":
        lines = [[str(cell or "") for cell in row] for row in log.rows]
        whole(out, lambda path: write_table(path, log.header, lines))
        return len(rows)
    me = queries.me(workspace)
    title = log_title(meeting, spoken)
    about = About(title, me.name if me else "", title)
    whole(out, lambda path: write_workbook(path, [log], about))
    return len(rows)


# --- inside ---------------------------------------------------------------------------------------


def _format(out: Path, form: str, known: frozenset[str], what: str) -> str:
    wanted = form or out.suffix.lower().removeprefix(".")
    if wanted not in known:
        raise DomainError(
            "unknown_format",
            "“{format}” is no format of {what}: expected {known}.",
            format=wanted,
            what=what,
            known=", ".join(sorted(known)),
        )
    return wanted


def _agenda(unit: Unit, planned: Meeting, made: Meeting) -> list[AgendaItem]:
    item = schema.agenda_item.c
    query = select(AgendaItem).where(item.meeting_id == planned.id).order_by(item.position, item.id)
    return [
        AgendaItem(
            meeting_id=made.id,
            added_at=unit.now,
            **{name: getattr(each, name) for name in _COPIED},
        )
        for each in unit.session.scalars(query)
    ]


def _invitees(unit: Unit, planned: Meeting, made: Meeting) -> list[Invitation]:
    invitation = schema.invitation.c
    query = (
        select(Invitation)
        .join(Partner, schema.partner.c.id == invitation.partner_id)
        .where(
            invitation.meeting_id == planned.id,
            invitation.revoked.is_(False),
            schema.partner.c.role != PartnerRole.GRANTING_AUTHORITY,
        )
        .order_by(invitation.id)
    )
    return [
        Invitation(
            meeting_id=made.id,
            person_id=each.person_id,
            partner_id=each.partner_id,
            role=each.role if each.role is not CallRole.OBSERVER else CallRole.PARTICIPANT,
            required=each.required,
        )
        for each in unit.session.scalars(query)
    ]


def _package(unit: Unit, project_id: UUID, number: int) -> UUID | None:
    package = schema.work_package.c
    query = select(package.id).where(package.project_id == project_id, package.number == number)
    return unit.session.scalar(query.limit(1)) if number else None


def _deliverable(unit: Unit, project_id: UUID, label: str) -> UUID | None:
    if not label:
        return None
    package, deliverable = schema.work_package.c, schema.deliverable.c
    of, number = label.removeprefix("D").split(".")
    return unit.session.scalar(
        select(deliverable.id)
        .join_from(schema.deliverable, schema.work_package)
        .where(
            package.project_id == project_id,
            package.number == int(of),
            deliverable.number == int(number),
        )
        .limit(1)
    )
