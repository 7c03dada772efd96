"""Moving and renumbering much of a plan at once: previewed, one change, taken back by one undo."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from projectdesk.domain.rules.numbering import Order
from projectdesk.domain.workplan import DeliverableStatus, DependencyType
from projectdesk.errors import Conflict, DomainError
from projectdesk.services import commands, queries
from projectdesk.services.commands import create, set_fields
from projectdesk.services.plan_rows import BrokenTie
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from tests.unit.services.conftest import add_project


class Plan:
    """WP1 in M1 to M12 (T1.1, T1.2, D1.1), WP2 in M13 to M24 (T2.1, D2.1), and MS1 in M12."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.project = add_project(workspace)
        self.wp1 = self.add(Kind.WORK_PACKAGE, project_id=self.project, title="One", end_month=12)
        self.wp2 = self.add(Kind.WORK_PACKAGE, project_id=self.project, title="Two",
                            start_month=13, end_month=24)  # fmt: skip
        self.t11 = self.task(self.wp1, 1, 6)
        self.t12 = self.task(self.wp1, 7, 12)
        self.t21 = self.task(self.wp2, 13, 20)
        self.d11 = self.deliverable(self.wp1, 6)
        self.d21 = self.deliverable(self.wp2, 24)
        self.ms1 = self.add(Kind.MILESTONE, project_id=self.project, title="Half", due_month=12,
                            work_package_ids=[self.wp1])  # fmt: skip

    def add(self, kind: Kind, **values: Any) -> UUID:
        return create(self.workspace, kind, values)[0]

    def task(self, package: UUID, start: int, end: int) -> UUID:
        return self.add(Kind.TASK, work_package_id=package, title=f"M{start} to M{end}",
                        start_month=start, end_month=end)  # fmt: skip

    def deliverable(self, package: UUID, month: int, **values: Any) -> UUID:
        return self.add(Kind.DELIVERABLE, work_package_id=package, title=f"due M{month}",
                        due_month=month, **values)  # fmt: skip

    def wait(self, after: UUID, before: UUID, **values: Any) -> UUID:
        ends = {
            f"{side}_{'work_package' if end in (self.wp1, self.wp2) else 'task'}_id": end
            for side, end in (("before", before), ("after", after))
        }
        return self.add(Kind.DEPENDENCY, project_id=self.project, **ends, **values)

    def months(self) -> dict[str, tuple[int, int]]:
        rows: list[Any] = [
            *queries.work_packages(self.workspace, self.project),
            *queries.tasks(self.workspace, self.project),
        ]
        due: list[Any] = [
            *queries.deliverables(self.workspace, self.project),
            *queries.milestones(self.workspace, self.project),
        ]
        return {row.label: (row.start_month, row.end_month) for row in rows} | {
            row.label: (row.due_month, row.due_month) for row in due
        }

    def labels(self, kind: Kind) -> list[tuple[str, str]]:
        query: dict[Kind, Any] = {
            Kind.WORK_PACKAGE: queries.work_packages,
            Kind.TASK: queries.tasks,
            Kind.DELIVERABLE: queries.deliverables,
            Kind.RISK: queries.risks,
        }
        return [(row.label, row.title) for row in query[kind](self.workspace, self.project)]


@pytest.fixture
def plan(any_workspace: Workspace) -> Plan:
    return Plan(any_workspace)


# --- a work package with all in it


