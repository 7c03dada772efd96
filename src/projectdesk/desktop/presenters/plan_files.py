"""Work plans from files and to them: what an import takes, what an export would lose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from projectdesk.desktop.language import say, say_error, say_worded
from projectdesk.desktop.presenters.importing import TABLES
from projectdesk.desktop.runtime.session import LongWork, Notice, Session
from projectdesk.errors import ProjectDeskError
from projectdesk.services import commands
from projectdesk.services.commands import PlanFormat
from projectdesk.services.rows import ImportReport, Kind, Warning_

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

_TABLES_SUFFIXES = frozenset({".csv", ".txt", ".xlsx", ".xlsm"})
"""Files whose months are months mostly: there is no start to choose."""


class PlanFileRun:
    """The import of a work plan, or of published deliverables of CORDIS.

    own_start: months are counted from the file's own start, not from the project's.
    """

    def __init__(self, project: UUID, file: Path) -> None:
        self._project = project
        self._file = file
        self.own_start = False

    def has_dates(self) -> bool:
        """Return whether the file is of a kind that has dates for months."""
        return self._file.suffix.lower() not in _TABLES_SUFFIXES

    def __call__(self, workspace: Workspace, work: LongWork, dry: bool) -> ImportReport:
        """Import, or count what would change."""
        if not self.has_dates() and commands.is_published_deliverables(self._file):
            return commands.import_published_deliverables(
                workspace,
                self._project,
                self._file,
                dry_run=dry,
                progress=work.progress,
                cancelled=work.cancelled,
            )
        return commands.import_work_plan(
            workspace,
            self._project,
            self._file,
            own_start=self.own_start,
            dry_run=dry,
            progress=work.progress,
            cancelled=work.cancelled,
        )


class PlanExporter:
    """Writes the plan of a project to files; what came of it is told."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def losses(
        self, project: UUID, form: PlanFormat, then: Callable[[Sequence[Warning_]], None]
    ) -> None:
        """Ask what the format cannot hold of the plan."""
        self._session.ask_long(
            lambda ws, _work: commands.plan_losses(ws, project, form), then, self._failed
        )

    def write(self, project: UUID, form: PlanFormat, file: Path) -> None:
        """Write the whole plan."""
        self._write(lambda ws: commands.export_work_plan(ws, project, file, form), file)

    def write_table(self, project: UUID, kind: Kind, file: Path) -> None:
        """Write one table as CSV."""
        self._write(lambda ws: commands.export_plan(ws, project, TABLES[kind], file), file)

    def write_application(self, project: UUID, file: Path) -> None:
        """Write the tables of an application; the name of the file says its format."""
        form = file.suffix.lstrip(".").lower()
        self._write(lambda ws: commands.export_application_tables(ws, project, file, form), file)

    def _write(self, work: Callable[[Workspace], object], file: Path) -> None:
        def done(_: object) -> None:
            self._session.tell(Notice(say("Written to {file}.", file=file.name)))

        self._session.ask_long(lambda ws, _work: work(ws), done, self._failed)

    def _failed(self, error: ProjectDeskError) -> None:
        self._session.tell(Notice(say_error(error), error=True))


def loss_in_words(warning: Warning_) -> str:
    """Return what a format cannot hold, in the person's language."""
    match warning.code:
        case "no_objectives":
            return say("Objectives of work packages")
        case "no_deliverable_fields":
            return say("Types and dissemination levels of deliverables")
        case "no_deliverable_state":
            return say("How far deliverables are, and when they were submitted")
        case "no_milestone_packages":
            return say("The work packages of milestones that belong to several")
        case "no_achieved":
            return say("When milestones were achieved")
        case "no_risks":
            return say("Risks")
        case "no_reviews":
            return say("Drafts, reviews and decisions of deliverables")
        case "no_expected":
            return say("When deliverables and milestones are expected")
        case "no_verification":
            return say("How milestones were verified, and by whom")
        case "no_periods":
            return say("Reporting periods and what was reported")
        case "bar_of_parts":
            return say(
                "The length of work packages that are longer than their parts: GanttProject draws"
                " them as long as these"
            )
        case _:
            return say_worded(warning.text)
