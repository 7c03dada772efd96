"""What every measurement reports: `{"bench", "machine", "rows", "goals"}`."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]


def machine(**more: object) -> Row:
    """Return what a figure depends on: system, processor, cores, Python, load, and `more`.

    load: of the last minute, None where the system does not tell (Windows). Above half a core a
    figure of time says little.
    """
    load = round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None
    return {
        "system": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load": load,
        **more,
    }


def quiet() -> bool:
    """Return whether no more programs wanted a processor in the last minute than there are.

    Where more did, a clock measures them too: a goal of time is not validly measured then.
    """
    return not hasattr(os, "getloadavg") or os.getloadavg()[0] <= (os.cpu_count() or 1)


def at_most(name: str, value: float | None, limit: float, *, valid: bool = True) -> Row:
    """Return a goal that holds when `value` <= `limit`; None when it was not (validly) measured."""
    return _goal(name, value, limit, None if value is None or not valid else value <= limit)


def below(name: str, value: float | None, limit: float, *, valid: bool = True) -> Row:
    """Return a goal that holds when `value` < `limit`."""
    return _goal(name, value, limit, None if value is None or not valid else value < limit)


def at_least(name: str, value: float | None, limit: float, *, valid: bool = True) -> Row:
    """Return a goal that holds when `value` >= `limit`."""
    return _goal(name, value, limit, None if value is None or not valid else value >= limit)


def _goal(name: str, value: float | None, limit: float, holds: bool | None) -> Row:
    return {"name": name, "value": value, "limit": limit, "holds": holds}


def report(bench: str, rows: Sequence[Row], goals: Sequence[Row], **more: object) -> Row:
    """Return the whole report; `more` goes to the machine."""
    return {"bench": bench, "machine": machine(**more), "rows": [*rows], "goals": [*goals]}
