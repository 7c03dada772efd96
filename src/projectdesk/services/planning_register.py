"""What an agenda is filled from beside the work plan: risks, and effort beside its plan."""

from __future__ import annotations

from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.rules.agenda_template import EffortDeviation, OpenRisk
from projectdesk.domain.workplan import RiskGrade, RiskStatus
from projectdesk.services.queries.effort import matrix_in
from projectdesk.services.queries.names import partner_names
from projectdesk.store import schema

_WEIGHT: Final = {RiskGrade.LOW: 1, RiskGrade.MEDIUM: 2, RiskGrade.HIGH: 3}


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
            to_date = (matrix.reported_to_date.months(*cell) for cell in cells)
            reported = sum((each for each in to_date if each is not None), Decimal())
            found.append(EffortDeviation(partner.name, reported, reported - apart))
    return tuple(found)
