"""`projectdesk attach FILE...`: documents by command."""

from __future__ import annotations

import argparse
from uuid import UUID

from projectdesk.commandline.data import opened
from projectdesk.commandline.printing import print_json
from projectdesk.errors import DomainError
from projectdesk.services import commands, queries
from projectdesk.services.document_rows import OwnerRow
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace


def attach(options: argparse.Namespace) -> int:
    """`projectdesk attach FILE... --project ACRONYM [--to LABEL]`."""
    with opened(options) as workspace:
        project = queries.project_by_acronym(workspace, options.project).id
        owner = _owner(workspace, project, options.to)
        made, changes = commands.attach_documents(workspace, owner.kind, owner.id, options.files)
    if options.json:
        print_json({"documents": made, "to": owner})
    else:
        print(changes.label)
    return 0


def _owner(workspace: Workspace, project: UUID, label: str | None) -> OwnerRow:
    """Return what a label names: a work package, deliverable, partner, or a meeting by its id.

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
        "“{label}” is nothing in this project that files can be attached to: expected WP3, D3.2, a "
        "partner's short name or a meeting's id.",
        label=label,
    )
