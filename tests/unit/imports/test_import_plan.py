"""Work plans in from CSV and out again."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from projectdesk.errors import BadRow, DomainError, EnvironmentFailure, NotFound
from projectdesk.services import commands, queries
from projectdesk.services.commands import PlanTable
from projectdesk.services.rows import ImportReport
from projectdesk.services.workspace import Workspace
from tests.unit.services.conftest import add_project

PACKAGES = (
    "WP;Title;Lead;Start;End\nWP1;Lead;UDR;1;36\n2;Do;1;M3;30\n3;Tell;Universidade do Rio;3;36\n"
)


@pytest.fixture
def project_id(workspace: Workspace) -> UUID:
    return add_project(workspace)


def take(
    workspace: Workspace, project_id: UUID, folder: Path, table: PlanTable, text: str, **how: bool
) -> ImportReport:
    path = folder / f"{table}.csv"
    path.write_text(text, encoding="utf-8")
    return commands.import_plan(workspace, project_id, table, path, **how)


def test_a_whole_plan(workspace: Workspace, project_id: UUID, tmp_path: Path):
    take(workspace, project_id, tmp_path, PlanTable.WORK_PACKAGES, PACKAGES)
    text = "WP;Task;Name;Leader;From;To\nWP1;;First;UDR;1;2\nWP1;;Second;;3;4\n;T2.5;Third;;5;6\n"
    take(workspace, project_id, tmp_path, PlanTable.TASKS, text)
    text = "No.;Name;Lead;Type;Level;Due\nD1.1;Plan;UDR;DMP;CO;M6\n"
    take(workspace, project_id, tmp_path, PlanTable.DELIVERABLES, text)
    text = 'No.;Name;WPs;Due;Means of verification\nMS1;Go;"WP1, WP2";9;Minutes\n'
    take(workspace, project_id, tmp_path, PlanTable.MILESTONES, text)
    packages = queries.work_packages(workspace, project_id)
    assert [(p.label, p.title, p.lead, p.start_month) for p in packages] == [
        ("WP1", "Lead", "UDR", 1),
        ("WP2", "Do", "UDR", 3),
        ("WP3", "Tell", "UDR", 3),
    ]
    assert [t.label for t in queries.tasks(workspace, project_id)] == ["T1.1", "T1.2", "T2.5"]
    (deliverable,) = queries.deliverables(workspace, project_id)
    assert (deliverable.label, deliverable.type, deliverable.level) == ("D1.1", "DMP", "SEN")
    (milestone,) = queries.milestones(workspace, project_id)
    assert (milestone.label, milestone.work_packages) == ("MS1", "WP1, WP2")


def test_a_cancelled_import_changes_nothing(workspace: Workspace, project_id: UUID, tmp_path: Path):
    path = tmp_path / "wp.csv"
    path.write_text(PACKAGES, encoding="utf-8")
    steps: list[tuple[int, int]] = []
    with pytest.raises(DomainError) as caught:
        commands.import_plan(
            workspace,
            project_id,
            PlanTable.WORK_PACKAGES,
            path,
            progress=lambda done, total: steps.append((done, total)),
            cancelled=lambda: len(steps) == 2,
        )
    assert caught.value.code == "import_cancelled"
    assert steps == [(0, 3), (1, 3)]
    assert queries.work_packages(workspace, project_id) == []


def test_numbers_update_and_blanks_leave(workspace: Workspace, project_id: UUID, tmp_path: Path):
    take(workspace, project_id, tmp_path, PlanTable.WORK_PACKAGES, PACKAGES)
    text = "WP;Title;Lead;Start;End\n2;Do more;;3;34\n4;New;;1;2\n"
    report = take(workspace, project_id, tmp_path, PlanTable.WORK_PACKAGES, text)
    assert (report.added, report.updated, report.unchanged) == (1, 1, 0)
    (updated,) = [change for change in report.preview if change.what == "updated"]
    assert updated.fields == (("title", "Do", "Do more"), ("end month", "30", "34"))
    second = queries.work_packages(workspace, project_id)[1]
    assert (second.title, second.lead, second.end_month) == ("Do more", "UDR", 34)
    again = take(workspace, project_id, tmp_path, PlanTable.WORK_PACKAGES, text)
    assert (again.added, again.updated, again.unchanged) == (0, 0, 2)


def test_rows_without_number_are_matched_by_title(
    workspace: Workspace, project_id: UUID, tmp_path: Path
):
    take(workspace, project_id, tmp_path, PlanTable.WORK_PACKAGES, PACKAGES)
    text = "WP;Task;Name;From;To\nWP1;;First;1;2\nWP1;;Second;3;4\n"
    take(workspace, project_id, tmp_path, PlanTable.TASKS, text)
    report = take(workspace, project_id, tmp_path, PlanTable.TASKS, text)
    assert (report.added, report.unchanged) == (0, 2)


def test_a_preview_changes_nothing(workspace: Workspace, project_id: UUID, tmp_path: Path):
    report = take(workspace, project_id, tmp_path, PlanTable.WORK_PACKAGES, PACKAGES, dry_run=True)
    assert report.added == 3
    assert queries.work_packages(workspace, project_id) == []


@pytest.mark.parametrize(
    ("table", "text", "column", "expected"),
    [
        (
            PlanTable.WORK_PACKAGES,
            "WP;Title;Lead;Start;End\n1;A;;1;2\n2;B;NOBODY;1;2\n",
            "Lead",
            "UDR",
        ),
        (PlanTable.WORK_PACKAGES, "WP;Title;Lead;Start;End\n1;A;;1;2\n2;B;7;1;2\n", "Lead", "UDR"),
        (PlanTable.TASKS, "Task;Name;From;To\nT9.1;A;1;2\nT9.2;B;1;2\n", "WP no.", "none is here"),
        (PlanTable.MILESTONES, "No.;Name;Due;WPs\n1;A;1;\n2;B;2;WP8\n", "WP no.", "none is here"),
    ],
)
def test_what_is_not_in_the_project_is_refused_whole(
    workspace: Workspace,
    project_id: UUID,
    tmp_path: Path,
    table: PlanTable,
    text: str,
    column: str,
    expected: str,
):
    with pytest.raises(BadRow) as caught:
        take(workspace, project_id, tmp_path, table, text)
    assert caught.value.facts["column"] == column
    assert expected in str(caught.value.facts["expected"])
    assert queries.work_packages(workspace, project_id) == []
    assert queries.milestones(workspace, project_id) == []


def test_what_lies_after_the_end_is_told(workspace: Workspace, project_id: UUID, tmp_path: Path):
    text = "WP;Title;Start;End\n1;A;1;40\n"
    report = take(workspace, project_id, tmp_path, PlanTable.WORK_PACKAGES, text)
    assert [(w.code, w.row, w.column) for w in report.warnings] == [("after_end", 2, "End month")]


def test_an_import_can_be_undone(workspace: Workspace, project_id: UUID, tmp_path: Path):
    take(workspace, project_id, tmp_path, PlanTable.WORK_PACKAGES, PACKAGES)
    assert commands.undo_label(workspace) == "Import work packages from work_packages.csv"
    commands.undo(workspace)
    assert queries.work_packages(workspace, project_id) == []


@pytest.mark.full
@pytest.mark.parametrize("table", list(PlanTable))
def test_the_sample_goes_out_and_comes_back_unchanged(
    workspace: Workspace, tmp_path: Path, table: PlanTable
):
    project_id = commands.open_sample(workspace)
    path = commands.export_plan(workspace, project_id, table, tmp_path / "plan.csv")
    report = commands.import_plan(workspace, project_id, table, path)
    least = {"work_packages": 7, "tasks": 26, "deliverables": 30, "milestones": 10}
    assert (report.added, report.updated) == (0, 0)
    assert report.unchanged >= least.get(table, 0)


def test_unknown_projects_and_folders_are_named(workspace: Workspace, tmp_path: Path):
    nobody = UUID(int=7)
    with pytest.raises(NotFound):
        commands.export_plan(workspace, nobody, PlanTable.TASKS, tmp_path / "x.csv")
    project_id = add_project(workspace)
    with pytest.raises(EnvironmentFailure, match=r"x\.csv"):
        commands.export_plan(workspace, project_id, PlanTable.TASKS, tmp_path / "no" / "x.csv")
