"""Commands on the data: import, list, sample, backup, restore."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from projectdesk.bootstrap import data_folder, open_workspace, start_logging
from projectdesk.commandline import plan_files
from projectdesk.commandline.printing import print_error, print_json, print_table
from projectdesk.errors import DomainError, UnreadableFile
from projectdesk.exchange import project_file
from projectdesk.services import commands, queries
from projectdesk.services.kinds import in_words
from projectdesk.services.rows import ImportReport, Kind
from projectdesk.services.workspace import Workspace

INTERRUPTED = 130
"""Exit code of a command that Ctrl+C ended, as shells know it."""

_SHOWN = 120
"""Letters of a title in a preview."""

_Of = Callable[[Workspace, UUID], Sequence[Any]]
_PROJECT_LISTS: dict[str, _Of] = {
    "partners": queries.partners,
    "world": queries.world,
    "mailing-lists": queries.mailing_lists,
    "bodies": queries.bodies,
    "workpackages": queries.work_packages,
    "tasks": queries.tasks,
    "deliverables": queries.deliverables,
    "milestones": queries.milestones,
    "dependencies": queries.dependencies,
    "risks": queries.risks,
    "effort": queries.effort_lines,
    "documents": queries.attached_documents,
    "reporting": lambda workspace, project: queries.reporting_periods(workspace, project).periods,
}
_OPEN_LISTS: dict[str, Callable[[Workspace, UUID | None], Sequence[Any]]] = {
    "late": lambda workspace, project: queries.late_items(workspace, project, today()),
    "people": queries.people,
    "backlog": queries.backlog,
    "templates": queries.agenda_templates,
    "meetings": queries.meetings,
    "actions": queries.actions,
    "decisions": queries.decision_register,
    "votes": lambda workspace, project: [
        detail.vote for detail in queries.project_votes(workspace, project)
    ],
    "questions": queries.review_questions,
}
_COLUMNS = {
    "projects": ("acronym", "grant_number", "title", "start_date", "end_date", "partners"),
    "organisations": ("pic", "short_name", "legal_name", "country", "projects"),
    "partners": ("number", "short_name", "legal_name", "country", "role", "contribution"),
    "world": ("partner", "country", "local", "zone", "daylight", "working", "holiday"),
    "backlog": ("id", "project", "body", "title", "duration_minutes", "presenter", "reason"),
    "templates": ("key", "name", "type", "items", "project"),
    "mailing-lists": ("key", "name", "reached", "without_address"),
    "people": ("name", "email", "partner", "function", "zone"),
    "bodies": ("name", "kind", "chair", "members"),
    "workpackages": ("label", "title", "lead", "start_month", "end_month"),
    "tasks": ("label", "title", "lead", "start_month", "end_month"),
    "deliverables": ("label", "title", "lead", "type", "level", "due_month", "status"),
    "milestones": ("label", "title", "work_packages", "due_month"),
    "dependencies": ("after", "before", "type", "lag_months", "earliest", "violated"),
    "risks": ("label", "title", "work_packages", "likelihood", "severity", "owner", "status"),
    "late": ("label", "project", "title", "step", "due_on", "days", "partner", "person"),
    "effort": ("number", "partner", "work_package", "planned", "reported", "deviation"),
    "reporting": ("label", "start_month", "end_month", "due_on", "planned", "reported", "missing"),
    "meetings": ("id", "project", "title", "local_start", "zone", "state", "notice"),
    "documents": ("id", "name", "owner", "size", "shared_by", "shared_at", "here"),
    "votes": ("label", "project", "meeting", "question", "state", "words"),
    "questions": ("label", "project", "asked_by", "text", "state", "answered_by", "due_on"),
}

_OPTIONS = {
    "plan": ("plan_needs_project", "--project ACRONYM"),
    "people": ("people_need_option", "--people"),
    "calendar": ("calendar_needs_option", "--as meeting --project ACRONYM"),
}
"""What to say of a file by what it is: code, and the option it needs."""

_HEADERS = {"days": "Days late"}
"""Headers that say more than the name of what is below them."""


def today() -> date:
    """Return the date where this computer is."""
    return datetime.now().astimezone().date()


@contextmanager
def opened(options: argparse.Namespace) -> Iterator[Workspace]:
    """Open the data that the options name and close it after."""
    data = data_folder(options.data)
    start_logging(data)
    workspace = open_workspace(data)
    try:
        yield workspace
    finally:
        workspace.close()


def import_files(options: argparse.Namespace) -> int:
    """`projectdesk import FILE...`; Ctrl+C takes it back and exits with 130."""
    if str(options.files[0]) == "agenda":
        from projectdesk.commandline import agendas

        return agendas.import_agenda(options)
    with opened(options) as workspace, asked_to_stop() as asked:
        try:
            report = _importer(options)(workspace, options, asked)
        except DomainError as error:
            if error.code != "import_cancelled":
                raise
            print_error(error, as_json=options.json)
            return INTERRUPTED
    _print_report(report, options)
    return 0


def _importer(options: argparse.Namespace) -> Callable[..., ImportReport]:
    """Return what imports the files."""
    from projectdesk.commandline import busy  # it needs what is above

    if str(options.files[0]) == "directory":
        return _import_directory
    suffixes = {file.suffix.lower() for file in options.files}
    if busy.is_calendar(options):
        return busy.import_calendar
    if suffixes == {project_file.SUFFIX} or project_file.is_project_file(options.files[0]):
        return _import_project
    if options.people or suffixes <= {".vcf", ".ldif"}:
        return _import_people
    if options.table or options.format or options.project or suffixes <= {".gan", ".mpp", ".pod"}:
        return plan_files.import_plan
    return _import_cordis


@contextmanager
def asked_to_stop() -> Iterator[Callable[[], bool]]:
    """Lend the answer to whether Ctrl+C was pressed; pressed again, it interrupts at once.

    So an import is either taken back whole or, past its commit, said to be done.
    """
    asked = threading.Event()

    def ask(_signal: int, _frame: object) -> None:
        asked.set()
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def _another_option(error: UnreadableFile, files: Sequence[Path]) -> DomainError | None:
    """Return what to say of a file that is not of CORDIS but is imported with an option."""
    if len(files) != 1 or error.code not in {"not_cordis", "not_a_project", "office_document"}:
        return None
    from projectdesk.exchange.recognition import what_it_is  # openpyxl loads with it

    known = what_it_is(files[0])
    if known is None:
        return None
    code, option = _OPTIONS[known.kind.value]
    return DomainError(
        code,
        "{file} is {what}: add {option}.",
        file=files[0].name,
        what=known.words,
        option=option,
    )


def _import_cordis(
    workspace: Workspace, options: argparse.Namespace, asked: Callable[[], bool]
) -> ImportReport:
    shown = sys.stderr.isatty() and not options.json
    try:
        return commands.import_cordis(
            workspace,
            options.files,
            dry_run=options.dry_run,
            only=frozenset(options.only) or None,
            progress=_progress if shown else None,
            cancelled=asked,
        )
    except BaseException as error:
        if shown:
            print(file=sys.stderr)  # what is said next does not stand in the line of progress
        if isinstance(error, UnreadableFile) and (better := _another_option(error, options.files)):
            raise better from error
        raise


def _import_project(
    workspace: Workspace, options: argparse.Namespace, asked: Callable[[], bool]
) -> ImportReport:
    if len(options.files) != 1:
        raise DomainError("one_project_file", "Give one project file at a time.")
    return commands.import_project_file(
        workspace,
        options.files[0],
        prefer=options.prefer,
        dry_run=options.dry_run,
        cancelled=asked,
    )


def _import_directory(
    workspace: Workspace, options: argparse.Namespace, asked: Callable[[], bool]
) -> ImportReport:
    """`projectdesk import directory FILE...`."""
    if len(options.files) == 1:
        raise DomainError(
            "no_file", "Give an organisation file of CORDIS: projectdesk import directory FILE."
        )
    return commands.import_directory(
        workspace,
        options.files[1:],
        dry_run=options.dry_run,
        progress=_progress if sys.stderr.isatty() and not options.json else None,
        cancelled=asked,
    )


def _import_people(
    workspace: Workspace, options: argparse.Namespace, asked: Callable[[], bool]
) -> ImportReport:
    if len(options.files) != 1:
        raise DomainError("one_address_book", "Give one file of people at a time.")
    project = queries.project_by_acronym(workspace, options.project) if options.project else None
    return commands.import_people(
        workspace,
        options.files[0],
        project.id if project else None,
        merge_names=options.merge_names,
        dry_run=options.dry_run,
        cancelled=asked,
    )


def _progress(done: int, total: int) -> None:
    share = f"{100 * done // total} %" if total else f"{done}"
    print(f"\r{share} ", end="\n" if done == total else "", file=sys.stderr, flush=True)


def _short(title: str) -> str:
    return title if len(title) <= _SHOWN else title[: _SHOWN - 1] + "…"


def _print_report(report: ImportReport, options: argparse.Namespace) -> None:
    if options.json:
        counts = ("projects", "organisations", "partners", "added", "updated", "unchanged")
        print_json({name: getattr(report, name) for name in counts} | {"warnings": report.warnings})
        return
    if options.dry_run:
        for change in report.preview:
            print(f"{change.what:8} {change.kind:13} {_short(change.title)}")
            for name, before, after in change.fields:
                print(f"         {name}: {before or '–'} → {after or '–'}")
    for warning in report.warnings:
        place = f"{warning.file}, line {warning.row}" if warning.row else warning.file
        print(f"{place}: {warning.text}", file=sys.stderr)
    verb = "would be" if options.dry_run else "was" if report.added == 1 else "were"
    kinds = (
        (Kind.PROJECT, report.projects),
        (Kind.ORGANISATION, report.organisations),
        (Kind.PARTNER, report.partners),
    )
    held = ", ".join(in_words(kind, number) for kind, number in kinds)
    warnings = len(report.warnings)
    print(
        f"{held}: " if report.projects or report.organisations else "",
        f"{report.added} {verb} added, {report.updated} updated, "
        f"{report.unchanged} unchanged, {warnings} warning{'' if warnings == 1 else 's'}.",
        sep="",
    )


def list_records(options: argparse.Namespace) -> int:
    """`projectdesk list WHAT [--project ACRONYM] [--limit N]`."""
    if options.limit is not None and options.limit < 1:
        raise DomainError("bad_limit", "--limit {limit}: expected 1 or more.", limit=options.limit)
    if options.what == "busy":
        from projectdesk.commandline import busy

        return busy.list_busy(options)
    if options.what == "calendar":
        from projectdesk.commandline import calendars

        return calendars.list_calendar(options)
    if options.what == "actions":
        from projectdesk.commandline import actions

        return actions.list_actions(options)
    if options.what in {"directory", "duplicates"}:
        from projectdesk.commandline import finding

        return finding.LISTS[options.what](options)
    with opened(options) as workspace:
        rows = _rows(workspace, options.what, options.project, _day(options.on))[: options.limit]
        if options.what == "decisions" and not options.json:
            from projectdesk.commandline import decisions

            return decisions.print_register(workspace, rows, options)
    if options.json:
        print_json(rows)
    else:
        columns = _COLUMNS[options.what]
        headers = [_HEADERS.get(name, name.replace("_", " ").capitalize()) for name in columns]
        print_table(([getattr(row, name) for name in columns] for row in rows), headers)
    return 0


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise DomainError(
            "bad_day", "“{text}” is no day: expected YYYY-MM-DD, as in 2027-03-31.", text=str(text)
        ) from error


def _rows(
    workspace: Workspace, what: str, acronym: str | None, on: date | None = None
) -> Sequence[Any]:
    if what == "projects":
        every = queries.projects(workspace)
        return every if acronym is None else [queries.project_by_acronym(workspace, acronym)]
    project = None if acronym is None else queries.project_by_acronym(workspace, acronym)
    if what == "organisations":
        if project is None:
            return queries.organisations(workspace, limit=sys.maxsize)
        wanted = {row.organisation_id for row in queries.partners(workspace, project.id)}
        every_organisation = queries.organisations(workspace, limit=sys.maxsize)
        return [row for row in every_organisation if row.id in wanted]
    if what in _OPEN_LISTS:
        return _OPEN_LISTS[what](workspace, project.id if project else None)
    projects = queries.projects(workspace) if project is None else [project]
    if what == "partners":
        return [row for one in projects for row in queries.partners(workspace, one.id, on)]
    return [row for one in projects for row in _PROJECT_LISTS[what](workspace, one.id)]


def sample(options: argparse.Namespace) -> int:
    """`projectdesk sample`."""
    with opened(options) as workspace:
        project = queries.project(workspace, commands.open_sample(workspace))
    if options.json:
        print_json(project)
    else:
        print(f"{project.acronym}: {project.title}, {project.partners} partners.")
    return 0


def backup(options: argparse.Namespace) -> int:
    """`projectdesk backup`."""
    with opened(options) as workspace:
        path = commands.back_up(workspace)
    if options.json:
        print_json({"backup": path})
    else:
        print(path)
    return 0


def restore(options: argparse.Namespace) -> int:
    """`projectdesk restore FILE`; what was there before is kept as a backup of its own."""
    data = data_folder(options.data)
    start_logging(data)
    commands.restore(data, options.backup)
    if options.json:
        print_json({"restored": options.backup})
    else:
        print(f"Restored {options.backup}.")
    return 0
