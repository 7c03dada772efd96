"""What a partner holds in its project: asked before it leaves, handed over when it does.

Open means not over on the day: a work package or task that lasts longer, a deliverable that is not
submitted, a milestone not achieved, a risk or action that is open, a seat in a body, an affiliated
entity. Everything else is history and stays as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.consortium import Body, BodyMember, Partner, Project
from projectdesk.domain.minutes import Action, ActionStatus
from projectdesk.domain.rules import consortium, project_months
from projectdesk.domain.workplan import (
    Deliverable,
    DeliverableStatus,
    Milestone,
    Risk,
    RiskStatus,
    Task,
    WorkPackage,
)
from projectdesk.errors import DomainError
from projectdesk.services.labels import name_of
from projectdesk.services.rows import Kind
from projectdesk.services.session import Unit
from projectdesk.store import schema
from projectdesk.store.mapping import TABLES

HandOver = Mapping[UUID, UUID | None]
"""Who takes what: id of the record -> partner, None = nobody does. What is not named is kept."""

_OWNERS: Final[dict[type[Any], str]] = {
    WorkPackage: "lead_partner_id",
    Task: "lead_partner_id",
    Deliverable: "lead_partner_id",
    Milestone: "lead_partner_id",
    Risk: "owner_partner_id",
    Action: "owner_partner_id",
    BodyMember: "partner_id",
    Partner: "parent_id",
}
"""Which field of a record names the partner that holds it, in the order in which it is shown."""
_SUBMITTED: Final = (DeliverableStatus.SUBMITTED, DeliverableStatus.ACCEPTED)


def holdings_of(session: Session, partner: Partner, last_day: date) -> list[Any]:
    """Return the open records that a partner and what belongs to it hold after a day.

    Args:
        session: to read from.
        partner: who leaves.
        last_day: its last day in the project.
    """
    mine = {partner.id, *(each.id for each in dependents_of(session, partner))}
    project = session.get_one(Project, partner.project_id)
    found: list[Any] = []
    for entity, owner in _OWNERS.items():
        table = TABLES[entity]
        order = [table.c[name] for name in ("number", "position") if name in table.c]
        held = select(entity).where(table.c[owner].in_(mine))
        if entity in (Task, Deliverable):
            held = held.join(WorkPackage, schema.work_package.c.id == table.c.work_package_id)
            order.insert(0, schema.work_package.c.number)
        records = session.scalars(held.order_by(*order, table.c.id))
        found += [record for record in records if _is_open(record, project, last_day)]
    return found


def dependents_of(session: Session, partner: Partner) -> list[Partner]:
    """Return the partners that belong to one, by number."""
    of_project = schema.partner.c.project_id == partner.project_id
    everyone = list(session.scalars(select(Partner).where(of_project)))
    parent_of = consortium.parents(everyone)
    return [
        each
        for each in consortium.in_order(everyone)
        if each.id in parent_of and parent_of[each.id].id == partner.id
    ]


def holder_of(record: Any) -> UUID:
    """Return the partner that holds a record that `holdings_of` returned."""
    holder: UUID = getattr(record, _OWNERS[type(record)])
    return holder


def hand_over(unit: Unit, records: list[Any], takers: HandOver) -> None:
    """Give each record to whom it goes, as part of a change.

    Args:
        unit: the change.
        records: what `holdings_of` returned.
        takers: who takes what.

    Raises:
        DomainError: `not_held`, `no_such_record`, `other_project`.
    """
    by_id = {record.id: record for record in records}
    for record_id, taker in takers.items():
        record = by_id.get(record_id)
        if record is None:
            raise DomainError("not_held", "The partner does not hold this any more: look again.")
        _give(unit, record, taker)


def _give(unit: Unit, record: Any, taker: UUID | None) -> None:
    if taker is not None:
        _check_taker(unit.session, record, taker)
    match record:
        case BodyMember():
            _move_seat(unit, record, taker)
        case Action():
            # The person who was to do it is of the partner that goes.
            record.owner_partner_id, record.owner_person_id = taker, None
        case Partner():
            record.parent_id, record.parent_number = taker, None
        case _:
            setattr(record, _OWNERS[type(record)], taker)


def _check_taker(session: Session, record: Any, taker: UUID) -> None:
    found = session.get(Partner, taker)
    if found is None:
        raise DomainError("no_such_record", "This partner does not exist any more.")
    holder = session.get_one(Partner, holder_of(record))
    if found.project_id != holder.project_id:
        raise DomainError("other_project", "This partner belongs to another project.")


def _move_seat(unit: Unit, seat: BodyMember, taker: UUID | None) -> None:
    """Give up a seat; who takes it over gets one of its own, unless it has one."""
    unit.delete(seat)
    unit.session.flush()
    table = schema.body_member.c
    taken = unit.session.scalar(
        select(table.id).where(table.body_id == seat.body_id, table.partner_id == taker)
    )
    if taker is not None and taken is None:
        unit.add(BodyMember(body_id=seat.body_id, partner_id=taker))


def _is_open(record: Any, project: Project, last_day: date) -> bool:
    match record:
        case WorkPackage() | Task():
            start = project.start_date
            return start is None or project_months.last_day(start, record.end_month) > last_day
        case Deliverable():
            return record.status not in _SUBMITTED
        case Milestone():
            return record.achieved_on is None
        case Risk():
            return record.status is RiskStatus.OPEN
        case Action():
            return record.status is ActionStatus.OPEN
        case Partner():
            return record.active_to is None or record.active_to > last_day
        case _:
            return True


_LABELLED: Final = (WorkPackage, Task, Deliverable, Milestone, Risk, Action)


def described(session: Session, record: Any) -> tuple[Kind, str, str]:
    """Return kind, label ("" without a number) and title of a record that is held."""
    label = name_of(session, record) if isinstance(record, _LABELLED) else ""
    match record:
        case BodyMember():
            body = session.get(Body, record.body_id)
            return Kind.BODY_MEMBER, "", "" if body is None else name_of(session, body)
        case Partner():
            return Kind.PARTNER, "", name_of(session, record)
        case Action():
            return Kind.ACTION, label, record.text
        case _:
            return Kind(TABLES[type(record)].name), label, record.title
