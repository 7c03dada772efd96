"""Importing and exporting the tables of a work plan."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from projectdesk.domain.consortium import Project
from projectdesk.errors import EnvironmentFailure, NotFound
from projectdesk.exchange.plans import PlanTable as PlanTable
from projectdesk.exchange.plans import read_plan, read_sheet, write_plan
from projectdesk.exchange.sheets import is_workbook
from projectdesk.services.importing.own_edits import IMPORT_LABEL
from projectdesk.services.importing.plan_rows import plan_lines
from projectdesk.services.importing.plan_tables import PlanImport
from projectdesk.services.importing.taking import Taking
from projectdesk.services.importing.ticking import ticking
from projectdesk.services.rows import ImportReport
from projectdesk.services.workspace import Workspace


def import_plan(
    workspace: Workspace,
    project_id: UUID,
    table: PlanTable,
    file: Path,
    *,
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportReport:
    """Import one table of a project's work plan from CSV or XLSX; rows are matched by numbers.

    The file wins over what is here, and its blank cells change nothing. Rows that are here and not
    in the file stay. Leads are partners by short name, number or legal name.

    Args:
        workspace: the open database.
        project_id: the project.
        table: which of its tables.
        file: the CSV or workbook.
        dry_run: count and show what would change, and change nothing.
        progress: told (rows taken, rows in all), on this thread.
        cancelled: asked before every row; True ends the import with nothing changed.

    Raises:
        UnreadableFile, BadRow, FileTooLarge: with file, row, column; nothing was changed.
        DomainError: `import_cancelled`.
        NotFound: no such project.
    """
    taking = Taking(dry_run=dry_run)
    tick = ticking(progress, cancelled)

    words = table.value.replace("_", " ")
    with taking.unit(workspace, f"{IMPORT_LABEL}{words} from {file.name}") as unit:
        project = unit.get(Project, project_id)
        read = read_sheet if is_workbook(file) else read_plan
        lines = read(file, table, taking.tally.findings, project.start_date)
        PlanImport(unit, taking.tally, project, file.name).take(lines, tick)
        taking.tally.project_ids.append(project_id)
    return taking.report()


def export_plan(workspace: Workspace, project_id: UUID, table: PlanTable, out: Path) -> Path:
    """Write one table of a project's work plan as CSV; `import_plan` reads it back.

    Args:
        workspace: the open database.
        project_id: the project.
        table: which of its tables.
        out: the file to write.

    Raises:
        EnvironmentFailure: `cannot_write`.
        NotFound: no such project.
    """
    with workspace.read() as session:
        if session.get(Project, project_id) is None:
            raise NotFound("not_found", "This project does not exist any more.")
        lines = plan_lines(session, project_id, table)
    try:
        write_plan(out, table, lines)
    except OSError as error:
        raise EnvironmentFailure(
            "cannot_write", "{file} cannot be written.", file=str(out)
        ) from error
    return out
