"""One mail as it is to be at the server that sends it later (adr/0103).

What mails there are: `later_meetings`, `later_asking`, `later_actions`. How they are brought there:
`handing`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from projectdesk.mail.links import is_private_host
from projectdesk.mail.message import new_message_id
from projectdesk.secrets import is_durable
from projectdesk.services import mail_accounts
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.control import HostFacts
from projectdesk.signalling.mails import SHORTEST_S

MARGIN: Final = timedelta(seconds=SHORTEST_S)
"""What is due sooner is this computer's own."""


@dataclass(frozen=True)
class Wanted:
    """A mail that a server is to send to one person.

    id: always the same for what it reminds of, whom, and when. record_id: the invitation, voter or
    seat of who gets it, person_id: the person. author, recipient: addresses. due_at: when it goes
    out, not_after: when it is of no use any more; both UTC. desk: whose answer the server looks at,
    None = none that it has. message_id: another one for other words. message: makes the mail.
    """

    id: UUID
    purpose: str
    project_id: UUID
    meeting_id: UUID | None
    person_id: UUID | None
    record_id: UUID
    author: str
    recipient: str
    due_at: datetime
    not_after: datetime
    desk: str | None
    message_id: str
    message: Callable[[], EmailMessage]


def chosen_server(workspace: Workspace) -> str:
    """Return the server that is to send mail of this data, as of `Meeting.host`; "" = none."""
    known = mail_accounts.account(workspace.data)
    return "" if known is None or workspace.copied_at is not None else known.later_server


def may_hold_links(workspace: Workspace, facts: HostFacts) -> bool:
    """Tell whether links to a server may be in the mails that it sends.

    Those made with a key that does not last would open nothing; those of an inside network are for
    who said so.

    Args:
        workspace: the open data.
        facts: what the server says of itself.
    """
    known = mail_accounts.account(workspace.data)
    if known is None or not is_durable(workspace.secrets):
        return False
    return known.private_links or not is_private_host(urlsplit(facts.public_url).hostname or "")


def version_id(own: UUID, author: str, *words: str) -> str:
    """Return the Message-ID of a mail: another one for other words, the same for the same.

    Args:
        own: id of the mail.
        author: its address.
        words: all that it says, and to whom.
    """
    told = "\0".join((author, *words))
    return new_message_id(author, uuid5(own, hashlib.sha256(told.encode()).hexdigest()))


def named(message: EmailMessage, message_id: str) -> EmailMessage:
    """Return a mail that was composed already under its Message-ID."""
    message.replace_header("Message-ID", message_id)
    return message
