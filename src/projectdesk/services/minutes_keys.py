"""Beside minutes: settings (whose journal answers come in) and the purposes of their mail."""

from __future__ import annotations

from typing import Final
from uuid import UUID

MINUTES_PURPOSE: Final = "minutes"
"""Purpose of a mail of the outbox that holds minutes and a reader's personal link."""
ACCEPTED_PURPOSE: Final = "minutes-accepted"
"""Purpose of a mail that tells a reader that minutes are accepted; its record is the reader."""
ANSWERED_PURPOSE: Final = "objection-answered"
"""Purpose of a mail that tells what became of an objection; its record is the objection."""
VETO_REPLY_PURPOSE: Final = "minutes-veto-reply"
"""Purpose of a mail that tells a reader what became of a veto by mail; its record is the reader."""


def notices_key(project_id: UUID) -> str:
    """Return the key of the setting that says whether readers hear what became of minutes."""
    return f"minutes-notices.{project_id.hex}"


def minutes_host_key(minutes_id: UUID) -> str:
    """Return the key of the setting that says that this data circulated them, and by which host."""
    return f"minutes.{minutes_id.hex}.host"


def minutes_journal_key(minutes_id: UUID) -> str:
    """Return the key of the setting that names the journal of that host, once it has the desks."""
    return f"minutes.{minutes_id.hex}.journal"
