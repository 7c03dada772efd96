"""Attach documents of a project to something else of it too; the content is there once."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.talk import Document
from projectdesk.errors import DomainError
from projectdesk.services import record_checks
from projectdesk.services.document_store import share
from projectdesk.services.labels import name_of
from projectdesk.services.queries.consortium import me
from projectdesk.services.queries.documents import OWNERS
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from projectdesk.store.mapping import ENTITIES


def attach_existing(
    workspace: Workspace, kind: Kind, owner_id: UUID, document_ids: Sequence[UUID]
) -> tuple[list[UUID], Changes]:
    """Attach what is attached elsewhere in the project; there it stays.

    What is attached here already with the same name and content is passed over.

    Args:
        workspace: the open data.
        kind: of what they are attached to.
        owner_id: its id.
        document_ids: one or more.

    Returns:
        The ids of the new documents, and what changed.

    Raises:
        NotFound: a document, or what they are attached to, is not there.
        DomainError: `already_attached`, all of them are; `not_attachable`, `other_project`;
            `documents_fixed`, members vote on these already.
    """
    if kind not in OWNERS or kind is Kind.PROJECT:
        raise DomainError("not_attachable", "Documents cannot be attached to this.")
    who = me(workspace)
    with workspace.change("Attach") as unit:
        owner = unit.get(ENTITIES[kind.value], owner_id)
        project = record_checks.project_of(unit.session, {}, owner)
        table = schema.document.c
        query = select(table.name, table.sha256).where(table[OWNERS[kind]] == owner_id)
        known = {(row.name, row.sha256) for row in unit.session.execute(query)}
        made = []
        for source in [unit.get(Document, each) for each in document_ids]:
            if source.project_id != project:
                raise DomainError("other_project", "This belongs to another project.")
            if (source.name, source.sha256) in known:
                continue
            known.add((source.name, source.sha256))
            document = Document(
                project_id=source.project_id,
                name=source.name,
                size=source.size,
                sha256=source.sha256,
                shared_by=who.name if who else source.shared_by,
                shared_at=unit.now,
                stored=source.stored,
                note=source.note,
            )
            setattr(document, OWNERS[kind], owner_id)
            made.append(document)
        if not made:
            raise DomainError("already_attached", "This is attached here already.")
        if workspace.shared:
            for sha256 in {each.sha256 for each in made if each.stored}:
                # Locked: a colleague's erasing could not see this document yet.
                share(unit.session.connection(), workspace.data, sha256)
        unit.add(*made)
        what = f"“{made[0].name}”" if len(made) == 1 else f"{len(made)} documents"
        unit.label = f"Attach {what} to {name_of(unit.session, owner)}".strip()
    return [document.id for document in made], unit.changes
