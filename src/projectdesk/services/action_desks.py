"""What a host is told of actions: a desk for each that has a personal link.

The desks of a project are sent together; they belong to no room. A link lives while its action is
open and 30 days longer (decisions 1). A host gets the SHA-256 of each token only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from projectdesk.domain.minutes import ActionNoteKind, ActionStatus
from projectdesk.domain.rules.tokens import LinkPurpose, link_token, token_hash
from projectdesk.services.action_keys import action_host_key
from projectdesk.services.action_rows import ActionLink, ActionNoteRow, ActionRow
from projectdesk.services.desk_sets import DeskSet
from projectdesk.services.kept_settings import setting
from projectdesk.services.link_keys import link_key
from projectdesk.services.queries.actions import action_notes, action_query, action_row
from projectdesk.services.queries.meetings import organiser
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.desk import DeskSnapshot
from projectdesk.signalling.outcome import ActionRemark, ActionSnapshot
from projectdesk.store import schema

KEPT_OPEN: Final = timedelta(days=30)
"""How long a link lives after its action was closed."""
MOST_REMARKS: Final = 30
"""The newest that a page shows."""


def subject_of(row: ActionRow) -> str:
    """Return what a desk is about: the action, and whom its link was issued to."""
    person = row.owner_person_id
    return f"{row.id.hex}.{person.hex if person is not None else ''}"


def action_desks(workspace: Workspace, project_id: UUID) -> DeskSet:
    """Return the desks of a project's actions, as their host needs them.

    Raises:
        DomainError: `bad_link_key`.
        EnvironmentFailure: the key store cannot be reached.
    """
    rows = _linked(workspace, project_id)
    host = setting(workspace, action_host_key(project_id))
    if not rows:
        return DeskSet(host, ())
    asks, key = organiser(workspace, project_id), link_key(workspace)
    with workspace.read() as session:
        notes = action_notes(session, [row.id for row in rows])
    desks = [
        (
            row.desk or "",
            DeskSnapshot(
                subject=subject_of(row),
                token_hash="" if row.revoked else token_hash(_token(key, row)),
                deadline=_deadline(row),
                form=_form(row, notes.get(row.id, ()), asks),
            ),
        )
        for row in rows
    ]
    return DeskSet(host, tuple(desks))


def action_links(
    workspace: Workspace,
    project_id: UUID,
    public_url: str,
    action_ids: Collection[UUID] | None = None,
) -> list[ActionLink]:
    """Return the personal links of a project's actions; of revoked ones none.

    Args:
        workspace: the open data, with the link key among its secrets.
        project_id: which project.
        public_url: where its host is reached, without path ("https://meet.example.org").
        action_ids: of these only; None = of all that have one.

    Raises:
        DomainError: `bad_link_key`.
        EnvironmentFailure: the key store cannot be reached.
    """
    rows = [
        row
        for row in _linked(workspace, project_id)
        if not row.revoked and (action_ids is None or row.id in action_ids)
    ]
    if not rows:
        return []
    base, key = public_url.rstrip("/"), link_key(workspace)
    return [
        ActionLink(row.id, row.person, row.email, f"{base}/d/{row.desk}#{_token(key, row)}")
        for row in rows
    ]


def linked_projects(workspace: Workspace) -> list[UUID]:
    """Return the projects with links of actions that are still looked at.

    Only those whose links were issued in this data: a copy of a project (the sample, a project
    file) does not send its links to a host by itself.
    """
    action, kept = schema.action.c, schema.setting.c
    with workspace.read() as session:
        found = sorted(
            session.scalars(select(action.project_id).where(_lives(workspace.now())).distinct())
        )
        keys = [action_host_key(each) for each in found]
        hosted = set(session.scalars(select(kept.key).where(kept.key.in_(keys))))
    return [each for each in found if action_host_key(each) in hosted]


# --- inside ---------------------------------------------------------------------------------------


def _lives(now: datetime) -> ColumnElement[bool]:
    action = schema.action.c
    since = (now - KEPT_OPEN).date()
    return (
        action.desk.is_not(None)
        & action.owner_person_id.is_not(None)
        & or_(action.status == ActionStatus.OPEN, action.done_on.is_(None), action.done_on >= since)
    )


def _linked(workspace: Workspace, project_id: UUID) -> Sequence[ActionRow]:
    query = action_query().where(schema.action.c.project_id == project_id, _lives(workspace.now()))
    with workspace.read() as session:
        return [action_row(row) for row in session.execute(query)]


def _token(key: bytes, row: ActionRow) -> str:
    return link_token(key, LinkPurpose.ACTION, row.id, row.generation)


def _deadline(row: ActionRow) -> datetime | None:
    if row.status is not ActionStatus.DONE or row.done_on is None:
        return None
    return datetime.combine(row.done_on, time.max, UTC).replace(microsecond=0) + KEPT_OPEN


def _form(row: ActionRow, notes: Iterable[ActionNoteRow], asks: str) -> ActionSnapshot:
    told = list(notes)
    given = [note.made_at for note in told]
    return ActionSnapshot(
        project=row.project,
        label=row.label,
        text=row.text,
        name=row.person,
        organisation=row.partner,
        organiser=asks,
        due_on=row.due_on,
        first_due_on=row.first_due_on,
        meeting=row.meeting,
        related=row.related,
        status=row.status.value,
        remarks=[
            ActionRemark(
                at=note.made_at,
                name=note.name,
                text=note.text,
                kind=note.kind.value,
                due_on=note.due_on if note.kind is ActionNoteKind.POSTPONED else None,
            )
            for note in told[-MOST_REMARKS:]
        ],
        given_at=max(given, default=None),
    )
