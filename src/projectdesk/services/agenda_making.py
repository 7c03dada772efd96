"""Making agenda items inside a unit: out of drafts, at a place, in order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.meetings import AgendaItem
from projectdesk.domain.rules.agenda_template import DraftItem
from projectdesk.store import schema


def agenda_items(
    meeting_id: UUID, drafts: Iterable[DraftItem], now: datetime, first: int = 0
) -> list[AgendaItem]:
    """Return drafts as items of a meeting.

    Args:
        meeting_id: of which meeting.
        drafts: in their order.
        now: UTC, when they come onto the agenda.
        first: position of the first.
    """
    return [
        AgendaItem(
            meeting_id=meeting_id,
            position=position,
            title=draft.title,
            kind=draft.kind,
            duration_minutes=draft.duration_minutes,
            presenter_id=draft.presenter_id,
            presenter_text=draft.presenter_text,
            description=draft.description,
            work_package_id=draft.work_package_id,
            deliverable_id=draft.deliverable_id,
            milestone_id=draft.milestone_id,
            risk_id=draft.risk_id,
            section=draft.section,
            day=draft.day,
            starts_minute=draft.starts_minute,
            track=draft.track,
            minutes_of_id=draft.minutes_of_id,
            carried_from_id=draft.carried_from_id,
            added_at=now,
        )
        for position, draft in enumerate(drafts, first)
    ]


def items_in_order(session: Session, meeting_id: UUID) -> list[AgendaItem]:
    """Return the items of a meeting day by day, each in its order."""
    item = schema.agenda_item.c
    query = select(AgendaItem).where(item.meeting_id == meeting_id)
    return list(session.scalars(query.order_by(item.day, item.position, item.id)))


def renumber(items: Sequence[AgendaItem]) -> None:
    """Give items the positions in which they stand."""
    for position, item in enumerate(items):
        if item.position != position:
            item.position = position


def insert_items(
    session: Session, meeting_id: UUID, new: Sequence[AgendaItem], at: int | None = None
) -> None:
    """Put new items among those of a meeting.

    at: before the item at this place (0 = first); None = after the last item of their day.
    """
    items = items_in_order(session, meeting_id)
    for added, item in enumerate(new):
        if at is not None:
            items.insert(min(at + added, len(items)), item)
            continue
        after = [place for place, other in enumerate(items) if other.day <= item.day]
        items.insert(after[-1] + 1 if after else 0, item)
    session.add_all(new)
    renumber(items)
