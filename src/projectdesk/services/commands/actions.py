"""What is done with an action: close, postpone, comment, reopen, drop, assign; its link.

Each makes a note of who said it (`services.action_telling`), and can be undone; a link that was
issued anew cannot.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.identity import new_public_id
from projectdesk.domain.minutes import Action, ActionNote, ActionNoteKind, ActionStatus
from projectdesk.domain.rules import validation
from projectdesk.domain.workplan import Deliverable
from projectdesk.errors import DomainError
from projectdesk.services import outbox
from projectdesk.services.action_keys import action_host_key
from projectdesk.services.action_rows import ActionProposal
from projectdesk.services.action_telling import NOTE_LIMIT, Told, new_link, take_step, tell
from projectdesk.services.editing import change_record
from projectdesk.services.labels import name_of
from projectdesk.services.meeting_hosts import default_host
from projectdesk.services.mine import is_me
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.session import Unit
from projectdesk.services.unit_settings import keep, kept
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def close_action(workspace: Workspace, action_ids: Sequence[UUID], text: str = "") -> Changes:
    """Mark actions as done today; what is closed already stays as it is.

    Raises:
        NotFound: no such action.
    """
    return _tell_all(workspace, action_ids, "Close", ActionNoteKind.DONE, text)


def postpone_action(
    workspace: Workspace, action_ids: Sequence[UUID], due_on: date, text: str = ""
) -> Changes:
    """Give open actions another date; the first one is kept.

    Raises:
        NotFound: no such action.
        DomainError: `not_open`; `due_too_far` (field due_on).
    """
    return _tell_all(workspace, action_ids, "Postpone", ActionNoteKind.POSTPONED, text, due_on)


def comment_action(workspace: Workspace, action_id: UUID, text: str) -> Changes:
    """Note something of an action.

    Raises:
        NotFound: no such action.
        DomainError: `required`; it is too long.
    """
    validation.prose(text, "text", required=True, limit=NOTE_LIMIT)
    return _tell_all(workspace, [action_id], "Comment on", ActionNoteKind.COMMENT, text)


def reopen_action(workspace: Workspace, action_ids: Sequence[UUID], text: str = "") -> Changes:
    """Open actions again that were done or dropped.

    Raises:
        NotFound: no such action.
    """
    return _tell_all(workspace, action_ids, "Reopen", ActionNoteKind.REOPENED, text)


def drop_action(workspace: Workspace, action_id: UUID, reason: str) -> Changes:
    """Drop an action that is not to be done any more; why is noted.

    Raises:
        NotFound: no such action.
        DomainError: `required`, no reason (field text); `not_open`.
    """
    why = validation.prose(reason, "text", required=True, limit=NOTE_LIMIT)
    with workspace.change("Drop an action") as unit:
        action = unit.get(Action, action_id)
        _check_open(unit, action)
        unit.label = f"Drop {name_of(unit.session, action)}"
        change_record(unit, Kind.ACTION, action, {"status": ActionStatus.DROPPED})
        unit.add(
            ActionNote(
                action_id=action.id,
                kind=ActionNoteKind.COMMENT,
                text=why,
                person_id=_me(unit),
                made_at=unit.now,
            )
        )
        take_back_mail(unit, action)
    return unit.changes


def assign_action(
    workspace: Workspace,
    action_ids: Sequence[UUID],
    person_id: UUID | None,
    partner_id: UUID | None = None,
) -> Changes:
    """Say who does actions; the personal links of who did them before end.

    Args:
        workspace: the open data.
        action_ids: which actions.
        person_id: who; None = nobody yet.
        partner_id: for which partner; None = the person's partner in the project.

    Raises:
        NotFound: no such action.
        DomainError: `no_such_record`, `other_project`.
    """
    with workspace.change("Assign actions", in_turn=True) as unit:
        for action_id in action_ids:
            action = unit.get(Action, action_id)
            partner = partner_id or _partner_of(unit, action.project_id, person_id)
            before = action.owner_person_id
            change_record(
                unit,
                Kind.ACTION,
                action,
                {"owner_person_id": person_id, "owner_partner_id": partner},
            )
            if before != person_id:
                take_back_mail(unit, action)
            if len(action_ids) == 1:
                unit.label = f"Assign {name_of(unit.session, action)}"
    return unit.changes


def issue_links(
    workspace: Workspace, action_ids: Collection[UUID], host: str | None = None
) -> Changes:
    """Give actions personal links, where they have none; a desktop sends their desks to the host.

    Args:
        workspace: the open data.
        action_ids: which actions; those without a person are passed over.
        host: where the links lead, as of `Meeting.host`; None = where this project's lead already,
            else where new meetings are held.

    Raises:
        NotFound: no such action.
        DomainError: `nobody_does_it`, none of them has a person who does it.
    """
    place = default_host(workspace) if host is None else host
    with workspace.change("Issue links of actions", undoable=False, in_turn=True) as unit:
        given = [unit.get(Action, each) for each in action_ids]
        mine = [action for action in given if action.owner_person_id is not None]
        if given and not mine:
            raise DomainError("nobody_does_it", "Say first who does it: the link is theirs alone.")
        for action in mine:
            if action.desk is None:
                action.desk = new_public_id()
            if len(given) == 1:
                unit.label = f"Issue the link of {name_of(unit.session, action)}"
        for project_id in {action.project_id for action in mine}:
            _keep_host(unit, project_id, place, anew=host is not None)
    return unit.changes


def renew_action_link(workspace: Workspace, action_id: UUID) -> Changes:
    """Issue the link of an action anew: the old one ends (it may be in wrong hands).

    Raises:
        NotFound: no such action.
    """
    with workspace.change("Renew the link of an action", undoable=False) as unit:
        action = unit.get(Action, action_id)
        unit.label = f"Renew the link of {name_of(unit.session, action)}"
        new_link(action)
        take_back_mail(unit, action)
    return unit.changes


def revoke_action_link(workspace: Workspace, action_id: UUID) -> Changes:
    """Shut the link of an action.

    Raises:
        NotFound: no such action.
    """
    with workspace.change("Revoke the link of an action", undoable=False) as unit:
        action = unit.get(Action, action_id)
        unit.label = f"Revoke the link of {name_of(unit.session, action)}"
        action.revoked = True
        take_back_mail(unit, action)
    return unit.changes


def take_proposed_step(workspace: Workspace, proposal: ActionProposal) -> Changes:
    """Let a deliverable go on as a done action proposes.

    Raises:
        NotFound: the deliverable is gone.
        Conflict: it was changed since it was proposed.
        DomainError: `no_such_step`.
    """
    with workspace.change(f"Let {proposal.label} follow its action") as unit:
        deliverable = unit.get(Deliverable, proposal.deliverable_id, proposal.version)
        take_step(unit, deliverable, proposal.status, unit.now.date())
    return unit.changes


def take_back_mail(unit: Unit, action: Action) -> None:
    """Take back mails about an action that wait in the outbox."""
    if outbox.cancel(unit, record_id=action.id):
        unit.undoable = False


# --- inside ---------------------------------------------------------------------------------------


def _tell_all(
    workspace: Workspace,
    action_ids: Sequence[UUID],
    verb: str,
    kind: ActionNoteKind,
    text: str,
    due_on: date | None = None,
) -> Changes:
    with workspace.change(f"{verb} {len(action_ids)} actions", in_turn=True) as unit:
        who = _me(unit)
        for action_id in action_ids:
            action = unit.get(Action, action_id)
            if kind is ActionNoteKind.POSTPONED:
                _check_open(unit, action)
            if len(action_ids) == 1:
                unit.label = f"{verb} {name_of(unit.session, action)}"
            if not text.strip() and _is_so(action, kind, due_on):
                continue
            changed = tell(unit, action, Told(kind, text, due_on, who), unit.now)
            if changed and kind is ActionNoteKind.REOPENED:
                continue
            if changed:
                take_back_mail(unit, action)
    return unit.changes


def _is_so(action: Action, kind: ActionNoteKind, due_on: date | None) -> bool:
    """Return whether an action is already what it would become: nothing is to be noted."""
    match kind:
        case ActionNoteKind.DONE:
            return action.status is not ActionStatus.OPEN
        case ActionNoteKind.REOPENED:
            return action.status is ActionStatus.OPEN
        case ActionNoteKind.POSTPONED:
            return action.due_on == due_on
        case ActionNoteKind.COMMENT:
            return False


def _check_open(unit: Unit, action: Action) -> None:
    if action.status is not ActionStatus.OPEN:
        raise DomainError(
            "not_open",
            "{name} is {state} already: reopen it first.",
            name=name_of(unit.session, action),
            state=action.status.value,
        )


def _me(unit: Unit) -> UUID | None:
    found: UUID | None = unit.session.scalar(
        select(schema.person.c.id).where(is_me(unit.session)).limit(1)
    )
    return found


def _partner_of(unit: Unit, project_id: UUID, person_id: UUID | None) -> UUID | None:
    if person_id is None:
        return None
    membership = schema.membership.c
    found: UUID | None = unit.session.scalar(
        select(membership.partner_id)
        .where(membership.project_id == project_id, membership.person_id == person_id)
        .order_by(membership.partner_id.is_(None), membership.id)
        .limit(1)
    )
    return found


def _keep_host(unit: Unit, project_id: UUID, place: str, *, anew: bool) -> None:
    """Remember where the links of a project's actions lead; those that are out stay where they do.

    anew: somebody chose the place.
    """
    key = action_host_key(project_id)
    known = kept(unit.session, key)
    if known == place or (known is not None and not anew):
        return
    keep(unit.session, key, place)
