"""What a host is told of the body that meets: its members, its rules, the proxies given."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.consortium import Body
from projectdesk.services.queries.names import partner_names
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.votes import BodyPlan, CountingRules, GivenProxy, SeatPlan
from projectdesk.store import schema


def body_plan(workspace: Workspace, meeting_id: UUID) -> BodyPlan | None:
    """Return the body of a meeting as its room needs it; None for a meeting of no body."""
    meeting = schema.meeting.c
    with workspace.read() as session:
        body_id = session.scalar(select(meeting.body_id).where(meeting.id == meeting_id))
        body = session.get(Body, body_id) if body_id is not None else None
        if body is None:
            return None
        members = _members(session, meeting_id, body.id)
        return BodyPlan(
            name=body.name,
            members=members,
            rules=CountingRules(
                quorum_numerator=body.quorum_numerator,
                quorum_denominator=body.quorum_denominator,
                majority_numerator=body.majority_numerator,
                majority_denominator=body.majority_denominator,
                chair_breaks_ties=body.chair_breaks_ties,
                proxy_limit=body.proxy_limit,
            ),
            chair=_chair(session, meeting_id, body, members),
            proxies=_proxies(session, meeting_id),
        )


def _invited(session: Session, meeting_id: UUID) -> dict[UUID, UUID]:
    """Return the invitation of each person whose link holds."""
    invitation = schema.invitation.c
    query = select(invitation.person_id, invitation.id).where(
        invitation.meeting_id == meeting_id, ~invitation.revoked
    )
    return {row.person_id: row.id for row in session.execute(query)}


def _members(session: Session, meeting_id: UUID, body_id: UUID) -> list[SeatPlan]:
    """Return the seats by participant number; who is named but not invited votes by no link."""
    invited = _invited(session, meeting_id)
    member, names = schema.body_member, partner_names().subquery()
    query = (
        select(member, names.c.name)
        .join_from(member, names, names.c.id == member.c.partner_id)
        .where(member.c.body_id == body_id)
        .order_by(names.c.number.is_(None), names.c.number, names.c.name, member.c.id)
    )
    return [
        SeatPlan(
            partner=row.partner_id.hex,
            name=row.name,
            weight=row.weight,
            in_default=row.in_default,
            representative=_hex(invited.get(row.representative_id)),
            deputy=_hex(invited.get(row.deputy_id)),
        )
        for row in session.execute(query)
    ]


def _chair(session: Session, meeting_id: UUID, body: Body, members: list[SeatPlan]) -> str:
    """Return the member whose vote is the chair's own, "" where the chair votes for none."""
    invitation = schema.invitation.c
    query = select(invitation.partner_id).where(
        invitation.meeting_id == meeting_id, invitation.person_id == body.chair_id
    )
    partner = session.scalars(query).first() if body.chair_id is not None else None
    own = "" if partner is None else partner.hex
    return own if any(seat.partner == own for seat in members) else ""


def _proxies(session: Session, meeting_id: UUID) -> list[GivenProxy]:
    proxy = schema.proxy.c
    query = (
        select(proxy.from_partner_id, proxy.to_partner_id, proxy.note)
        .where(proxy.meeting_id == meeting_id, proxy.ended_at.is_(None))
        .order_by(proxy.announced_at, proxy.id)
    )
    return [
        GivenProxy(giver=row.from_partner_id.hex, holder=row.to_partner_id.hex, note=row.note)
        for row in session.execute(query)
    ]


def _hex(identity: UUID | None) -> str | None:
    return None if identity is None else identity.hex
