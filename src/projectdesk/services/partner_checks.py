"""Rules of a partner that need the others of its consortium."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.consortium import Partner
from projectdesk.domain.rules import consortium, validation
from projectdesk.services.labels import name_of
from projectdesk.store import schema

_COORDINATION = frozenset(
    {"role", "active_from", "active_to", "coordinator_from", "coordinator_to"}
)


def settle_partner(record: Partner, moved: frozenset[str]) -> None:
    """Let a partner follow its new role: a beneficiary belongs to nobody."""
    if "role" in moved and record.role in consortium.BENEFITING and "parent_id" not in moved:
        record.parent_id = record.parent_number = None


def check_partner(session: Session, record: Partner, moved: frozenset[str]) -> None:
    """Refuse periods that end before they start, a second coordinator, and families of three.

    Args:
        session: to look the other partners up.
        record: the partner with its new values.
        moved: names of the fields that changed.

    Raises:
        DomainError: `end_before_start`, `second_coordinator`, `own_parent`, `not_affiliated`,
            `parent_belongs`; fact `field`.
    """
    if moved & {"active_from", "active_to"}:
        validation.days_in_order(record.active_from, record.active_to, "active_to")
    if moved & {"coordinator_from", "coordinator_to"}:
        validation.days_in_order(record.coordinator_from, record.coordinator_to, "coordinator_to")
    if not moved & (_COORDINATION | {"parent_id"}):
        return
    with session.no_autoflush:
        of_project = schema.partner.c.project_id == record.project_id
        everyone = list(session.scalars(select(Partner).where(of_project)))
    others = [each for each in everyone if each.id != record.id]
    if moved & _COORDINATION:
        for other in others:
            if consortium.coordinate_together(record, other):
                raise validation.refuse(
                    "second_coordinator",
                    "role",
                    "{name} is the coordinator: a project has one at a time.",
                    name=name_of(session, other),
                )
    if record.parent_id is not None and moved & {"role", "parent_id"}:
        _check_parent(record, others)


def _check_parent(record: Partner, others: list[Partner]) -> None:
    if record.parent_id == record.id:
        raise validation.refuse("own_parent", "parent_id", "A partner does not belong to itself.")
    if record.role in consortium.BENEFITING:
        raise validation.refuse(
            "not_affiliated", "parent_id", "A beneficiary belongs to nobody: choose another role."
        )
    parent = next((each for each in others if each.id == record.parent_id), None)
    has_own = any(each.parent_id == record.id for each in others)
    if has_own or (parent is not None and parent.parent_id is not None):
        raise validation.refuse(
            "parent_belongs",
            "parent_id",
            "Choose a partner that stands on its own, for one that has nobody itself.",
        )
