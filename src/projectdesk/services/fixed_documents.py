"""Documents that members vote on stay as they were when the written procedure was opened.

A document's content is known by its hash, so it cannot change. Which documents belong to a
procedure, under which name, is fixed when it is opened: asked before each flush, so that no
command, import or undo gets past it.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from projectdesk.domain.talk import Document
from projectdesk.domain.voting import Vote
from projectdesk.errors import DomainError

DOCUMENTS_FIXED: Final = "documents_fixed"
"""Code of the refusal."""
_FREE: Final = "procedures whose documents may go or come in this change"
"""Ids of votes that are made or deleted, in any flush of the change."""
_FIXED: Final = ("vote_id", "name", "size", "sha256")


def check_voted(session: Session) -> None:
    """Refuse pending changes of documents that members vote on, or voted on.

    Raises:
        DomainError: `documents_fixed`.
    """
    free: set[UUID] = session.info.setdefault(_FREE, set())
    for record in (*session.new, *session.deleted):
        if isinstance(record, Vote):
            free.add(record.id)
    for record in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(record, Document):
            continue
        if record in session.dirty and not _is_moved(record):
            continue
        for vote_id in _votes_of(record) - free:
            vote = session.get(Vote, vote_id)
            if vote is not None and _was_opened(vote):
                raise DomainError(
                    DOCUMENTS_FIXED,
                    "Members vote on these documents as they were when V{number} was opened: they "
                    "do not change any more.",
                    number=vote.number,
                )


def _is_moved(record: Document) -> bool:
    attributes = inspect(record).attrs
    return any(attributes[name].history.has_changes() for name in _FIXED)


def _votes_of(record: Document) -> set[UUID]:
    """Return the votes that a document belongs to, or did before this change."""
    past: Any = inspect(record).attrs.vote_id.history
    return {each for each in (record.vote_id, *past.deleted) if each is not None}


def _was_opened(vote: Vote) -> bool:
    """Return whether a vote was opened in the database, before this change."""
    past: Any = inspect(vote).attrs.opened_at.history
    before = past.deleted[0] if past.deleted else vote.opened_at
    return before is not None
