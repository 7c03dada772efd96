"""Rules of reporting periods that need the others of the project."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.effort import ReportingPeriod
from projectdesk.domain.rules import validation
from projectdesk.store.mapping import TABLES


def check_period(session: Session, record: ReportingPeriod, moved: frozenset[str]) -> None:
    """Refuse months that another reporting period has; months in none are only warned of.

    Raises:
        DomainError: `periods_overlap`; fact `field`.
    """
    if not moved & {"start_month", "end_month"}:
        return
    table = TABLES[ReportingPeriod].c
    with session.no_autoflush:
        number = session.scalar(
            select(table.number)
            .where(
                table.project_id == record.project_id,
                table.id != record.id,
                table.start_month <= record.end_month,
                table.end_month >= record.start_month,
            )
            .limit(1)
        )
    if number is not None:
        blamed = "end_month" if "start_month" not in moved else "start_month"
        raise validation.refuse(
            "periods_overlap", blamed, "These months are in RP{number} already.", number=number
        )
