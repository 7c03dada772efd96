"""Read which held meetings wait for their minutes, and what is to be seen to in each.

Home asks this at every start; what else a meeting leaves is in `after_call`, which loads more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.meetings import ItemKind, LeftOut
from projectdesk.domain.minutes import ActionStatus
from projectdesk.domain.rules import minutes_life as life_rules
from projectdesk.domain.rules.after_call import Finding, Todo, findings
from projectdesk.services.action_rows import ActionRow
from projectdesk.services.agenda_rows import AgendaItemRow, titled
from projectdesk.services.circulation_rows import MinutesLife
from projectdesk.services.queries.actions import actions
from projectdesk.services.queries.agendas import agenda
from projectdesk.services.queries.meetings import meeting
from projectdesk.services.unfinished_rows import BACKLOG, LeftOver, UnfinishedMeeting
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

_Decided = tuple[str, str, UUID | None]
"""Label, text and agenda item of a decision."""


def unfinished_of(workspace: Workspace, lives: Iterable[MinutesLife]) -> list[UnfinishedMeeting]:
    """Return those of the meetings whose minutes are a draft, the one due first at the top."""
    found = []
    for life in lives:
        if life.standing is not life_rules.Standing.DRAFT:
            continue
        meeting_id = life.meeting_id
        row = meeting(workspace, meeting_id)
        items = [each for each in agenda(workspace, meeting_id) if not each.is_break]
        todo = actions(workspace, meeting_id=meeting_id)
        with workspace.read() as session:
            left = left_over(session, items)
            decided = _decided(session, meeting_id)
            confirmed = session.scalar(
                select(schema.meeting.c.attendance_confirmed_at).where(
                    schema.meeting.c.id == meeting_id
                )
            )
        found.append(
            UnfinishedMeeting(
                meeting_id=meeting_id,
                project_id=row.project_id,
                project=row.project,
                title=row.title,
                local_start=row.local_start,
                findings=findings_of(confirmed is not None, items, decided, todo, left, life),
                draft_due=life.draft_due,
                days_late=life.days_late,
            )
        )
    return sorted(found, key=lambda each: (each.draft_due is None, each.draft_due, each.title))


def _decided(session: Session, meeting_id: UUID) -> list[_Decided]:
    decision = schema.decision.c
    rows = session.execute(
        select(decision.number, decision.text, decision.agenda_item_id)
        .where(decision.meeting_id == meeting_id)
        .order_by(decision.number)
    )
    return [(f"D{row.number}", row.text, row.agenda_item_id) for row in rows]


def findings_of(
    confirmed: bool,
    items: Sequence[AgendaItemRow],
    decided: Sequence[_Decided],
    todo: Iterable[ActionRow],
    left: Iterable[LeftOver],
    life: MinutesLife,
) -> tuple[Finding, ...]:
    """Return what should be seen to before the minutes of a meeting go out.

    Args:
        confirmed: the attendance is.
        items: of its agenda, breaks left out.
        decided: its decisions.
        todo: its actions.
        left: its items that were not treated.
        life: of its minutes.
    """
    with_decision = {item_id for _, _, item_id in decided}
    return findings(
        confirmed=confirmed,
        empty_decisions=[label for label, words, _ in decided if not words.strip()],
        undecided=[
            each.title
            for each in items
            if each.kind is ItemKind.DECISION and _treated(each) and each.id not in with_decision
        ],
        actions=[
            Todo(
                each.label,
                each.owner_person_id is not None or each.owner_partner_id is not None,
                each.due_on,
            )
            for each in todo
            if each.status is ActionStatus.OPEN
        ],
        left_over=[each.title for each in left if not each.waits],
        days_late=life.days_late,
    )


def _treated(item: AgendaItemRow) -> bool:
    return item.first_started_at is not None or item.actual_seconds > 0


def known(items: Iterable[AgendaItemRow]) -> bool:
    """Return whether anybody knows which items were treated: one at least was started."""
    return any(_treated(each) for each in items)


def left_over(session: Session, items: Sequence[AgendaItemRow]) -> list[LeftOver]:
    """Return the items that were not treated, with where they wait now."""
    measured = known(items)
    missed = [
        each
        for each in items
        if each.left_out is not LeftOut.NO or (measured and not _treated(each))
    ]
    waits = _waiting(session, [each.id for each in missed])
    return [
        LeftOver(
            each.id,
            each.label,
            each.title,
            each.duration_minutes,
            each.left_out,
            waits.get(each.id, ""),
        )
        for each in missed
    ]


def _waiting(session: Session, item_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return where each item waits that does: on an agenda, in the backlog."""
    backlog, item, met = schema.backlog_item.c, schema.agenda_item.c, schema.meeting.c
    kept = select(backlog.carried_from_id).where(backlog.carried_from_id.in_(item_ids))
    waits: dict[UUID, str] = dict.fromkeys(session.scalars(kept), BACKLOG)
    rows = session.execute(
        select(item.carried_from_id, met.title, met.local_start)
        .join_from(schema.agenda_item, schema.meeting, met.id == item.meeting_id)
        .where(item.carried_from_id.in_(item_ids))
        .order_by(met.starts_at)
    )
    waits.update({row.carried_from_id: titled(row.title, row.local_start) for row in rows})
    return waits
