"""Frozen rows of the slot finder: what is asked, who is asked for, and what each slot asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from projectdesk.domain.rules.pain import Weights
from projectdesk.domain.rules.slots import SlotTable


@dataclass(frozen=True)
class SlotRequest:
    """When people could meet.

    first, last: days of the period, by the clocks of `zone`. minutes: of the meeting. step: between
    two starts, in minutes. people: who is needed; with none named the members of the body, and
    without a body everybody of the partners that take part then. optional: whose coming is
    welcome; who is in both is optional. moving_id: the meeting that gets another time; it keeps
    nobody busy. since: the present, earlier starts are left out; None = none is.
    """

    project_id: UUID
    first: date
    last: date
    minutes: int
    zone: str
    step: int = 15
    people: tuple[UUID, ...] = ()
    optional: tuple[UUID, ...] = ()
    body_id: UUID | None = None
    moving_id: UUID | None = None
    since: datetime | None = None


class SlotReason(StrEnum):
    """Why a slot asks something of somebody."""

    EARLY = "early"
    LATE = "late"
    NIGHT = "night"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    TENTATIVE = "tentative"
    BUSY = "busy"


@dataclass(frozen=True)
class SlotPerson:
    """Somebody a time is found for.

    zone_assumed: nobody said their zone; it is that of their partner. work_from, work_to: minutes
    since midnight. calendars: how many of their calendars were read.
    """

    id: UUID
    name: str
    partner_id: UUID | None
    partner: str
    country: str
    region: str
    zone: str
    zone_assumed: bool
    required: bool
    work_from: int
    work_to: int
    calendars: int


@dataclass(frozen=True)
class SlotPart:
    """What a slot asks of one person. pain: points for an hour. local_*: naive, where they are.

    reasons: with the name of the holiday, or what they have then; () = within working hours.
    """

    person: SlotPerson
    local_start: datetime
    local_end: datetime
    pain: float
    can_come: bool
    reasons: tuple[tuple[SlotReason, str], ...]


@dataclass(frozen=True)
class SlotRow:
    """One slot; start and end are UTC instants. total, worst: points for an hour.

    blocked: how many of those needed cannot come. outside: of how many it asks something.
    """

    start: datetime
    end: datetime
    total: float
    worst: float
    blocked: int
    outside: int
    parts: tuple[SlotPart, ...]

    @property
    def hardest(self) -> SlotPart | None:
        """Of whom it asks most, None where it asks nothing of anybody."""
        worst = max(self.parts, key=lambda part: part.pain, default=None)
        return worst if worst is not None and worst.pain > 0 else None


@dataclass(frozen=True)
class SlotReport:
    """The best slots of a period, best first, and the reckoning that they come from.

    without_zone: names of those whose zone nobody knows; they are left out. blocked: how many
    starts somebody needed cannot come to. over: how many starts are past, and left out. table: read
    only; its attendees are `people`.
    """

    request: SlotRequest
    project: str
    people: tuple[SlotPerson, ...]
    without_zone: tuple[str, ...]
    slots: tuple[SlotRow, ...]
    starts: int
    blocked: int
    over: int
    weights: Weights
    table: SlotTable


@dataclass(frozen=True)
class SacrificeRow:
    """What a partner paid for the meetings of a project so far.

    points: an hour of a meeting in the night is `Weights.night` of them. meetings: at which it was.
    outside: those of them out of its people's working hours. worst: the most points for an hour.
    share: of the points of all, 0..1.
    """

    partner_id: UUID
    partner: str
    number: int | None
    country: str
    points: float
    meetings: int
    outside: int
    worst: float
    share: float


@dataclass(frozen=True)
class SeriesSlot:
    """One meeting of a series that is spread. asked, after: points by the partners' names.

    after: what each has paid then, with what it paid before the series.
    """

    slot: SlotRow
    asked: Mapping[str, float]
    after: Mapping[str, float]


@dataclass(frozen=True)
class SeriesReport:
    """A series whose burden goes round.

    left_out: first days of the weeks in which no time suits everybody who is needed. fixed: what
    each partner would have paid, had all meetings been at the hour that is best for one.
    """

    slots: tuple[SeriesSlot, ...]
    left_out: tuple[date, ...]
    before: Mapping[str, float]
    fixed: Mapping[str, float]
