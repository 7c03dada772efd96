"""What to say of a local time that a zone leaves out, or has twice."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import datetime

from projectdesk.domain.rules.zoned_time import Odd, oddity, shown, to_utc


def clock_note(local: datetime, zone: str) -> str:
    """Return in words which time a local time becomes, "" = it is what it says.

    Raises:
        DomainError: the zone is unknown.
    """
    day = f"On {local:%Y-%m-%d} the clocks of {zone}"
    match oddity(local, zone):
        case Odd.SKIPPED:
            return f"{day} skip {local:%H:%M}: it becomes {shown(local, zone):%H:%M}."
        case Odd.TWICE:
            first = f"{to_utc(local, zone):%H:%M} UTC"
            return f"{day} show {local:%H:%M} twice: the first of both is meant, {first}."
    return ""


def tell_clocks(starts: Iterable[datetime], zone: str) -> None:
    """Say of each start that is none, or two, what it becomes; beside what is printed as JSON."""
    for local in starts:
        note = clock_note(local, zone)
        if note:
            print(note, file=sys.stderr)