def test_a_work_package_moves_with_all_in_it_and_back(plan: Plan):
    before = plan.months()
    preview = commands.preview_shift(plan.workspace, plan.wp1, 3, milestones=[plan.ms1])
    assert [(r.label, r.start, r.end, r.start_after, r.end_after) for r in preview.rows] == [
        ("WP1", 1, 12, 4, 15),
        ("T1.1", 1, 6, 4, 9),
        ("T1.2", 7, 12, 10, 15),
        ("D1.1", 6, 6, 9, 9),
        ("MS1", 12, 12, 15, 15),
    ]
    assert plan.months() == before, "a preview changes nothing"
    changes = commands.shift_work_package(plan.workspace, plan.wp1, 3, milestones=[plan.ms1])
    assert changes.label == "Move WP1 with all in it by 3 months"
    assert plan.months() == before | {
        "WP1": (4, 15), "T1.1": (4, 9), "T1.2": (10, 15), "D1.1": (9, 9), "MS1": (15, 15),
    }  # fmt: skip
    commands.undo(plan.workspace)
    assert plan.months() == before
    commands.redo(plan.workspace)
    commands.shift_work_package(plan.workspace, plan.wp1, -3, milestones=[plan.ms1])
    assert plan.months() == before, "there and back is where it was"


def test_what_was_handed_in_stays_unless_it_is_asked_for(plan: Plan):
    plan.deliverable(plan.wp1, 2, status=DeliverableStatus.ACCEPTED)
    preview = commands.preview_shift(plan.workspace, plan.wp1, 1)
    assert preview.stays == ("D1.2",)
    commands.shift_work_package(plan.workspace, plan.wp1, 1)
    assert plan.months()["D1.2"] == (2, 2)
    commands.shift_work_package(plan.workspace, plan.wp1, 1, handed_in=True)
    assert plan.months()["D1.2"] == (3, 3)


def test_a_move_before_the_first_month_is_refused(plan: Plan):
    with pytest.raises(DomainError) as refused:
        commands.shift_work_package(plan.workspace, plan.wp2, -13)
    assert refused.value.code == "before_first_month"
    assert "by 12 months at most" in refused.value.text
    assert plan.months()["WP2"] == (13, 24)


def test_a_move_beyond_the_project_is_refused_or_extends_it(plan: Plan):
    preview = commands.preview_shift(plan.workspace, plan.wp2, 14)
    assert preview.needs == 38
    with pytest.raises(DomainError) as refused:
        commands.shift_work_package(plan.workspace, plan.wp2, 14)
    assert (refused.value.code, refused.value.facts["needs"]) == ("beyond_project", 38)
    commands.shift_work_package(plan.workspace, plan.wp2, 14, extend=True)
    project = queries.project(plan.workspace, plan.project)
    assert (project.duration_months, project.end_date) == (38, date(2029, 2, 28))
    assert plan.months()["D2.1"] == (38, 38)
    commands.undo(plan.workspace)
    assert queries.project(plan.workspace, plan.project).duration_months == 36
    assert plan.months()["D2.1"] == (24, 24)


def test_the_day_of_a_draft_keeps_its_distance(plan: Plan):
    made = plan.deliverable(plan.wp1, 8, draft_on=date(2026, 8, 1))
    commands.shift_work_package(plan.workspace, plan.wp1, 1)
    row = next(r for r in queries.deliverables(plan.workspace, plan.project) if r.id == made)
    assert row.draft_on is not None
    assert row.due_on is not None
    assert (row.due_on - row.draft_on).days == (date(2026, 8, 31) - date(2026, 8, 1)).days


def test_a_preview_names_what_does_not_hold_then(plan: Plan):
    plan.wait(plan.wp2, plan.wp1)
    preview = commands.preview_shift(plan.workspace, plan.wp1, 2)
    assert preview.violated == (BrokenTie("WP2", "WP1"),)


# --- dependencies


def test_a_dependency_says_when_it_does_not_hold(plan: Plan):
    plan.wait(plan.t21, plan.t12, lag_months=2)
    plan.wait(plan.t12, plan.t11, type=DependencyType.START_START)
    first, second = queries.dependencies(plan.workspace, plan.project)
    assert (first.after, first.before, first.violated, first.earliest) == ("T1.2", "T1.1", False, 1)
    assert (second.after, second.before, second.violated) == ("T2.1", "T1.2", True)
    assert (second.earliest, second.months) == (15, 2)


