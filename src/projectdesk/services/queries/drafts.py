"""Show an agenda before it is made: drafts as rows, with names, labels and planned times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.identity import new_id
from projectdesk.domain.meetings import ItemKind
from projectdesk.domain.rules.agenda_template import DraftItem
from projectdesk.domain.rules.agenda_times import Frame, plan_times
from projectdesk.services.agenda_rows import AgendaItemRow, AgendaPlan, titled
from projectdesk.services.queries.names import person_name
from projectdesk.store import schema

_MINUTE = timedelta(minutes=1)


def shown(
    session: Session, drafts: Sequence[DraftItem], frame: Frame, meeting_id: UUID | None = None
) -> AgendaPlan:
    """Return drafts as the agenda that they would be; the ids of its rows are of nothing."""
    drafts = sorted(drafts, key=lambda draft: draft.day)
    times = plan_times(frame, [draft.timed for draft in drafts])
    names = _Names(session, drafts)
    meeting = meeting_id or new_id()
    rows, number = [], 0
    for position, (draft, slot) in enumerate(zip(drafts, times.slots, strict=True)):
        is_break = draft.kind is ItemKind.BREAK
        number += not is_break
        rows.append(
            AgendaItemRow(
                id=new_id(),
                version=0,
                meeting_id=meeting,
                position=position,
                label="" if is_break else str(number),
                title=draft.title,
                kind=draft.kind,
                duration_minutes=draft.duration_minutes,
                starts_after_minutes=round((slot.starts_at - frame.starts_at) / _MINUTE),
                presenter_id=draft.presenter_id,
                presenter=names.of(draft.presenter_id),
                presenter_text=draft.presenter_text,
                description=draft.description,
                work_package_id=draft.work_package_id,
                work_package=names.of(draft.work_package_id),
                first_started_at=None,
                actual_seconds=0,
                section=draft.section,
                day=draft.day,
                starts_minute=draft.starts_minute,
                track=draft.track,
                starts_at=slot.starts_at,
                ends_at=slot.ends_at,
                gap_minutes=slot.gap,
                overlap_minutes=slot.overlap,
                deliverable_id=draft.deliverable_id,
                deliverable=names.of(draft.deliverable_id),
                milestone_id=draft.milestone_id,
                milestone=names.of(draft.milestone_id),
                risk_id=draft.risk_id,
                risk=names.of(draft.risk_id),
                minutes_of_id=draft.minutes_of_id,
                minutes_of=names.of(draft.minutes_of_id),
                carried_from_id=draft.carried_from_id,
                carried_from=names.of(draft.carried_from_id),
            )
        )
    nights = tuple(str(night) for night in frame.nights)
    return AgendaPlan(meeting, frame.zone, tuple(rows), times.days, nights)


class _Names:
    """What the records that drafts name are called."""

    def __init__(self, session: Session, drafts: Iterable[DraftItem]) -> None:
        ids = {
            each
            for draft in drafts
            for each in (
                draft.presenter_id,
                draft.work_package_id,
                draft.deliverable_id,
                draft.milestone_id,
                draft.risk_id,
                draft.minutes_of_id,
                draft.carried_from_id,
            )
            if each is not None
        }
        self._names: dict[UUID, str] = {}
        if ids:
            for rows in (_people, _packages, _deliverables, _milestones, _risks, _meetings, _items):
                self._names |= rows(session, ids)

    def of(self, record_id: UUID | None) -> str:
        """Return a name; "" for nothing."""
        return "" if record_id is None else self._names.get(record_id, "")


def _people(session: Session, ids: set[UUID]) -> dict[UUID, str]:
    return {row.id: person_name(row) for row in _rows(session, schema.person, ids)}


def _packages(session: Session, ids: set[UUID]) -> dict[UUID, str]:
    return {row.id: f"WP{row.number}" for row in _rows(session, schema.work_package, ids)}


def _deliverables(session: Session, ids: set[UUID]) -> dict[UUID, str]:
    deliverable, work = schema.deliverable.c, schema.work_package.c
    query = (
        select(deliverable.id, deliverable.number, work.number.label("work"))
        .join_from(schema.deliverable, schema.work_package)
        .where(deliverable.id.in_(ids))
    )
    return {row.id: f"D{row.work}.{row.number}" for row in session.execute(query)}


def _milestones(session: Session, ids: set[UUID]) -> dict[UUID, str]:
    return {row.id: f"MS{row.number}" for row in _rows(session, schema.milestone, ids)}


def _risks(session: Session, ids: set[UUID]) -> dict[UUID, str]:
    return {row.id: f"R{row.number}" for row in _rows(session, schema.risk, ids)}


def _meetings(session: Session, ids: set[UUID]) -> dict[UUID, str]:
    rows = _rows(session, schema.meeting, ids)
    return {row.id: titled(row.title, row.local_start) for row in rows}


def _items(session: Session, ids: set[UUID]) -> dict[UUID, str]:
    item, meeting = schema.agenda_item.c, schema.meeting.c
    query = (
        select(item.id, meeting.title, meeting.local_start)
        .join_from(schema.agenda_item, schema.meeting, meeting.id == item.meeting_id)
        .where(item.id.in_(ids))
    )
    return {row.id: titled(row.title, row.local_start) for row in session.execute(query)}


def _rows(session: Session, table: Any, ids: set[UUID]) -> Sequence[Any]:
    return session.execute(select(table).where(table.c.id.in_(ids))).all()
