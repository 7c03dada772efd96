"""What an agenda is filled from beside the work plan: risks, effort, and the meeting before."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from projectdesk.domain.meetings import MeetingState, MeetingType
from projectdesk.domain.minutes import MinutesState
from projectdesk.domain.rules.agenda_template import EffortDeviation, LastMeeting, OpenRisk
from projectdesk.domain.workplan import RiskGrade, RiskStatus
from projectdesk.services.queries.agendas import titled
from projectdesk.services.queries.effort import matrix_in
from projectdesk.services.queries.names import partner_names
from projectdesk.store import schema

_WEIGHT: Final = {RiskGrade.LOW: 1, RiskGrade.MEDIUM: 2, RiskGrade.HIGH: 3}


@dataclass(frozen=True)
class Circle:
    """Who meets: a body, a series, or else all meetings of a type. before: only what began then."""

    project_id: UUID
    type: MeetingType
    body_id: UUID | None = None
    series_id: UUID | None = None
    work_package_id: UUID | None = None
    before: Any = None


def open_risks(
    session: Session, project_id: UUID, work_package_id: UUID | None = None
) -> tuple[OpenRisk, ...]:
    """Return the risks that are not closed, the highest first."""
    names = partner_names().subquery()
    risk = schema.risk.c
    rows = session.execute(
        select(schema.risk, names.c.name.label("owner"))
        .join_from(schema.risk, names, names.c.id == risk.owner_partner_id, isouter=True)
        .where(risk.project_id == project_id, risk.status != RiskStatus.CLOSED)
        .order_by(risk.number)
    )
    risks = [
        OpenRisk(
            id=row.id,
            label=f"R{row.number}",
            title=row.title,
            owner=row.owner or "",
            level=_WEIGHT[row.likelihood] * _WEIGHT[row.severity],
            occurred=row.status is RiskStatus.OCCURRED,
        )
        for row in rows
        if work_package_id is None or work_package_id in row.work_package_ids
    ]
    return tuple(sorted(risks, key=lambda each: (not each.occurred, -each.level)))


def effort_deviations(
    session: Session, project_id: UUID, work_package_id: UUID | None = None
) -> tuple[EffortDeviation, ...]:
    """Return what each partner reported beside the plan of the same months, by its number."""
    matrix = matrix_in(session, project_id)
    found = []
    for partner in matrix.partners:
        cells = [
            cell
            for cell in matrix.deviation.cells
            if cell[0] == partner.id and work_package_id in (None, cell[1])
        ]
        if cells:
            apart = sum((matrix.deviation.cells[cell] for cell in cells), Decimal())
            reported = sum(
                (matrix.reported_to_date.months(*cell) or 0 for cell in cells), Decimal()
            )
            found.append(EffortDeviation(partner.name, reported, reported - apart))
    return tuple(found)


def last_held(session: Session, circle: Circle) -> LastMeeting | None:
    """Return the last meeting of a circle that was held, None without one."""
    meeting, minutes = schema.meeting.c, schema.minutes.c
    row = session.execute(
        select(meeting.id, meeting.title, meeting.local_start)
        .where(*_of(circle), meeting.state == MeetingState.HELD)
        .order_by(meeting.starts_at.desc(), meeting.id)
        .limit(1)
    ).first()
    if row is None:
        return None
    state = session.scalar(
        select(minutes.state)
        .where(minutes.meeting_id == row.id)
        .order_by(minutes.revision.desc())
        .limit(1)
    )
    to_approve = state is not MinutesState.ACCEPTED
    return LastMeeting(row.id, titled(row.title, row.local_start), to_approve)


def _of(circle: Circle) -> list[ColumnElement[bool]]:
    meeting, item = schema.meeting.c, schema.agenda_item.c
    conditions = [meeting.project_id == circle.project_id]
    if circle.before is not None:
        conditions.append(meeting.starts_at < circle.before)
    if circle.series_id is not None:
        conditions.append(meeting.series_id == circle.series_id)
    elif circle.body_id is not None:
        conditions.append(meeting.body_id == circle.body_id)
    else:
        conditions.append(meeting.type == circle.type)
    if circle.work_package_id is not None:
        conditions.append(
            meeting.id.in_(
                select(item.meeting_id).where(item.work_package_id == circle.work_package_id)
            )
        )
    return conditions
