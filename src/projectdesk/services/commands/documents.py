"""Write the agenda or the minutes of a meeting to a file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.minutes import MinutesState
from projectdesk.errors import DomainError
from projectdesk.exchange.documents.content import (
    ActionFacts,
    AgendaContent,
    AttendanceFacts,
    DecisionFacts,
    InviteeFacts,
    ItemFacts,
    MeetingFacts,
    MinutesContent,
    PartnerFacts,
    PollFacts,
)
from projectdesk.services import queries
from projectdesk.services.queries.meetings import organiser
from projectdesk.services.rows import ActionRow, AgendaItemRow, DecisionRow, Kind, MeetingRow
from projectdesk.services.talk_rows import PollRow
from projectdesk.services.whole_files import whole
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

if TYPE_CHECKING:
    from projectdesk.exchange.documents.outline import Outline

What = Literal["agenda", "minutes"]
Format = Literal["pdf", "docx", "md"]


def export_document(
    workspace: Workspace, meeting_id: UUID, what: What, form: Format, out: Path
) -> Path:
    """Write the agenda or the minutes of a meeting to `out` and return its path.

    The file appears whole or not at all; an older one of that name is replaced only by a whole one.

    Args:
        workspace: the open data.
        meeting_id: which meeting.
        what: "agenda" or "minutes".
        form: "pdf" (PDF/UA-1), "docx" or "md".
        out: the file to write.

    Raises:
        NotFound: no such meeting.
        DomainError: what or form is none of those named.
        EnvironmentFailure: the file cannot be written ("file_not_written").
    """
    now = workspace.now()
    if what not in {"agenda", "minutes"}:
        raise DomainError("unknown_document", "“{what}” is no document.", what=what)
    # Typst and OOXML load when they are needed.
    from projectdesk.exchange.documents import agenda_outline, outline

    if what == "agenda":
        made = agenda_outline.of_agenda(agenda_content(workspace, meeting_id), now=now)
    else:
        made = outline.of_minutes(minutes_content(workspace, meeting_id), now=now)
    me = queries.me(workspace)
    whole(out, lambda path: write_outline(made, path, form, me.name if me else "", now))
    return out


def write_outline(made: Outline, path: Path, form: str, author: str, now: datetime) -> None:
    """Write a document in one of the formats.

    Raises:
        DomainError: `unknown_format`.
        OSError: it cannot be written.
    """
    from projectdesk.exchange.documents import docx, markdown, pdf

    match form:
        case "pdf":
            pdf.write(made, path, author=author, now=now)
        case "docx":
            docx.write(made, path, author=author, now=now)
        case "md":
            path.write_text(markdown.render(made), encoding="utf-8", newline="\n")
        case _:
            raise DomainError(
                "unknown_format",
                "“{format}” is no format of documents: expected pdf, docx or md.",
                format=form,
            )


def agenda_content(workspace: Workspace, meeting_id: UUID) -> AgendaContent:
    """Return what the agenda of a meeting says."""
    meeting = queries.meeting(workspace, meeting_id)
    invited = [row for row in queries.invitations(workspace, meeting_id) if not row.revoked]
    attached: dict[UUID, tuple[str, ...]] = {}
    for document in reversed(queries.meeting_documents(workspace, meeting_id)):
        if document.owner_kind is Kind.AGENDA_ITEM:
            names = attached.get(document.owner_id, ())
            attached[document.owner_id] = (*names, document.name)
    return AgendaContent(
        meeting=_head(workspace, meeting),
        items=tuple(
            _item(row, documents=attached.get(row.id, ()))
            for row in queries.agenda(workspace, meeting_id)
        ),
        invitees=tuple(
            InviteeFacts(row.name, row.partner, row.country, row.role, row.answer)
            for row in invited
        ),
    )


def minutes_content(workspace: Workspace, meeting_id: UUID) -> MinutesContent:
    """Return what the minutes of a meeting say: notes, decisions, actions, attendance."""
    meeting = queries.meeting(workspace, meeting_id)
    notes = queries.notes(workspace, meeting_id)
    decisions = queries.decisions(workspace, meeting_id=meeting_id)
    actions = queries.actions(workspace, meeting_id=meeting_id)
    polls = queries.polls(workspace, meeting_id)
    items = [row for row in queries.agenda(workspace, meeting_id) if not row.is_break]
    known = {row.id for row in items}
    state, revision = _revision(workspace, meeting_id)
    return MinutesContent(
        meeting=_head(workspace, meeting),
        state=state,
        revision=revision,
        opened_at=meeting.opened_at,
        ended_at=meeting.ended_at,
        attendance=tuple(
            AttendanceFacts(
                row.name, row.partner, row.first_in, row.last_out, row.minutes, row.share
            )
            for row in queries.attendance(workspace, meeting_id)
        ),
        partners=tuple(
            PartnerFacts(row.partner, row.country, row.present, row.share, row.people)
            for row in queries.partner_attendance(workspace, meeting_id)
        ),
        items=tuple(
            _item(
                row,
                notes.get(row.id, ""),
                [d for d in decisions if d.agenda_item_id == row.id],
                [a for a in actions if a.agenda_item_id == row.id],
                [p for p in polls if p.agenda_item_id == row.id],
            )
            for row in items
        ),
        decisions=tuple(_decision(row) for row in decisions if row.agenda_item_id not in known),
        actions=tuple(_action(row) for row in actions if row.agenda_item_id not in known),
        polls=tuple(_poll(row) for row in polls if row.agenda_item_id not in known),
    )


def _revision(workspace: Workspace, meeting_id: UUID) -> tuple[MinutesState, int]:
    """Return state and number of the newest revision; a draft 1 where nothing was written yet."""
    minutes = schema.minutes.c
    newest = (
        select(minutes.state, minutes.revision)
        .where(minutes.meeting_id == meeting_id)
        .order_by(minutes.revision.desc())
        .limit(1)
    )
    with workspace.read() as session:
        row = session.execute(newest).first()
    return (row.state, row.revision) if row is not None else (MinutesState.DRAFT, 1)


def _head(workspace: Workspace, meeting: MeetingRow) -> MeetingFacts:
    project = queries.project(workspace, meeting.project_id)
    zones = {row.zone for row in queries.invitations(workspace, meeting.id) if row.zone}
    return MeetingFacts(
        project=project.acronym,
        project_title=project.title,
        grant_number=project.grant_number,
        title=meeting.title,
        starts_at=meeting.starts_at,
        zone=meeting.zone,
        duration_minutes=meeting.duration_minutes,
        place=meeting.place,
        organiser=organiser(workspace, meeting.project_id),
        zones=tuple(sorted({*zones, meeting.zone})),
    )


def _item(
    row: AgendaItemRow,
    notes: str = "",
    decisions: list[DecisionRow] | None = None,
    actions: list[ActionRow] | None = None,
    polls: list[PollRow] | None = None,
    documents: tuple[str, ...] = (),
) -> ItemFacts:
    return ItemFacts(
        label=row.label,
        title=row.title,
        kind=row.kind,
        presenter=row.presenter or row.presenter_text,
        planned_minutes=row.duration_minutes,
        starts_after_minutes=row.starts_after_minutes,
        description=row.description,
        actual_seconds=row.actual_seconds,
        notes=notes,
        decisions=tuple(_decision(d) for d in decisions or ()),
        actions=tuple(_action(a) for a in actions or ()),
        polls=tuple(_poll(p) for p in polls or ()),
        section=row.section,
        day=row.day,
        track=row.track,
        related=row.related,
        minutes_of=row.minutes_of,
        carried_from=row.carried_from,
        documents=documents,
    )


def _decision(row: DecisionRow) -> DecisionFacts:
    return DecisionFacts(row.label, row.text)


def _poll(row: PollRow) -> PollFacts:
    votes = tuple(zip(row.options, row.counts, strict=True))
    return PollFacts(row.question, votes, row.voted)


def _action(row: ActionRow) -> ActionFacts:
    return ActionFacts(row.label, row.text, row.owner, row.due_on, row.status)
