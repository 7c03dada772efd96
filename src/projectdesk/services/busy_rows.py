"""Rows of the calendars of people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from projectdesk.domain.preparation import BusySourceKind


@dataclass(frozen=True)
class BusySourceRow:
    """A calendar of a person. times: how many busy times are kept; until: the end of the last.

    problem: why the last reading failed, "" = it went well.
    """

    id: UUID
    version: int
    person_id: UUID
    person: str
    kind: BusySourceKind
    name: str
    address: str
    read_at: datetime | None
    problem: str
    times: int
    until: datetime | None


@dataclass(frozen=True)
class BusyTimeRow:
    """A time at which somebody is taken: instants (UTC), or whole days, both included.

    source: name of the calendar. title: "" where it is not kept.
    """

    source: str
    starts_at: datetime | None
    ends_at: datetime | None
    first_day: date | None
    last_day: date | None
    tentative: bool
    title: str
