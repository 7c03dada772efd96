"""The measurement of the Gantt chart drags a real chart."""

from __future__ import annotations

from projectdesk.bench import gantt
from projectdesk.services.rows import Kind


def test_the_plan_has_as_many_tasks_as_it_says():
    for tasks in (60, 1000):
        plan = gantt.invented(tasks)
        assert sum(bar.kind is Kind.TASK for bar in plan.bars) == tasks
        assert len({bar.id for bar in plan.bars}) == len(plan.bars)
        assert plan.links
        assert all(1 <= bar.start_month <= bar.end_month <= 60 for bar in plan.bars)


def test_every_frame_of_a_drag_is_painted(qapp):
    row = gantt._measured(60, Kind.TASK, 5, 1.0)
    assert row["frames"] == 5
    assert row["not_painted"] == 0
    assert row["cpu_median_ms"] > 0
