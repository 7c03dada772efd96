"""Rules of reporting periods that need the others of the project."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

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


def in_order_of_room(session: Session, wanted: Mapping[UUID, Mapping[str, object]]) -> list[UUID]:
    """Return periods that change together, each when the others leave room for its new months.

    Where the months overlap in the end, too, the order is as given: the check says so.

    Args:
        session: to read from.
        wanted: new values by the id of the period; only "start_month" and "end_month" count.
    """
    table = TABLES[ReportingPeriod].c
    rows = session.execute(
        select(table.id, table.project_id, table.start_month, table.end_month).where(
            table.project_id.in_(select(table.project_id).where(table.id.in_(list(wanted))))
        )
    )
    spans = {row.id: (row.project_id, row.start_month, row.end_month) for row in rows}

    def after(period: UUID) -> tuple[UUID, int, int]:
        project, *months = spans[period]
        names = ("start_month", "end_month")
        first, last = (
            value if isinstance(value := wanted[period].get(name, now), int) else now
            for name, now in zip(names, months, strict=True)
        )
        return project, first, last

    def fits(period: UUID) -> bool:
        project, first, last = after(period)
        others = (span for each, span in spans.items() if each != period and span[0] == project)
        return all(last < start or first > end for _, start, end in others)

    ordered, waiting = [], [period for period in wanted if period in spans]
    while waiting:
        period = next(filter(fits, waiting), waiting[0])
        waiting.remove(period)
        spans[period] = after(period)
        ordered.append(period)
    return [*ordered, *(period for period in wanted if period not in spans)]
