"""Making one record of two that are the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.consortium import BodyMember, Membership, Organisation, Person
from projectdesk.domain.meetings import Invitation, InvitationAnswer
from projectdesk.errors import DomainError
from projectdesk.services.editing import change_record
from projectdesk.services.kinds import SPECS
from projectdesk.services.labels import name_of
from projectdesk.services.mine import is_me
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from projectdesk.store.mapping import ENTITIES, TABLES


def merge_people(
    workspace: Workspace,
    kept_id: UUID,
    gone_id: UUID,
    values: Mapping[str, object] | None = None,
    *,
    versions: tuple[int, int] | None = None,
) -> Changes:
    """Make one person of two, as one change.

    Memberships, invitations with their attendance, seats in bodies, actions, agenda items, reviews
    and statements of the one that goes become those of the one that is kept. Where both are invited
    to a meeting, or are in a project for the same partner, there is one invitation or membership
    after; the link of the other invitation opens nothing any more.

    Args:
        workspace: the open database.
        kept_id: who stays.
        gone_id: who is merged into them and deleted.
        values: fields of the kept one that change; what it leaves blank is filled from the other.
        versions: those that were seen of both; None = whatever they are.

    Raises:
        NotFound: one of them does not exist any more.
        Conflict: one was changed since it was seen.
        DomainError: `same_record`, `is_me` (who uses this desktop cannot be the one that goes), or
            a field cannot hold its value.
    """
    return _merge(workspace, Kind.PERSON, kept_id, gone_id, values or {}, versions)


def merge_organisations(
    workspace: Workspace,
    kept_id: UUID,
    gone_id: UUID,
    values: Mapping[str, object] | None = None,
    *,
    versions: tuple[int, int] | None = None,
) -> Changes:
    """Make one organisation of two, as one change.

    Its partners and people become those of the one that is kept. Where both take part in one
    project, both partners stay, as each has its own number and money.

    Args:
        workspace: the open database.
        kept_id: which one stays.
        gone_id: which one is merged into it and deleted.
        values: fields of the kept one that change; what it leaves blank is filled from the other.
        versions: those that were seen of both; None = whatever they are.

    Raises:
        NotFound, Conflict, DomainError: as `merge_people`.
    """
    return _merge(workspace, Kind.ORGANISATION, kept_id, gone_id, values or {}, versions)


def _merge(
    workspace: Workspace,
    kind: Kind,
    kept_id: UUID,
    gone_id: UUID,
    values: Mapping[str, object],
    versions: tuple[int, int] | None,
) -> Changes:
    if kept_id == gone_id:
        raise DomainError("same_record", "These are one record already.")
    entity = ENTITIES[kind.value]
    seen = versions or (None, None)
    with workspace.change("Merge") as unit:
        kept, gone = unit.get(entity, kept_id, seen[0]), unit.get(entity, gone_id, seen[1])
        if isinstance(gone, Person):
            _refuse_me(unit, gone)
        unit.label = f"Merge {name_of(unit.session, gone)} into {name_of(unit.session, kept)}"
        _move(unit, kind, kept, gone)
        change_record(unit, kind, kept, _filled(kind, kept, gone) | dict(values))
        unit.delete(gone)
    return unit.changes


def _refuse_me(unit: Unit, gone: Person) -> None:
    mine = unit.session.scalar(
        select(schema.person.c.id).where(is_me(unit.session), schema.person.c.id == gone.id)
    )
    if mine is not None:
        raise DomainError(
            "is_me", "{name} is you: keep yourself and merge the other one.", name=gone.name
        )


_NOT_FILLED = {"work_from", "work_to", "sme"}
"""Fields that always say something: what is false or midnight is not blank."""


def _filled(kind: Kind, kept: Any, gone: Any) -> dict[str, object]:
    """Return what the kept record leaves blank and the other one says."""
    found = {
        name: getattr(gone, name)
        for name in SPECS[kind].fields.keys() - _NOT_FILLED
        if not getattr(kept, name) and getattr(gone, name)
    }
    if isinstance(kept, Organisation) and kept.sme is None:
        found["sme"] = gone.sme
    return found


# --- references -----------------------------------------------------------------------------------


def _move(unit: Unit, kind: Kind, kept: Any, gone: Any) -> None:
    """Let everything that refers to one record refer to the other."""
    for table in TABLES.values():
        for key in sorted(table.foreign_keys, key=lambda each: each.parent.name):
            if key.column.table.name != kind.value:
                continue
            entity = ENTITIES[table.name]
            found = unit.session.scalars(select(entity).where(key.parent == gone.id)).all()
            for record in found:
                _point(unit, record, key.parent.name, kept)


def _point(unit: Unit, record: Any, name: str, kept: Any) -> None:
    match record:
        case Invitation() if (other := _invitation(unit, record, kept)) is not None:
            _merge_invitations(unit, other, record)
        case Membership() if (same := _membership(unit, record, kept)) is not None:
            same.function = same.function or record.function
            same.partner_id = same.partner_id or record.partner_id
            unit.delete(record)
        case _:
            setattr(record, name, kept.id)
            if isinstance(record, BodyMember) and record.representative_id == record.deputy_id:
                record.deputy_id = None


def _invitation(unit: Unit, record: Invitation, kept: Any) -> Invitation | None:
    invitation = schema.invitation.c
    query = select(Invitation).where(
        invitation.meeting_id == record.meeting_id, invitation.person_id == kept.id
    )
    return unit.session.scalars(query).first()


def _merge_invitations(unit: Unit, kept: Invitation, gone: Invitation) -> None:
    """Make one invitation of two to the same meeting; attendance of both counts."""
    if kept.answer is InvitationAnswer.NONE:
        kept.answer, kept.answered_at = gone.answer, gone.answered_at
        kept.comment = kept.comment or gone.comment
    kept.partner_id = kept.partner_id or gone.partner_id
    _move(unit, Kind.INVITATION, kept, gone)
    unit.delete(gone)


def _membership(unit: Unit, record: Membership, kept: Any) -> Membership | None:
    """Return the kept person's membership in the same project that means the same."""
    membership = schema.membership.c
    query = select(Membership).where(
        membership.project_id == record.project_id, membership.person_id == kept.id
    )
    for other in unit.session.scalars(query.order_by(membership.id)):
        if record.partner_id in (None, other.partner_id) or other.partner_id is None:
            return other
    return None
