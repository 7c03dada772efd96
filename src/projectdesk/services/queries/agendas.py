"""Read agendas: the items with their planned times, what they are about and what is attached."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from projectdesk.domain.meetings import ItemKind
from projectdesk.domain.rules.agenda_times import (
    Frame,
    Slot,
    TimedItem,
    plan_times,
    read_nights,
)
from projectdesk.errors import NotFound
from projectdesk.services.agenda_rows import AgendaItemRow, AgendaPlan, titled
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

_MINUTE = timedelta(minutes=1)


def agenda(workspace: Workspace, meeting_id: UUID) -> list[AgendaItemRow]:
    """Return the agenda of a meeting, in order; nothing of a meeting that is not there."""
    with workspace.read() as session:
        meeting = _meeting(session, meeting_id)
        return [] if meeting is None else list(_plan(session, meeting).items)


def agenda_plan(workspace: Workspace, meeting_id: UUID) -> AgendaPlan:
    """Return the agenda of a meeting with its days.

    Raises:
        NotFound: no such meeting.
    """
    with workspace.read() as session:
        meeting = _meeting(session, meeting_id)
        if meeting is None:
            raise NotFound("not_found", "This meeting does not exist any more.", noun="meeting")
        return _plan(session, meeting)


def frame_of(meeting: Any) -> Frame:
    """Return when a meeting is, out of its row or entity."""
    return Frame(
        local_start=meeting.local_start,
        zone=meeting.zone,
        duration_minutes=meeting.duration_minutes,
        nights=read_nights(meeting.nights),
        fold_rule=meeting.fold_rule,
    )


def timed(item: Any) -> TimedItem:
    """Return what of an item decides when it is, out of its row or entity."""
    return TimedItem(item.duration_minutes, item.day, item.starts_minute, item.track)


def _meeting(session: Session, meeting_id: UUID) -> Any:
    return session.execute(select(schema.meeting).where(schema.meeting.c.id == meeting_id)).first()


def _plan(session: Session, meeting: Any) -> AgendaPlan:
    rows = session.execute(_items(meeting.id)).all()
    times = plan_times(frame_of(meeting), [timed(row) for row in rows])
    numbers = _numbers(rows)
    return AgendaPlan(
        meeting_id=meeting.id,
        zone=meeting.zone,
        items=tuple(
            _row(row, numbers[at], times.slots[at], meeting.starts_at)
            for at, row in enumerate(rows)
        ),
        days=times.days,
        nights=tuple(meeting.nights),
    )


def _numbers(rows: Sequence[Any]) -> list[str]:
    labels, number = [], 0
    for row in rows:
        number += row.kind is not ItemKind.BREAK
        labels.append("" if row.kind is ItemKind.BREAK else str(number))
    return labels


def _items(meeting_id: UUID) -> Select[Any]:
    item, person, work = schema.agenda_item.c, schema.person.c, schema.work_package.c
    of_deliverable = aliased(schema.work_package)
    last, before = aliased(schema.meeting), aliased(schema.meeting)
    carried = aliased(schema.agenda_item)
    document = schema.document.c
    documents = select(func.count()).where(document.agenda_item_id == item.id)
    return (
        select(
            schema.agenda_item,
            person.given_name,
            person.family_name,
            work.number.label("work"),
            of_deliverable.c.number.label("deliverable_work"),
            schema.deliverable.c.number.label("deliverable_number"),
            schema.milestone.c.number.label("milestone_number"),
            schema.risk.c.number.label("risk_number"),
            last.c.title.label("last_title"),
            last.c.local_start.label("last_start"),
            before.c.title.label("before_title"),
            before.c.local_start.label("before_start"),
            documents.scalar_subquery().label("documents"),
        )
        .join_from(schema.agenda_item, schema.person, person.id == item.presenter_id, isouter=True)
        .join(schema.work_package, work.id == item.work_package_id, isouter=True)
        .join(schema.deliverable, schema.deliverable.c.id == item.deliverable_id, isouter=True)
        .join(
            of_deliverable,
            of_deliverable.c.id == schema.deliverable.c.work_package_id,
            isouter=True,
        )
        .join(schema.milestone, schema.milestone.c.id == item.milestone_id, isouter=True)
        .join(schema.risk, schema.risk.c.id == item.risk_id, isouter=True)
        .join(last, last.c.id == item.minutes_of_id, isouter=True)
        .join(carried, carried.c.id == item.carried_from_id, isouter=True)
        .join(before, before.c.id == carried.c.meeting_id, isouter=True)
        .where(item.meeting_id == meeting_id)
        .order_by(item.day, item.position, item.id)
    )


def _row(row: Any, label: str, slot: Slot, starts_at: datetime) -> AgendaItemRow:
    name = f"{row.given_name or ''} {row.family_name or ''}".strip()
    return AgendaItemRow(
        id=row.id,
        version=row.version,
        meeting_id=row.meeting_id,
        position=row.position,
        label=label,
        title=row.title,
        kind=row.kind,
        duration_minutes=row.duration_minutes,
        starts_after_minutes=round((slot.starts_at - starts_at) / _MINUTE),
        presenter_id=row.presenter_id,
        presenter=name if row.presenter_id else "",
        presenter_text=row.presenter_text,
        description=row.description,
        work_package_id=row.work_package_id,
        work_package=f"WP{row.work}" if row.work is not None else "",
        first_started_at=row.first_started_at,
        actual_seconds=row.actual_seconds,
        section=row.section,
        day=row.day,
        starts_minute=row.starts_minute,
        track=row.track,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        gap_minutes=slot.gap,
        overlap_minutes=slot.overlap,
        deliverable_id=row.deliverable_id,
        deliverable=(
            f"D{row.deliverable_work}.{row.deliverable_number}" if row.deliverable_id else ""
        ),
        milestone_id=row.milestone_id,
        milestone=f"MS{row.milestone_number}" if row.milestone_id else "",
        risk_id=row.risk_id,
        risk=f"R{row.risk_number}" if row.risk_id else "",
        minutes_of_id=row.minutes_of_id,
        minutes_of=titled(row.last_title, row.last_start) if row.minutes_of_id else "",
        carried_from_id=row.carried_from_id,
        carried_from=titled(row.before_title, row.before_start) if row.carried_from_id else "",
        added_at=row.added_at,
        left_out=row.left_out,
        documents=row.documents,
    )
