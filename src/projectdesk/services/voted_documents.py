"""Documents of what a written procedure votes on, and whether members can be given them.

That they stay as they were when it was opened is seen to by `services.fixed_documents`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.errors import DomainError, EnvironmentFailure
from projectdesk.services.document_store import fetched
from projectdesk.services.procedure_rows import VotedDocument
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.desk import MAX_DESK_FILE
from projectdesk.store import schema

_log = logging.getLogger(__name__)
MOST_DOCUMENTS: Final = 20
"""Most documents of one procedure."""


def voted_documents(
    session: Session, votes: Iterable[UUID]
) -> Mapping[UUID, tuple[VotedDocument, ...]]:
    """Return the documents of each vote, in the order in which they came."""
    document = schema.document
    query = (
        select(document)
        .where(document.c.vote_id.in_(list(votes)))
        .order_by(document.c.shared_at, document.c.name, document.c.id)
    )
    found: dict[UUID, list[VotedDocument]] = {}
    for row in session.execute(query):
        made = VotedDocument(row.id, row.version, row.name, row.size, row.sha256, row.note)
        found.setdefault(row.vote_id, []).append(made)
    return {vote: tuple(rows) for vote, rows in found.items()}


def contents(workspace: Workspace, vote_id: UUID) -> Sequence[tuple[VotedDocument, Path]]:
    """Return the documents of a procedure with their contents on this computer.

    Raises:
        EnvironmentFailure: `document_missing`, a content is not here and not in the database.
    """
    with workspace.read() as session:
        rows = voted_documents(session, [vote_id]).get(vote_id, ())
    return [(each, fetched(workspace, each.sha256)) for each in rows]


def contents_here(workspace: Workspace, vote_id: UUID) -> dict[str, Path]:
    """Return the contents of a procedure that are on this computer, by SHA-256.

    They were all there when it was opened, and its host has them since: one that is gone here must
    not keep what else changes from its links.
    """
    with workspace.read() as session:
        rows = voted_documents(session, [vote_id]).get(vote_id, ())
    found = {}
    for each in rows:
        try:
            found[each.sha256] = fetched(workspace, each.sha256)
        except EnvironmentFailure as error:
            _log.warning("a document that is voted on is not here: %s", error.code)
    return found


def check_ready(workspace: Workspace, vote_id: UUID) -> None:
    """Refuse documents that cannot be given to members by their links.

    Raises:
        DomainError: `too_many_documents`, `document_too_large`.
        EnvironmentFailure: `document_missing`.
    """
    rows = contents(workspace, vote_id)
    if len(rows) > MOST_DOCUMENTS:
        raise DomainError(
            "too_many_documents",
            "{most} documents can be voted on at most, and these are {count}.",
            most=MOST_DOCUMENTS,
            count=len(rows),
        )
    for document, _ in rows:
        if document.size > MAX_DESK_FILE:
            raise DomainError(
                "document_too_large",
                "{name} is larger than {limit} MB: members could not fetch it by their links.",
                name=document.name,
                limit=MAX_DESK_FILE // 1_000_000,
            )
