"""Decisions of the register: correct, replace, withdraw; vetoes by hand; what follows them up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from projectdesk.domain.minutes import Action, Decision, DecisionState
from projectdesk.domain.rules import validation
from projectdesk.domain.voting import Veto, VetoState
from projectdesk.errors import DomainError
from projectdesk.services.editing import add_record, change_record
from projectdesk.services.labels import name_of
from projectdesk.services.record_checks import check_reference
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.session import Unit
from projectdesk.services.vetoes import put_veto, settle_vetoes
from projectdesk.services.workspace import Workspace

_GONE = frozenset({DecisionState.REPLACED, DecisionState.WITHDRAWN})


def replace_decision(
    workspace: Workspace, decision_id: UUID, text: str, by: UUID | None = None
) -> tuple[UUID, Changes]:
    """Let a later decision take the place of one that can be changed no more.

    Args:
        workspace: the open data.
        decision_id: which is replaced.
        text: of a new decision, "" when `by` names one that was taken.
        by: a decision that was taken already, None = a new one is written down.

    Returns:
        The id of the later decision, and what changed.

    Raises:
        NotFound: no such decision.
        DomainError: `already_replaced`, `replaces_itself`, `other_project`; an empty text.
    """
    with workspace.change("Replace a decision") as unit:
        old = unit.get(Decision, decision_id)
        if old.state in _GONE:
            raise DomainError("already_replaced", "This decision is replaced or withdrawn already.")
        if by is None:
            values = {
                "project_id": old.project_id,
                "meeting_id": old.meeting_id,
                "agenda_item_id": old.agenda_item_id,
                "text": text,
                "body_id": old.body_id,
                "work_package_id": old.work_package_id,
                "deliverable_id": old.deliverable_id,
            }
            new: Decision = add_record(unit, Kind.DECISION, values)
            unit.session.flush()
        else:
            new = unit.get(Decision, by)
            _check_later(unit, old, new)
        old.state, old.replaced_by_id = DecisionState.REPLACED, new.id
        unit.label = f"Replace {name_of(unit.session, old)} by {name_of(unit.session, new)}"
    return new.id, unit.changes


def reinstate_decision(workspace: Workspace, decision_id: UUID) -> Changes:
    """Let a decision stand again that was said to be replaced or withdrawn.

    Raises:
        NotFound: no such decision.
        DomainError: `not_replaced`.
    """
    with workspace.change("Reinstate a decision") as unit:
        decision = unit.get(Decision, decision_id)
        if decision.state not in _GONE:
            raise DomainError("not_replaced", "This decision is neither replaced nor withdrawn.")
        decision.state, decision.replaced_by_id = DecisionState.TAKEN, None
        settle_vetoes(unit, decision)
        unit.label = f"Reinstate {name_of(unit.session, decision)}"
    return unit.changes


def withdraw_decision(workspace: Workspace, decision_id: UUID) -> Changes:
    """Say that a decision does not stand any more, without another in its place.

    Raises:
        NotFound: no such decision.
        DomainError: `already_replaced`.
    """
    with workspace.change("Withdraw a decision") as unit:
        decision = unit.get(Decision, decision_id)
        if decision.state in _GONE:
            raise DomainError("already_replaced", "This decision is replaced or withdrawn already.")
        decision.state = DecisionState.WITHDRAWN
        unit.label = f"Withdraw {name_of(unit.session, decision)}"
    return unit.changes


def raise_veto(
    workspace: Workspace,
    decision_id: UUID,
    partner_id: UUID,
    reason: str,
    *,
    person_id: UUID | None = None,
    raised_at: datetime | None = None,
) -> Changes:
    """Write down a member's veto that came another way than by its link.

    Args:
        workspace: the open data.
        decision_id: against which decision.
        partner_id: the member.
        reason: what it would affect.
        person_id: who raised it.
        raised_at: when it was received; None = now.

    Raises:
        NotFound: no such decision.
        DomainError: `required` (no reason); `decision_binds`; `already_replaced`; `veto_too_late`,
            it was received after the time for it; `other_project`; `no_such_record`.
    """
    with workspace.change("Raise a veto") as unit:
        decision = unit.get(Decision, decision_id)
        text = validation.prose(reason, "reason", required=True)
        at = raised_at or unit.now
        if decision.binding_at is not None:
            raise DomainError("decision_binds", "This decision binds: no veto is taken any more.")
        if decision.state in _GONE:
            raise DomainError("already_replaced", "This decision is replaced or withdrawn.")
        if decision.veto_until is not None and at > decision.veto_until:
            raise validation.refuse(
                "veto_too_late", "raised_at", "The time for a veto against this decision is over."
            )
        _check_member(unit, decision, partner_id, person_id)
        put_veto(unit, decision, partner_id, text, at, person_id)
        unit.label = f"Raise a veto against {name_of(unit.session, decision)}"
    return unit.changes


def settle_veto(
    workspace: Workspace, veto_id: UUID, state: VetoState, answer: str | None = None
) -> Changes:
    """Answer a veto: it stands, was taken back, or is not admitted.

    Args:
        workspace: the open data.
        veto_id: which one.
        state: what becomes of it.
        answer: of the chair, shown to the member; None = as it is. What is not admitted needs one.

    Raises:
        NotFound: no such veto.
        DomainError: `required` (field answer); `decision_binds`, it cannot stand again.
    """
    with workspace.change("Answer a veto") as unit:
        veto = unit.get(Veto, veto_id)
        decision = unit.get(Decision, veto.decision_id)
        if decision.binding_at is not None and state is VetoState.RAISED:
            raise DomainError("decision_binds", "This decision binds: no veto is taken any more.")
        values: dict[str, Any] = {"state": state}
        if answer is not None:
            values["answer"] = answer
        said = veto.answer if answer is None else answer
        if state is VetoState.NOT_ADMITTED and not said.strip():
            raise validation.refuse("required", "answer", "Say why the veto is not admitted.")
        change_record(unit, Kind.VETO, veto, values)
        settle_vetoes(unit, decision)
        unit.label = f"Answer the veto of {name_of(unit.session, veto)}"
    return unit.changes


def add_follow_up(
    workspace: Workspace, decision_id: UUID, values: Mapping[str, object]
) -> tuple[UUID, Changes]:
    """Make an action that follows a decision up.

    Args:
        workspace: the open data.
        decision_id: which decision.
        values: of the action: text, owner_person_id, owner_partner_id, due_on ...

    Returns:
        Its id, and what changed.

    Raises:
        NotFound: no such decision.
        DomainError: a field cannot hold what was given (fact `field`).
    """
    with workspace.change("Follow a decision up") as unit:
        decision = unit.get(Decision, decision_id)
        action: Action = add_record(
            unit,
            Kind.ACTION,
            {
                "project_id": decision.project_id,
                "meeting_id": decision.meeting_id,
                "agenda_item_id": decision.agenda_item_id,
                "work_package_id": decision.work_package_id,
                "deliverable_id": decision.deliverable_id,
                **values,
                "decision_id": decision_id,
            },
        )
        unit.session.flush()
        unit.label = f"Add {name_of(unit.session, action)} to {name_of(unit.session, decision)}"
    return action.id, unit.changes


# --- inside ---------------------------------------------------------------------------------------


def _check_later(unit: Unit, old: Decision, new: Decision) -> None:
    if new.project_id != old.project_id:
        raise DomainError("other_project", "This decision belongs to another project.")
    seen = {old.id}
    each: Decision | None = new
    while each is not None:
        if each.id in seen:
            raise DomainError("replaces_itself", "A decision cannot replace itself.")
        seen.add(each.id)
        each = None if each.replaced_by_id is None else unit.get(Decision, each.replaced_by_id)


def _check_member(unit: Unit, decision: Decision, partner_id: UUID, person_id: UUID | None) -> None:
    check_reference(unit.session, "partner_id", Kind.PARTNER, partner_id, decision.project_id)
    if person_id is not None:
        check_reference(unit.session, "person_id", Kind.PERSON, person_id, decision.project_id)
