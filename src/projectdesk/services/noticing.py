"""Read what the notice of meetings is judged by: the body's days, and what was done when.

Queries of the list of meetings and of one meeting's notice share it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from projectdesk.domain.meetings import ItemKind, MeetingState
from projectdesk.domain.rules.notice import (
    Convening,
    Notice,
    NoticeDays,
    NoticeLight,
    PlannedItem,
    notice,
)
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.errors import DomainError
from projectdesk.store import schema

_DAYS: Final = {
    "ordinary": "notice_ordinary_days",
    "extraordinary": "notice_extraordinary_days",
    "agenda": "agenda_days",
    "agenda_extraordinary": "agenda_extraordinary_days",
    "items": "items_days",
    "veto_days": "minutes_accept_days",
}
"""Fields of `NoticeDays` and of a body. The veto lasts as long as draft minutes can be objected to
(terms.md, Rules of a body: both 15 days)."""


def notice_columns() -> list[ColumnElement[Any]]:
    """Return the body's columns that a query of meetings needs for `notice_lights`."""
    return [schema.body.c[name] for name in _DAYS.values()]


def notice_of(row: Any, items: Iterable[PlannedItem], now: datetime) -> Notice | None:
    """Return the notice of a meeting; None where no rule holds.

    A meeting that was cancelled, that has no body, or whose zone nobody knows, has none.

    Args:
        row: the meeting's columns and `notice_columns` of its body.
        items: its agenda.
        now: UTC.
    """
    if row.body_id is None or row.state is MeetingState.CANCELLED:
        return None
    try:
        today = to_local(now, row.zone).date()
    except DomainError:
        return None
    days = NoticeDays(**{name: getattr(row, field) for name, field in _DAYS.items()})
    meeting = Convening(
        on=row.local_start.date(),
        today=today,
        extraordinary=row.extraordinary,
        invited=day_there(row.invited_at, row.zone),
        agenda_sent=day_there(row.agenda_sent_at, row.zone),
        agenda_sent_at=row.agenda_sent_at,
    )
    return notice(days, meeting, items)


def day_there(instant: datetime | None, zone: str) -> date | None:
    """Return the calendar day of an instant in a zone."""
    return None if instant is None else to_local(instant, zone).date()


def notice_lights(
    session: Session, meetings: Sequence[Any], now: datetime
) -> dict[UUID, NoticeLight]:
    """Return the lights of those meetings that are still to come and have a body.

    Args:
        session: to read with.
        meetings: rows with the meeting's columns and `notice_columns`.
        now: UTC.
    """
    planned = [
        row for row in meetings if row.body_id is not None and row.state is MeetingState.PLANNED
    ]
    items = planned_items(session, [row for row in planned if row.agenda_sent_at is not None])
    lights = {}
    for row in planned:
        found = notice_of(row, items.get(row.id, ()), now)
        if found is not None:
            lights[row.id] = found.light
    return lights


def planned_items(session: Session, meetings: Sequence[Any]) -> dict[UUID, list[PlannedItem]]:
    """Return the agendas of meetings, in order."""
    if not meetings:
        return {}
    item = schema.agenda_item.c
    zones = {row.id: row.zone for row in meetings}
    query = (
        select(item.id, item.meeting_id, item.title, item.kind, item.added_at)
        .where(item.meeting_id.in_(zones))
        .order_by(item.meeting_id, item.position, item.id)
    )
    found: dict[UUID, list[PlannedItem]] = {}
    for row in session.execute(query):
        try:
            day = day_there(row.added_at, zones[row.meeting_id])
        except DomainError:
            day = None
        found.setdefault(row.meeting_id, []).append(
            PlannedItem(row.id, row.title, row.kind is ItemKind.DECISION, row.added_at, day)
        )
    return found
