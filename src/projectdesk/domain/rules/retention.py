"""How long what is known of people is kept, in days; what is past its period is erased.

Personal data is kept no longer than its purpose needs (Regulation (EU) 2016/679, article 5(1)(e)).
A period may not be shorter than a rule of the consortium needs: whoever objects to minutes, or
vetoes a decision, must be able to show what was said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MOST_DAYS: Final = 36_500


class Kept(StrEnum):
    """What has a period.

    RECORDINGS: fetched from a host. CALL_FILES: files of chats. CAPTIONS: what was said, as text.
    MAIL: text and addresses of what was sent and received. BUSY_TIMES: of calendars, in the past.
    CONNECTION_CHECKS: what an invitee's computer could do. HISTORY: who changed what from what.
    BACKUPS, LOGS: files of this computer. JOURNAL, WAITING_RECORDINGS: on the hosts that this
    desktop starts, after the desktop has collected them, and until it has fetched them.
    """

    RECORDINGS = "recordings"
    CALL_FILES = "call_files"
    CAPTIONS = "captions"
    MAIL = "mail"
    BUSY_TIMES = "busy_times"
    CONNECTION_CHECKS = "connection_checks"
    HISTORY = "history"
    BACKUPS = "backups"
    LOGS = "logs"
    JOURNAL = "journal"
    WAITING_RECORDINGS = "waiting_recordings"


OF_MEETINGS: Final = frozenset({Kept.RECORDINGS, Kept.CALL_FILES, Kept.CAPTIONS, Kept.MAIL})
"""What minutes are written, objected to and accepted by."""

OF_HOSTS: Final = frozenset({Kept.JOURNAL, Kept.WAITING_RECORDINGS})
"""What hosts always erase some day: these periods cannot be without an end."""

USUAL: Final[Mapping[Kept, int | None]] = {
    Kept.RECORDINGS: None,
    Kept.CALL_FILES: None,
    Kept.CAPTIONS: None,
    Kept.MAIL: None,
    Kept.BUSY_TIMES: 90,
    Kept.CONNECTION_CHECKS: 90,
    Kept.HISTORY: None,
    Kept.BACKUPS: None,
    Kept.LOGS: 90,
    Kept.JOURNAL: 30,
    Kept.WAITING_RECORDINGS: 14,
}
"""Days where nobody chose any; None = until it is deleted."""

_LEAST: Final[Mapping[Kept, int]] = {
    Kept.BUSY_TIMES: 1,
    Kept.CONNECTION_CHECKS: 7,
    Kept.HISTORY: 30,
    Kept.BACKUPS: 7,
    Kept.LOGS: 7,
    Kept.JOURNAL: 7,
    Kept.WAITING_RECORDINGS: 1,
}
"""History and backups take mistakes back; a desktop that was put back from a backup collects the
last days of a journal again."""


@dataclass(frozen=True)
class Windows:
    """What a body's rules give people time for. Days: draft, accept: of minutes; veto: after them.

    The defaults are the consortium agreement's (DESCA, 6.2.5 and 6.2.6).
    """

    draft: int = 10
    accept: int = 15
    veto: int = 15

    @property
    def days(self) -> int:
        """Days from a meeting until nobody can object or veto any more."""
        return self.draft + max(self.accept, self.veto)


def least_days(kept: Kept, windows: Iterable[Windows] = ()) -> int:
    """Return the shortest period that may be chosen.

    Args:
        kept: of what.
        windows: of the bodies whose meetings it is about; none = the usual one.
    """
    if kept in OF_MEETINGS:
        return max((each.days for each in windows), default=Windows().days)
    return _LEAST[kept]
