"""What the trail of a written procedure is told of, whichever command did it (ADR 0111).

Opened with its documents, asked, reminded, each vote as it was received, vetoes, the count and its
result. `put_ballot` and `put_veto` tell of a vote or veto when it is taken, so none is lost where
two come at once; all else is asked at the end of each change, so no command, import or undo gets
past it. What is told of a secret vote names who voted, never for what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.consortium import Partner, Person
from projectdesk.domain.minutes import Decision
from projectdesk.domain.rules.audit_chain import AuditStep
from projectdesk.domain.talk import Document
from projectdesk.domain.voting import Veto, VetoState, Vote, VoteSeat, VoteSetting, VoteState
from projectdesk.services import audit
from projectdesk.services.outcome_trail import changed, veto_told
from projectdesk.services.procedure_records import choice_told, document_told, vote_told
from projectdesk.services.touched import Touched
from projectdesk.store import schema

if TYPE_CHECKING:
    from projectdesk.services.session import Unit

BY_LINK: Final = "by link"
BY_MAIL: Final = "by mail"
BY_HAND: Final = "by hand"
AS_BEFORE: Final = "as it was before"
_BALLOT: Final = ("choice", "comment", "by_hand", "voted_at")


def tell_ballot(unit: Unit, vote: Vote, seat: VoteSeat, at: datetime, way: str) -> None:
    """Write a vote that was received, or taken back, into the trail.

    Args:
        unit: the change that takes it; the seat holds it already.
        vote: the procedure.
        seat: whose vote.
        at: when it was received.
        way: how it came.
    """
    if _is_opened(vote):
        _begin(unit, vote)
        step, text = _ballot(unit, vote, seat, way)
        audit.append(unit, vote.id, step, seat.id, text, at)


def tell_veto(unit: Unit, veto: Veto, decision: Decision, at: datetime) -> None:
    """Write a veto that was received, changed, or taken back, into the trail of its procedure.

    Args:
        unit: the change that takes it.
        veto: as it is now.
        decision: against which; one of a meeting has no such trail.
        at: when it was received.
    """
    vote = unit.session.get(Vote, decision.vote_id) if decision.vote_id is not None else None
    if vote is not None and _is_opened(vote):
        who = unit.session.get_one(Partner, veto.partner_id).short_name
        step, text, _ = veto_told(veto, decision, who, is_new=False, is_gone=False)
        _begin(unit, vote)
        audit.append(unit, vote.id, step, veto.id, text, at)


def tell_shut(unit: Unit, vote: Vote, seat_id: UUID, text: str) -> None:
    """Write into the trail that a member's link was shut past the entities."""
    if _is_opened(vote):
        _begin(unit, vote)
        audit.append(unit, vote.id, AuditStep.READER_REVOKED, seat_id, text)


def tell_what_counts(unit: Unit, vote: Vote) -> None:
    """Tell each vote and the result once more where a trail that was joined ends in another one."""
    for seat_id in audit.differing(unit.session, vote.id):
        if seat_id is None and vote.state is VoteState.CLOSED:
            audit.append(unit, vote.id, AuditStep.COUNTED, None, vote.words)
        seat = unit.session.get(VoteSeat, seat_id) if seat_id is not None else None
        if seat is not None:
            way = BY_HAND if seat.by_hand else AS_BEFORE
            step, text = _ballot(unit, vote, seat, way)
            audit.append(unit, vote.id, step, seat.id, text)


def note_procedures(unit: Unit, touched: Iterable[Touched], who: str) -> None:
    """Append what a change did to written procedures that are open, or were.

    Args:
        unit: the change; it is flushed.
        touched: the records that it changed.
        who: did it, at the desktop; "" = nobody said.
    """
    known = [each for each in touched if not each.deleted or isinstance(each.entity, Veto)]
    trail = _Trail(unit, who)
    for each in known:
        if isinstance(each.entity, Vote):
            trail.opening(each.entity)
    for kind, tell in _TOLD:
        for each in known:
            if isinstance(each.entity, kind):
                tell(trail, each)


