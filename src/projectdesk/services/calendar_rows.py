"""Rows of the calendar: meetings of all projects, days that matter, holidays, one's busy times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from projectdesk.domain.meetings import FoldRule, MeetingState, MeetingType
from projectdesk.services.rows import Kind


@dataclass(frozen=True)
class CalendarMeeting:
    """A meeting in the calendar. starts_at, ends_at: UTC.

    local_start: naive, in `zone`, as it was planned. told: invitees know of this time. repeats: it
    is an occurrence of a series.
    """

    id: UUID
    version: int
    project_id: UUID
    project: str
    title: str
    type: MeetingType
    state: MeetingState
    starts_at: datetime
    ends_at: datetime
    local_start: datetime
    zone: str
    fold_rule: FoldRule
    duration_minutes: int
    place: str
    told: bool
    repeats: bool

    @property
    def movable(self) -> bool:
        """Whether its time is still a plan that a drag may change."""
        return self.state is MeetingState.PLANNED


@dataclass(frozen=True)
class CalendarMark:
    """A day that matters, in no zone.

    kind: DELIVERABLE or MILESTONE (due), DATE_POLL (its deadline), REPORTING_PERIOD (the report is
    due), EFFORT_STATEMENT (partners' figures are due; id and record are the period's). done: it is
    handed in, achieved, closed.
    """

    kind: Kind
    id: UUID
    project_id: UUID
    project: str
    label: str
    title: str
    day: date
    done: bool


@dataclass(frozen=True)
class CalendarHoliday:
    """A public holiday of the country that was chosen."""

    day: date
    name: str


@dataclass(frozen=True)
class CalendarBusy:
    """A time at which who reads is busy elsewhere: instants, or whole days in their own zone."""

    source_id: UUID
    seq: int
    title: str
    tentative: bool
    starts_at: datetime | None
    ends_at: datetime | None
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True)
class CalendarRow:
    """What is in a span of days, and what can be chosen for the calendar.

    projects: id and acronym of all, by acronym. zones: those of people, where most are first.
    countries: of partners' organisations, ISO 3166 alpha-2, in order.
    """

    begin: date
    end: date
    meetings: tuple[CalendarMeeting, ...]
    marks: tuple[CalendarMark, ...]
    holidays: tuple[CalendarHoliday, ...]
    busy: tuple[CalendarBusy, ...]
    projects: tuple[tuple[UUID, str], ...]
    zones: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
