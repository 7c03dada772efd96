"""Who answers for the partner of an action: to whom a late one is escalated.

The partner's representative (then the deputy) in the body whose meeting gave the action, then in
the General Assembly; without such a seat the partner's people by what their functions say. Never
who does it themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.consortium import BodyKind
from projectdesk.domain.rules.leaders import Candidate, project_manager
from projectdesk.services.action_rows import ActionRow
from projectdesk.services.queries.names import person_name
from projectdesk.store import schema


def leads(session: Session, rows: Iterable[ActionRow]) -> dict[UUID, UUID]:
    """Return by action who answers for its partner and can be written to."""
    actions = [row for row in rows if row.owner_partner_id is not None]
    partners = {row.owner_partner_id for row in actions}
    if not partners:
        return {}
    seats = _seats(session, partners)
    people = _people(session, partners)
    bodies = _bodies(session, {row.meeting_id for row in actions if row.meeting_id is not None})
    reachable = _reachable(session, seats, people)
    found = {}
    for row in actions:
        body = bodies.get(row.meeting_id) if row.meeting_id is not None else None
        wanted = [*_in_body(seats, row, body), *_of_partner(people.get(row.owner_partner_id, []))]
        for person in wanted:
            if person != row.owner_person_id and person in reachable:
                found[row.id] = person
                break
    return found


def _in_body(seats: Iterable[Any], row: ActionRow, body: UUID | None) -> list[UUID]:
    """Return the representatives of a partner: of the action's body, of the General Assembly."""
    own = [seat for seat in seats if seat.partner_id == row.owner_partner_id]
    own.sort(key=lambda seat: (seat.body_id != body, seat.kind != BodyKind.GENERAL_ASSEMBLY))
    wanted = [
        seat for seat in own if seat.body_id == body or seat.kind == BodyKind.GENERAL_ASSEMBLY
    ]
    return [
        person
        for seat in wanted
        for person in (seat.representative_id, seat.deputy_id)
        if person is not None
    ]


def _of_partner(people: list[Candidate]) -> list[UUID]:
    left, found = list(people), []
    while (best := project_manager(left)) is not None:
        found.append(best.person_id)
        left.remove(best)
    return found


def _seats(session: Session, partners: Iterable[UUID | None]) -> list[Any]:
    seat, body = schema.body_member.c, schema.body.c
    query = (
        select(seat.partner_id, seat.body_id, seat.representative_id, seat.deputy_id, body.kind)
        .join_from(schema.body_member, schema.body)
        .where(seat.partner_id.in_(partners))
        .order_by(body.name, seat.id)
    )
    return list(session.execute(query))


def _people(
    session: Session, partners: Iterable[UUID | None]
) -> dict[UUID | None, list[Candidate]]:
    membership, person = schema.membership.c, schema.person.c
    query = (
        select(
            membership.partner_id, membership.person_id, membership.function,
            person.given_name, person.family_name,
        )
        .join_from(schema.membership, schema.person)
        .where(membership.partner_id.in_(partners))
        .order_by(person.family_name, person.given_name, membership.id)
    )  # fmt: skip
    found: dict[UUID | None, list[Candidate]] = {}
    for row in session.execute(query):
        candidate = Candidate(row.person_id, person_name(row), row.function)
        found.setdefault(row.partner_id, []).append(candidate)
    return found


def _bodies(session: Session, meetings: set[UUID]) -> dict[UUID, UUID | None]:
    meeting = schema.meeting.c
    query = select(meeting.id, meeting.body_id).where(meeting.id.in_(meetings))
    return {row.id: row.body_id for row in session.execute(query)}


def _reachable(
    session: Session, seats: Iterable[Any], people: dict[UUID | None, list[Candidate]]
) -> set[UUID]:
    wanted = {each for seat in seats for each in (seat.representative_id, seat.deputy_id) if each}
    wanted |= {each.person_id for those in people.values() for each in those}
    person = schema.person.c
    query = select(person.id).where(person.id.in_(wanted), person.email != "")
    return set(session.scalars(query))
