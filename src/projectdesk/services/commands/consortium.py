"""A consortium that changes during its project: join, leave, replace, coordinate, number anew.

Each is one change with one undo. Nothing that was is overwritten: who leaves stays with its period,
who takes over refers to it, and the old coordinator keeps until when it coordinated (ADR 56).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from projectdesk.domain.consortium import (
    BodyMember,
    Membership,
    Organisation,
    Partner,
    PartnerRole,
    Person,
    Project,
)
from projectdesk.domain.rules import consortium, validation
from projectdesk.errors import DomainError
from projectdesk.services.editing import add_record, change_record
from projectdesk.services.holdings import HandOver, dependents_of, hand_over, holdings_of
from projectdesk.services.labels import name_of
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class NewPartner:
    """Who comes. organisation: the id of one that is here, or the fields of one.

    An organisation with the same PIC, else the same legal name, that is here is taken again.
    number: None = the next free one.
    """

    organisation: UUID | Mapping[str, Any]
    role: PartnerRole = PartnerRole.BENEFICIARY
    short_name: str = ""
    number: int | None = None
    parent_id: UUID | None = None
    contribution: Decimal | None = None
    total_cost: Decimal | None = None


@dataclass(frozen=True)
class Succession:
    """What the new partner takes over from the old one.

    takers: as in `leave_consortium`; `NEW` stands for the new partner. memberships: whose people
    go with it.
    """

    takers: Mapping[UUID, UUID | None] = field(default_factory=dict)
    memberships: Collection[UUID] = ()


NEW = UUID(int=0)
"""Stands for the partner that is being made, in `Succession.takers`."""


def join_consortium(
    workspace: Workspace, project_id: UUID, new: NewPartner, first_day: date | None = None
) -> tuple[UUID, Changes]:
    """Let an organisation join a project.

    Args:
        workspace: the open database.
        project_id: the project.
        new: who joins.
        first_day: its first day; None = it takes part from the start.

    Returns:
        The partner's id, and what changed.

    Raises:
        DomainError: a field cannot hold its value (fact `field`).
        NotFound: the project or organisation does not exist.
    """
    with workspace.change("Add partner") as unit:
        partner = _make(unit, project_id, new, {"active_from": first_day})
        name = name_of(unit.session, partner)
        unit.label = f"{name} joins on {first_day}" if first_day else f"Add partner {name}"
    return partner.id, unit.changes


def leave_consortium(
    workspace: Workspace,
    partner_id: UUID,
    version: int,
    last_day: date,
    takers: HandOver | None = None,
) -> Changes:
    """Let a partner leave; what belongs to it leaves with it unless it is handed over.

    `queries.holdings` tells before what it still leads, owns and sits in.

    Args:
        workspace: the open database.
        partner_id: who leaves.
        version: the version that was seen.
        last_day: its last day in the project.
        takers: id of a held record -> the partner that takes it over, None = nobody. What is not
            named stays with the partner.

    Raises:
        NotFound, Conflict: it is gone or was changed.
        DomainError: `coordinator_leaves`, `not_held`, `end_before_start`...
    """
    with workspace.change("Partner leaves") as unit:
        partner = unit.get(Partner, partner_id, version)
        unit.label = f"{name_of(unit.session, partner)} leaves after {last_day}"
        if consortium.coordinates_on(partner, last_day + _DAY):
            raise validation.refuse(
                "coordinator_leaves",
                "active_to",
                "{name} is the coordinator: change the coordinator first, or replace this partner.",
                name=name_of(unit.session, partner),
            )
        _check_takers(unit, partner, last_day, takers or {})
        hand_over(unit, holdings_of(unit.session, partner, last_day), takers or {})
        unit.session.flush()
        _end(unit, partner, last_day)
    return unit.changes


def replace_partner(
    workspace: Workspace,
    partner_id: UUID,
    version: int,
    new: NewPartner,
    first_day: date,
    succession: Succession | None = None,
) -> tuple[UUID, Changes]:
    """Let a new organisation take a partner's place from a day on, in the same role.

    Args:
        workspace: the open database.
        partner_id: who is replaced; it stays, and its last day is the day before.
        version: the version that was seen.
        new: who comes; its role and parent are the old one's.
        first_day: the new partner's first day.
        succession: what it takes over; None = nothing.

    Returns:
        The new partner's id, and what changed.

    Raises:
        NotFound, Conflict: it is gone or was changed.
        DomainError: `not_held`, `not_its_people`, `end_before_start`...
    """
    taken = succession or Succession()
    last_day = first_day - _DAY
    with workspace.change("Replace partner") as unit:
        old = unit.get(Partner, partner_id, version)
        held = holdings_of(unit.session, old, last_day)
        representatives = _representatives(held)
        more: dict[str, Any] = {
            "active_from": first_day,
            "active_to": old.active_to,
            "replaces_id": old.id,
            "role": old.role,
            "parent_id": old.parent_id,
        }
        # The old one ends first: there is one coordinator at a time.
        old_name = name_of(unit.session, old)
        change_record(unit, Kind.PARTNER, old, {"active_to": last_day})
        partner = _make(unit, old.project_id, new, more)
        takers = {
            record: partner.id if taker == NEW else taker for record, taker in taken.takers.items()
        }
        _check_takers(unit, old, last_day, takers)
        hand_over(unit, held, takers)
        moved = _move_people(unit, old, partner, taken.memberships)
        unit.session.flush()
        _keep_representatives(unit, partner, representatives, moved)
        _end(unit, old, last_day)
        unit.label = f"{name_of(unit.session, partner)} replaces {old_name} from {first_day}"
    return partner.id, unit.changes


def change_coordinator(
    workspace: Workspace,
    partner_id: UUID,
    version: int,
    first_day: date,
    *,
    swap_numbers: bool = False,
) -> Changes:
    """Make another partner the coordinator; the one so far becomes a beneficiary.

    Numbers stay, as the agreement's annexes name everybody by them; `swap_numbers` gives the new
    coordinator the old one's number where the amendment says so.

    Args:
        workspace: the open database.
        partner_id: who coordinates from now on.
        version: the version that was seen.
        first_day: its first day as coordinator; today at the latest.
        swap_numbers: exchange the two participant numbers.

    Raises:
        NotFound, Conflict: it is gone or was changed.
        DomainError: `coordinates_already`, `cannot_coordinate`, `not_yet`, `not_active`...
    """
    with workspace.change("Change coordinator") as unit:
        new = unit.get(Partner, partner_id, version)
        _check_coordinator(unit, new, first_day)
        of_project = schema.partner.c.project_id == new.project_id
        everyone = list(unit.session.scalars(select(Partner).where(of_project)))
        old = next((p for p in everyone if _still_coordinates(p, first_day)), None)
        if old is not None:
            ended = {"role": PartnerRole.BENEFICIARY, "coordinator_to": first_day - _DAY}
            if old.coordinator_from is not None and old.coordinator_from >= first_day:
                raise validation.refuse(
                    "end_before_start",
                    "first_day",
                    "{name} coordinates since {day} only.",
                    name=name_of(unit.session, old),
                    day=old.coordinator_from.isoformat(),
                )
            numbers = old.number, new.number
            change_record(unit, Kind.PARTNER, old, ended)
            unit.session.flush()
            if swap_numbers:
                _swap_numbers(everyone, old, new, numbers)
        begun = {
            "role": PartnerRole.COORDINATOR,
            "coordinator_from": first_day,
            "coordinator_to": None,
        }
        change_record(unit, Kind.PARTNER, new, begun)
        unit.label = f"{name_of(unit.session, new)} coordinates from {first_day}"
    return unit.changes


def renumber_partners(
    workspace: Workspace, project_id: UUID, order: Sequence[UUID] | None = None
) -> Changes:
    """Number the partners of a project anew, from 1 without gaps.

    Args:
        workspace: the open database.
        project_id: the project.
        order: ids of partners as they are to follow; those left out come last. None = as they are,
            the coordinator first.

    Raises:
        NotFound: no such project.
    """
    with workspace.change("Renumber partners") as unit:
        unit.get(Project, project_id)
        of_project = schema.partner.c.project_id == project_id
        everyone = consortium.in_order_asked(
            list(unit.session.scalars(select(Partner).where(of_project))), order or ()
        )
        numbers = consortium.renumbered(everyone)
        for position, partner in enumerate(everyone):
            own, shared = numbers[partner.id]
            partner.number, partner.position = own, position
            if own is None:
                partner.parent_number = shared
    return unit.changes


# --- inside ---------------------------------------------------------------------------------------


def _make(unit: Unit, project_id: UUID, new: NewPartner, more: Mapping[str, Any]) -> Partner:
    unit.get(Project, project_id)
    values: dict[str, Any] = {
        "project_id": project_id,
        "organisation_id": _organisation(unit, new.organisation),
        "short_name": new.short_name,
        "role": new.role,
        "parent_id": new.parent_id,
        "contribution": new.contribution,
        "total_cost": new.total_cost,
    }
    if new.number is not None:
        values["number"] = new.number
    partner: Partner = add_record(unit, Kind.PARTNER, values | dict(more))
    unit.session.flush()
    return partner


def _organisation(unit: Unit, given: UUID | Mapping[str, Any]) -> UUID:
    if isinstance(given, UUID):
        return unit.get(Organisation, given).id
    fields = {name: value for name, value in given.items() if value not in (None, "")}
    known = schema.organisation.c
    pic, name = str(fields.get("pic", "")).strip(), str(fields.get("legal_name", "")).strip()
    wanted = [known.pic == pic] if pic else [func.lower(known.legal_name) == name.lower()]
    if pic and name:
        # An organisation of ours whose PIC nobody knew yet.
        wanted.append((known.pic == "") & (func.lower(known.legal_name) == name.lower()))
    found = unit.session.scalar(
        select(known.id).where(or_(*wanted)).order_by(known.pic == "", known.id).limit(1)
    )
    if found is not None:
        return UUID(str(found))
    made = add_record(unit, Kind.ORGANISATION, fields)
    unit.session.flush()
    organisation_id: UUID = made.id
    return organisation_id


def _check_takers(unit: Unit, partner: Partner, last_day: date, takers: HandOver) -> None:
    """Refuse to hand something to who will not be there either."""
    going = {partner.id, *(each.id for each in dependents_of(unit.session, partner))}
    staying = {record_id for record_id, taker in takers.items() if record_id in going and taker}
    for taker in set(takers.values()):
        if taker is None:
            continue
        found = unit.get(Partner, taker)
        leaves = taker in going and taker not in staying
        if leaves or not consortium.is_active(found, last_day + _DAY):
            raise DomainError(
                "taker_not_active",
                "{name} does not take part after {day} and cannot take anything over.",
                name=name_of(unit.session, found),
                day=last_day.isoformat(),
            )


def _end(unit: Unit, partner: Partner, last_day: date) -> None:
    """End the participation of a partner and of what still belongs to it."""
    for each in (partner, *dependents_of(unit.session, partner)):
        if each.active_to is None or each.active_to > last_day:
            change_record(unit, Kind.PARTNER, each, {"active_to": last_day})


def _representatives(held: Sequence[Any]) -> dict[UUID, tuple[UUID | None, UUID | None]]:
    """Return who sat in which body, before the seats are handed over."""
    return {
        seat.body_id: (seat.representative_id, seat.deputy_id)
        for seat in held
        if isinstance(seat, BodyMember)
    }


def _keep_representatives(
    unit: Unit,
    partner: Partner,
    before: Mapping[UUID, tuple[UUID | None, UUID | None]],
    moved: Collection[UUID],
) -> None:
    """Let people who went with the seat's new partner keep it."""
    table = schema.body_member.c
    for seat in unit.session.scalars(select(BodyMember).where(table.partner_id == partner.id)):
        representative, deputy = before.get(seat.body_id, (None, None))
        seat.representative_id = representative if representative in moved else None
        seat.deputy_id = deputy if deputy in moved else None


