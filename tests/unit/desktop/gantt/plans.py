"""Plans to draw: a small one, and large ones."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid5

from projectdesk.domain.workplan import DependencyType
from projectdesk.services.gantt_rows import (
    GanttBar,
    GanttLink,
    GanttMark,
    GanttPeriod,
    GanttPlan,
)
from projectdesk.services.rows import Kind

START = date(2027, 1, 15)
_SPACE = UUID(int=7)


def row_id(label: str) -> UUID:
    return uuid5(_SPACE, label)


def package(number: int, start: int, end: int) -> GanttBar:
    label = f"WP{number}"
    return GanttBar(
        Kind.WORK_PACKAGE, row_id(label), 1, label, f"Part {number}", "DTU", start, end,
        row_id(label),
    )  # fmt: skip


def task(number: int, step: int, start: int, end: int) -> GanttBar:
    label = f"T{number}.{step}"
    return GanttBar(
        Kind.TASK, row_id(label), 1, label, f"Step {step}", "MIT", start, end,
        row_id(f"WP{number}"),
    )  # fmt: skip


def deliverable(number: int, step: int, month: int, **more) -> GanttMark:
    label = f"D{number}.{step}"
    return GanttMark(
        Kind.DELIVERABLE, row_id(label), 1, label, "Report", "DTU", month,
        (row_id(f"WP{number}"),), **more,
    )  # fmt: skip


def milestone(number: int, month: int, *packages: int, **more) -> GanttMark:
    label = f"MS{number}"
    owners = tuple(row_id(f"WP{each}") for each in packages)
    return GanttMark(Kind.MILESTONE, row_id(label), 1, label, "Gate", "", month, owners, **more)


def link(before: str, after: str, kind=DependencyType.FINISH_START, lag: int = 0) -> GanttLink:
    return GanttLink(row_id(f"{before}>{after}"), 1, row_id(before), row_id(after), kind, lag)


def small(**more) -> GanttPlan:
    """Two packages with three tasks, two deliverables, two milestones, one dependency."""
    parts = {
        "bars": (
            package(1, 1, 12),
            task(1, 1, 2, 5),
            task(1, 2, 6, 12),
            package(2, 6, 24),
            task(2, 1, 8, 10),
        ),
        "marks": (
            deliverable(1, 1, 3, done=True),
            deliverable(1, 2, 9, wanted_by=date(2027, 10, 14)),
            milestone(1, 4, 1),
            milestone(2, 12, 1, 2),
        ),
        "links": (link("T1.1", "T1.2"),),
        "periods": (GanttPeriod(row_id("RP1"), "RP1", 1, 12),),
    }
    head = {"acronym": "AURORA", "title": "Lights", "start_date": START, "duration_months": 24}
    return GanttPlan(row_id("P"), **{**head, **parts, **more})
