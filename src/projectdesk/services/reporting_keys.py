"""Settings beside a reporting period: where its links lead, and whose journal answers come in."""

from __future__ import annotations

from uuid import UUID


def period_host_key(period_id: UUID) -> str:
    """Return the key of the setting that says on which host a period's desks are."""
    return f"reporting.{period_id.hex}.host"


def period_journal_key(period_id: UUID) -> str:
    """Return the key of the setting that names the journal of that host, once it has the desks."""
    return f"reporting.{period_id.hex}.journal"