def _move_people(
    unit: Unit, old: Partner, partner: Partner, memberships: Collection[UUID]
) -> set[UUID]:
    """Let people take part for the new partner, as its organisation's; return who they are."""
    people: set[UUID] = set()
    for membership_id in memberships:
        membership = unit.get(Membership, membership_id)
        if membership.partner_id != old.id:
            raise DomainError(
                "not_its_people", "These people are not of the old partner: look again."
            )
        membership.partner_id = partner.id
        person = unit.get(Person, membership.person_id)
        if person.organisation_id == old.organisation_id:
            person.organisation_id = partner.organisation_id
        people.add(person.id)
    return people


def _check_coordinator(unit: Unit, new: Partner, first_day: date) -> None:
    name = name_of(unit.session, new)
    if new.role is PartnerRole.COORDINATOR:
        raise DomainError("coordinates_already", "{name} is the coordinator already.", name=name)
    if new.role in consortium.NEVER_COORDINATOR:
        raise DomainError("cannot_coordinate", "{name} cannot coordinate in its role.", name=name)
    if first_day > unit.now.date() + _DAY:  # it may be tomorrow where the person is
        raise validation.refuse(
            "not_yet",
            "first_day",
            "Enter the change when it takes effect: its day is today or before.",
        )
    if not consortium.is_active(new, first_day):
        raise validation.refuse(
            "not_active", "first_day", "{name} does not take part on that day.", name=name
        )


def _still_coordinates(partner: Partner, day: date) -> bool:
    return partner.role is PartnerRole.COORDINATOR and (
        partner.active_to is None or partner.active_to >= day
    )


def _swap_numbers(
    everyone: Sequence[Partner],
    old: Partner,
    new: Partner,
    numbers: tuple[int | None, int | None],
) -> None:
    new.number, old.number = numbers
    for partner in everyone:
        # Who shares its beneficiary's number keeps sharing it.
        for beneficiary in (old, new):
            if partner.parent_id == beneficiary.id and partner.number is None:
                partner.parent_number = beneficiary.number
