"""Who was at a meeting, for documents."""

from __future__ import annotations

from uuid import UUID

from projectdesk.domain.meetings import MeetingState
from projectdesk.domain.rules import held_times
from projectdesk.domain.rules.attendance import AttendanceStatus
from projectdesk.exchange.documents.content import (
    Attendance,
    AttendanceContent,
    AttendanceFacts,
    InviteeFacts,
    PartnerFacts,
    ProxyFacts,
    QuorumFacts,
    QuorumStretchFacts,
)
from projectdesk.services import queries
from projectdesk.services.attendance_rows import AttendanceRow, QuorumLine
from projectdesk.services.documents.heads import meeting_facts
from projectdesk.services.workspace import Workspace


def attendance_facts(workspace: Workspace, meeting_id: UUID) -> Attendance:
    """Return who was at a meeting: as measured and corrected, with proxies and quorum."""
    found = queries.attendance_list(workspace, meeting_id)
    of_body = any(row.member for row in found.partners)
    invited = {row.partner_id for row in found.people}
    return Attendance(
        people=tuple(_person(row) for row in found.people),
        partners=tuple(
            PartnerFacts(
                partner=row.partner,
                country=row.country,
                present=row.present,
                share=row.share,
                people=row.people,
                represented_by=row.represented_by,
                excused=row.status is AttendanceStatus.EXCUSED,
                member=row.member,
            )
            for row in found.partners
            if row.member or not of_body or row.partner_id in invited
        ),
        proxies=tuple(
            ProxyFacts(row.from_partner, row.to_partner)
            for row in found.proxies
            if row.fault is None
        ),
        quorum=_quorum(found.quorum),
    )


def _person(row: AttendanceRow) -> AttendanceFacts:
    return AttendanceFacts(
        name=row.name,
        partner=row.partner,
        first_in=row.first_in,
        last_out=row.last_out,
        minutes=row.minutes,
        share=row.share,
        excused=row.status is AttendanceStatus.EXCUSED,
        beside=row.with_name,
        corrected=row.is_corrected,
        note="; ".join(dict.fromkeys(each.reason for each in row.corrections if each.reason)),
    )


def _quorum(line: QuorumLine) -> QuorumFacts | None:
    if not line.stretches:
        return None
    stretches = tuple(
        QuorumStretchFacts(
            each.start,
            each.end,
            each.present,
            each.represented,
            each.needed,
            each.seats,
            each.met,
        )
        for each in line.stretches
    )
    return QuorumFacts(line.body, line.rule, stretches)


def attendance_content(workspace: Workspace, meeting_id: UUID, language: str) -> AttendanceContent:
    """Return what the attendance list of a meeting says.

    Raises:
        NotFound: no such meeting.
    """
    meeting = queries.meeting(workspace, meeting_id)
    there = attendance_facts(workspace, meeting_id)
    held = meeting.state is MeetingState.HELD or any(row.first_in for row in there.people)
    return AttendanceContent(
        meeting=meeting_facts(workspace, meeting, language),
        held=held,
        opened_at=held_times.began(meeting),
        ended_at=held_times.ended(meeting),
        attendance=there,
        invitees=invitee_facts(workspace, meeting_id),
    )


def invitee_facts(workspace: Workspace, meeting_id: UUID) -> tuple[InviteeFacts, ...]:
    """Return who is invited."""
    return tuple(
        InviteeFacts(row.name, row.partner, row.country, row.role, row.answer)
        for row in queries.invitations(workspace, meeting_id)
        if not row.revoked
    )
