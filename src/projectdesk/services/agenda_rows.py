"""Frozen rows of agendas, of the backlog and of templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from projectdesk.domain.meetings import ItemKind, LeftOut, MeetingType
from projectdesk.domain.rules.agenda_times import DayTimes


@dataclass(frozen=True)
class AgendaItemRow:
    """One agenda item. label: "1", "2"...; "" of a break.

    starts_after_minutes: planned start, after the meeting's. starts_at, ends_at: planned (UTC).
    gap_minutes, overlap_minutes: before its fixed start (`agenda_times.Slot`). deliverable,
    milestone, risk: their labels. minutes_of: title and day of the meeting whose minutes it
    approves. carried_from: title and day of the meeting where it stood before. documents: attached.
    """

    id: UUID
    version: int
    meeting_id: UUID
    position: int
    label: str
    title: str
    kind: ItemKind
    duration_minutes: int
    starts_after_minutes: int
    presenter_id: UUID | None
    presenter: str
    presenter_text: str
    description: str
    work_package_id: UUID | None
    work_package: str
    first_started_at: datetime | None
    actual_seconds: float
    section: str = ""
    day: int = 1
    starts_minute: int | None = None
    track: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    gap_minutes: int = 0
    overlap_minutes: int = 0
    deliverable_id: UUID | None = None
    deliverable: str = ""
    milestone_id: UUID | None = None
    milestone: str = ""
    risk_id: UUID | None = None
    risk: str = ""
    minutes_of_id: UUID | None = None
    minutes_of: str = ""
    carried_from_id: UUID | None = None
    carried_from: str = ""
    added_at: datetime | None = None
    left_out: LeftOut = LeftOut.NO
    documents: int = 0

    @property
    def is_break(self) -> bool:
        """Whether it is a break: without number, subject and minutes."""
        return self.kind is ItemKind.BREAK

    @property
    def related(self) -> tuple[str, ...]:
        """Labels of what it is about: work package, deliverable, milestone, risk."""
        labels = (self.work_package, self.deliverable, self.milestone, self.risk)
        return tuple(label for label in labels if label)


@dataclass(frozen=True)
class AgendaPlan:
    """A whole agenda with its days. over: minutes by which a day is too long, at most."""

    meeting_id: UUID
    zone: str
    items: tuple[AgendaItemRow, ...]
    days: tuple[DayTimes, ...]
    nights: tuple[str, ...]

    @property
    def over(self) -> int:
        """Minutes by which the longest day is too long."""
        return max((day.over for day in self.days), default=0)

    @property
    def planned(self) -> int:
        """Planned minutes of all days, breaks and gaps included."""
        return sum(day.planned for day in self.days)


@dataclass(frozen=True)
class BacklogRow:
    """Something that waits for a coming meeting. body: its name, "" = of the project.

    carried_from: title and day of the meeting where it stood.
    """

    id: UUID
    version: int
    project_id: UUID
    project: str
    body_id: UUID | None
    body: str
    position: int
    title: str
    kind: ItemKind
    duration_minutes: int
    presenter_id: UUID | None
    presenter: str
    presenter_text: str
    description: str
    work_package_id: UUID | None
    deliverable_id: UUID | None
    milestone_id: UUID | None
    risk_id: UUID | None
    related: tuple[str, ...]
    carried_from_id: UUID | None
    carried_from: str
    reason: str
    added_at: datetime


@dataclass(frozen=True)
class TemplateRow:
    """An agenda template. key: "kick_off" of ours, the id of an own one. project: "" = of all.

    id, version: of an own one; None, 0 of ours. project_id: of which project only. tabled: its open
    actions stand as a table; None = it lists none.
    """

    key: str
    id: UUID | None
    version: int
    name: str
    type: MeetingType
    project_id: UUID | None
    project: str
    items: int
    content: str
    tabled: bool | None = None


def titled(title: str, day: datetime) -> str:
    """Return what a meeting is called elsewhere: its title and its day."""
    return f"{title}, {day:%Y-%m-%d}"
