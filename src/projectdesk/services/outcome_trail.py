"""What the trail of circulated minutes is told of, whichever command did it (ADR 0086).

Asked at the end of each change: a correction of attendance or of when the meeting was held, a veto
and the day a decision binds count for readers who have the minutes, so no command, import or undo
gets past it. What a command wrote into the trail itself is not written twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.consortium import Partner, Person
from projectdesk.domain.meetings import Invitation, Meeting
from projectdesk.domain.minutes import AttendanceCorrection, Decision
from projectdesk.domain.rules.audit_chain import AuditStep
from projectdesk.domain.voting import Veto, VetoState
from projectdesk.services import audit
from projectdesk.services.touched import Touched
from projectdesk.store import schema
from projectdesk.store.record import to_json

if TYPE_CHECKING:
    from projectdesk.services.session import Unit

_STEPS: Mapping[VetoState, AuditStep] = {
    VetoState.RAISED: AuditStep.VETOED,
    VetoState.WITHDRAWN: AuditStep.VETO_WITHDRAWN,
    VetoState.NOT_ADMITTED: AuditStep.VETO_NOT_ADMITTED,
}


def note_outcome(unit: Unit, touched: Iterable[Touched]) -> None:
    """Append what a change did to the outcome of meetings whose minutes were circulated before.

    Args:
        unit: the change; it is flushed.
        touched: the records that it changed.
    """
    known = list(touched)
    new = {each.entity.id for each in known if each.kind == "minutes" and each.before is None}
    trail = _Trail(unit, new)
    corrected: dict[UUID, UUID] = {}
    for each in known:
        match each.entity:
            case AttendanceCorrection() as correction if changed(each, *_CORRECTION):
                corrected[correction.invitation_id] = correction.meeting_id
            case Meeting() as meeting if not each.deleted and _said_anew(each):
                trail.times(meeting)
            case Veto() as veto if changed(each, "state", "reason"):
                trail.veto(veto, is_new=each.before is None, is_gone=each.deleted)
            case Decision() as decision if not each.deleted and changed(each, "binding_at"):
                trail.binding(decision)
    for invitation_id, meeting_id in corrected.items():
        trail.attendance(meeting_id, invitation_id)


_CORRECTION = ("invitation_id", "kind", "from_at", "to_at", "reason")


def changed(touched: Touched, *names: str) -> bool:
    """Return whether a record is new, gone, or differs in one of these fields."""
    if touched.before is None:
        return not touched.deleted
    if touched.deleted:
        return True
    from_before = [touched.before[name] for name in names]
    return from_before != [to_json(getattr(touched.entity, name)) for name in names]


def veto_told(
    veto: Veto, decision: Decision, who: str, *, is_new: bool, is_gone: bool
) -> tuple[AuditStep, str, datetime | None]:
    """Return the step that tells what became of a veto, what it says, and when (None = now).

    Args:
        veto: as it is now.
        decision: against which.
        who: short name of the member.
        is_new: it was raised in this change.
        is_gone: it was deleted, as by an undo: that counts as taken back.
    """
    text = f"{who}: D{decision.number}"
    if is_gone:
        return AuditStep.VETO_WITHDRAWN, f"{text}: deleted", None
    at = None
    if veto.state is VetoState.RAISED:
        text += f": {veto.reason}"
        at = veto.raised_at if is_new else None
    elif veto.state is VetoState.NOT_ADMITTED:
        text += f": {veto.answer}"
    return _STEPS[veto.state], text, at


def _said_anew(touched: Touched) -> bool:
    """Return whether people say of a meeting that is not new that it was held at other times."""
    return touched.before is not None and changed(touched, "held_from", "held_until")


class _Trail:
    """The trails of the meetings that a change is about. new: minutes that came with it."""

    def __init__(self, unit: Unit, new: set[UUID]) -> None:
        self._unit = unit
        self._session = unit.session
        self._new = new
        self._newest: dict[UUID, UUID | None] = {}

    def attendance(self, meeting_id: UUID, invitation_id: UUID) -> None:
        """Say what holds of an invitee's presence now."""
        invitation = self._session.get(Invitation, invitation_id)
        if invitation is None:
            return
        row = schema.attendance_correction.c
        query = (
            select(AttendanceCorrection)
            .where(row.invitation_id == invitation_id)
            .order_by(row.from_at, row.id)
        )
        holds = [_stretch(each) for each in self._session.scalars(query)]
        name = self._session.get_one(Person, invitation.person_id).name
        text = f"{name}: {'; '.join(holds) or 'as measured'}"
        self._append(meeting_id, AuditStep.ATTENDANCE_CORRECTED, invitation_id, text)

    def times(self, meeting: Meeting) -> None:
        """Say from when until when people say now that the meeting was held."""
        text = "as measured or planned"
        if meeting.held_from is not None and meeting.held_until is not None:
            text = f"{_utc(meeting.held_from)} until {_utc(meeting.held_until)}"
        self._append(meeting.id, AuditStep.TIMES_CORRECTED, meeting.id, text)

    def veto(self, veto: Veto, *, is_new: bool, is_gone: bool) -> None:
        """Say what became of a veto; one that is gone (undone) counts as taken back."""
        decision = self._session.get(Decision, veto.decision_id)
        if decision is None or decision.meeting_id is None:
            return
        who = self._session.get_one(Partner, veto.partner_id).short_name
        step, text, at = veto_told(veto, decision, who, is_new=is_new, is_gone=is_gone)
        self._append(decision.meeting_id, step, veto.id, text, at)

    def binding(self, decision: Decision) -> None:
        """Say that a decision binds."""
        if decision.meeting_id is not None and decision.binding_at is not None:
            self._append(
                decision.meeting_id,
                AuditStep.DECISION_BINDS,
                decision.id,
                f"D{decision.number}",
            )

    def _append(
        self,
        meeting_id: UUID,
        step: AuditStep,
        subject_id: UUID,
        text: str,
        at: datetime | None = None,
    ) -> None:
        minutes_id = self._of(meeting_id)
        # Told in an older revision's trail is told: its readers had the minutes by that one.
        known = {(each, subject) for _, each, subject in self._unit.traced}
        if minutes_id is not None and (step, subject_id) not in known:
            audit.append(self._unit, minutes_id, step, subject_id, text, at)

    def _of(self, meeting_id: UUID) -> UUID | None:
        """Return the newest revision of a meeting whose minutes its readers already have."""
        if meeting_id not in self._newest:
            row = schema.minutes.c
            query = (
                select(row.id, row.circulated_at)
                .where(row.meeting_id == meeting_id)
                .order_by(row.revision.desc())
            )
            found = self._session.execute(query).all()
            circulated = any(
                each.circulated_at is not None and each.id not in self._new for each in found
            )
            self._newest[meeting_id] = found[0].id if circulated else None
        return self._newest[meeting_id]


def _stretch(correction: AttendanceCorrection) -> str:
    words = correction.kind.value
    if correction.from_at is not None:
        words += f" from {_utc(correction.from_at)}"
    if correction.to_at is not None:
        words += f" until {_utc(correction.to_at)}"
    return f"{words} ({correction.reason})" if correction.reason else words


def _utc(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%MZ}"
