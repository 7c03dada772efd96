"""The reminders of a meeting as they are shown, and how far its invitees are prepared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from projectdesk.domain.rules.reminding import ReminderState


@dataclass(frozen=True)
class ReminderRow:
    """One reminder. due_at: UTC; sent_at: when it last went out, None = never.

    server: address of the server that has its mails and sends them, "" = this computer does.
    """

    id: UUID
    version: int
    meeting_id: UUID
    minutes_before: int
    due_at: datetime
    sent_at: datetime | None
    state: ReminderState
    server: str = ""


@dataclass(frozen=True)
class DueReminder:
    """A reminder that goes out now. title: of the meeting."""

    reminder_id: UUID
    meeting_id: UUID
    title: str
    due_at: datetime
    late: bool


@dataclass(frozen=True)
class TroubledCheck:
    """Somebody whose connection check found something; problems: codes of `signalling.check`."""

    name: str
    verdict: str
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Readiness:
    """How far those who are invited, and have not declined, are prepared; people by name."""

    expected: int
    checked: int
    unanswered: tuple[str, ...]
    unchecked: tuple[str, ...]
    troubled: tuple[TroubledCheck, ...]


@dataclass(frozen=True)
class RemindersRow:
    """All that the reminders of a meeting are about.

    recipients: who gets the next one. can_send: a mail account is set up on this computer.
    """

    meeting_id: UUID
    reminders: tuple[ReminderRow, ...]
    usual: tuple[int, ...]
    recipients: int
    can_send: bool
    readiness: Readiness