def test_a_circle_is_refused_and_named(plan: Plan):
    plan.wait(plan.t12, plan.t11)
    plan.wait(plan.t21, plan.t12)
    with pytest.raises(DomainError) as refused:
        plan.wait(plan.t11, plan.t21)
    assert refused.value.code == "circle"
    for label in ("T1.1", "T1.2", "T2.1"):
        assert label in refused.value.text
    assert len(queries.dependencies(plan.workspace, plan.project)) == 2
    with pytest.raises(DomainError) as refused:
        plan.wait(plan.t11, plan.wp1)
    assert refused.value.code == "circle"


def test_the_same_dependency_twice_is_refused(plan: Plan):
    plan.wait(plan.wp2, plan.wp1)
    with pytest.raises(DomainError) as refused:
        plan.wait(plan.wp2, plan.wp1)
    assert refused.value.code == "dependency_twice"


def test_what_waits_moves_until_all_holds(plan: Plan):
    before = plan.months()
    plan.wait(plan.wp2, plan.wp1, lag_months=1)
    plan.wait(plan.t12, plan.t11, lag_months=2)
    preview = commands.preview_what_waits(plan.workspace, plan.project)
    changes = commands.move_what_waits(plan.workspace, plan.project)
    assert {row.label for row in preview.rows} == {"WP1", "T1.2", "WP2", "T2.1", "D2.1"}
    assert preview.violated == ()
    assert changes.label == "Move what waits"
    assert plan.months() == before | {
        "T1.2": (9, 14), "WP1": (1, 14), "WP2": (16, 27), "T2.1": (16, 23), "D2.1": (27, 27),
    }  # fmt: skip
    assert not any(r.violated for r in queries.dependencies(plan.workspace, plan.project))
    assert not commands.move_what_waits(plan.workspace, plan.project), "nothing is left to move"
    commands.undo(plan.workspace)
    assert plan.months() == before


def test_what_waits_does_not_move_beyond_the_project(plan: Plan):
    plan.wait(plan.wp2, plan.wp1, lag_months=13)
    with pytest.raises(DomainError) as refused:
        commands.move_what_waits(plan.workspace, plan.project)
    assert (refused.value.code, refused.value.facts["needs"]) == ("beyond_project", 37)


# --- the start of the project


def test_the_start_moves_all_dates(plan: Plan):
    plan.deliverable(plan.wp1, 2, draft_on=date(2026, 2, 10))
    start, today = date(2025, 11, 1), date(2026, 1, 15)
    rows = commands.preview_start(plan.workspace, plan.project, start, today)
    told = {row.label: (row.before, row.after, row.passed) for row in rows}
    assert told["WP2"] == (date(2027, 1, 1), date(2026, 11, 1), False)
    assert told["D1.2"] == (date(2026, 2, 28), date(2025, 12, 31), True)
    assert told["T1.1"] == (date(2026, 1, 1), start, False), "a start that is over is no deadline"
    project = queries.project(plan.workspace, plan.project)
    commands.shift_start(plan.workspace, plan.project, project.version, start)
    after = queries.project(plan.workspace, plan.project)
    assert (after.start_date, after.end_date) == (start, date(2028, 10, 31))
    row = next(r for r in queries.deliverables(plan.workspace, plan.project) if r.label == "D1.2")
    assert (row.due_month, row.due_on) == (2, date(2025, 12, 31))
    assert row.draft_on == date(2025, 12, 13)
    with pytest.raises(Conflict):
        commands.shift_start(plan.workspace, plan.project, project.version, start)
    commands.undo(plan.workspace)
    assert queries.project(plan.workspace, plan.project).start_date == date(2026, 1, 1)


# --- numbers


