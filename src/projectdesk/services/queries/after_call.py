"""Read what a meeting leaves: its report in one page (which ones wait for it: `unfinished`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.meetings import MeetingState
from projectdesk.domain.preparation import QuestionState
from projectdesk.domain.rules import held_times
from projectdesk.domain.rules.attendance import AttendanceStatus
from projectdesk.services.after_rows import (
    AfterCall,
    ItemTime,
    LineProblem,
    NextMeeting,
    OpenQuestion,
    SpokenRow,
    VoteLine,
)
from projectdesk.services.agenda_rows import AgendaItemRow
from projectdesk.services.attendance_rows import AttendanceRow, PartnerAttendanceRow
from projectdesk.services.queries.actions import actions
from projectdesk.services.queries.agendas import agenda
from projectdesk.services.queries.attendance import attendance_list
from projectdesk.services.queries.decisions import decision_register
from projectdesk.services.queries.meetings import meeting
from projectdesk.services.queries.minutes_life import minutes_life
from projectdesk.services.queries.typed_lines import typed_lines
from projectdesk.services.queries.unfinished import findings_of, known, left_over
from projectdesk.services.queries.vote_words import results_said
from projectdesk.services.rows import MeetingRow
from projectdesk.services.vote_joins import offers_in
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

_THERE = frozenset({AttendanceStatus.PRESENT, AttendanceStatus.REPRESENTED})
_Decided = tuple[str, str, UUID | None]
"""Label, text and agenda item of a decision."""


def after_call(workspace: Workspace, meeting_id: UUID) -> AfterCall:
    """Return what a meeting leaves.

    Raises:
        NotFound: no such meeting.
    """
    row = meeting(workspace, meeting_id)
    items = [each for each in agenda(workspace, meeting_id) if not each.is_break]
    there = attendance_list(workspace, meeting_id)
    members = [each for each in there.partners if each.member]
    counted = members or list(there.partners)
    decided = [
        each
        for each in decision_register(workspace, row.project_id)
        if each.meeting_id == meeting_id
    ]
    todo = actions(workspace, meeting_id=meeting_id)
    life = minutes_life(workspace, meeting_id)
    with workspace.read() as session:
        left = left_over(session, items)
        coming = _next_meeting(session, row)
        questions = _questions(session, meeting_id)
        votes = _votes(session, meeting_id)
        joins = offers_in(session, meeting_id)
    return AfterCall(
        meeting=row,
        life=life,
        decisions=tuple(decided),
        votes=votes,
        actions=tuple(todo),
        items=tuple(_time(each) for each in items),
        spoken=tuple(_spoken(there.people, there.partners)),
        left_over=tuple(left),
        next_meeting=coming,
        questions=questions,
        problems=tuple(_problems(workspace, meeting_id)),
        findings=findings_of(
            there.confirmed_at is not None,
            items,
            [(each.label, each.text, each.agenda_item_id) for each in decided],
            todo,
            left,
            life,
        ),
        people=there.present,
        partners=sum(each.status in _THERE for each in counted),
        all_partners=len(counted),
        of_members=bool(members),
        broken_minutes=there.quorum.broken_minutes,
        attendance_confirmed_at=there.confirmed_at,
        unmeasured=not known(items),
        joins=joins,
        held_minutes=_lasted(row),
    )


# --- time and speech ------------------------------------------------------------------------------


def _lasted(row: MeetingRow) -> float | None:
    start, end = held_times.began(row), held_times.ended(row)
    if start is None or end is None:
        return None
    return (end - start).total_seconds() / 60


def _time(item: AgendaItemRow) -> ItemTime:
    return ItemTime(
        id=item.id,
        label=item.label,
        title=item.title,
        kind=item.kind,
        planned_minutes=item.duration_minutes,
        actual_minutes=item.actual_seconds / 60,
    )


def _spoken(
    people: Sequence[AttendanceRow], partners: Sequence[PartnerAttendanceRow]
) -> list[SpokenRow]:
    """Return for how long each partner's people spoke, the longest first; nothing if unmeasured."""
    whole = sum(each.spoken_seconds for each in people)
    if not whole:
        return []
    names: dict[UUID | None, str] = {each.partner_id: each.partner for each in partners}
    by: dict[UUID | None, list[tuple[str, float]]] = {
        each.partner_id: [] for each in partners if each.present
    }
    for row in people:
        if row.spoken_seconds:
            by.setdefault(row.partner_id, []).append((row.name, row.spoken_seconds))
    rows = [
        SpokenRow(
            partner_id,
            names.get(partner_id, ""),
            sum(seconds for _, seconds in spoken),
            sum(seconds for _, seconds in spoken) / whole,
            tuple(sorted(spoken, key=lambda each: (-each[1], each[0]))),
        )
        for partner_id, spoken in by.items()
    ]
    return sorted(rows, key=lambda each: (-each.seconds, each.partner))


# --- what is left ---------------------------------------------------------------------------------


def _next_meeting(session: Session, row: MeetingRow) -> NextMeeting | None:
    """Return the next meeting that is planned: of the same series, body or type, else any."""
    met = schema.meeting.c
    same = met.type == row.type
    if row.series_id is not None:
        same = met.series_id == row.series_id
    elif row.body_id is not None:
        same = met.body_id == row.body_id
    query = (
        select(met.id, met.title, met.local_start)
        .where(
            met.project_id == row.project_id,
            met.state == MeetingState.PLANNED,
            met.starts_at > row.starts_at,
            met.id != row.id,
        )
        .order_by(met.starts_at, met.id)
        .limit(1)
    )
    found = session.execute(query.where(same)).first() or session.execute(query).first()
    return None if found is None else NextMeeting(found.id, found.title, found.local_start)


def _questions(session: Session, meeting_id: UUID) -> tuple[OpenQuestion, ...]:
    asked, item = schema.review_question, schema.agenda_item
    rows = session.execute(
        select(asked, item.c.title)
        .join_from(asked, item, item.c.id == asked.c.agenda_item_id, isouter=True)
        .where(asked.c.meeting_id == meeting_id, asked.c.state != QuestionState.ANSWERED)
        .order_by(asked.c.number)
    )
    return tuple(
        OpenQuestion(row.id, row.version, row.number, row.text, row.asked_by, row.title or "")
        for row in rows
    )


def _votes(session: Session, meeting_id: UUID) -> tuple[VoteLine, ...]:
    vote = schema.vote.c
    rows: Sequence[Any] = session.execute(
        select(vote.id, vote.number, vote.question, vote.words)
        .where(vote.meeting_id == meeting_id)
        .order_by(vote.number)
    ).all()
    said = results_said(session, {row.id for row in rows})
    return tuple(
        VoteLine(row.id, f"V{row.number}", row.question, row.words, said.get(row.id, {}))
        for row in rows
    )


def _problems(workspace: Workspace, meeting_id: UUID) -> Iterable[LineProblem]:
    """Yield what nobody can read in the typed lines of the notes."""
    for line in typed_lines(workspace, meeting_id).lines:
        for problem in line.parsed.problems:
            yield LineProblem(line.item_id, line.item, line.words.strip(), problem)
