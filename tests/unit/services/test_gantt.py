"""What the Gantt chart reads, and the one change that a drag is."""

from __future__ import annotations

from datetime import date

import pytest

from projectdesk.domain.workplan import DeliverableStatus, DependencyType
from projectdesk.errors import Conflict, DomainError, NotFound
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands, queries
from projectdesk.services.gantt_rows import GanttMove
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """One database for all: each test has a project of its own in it."""
    data = tmp_path_factory.mktemp("gantt")
    with Workspace.open(data, secrets=MemorySecrets()) as opened:
        yield opened


@pytest.fixture
def plan(workspace):
    """A package M1-M12 with a task, a deliverable and two milestones; one of them on two."""

    def make(kind, **values):
        return commands.create(workspace, kind, values)[0]

    project = make(Kind.PROJECT, acronym="AURORA", start_date=date(2027, 1, 15), duration_months=24)
    first = make(Kind.WORK_PACKAGE, project_id=project, title="Sense", start_month=1, end_month=12)
    second = make(Kind.WORK_PACKAGE, project_id=project, title="Tell", start_month=6, end_month=24)
    task = make(Kind.TASK, work_package_id=first, title="Build", start_month=2, end_month=5)
    other = make(Kind.TASK, work_package_id=second, title="Show", start_month=7, end_month=9)
    make(Kind.DELIVERABLE, work_package_id=first, title="Report", due_month=2)
    make(Kind.MILESTONE, project_id=project, title="Go", due_month=3, work_package_ids=[first])
    make(
        Kind.MILESTONE,
        project_id=project,
        title="All",
        due_month=4,
        work_package_ids=[first, second],
    )
    make(
        Kind.DEPENDENCY,
        project_id=project,
        before_task_id=task,
        after_task_id=other,
        lag_months=1,
    )
    make(Kind.REPORTING_PERIOD, project_id=project, start_month=1, end_month=12)
    return queries.gantt(workspace, project)


@pytest.mark.full
def test_the_chart_is_the_plan_in_its_order(plan):
    assert [bar.label for bar in plan.bars] == ["WP1", "T1.1", "WP2", "T2.1"]
    assert [(mark.label, mark.due_month) for mark in plan.marks] == [
        ("D1.1", 2),
        ("MS1", 3),
        ("MS2", 4),
    ]
    assert [len(mark.work_package_ids) for mark in plan.marks] == [1, 1, 2]
    link = plan.links[0]
    assert (link.before, link.after) == (plan.bars[1].id, plan.bars[3].id)
    assert (link.type, link.lag_months) == (DependencyType.FINISH_START, 1)
    assert [(each.label, each.start_month, each.end_month) for each in plan.periods] == [
        ("RP1", 1, 12)
    ]
    assert (plan.start_date, plan.duration_months) == (date(2027, 1, 15), 24)


def test_late_is_what_is_awaited_and_not_there(workspace, plan):
    mark = plan.marks[0]
    assert mark.wanted_by == date(2027, 3, 14)
    assert not mark.late(date(2027, 3, 14))
    assert mark.late(date(2027, 3, 15))
    commands.set_fields(
        workspace,
        Kind.DELIVERABLE,
        mark.id,
        mark.version,
        {"status": DeliverableStatus.SUBMITTED},
    )
    handed_in = queries.gantt(workspace, plan.project_id).marks[0]
    assert handed_in.done
    assert not handed_in.late(date(2030, 1, 1))


def _move(row, **months):
    return GanttMove(row.kind, row.id, row.version, **months)


def test_several_bars_move_as_one_change_that_undo_takes_back(workspace, plan):
    package, task, mark = plan.bars[0], plan.bars[1], plan.marks[0]
    changes = commands.move_bars(
        workspace,
        plan.project_id,
        [
            _move(package, start_month=3, end_month=14),
            _move(task, start_month=4, end_month=7),
            _move(mark, due_month=4),
        ],
    )
    assert changes.label == "Move WP1 by 2 months"
    moved = queries.gantt(workspace, plan.project_id)
    assert [(bar.start_month, bar.end_month) for bar in moved.bars[:2]] == [(3, 14), (4, 7)]
    assert moved.marks[0].due_month == 4
    commands.undo(workspace)
    back = queries.gantt(workspace, plan.project_id)
    assert [(bar.start_month, bar.end_month) for bar in back.bars[:2]] == [(1, 12), (2, 5)]
    assert back.marks[0].due_month == 2


@pytest.mark.parametrize(
    ("months", "label"),
    [
        ({"start_month": 1, "end_month": 4}, "Move T1.1 back by 1 month"),
        ({"start_month": 2, "end_month": 7}, "Lengthen T1.1 by 2 months"),
        ({"start_month": 1, "end_month": 5}, "Lengthen T1.1 by 1 month"),
        ({"start_month": 4, "end_month": 5}, "Shorten T1.1 by 2 months"),
    ],
)
def test_the_label_says_what_was_done(workspace, plan, months, label):
    moves = [_move(plan.bars[1], **months)]
    assert commands.move_bars(workspace, plan.project_id, moves).label == label


def test_nothing_moves_when_one_of_them_cannot(workspace, plan):
    package, task = plan.bars[0], plan.bars[1]
    allowed = _move(package, start_month=2, end_month=13)
    with pytest.raises(DomainError) as refused:
        commands.move_bars(
            workspace, plan.project_id, [allowed, _move(task, start_month=20, end_month=25)]
        )
    assert refused.value.facts["field"] == "end_month"
    assert queries.gantt(workspace, plan.project_id) == plan
    commands.set_fields(workspace, Kind.TASK, task.id, task.version, {"title": "Build it"})
    with pytest.raises(Conflict):
        commands.move_bars(
            workspace, plan.project_id, [allowed, _move(task, start_month=3, end_month=6)]
        )
    assert queries.gantt(workspace, plan.project_id).bars[0] == package


def test_another_project_is_not_moved(workspace, plan):
    other, _ = commands.create(workspace, Kind.PROJECT, {"acronym": "BOREAS"})
    with pytest.raises(DomainError) as refused:
        commands.move_bars(workspace, other, [_move(plan.bars[1], start_month=3, end_month=6)])
    assert refused.value.code == "other_project"


def test_a_project_that_is_gone_has_no_chart(workspace, plan):
    with pytest.raises(NotFound):
        queries.gantt(workspace, plan.bars[0].id)
