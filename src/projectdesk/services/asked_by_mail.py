"""Whom mails of the outbox ask by a personal link: voters of a poll, members in a procedure.

`records` is a select of the ids of all that are asked; `purpose` that of the mails that ask them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from projectdesk.mail.links import texts_of
from projectdesk.mail.message import parse_received
from projectdesk.services.outbox import MailState
from projectdesk.store import schema

_GONE = (MailState.REFUSED.value, MailState.CANCELLED.value)
_mail = schema.outgoing_mail.c


def asked(
    session: Session, purpose: str, records: Select[Any], links: Iterable[tuple[UUID, str]]
) -> set[UUID]:
    """Return who is, or was, asked with the link that works now.

    A mail that waits counts; one that was refused or taken back does not, nor does one whose link
    was issued anew since.

    Args:
        session: of a transaction.
        purpose: of the mails.
        records: who can be meant.
        links: record and address of each link.
    """
    tokens = {record: urlsplit(url).fragment for record, url in links}
    query = select(_mail.record_id, _mail.content).where(
        _of(purpose, records), _mail.state.not_in(_GONE)
    )
    return {
        row.record_id
        for row in session.execute(query)
        if row.record_id in tokens
        and any(tokens[row.record_id] in each for each in texts_of(parse_received(row.content)))
    }


def asked_inside(session: Session, purpose: str, records: Select[Any]) -> set[UUID]:
    """Return who was asked with links of this network, as somebody said."""
    query = select(_mail.record_id).where(_of(purpose, records), _mail.private_links)
    return set(session.scalars(query))


def anybody_asked(session: Session, purpose: str, records: Select[Any]) -> bool:
    """Return whether anybody was asked through the outbox."""
    kept = _of(purpose, records) & (_mail.state != MailState.CANCELLED.value)
    return session.scalar(select(_mail.id).where(kept).limit(1)) is not None


def _of(purpose: str, records: Select[Any]) -> Any:
    return (_mail.purpose == purpose) & _mail.record_id.in_(records)
