"""`projectdesk attach FILE...`: documents by command."""

from __future__ import annotations

import argparse
from uuid import UUID

from projectdesk.commandline.data import opened
from projectdesk.commandline.printing import print_json
from projectdesk.errors import DomainError, NotFound
from projectdesk.services import commands, queries
from projectdesk.services.document_rows import OwnerRow
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace


def attach(options: argparse.Namespace) -> int:
    """`projectdesk attach FILE... --project ACRONYM [--to LABEL] [--existing]`."""
    with opened(options) as workspace:
        project = queries.project_by_acronym(workspace, options.project).id
        owner = _owner(workspace, project, options.to)
        if options.existing:
            known = [_known(workspace, project, str(each)) for each in options.files]
            made, changes = commands.attach_existing(workspace, owner.kind, owner.id, known)
        else:
            made, changes = commands.attach_documents(
                workspace, owner.kind, owner.id, options.files
            )
    if options.json:
        print_json({"documents": made, "to": owner})
    else:
        print(changes.label)
    return 0


def _known(workspace: Workspace, project: UUID, name: str) -> UUID:
    """Return the document of a project that a name or an id means; of several the newest.

    Raises:
        NotFound: `no_such_document`.
    """
    for row in queries.attached_documents(workspace, project):
        if name in {row.name, str(row.id)}:
            return row.id
    raise NotFound(
        "no_such_document",
        "The project has no document “{name}”: give its name as the documents show it, or its id.",
        name=name,
    )


def _owner(workspace: Workspace, project: UUID, label: str | None) -> OwnerRow:
    """Return what a label names: work package, deliverable, partner, procedure, or a meeting's id.

    Raises:
        DomainError: `no_such_owner`.
    """
    owners = queries.document_owners(workspace, project)
    if label is None:
        return owners[0]
    for owner in owners:
        named = owner.kind is not Kind.MEETING and owner.label.casefold() == label.casefold()
        if str(owner.id) == label or (named and owner.kind is not Kind.AGENDA_ITEM):
            return owner
    raise DomainError(
        "no_such_owner",
        "“{label}” is nothing in this project that files can be attached to: expected WP3, D3.2, "
        "V4 of a written procedure, a partner's short name or a meeting's id.",
        label=label,
    )