def seat_name(unit: Unit, seat: VoteSeat) -> str:
    """Return how the trail calls a member: its partner, and who votes for it."""
    partner = unit.session.get_one(Partner, seat.partner_id).short_name
    voter = unit.session.get(Person, seat.voter_id) if seat.voter_id is not None else None
    return f"{partner}, {voter.name or voter.email}" if voter is not None else partner


# --- inside ---------------------------------------------------------------------------------------


class _Trail:
    """The trails of the procedures that a change is about."""

    def __init__(self, unit: Unit, who: str) -> None:
        self._unit, self._session, self._who = unit, unit.session, who
        self._told: dict[UUID, set[tuple[str, UUID | None]]] = {}

    def opening(self, vote: Vote) -> None:
        """Say that a procedure was opened."""
        if _is_opened(vote) and vote.opened_at == self._unit.now:
            self._append(vote, AuditStep.OPENED, None, vote_told(vote), once=True)
            row = schema.document.c
            query = select(Document).where(row.vote_id == vote.id).order_by(row.name, row.id)
            for document in self._session.scalars(query):
                self._document(vote, document)

    def document(self, touched: Touched) -> None:
        """Say what is voted on, of a document that came with its procedure."""
        document: Document = touched.entity
        vote = self._procedure(document.vote_id)
        if vote is not None and changed(touched, "vote_id", "name", "sha256"):
            self._document(vote, document)

    def seat(self, touched: Touched) -> None:
        """Say what became of a member's link and vote."""
        seat: VoteSeat = touched.entity
        vote = self._procedure(seat.vote_id)
        if vote is None:
            return
        new = touched.before is None
        name = seat_name(self._unit, seat)
        for field, step in (("sent_at", AuditStep.ASKED), ("reminded_at", AuditStep.REMINDED)):
            if changed(touched, field) and getattr(seat, field) is not None:
                self._append(vote, step, seat.id, name, once=new)
        if not new and changed(touched, "voter_id"):
            self._append(vote, AuditStep.VOTER_CHANGED, seat.id, name)
        elif changed(touched, "generation") and seat.generation > 1:
            self._append(vote, AuditStep.LINK_RENEWED, seat.id, name, once=new)
        elif not new and changed(touched, "revoked") and not seat.revoked:  # an undo
            self._append(vote, AuditStep.LINK_RENEWED, seat.id, f"{name}, {AS_BEFORE}")
        if changed(touched, "revoked") and seat.revoked:
            self._append(vote, AuditStep.READER_REVOKED, seat.id, name, once=new)
        if changed(touched, *_BALLOT) and (seat.choice or not new):
            self._seat_ballot(vote, seat, new=new)

    def state(self, touched: Touched) -> None:
        """Say that a procedure was counted, called off, or that its result was told."""
        vote: Vote = touched.entity
        if self._procedure(vote.id) is None:
            return
        if changed(touched, "state") and vote.state is VoteState.CLOSED:
            self._append(vote, AuditStep.COUNTED, None, vote.words, once=True)
        if changed(touched, "state") and vote.state is VoteState.CANCELLED:
            self._append(vote, AuditStep.CANCELLED, None, self._who, once=True)
        if changed(touched, "notice_at") and vote.notice_at is not None:
            until = f"veto until {vote.veto_until:%Y-%m-%dT%H:%MZ}" if vote.veto_until else ""
            self._append(vote, AuditStep.RESULT_TOLD, None, until, once=True)

    def veto(self, touched: Touched) -> None:
        """Say what became of a veto against what a procedure decided."""
        veto: Veto = touched.entity
        decision = self._session.get(Decision, veto.decision_id)
        vote = self._procedure(decision.vote_id) if decision is not None else None
        if decision is None or vote is None or not changed(touched, "state", "reason"):
            return
        who = self._session.get_one(Partner, veto.partner_id).short_name
        new = touched.before is None
        if new and veto.state is not VetoState.RAISED:
            raised = f"{who}: D{decision.number}: {veto.reason}"
            self._append(vote, AuditStep.VETOED, veto.id, raised, veto.raised_at, once=True)
        step, text, at = veto_told(veto, decision, who, is_new=new, is_gone=touched.deleted)
        self._append(vote, step, veto.id, text, at, once=new)

    def decision(self, touched: Touched) -> None:
        """Say that a decision binds."""
        decision: Decision = touched.entity
        vote = self._procedure(decision.vote_id)
        if vote is not None and changed(touched, "binding_at") and decision.binding_at is not None:
            new = touched.before is None
            said = f"D{decision.number}"
            self._append(vote, AuditStep.DECISION_BINDS, decision.id, said, once=new)

    # --- inside

    def _seat_ballot(self, vote: Vote, seat: VoteSeat, *, new: bool) -> None:
        """Say which vote of a member counts now, unless it was told when it was taken."""
        steps = {(vote.id, step, seat.id) for step in (AuditStep.VOTED, AuditStep.VOTE_WITHDRAWN)}
        if steps.isdisjoint(self._unit.traced):
            way = BY_HAND if seat.by_hand else AS_BEFORE
            if self._who:
                way = f"{way} ({self._who})"
            step, text = _ballot(self._unit, vote, seat, way)
            self._append(vote, step, seat.id, text, once=new)

    def _document(self, vote: Vote, document: Document) -> None:
        text = document_told(document.name, document.sha256)
        self._append(vote, AuditStep.DOCUMENT_FIXED, document.id, text, once=True)

    def _procedure(self, vote_id: UUID | None) -> Vote | None:
        """Return a written procedure that was opened."""
        vote = self._session.get(Vote, vote_id) if vote_id is not None else None
        return vote if vote is not None and _is_opened(vote) else None

    def _append(
        self,
        vote: Vote,
        step: AuditStep,
        subject_id: UUID | None,
        text: str,
        at: datetime | None = None,
        *,
        once: bool = False,
    ) -> None:
        """Append a step. once: not where the trail tells of it, as of what came back or in."""
        if (vote.id, step, subject_id) in self._unit.traced:
            return
        if vote.id not in self._told:
            told = audit.told(self._session, vote.id)
            self._told[vote.id] = {(each, subject) for each, subject, _ in told}
        known = self._told[vote.id]
        if once and (step, subject_id) in known:
            return
        if not known and step is not AuditStep.OPENED:
            _begin(self._unit, vote)
        known.add((step, subject_id))
        audit.append(self._unit, vote.id, step, subject_id, text, at)


