"""An edit that meets somebody else's is merged or shown field by field; nothing is overwritten."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from projectdesk.errors import Conflict, DomainError, NotFound
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind, WorkPackageRow
from projectdesk.services.workspace import Workspace
from tests.unit.services.conftest import add_project


@pytest.fixture
def project(any_workspace: Workspace) -> UUID:
    commands.set_me(any_workspace, {"given_name": "Ada", "family_name": "Rossi"})
    return add_project(any_workspace)


@pytest.fixture
def package(any_workspace: Workspace, project: UUID) -> WorkPackageRow:
    values = {"project_id": project, "title": "Pilots", "start_month": 3, "end_month": 12}
    commands.create(any_workspace, Kind.WORK_PACKAGE, values)
    return _package(any_workspace, project)


@pytest.fixture
def colleague(any_workspace: Workspace, project: UUID) -> Workspace:
    """Another desktop on the same data, of the same person."""
    return Workspace(any_workspace._database, any_workspace.secrets, any_workspace.now)


def _package(workspace: Workspace, project: UUID) -> WorkPackageRow:
    [row] = queries.work_packages(workspace, project)
    return row


def test_an_edit_that_nobody_crossed_is_just_saved(
    any_workspace: Workspace, project: UUID, package: WorkPackageRow
) -> None:
    saved = commands.save_fields(
        any_workspace, Kind.WORK_PACKAGE, package.id, package.version, {"title": "Sensors"}
    )
    assert saved.met is None
    assert saved.changes.label == "Change title of WP1"


def test_other_fields_merge_by_themselves(
    any_workspace: Workspace, colleague: Workspace, project: UUID, package: WorkPackageRow
) -> None:
    kind, seen = Kind.WORK_PACKAGE, package.version
    commands.set_fields(colleague, kind, package.id, seen, {"end_month": 20})
    saved = commands.save_fields(any_workspace, kind, package.id, seen, {"title": "Sensors"})
    assert saved.changes
    assert not saved.refused
    assert saved.met is not None
    assert saved.met.also == ("end_month",)
    assert saved.met.who == "Ada Rossi"
    row = _package(any_workspace, project)
    assert (row.title, row.end_month) == ("Sensors", 20)


def test_a_field_that_both_changed_is_a_choice(
    any_workspace: Workspace, colleague: Workspace, project: UUID, package: WorkPackageRow
) -> None:
    kind, seen = Kind.WORK_PACKAGE, package.version
    theirs = {"title": "Their title", "end_month": 20}
    commands.set_fields(colleague, kind, package.id, seen, theirs)
    mine = {"title": "My title", "start_month": 5}
    saved = commands.save_fields(any_workspace, kind, package.id, seen, mine)
    assert saved.refused
    assert not saved.changes
    row = _package(any_workspace, project)
    assert (row.title, row.start_month) == ("Their title", 3), "nothing was overwritten"
    view = saved.met
    assert view is not None
    [title] = view.clashes
    assert (title.base, title.theirs, title.mine) == ("Pilots", "Their title", "My title")
    assert title.who == "Ada Rossi"
    assert title.at is not None
    assert [field.name for field in view.fields] == ["title", "start_month"]
    # Mine, in both fields.
    done = commands.resolve(any_workspace, view, {"title": "My title", "start_month": 5})
    assert not done.refused
    row = _package(any_workspace, project)
    assert (row.title, row.start_month, row.end_month) == ("My title", 5, 20)


def test_a_choice_is_crossed_by_a_third_edit(
    any_workspace: Workspace, colleague: Workspace, project: UUID, package: WorkPackageRow
) -> None:
    kind, seen = Kind.WORK_PACKAGE, package.version
    commands.set_fields(colleague, kind, package.id, seen, {"title": "Theirs"})
    view = commands.save_fields(any_workspace, kind, package.id, seen, {"title": "Mine"}).met
    assert view is not None
    commands.set_fields(colleague, kind, package.id, view.version, {"title": "Third"})
    again = commands.resolve(any_workspace, view, {"title": "Mine"})
    assert again.refused
    assert _package(any_workspace, project).title == "Third"


def test_the_same_words_from_both_are_no_conflict(
    any_workspace: Workspace, colleague: Workspace, package: WorkPackageRow
) -> None:
    kind, seen = Kind.WORK_PACKAGE, package.version
    commands.set_fields(colleague, kind, package.id, seen, {"title": "Same"})
    saved = commands.save_fields(any_workspace, kind, package.id, seen, {"title": "Same"})
    assert not saved.refused
    assert not saved.changes


def test_there_and_back_is_no_conflict(
    any_workspace: Workspace, colleague: Workspace, project: UUID, package: WorkPackageRow
) -> None:
    kind, seen = Kind.WORK_PACKAGE, package.version
    commands.set_fields(colleague, kind, package.id, seen, {"title": "Other"})
    commands.set_fields(colleague, kind, package.id, seen + 1, {"title": "Pilots"})
    saved = commands.save_fields(any_workspace, kind, package.id, seen, {"title": "Mine"})
    assert not saved.refused
    assert _package(any_workspace, project).title == "Mine"


def test_references_are_told_by_name(
    any_workspace: Workspace, colleague: Workspace, project: UUID, package: WorkPackageRow
) -> None:
    [partner] = queries.partners(any_workspace, project)
    kind, seen = Kind.WORK_PACKAGE, package.version
    commands.set_fields(colleague, kind, package.id, seen, {"lead_partner_id": partner.id})
    view = queries.conflict(any_workspace, kind, package.id, seen, {"lead_partner_id": None})
    [field] = view.fields
    assert field.theirs == partner.id
    assert field.theirs_words == "UDR"
    assert (field.base, field.mine, field.mine_words) == (None, None, "")


def test_a_merge_keeps_the_rules(
    any_workspace: Workspace, colleague: Workspace, project: UUID, package: WorkPackageRow
) -> None:
    kind, seen = Kind.WORK_PACKAGE, package.version
    commands.set_fields(colleague, kind, package.id, seen, {"end_month": 6})
    with pytest.raises(DomainError) as caught:
        commands.save_fields(any_workspace, kind, package.id, seen, {"start_month": 9})
    assert caught.value.facts["field"] == "start_month"
    assert _package(any_workspace, project).start_month == 3


def test_a_bulk_change_leaves_the_choice_to_a_person(
    any_workspace: Workspace, project: UUID, package: WorkPackageRow
) -> None:
    from projectdesk.domain.workplan import WorkPackage

    with any_workspace.change("Import", bulk=True) as unit:
        unit.get(WorkPackage, package.id).end_month = 9
    saved = commands.save_fields(
        any_workspace, Kind.WORK_PACKAGE, package.id, package.version, {"title": "Mine"}
    )
    assert saved.met is not None
    [title] = saved.met.clashes
    assert not title.base_known
    assert title.theirs == "Pilots"


def test_what_was_deleted_meanwhile_can_be_brought_back_with_the_edit(
    any_workspace: Workspace, colleague: Workspace, project: UUID, package: WorkPackageRow
) -> None:
    values = {"work_package_id": package.id, "title": "Survey", "start_month": 3, "end_month": 4}
    commands.create(any_workspace, Kind.TASK, values)
    commands.delete(colleague, Kind.WORK_PACKAGE, package.id, package.version)
    saved = commands.save_fields(
        any_workspace, Kind.WORK_PACKAGE, package.id, package.version, {"title": "My long text"}
    )
    view = saved.met
    assert saved.refused
    assert view is not None
    assert view.deleted
    assert view.who == "Ada Rossi"
    assert view.title == "Pilots"
    assert view.fields[0].mine == "My long text"
    changes = commands.bring_back(any_workspace, view, {"title": "My long text"})
    assert changes.label == "Restore work package Pilots"
    row = _package(any_workspace, project)
    assert (row.title, row.end_month) == ("My long text", 12)
    assert row.version > package.version
    assert [task.title for task in queries.tasks(any_workspace, project)] == ["Survey"]
    with pytest.raises(Conflict):
        commands.bring_back(any_workspace, view, {"title": "Again"})
    commands.undo(any_workspace)
    assert queries.work_packages(any_workspace, project) == []


def test_what_never_was_is_not_found(any_workspace: Workspace, project: UUID) -> None:
    with pytest.raises(NotFound):
        commands.save_fields(any_workspace, Kind.TASK, project, 1, {"title": "Mine"})


def test_two_programs_on_one_file_meet_as_well(workspace: Workspace) -> None:
    project = add_project(workspace)
    seen = queries.project(workspace, project)
    with Workspace.open(workspace.data, secrets=MemorySecrets(), now=workspace.now) as other:
        commands.set_fields(other, Kind.PROJECT, project, seen.version, {"title": "Theirs"})
    saved = commands.save_fields(workspace, Kind.PROJECT, project, seen.version, {"title": "Mine"})
    assert saved.refused
    assert saved.met is not None
    assert not saved.met.own
    assert Path(workspace.data).is_dir()


def test_ones_own_later_edit_stands(
    any_workspace: Workspace, project: UUID, package: WorkPackageRow
) -> None:
    kind, seen = Kind.WORK_PACKAGE, package.version
    commands.set_fields(any_workspace, kind, package.id, seen, {"title": "First"})
    saved = commands.save_fields(any_workspace, kind, package.id, seen, {"title": "Second"})
    assert not saved.refused
    assert _package(any_workspace, project).title == "Second"


def test_many_edits_are_one_change_beside_what_others_changed_and_clashes_are_left(
    any_workspace: Workspace, colleague: Workspace, project: UUID, package: WorkPackageRow
) -> None:
    kind = Kind.DELIVERABLE
    ids = [
        commands.create(
            any_workspace, kind, {"work_package_id": package.id, "title": title, "due_month": 6}
        )[0]
        for title in ("Untouched", "Merged", "Clash", "Gone")
    ]
    commands.set_fields(colleague, kind, ids[1], 1, {"title": "Renamed"})
    commands.set_fields(colleague, kind, ids[2], 1, {"due_month": 7})
    commands.delete(colleague, kind, ids[3], 1)
    edits = [commands.RecordEdit(kind, each, 1, {"due_month": 9}) for each in ids]
    saved = commands.save_many(any_workspace, edits, "Paste 4 cells")
    assert saved.merged == 1
    assert [(met.record_id, met.deleted) for met in saved.clashes] == [
        (ids[2], False),
        (ids[3], True),
    ]
    rows = {row.title: row.due_month for row in queries.deliverables(any_workspace, project)}
    assert rows == {"Untouched": 9, "Renamed": 9, "Clash": 7}, "nothing is overwritten"
    assert commands.undo_label(any_workspace) == "Paste 4 cells"
    commands.undo(any_workspace)
    rows = {row.title: row.due_month for row in queries.deliverables(any_workspace, project)}
    assert rows == {"Untouched": 6, "Renamed": 6, "Clash": 7}


@pytest.mark.full
def test_many_edits_that_all_clash_change_nothing_and_a_wrong_value_refuses_all(
    any_workspace: Workspace, colleague: Workspace, project: UUID, package: WorkPackageRow
) -> None:
    kind, seen = Kind.WORK_PACKAGE, package.version
    commands.set_fields(colleague, kind, package.id, seen, {"title": "Theirs"})
    edit = commands.RecordEdit(kind, package.id, seen, {"title": "Mine"})
    saved = commands.save_many(any_workspace, [edit])
    assert not saved.changes
    assert len(saved.clashes) == 1
    wrong = commands.RecordEdit(kind, package.id, seen, {"end_month": 1})
    with pytest.raises(DomainError) as refused:
        commands.save_many(any_workspace, [wrong])
    assert refused.value.facts["record_id"] == package.id.hex
    assert _package(any_workspace, project).title == "Theirs"
