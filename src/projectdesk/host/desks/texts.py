"""What people write at desks, made safe and not longer than it may be."""

from __future__ import annotations

from projectdesk.errors import DomainError
from projectdesk.room.names import clean_message

MAX_COMMENT = 2000
"""Longest comment in characters (signalling.desk)."""


def tidy_comment(text: str) -> str:
    """Return a comment as it is kept.

    Raises:
        DomainError: `comment_too_long`.
    """
    return tidy_text(text, MAX_COMMENT, "comment_too_long")


def tidy_text(text: str, limit: int, code: str) -> str:
    """Return a text without what pages must not show; `code` refuses one that is too long.

    Raises:
        DomainError: `code`, with the facts `length` and `limit`.
    """
    clean = clean_message(text)
    if len(clean) > limit:
        raise DomainError(
            code,
            "The text has {length} characters; {limit} fit.",
            length=len(clean),
            limit=limit,
        )
    return clean
