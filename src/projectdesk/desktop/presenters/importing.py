"""Importing files: preview of what would change, then the import with progress and cancel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from projectdesk.desktop.language import say, say_count, say_error
from projectdesk.desktop.runtime.session import LongWork, Notice, Session
from projectdesk.errors import ProjectDeskError
from projectdesk.services import commands
from projectdesk.services.commands import PlanTable
from projectdesk.services.rows import ImportReport, Kind

if TYPE_CHECKING:
    from projectdesk.services.duplicate_rows import DoubleChoice
    from projectdesk.services.workspace import Workspace

Run = Callable[["Workspace", LongWork, bool], ImportReport]
"""workspace, the work under way, dry run -> report."""


TABLES: dict[Kind, PlanTable] = {
    Kind.WORK_PACKAGE: PlanTable.WORK_PACKAGES,
    Kind.TASK: PlanTable.TASKS,
    Kind.DELIVERABLE: PlanTable.DELIVERABLES,
    Kind.MILESTONE: PlanTable.MILESTONES,
    Kind.RISK: PlanTable.RISKS,
    Kind.EFFORT: PlanTable.EFFORT,
    Kind.DEPENDENCY: PlanTable.DEPENDENCIES,
}
"""Which table of a plan the records of a kind are."""


class ImportView(Protocol):
    """Where an import is shown."""

    def show_busy(self, words: str) -> None:
        """Show that something is being done."""

    def show_progress(self, done: int, total: int) -> None:
        """Show how far it is."""

    def show_preview(self, report: ImportReport) -> None:
        """Show what would be added and changed."""

    def show_refusal(self, words: str) -> None:
        """Say why the files cannot be taken."""

    def finish(self, report: ImportReport) -> None:
        """It is imported."""


class ImportPresenter:
    """Presents one import: `preview`, then `go`."""

    def __init__(self, session: Session, view: ImportView, run: Run) -> None:
        self._session = session
        self._view = view
        self._run = run
        self._work: LongWork | None = None
        self._closed = False

    def preview(self) -> None:
        """Read the files and show what would change."""
        self._view.show_busy(say("Reading…"))
        self._start(dry=True, then=self._view.show_preview)

    def refresh(self) -> None:
        """Show again what would change, after a choice; what is shown stays until then."""
        self._start(dry=True, then=self._view.show_preview)

    def go(self) -> None:
        """Import."""
        self._view.show_busy(say("Importing…"))
        self._start(dry=False, then=self._done)

    def cancel(self) -> None:
        """Stop at the next step; nothing is changed then."""
        if self._work is not None:
            self._work.cancel()

    def close(self) -> None:
        """The view is gone."""
        self._closed = True
        self.cancel()

    def _start(self, *, dry: bool, then: Callable[[ImportReport], None]) -> None:
        def deliver(report: ImportReport) -> None:
            if not self._closed:
                then(report)

        def failed(error: ProjectDeskError) -> None:
            if not self._closed:
                self._view.show_refusal(describe(error))

        self._work = self._session.ask_long(
            lambda ws, work: self._run(ws, work, dry), deliver, failed
        )
        self._work.progressed.connect(self._on_progress)

    def _on_progress(self, done: int, total: int) -> None:
        if not self._closed:
            self._view.show_progress(done, total)

    def _done(self, report: ImportReport) -> None:
        words = summary(report)
        self._session.tell(Notice(words, undo=report.changes.change_id))
        self._view.finish(report)


def import_cordis(files: Sequence[Path]) -> Run:
    """Return the import of CORDIS files."""
    chosen = tuple(files)

    def run(workspace: Workspace, work: LongWork, dry: bool) -> ImportReport:
        return commands.import_cordis(
            workspace, chosen, dry_run=dry, progress=work.progress, cancelled=work.cancelled
        )

    return run


def import_directory(files: Sequence[Path]) -> Run:
    """Return the import of organisation files into the directory."""
    chosen = tuple(files)

    def run(workspace: Workspace, work: LongWork, dry: bool) -> ImportReport:
        return commands.import_directory(
            workspace, chosen, dry_run=dry, progress=work.progress, cancelled=work.cancelled
        )

    return run


def import_plan(project: UUID, kind: Kind, file: Path) -> Run:
    """Return the import of one table of a work plan from CSV or Excel."""

    def run(workspace: Workspace, work: LongWork, dry: bool) -> ImportReport:
        return commands.import_plan(
            workspace,
            project,
            TABLES[kind],
            file,
            dry_run=dry,
            progress=work.progress,
            cancelled=work.cancelled,
        )

    return run


class PeopleRun:
    """The import of an address book.

    merge_names: the same name is the same person. choices: about doubles, by the row of the file.
    """

    def __init__(self, file: Path, project: UUID | None) -> None:
        self._file = file
        self._project = project
        self.merge_names = False
        self.choices: Mapping[int, DoubleChoice] = {}

    def __call__(self, workspace: Workspace, work: LongWork, dry: bool) -> ImportReport:
        """Import, or count what would change."""
        return commands.import_people(
            workspace,
            self._file,
            self._project,
            merge_names=self.merge_names,
            choices=self.choices,
            dry_run=dry,
            progress=work.progress,
            cancelled=work.cancelled,
        )


def export_people(session: Session, project: UUID | None, file: Path) -> None:
    """Write people to a file; what came of it is told."""

    def done(count: int) -> None:
        people = say_count(count, "{count} person", "{count} people")
        session.tell(Notice(say("{people} written to {file}.", people=people, file=file.name)))

    session.ask_long(
        lambda ws, _work: commands.export_people(ws, project, file),
        done,
        lambda error: session.tell(Notice(say_error(error), error=True)),
    )


def describe(error: ProjectDeskError) -> str:
    """Return a refusal with the place in the file, unless it says so itself, and what it did."""
    if error.code == "import_cancelled":
        return say_error(error)  # which says so itself
    facts = error.facts
    file, english = str(facts.get("file") or ""), error.text
    place = [file] if file and file not in english else []
    if facts.get("row") and f"line {facts['row']}" not in english:
        place.append(say("row {row}", row=facts["row"]))
    if facts.get("column"):
        place.append(say("column {column}", column=facts["column"]))
    where = f" ({', '.join(place)})" if place else ""
    return f"{say_error(error)}{where} {say('Nothing was changed.')}"


def summary(report: ImportReport) -> str:
    """Return what an import did in a few words."""
    parts = [
        say_count(report.added, "{count} record added", "{count} records added"),
        say_count(report.updated, "{count} updated", "{count} updated"),
        say_count(report.unchanged, "{count} unchanged", "{count} unchanged"),
    ]
    return ", ".join(parts) + "."
