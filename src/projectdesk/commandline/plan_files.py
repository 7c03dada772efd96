"""Work plans from and to files: `import FILE --project X`, `export plan`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from projectdesk.errors import DomainError
from projectdesk.services import commands, queries
from projectdesk.services.rows import ImportReport
from projectdesk.services.workspace import Workspace


def import_plan(
    workspace: Workspace, options: argparse.Namespace, asked: Callable[[], bool]
) -> ImportReport:
    """Import a work plan, one of its tables, or published deliverables into a project.

    Raises:
        DomainError: `plan_needs_project`, `one_plan_file`.
    """
    if not options.project:
        raise DomainError(
            "plan_needs_project", "Say whose work plan it is, with --project ACRONYM."
        )
    if len(options.files) != 1:
        raise DomainError("one_plan_file", "Give one file of a work plan at a time.")
    project = queries.project_by_acronym(workspace, options.project).id
    (file,) = options.files
    how = {"dry_run": options.dry_run, "cancelled": asked}
    if options.table:
        table = commands.PlanTable(options.table)
        return commands.import_plan(workspace, project, table, file, **how)
    form = options.format
    if form is None and commands.is_published_deliverables(file):
        form = commands.CORDIS_DELIVERABLES
    if form == commands.CORDIS_DELIVERABLES:
        return commands.import_published_deliverables(workspace, project, file, **how)
    return commands.import_work_plan(
        workspace,
        project,
        file,
        form=commands.PlanFormat(form) if form else None,
        own_start=options.own_start,
        **how,
    )


def export_plan(
    workspace: Workspace, project: UUID, options: argparse.Namespace
) -> Mapping[str, Any]:
    """Write a work plan, or with `--table` one of its tables; say what the format cannot hold.

    Raises:
        DomainError: `unknown_plan_format`.
    """
    if options.table:
        table = commands.PlanTable(options.table)
        return {"file": commands.export_plan(workspace, project, table, options.out)}
    if options.format and options.format not in list(commands.PlanFormat):
        raise DomainError(
            "unknown_plan_format",
            "“{format}” is no format of work plans: expected {expected}.",
            format=options.format,
            expected=", ".join(commands.PlanFormat),
        )
    form = commands.PlanFormat(options.format) if options.format else None
    lost = commands.export_work_plan(workspace, project, options.out, form)
    if options.json:
        return {"file": options.out, "warnings": lost}
    for warning in lost:
        print(warning.text, file=sys.stderr)
    return {"file": options.out}


def export_tables(
    workspace: Workspace, project: UUID, options: argparse.Namespace
) -> Mapping[str, Any]:
    """Write the tables that an application has, to DOCX, XLSX or PDF."""
    form = options.format or options.out.suffix.lstrip(".").lower()
    commands.export_application_tables(workspace, project, options.out, form)
    return {"file": options.out}