def test_deliverables_are_numbered_by_month_within_their_package(plan: Plan):
    plan.deliverable(plan.wp1, 3)
    plan.deliverable(plan.wp1, 12)
    kinds = [Kind.DELIVERABLE]
    preview = commands.preview_numbers(plan.workspace, plan.project, kinds, Order.BY_MONTH)
    assert [(row.label, row.label_after) for row in preview.rows] == [
        ("D1.1", "D1.2"), ("D1.2", "D1.1"),
    ]  # fmt: skip
    commands.renumber(plan.workspace, plan.project, kinds, Order.BY_MONTH)
    assert plan.labels(Kind.DELIVERABLE) == [
        ("D1.1", "due M3"), ("D1.2", "due M6"), ("D1.3", "due M12"), ("D2.1", "due M24"),
    ]  # fmt: skip
    commands.undo(plan.workspace)
    assert plan.labels(Kind.DELIVERABLE)[0] == ("D1.1", "due M6")


def test_a_work_package_takes_its_tasks_labels_along(plan: Plan):
    package = queries.work_packages(plan.workspace, plan.project)[1]
    set_fields(plan.workspace, Kind.WORK_PACKAGE, package.id, package.version, {"number": 5})
    preview = commands.preview_numbers(
        plan.workspace, plan.project, [Kind.WORK_PACKAGE], Order.KEPT
    )
    assert [(row.label, row.label_after) for row in preview.rows] == [
        ("WP5", "WP2"), ("T5.1", "T2.1"), ("D5.1", "D2.1"),
    ]  # fmt: skip
    commands.renumber(plan.workspace, plan.project, [Kind.WORK_PACKAGE], Order.KEPT)
    assert [label for label, _ in plan.labels(Kind.WORK_PACKAGE)] == ["WP1", "WP2"]


def test_risks_close_their_holes(plan: Plan):
    for title in ("Storm", "Strike", "Delay"):
        plan.add(Kind.RISK, project_id=plan.project, title=title)
    middle = queries.risks(plan.workspace, plan.project)[1]
    commands.delete(plan.workspace, Kind.RISK, middle.id, middle.version)
    commands.renumber(plan.workspace, plan.project, [Kind.RISK], Order.BY_MONTH)
    assert plan.labels(Kind.RISK) == [("R1", "Storm"), ("R2", "Delay")]


def test_one_is_put_before_another(plan: Plan):
    plan.task(plan.wp1, 3, 4)
    third = queries.tasks(plan.workspace, plan.project)[2]
    changes = commands.reorder(plan.workspace, Kind.TASK, third.id, plan.t11)
    assert changes.label == "Put T1.3 elsewhere"
    assert plan.labels(Kind.TASK)[:3] == [
        ("T1.1", "M3 to M4"), ("T1.2", "M1 to M6"), ("T1.3", "M7 to M12"),
    ]  # fmt: skip
    commands.reorder(plan.workspace, Kind.TASK, third.id, None)
    assert plan.labels(Kind.TASK)[2] == ("T1.3", "M3 to M4")
    with pytest.raises(DomainError) as refused:
        commands.reorder(plan.workspace, Kind.TASK, third.id, plan.t21)
    assert refused.value.code == "other_parent"


def test_a_task_moves_to_another_package_and_takes_the_next_number(plan: Plan):
    name, changes = commands.move_to_package(plan.workspace, Kind.TASK, [plan.t11], plan.wp2)
    assert (name, changes.label) == ("T2.2", "Move T1.1 to WP2 as T2.2")
    assert [label for label, _ in plan.labels(Kind.TASK)] == ["T1.2", "T2.1", "T2.2"]
    commands.undo(plan.workspace)
    assert [label for label, _ in plan.labels(Kind.TASK)] == ["T1.1", "T1.2", "T2.1"]
    name, _ = commands.move_to_package(plan.workspace, Kind.TASK, [plan.t11, plan.t12], plan.wp2)
    assert name == "2 tasks in WP2"
    assert not commands.move_to_package(plan.workspace, Kind.TASK, [plan.t11], plan.wp2)[1]


def test_a_task_does_not_move_into_the_package_it_waits_for(plan: Plan):
    plan.wait(plan.t21, plan.wp1)
    with pytest.raises(DomainError) as refused:
        commands.move_to_package(plan.workspace, Kind.TASK, [plan.t21], plan.wp1)
    assert refused.value.code == "circle"
    assert plan.months()["T2.1"] == (13, 20)
