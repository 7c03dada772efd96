"""What must hold of corrections of attendance, companions and proxies that are entered by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.consortium import Body, Partner
from projectdesk.domain.meetings import Invitation, Meeting
from projectdesk.domain.minutes import AttendanceCorrection, Companion
from projectdesk.domain.rules import validation
from projectdesk.domain.rules.attendance import CorrectionFault, Interval, correction_fault
from projectdesk.domain.rules.quorum import ProxyFault, ProxyGiven, Seat, proxy_fault
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.domain.voting import Proxy
from projectdesk.services.attendance_facts import Facts, body_seats, load
from projectdesk.services.session import Unit
from projectdesk.store import schema

_PROXY_TEXTS: Final[Mapping[ProxyFault, tuple[str, str]]] = {
    ProxyFault.NOT_ALLOWED: ("to_partner_id", "This body takes no proxies."),
    ProxyFault.NO_MEMBER: (
        "to_partner_id",
        "Only a member of the body can be represented, and only by another member.",
    ),
    ProxyFault.ITSELF: ("to_partner_id", "A member cannot represent itself."),
    ProxyFault.IN_DEFAULT: (
        "to_partner_id",
        "A member that is declared in default has no vote, neither its own nor another's.",
    ),
    ProxyFault.CHAIN: (
        "to_partner_id",
        "A proxy cannot be passed on: who represents another must be there in person.",
    ),
    ProxyFault.LIMIT: (
        "to_partner_id",
        "{holder} represents as many members as this body allows already: {limit}.",
    ),
    ProxyFault.TWICE: ("from_partner_id", "{giver} has given a proxy already: end that one first."),
}


def fault_of(
    row: Any, proxies: Iterable[Any], seats: Mapping[UUID, Seat[UUID]], limit: int
) -> ProxyFault | None:
    """Return why a proxy cannot be given beside those that hold at the same time, or None.

    Args:
        row: the proxy, an entity or a row of it.
        proxies: all of the meeting; `row` itself is passed over.
        seats: of the body.
        limit: how many members one may represent.
    """
    others = [
        ProxyGiven(each.from_partner_id, each.to_partner_id)
        for each in proxies
        if each.id != row.id and _at_once(each, row)
    ]
    return proxy_fault(seats.values(), others, row.from_partner_id, row.to_partner_id, limit=limit)


def _at_once(one: Any, other: Any) -> bool:
    """Tell whether two proxies hold at any same time."""
    return (one.ended_at is None or other.announced_at < one.ended_at) and (
        other.ended_at is None or one.announced_at < other.ended_at
    )


def check_proxy(session: Session, record: Proxy) -> None:
    """Refuse a proxy that the body's rules do not allow.

    Raises:
        DomainError: `proxy_...`, `no_body`, `ends_before_it_begins`; fact `field`.
    """
    if record.ended_at is not None and record.ended_at < record.announced_at:
        raise validation.refuse(
            "ends_before_it_begins", "ended_at", "It cannot end before it was announced."
        )
    with session.no_autoflush:
        meeting = session.get_one(Meeting, record.meeting_id)
        body = session.get(Body, meeting.body_id) if meeting.body_id else None
        others = session.execute(
            select(schema.proxy).where(schema.proxy.c.meeting_id == record.meeting_id)
        ).all()
        if body is None:
            raise validation.refuse(
                "no_body",
                "to_partner_id",
                "This is no meeting of a body: there is nothing to be represented in.",
            )
        fault = fault_of(record, others, body_seats(session, body.id), body.proxy_limit)
        if fault is None:
            return
        field, text = _PROXY_TEXTS[fault]
        raise validation.refuse(
            f"proxy_{fault}",
            field,
            text,
            giver=_partner_name(session, record.from_partner_id),
            holder=_partner_name(session, record.to_partner_id),
            limit=body.proxy_limit,
        )


def check_correction(session: Session, record: AttendanceCorrection) -> None:
    """Refuse a correction that says nothing that can be.

    Raises:
        DomainError: `backwards`, `outside`, `overlap`, `other_meeting`; fact `field`.
    """
    with session.no_autoflush:
        _check_invitation(session, record)
        facts = _facts(session, record.meeting_id)
    frame = facts.frame(record.invitation_id)
    others = [
        facts.stretch(row)
        for row in facts.corrections
        if row.invitation_id == record.invitation_id and row.id != record.id
    ]
    stretch = facts.stretch(record)
    fault = correction_fault(stretch, frame, others)
    if fault is not None:
        raise _refusal(fault, record, stretch, frame, facts.meeting.zone)


def check_companion(session: Session, record: Companion) -> None:
    """Refuse a companion without a name, twice, or at a time that cannot be.

    Raises:
        DomainError: `required`, `companion_twice`, `invited`, `backwards`, `outside`; fact `field`.
    """
    if record.person_id is None and not record.name:
        raise validation.refuse("required", "name", "Say who it is.")
    with session.no_autoflush:
        _check_invitation(session, record)
        facts = _facts(session, record.meeting_id)
    if record.person_id is not None:
        if any(
            row.person_id == record.person_id and not row.revoked and row.id in facts.measured
            for row in facts.invitees
        ):
            raise validation.refuse(
                "invited", "person_id", "They were in the call themselves, by their own link."
            )
        if any(
            row.person_id == record.person_id and row.id != record.id for row in facts.companions
        ):
            raise validation.refuse(
                "companion_twice", "person_id", "They are in a room with somebody already."
            )
    frame = facts.frame(record.invitation_id)
    stretch = facts.stretch(record)
    fault = correction_fault(stretch, frame, ())
    if fault is not None:
        raise _refusal(fault, record, stretch, frame, facts.meeting.zone)


def _check_invitation(session: Session, record: AttendanceCorrection | Companion) -> None:
    invitation = session.get(Invitation, record.invitation_id)
    if invitation is None or invitation.meeting_id != record.meeting_id:
        raise validation.refuse(
            "other_meeting", "invitation_id", "They were not invited to this meeting."
        )


def _facts(session: Session, meeting_id: UUID) -> Facts:
    unit = session.info.get("unit")
    return load(session, meeting_id, unit.now if isinstance(unit, Unit) else datetime.now(UTC))


def _refusal(
    fault: CorrectionFault,
    record: AttendanceCorrection | Companion,
    stretch: Interval,
    frame: Interval,
    zone: str,
) -> Exception:
    field = "to_at" if record.to_at is not None and stretch[1] > frame[1] else "from_at"
    start, end = (f"{to_local(each, zone):%H:%M}" for each in frame)
    match fault:
        case CorrectionFault.BACKWARDS:
            return validation.refuse("backwards", "to_at", "This ends before it begins.")
        case CorrectionFault.OUTSIDE:
            return validation.refuse(
                "outside",
                field,
                "The meeting lasted from {start} to {end}: this reaches beyond it.",
                start=start,
                end=end,
            )
        case CorrectionFault.OVERLAP:
            return validation.refuse(
                "overlap",
                "from_at" if record.from_at is not None else "to_at",
                "Another correction is about a part of the same time: change or delete that one.",
            )


def _partner_name(session: Session, partner_id: UUID) -> str:
    partner = session.get(Partner, partner_id)
    return partner.short_name if partner is not None else ""
