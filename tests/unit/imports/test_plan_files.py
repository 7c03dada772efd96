"""Whole work plans into a project and out of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from openpyxl import load_workbook

from projectdesk.domain.consortium import Project
from projectdesk.domain.workplan import DeliverableStatus
from projectdesk.errors import BadRow, DomainError, EnvironmentFailure, NotFound, UnreadableFile
from projectdesk.exchange.documents import application
from projectdesk.exchange.documents.outline import Grid
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.plan_formats import write_plan_file
from projectdesk.exchange.plans import EffortLine, Plan
from projectdesk.services import commands, queries
from projectdesk.services.commands import PlanFormat, PlanTable
from projectdesk.services.importing.plan_rows import collect_plan
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from tests.unit.exchange.test_plan_formats import DATA, PLAN
from tests.unit.services.conftest import add_project

SUFFIX = {PlanFormat.MSPDI: "xml", PlanFormat.GAN: "gan", PlanFormat.XLSX: "xlsx"}
OURS = replace(
    PLAN,
    work_packages=tuple(replace(each, lead="UDR") for each in PLAN.work_packages),
    effort=tuple(replace(each, partner="UDR") for each in PLAN.effort),
)


@pytest.fixture
def project_id(workspace: Workspace) -> UUID:
    return add_project(workspace)


def written(folder: Path, form: PlanFormat, plan: Plan = OURS) -> Path:
    out = folder / f"plan.{SUFFIX[form]}"
    write_plan_file(plan, out, Findings(), form)
    return out


def collected(workspace: Workspace, project_id: UUID) -> Plan:
    with workspace.read() as session:
        return collect_plan(session, session.get_one(Project, project_id))


@pytest.mark.parametrize("form", list(SUFFIX))
def test_a_plan_comes_in_goes_out_and_comes_in_again(
    workspace: Workspace, project_id: UUID, tmp_path: Path, form: PlanFormat
):
    path = written(tmp_path, form)
    report = commands.import_work_plan(workspace, project_id, path)
    lines = len(OURS.lines()) - (form is not PlanFormat.XLSX)  # bars hold no risks
    assert (report.added, report.updated) == (lines, 0)
    assert commands.undo_label(workspace) == f"Import work plan from {path.name}"
    plan = collected(workspace, project_id)
    assert [(each.number, each.title, each.lead) for each in plan.work_packages] == [
        (1, "Manage", "UDR"),
        (2, "Build", "UDR"),
    ]
    assert plan.dependencies[0].lag_months == 1
    assert plan.effort[0].months == Decimal("12.50")
    out = tmp_path / f"out.{SUFFIX[form]}"
    commands.export_work_plan(workspace, project_id, out)
    again = commands.import_work_plan(workspace, project_id, out)
    assert (again.added, again.updated, again.unchanged) == (0, 0, lines)
    commands.undo(workspace)
    assert collected(workspace, project_id).lines() == ()


def test_what_changed_in_the_file_is_shown_then_taken(
    workspace: Workspace, project_id: UUID, tmp_path: Path
):
    commands.import_work_plan(workspace, project_id, written(tmp_path, PlanFormat.XLSX))
    moved = replace(
        OURS,
        tasks=(replace(OURS.tasks[0], end_month=30), *OURS.tasks[1:]),
        effort=(replace(OURS.effort[0], months=Decimal(0)),),
        risks=(replace(OURS.risks[0], title="Hail"),),
    )
    path = written(tmp_path, PlanFormat.XLSX, moved)
    preview = commands.import_work_plan(workspace, project_id, path, dry_run=True)
    assert collected(workspace, project_id).effort
    shown = {(each.kind, each.title): each.fields for each in preview.preview}
    assert shown[Kind.TASK, "T1.1 Meet"] == (("end month", "36", "30"),)
    assert shown[Kind.RISK, "R1 Hail"] == (("title", "Rain", "Hail"),)
    assert shown[Kind.EFFORT, "UDR in WP2"] == (("months", "12.50", "0"),)
    commands.import_work_plan(workspace, project_id, path)
    plan = collected(workspace, project_id)
    assert (plan.tasks[0].end_month, plan.effort, plan.risks[0].title) == (30, (), "Hail")


def test_bars_without_labels_are_known_by_their_titles(
    workspace: Workspace, project_id: UUID, tmp_path: Path
):
    def gan(*names: str) -> Path:
        tasks = "".join(
            f'<task id="{i}" name="{name}" start="2026-03-02" duration="5"/>'
            for i, name in enumerate(names)
        )
        path = tmp_path / "p.gan"
        path.write_text(f"<project><tasks>{tasks}</tasks></project>", encoding="utf-8")
        return path

    def titles() -> list[tuple[int, str]]:
        plan = collected(workspace, project_id)
        return [(each.number, each.title) for each in plan.work_packages]

    commands.import_work_plan(workspace, project_id, gan("Draw", "Build", "Paint"))
    commands.import_work_plan(workspace, project_id, gan("Draw", "Dig", "Build", "Paint"))
    assert titles() == [(1, "Draw"), (2, "Build"), (3, "Paint"), (4, "Dig")]
    # Most are known, so the one that is not was renamed.
    commands.import_work_plan(workspace, project_id, gan("Draw", "Build up", "Paint"))
    assert titles()[1] == (2, "Build up")
    # Nothing is known: another plan, which overwrites nothing.
    report = commands.import_work_plan(workspace, project_id, gan("Sing", "Dance"))
    assert (report.added, report.updated) == (2, 0)


def test_who_is_no_partner_refuses_a_table_and_is_left_out_of_bars(
    workspace: Workspace, project_id: UUID, tmp_path: Path
):
    path = written(tmp_path, PlanFormat.XLSX, PLAN)
    with pytest.raises(BadRow, match="there is no KTH"):
        commands.import_work_plan(workspace, project_id, path)
    assert collected(workspace, project_id).lines() == ()
    path = written(tmp_path, PlanFormat.MSPDI, PLAN)
    report = commands.import_work_plan(workspace, project_id, path)
    assert [each.code for each in report.warnings].count("no_such_partner") == 1
    assert collected(workspace, project_id).work_packages[1].lead == ""


def test_the_effort_of_people_is_that_of_their_partner(
    workspace: Workspace, project_id: UUID, tmp_path: Path
):
    partner = queries.partners(workspace, project_id)[0]
    for given, family in (("Ana", "Sousa"), ("Rui", "Lopes")):
        person, _ = commands.create(
            workspace, Kind.PERSON, {"given_name": given, "family_name": family}
        )
        commands.create(
            workspace,
            Kind.MEMBERSHIP,
            {"project_id": project_id, "person_id": person, "partner_id": partner.id},
        )
    effort = tuple(
        replace(PLAN.effort[0], partner=name, months=Decimal(months))
        for name, months in (("Ana Sousa", "2.5"), ("Lopes, Rui", "1"))
    )
    path = written(tmp_path, PlanFormat.MSPDI, replace(PLAN, effort=effort))
    commands.import_work_plan(workspace, project_id, path)
    (cell,) = collected(workspace, project_id).effort
    assert (cell.partner, cell.months) == ("UDR", Decimal("3.50"))


def test_a_project_without_a_start_gets_the_files(workspace: Workspace, tmp_path: Path):
    project_id = add_project(workspace)
    row = queries.project(workspace, project_id)
    commands.set_fields(workspace, Kind.PROJECT, project_id, row.version, {"start_date": None})
    with pytest.raises(DomainError, match="no start date"):
        commands.export_work_plan(workspace, project_id, tmp_path / "p.gan")
    assert not (tmp_path / "p.gan").exists()
    report = commands.import_work_plan(workspace, project_id, written(tmp_path, PlanFormat.MSPDI))
    assert queries.project(workspace, project_id).start_date == date(2026, 3, 1)
    assert report.preview[0].fields == (("start date", "–", "2026-03-01"),)


def test_a_plan_of_other_years_says_how_to_take_it(
    workspace: Workspace, project_id: UUID, tmp_path: Path
):
    path = written(tmp_path, PlanFormat.MSPDI, replace(OURS, start=date(2001, 1, 1)))
    with pytest.raises(BadRow, match="from the file's own start") as caught:
        commands.import_work_plan(workspace, project_id, path)
    assert caught.value.code == "before_start"
    commands.import_work_plan(workspace, project_id, path, own_start=True)
    assert collected(workspace, project_id).work_packages[1].start_month == 3


@pytest.mark.parametrize("at", [0, 1, 5])
def test_a_cancelled_or_broken_import_leaves_nothing(
    workspace: Workspace,
    project_id: UUID,
    tmp_path: Path,
    at: int,
):
    path = written(tmp_path, PlanFormat.XLSX)
    steps: list[int] = []
    with pytest.raises(DomainError) as caught:
        commands.import_work_plan(
            workspace,
            project_id,
            path,
            progress=lambda done, _: steps.append(done),
            cancelled=lambda: len(steps) > at,
        )
    assert caught.value.code == "import_cancelled"

    def broken(done: int, _total: int) -> None:
        if done == at:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        commands.import_work_plan(workspace, project_id, path, progress=broken)
    assert collected(workspace, project_id).lines() == ()
    assert commands.undo_label(workspace) != f"Import work plan from {path.name}"


def test_what_a_format_cannot_hold_is_said_before(
    workspace: Workspace, project_id: UUID, tmp_path: Path
):
    commands.import_work_plan(workspace, project_id, written(tmp_path, PlanFormat.XLSX))
    before = commands.plan_losses(workspace, project_id, PlanFormat.MSPDI)
    after = commands.export_work_plan(workspace, project_id, tmp_path / "out.xml")
    assert [each.code for each in before] == ["no_deliverable_fields", "no_risks"]
    assert [each.code for each in after] == [each.code for each in before]
    assert commands.plan_losses(workspace, project_id, PlanFormat.XLSX) == ()


@pytest.mark.parametrize("form", list(PlanFormat))
def test_what_no_format_holds_is_said_for_each(
    workspace: Workspace, project_id: UUID, tmp_path: Path, form: PlanFormat
):
    commands.import_work_plan(workspace, project_id, written(tmp_path, PlanFormat.XLSX))
    own = [each.code for each in commands.plan_losses(workspace, project_id, form)]
    deliverable = queries.deliverables(workspace, project_id)[0]
    milestone = queries.milestones(workspace, project_id)[0]
    day = date(2027, 3, 12)
    for kind, row, fields in (
        (Kind.DELIVERABLE, deliverable, {"draft_on": day, "expected_on": day}),
        (Kind.MILESTONE, milestone, {"expected_on": day, "verification": "Seen"}),
    ):
        commands.set_fields(workspace, kind, row.id, row.version, fields)
    period = {"project_id": project_id, "number": 1, "start_month": 1, "end_month": 12}
    commands.create(workspace, Kind.REPORTING_PERIOD, period)
    losses = commands.plan_losses(workspace, project_id, form)
    more = ["no_reviews", "no_expected", "no_verification", "no_periods"]
    assert [each.code for each in losses] == own + more
    assert "(2 left out)" in losses[len(own) + 1].text


def test_a_folder_gets_a_csv_for_each_table(workspace: Workspace, project_id: UUID, tmp_path: Path):
    commands.import_work_plan(workspace, project_id, written(tmp_path, PlanFormat.XLSX))
    with pytest.raises(DomainError, match="one table"):
        commands.export_work_plan(workspace, project_id, tmp_path / "out.csv")
    commands.export_work_plan(workspace, project_id, tmp_path / "out", PlanFormat.CSV)
    files = sorted(each.name for each in (tmp_path / "out").iterdir())
    assert files == sorted(f"{table}.csv" for table in PlanTable)
    for name in files:
        report = commands.import_work_plan(workspace, project_id, tmp_path / "out" / name)
        assert (report.added, report.updated) == (0, 0)
    with pytest.raises(EnvironmentFailure):
        commands.export_work_plan(workspace, project_id, tmp_path / "no" / "x", PlanFormat.CSV)


HEADER = "id;title;deliverableType;description;projectID;projectAcronym;url;contentUpdateDate\n"


def test_published_deliverables_are_set_on_the_plan(
    workspace: Workspace, project_id: UUID, tmp_path: Path
):
    commands.import_work_plan(workspace, project_id, written(tmp_path, PlanFormat.XLSX))
    number = queries.project(workspace, project_id).grant_number
    path = tmp_path / "projectDeliverables.csv"
    path.write_text(
        HEADER
        + f"1;D2.1 The house;Documents;Of stone;{number};AQUA;https://example.org/1;2028-01-31\n"
        + f"2;D7.9 Nowhere;Documents;;{number};AQUA;;\n"
        + "3;House;Documents;;999;OTHER;;\n"
        + f"4;the HOUSE;Documents;;{number};AQUA;;\n",
        encoding="utf-8",
    )
    assert commands.is_published_deliverables(path)
    report = commands.import_published_deliverables(workspace, project_id, path)
    assert (report.added, report.updated) == (0, 1)
    (row,) = queries.deliverables(workspace, project_id)
    assert (row.title, row.status, row.submitted_on) == ("The house", "submitted", None)
    assert row.description == "Of stone\n\nhttps://example.org/1"
    codes = [each.code for each in report.warnings]
    assert codes == ["not_in_plan", "not_in_plan", "no_submission_date"]
    again = commands.import_published_deliverables(workspace, project_id, path)
    assert (again.updated, again.unchanged) == (0, 1)


def test_what_a_person_wrote_of_a_deliverable_stays(
    workspace: Workspace, project_id: UUID, tmp_path: Path
):
    commands.import_work_plan(workspace, project_id, written(tmp_path, PlanFormat.XLSX))
    (row,) = queries.deliverables(workspace, project_id)
    values = {"title": "My house", "status": DeliverableStatus.ACCEPTED}
    commands.set_fields(workspace, Kind.DELIVERABLE, row.id, row.version, values)
    number = queries.project(workspace, project_id).grant_number
    path = tmp_path / "d.csv"
    path.write_text(f"{HEADER}1;D2.1 The house;Documents;;{number};AQUA;;\n", encoding="utf-8")
    report = commands.import_published_deliverables(workspace, project_id, path)
    (row,) = queries.deliverables(workspace, project_id)
    assert (row.title, row.status) == ("My house", "accepted")
    assert [each.code for each in report.warnings] == ["kept_own_edit", "no_submission_date"]


def test_deliverables_of_another_project_are_refused(
    workspace: Workspace, project_id: UUID, tmp_path: Path
):
    path = tmp_path / "d.csv"
    path.write_text(f"{HEADER}1;D2.1 House;Documents;;1;X;;\n", encoding="utf-8")
    with pytest.raises(NotFound) as caught:
        commands.import_published_deliverables(workspace, project_id, path)
    assert caught.value.code == "project_not_in_file"
    path.write_text("a;b\n1;2\n", encoding="utf-8")
    assert not commands.is_published_deliverables(path)
    with pytest.raises(UnreadableFile, match="projectID"):
        commands.import_published_deliverables(workspace, project_id, path)


@pytest.mark.usefixtures("shared_data")
def test_the_real_export_of_deliverables_is_read(workspace: Workspace, project_id: UUID):
    path = DATA / "cordis" / "head100_csv" / "deliverables_df_100.csv"
    assert commands.is_published_deliverables(path)
    row = queries.project(workspace, project_id)
    commands.set_fields(
        workspace, Kind.PROJECT, project_id, row.version, {"grant_number": "190136266"}
    )
    report = commands.import_published_deliverables(workspace, project_id, path)
    assert report.updated == 0
    assert {each.code for each in report.warnings} == {"not_in_plan"}
    assert any("Project webpage and logo" in each.text for each in report.warnings)


# --- the application's tables ---------------------------------------------------------------------


@pytest.fixture
def planned(workspace: Workspace, project_id: UUID, tmp_path: Path) -> UUID:
    risky = replace(OURS, risks=(replace(OURS.risks[0], title="=1+1"),))
    commands.import_work_plan(workspace, project_id, written(tmp_path, PlanFormat.XLSX, risky))
    return project_id


@pytest.mark.full
def test_the_tables_of_an_application_in_word(workspace: Workspace, planned: UUID, tmp_path: Path):
    from docx import Document
    from docx.oxml.ns import qn

    out = tmp_path / "tables.docx"
    commands.export_application_tables(workspace, planned, out, "docx")
    document = Document(str(out))
    headings = [p.text for p in document.paragraphs if p.style and "Heading 1" in p.style.name]
    assert headings == [
        "List of work packages",
        "Work package descriptions",
        "List of deliverables",
        "List of milestones",
        "Critical risks",
        "Summary of staff effort",
    ]
    facts, first = document.tables[:2]
    assert facts.cell(0, 0).text == "Project"
    assert [cell.text for cell in first.rows[0].cells] == [
        "No.",
        "Title",
        "Lead no.",
        "Lead short name",
        "Person-months",
        "Start",
        "End",
    ]
    assert [cell.text for cell in first.rows[2].cells] == [
        "WP2",
        "Build",
        "1",
        "UDR",
        "12.5",
        "M3",
        "M30",
    ]
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    matrix = document.tables[-1]
    bold = [
        (y, x)
        for y, row in enumerate(matrix.rows[1:])
        for x, cell in enumerate(row.cells)
        if cell.text and cell.paragraphs[0].runs[0].bold
    ]
    assert bold == [(0, 3), (1, 1), (1, 2), (1, 3), (1, 4)]


def test_the_tables_of_an_application_in_excel(workspace: Workspace, planned: UUID, tmp_path: Path):
    out = tmp_path / "tables.xlsx"
    commands.export_application_tables(workspace, planned, out, "xlsx")
    book = load_workbook(out)
    assert book.sheetnames == [
        "List of work packages",
        "List of deliverables",
        "List of milestones",
        "Critical risks",
        "Summary of staff effort",
    ]
    matrix = book["Summary of staff effort"]
    assert [cell.value for cell in matrix[2]] == ["No.", "Participant", "WP1", "WP2", "Total"]
    assert [cell.value for cell in matrix[3]] == ["1", "UDR", None, 12.5, 12.5]
    assert matrix["D3"].font.bold
    assert not matrix["B3"].font.bold
    risk = book["Critical risks"]["B3"]
    assert (risk.value, risk.data_type) == ("=1+1", "s")
    assert all(sheet.print_title_rows == "$1:$2" for sheet in book.worksheets)
    acronym = queries.project(workspace, planned).acronym
    assert all(sheet["A1"].value.startswith(acronym) for sheet in book.worksheets)
    assert book.properties.title == f"{acronym}: work plan tables"
    assert book.properties.creator == "ProjectDesk"


def test_the_tables_of_an_application_come_back(
    workspace: Workspace, planned: UUID, tmp_path: Path
):
    out = tmp_path / "tables.xlsx"
    commands.export_application_tables(workspace, planned, out, "xlsx")
    before = collected(workspace, planned)
    report = commands.import_work_plan(workspace, planned, out)
    lines = len(before.lines()) - len(before.tasks) - len(before.dependencies)
    assert (report.added, report.updated, report.unchanged) == (0, 0, lines)
    assert collected(workspace, planned) == before


def test_a_work_package_names_its_participants_and_deliverables():
    names = ("UDR", "LAB", "GHOST")
    theirs = EffortLine(work_package=2, partner="LAB", months=Decimal(3))
    content = application.ApplicationContent(
        acronym="REEF",
        title="",
        grant_number="",
        plan=replace(OURS, effort=(*OURS.effort, theirs)),
        participants=tuple(application.Participant(n, name) for n, name in enumerate(names, 1)),
    )
    made = application.of_application(content, now=datetime(2026, 3, 2, tzinfo=UTC))
    grids = {each.caption: each for each in made.elements if isinstance(each, Grid)}
    grid = grids["Participants of WP2"]
    assert grid.rows == (("1", "UDR", "12.5"), ("2", "LAB", "3"), ("", "Total", "15.5"))
    assert grid.strong == ((0, 1), (0, 2), (2, 1), (2, 2)), "the leader and the total are bold"
    whole_list = grids["List of deliverables"].rows
    own = grids["Deliverables of WP2"]
    assert own.headers == ("No.", "Deliverable", "Type", "Level", "Due")
    assert [row[0] for row in own.rows] == [row[0] for row in whole_list if row[0][:3] == "D2."]
    matrix = grids["Summary of staff effort"].rows
    assert [row[1] for row in matrix] == [*names, "Total"]
    assert matrix[2] == ("3", "GHOST", "–", "–", "0")


def test_a_workbook_names_its_project_and_still_reads_back(
    workspace: Workspace, planned: UUID, tmp_path: Path
):
    out = tmp_path / "plan.xlsx"
    commands.export_work_plan(workspace, planned, out)
    book = load_workbook(out)
    acronym = queries.project(workspace, planned).acronym
    assert {sheet["A1"].value for sheet in book.worksheets} == {f"{acronym}: work plan"}
    assert (book.properties.title, book.properties.creator) == (
        f"{acronym}: work plan",
        "ProjectDesk",
    )
    again = commands.import_work_plan(workspace, planned, out)
    assert (again.added, again.updated, again.warnings) == (0, 0, ())


def test_the_tables_of_an_application_as_pdf(workspace: Workspace, planned: UUID, tmp_path: Path):
    out = tmp_path / "tables.pdf"
    commands.export_application_tables(workspace, planned, out, "pdf")
    assert out.read_bytes().startswith(b"%PDF")
    with pytest.raises(DomainError, match="docx, xlsx or pdf"):
        commands.export_application_tables(workspace, planned, out, "odt")
    with pytest.raises(NotFound):
        commands.export_application_tables(workspace, UUID(int=7), out, "pdf")
