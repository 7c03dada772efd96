"""Importing and exporting whole work plans: Microsoft Project, GanttProject, Excel, CSV, CORDIS."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from projectdesk.domain.consortium import Project
from projectdesk.errors import DomainError, EnvironmentFailure, ImportError_, NotFound
from projectdesk.exchange.cordis.deliverables import is_deliverables, read_deliverables
from projectdesk.exchange.findings import Findings
from projectdesk.exchange.plan_formats import PlanFormat as PlanFormat
from projectdesk.exchange.plan_formats import (
    format_by_name,
    read_plan_file,
    recognised,
    say_what_is_lost,
    write_plan_file,
)
from projectdesk.exchange.plans import Plan
from projectdesk.services import queries
from projectdesk.services.importing.leads import Leads
from projectdesk.services.importing.own_edits import IMPORT_LABEL
from projectdesk.services.importing.plan_rows import collect_plan
from projectdesk.services.importing.plan_tables import PlanImport
from projectdesk.services.importing.published import PublishedImport
from projectdesk.services.importing.taking import Taking
from projectdesk.services.importing.ticking import ticking
from projectdesk.services.rows import ImportReport, Kind, Warning_
from projectdesk.services.whole_files import whole
from projectdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from projectdesk.exchange.documents.application import ApplicationContent

Progress = Callable[[int, int], None] | None
Cancelled = Callable[[], bool] | None

CORDIS_DELIVERABLES = "cordis-deliverables"
"""How the export of published deliverables is called beside the formats of plans."""

APPLICATION_FORMATS = ("docx", "xlsx", "pdf")


def import_work_plan(
    workspace: Workspace,
    project_id: UUID,
    file: Path,
    *,
    form: PlanFormat | None = None,
    own_start: bool = False,
    dry_run: bool = False,
    progress: Progress = None,
    cancelled: Cancelled = None,
) -> ImportReport:
    """Import a work plan into a project: what its labels, numbers or titles match is updated.

    What is here and not in the file stays. Dates become project months by the project's start; a
    project without one gets the file's. Tables name partners of the project, or are refused; files
    of planning programs name whom they like: who is no partner is said and left out.

    Args:
        workspace: the open database.
        project_id: the project.
        file: Microsoft Project XML, GanttProject, XLSX or CSV.
        form: of the file; None = by what is in it.
        own_start: count months from the file's own start, whatever the project's is.
        dry_run: count and show what would change, and change nothing.
        progress: told (lines taken, lines in all), on this thread.
        cancelled: asked before every line; True ends the import with nothing changed.

    Raises:
        UnreadableFile, BadRow, FileTooLarge: with the file, and where; nothing was changed.
        DomainError: `import_cancelled`.
        NotFound: no such project or file.
    """
    tick = ticking(progress, cancelled)
    tick(0, 0)
    taking = Taking(dry_run=dry_run)
    label = f"work plan from {file.name}"
    with taking.unit(workspace, f"{IMPORT_LABEL}{label}") as unit:
        project = unit.get(Project, project_id)
        taking.tally.project_ids.append(project_id)
        chosen = form or recognised(file)
        plan = read_plan_file(
            file,
            taking.tally.findings,
            format=chosen,
            start=project.start_date,
            own_start=own_start,
        )
        if project.start_date is None and plan.start is not None:
            words = [("start date", "–", plan.start.isoformat())]
            taking.tally.count_kept(Kind.PROJECT, project.acronym, words)
            project.start_date = plan.start
        strict = chosen in (PlanFormat.XLSX, PlanFormat.CSV)
        importing = PlanImport(unit, taking.tally, project, file.name, strict=strict)
        importing.take(plan.lines(), tick)
    return taking.report()


def import_published_deliverables(
    workspace: Workspace,
    project_id: UUID,
    file: Path,
    *,
    dry_run: bool = False,
    progress: Progress = None,
    cancelled: Cancelled = None,
) -> ImportReport:
    """Take CORDIS' export of published deliverables onto a project's plan.

    Rows of the project are matched by number ("D3.2 ...") or title; title, description and link are
    taken, what is not submitted yet becomes so. What a person wrote by hand stays and is reported
    as `kept_own_edit`; what does not match is reported as `not_in_plan`.

    Args:
        workspace: the open database.
        project_id: the project; its grant number, else its acronym, finds its rows.
        file: the CSV or workbook.
        dry_run: count and show what would change, and change nothing.
        progress: told (rows read, 0), on this thread.
        cancelled: asked now and then; True ends the import with nothing changed.

    Raises:
        UnreadableFile, BadRow, FileTooLarge: with the file, and where; nothing was changed.
        DomainError: `import_cancelled`; `project_not_in_file` (NotFound).
        NotFound: no such project or file.
    """
    tick = ticking(progress, cancelled)
    taking = Taking(dry_run=dry_run)
    label = f"deliverables from {file.name}"
    with taking.unit(workspace, f"{IMPORT_LABEL}{label}") as unit:
        project = unit.get(Project, project_id)
        taking.tally.project_ids.append(project_id)
        rows = []
        for done, row in enumerate(read_deliverables(file, taking.tally.findings)):
            if done % 1000 == 0:
                tick(done, 0)
            if project.grant_number:
                theirs = row.project_number == project.grant_number
            else:
                theirs = row.acronym.casefold() == project.acronym.casefold()
            if theirs:
                rows.append(row)
        if not rows:
            raise NotFound(
                "project_not_in_file",
                "{file} has no deliverables of {project}.",
                file=file.name,
                project=project.grant_number or project.acronym,
            )
        PublishedImport(unit, taking.tally, project, file.name).take(rows)
        tick(len(rows), len(rows))
    return taking.report()


def is_published_deliverables(file: Path) -> bool:
    """Return whether a file is CORDIS' export of published deliverables.

    Raises:
        NotFound: there is no such file.
    """
    try:
        return is_deliverables(file)
    except NotFound:
        raise
    except ImportError_:
        return False


def export_work_plan(
    workspace: Workspace, project_id: UUID, out: Path, form: PlanFormat | None = None
) -> tuple[Warning_, ...]:
    """Write a project's work plan; return what the format could not hold.

    Args:
        workspace: the open database.
        project_id: the project.
        out: the file; for CSV the folder that gets a file for each table.
        form: of the file; None = by its name.

    Raises:
        DomainError: `unknown_plan_format`, `one_table_a_file`; `no_start_date`, where months
            become dates.
        EnvironmentFailure: `file_not_written`, `cannot_write`.
        NotFound: no such project.
    """
    chosen = form or format_by_name(out)
    plan = _plan(workspace, project_id)
    findings = Findings()
    if chosen is PlanFormat.CSV:
        if out.suffix.casefold() == ".csv":
            raise DomainError(
                "one_table_a_file",
                "A CSV file holds one table of a plan: say which, or name a folder for all.",
            )
        try:
            write_plan_file(plan, out, findings, chosen)
        except OSError as error:
            raise EnvironmentFailure(
                "cannot_write", "{file} cannot be written.", file=str(out)
            ) from error
    else:
        me = queries.me(workspace)
        author = me.name if me else ""
        whole(out, lambda part: write_plan_file(plan, part, findings, chosen, out.name, author))
    return _warnings(findings)


def plan_losses(workspace: Workspace, project_id: UUID, form: PlanFormat) -> tuple[Warning_, ...]:
    """Return what of a project's plan a format cannot hold.

    Raises:
        NotFound: no such project.
    """
    findings = Findings()
    say_what_is_lost(_plan(workspace, project_id), form, "", findings)
    return _warnings(findings)


def _plan(workspace: Workspace, project_id: UUID) -> Plan:
    with workspace.read() as session:
        project = session.get(Project, project_id)
        if project is None:
            raise NotFound("not_found", "This project does not exist any more.")
        return collect_plan(session, project)


def _warnings(findings: Findings) -> tuple[Warning_, ...]:
    return tuple(
        Warning_(each.file, each.row, each.column, each.code, each.text) for each in findings.all()
    )


def export_application_tables(workspace: Workspace, project_id: UUID, out: Path, form: str) -> Path:
    """Write the tables of an application: work packages, deliverables, milestones, risks, effort.

    Args:
        workspace: the open database.
        project_id: the project.
        out: the file; it appears whole or not at all.
        form: "docx", "xlsx" or "pdf" (PDF/UA-1).

    Raises:
        DomainError: `unknown_format`.
        EnvironmentFailure: `file_not_written`, `document_failed`.
        NotFound: no such project.
    """
    if form not in APPLICATION_FORMATS:
        raise DomainError(
            "unknown_format",
            "“{format}” is no format of these tables: expected docx, xlsx or pdf.",
            format=form,
        )
    content = _application(workspace, project_id)
    me, now = queries.me(workspace), workspace.now()
    author = me.name if me else ""

    def write(path: Path) -> None:
        # Typst, OOXML and openpyxl load when they are needed.
        from projectdesk.exchange.documents import application

        match form:
            case "xlsx":
                application.write_workbook(content, path, author)
            case "docx":
                from projectdesk.exchange.documents import docx

                made = application.of_application(content, now=now)
                docx.write(made, path, author=author, now=now)
            case _:
                from projectdesk.exchange.documents import pdf

                made = application.of_application(content, now=now)
                pdf.write(made, path, author=author, now=now)

    return whole(out, write)


def _application(workspace: Workspace, project_id: UUID) -> ApplicationContent:
    from projectdesk.exchange.documents.application import ApplicationContent, Participant

    matrix = queries.effort_matrix(workspace, project_id)
    with workspace.read() as session:
        project = session.get(Project, project_id)
        if project is None:
            raise NotFound("not_found", "This project does not exist any more.")
        leads = Leads(session, project_id)
        numbers = leads.numbers()
        return ApplicationContent(
            acronym=project.acronym,
            title=project.title,
            grant_number=project.grant_number,
            plan=collect_plan(session, project),
            participants=tuple(
                Participant(numbers.get(each.id), leads.name(each.id)) for each in matrix.partners
            ),
        )