_TOLD: Final[tuple[tuple[type, Callable[[_Trail, Touched], None]], ...]] = (
    (Document, _Trail.document),
    (VoteSeat, _Trail.seat),
    (Vote, _Trail.state),
    (Veto, _Trail.veto),
    (Decision, _Trail.decision),
)
"""What is told of each kind of record, in the order in which one change tells it."""


def _begin(unit: Unit, vote: Vote) -> None:
    """Begin the trail of a procedure that was opened before its trail was kept."""
    audit.begin(unit, vote.id, f"opened {vote.opened_at:%Y-%m-%dT%H:%M:%SZ}")


def _ballot(unit: Unit, vote: Vote, seat: VoteSeat, way: str) -> tuple[AuditStep, str]:
    """Return the step that tells of a member's vote, and what it says."""
    name = seat_name(unit, seat)
    if vote.secret:
        return (AuditStep.VOTED if seat.choice else AuditStep.VOTE_WITHDRAWN), name
    if not seat.choice:
        return AuditStep.VOTE_WITHDRAWN, f"{name}, {way}"
    said = f"{choice_told(seat.choice)}{name}, {way}"
    return AuditStep.VOTED, f"{said}: {seat.comment}" if seat.comment else said


def _is_opened(vote: Vote) -> bool:
    return vote.setting is VoteSetting.WRITTEN_PROCEDURE and vote.opened_at is not None
