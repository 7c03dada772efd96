"""Importing out of CORDIS: preview, update, own edits, cancel, large files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select

from projectdesk.domain.consortium import Organisation, PartnerRole, Project
from projectdesk.errors import BadRow, DomainError, EnvironmentFailure, NotFound, UnreadableFile
from projectdesk.services import commands, queries
from projectdesk.services.rows import Changes, ImportReport, Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from tests.unit.exchange.exports import ORGANISATION, PROJECT, csv_file, organisation, project


def counts(report: ImportReport) -> tuple[int, int, int]:
    return report.added, report.updated, report.unchanged


def export(folder: Path, *rows: dict[str, str], **cells: str) -> list[Path]:
    """Write a project with these participations."""
    return [
        csv_file(folder / "project.csv", PROJECT, [project(**cells)]),
        csv_file(folder / "organization.csv", ORGANISATION, rows),
    ]


def three(**second: str) -> tuple[dict[str, str], ...]:
    return (
        organisation(1, "Alpha", shortName="ALPHA"),
        organisation(2, "Beta", **second),
        organisation(2, "Gamma", role="thirdParty", organisationID="900000003"),
    )


def total(workspace: Workspace) -> int:
    tables = (
        schema.project,
        schema.organisation,
        schema.partner,
        schema.history,
        schema.search_entry,
    )
    with workspace.read() as session:
        return sum(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


@pytest.mark.full
def test_a_project_arrives_with_its_consortium(any_workspace: Workspace, tmp_path: Path):
    report = commands.import_cordis(any_workspace, export(tmp_path, *three()))
    assert (report.projects, report.organisations, report.partners) == (1, 3, 3)
    assert counts(report) == (7, 0, 0)
    (found,) = queries.projects(any_workspace)
    assert report.project_ids == (found.id,)
    assert (found.acronym, found.partners, found.coordinator) == ("P001", 3, "ALPHA")
    partners = queries.partners(any_workspace, found.id)
    assert [(p.number, p.parent_number, p.role) for p in partners] == [
        (1, None, PartnerRole.COORDINATOR),
        (2, None, PartnerRole.BENEFICIARY),
        (None, 2, PartnerRole.THIRD_PARTY),
    ]
    assert [partner.parent_id for partner in partners] == [None, None, partners[1].id]
    assert report.changes.kinds == {Kind.PROJECT, Kind.ORGANISATION, Kind.PARTNER}
    assert [hit.title for hit in queries.search(any_workspace, "alpha")][:1] == ["Alpha"]


def test_importing_again_changes_nothing(any_workspace: Workspace, tmp_path: Path):
    files = export(tmp_path, *three())
    commands.import_cordis(any_workspace, files)
    before = total(any_workspace)
    again = commands.import_cordis(any_workspace, files)
    assert counts(again) == (0, 0, 7)
    assert again.changes == Changes()
    assert total(any_workspace) == before


def test_a_preview_is_the_import_and_changes_nothing(workspace: Workspace, tmp_path: Path):
    files = export(tmp_path, *three())
    before = total(workspace)
    told: list[Changes] = []
    stop = workspace.subscribe(told.append)
    preview = commands.import_cordis(workspace, files, dry_run=True)
    assert total(workspace) == before
    assert told == []
    assert commands.undo_label(workspace) is None
    real = commands.import_cordis(workspace, files)
    stop()
    assert replace(preview, changes=real.changes, project_ids=real.project_ids) == real
    assert ("added", Kind.PROJECT, "P001") in [(c.what, c.kind, c.title) for c in preview.preview]


def test_what_moved_is_updated_and_shown(any_workspace: Workspace, tmp_path: Path):
    commands.import_cordis(any_workspace, export(tmp_path, *three()))
    files = export(
        tmp_path,
        *three(city="Braga", ecContribution="250,5"),
        organisation(3, "Delta", organisationID="900000004"),
        title="A new title",
        endDate="2027-06-30",
    )
    report = commands.import_cordis(any_workspace, files)
    assert counts(report) == (2, 3, 4)
    shown = {
        (c.what, c.title): {name: after for name, _, after in c.fields} for c in report.preview
    }
    assert shown["updated", "P001"] == {
        "title": "A new title",
        "end_date": "2027-06-30",
        "duration_months": "42",
    }
    assert shown["updated", "Beta in P001"] == {"contribution": "250.50"}
    assert shown["updated", "Beta"] == {"city": "Braga"}
    assert ("added", "Delta in P001") in shown
    (found,) = queries.projects(any_workspace)
    assert (found.title, found.duration_months, found.partners) == ("A new title", 42, 4)


def test_a_blank_cell_never_erases(workspace: Workspace, tmp_path: Path):
    commands.import_cordis(workspace, export(tmp_path, *three(vatNumber="PT5", city="Faro")))
    report = commands.import_cordis(workspace, export(tmp_path, *three(), totalCost="", rcn=""))
    assert counts(report) == (0, 0, 7)
    assert {row.vat_number for row in queries.organisations(workspace)} == {"", "PT5"}


def test_what_a_person_edited_stays(workspace: Workspace, tmp_path: Path):
    report = commands.import_cordis(workspace, export(tmp_path, *three()))
    (found,) = queries.projects(workspace)
    mine = {"title": "My own title"}
    commands.set_fields(workspace, Kind.PROJECT, found.id, found.version, mine)
    files = export(tmp_path, *three(), title="Theirs", status="CLOSED")
    report = commands.import_cordis(workspace, files)
    (found,) = queries.projects(workspace)
    assert (found.title, found.status) == ("My own title", "CLOSED")
    (warning,) = report.warnings
    assert (warning.code, warning.column) == ("kept_own_edit", "title")
    assert "Theirs" in warning.text
    assert counts(report) == (0, 1, 6)
    assert commands.import_cordis(workspace, files).warnings == (warning,)


def test_a_project_made_by_hand_is_completed_not_doubled(workspace: Workspace, tmp_path: Path):
    made = {"acronym": "MINE", "grant_number": "101000001"}
    project_id, _ = commands.create(workspace, Kind.PROJECT, made)
    report = commands.import_cordis(workspace, export(tmp_path, *three()))
    (found,) = queries.projects(workspace)
    assert (found.id, found.acronym, found.title) == (project_id, "MINE", "A title")
    assert [warning.column for warning in report.warnings] == ["acronym"]


def test_organisations_are_matched_by_pic_then_by_name_and_country(
    workspace: Workspace, tmp_path: Path
):
    with workspace.change("By hand") as unit:
        unit.add(
            Organisation(legal_name="Another name", pic="900000001", country="PT"),
            Organisation(legal_name="BÈTA", country="PT"),
            Organisation(legal_name="Gamma", country="ES"),
        )
    report = commands.import_cordis(workspace, export(tmp_path, *three()))
    rows = queries.organisations(workspace)
    assert sorted((row.legal_name, row.pic, row.country) for row in rows) == [
        ("Another name", "900000001", "PT"),
        ("BÈTA", "900000002", "PT"),
        ("Gamma", "", "ES"),
        ("Gamma", "900000003", "PT"),
    ]
    assert {warning.code for warning in report.warnings} == {"kept_own_edit"}


def test_two_organisations_of_one_name_stay_two(workspace: Workspace, tmp_path: Path):
    rows = [organisation(n, "Same", organisationID="") for n in (1, 2)]
    assert counts(commands.import_cordis(workspace, export(tmp_path, *rows))) == (5, 0, 0)
    assert counts(commands.import_cordis(workspace, export(tmp_path, *rows))) == (0, 0, 5)


def test_a_new_coordinator_updates_roles_and_numbers(workspace: Workspace, tmp_path: Path):
    commands.import_cordis(workspace, export(tmp_path, *three()))
    rows = (
        organisation(1, "Alpha", shortName="ALPHA", role="participant"),
        organisation(2, "Beta", role="coordinator"),
    )
    report = commands.import_cordis(workspace, export(tmp_path, *rows))
    (found,) = queries.projects(workspace)
    partners = queries.partners(workspace, found.id)
    assert {(p.legal_name, p.number, p.role) for p in partners if p.number} == {
        ("Beta", 1, PartnerRole.COORDINATOR),
        ("Alpha", 2, PartnerRole.BENEFICIARY),
    }
    assert {warning.code for warning in report.warnings} == {"renumbered", "partner_not_in_file"}


def test_an_organisation_file_alone_updates_what_is_here(workspace: Workspace, tmp_path: Path):
    commands.import_cordis(workspace, export(tmp_path, *three()))
    other = organisation(1, "Omega", organisationID="900000009", projectID="7", projectAcronym="X")
    rows = (*three(ecContribution="7"), other)
    path = csv_file(tmp_path / "o.csv", ORGANISATION, rows)
    report = commands.import_cordis(workspace, [path])
    assert (report.projects, report.organisations, report.partners) == (0, 4, 3)
    assert counts(report) == (1, 1, 5)
    assert [warning.code for warning in report.warnings] == ["project_missing"]
    assert len(queries.projects(workspace)) == 1


def test_only_the_wanted_projects(workspace: Workspace, tmp_path: Path):
    rows = [project(f"10100000{n}") for n in range(1, 5)]
    path = csv_file(tmp_path / "p.csv", PROJECT, rows)
    commands.import_cordis(workspace, [path], only={"P002", "101000004"})
    assert {row.acronym for row in queries.projects(workspace)} == {"P002", "P004"}
    with pytest.raises(NotFound, match="p009"):
        commands.import_cordis(workspace, [path], only={"P001", "P009"})
    assert len(queries.projects(workspace)) == 2


@pytest.mark.full
@pytest.mark.parametrize("large", [False, True])
def test_cancelling_changes_nothing(workspace: Workspace, tmp_path: Path, large: bool):
    rows = [project(str(101000000 + n)) for n in range(6000 if large else 5)]
    path = csv_file(tmp_path / "p.csv", PROJECT, rows)
    before, asked = total(workspace), 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > (5 if large else 0)

    with pytest.raises(DomainError) as caught:
        commands.import_cordis(workspace, [path], cancelled=cancelled)
    assert caught.value.code == "import_cancelled"
    assert total(workspace) == before
    commands.import_cordis(workspace, [path])  # and the database is free again
    assert len(queries.projects(workspace)) == len(rows)


def test_a_bad_row_at_the_end_of_a_large_file_changes_nothing(workspace: Workspace, tmp_path: Path):
    rows = [project(str(101000000 + n)) for n in range(4000)]
    path = csv_file(tmp_path / "p.csv", PROJECT, [*rows, project("")])
    before = total(workspace)
    with pytest.raises(BadRow) as caught:
        commands.import_cordis(workspace, [path])
    assert caught.value.facts["row"] == 4002
    assert total(workspace) == before


def test_a_cut_file_changes_nothing(workspace: Workspace, tmp_path: Path):
    path = csv_file(tmp_path / "p.csv", PROJECT, [project(), project("101000002")])
    path.write_bytes(path.read_bytes()[:-40])
    before = total(workspace)
    with pytest.raises(UnreadableFile):
        commands.import_cordis(workspace, [path])
    assert total(workspace) == before


def test_a_full_disk_changes_nothing_and_says_so(workspace: Workspace, tmp_path: Path):
    files = many(tmp_path, 1200)
    before = total(workspace)
    engine = workspace._database.writing
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    def small(connection: Any, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages + 40}").fetchall()

    event.listen(engine, "checkout", small)
    try:
        with pytest.raises(EnvironmentFailure) as caught:
            commands.import_cordis(workspace, files)
    finally:
        event.remove(engine, "checkout", small)
    assert caught.value.code == "disk_full"
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    assert total(workspace) == before
    assert counts(commands.import_cordis(workspace, files))[0] > 4000


def test_progress_reaches_its_end(workspace: Workspace, tmp_path: Path):
    told: list[tuple[int, int]] = []
    files = export(tmp_path, *three())
    commands.import_cordis(workspace, files, progress=lambda done, all_: told.append((done, all_)))
    assert told[-1][0] == told[-1][1] == sum(path.stat().st_size for path in files)


def test_a_small_import_can_be_undone(workspace: Workspace, tmp_path: Path):
    commands.import_cordis(workspace, export(tmp_path, *three()))
    assert commands.undo_label(workspace) == "Import P001 from CORDIS"
    commands.undo(workspace)
    assert queries.projects(workspace) == []
    assert queries.organisations(workspace) == []


def many(tmp_path: Path, projects: int, **cells: str) -> list[Path]:
    """Write an export that is large enough for the fast lane."""
    numbers = [str(101000000 + n) for n in range(projects)]
    rows = [
        organisation(
            order,
            f"Organisation {(n + order) % 97}",
            projectID=number,
            organisationID=str(900000000 + (n + order) % 97),
            shortName=f"O{(n + order) % 97}",
            **cells,
        )
        for n, number in enumerate(numbers)
        for order in (1, 2, 3)
    ]
    return [
        csv_file(tmp_path / "p.csv", PROJECT, [project(number) for number in numbers]),
        csv_file(tmp_path / "o.csv", ORGANISATION, rows),
    ]


def test_the_fast_lane_stores_what_the_slow_one_stores(any_workspace: Workspace, tmp_path: Path):
    files = many(tmp_path, 400)
    report = commands.import_cordis(any_workspace, files)
    assert (report.projects, report.organisations, report.partners) == (400, 97, 1200)
    assert counts(report) == (1697, 0, 0)
    assert report.changes.change_id is None
    # As entities, the same rows are found unchanged: nothing was stored in another form.
    assert counts(commands.import_cordis(any_workspace, files)) == (0, 0, 1697)
    with any_workspace.read() as session:
        found = session.scalars(
            select(Project).where(schema.project.c.grant_number == "101000007")
        ).one()
        assert (found.acronym, found.version, found.topics) == ("P007", 1, [])
        assert session.scalars(select(schema.history.c.operation)).all() == ["bulk"]
    one = commands.import_cordis(any_workspace, files, only={"101000007"})
    assert counts(one) == (0, 0, 7)
    assert queries.search(any_workspace, "organisation 50")[0].title == "Organisation 50"
    assert queries.search(any_workspace, "101000007")[0].kind is Kind.PROJECT


def test_a_large_update_is_counted_truly(workspace: Workspace, tmp_path: Path):
    commands.import_cordis(workspace, many(tmp_path, 400))
    report = commands.import_cordis(workspace, many(tmp_path, 401, city="Évora"))
    assert counts(report) == (4, 97, 1600)
    assert {row.city for row in queries.organisations(workspace)} == {"Évora"}


@pytest.mark.data
def test_the_real_exports_twice(workspace: Workspace, shared_data: Path):
    cordis = shared_data / "cordis"
    files = [
        cordis / "head100_csv" / "project_df_100.csv",
        cordis / "head100_csv" / "organization_df_100.csv",
        cordis / "xml" / "project-101190685.xml",
        cordis / "fp7_csv" / "fp7_projects_shortened.csv",
    ]
    first = commands.import_cordis(workspace, files)
    assert (first.projects, first.organisations, first.partners) == (126, 99, 107)
    assert counts(first) == (332, 0, 0)
    assert counts(commands.import_cordis(workspace, files)) == (0, 0, 332)
