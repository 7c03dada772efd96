"""What typed lines of the minutes may name, as writers in the call are told it.

Names of people who are invited, partners, labels of the plan; no addresses. The page marks and
completes with it; records are made by the desktop (adr/0083).
"""

from __future__ import annotations

import msgspec


class _Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of what messages are made of."""


class LineName(_Record, frozen=True):
    """Somebody who may stand after `@`. mark: person or partner. name: as it is written.

    aliases: other names of theirs. detail: a person's partner.
    """

    mark: str
    name: str
    aliases: list[str] = []
    detail: str = ""


class LineLabel(_Record, frozen=True):
    """A record of the plan. mark: work_package, task, deliverable, milestone or risk."""

    mark: str
    label: str
    title: str = ""


class LineWords(_Record, frozen=True):
    """What lines are read with. meeting_day: YYYY-MM-DD; dates are counted from it.

    project_start: first day of project month 1, as meeting_day; project_months: how many there are;
    None = it is not known.
    """

    meeting_day: str
    project_start: str | None = None
    project_months: int | None = None
    names: list[LineName] = []
    labels: list[LineLabel] = []
