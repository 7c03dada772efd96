"""Frozen rows of the Gantt chart: bars, marks, what ties them, and the periods behind them.

Months are project months (M1 = 1); a bar covers both of its months whole, a mark stands at the end
of its month.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from projectdesk.domain.workplan import DependencyType
from projectdesk.services.rows import Kind


@dataclass(frozen=True, slots=True)
class GanttBar:
    """A work package or a task. work_package_id: of a task its package, of a package itself."""

    kind: Kind
    id: UUID
    version: int
    label: str
    title: str
    lead: str
    start_month: int
    end_month: int
    work_package_id: UUID


@dataclass(frozen=True, slots=True)
class GanttMark:
    """A deliverable or a milestone.

    done: handed in or achieved. wanted_by: the last day on which it is in time; None when nothing
    is awaited, or the project has no start.
    """

    kind: Kind
    id: UUID
    version: int
    label: str
    title: str
    lead: str
    due_month: int
    work_package_ids: tuple[UUID, ...]
    done: bool = False
    wanted_by: date | None = None

    def late(self, today: date) -> bool:
        """Return whether it should be there by now and is not."""
        return self.wanted_by is not None and self.wanted_by < today


@dataclass(frozen=True, slots=True)
class GanttLink:
    """A dependency: `after` waits for `before`; both are ids of bars."""

    id: UUID
    version: int
    before: UUID
    after: UUID
    type: DependencyType
    lag_months: int


@dataclass(frozen=True, slots=True)
class GanttPeriod:
    """A reporting period; label "RP1"."""

    id: UUID
    label: str
    start_month: int
    end_month: int


@dataclass(frozen=True)
class GanttPlan:
    """All that a Gantt chart shows of a project. bars: each package, then its tasks."""

    project_id: UUID
    acronym: str
    title: str
    start_date: date | None
    duration_months: int | None
    bars: tuple[GanttBar, ...] = ()
    marks: tuple[GanttMark, ...] = ()
    links: tuple[GanttLink, ...] = ()
    periods: tuple[GanttPeriod, ...] = ()


@dataclass(frozen=True, slots=True)
class GanttMove:
    """Where a record goes. Of a bar start and end are given, of a mark the due month."""

    kind: Kind
    id: UUID
    version: int
    start_month: int | None = None
    end_month: int | None = None
    due_month: int | None = None

    @property
    def months(self) -> dict[str, int]:
        """The fields that it sets, by the names of the domain."""
        given = {
            "start_month": self.start_month,
            "end_month": self.end_month,
            "due_month": self.due_month,
        }
        return {name: month for name, month in given.items() if month is not None}
