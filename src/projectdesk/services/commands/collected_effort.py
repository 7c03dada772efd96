"""What partners stated by their personal links, out of the host's journal."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.effort import EffortStatement, ReportingPeriod, StatementState
from projectdesk.domain.workplan import WorkPackage
from projectdesk.services.commands.reporting import put_figures
from projectdesk.services.session import Unit
from projectdesk.signalling.desk import EffortAnswer
from projectdesk.signalling.journal import DeskAnswered
from projectdesk.store import schema


def effort_answered(unit: Unit, at: datetime, fact: DeskAnswered) -> bool:
    """Write a partner's figures down; the ones that the host received last count.

    The host took them, so they count (decisions 2): a statement that was approved meanwhile has to
    be approved again. One that was sent back stays so until the answer follows that sending back.
    A frozen period takes nothing. Figures of work packages that are gone are passed over.

    Args:
        unit: the collection's change.
        at: when the host received them.
        fact: with an answer of the kind effort.

    Returns:
        Whether they were taken; False if nothing here is meant.
    """
    answer = fact.answer
    statement = _statement(unit, fact)
    if statement is None or not isinstance(answer, EffortAnswer):
        return False
    period = unit.get(ReportingPeriod, statement.period_id)
    if period.frozen_on is not None:
        return False
    if statement.answered_at is not None and at < statement.answered_at:
        return True
    figures: dict[UUID, Decimal | None] = {}
    for figure in answer.figures:
        package = _package(unit, figure.work_package)
        if package is not None and package.project_id == period.project_id:
            figures[package.id] = Decimal(figure.months).scaleb(-2)
    put_figures(unit, statement, period.project_id, figures)
    statement.comment = answer.comment
    statement.answered_at = at
    sent_back = statement.state is StatementState.SENT_BACK
    if not sent_back or answer.after == statement.decided_at:
        statement.state = StatementState.ANSWERED
    return True


def _statement(unit: Unit, fact: DeskAnswered) -> EffortStatement | None:
    query = select(EffortStatement).where(schema.effort_statement.c.desk == fact.desk)
    found = unit.session.scalars(query).first()
    return found if found is not None and found.id.hex == fact.subject else None


def _package(unit: Unit, text: str) -> WorkPackage | None:
    try:
        return unit.session.get(WorkPackage, UUID(text))
    except ValueError:
        return None
