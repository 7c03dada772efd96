"""Beside a date poll: settings (where its links lead, whose journal answers come in) and mail."""

from __future__ import annotations

from typing import Final
from uuid import UUID

ASKING_PURPOSE: Final = "date-poll"
"""Purpose of a mail of the outbox that asks a voter and holds the personal link."""
REMINDER_PURPOSE: Final = "date-poll-reminder"
RESULT_PURPOSE: Final = "date-poll-result"


def poll_host_key(poll_id: UUID) -> str:
    """Return the key of the setting that says on which host a poll's desks are."""
    return f"date-poll.{poll_id.hex}.host"


def poll_journal_key(poll_id: UUID) -> str:
    """Return the key of the setting that names the journal of that host, once it has the desks."""
    return f"date-poll.{poll_id.hex}.journal"
