"""Beside a written procedure: settings (how it is run, whose journal answers come in) and mail."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from projectdesk.services.unit_settings import kept

BALLOT_PURPOSE: Final = "written-procedure"
"""Purpose of a mail of the outbox that asks a member for its vote and holds the personal link."""
BALLOT_REMINDER_PURPOSE: Final = "written-procedure-reminder"
NOTICE_PURPOSE: Final = "written-procedure-result"
BALLOT_REPLY_PURPOSE: Final = "written-procedure-reply"
"""Purpose of a mail that tells a member what became of the vote that came by mail."""


class Manner(msgspec.Struct, frozen=True):
    """How a procedure is run. zone: IANA name, in which its days end.

    closes_early: it ends before its deadline when all members have voted. reminder_days: days
    before the deadline on which who is missing is reminded.
    """

    zone: str = "UTC"
    closes_early: bool = False
    reminder_days: tuple[int, ...] = ()


def manner_key(vote_id: UUID) -> str:
    """Return the key of the setting that says how a procedure is run."""
    return f"written-procedure.{vote_id.hex}.manner"


def procedure_host_key(vote_id: UUID) -> str:
    """Return the key of the setting that says that a procedure was opened in this data.

    Its value is on which host its desks are, as of `Meeting.host`.
    """
    return f"written-procedure.{vote_id.hex}.host"


def procedure_journal_key(vote_id: UUID) -> str:
    """Return the key of the setting that names the journal of that host, once it has the desks."""
    return f"written-procedure.{vote_id.hex}.journal"


def procedure_url_key(vote_id: UUID) -> str:
    """Return the key of the setting that says where that host is reached: links are made with it.

    So a notice of the result has its links also when nobody is there who knows the address.
    """
    return f"written-procedure.{vote_id.hex}.url"


def read_manner(value: str | None) -> Manner:
    """Return how a procedure is run; the usual way where nothing, or nonsense, is kept."""
    try:
        return msgspec.json.decode(value or "{}", type=Manner)
    except msgspec.MsgspecError:
        return Manner()


def manner_of(session: Session, vote_id: UUID) -> Manner:
    """Return how a procedure is run."""
    return read_manner(kept(session, manner_key(vote_id)))
