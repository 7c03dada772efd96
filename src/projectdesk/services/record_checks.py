"""Rules that need more than one field, or another record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.consortium import Body, BodyMember, Partner, Person, Project
from projectdesk.domain.effort import ReportingPeriod
from projectdesk.domain.meetings import Meeting
from projectdesk.domain.minutes import (
    AttendanceCorrection,
    Companion,
    Decision,
)
from projectdesk.domain.preparation import OwnTemplate
from projectdesk.domain.rules import validation
from projectdesk.domain.rules.agenda_toml import parse_template
from projectdesk.domain.rules.project_months import LAST_MONTH
from projectdesk.domain.voting import Proxy, Vote
from projectdesk.domain.workplan import Deliverable, Dependency, Milestone, Risk, Task, WorkPackage
from projectdesk.errors import DomainError
from projectdesk.services.attendance_checks import (
    check_companion,
    check_correction,
    check_proxy,
)
from projectdesk.services.decision_checks import check_decision, check_vote
from projectdesk.services.held_checks import check_held
from projectdesk.services.kinds import SPECS
from projectdesk.services.numbers import reserve
from projectdesk.services.parents import PARENTS
from projectdesk.services.partner_checks import check_partner
from projectdesk.services.period_checks import check_period
from projectdesk.services.plan_links import check_dependency, check_task_package
from projectdesk.services.rows import Kind
from projectdesk.store.mapping import TABLES


def project_of(session: Session, clean: Mapping[str, Any], record: Any = None) -> UUID | None:
    """Return the project that a record is (or will be) in, None for one in no project.

    Args:
        session: to follow references.
        clean: the fields being set.
        record: the entity, None for a new one.
    """

    def value(name: str) -> Any:
        return clean.get(name) or getattr(record, name, None)

    if (direct := value("project_id")) is not None:
        return UUID(str(direct))
    for name, entity in PARENTS.items():
        if (reference := value(name)) is not None:
            found = session.get(entity, reference)
            return None if found is None else project_of(session, {}, found)
    return None


def check_reference(
    session: Session, field: str, kind: Kind, record_id: UUID, project_id: UUID | None
) -> None:
    """Refuse a reference to a record that does not exist or is another project's.

    Raises:
        DomainError: `no_such_record`, `other_project`; fact `field`.
    """
    spec = SPECS[kind]
    found = session.get(spec.entity, record_id)
    if found is None:
        raise validation.refuse(
            "no_such_record", field, "This {noun} does not exist any more.", noun=spec.noun
        )
    if kind is Kind.PROJECT:
        return
    theirs = project_of(session, {}, found)
    if None not in (theirs, project_id) and theirs != project_id:
        raise validation.refuse(
            "other_project", field, "This {noun} belongs to another project.", noun=spec.noun
        )


def check_record(session: Session, record: Any, moved: frozenset[str]) -> None:
    """Check a record as a whole, as far as the changed fields concern.

    Args:
        session: to look other records up.
        record: the entity with its new values.
        moved: names of the fields that changed; for a new record, all that were given.

    Raises:
        DomainError: fact `field` names the field to blame.
    """
    match record:
        case WorkPackage() | Task():
            _check_months(session, record, moved & {"start_month", "end_month"})
            _check_number(session, record, moved)
            if isinstance(record, Task) and "work_package_id" in moved:
                check_task_package(session, record)
        case Deliverable() | Milestone():
            _check_months(session, record, moved & {"due_month"})
            _check_number(session, record, moved)
        case Risk():
            _check_number(session, record, moved)
        case Dependency():
            check_dependency(session, record, moved)
        case ReportingPeriod():
            _check_months(session, record, moved & {"start_month", "end_month"})
            _check_number(session, record, moved)
            check_period(session, record, moved)
        case Body():
            validation.share(record.quorum_numerator, record.quorum_denominator, "quorum_numerator")
            validation.share(
                record.majority_numerator, record.majority_denominator, "majority_numerator"
            )
        case Partner():
            check_partner(session, record, moved)
        case Meeting():
            check_held(session, record, moved)
        case AttendanceCorrection():
            check_correction(session, record)
        case Companion():
            check_companion(session, record)
        case Proxy():
            check_proxy(session, record)
        case Decision():
            check_decision(session, record, moved)
        case Vote():
            check_vote(record, moved)
        case OwnTemplate() if "content" in moved:
            _check_template(record)
        case BodyMember():
            _check_seat(session, record, moved)
        case Person():
            if not record.name and not record.email:
                raise validation.refuse("required", "family_name", "A person needs a name.")
            if record.work_to == record.work_from:  # an earlier end is of work over midnight
                raise validation.refuse(
                    "no_working_hours", "work_to", "The working day ends when it begins."
                )


def _check_template(template: OwnTemplate) -> None:
    """Refuse a template that cannot be read, at the field of its text."""
    try:
        parse_template(template.content, template.name)
    except DomainError as error:
        error.facts = {**error.facts, "field": "content"}
        raise


def _check_months(session: Session, record: Any, moved: frozenset[str]) -> None:
    if not moved:
        return
    project_id = project_of(session, {}, record)
    project = None if project_id is None else session.get(Project, project_id)
    duration = project.duration_months if project else None
    for name in sorted(moved):
        validation.month(getattr(record, name), name, duration, LAST_MONTH)
    if isinstance(record, WorkPackage | Task | ReportingPeriod):
        blamed = "start_month" if "end_month" not in moved else "end_month"
        validation.months_in_order(record.start_month, record.end_month, blamed)


def _check_seat(session: Session, record: BodyMember, moved: frozenset[str]) -> None:
    """Refuse a second seat of a partner in a body."""
    if "partner_id" not in moved:
        return
    table = TABLES[BodyMember].c
    with session.no_autoflush:
        taken = session.scalar(
            select(table.id).where(
                table.body_id == record.body_id,
                table.partner_id == record.partner_id,
                table.id != record.id,
            )
        )
    if taken is not None:
        raise validation.refuse("seat_taken", "partner_id", "This partner is a member already.")


def _check_number(session: Session, record: Any, moved: frozenset[str]) -> None:
    """Refuse a number that another record of the same parent has."""
    if not moved & {"number", "work_package_id"}:
        return
    table = TABLES[type(record)]
    parent = "work_package_id" if isinstance(record, Task | Deliverable) else "project_id"
    with session.no_autoflush:
        reserve(session, getattr(record, parent))
        taken = session.scalar(
            select(table.c.id).where(
                table.c[parent] == getattr(record, parent),
                table.c.number == record.number,
                table.c.id != record.id,
            )
        )
    if taken is not None:
        raise validation.refuse(
            "number_taken", "number", "Number {number} is taken.", number=record.number
        )
