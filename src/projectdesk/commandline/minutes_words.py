"""Words in which commands say where minutes stand, and when, in the meeting's time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from projectdesk.domain.minutes import ObjectionState
from projectdesk.domain.rules.audit_chain import AuditStep
from projectdesk.domain.rules.minutes_life import Standing, Why
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.services.circulation_rows import ReaderRow

STANDINGS: Final[Mapping[Standing, str]] = MappingProxyType(
    {
        Standing.DRAFT: "draft",
        Standing.WINDOW: "objections are taken",
        Standing.WAITING: "window over, host not heard since",
        Standing.OBJECTED: "an objection waits for an answer",
        Standing.UPHELD: "an objection was upheld",
        Standing.ANSWERED: "objections are answered",
        Standing.UNOPPOSED: "nobody objected",
        Standing.ACCEPTED: "accepted",
        Standing.SUPERSEDED: "superseded",
    }
)
OBJECTIONS: Final[Mapping[ObjectionState, str]] = MappingProxyType(
    {
        ObjectionState.OPEN: "open",
        ObjectionState.UPHELD: "upheld",
        ObjectionState.DECLINED: "declined",
        ObjectionState.WITHDRAWN: "withdrawn",
    }
)
REASONS: Final[Mapping[Why, str]] = MappingProxyType(
    {
        Why.REPRESENTATIVE: "represents a member",
        Why.DEPUTY: "deputy of a member",
        Why.VETO: "their partner may veto",
        Why.ATTENDED: "was there",
        Why.INVITED: "was invited",
        Why.ADDED: "added by hand",
    }
)
_MAILS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "queued": "in the outbox",
        "sending": "being sent",
        "sent": "sent",
        "refused": "refused",
        "uncertain": "perhaps sent",
        "cancelled": "taken back",
    }
)


def moment(instant: datetime | None, zone: str) -> str:
    """Return an instant in a zone, to the minute: "2026-10-13 16:00"; "" for none."""
    return "" if instant is None else f"{to_local(instant, zone):%Y-%m-%d %H:%M}"


def moment_there(instant: datetime | None, zone: str) -> str:
    """Return the same with the zone: "2026-10-13 16:00 Europe/Lisbon"."""
    return "" if instant is None else f"{moment(instant, zone)} {zone}"


def sent(row: ReaderRow, zone: str) -> str:
    """Return what became of the mail to a reader: when it went out, or where it is."""
    if row.sent_at is not None:
        return moment(row.sent_at, zone)
    if row.mail:
        return _MAILS.get(row.mail, row.mail)
    if row.written_at is not None:
        return f"written to a file {moment(row.written_at, zone)}"
    return "" if row.email else "no address"


def step(word: AuditStep | str) -> str:
    """Return what a step of the trail is called: "objection answered"."""
    return str(word).replace("_", " ")
