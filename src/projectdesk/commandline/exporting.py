"""`projectdesk export WHAT ...`: everything that can be written to a file, one function each.

A function takes the open data and the options and returns what `--json` prints; `file` in it is
what is printed else.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from projectdesk.commandline import documents, plan_files
from projectdesk.commandline.data import opened
from projectdesk.commandline.named_formats import check_name
from projectdesk.commandline.named_meetings import meeting_id
from projectdesk.commandline.printing import print_json
from projectdesk.errors import DomainError
from projectdesk.services import commands, queries
from projectdesk.services.workspace import Workspace

_ONE: Final = {
    "addresses": "address",
    "meetings": "meeting",
    "people": "person",
    "questions": "question",
}
Export = Callable[[Workspace, argparse.Namespace], Mapping[str, Any]]


def export(options: argparse.Namespace) -> int:
    """`projectdesk export WHAT [ACRONYM] --out FILE`, and what each needs to know."""
    check_name(options.out, options.format)
    with opened(options) as workspace:
        written = EXPORTS[options.what](workspace, options)
    if options.json:
        print_json(written)
    else:
        more = [counted(value, name) for name, value in written.items() if name != "file"]
        print(f"{written['file']} ({', '.join(more)})" if more else written["file"])
    return 0


def counted(value: Any, name: str) -> str:
    """Return "1 meeting", "2 meetings"."""
    return f"{value} {_ONE.get(name, name)}" if value == 1 else f"{value} {name}"


def project_of(workspace: Workspace, options: argparse.Namespace) -> UUID:
    """Return the project that the options name, as `ACRONYM` or `--project ACRONYM`.

    Raises:
        DomainError: `project_needed`; `NotFound`.
    """
    acronym = options.name or options.project
    if not acronym:
        raise DomainError(
            "project_needed",
            "Say which project: projectdesk export {what} ACRONYM --out FILE.",
            what=options.what,
        )
    return queries.project_by_acronym(workspace, acronym).id


def _people(workspace: Workspace, options: argparse.Namespace) -> Mapping[str, Any]:
    named = options.name or options.project
    project = project_of(workspace, options) if named else None
    count = commands.export_people(workspace, project, options.out, options.format or "")
    return {"file": options.out, "people": count}


def _project(workspace: Workspace, options: argparse.Namespace) -> Mapping[str, Any]:
    project = project_of(workspace, options)
    return {"file": commands.export_project_file(workspace, project, options.out)}


def _mailing_list(workspace: Workspace, options: argparse.Namespace) -> Mapping[str, Any]:
    if not options.name or not options.project:
        raise DomainError(
            "list_needed", "Say which list: projectdesk export mailing-list NAME --project ACRONYM."
        )
    project = queries.project_by_acronym(workspace, options.project).id
    found = commands.export_mailing_list(
        workspace, project, options.name, options.out, options.format or ""
    )
    for row in found.missing:
        print(f"{row.name} has no address.", file=sys.stderr)
    return {"file": options.out, "addresses": len(found.addresses)}


def _gantt(workspace: Workspace, options: argparse.Namespace) -> Mapping[str, Any]:
    from projectdesk.commandline.charts import export_gantt  # loads Qt

    form = options.format or options.out.suffix.lstrip(".").lower()
    project = project_of(workspace, options)
    out = export_gantt(workspace, project, form, options.paper, options.out, options.language)
    return {"file": out}


def _calendar(workspace: Workspace, options: argparse.Namespace) -> Mapping[str, Any]:
    named = options.name or options.project
    project = project_of(workspace, options) if named else None
    meeting = meeting_id(workspace, options.meeting) if options.meeting else None
    count = commands.export_calendar(workspace, options.out, project, meeting, options.format or "")
    return {"file": options.out, "meetings": count}


def _plan(workspace: Workspace, options: argparse.Namespace) -> Mapping[str, Any]:
    return plan_files.export_plan(workspace, project_of(workspace, options), options)


def _application_tables(workspace: Workspace, options: argparse.Namespace) -> Mapping[str, Any]:
    return plan_files.export_tables(workspace, project_of(workspace, options), options)


def _periodic_report(workspace: Workspace, options: argparse.Namespace) -> Mapping[str, Any]:
    if options.period is None:
        raise DomainError("period_needed", "Say which reporting period: --period N.")
    period = queries.period_by_number(workspace, project_of(workspace, options), options.period)
    form = options.format or ""
    out = commands.export_periodic_report(workspace, period.id, options.out, form, options.language)
    return {"file": out}


def _document(workspace: Workspace, options: argparse.Namespace) -> Mapping[str, Any]:
    project = project_of(workspace, options)
    wanted = options.document
    found = [
        row
        for row in queries.attached_documents(workspace, project)
        if wanted and (str(row.id) == wanted or row.name == wanted)
    ]
    if len(found) != 1:
        raise DomainError(
            "which_document",
            "{count} documents are called “{wanted}”: give --document NAME, or its id of "
            "`projectdesk list documents`.",
            count=len(found),
            wanted=wanted or "",
        )
    return {"file": commands.save_document(workspace, found[0].sha256, options.out)}


def _review_pack(workspace: Workspace, options: argparse.Namespace) -> Mapping[str, Any]:
    meeting = _named_meeting(workspace, options)
    form = options.format or ""
    out = commands.export_review_pack(
        workspace, meeting, options.out, form, options.period, options.language
    )
    return {"file": out}


def _questions(workspace: Workspace, options: argparse.Namespace) -> Mapping[str, Any]:
    meeting = _named_meeting(workspace, options)
    form = options.format or ""
    count = commands.export_questions(workspace, meeting, options.out, form, options.language)
    return {"file": options.out, "questions": count}


def _named_meeting(workspace: Workspace, options: argparse.Namespace) -> UUID:
    """Return the meeting that the options name, as `export WHAT ID` or `--meeting ID`.

    Raises:
        DomainError: `meeting_needed`, `not_an_id`.
    """
    named = options.name or options.meeting
    if not named:
        raise DomainError(
            "meeting_needed",
            "Say which meeting: projectdesk export {what} ID --out FILE.",
            what=options.what,
        )
    return meeting_id(workspace, named)


EXPORTS: Final[dict[str, Export]] = {
    "actions": documents.export_register,
    "agenda": documents.export_of_meeting,
    "application-tables": _application_tables,
    "attendance": documents.export_of_meeting,
    "calendar": _calendar,
    "decisions": documents.export_register,
    "document": _document,
    "gantt": _gantt,
    "mailing-list": _mailing_list,
    "minutes": documents.export_of_meeting,
    "people": _people,
    "periodic-report": _periodic_report,
    "plan": _plan,
    "project": _project,
    "questions": _questions,
    "review-pack": _review_pack,
    "review-report": documents.export_of_meeting,
}
"""What can be exported; `cli.EXPORTS` names the same."""
