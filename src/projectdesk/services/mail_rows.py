"""Frozen rows of mail: what the outbox shows, and what was read in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from projectdesk.services.outbox import MailState


@dataclass(frozen=True)
class MailRow:
    """One mail of the outbox.

    due_at: when it was wished for. next_at: when it is tried next, None when it does not wait.
    reply: the server's last words, or ours. late: it goes or went out long after its time. mine:
    this computer sends it; False when its author's does. private_links: it was stopped because its
    links open on this computer or in its network only.
    """

    id: UUID
    purpose: str
    project_id: UUID | None
    project: str
    meeting_id: UUID | None
    meeting: str
    person: str
    author: str
    recipient: str
    subject: str
    state: MailState
    due_at: datetime
    next_at: datetime | None
    made_at: datetime
    tried_at: datetime | None
    sent_at: datetime | None
    attempts: int
    sender: str
    reply: str
    late: bool
    mine: bool
    private_links: bool


@dataclass(frozen=True)
class MailContent:
    """What is in a mail of the outbox. headers: as people read them. files: names and bytes."""

    row: MailRow
    message_id: str
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    files: tuple[tuple[str, int], ...]
    raw: bytes


@dataclass(frozen=True)
class ReceivedRow:
    """A mail that was read in, and what became of it."""

    message_id: str
    received_at: datetime
    read_at: datetime
    sender: str
    subject: str
    meeting_id: UUID | None
    meeting: str
    person: str
    outcome: str
    detail: str
