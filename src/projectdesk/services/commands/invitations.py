"""Invite people to a meeting; take a personal link back, or issue it anew.

A role or an answer is changed by `set_fields`, as every other field.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.consortium import Partner, Person
from projectdesk.domain.meetings import CallRole, Invitation, Meeting
from projectdesk.errors import DomainError
from projectdesk.services.inviting.told import forget_proposal
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def invite(
    workspace: Workspace,
    meeting_id: UUID,
    person_id: UUID,
    role: CallRole,
    partner_id: UUID | None = None,
) -> tuple[UUID, Changes]:
    """Invite a person to a meeting.

    Args:
        workspace: the open data.
        meeting_id: to which meeting.
        person_id: whom.
        role: in which role in the call.
        partner_id: for which partner; None = as the person's part in the project says.

    Returns:
        The invitation's id, and what changed.

    Raises:
        NotFound: no such meeting, person or partner.
        DomainError: `already_invited`; `foreign_partner`, the partner is of another project.
    """
    with workspace.change("Invite somebody") as unit:
        meeting = unit.get(Meeting, meeting_id)
        person = unit.get(Person, person_id)
        unit.label = f"Invite {person.name or person.email}"
        invited = select(schema.invitation.c.id).where(
            schema.invitation.c.meeting_id == meeting_id,
            schema.invitation.c.person_id == person_id,
        )
        if unit.session.execute(invited).first() is not None:
            raise DomainError(
                "already_invited", "{name} is invited already.", name=person.name or person.email
            )
        if partner_id is None:
            partner_id = _partner_of(unit, meeting.project_id, person_id)
        elif unit.get(Partner, partner_id).project_id != meeting.project_id:
            raise DomainError("foreign_partner", "That partner is in another project.")
        invitation = Invitation(
            meeting_id=meeting_id, person_id=person_id, partner_id=partner_id, role=role
        )
        unit.add(invitation)
    return invitation.id, unit.changes


def revoke_invitation(workspace: Workspace, invitation_id: UUID, version: int) -> Changes:
    """Shut a personal link: its host lets nobody in by it any more. Idempotent.

    Raises:
        NotFound: no such invitation.
        Conflict: it was changed since.
    """
    with workspace.change("Revoke an invitation") as unit:
        invitation = unit.get(Invitation, invitation_id, version)
        invitation.revoked = True
    return unit.changes


def renew_invitation(workspace: Workspace, invitation_id: UUID, version: int) -> Changes:
    """Issue a personal link anew: the old one ends, also if it was revoked before.

    It cannot be undone: the old link may be in wrong hands.

    Raises:
        NotFound: no such invitation.
        Conflict: it was changed since.
    """
    with workspace.change("Renew a personal link", undoable=False) as unit:
        invitation = unit.get(Invitation, invitation_id, version)
        invitation.generation += 1
        invitation.revoked = False
    return unit.changes


def dismiss_proposal(workspace: Workspace, invitation_id: UUID) -> Changes:
    """Forget another time that an invitee proposed: the meeting keeps its own. Idempotent.

    Raises:
        NotFound: no such invitation.
    """
    with workspace.change("Keep the time", undoable=False) as unit:
        invitation = unit.get(Invitation, invitation_id)
        forget_proposal(unit.session, invitation_id)
        unit.touch(Kind.INVITATION, invitation_id)
        unit.touch(Kind.MEETING, invitation.meeting_id)
    return unit.changes


def _partner_of(unit: Unit, project_id: UUID, person_id: UUID) -> UUID | None:
    membership, partner = schema.membership.c, schema.partner.c
    return unit.session.scalar(
        select(membership.partner_id)
        .join_from(schema.membership, schema.partner)
        .where(membership.project_id == project_id, membership.person_id == person_id)
        .order_by(partner.position, membership.id)
        .limit(1)
    )
