"""A frozen reporting period: nothing of it changes any more.

Asked before each flush, so that no command, import or undo gets past it. What still goes is the
whole project with all its periods, and bringing that back.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from projectdesk.domain.consortium import Project
from projectdesk.domain.effort import EffortStatement, PlannedShare, ReportedEffort, ReportingPeriod
from projectdesk.errors import DomainError

_FREE: Final = "frozen periods that may go or come in this change"
"""Ids of projects that are deleted, and of periods that are made, in any flush of the change."""


def check_freezing(session: Session) -> None:
    """Refuse pending changes of what belongs to a frozen period.

    Raises:
        DomainError: `period_frozen`.
    """
    free: set[UUID] = session.info.setdefault(_FREE, set())
    free.update(each.id for each in session.deleted if isinstance(each, Project))
    free.update(each.id for each in session.new if isinstance(each, ReportingPeriod))
    for record in (*session.new, *session.dirty, *session.deleted):
        if record in session.dirty and not session.is_modified(record):
            continue
        period = _period_of(session, record)
        if period is None or free & {period.id, period.project_id}:
            continue
        if _was_frozen(period):
            raise DomainError(
                "period_frozen",
                "RP{number} is frozen: what was reported for it does not change any more.",
                number=period.number,
            )


def _period_of(session: Session, record: Any) -> ReportingPeriod | None:
    match record:
        case ReportingPeriod():
            return record
        case EffortStatement() | PlannedShare():
            period: ReportingPeriod | None = _get(session, ReportingPeriod, record.period_id)
            return period
        case ReportedEffort():
            statement = _get(session, EffortStatement, record.statement_id)
            return None if statement is None else _period_of(session, statement)
        case _:
            return None


def _get(session: Session, entity: type[Any], record_id: UUID) -> Any:
    """Return an entity of the session, also one that is only about to be written."""
    for pending in session.new:
        if isinstance(pending, entity) and pending.id == record_id:
            return pending
    return session.get(entity, record_id)


def _was_frozen(period: ReportingPeriod) -> bool:
    """Return whether a period is frozen in the database, before this change."""
    past = inspect(period).attrs.frozen_on.history
    before = past.deleted[0] if past.deleted else period.frozen_on
    return before is not None
