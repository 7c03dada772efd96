"""Read who was at a meeting: measured, corrected by hand, represented, and the quorum over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from projectdesk.domain.meetings import InvitationAnswer
from projectdesk.domain.minutes import CorrectionKind
from projectdesk.domain.rules.attendance import (
    AttendanceStatus,
    Interval,
    Presence,
    Said,
    accompanied,
    corrected,
    correction_fault,
    presence,
    union,
)
from projectdesk.domain.rules.quorum import ProxyGiven, QuorumStep, quorum_over_time
from projectdesk.services.attendance_checks import fault_of
from projectdesk.services.attendance_facts import Facts, load
from projectdesk.services.attendance_rows import (
    AttendanceList,
    AttendanceRow,
    CompanionRow,
    CorrectionRow,
    PartnerAttendanceRow,
    ProxyRow,
    QuorumLine,
    QuorumStretch,
)
from projectdesk.services.workspace import Workspace


def attendance_list(workspace: Workspace, meeting_id: UUID) -> AttendanceList:
    """Return everything of a meeting's attendance.

    Whoever was invited is in it, those who never came too. Somebody whose link was revoked is
    listed if they were there.

    Raises:
        NotFound: no such meeting.
    """
    with workspace.read() as session:
        facts = load(session, meeting_id, workspace.now())
    return _Reckoning(facts).whole()


def attendance(workspace: Workspace, meeting_id: UUID) -> list[AttendanceRow]:
    """Return how long each invitee, and who sat beside one, was there; see `attendance_list`."""
    return list(attendance_list(workspace, meeting_id).people)


def partner_attendance(workspace: Workspace, meeting_id: UUID) -> list[PartnerAttendanceRow]:
    """Return how long each partner of the project was there: while any of its people was."""
    return list(attendance_list(workspace, meeting_id).partners)


def presence_of(facts: Facts, invitation_id: UUID) -> tuple[Interval, ...]:
    """Return when an invitee was there, corrected."""
    return _Reckoning(facts).there[invitation_id]


def partners_present(facts: Facts) -> frozenset[UUID]:
    """Return the partners of whom anybody was there, corrected; none while nothing is known."""
    rows = _Reckoning(facts).whole().partners
    return frozenset(row.partner_id for row in rows if row.present)


class _Reckoning:
    """The rows of one meeting, out of what is known of it."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._whole = facts.whole
        self._corrections: dict[UUID, list[CorrectionRow]] = {}
        for row in facts.corrections:
            self._corrections.setdefault(row.invitation_id, []).append(self._correction(row))
        self.there = {
            row.id: corrected(
                facts.measured.get(row.id, ()),
                [
                    Said(each.kind is CorrectionKind.PRESENT, each.stretch, each.made_at)
                    for each in self._corrections.get(row.id, ())
                ],
            )
            for row in facts.invitees
        }
        self._companions = [self._companion(row) for row in facts.companions]
        self.people = self._people()

    def whole(self) -> AttendanceList:
        """Return all of it."""
        meeting = self._facts.meeting
        partners, line = self._partners()
        return AttendanceList(
            meeting_id=meeting.id,
            project_id=meeting.project_id,
            project=meeting.acronym,
            title=meeting.title,
            body=meeting.body_name or "",
            zone=meeting.zone,
            local_start=meeting.local_start,
            place=meeting.place,
            start=self._whole[0],
            end=self._whole[1],
            confirmed_at=meeting.attendance_confirmed_at,
            version=meeting.version,
            by_hand=not self._facts.measured,
            due=self._facts.due,
            people=tuple(self.people),
            partners=tuple(partners),
            companions=tuple(self._companions),
            proxies=tuple(self._proxies()),
            quorum=line,
        )

    # --- people -----------------------------------------------------------------------------------

    def _correction(self, row: Any) -> CorrectionRow:
        facts = self._facts
        stretch = facts.stretch(row)
        others = [
            facts.stretch(each)
            for each in facts.corrections
            if each.invitation_id == row.invitation_id and each.id != row.id
        ]
        return CorrectionRow(
            id=row.id,
            version=row.version,
            invitation_id=row.invitation_id,
            name=facts.name_of(row.invitation_id),
            kind=row.kind,
            from_at=row.from_at,
            to_at=row.to_at,
            stretch=stretch,
            reason=row.reason,
            made_at=row.made_at,
            fault=correction_fault(stretch, facts.frame(row.invitation_id), others),
        )

    def _companion(self, row: Any) -> CompanionRow:
        facts = self._facts
        return CompanionRow(
            id=row.id,
            version=row.version,
            invitation_id=row.invitation_id,
            with_name=facts.name_of(row.invitation_id),
            person_id=row.person_id,
            name=row.person_name or row.name,
            partner_id=row.partner_id,
            partner=facts.partner_names.get(row.partner_id, ""),
            from_at=row.from_at,
            to_at=row.to_at,
        )

    def _people(self) -> list[AttendanceRow]:
        rows = []
        beside: dict[UUID, list[CompanionRow]] = {}
        for companion in self._companions:
            beside.setdefault(companion.invitation_id, []).append(companion)
        for row in self._facts.invitees:
            known = self.there[row.id] or row.id in beside or row.id in self._corrections
            if known or not row.revoked:
                rows.append(self._invitee(row))
            rows += [self._beside(row, each) for each in beside.get(row.id, ())]
        return rows

    def _invitee(self, row: Any) -> AttendanceRow:
        measured = self._facts.measured.get(row.id, ())
        before = presence(measured, self._whole)
        excused = row.answer is InvitationAnswer.DECLINED
        return AttendanceRow(
            invitation_id=row.id,
            name=self._facts.name_of(row.id),
            partner_id=row.partner_id,
            partner=row.partner_name or row.employer or "",
            country=row.country,
            times=len(measured),
            person_id=row.person_id,
            role=row.role,
            answer=row.answer,
            required=row.required,
            measured=union(measured),
            measured_minutes=before.time.total_seconds() / 60 if before else 0.0,
            corrections=tuple(self._corrections.get(row.id, ())),
            spoken_seconds=self._facts.spoken.get(row.id, 0.0),
            **_reckoned(presence(self.there[row.id], self._whole), excused=excused),
        )

    def _beside(self, row: Any, companion: CompanionRow) -> AttendanceRow:
        spans = accompanied(self.there[row.id], companion.from_at, companion.to_at)
        return AttendanceRow(
            invitation_id=row.id,
            name=companion.name,
            partner_id=companion.partner_id,
            partner=companion.partner,
            country=self._facts.countries.get(companion.partner_id, ""),
            times=0,
            person_id=companion.person_id,
            companion_id=companion.id,
            with_name=companion.with_name,
            **_reckoned(presence(spans, self._whole), excused=False),
        )

    # --- partners, proxies, quorum ----------------------------------------------------------------

    def _partners(self) -> tuple[list[PartnerAttendanceRow], QuorumLine]:
        facts = self._facts
        of: dict[UUID, list[AttendanceRow]] = {}
        for row in self.people:
            if row.partner_id is not None:
                of.setdefault(row.partner_id, []).append(row)
        spans = {each: [s for row in rows for s in row.intervals] for each, rows in of.items()}
        steps = self._steps(spans)
        ends = [*(step.at for step in steps[1:]), self._whole[1]][: len(steps)]
        represented: dict[UUID, list[tuple[Interval, UUID]]] = {}
        for step, end in zip(steps, ends, strict=True):
            for giver, holder in (step.quorum.represented_by or {}).items():
                represented.setdefault(giver, []).append(((step.at, end), holder))
        rows = [
            self._partner(row, of.get(row.id, ()), represented.get(row.id, ()))
            for row in facts.partners
        ]
        return rows, self._line(steps, ends)

    def _partner(
        self,
        row: Any,
        people: Sequence[AttendanceRow],
        represented: Sequence[tuple[Interval, UUID]],
    ) -> PartnerAttendanceRow:
        facts = self._facts
        there = presence([span for each in people for span in each.intervals], self._whole)
        by_proxy = presence([span for span, _ in represented], self._whole)
        seat = facts.seats.get(row.id)
        status = AttendanceStatus.ABSENT
        if there is not None:
            status = AttendanceStatus.PRESENT
        elif by_proxy is not None:
            status = AttendanceStatus.REPRESENTED
        elif people and all(each.status is AttendanceStatus.EXCUSED for each in people):
            status = AttendanceStatus.EXCUSED
        holders = dict.fromkeys(facts.partner_names.get(holder, "") for _, holder in represented)
        return PartnerAttendanceRow(
            partner_id=row.id,
            partner=row.name,
            number=row.number,
            country=row.country,
            present=there is not None,
            minutes=there.time.total_seconds() / 60 if there else 0.0,
            share=there.share if there else 0.0,
            people=tuple(each.name for each in people if each.first_in is not None),
            status=status,
            first_in=there.first_in if there else None,
            last_out=there.last_out if there else None,
            represented_by=", ".join(holders),
            represented_share=by_proxy.share if by_proxy else 0.0,
            member=seat is not None,
            in_default=bool(seat and seat.in_default),
            intervals=there.intervals if there else (),
            spoken_seconds=sum(each.spoken_seconds for each in people),
        )

    def _proxies(self) -> list[ProxyRow]:
        facts = self._facts
        return [
            ProxyRow(
                id=row.id,
                version=row.version,
                from_partner_id=row.from_partner_id,
                from_partner=facts.partner_names.get(row.from_partner_id, ""),
                to_partner_id=row.to_partner_id,
                to_partner=facts.partner_names.get(row.to_partner_id, ""),
                announced_at=row.announced_at,
                ended_at=row.ended_at,
                note=row.note,
                fault=fault_of(row, facts.proxies, facts.seats, facts.meeting.proxy_limit or 0),
            )
            for row in facts.proxies
        ]

    def _steps(self, spans: dict[UUID, list[Interval]]) -> tuple[QuorumStep[UUID], ...]:
        facts = self._facts
        if not facts.seats or not facts.begun:
            return ()
        given = [
            ProxyGiven(row.from_partner_id, row.to_partner_id, row.announced_at, row.ended_at)
            for row in facts.proxies
        ]
        return quorum_over_time(
            list(facts.seats.values()),
            spans,
            given,
            self._whole,
            numerator=facts.meeting.quorum_numerator,
            denominator=facts.meeting.quorum_denominator,
        )

    def _line(self, steps: Sequence[QuorumStep[UUID]], ends: Sequence[Any]) -> QuorumLine:
        meeting = self._facts.meeting
        if not steps:
            return QuorumLine()
        stretches: list[QuorumStretch] = []
        for step, end in zip(steps, ends, strict=True):
            now = step.quorum
            stretches.append(
                QuorumStretch(
                    step.at,
                    end,
                    now.present,
                    now.represented,
                    now.needed,
                    now.seats,
                    now.met,
                    self._facts.items_in((step.at, end)),
                    self._facts.votes_in((step.at, end)),
                )
            )
        rule = f"{meeting.quorum_numerator}/{meeting.quorum_denominator}"
        return QuorumLine(meeting.body_name, rule, tuple(stretches))


def _reckoned(there: Presence | None, *, excused: bool) -> dict[str, Any]:
    """Return the fields of a row that say how long somebody was there."""
    if there is None:
        status = AttendanceStatus.EXCUSED if excused else AttendanceStatus.ABSENT
        return {
            "first_in": None,
            "last_out": None,
            "minutes": 0.0,
            "share": 0.0,
            "status": status,
        }
    return {
        "first_in": there.first_in,
        "last_out": there.last_out,
        "minutes": there.time.total_seconds() / 60,
        "share": there.share,
        "status": AttendanceStatus.PRESENT,
        "late_minutes": there.late.total_seconds() / 60,
        "early_minutes": there.early.total_seconds() / 60,
        "intervals": there.intervals,
    }
