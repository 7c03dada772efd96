"""What agendas and minutes say."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from projectdesk.domain.meetings import MeetingState
from projectdesk.domain.rules import held_times
from projectdesk.exchange.documents.content import (
    AgendaContent,
    ItemFacts,
    LifeFacts,
    MinutesContent,
    NextMeeting,
    ObjectionFacts,
    Outcome,
)
from projectdesk.services import queries
from projectdesk.services.documents.attendance import attendance_facts, invitee_facts
from projectdesk.services.documents.heads import meeting_facts, named
from projectdesk.services.documents.outcomes import outcomes_by_item
from projectdesk.services.queries.names import full_name, partner_names
from projectdesk.services.rows import AgendaItemRow, Kind, MeetingRow
from projectdesk.services.typed_line_rows import RecordedLine
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def agenda_content(workspace: Workspace, meeting_id: UUID, language: str = "en") -> AgendaContent:
    """Return what the agenda of a meeting says.

    Raises:
        NotFound: no such meeting.
    """
    meeting = queries.meeting(workspace, meeting_id)
    attached = _attached(workspace, meeting_id)
    return AgendaContent(
        meeting=meeting_facts(workspace, meeting, language),
        items=tuple(
            _item(row, attached.get(row.id, ())) for row in queries.agenda(workspace, meeting_id)
        ),
        invitees=invitee_facts(workspace, meeting_id),
    )


def minutes_content(workspace: Workspace, meeting_id: UUID, language: str = "en") -> MinutesContent:
    """Return what the newest minutes of a meeting say.

    Raises:
        NotFound: no such meeting.
    """
    meeting = queries.meeting(workspace, meeting_id)
    notes = queries.notes(workspace, meeting_id)
    items = [row for row in queries.agenda(workspace, meeting_id) if not row.is_break]
    known = {row.id for row in items}
    made = outcomes_by_item(workspace, meeting_id, meeting.project_id, known)
    attached = _attached(workspace, meeting_id)
    recorded = queries.recorded_lines(workspace, meeting_id, notes)
    return MinutesContent(
        meeting=meeting_facts(workspace, meeting, language),
        life=life_facts(workspace, meeting_id),
        opened_at=held_times.began(meeting),
        ended_at=held_times.ended(meeting),
        attendance=attendance_facts(workspace, meeting_id),
        items=tuple(
            _item(
                row,
                attached.get(row.id, ()),
                notes.get(row.id, ""),
                made.get(row.id, Outcome()),
                recorded.get(row.id, ()),
            )
            for row in items
        ),
        beside=made.get(None, Outcome()),
        objections=_objections(workspace, meeting_id),
        next_meeting=_next_meeting(workspace, meeting),
    )


def life_facts(workspace: Workspace, meeting_id: UUID) -> LifeFacts:
    """Return where the newest revision stands; a draft 1 where nothing was written yet."""
    minutes = schema.minutes.c
    newest = (
        select(schema.minutes)
        .where(minutes.meeting_id == meeting_id)
        .order_by(minutes.revision.desc())
        .limit(1)
    )
    with workspace.read() as session:
        row = session.execute(newest).first()
    if row is None:
        return LifeFacts()
    return LifeFacts(
        state=row.state,
        revision=row.revision,
        reason=row.reason,
        circulated_at=row.circulated_at,
        objections_until=row.objections_until,
        accepted_at=row.accepted_at,
        acceptance=row.acceptance,
        audit_head=row.audit_head,
    )


def _attached(workspace: Workspace, meeting_id: UUID) -> dict[UUID, tuple[str, ...]]:
    """Return the names of the documents at each agenda item, in the order they came."""
    attached: dict[UUID, tuple[str, ...]] = {}
    for document in reversed(queries.meeting_documents(workspace, meeting_id)):
        if document.owner_kind is Kind.AGENDA_ITEM:
            names = attached.get(document.owner_id, ())
            attached[document.owner_id] = (*names, document.name)
    return attached


def _objections(workspace: Workspace, meeting_id: UUID) -> tuple[ObjectionFacts, ...]:
    """Return what was objected to any revision of the minutes, with the answers."""
    objection, minutes, reader = schema.objection.c, schema.minutes.c, schema.minutes_reader.c
    item, partner = aliased(schema.agenda_item), partner_names().subquery()
    with workspace.read() as session:
        rows = session.execute(
            select(
                schema.objection,
                minutes.revision,
                full_name(schema.person).label("person"),
                partner.c.name.label("partner"),
                item.c.title.label("item"),
            )
            .join(schema.minutes, minutes.id == objection.minutes_id)
            .join(schema.minutes_reader, reader.id == objection.reader_id)
            .join(schema.person, schema.person.c.id == reader.person_id)
            .outerjoin(partner, partner.c.id == reader.partner_id)
            .outerjoin(item, item.c.id == objection.agenda_item_id)
            .where(minutes.meeting_id == meeting_id)
            .order_by(minutes.revision, objection.number, objection.id)
        ).all()
    return tuple(
        ObjectionFacts(
            number=row.number,
            revision=row.revision,
            by=named(row.person, row.partner or ""),
            item=row.item or "",
            text=row.text,
            state=row.state,
            answer=row.answer,
        )
        for row in rows
    )


def _next_meeting(workspace: Workspace, meeting: MeetingRow) -> NextMeeting | None:
    """Return the next meeting planned after one: of its series, else of its body, else of all."""
    later = [
        row
        for row in queries.meetings(workspace, meeting.project_id)
        if row.starts_at > meeting.starts_at
        and row.state is MeetingState.PLANNED
        and row.rehearsal_of_id is None
    ]
    for same in (
        [row for row in later if meeting.series_id and row.series_id == meeting.series_id],
        [row for row in later if meeting.body_id and row.body_id == meeting.body_id],
        later,
    ):
        if same:
            first = min(same, key=lambda row: row.starts_at)
            return NextMeeting(first.title, first.starts_at, first.zone)
    return None


def _item(
    row: AgendaItemRow,
    documents: tuple[str, ...],
    notes: str = "",
    made: Outcome = Outcome(),  # noqa: B008 - frozen, and nothing in it
    recorded: tuple[RecordedLine, ...] = (),
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
        outcome=made,
        section=row.section,
        day=row.day,
        track=row.track,
        related=row.related,
        minutes_of=row.minutes_of,
        carried_from=row.carried_from,
        documents=documents,
        recorded=tuple((line.place, line.label) for line in recorded),
    )
