"""The kinds of desks: what a form and its answer are, and which answers are taken.

A later kind adds its structs to `signalling.desk`, a row here, a form to the page and a service
that applies its answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import msgspec

from projectdesk.errors import DomainError
from projectdesk.room.names import clean_message
from projectdesk.signalling.desk import Answer, InvitationAnswer, InvitationSnapshot, Snapshot

MAX_COMMENT = 2000
"""Longest comment in characters (signalling.desk)."""


@dataclass(frozen=True)
class DeskKind:
    """One kind. tidy: returns an answer as it is kept, or raises DomainError."""

    form: type[Snapshot]
    answer: type[Answer]
    tidy: Callable[[Answer], Answer]


def _tidy_invitation(answer: InvitationAnswer) -> InvitationAnswer:
    comment = clean_message(answer.comment)
    if len(comment) > MAX_COMMENT:
        raise DomainError(
            "comment_too_long",
            "The comment has {length} characters; {limit} fit.",
            length=len(comment),
            limit=MAX_COMMENT,
        )
    return msgspec.structs.replace(answer, comment=comment)


KINDS: Mapping[str, DeskKind] = MappingProxyType(
    {"invitation": DeskKind(InvitationSnapshot, InvitationAnswer, _tidy_invitation)}
)
"""Kind (the `kind` on the wire) to what it is."""


def tidied(form: Snapshot, answer: Answer) -> Answer:
    """Return an answer as it is kept.

    Raises:
        DomainError: `wrong_kind`, or what the kind does not take.
    """
    kind = KINDS[str(form.__struct_config__.tag)]
    if not isinstance(answer, kind.answer):
        raise DomainError("wrong_kind", "This answer belongs to another form.")
    return kind.tidy(answer)
