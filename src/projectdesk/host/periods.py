"""How long a host keeps what desktops have collected, and recordings that wait to be fetched.

A server's administrator says it by options or a policy; a host that a desktop starts reads it daily
from a file in its folder, which the desktop writes (`services.retention`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from projectdesk.errors import DomainError
from projectdesk.host.journal.entries import KEPT as JOURNAL_KEPT
from projectdesk.host.recordings import KEPT as RECORDINGS_KEPT

FILE: Final = "periods.json"
LEAST_JOURNAL: Final = 7
"""Days. A desktop that was put back from a backup collects the last days again."""
LEAST_RECORDINGS: Final = 1
MOST: Final = 36_500


@dataclass(frozen=True)
class Periods:
    """Of the journal, once it is collected, with rooms, desks and files; and of recordings."""

    journal: timedelta = JOURNAL_KEPT
    recordings: timedelta = RECORDINGS_KEPT


@dataclass(frozen=True)
class PeriodSettings:
    """What is said of them. Days; None = as the file says, and where it says nothing, as usual.

    file: of the desktop that started the host; None = there is none.
    """

    journal: int | None = None
    recordings: int | None = None
    file: Path | None = None

    def read(self) -> Periods:
        """Return the periods as they are now; what of the file makes no sense is left out."""
        kept: dict[str, object] = {}
        if self.file is not None:
            try:
                found = json.loads(self.file.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                found = {}
            kept = found if isinstance(found, dict) else {}
        return Periods(
            _days(self.journal, kept.get("journal"), LEAST_JOURNAL, JOURNAL_KEPT),
            _days(
                self.recordings, kept.get("waiting_recordings"), LEAST_RECORDINGS, RECORDINGS_KEPT
            ),
        )


def checked(option: str, days: int | None, least: int) -> int | None:
    """Return days that somebody chose.

    Raises:
        DomainError: `bad_period`.
    """
    if days is not None and not least <= days <= MOST:
        raise DomainError(
            "bad_period",
            "{option} is a whole number of days from {least} to {most}.",
            option=option,
            least=least,
            most=MOST,
        )
    return days


def _days(chosen: int | None, told: object, least: int, usual: timedelta) -> timedelta:
    if chosen is not None:
        return timedelta(days=chosen)
    if isinstance(told, int) and not isinstance(told, bool) and least <= told <= MOST:
        return timedelta(days=told)
    return usual
