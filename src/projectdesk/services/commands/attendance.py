"""Say who was at a meeting where the measure does not: corrections, companions, proxies."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.consortium import Partner, Person
from projectdesk.domain.meetings import Invitation, Meeting, MeetingState
from projectdesk.domain.minutes import AttendanceCorrection, Companion, CorrectionKind
from projectdesk.domain.rules import held_times
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.domain.voting import Proxy
from projectdesk.errors import DomainError
from projectdesk.services.attendance_facts import Facts, load
from projectdesk.services.editing import add_record
from projectdesk.services.labels import name_of
from projectdesk.services.queries.attendance import presence_of
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def correct_attendance(
    workspace: Workspace,
    invitation_id: UUID,
    kind: CorrectionKind,
    from_at: datetime | None = None,
    to_at: datetime | None = None,
    *,
    reason: str = "",
) -> tuple[UUID, Changes]:
    """Say that an invitee was, or was not, there for a stretch; what was measured stays.

    Args:
        workspace: the open data.
        invitation_id: whose presence.
        kind: PRESENT or ABSENT.
        from_at: from when, None = from the meeting's begin.
        to_at: until when, None = until its end.
        reason: "by telephone".

    Raises:
        DomainError: `backwards`, `outside`, `overlap`; fact `field`.
        NotFound: no such invitee.
    """
    with workspace.change("Correct attendance") as unit:
        invitation = unit.get(Invitation, invitation_id)
        made: AttendanceCorrection = add_record(
            unit,
            Kind.ATTENDANCE_CORRECTION,
            {
                "meeting_id": invitation.meeting_id,
                "invitation_id": invitation_id,
                "kind": kind,
                "from_at": from_at,
                "to_at": to_at,
                "reason": reason,
            },
        )
        unit.label = f"Correct attendance of {name_of(unit.session, invitation)}"
    return made.id, unit.changes


def mark_attendance(
    workspace: Workspace,
    invitation_ids: Collection[UUID],
    kind: CorrectionKind,
    *,
    reason: str = "",
) -> Changes:
    """Say of several invitees that they were there all the time, or not at all.

    It takes the place of what was said of them before; what was measured stays.
    """
    with workspace.change("Correct attendance") as unit:
        for each in invitation_ids:
            invitation = unit.get(Invitation, each)
            _forget(unit, each)
            add_record(
                unit,
                Kind.ATTENDANCE_CORRECTION,
                {
                    "meeting_id": invitation.meeting_id,
                    "invitation_id": each,
                    "kind": kind,
                    "reason": reason,
                },
            )
            unit.label = f"Correct attendance of {name_of(unit.session, invitation)}"
        if len(invitation_ids) > 1:
            unit.label = f"Correct attendance of {len(invitation_ids)} people"
    return unit.changes


def measured_only(workspace: Workspace, invitation_ids: Collection[UUID]) -> Changes:
    """Take back all corrections of these invitees: what was measured holds."""
    with workspace.change("Take back corrections of attendance") as unit:
        for each in invitation_ids:
            _forget(unit, each)
    return unit.changes


def set_hours(
    workspace: Workspace,
    invitation_id: UUID,
    first_in: datetime | None = None,
    last_out: datetime | None = None,
) -> Changes:
    """Say when an invitee came or went: one correction for what was missed, or was too much.

    An earlier coming makes the stretch before the first measured one present, a later one makes it
    absent; so it is with going. What was said of the same time before gives way.

    Args:
        workspace: the open data.
        invitation_id: whose presence.
        first_in: when they came, None = as it is.
        last_out: when they went, None = as it is.

    Raises:
        DomainError: `backwards`, `outside`; facts `field` (`first_in`, `last_out`).
    """
    with workspace.change("Correct attendance") as unit:
        invitation = unit.get(Invitation, invitation_id)
        facts = load(unit.session, invitation.meeting_id, unit.now)
        frame = facts.frame(invitation_id)
        there = presence_of(facts, invitation_id)
        begin = there[0][0] if there else facts.whole[0]
        end = there[-1][1] if there else facts.whole[1]
        wanted = (first_in or begin, last_out or end)
        field = "first_in" if first_in is not None else "last_out"
        _check_hours(wanted, frame, field, facts.meeting.zone)
        pieces: list[tuple[CorrectionKind, datetime, datetime]] = []
        if not there:
            pieces.append((CorrectionKind.PRESENT, *wanted))
        else:
            pieces += _edge(wanted[0], begin, before=True)
            pieces += _edge(wanted[1], end, before=False)
        for kind, start, stop in pieces:
            _make_room(unit, facts, invitation_id, (start, stop))
            add_record(
                unit,
                Kind.ATTENDANCE_CORRECTION,
                {
                    "meeting_id": invitation.meeting_id,
                    "invitation_id": invitation_id,
                    "kind": kind,
                    "from_at": start,
                    "to_at": stop,
                },
            )
            unit.session.flush()
        unit.label = f"Correct attendance of {name_of(unit.session, invitation)}"
    return unit.changes


def add_companion(
    workspace: Workspace,
    invitation_id: UUID,
    *,
    person_id: UUID | None = None,
    name: str = "",
    partner_id: UUID | None = None,
    from_at: datetime | None = None,
    to_at: datetime | None = None,
) -> tuple[UUID, Changes]:
    """Say that somebody sits in the room behind an invitee's camera.

    Args:
        workspace: the open data.
        invitation_id: whose camera it is.
        person_id: who, or None and `name` for somebody who is no person of the directory.
        name: see person_id.
        partner_id: whom they are there for; None = whom they are of in this project, else the
            invitee's partner.
        from_at: from when, None = as the invitee.
        to_at: until when, None = as the invitee.

    Raises:
        DomainError: `required`, `invited`, `companion_twice`, `backwards`, `outside`.
    """
    with workspace.change("Add to the room") as unit:
        invitation = unit.get(Invitation, invitation_id)
        made: Companion = add_record(
            unit,
            Kind.COMPANION,
            {
                "meeting_id": invitation.meeting_id,
                "invitation_id": invitation_id,
                "person_id": person_id,
                "partner_id": partner_id or _partner_of(unit, invitation, person_id),
                "name": name,
                "from_at": from_at,
                "to_at": to_at,
            },
        )
        who = unit.get(Person, person_id).name if person_id else made.name
        unit.label = f"Add {who} to the room of {name_of(unit.session, invitation)}"
    return made.id, unit.changes


def announce_proxy(
    workspace: Workspace,
    meeting_id: UUID,
    from_partner_id: UUID,
    to_partner_id: UUID,
    *,
    announced_at: datetime | None = None,
    note: str = "",
) -> tuple[UUID, Changes]:
    """Write down that a member lets another represent it, by the rules of the body.

    Args:
        workspace: the open data.
        meeting_id: in which meeting.
        from_partner_id: who is represented.
        to_partner_id: by whom.
        announced_at: None = now. It holds from then on: of a meeting that was held, from its begin.
        note: "by mail of 3 March".

    Raises:
        DomainError: `no_body`, `proxy_...`; fact `field`.
    """
    with workspace.change("Announce proxy") as unit:
        meeting = unit.get(Meeting, meeting_id)
        if announced_at is None:
            announced_at = unit.now
            if meeting.state is MeetingState.HELD:
                announced_at = min(announced_at, held_times.began(meeting) or meeting.starts_at)
        made: Proxy = add_record(
            unit,
            Kind.PROXY,
            {
                "meeting_id": meeting_id,
                "from_partner_id": from_partner_id,
                "to_partner_id": to_partner_id,
                "announced_at": announced_at,
                "note": note,
            },
        )
        names = [
            name_of(unit.session, unit.get(Partner, each))
            for each in (from_partner_id, to_partner_id)
        ]
        unit.label = f"Proxy of {names[0]} for {names[1]}"
    return made.id, unit.changes


def end_proxy(
    workspace: Workspace, proxy_id: UUID, version: int, at: datetime | None = None
) -> Changes:
    """Take a proxy back: from `at` (None = now) on it does not hold any more.

    Raises:
        DomainError: `ends_before_it_begins`.
    """
    with workspace.change("End proxy") as unit:
        proxy = unit.get(Proxy, proxy_id, version)
        ended_at = at or unit.now
        if ended_at < proxy.announced_at:
            raise DomainError(
                "ends_before_it_begins",
                "It cannot end before it was announced.",
                field="ended_at",
            )
        proxy.ended_at = ended_at
        unit.label = (
            f"End proxy of {name_of(unit.session, unit.get(Partner, proxy.from_partner_id))}"
        )
    return unit.changes


def confirm_attendance(
    workspace: Workspace, meeting_id: UUID, *, confirmed: bool = True
) -> Changes:
    """Say that the attendance of a meeting was looked through and is right, or is not yet.

    Raises:
        DomainError: `not_held`: it is still to come, or running.
    """
    with workspace.change("Confirm attendance") as unit:
        meeting = unit.get(Meeting, meeting_id)
        if meeting.state is not MeetingState.HELD:
            raise DomainError("not_held", "Attendance is confirmed after the meeting.")
        meeting.attendance_confirmed_at = unit.now if confirmed else None
        unit.label = f"Confirm attendance of {meeting.title}"
        if not confirmed:
            unit.label = f"Take back the confirmed attendance of {meeting.title}"
    return unit.changes


def _edge(
    wanted: datetime, known: datetime, *, before: bool
) -> list[tuple[CorrectionKind, datetime, datetime]]:
    """Return the correction that moves the begin (or end) of a presence."""
    if wanted == known:
        return []
    longer = wanted < known if before else wanted > known
    kind = CorrectionKind.PRESENT if longer else CorrectionKind.ABSENT
    return [(kind, min(wanted, known), max(wanted, known))]


def _check_hours(
    wanted: tuple[datetime, datetime], frame: tuple[datetime, datetime], field: str, zone: str
) -> None:
    if wanted[1] <= wanted[0]:
        raise DomainError("backwards", "They cannot go before they come.", field=field)
    if wanted[0] < frame[0] or wanted[1] > frame[1]:
        start, end = (f"{to_local(each, zone):%H:%M}" for each in frame)
        raise DomainError(
            "outside",
            "The meeting lasted from {start} to {end}: this reaches beyond it.",
            field=field,
            start=start,
            end=end,
        )


def _make_room(
    unit: Unit, facts: Facts, invitation_id: UUID, stretch: tuple[datetime, datetime]
) -> None:
    """Shorten, part or delete what was said before of the same time."""
    query = select(AttendanceCorrection).where(
        schema.attendance_correction.c.invitation_id == invitation_id
    )
    for known in unit.session.scalars(query).all():
        start, end = facts.stretch(known)
        if max(start, stretch[0]) >= min(end, stretch[1]):
            continue
        keeps_start, keeps_end = start < stretch[0], end > stretch[1]
        if keeps_start and keeps_end:
            unit.add(
                AttendanceCorrection(
                    meeting_id=known.meeting_id,
                    invitation_id=invitation_id,
                    kind=known.kind,
                    from_at=stretch[1],
                    to_at=known.to_at,
                    reason=known.reason,
                    made_at=known.made_at,
                )
            )
        if keeps_start:
            known.to_at = stretch[0]
        elif keeps_end:
            known.from_at = stretch[1]
        else:
            unit.delete(known)
    unit.session.flush()


def _forget(unit: Unit, invitation_id: UUID) -> None:
    """Delete the corrections of an invitee."""
    query = select(AttendanceCorrection).where(
        schema.attendance_correction.c.invitation_id == invitation_id
    )
    for known in unit.session.scalars(query).all():
        unit.delete(known)
    unit.session.flush()


def _partner_of(unit: Unit, invitation: Invitation, person_id: UUID | None) -> UUID | None:
    """Return whom somebody is there for when nobody said so."""
    if person_id is None:
        return invitation.partner_id
    member, meeting = schema.membership.c, unit.get(Meeting, invitation.meeting_id)
    found: UUID | None = unit.session.scalar(
        select(member.partner_id)
        .where(
            member.project_id == meeting.project_id,
            member.person_id == person_id,
            member.partner_id.is_not(None),
        )
        .limit(1)
    )
    return found or invitation.partner_id
