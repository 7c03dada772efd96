"""Choose when one is told on the desktop that a meeting begins, and keep what was told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from projectdesk.errors import DomainError
from projectdesk.services.kept_settings import set_setting, setting
from projectdesk.services.queries.alarms import CHOICES, AlarmRow, minutes_key, told_key
from projectdesk.services.workspace import Workspace

_KEPT: Final = 30


def set_alarm_minutes(workspace: Workspace, minutes: int) -> None:
    """Set how many minutes before a meeting I am told; 0 = never.

    Raises:
        DomainError: `bad_alarm`.
    """
    if minutes not in CHOICES:
        raise DomainError("bad_alarm", "Expected one of {choices}.", choices=f"{CHOICES}")
    set_setting(workspace, minutes_key(workspace), str(minutes))


def keep_alarms(workspace: Workspace, told: Sequence[AlarmRow]) -> None:
    """Keep of which meetings I was told: each at its hour once."""
    key = told_key(workspace)
    kept = [*setting(workspace, key, "").split(), *(alarm.key for alarm in told)]
    set_setting(workspace, key, " ".join(list(dict.fromkeys(kept))[-_KEPT:]))
