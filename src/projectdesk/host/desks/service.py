"""Looking at a desk and answering at it."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

from projectdesk.errors import DomainError, NotFound
from projectdesk.host.desks.kinds import tidied
from projectdesk.host.journal import Connection, desks
from projectdesk.host.journal.desks import StoredDesk
from projectdesk.host.journal.keys import digest
from projectdesk.room.names import clean_file_name
from projectdesk.signalling.desk import (
    Answer,
    DeskState,
    DeskView,
    FeedSnapshot,
    files_of,
)

MAX_SUBMISSION = 100
"""Longest submission id in characters."""

_NO_LINKS = ("0" * 64,)


def look(connection: Connection, desk: str, token: str, now: datetime) -> DeskView:
    """Return what the page shows; changes nothing.

    Raises:
        NotFound: `unknown_link`, alike for an unknown desk and a wrong token.
    """
    found, valid = _opened(connection, desk, token)
    return _view(found, now, valid=valid)


def answer(
    connection: Connection, desk: str, token: str, submission: str, given: Answer, now: datetime
) -> DeskView:
    """Take an answer, or a changed one, received at `now`.

    A submission that counted before is confirmed again, also after the deadline.

    Raises:
        NotFound: `unknown_link`.
        DomainError: `link_revoked`, `deadline_passed`, `bad_submission` or of the kind.
    """
    found, valid = _opened(connection, desk, token)
    if not valid:
        raise DomainError("link_revoked", "This link was replaced or withdrawn.")
    if not 0 < len(submission) <= MAX_SUBMISSION:
        raise DomainError("bad_submission", "The answer has no usable submission id.")
    if desks.has_submission(connection, desk, submission):
        return _view(found, now, valid=True)
    if _is_over(found, now):
        raise DomainError("deadline_passed", "The time to answer is over.")
    kept = tidied(found.snapshot.form, given)
    return _view(desks.answer(connection, found, submission, kept, now), now, valid=True)


@dataclass(frozen=True)
class Offered:
    """A file that a desk offers. key_id: whose desk it is. name: as the desktop calls it."""

    key_id: str
    name: str


def offered_file(connection: Connection, desk: str, token: str, sha256: str) -> Offered:
    """Return a file that a desk offers; changes nothing.

    Raises:
        NotFound: `unknown_link`; `unknown_file`, the desk does not offer it.
        DomainError: `link_revoked`.
    """
    found, valid = _opened(connection, desk, token)
    if not valid:
        raise DomainError("link_revoked", "This link was replaced or withdrawn.")
    for each in files_of(found.snapshot.form):
        if each.sha256 == sha256:
            return Offered(found.key_id, clean_file_name(each.name))
    raise NotFound("unknown_file", "This link offers no such file. Load the page again.")


def feed(connection: Connection, desk: str, token: str) -> FeedSnapshot:
    """Return the calendar that a program subscribes to; changes nothing.

    Raises:
        NotFound: `unknown_link`, alike for an unknown desk, a wrong token and another kind.
        DomainError: `link_revoked`.
    """
    found, valid = _opened(connection, desk, token)
    form = found.snapshot.form
    if not isinstance(form, FeedSnapshot):
        raise _unknown()
    if not valid:
        raise DomainError("link_revoked", "This link was replaced or withdrawn.")
    return form


def _opened(connection: Connection, desk: str, token: str) -> tuple[StoredDesk, bool]:
    """Return the desk of a link, and whether the link is still valid."""
    hashed = digest(token)
    found = desks.find(connection, desk)
    current = found.snapshot.token_hash if found is not None else ""
    retired = found.retired if found is not None else _NO_LINKS
    is_current = hmac.compare_digest(current, hashed)
    was_once = any([hmac.compare_digest(known, hashed) for known in retired])  # noqa: C419 - all
    if found is None or not (is_current or was_once):
        raise _unknown()
    return found, is_current and not found.withdrawn


def _unknown() -> NotFound:
    return NotFound("unknown_link", "This link opens nothing. Please open it as it was sent.")


def _is_over(desk: StoredDesk, now: datetime) -> bool:
    return desk.snapshot.deadline is not None and now > desk.snapshot.deadline


def _view(desk: StoredDesk, now: datetime, *, valid: bool) -> DeskView:
    state: DeskState = "open"
    if not valid:
        state = "revoked"
    elif _is_over(desk, now):
        state = "closed"
    return DeskView(
        state=state,
        now=now,
        form=desk.snapshot.form if valid else None,
        answer=desk.answer if valid else None,
        answered_at=desk.answered_at if valid else None,
        deadline=desk.snapshot.deadline,
    )
