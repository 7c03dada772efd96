"""Adding partners and people, each of which is two records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from projectdesk.desktop.runtime.session import Session
from projectdesk.errors import ProjectDeskError
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

Then = Callable[[UUID], None]
Failed = Callable[[ProjectDeskError], None]


def add_person(
    session: Session, project: UUID, values: Mapping[str, Any], then: Then, failed: Failed
) -> None:
    """Add a person to a project; somebody with that e-mail is taken as the same."""

    def work(workspace: Workspace) -> UUID:
        person = _known_person(workspace, values["email"])
        if person is None:
            wanted = {key: values[key] for key in ("given_name", "family_name", "email", "zone")}
            partner = _partner_organisation(workspace, project, values["partner_id"])
            person, _ = commands.create(
                workspace, Kind.PERSON, wanted | {"organisation_id": partner}
            )
        membership = {
            "project_id": project,
            "person_id": person,
            "partner_id": values["partner_id"],
            "function": values["function"],
        }
        commands.create(workspace, Kind.MEMBERSHIP, membership)
        return person

    session.ask(work, then, failed)


def _known_person(workspace: Workspace, email: str) -> UUID | None:
    if not email:
        return None
    everyone = queries.people(workspace)
    return next((p.id for p in everyone if p.email.casefold() == email.casefold()), None)


def _partner_organisation(workspace: Workspace, project: UUID, partner: UUID | None) -> UUID | None:
    rows = queries.partners(workspace, project)
    return next((row.organisation_id for row in rows if row.id == partner), None)
