"""Until when the inboxes were read that answers come to.

An answer by mail counts from when it came into the mailbox. So what a deadline brings by itself
waits for the inbox of who sent the mails, as it waits for the host of the links (decisions 2). An
inbox that no desktop reads keeps nothing up; nor does one that was read once and then for weeks not
any more. Who does not want to wait accepts, or closes, by hand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.mail.address import shown_address
from projectdesk.services.kept_settings import set_setting, setting
from projectdesk.services.outbox import MailState
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

_KEY: Final = "mail.inbox-read."
_EVERY: Final = timedelta(minutes=30)
"""How often it is kept until when an inbox was read: a look that finds nothing writes nothing."""
_GIVEN_UP: Final = timedelta(days=45)
"""After how long an inbox that was not read keeps nothing up any more."""
_WENT_OUT: Final = (MailState.SENDING.value, MailState.SENT.value, MailState.UNCERTAIN.value)


def note_read(workspace: Workspace, address: str, at: datetime) -> None:
    """Keep that everything was read that had come to an address by then.

    Args:
        workspace: the open data, which can be written.
        address: of the account.
        at: UTC, the beginning of the look.
    """
    key = _key(address)
    known = setting(workspace, key)
    if not known or at - datetime.fromisoformat(known) >= _EVERY:
        set_setting(workspace, key, at.isoformat())


def is_read_past(
    session: Session, until: datetime, now: datetime, records: Collection[UUID]
) -> bool:
    """Return whether no answer to some mails can still be unread that came in time.

    Args:
        session: of a reading or a change.
        until: the deadline, UTC.
        now: UTC.
        records: the readers, seats, ... that the mails are about.
    """
    mail, kept = schema.outgoing_mail.c, schema.setting.c
    authors = session.scalars(
        select(mail.author).where(mail.record_id.in_(records), mail.state.in_(_WENT_OUT)).distinct()
    )
    keys = {_key(author) for author in authors}
    read = session.scalars(select(kept.value).where(kept.key.in_(keys)))
    known = [datetime.fromisoformat(each) for each in read]
    return all(each > until or now - each > _GIVEN_UP for each in known)


def _key(address: str) -> str:
    spelled = shown_address(address.strip()).casefold()
    return f"{_KEY}{hashlib.sha256(spelled.encode()).hexdigest()[:16]}"
