"""Read what the partners paid for the meetings that were held."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.meetings import InvitationAnswer, MeetingState
from projectdesk.domain.rules import fair_slots, held_times
from projectdesk.domain.rules.slots import Attendee, part
from projectdesk.services.queries.consortium import partners
from projectdesk.services.queries.slot_people import party
from projectdesk.services.slot_rows import SacrificeRow, SlotRequest
from projectdesk.services.slot_weights import slot_weights
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def sacrifices(workspace: Workspace, project_id: UUID) -> list[SacrificeRow]:
    """Return what each partner of a project paid for its held meetings, in their order.

    Who was there is known from the call; of a meeting without anybody's attendance those count who
    had accepted. Everybody is reckoned by the zone, the hours and the holidays that they have now.

    Raises:
        NotFound: no such project.
    """
    rows = partners(workspace, project_id)
    with workspace.read() as session:
        there = list(_there(session, project_id))
    points = _points(workspace, project_id, there)
    found = fair_slots.sacrifices(points, [row.id for row in rows])
    whole = sum(each.points for each in found)
    return [
        SacrificeRow(
            partner_id=row.id,
            partner=row.short_name,
            number=row.number,
            country=row.country,
            points=round(each.points, 2),
            meetings=each.meetings,
            outside=each.outside,
            worst=round(each.worst, 2),
            share=each.points / whole if whole else 0.0,
        )
        for row, each in zip(rows, found, strict=True)
    ]


def _points(workspace: Workspace, project_id: UUID, there: list[Any]) -> list[fair_slots.Paid]:
    if not there:
        return []
    days = [row.starts_at.astimezone(UTC).date() for row in there]
    people = tuple(dict.fromkeys(row.person_id for row in there))
    asked = SlotRequest(project_id, min(days), max(days), 60, "UTC", people=people)
    known: dict[UUID, Attendee] = {each.id: each for each in party(workspace, asked).attendees}
    weights = slot_weights(workspace)
    found = []
    for row in there:
        attendee = known.get(row.person_id)
        if attendee is not None and row.partner_id is not None:
            start, minutes = _time(row)
            pain = part(attendee, start, minutes, weights).pain
            found.append(fair_slots.Paid(row.partner_id, row.id, pain, minutes))
    return found


def _there(session: Session, project_id: UUID) -> Iterator[Any]:
    """Return who was at which held meeting, for which partner."""
    meeting, invitation, attended = (
        schema.meeting.c,
        schema.invitation.c,
        schema.attendance.c,
    )
    rows = session.execute(
        select(
            meeting.id, meeting.starts_at, meeting.duration_minutes, meeting.opened_at,
            meeting.ended_at, meeting.held_from, meeting.held_until,
            invitation.id.label("invitation_id"), invitation.person_id, invitation.partner_id,
            invitation.answer,
        )
        .join_from(schema.meeting, schema.invitation)
        .where(meeting.project_id == project_id, meeting.state == MeetingState.HELD)
        .order_by(meeting.starts_at, meeting.id, invitation.id)
    ).all()  # fmt: skip
    seen = session.execute(
        select(attended.meeting_id, attended.invitation_id)
        .join_from(schema.attendance, schema.meeting)
        .where(meeting.project_id == project_id)
        .distinct()
    ).all()
    measured = {row.meeting_id for row in seen}
    present = {row.invitation_id for row in seen}
    for row in rows:
        if row.id in measured:
            came = row.invitation_id in present
        else:
            came = row.answer is InvitationAnswer.ACCEPTED
        if came:
            yield row


def _time(row: Any) -> tuple[datetime, int]:
    """Return when a meeting was, on whole minutes, and how long; as planned where nobody knows."""
    start, end = held_times.began(row), held_times.ended(row)
    if start is None or end is None or end <= start:
        return row.starts_at, row.duration_minutes
    minutes = max(round((end - start) / timedelta(minutes=1)), 1)
    return start.replace(second=0, microsecond=0), minutes
