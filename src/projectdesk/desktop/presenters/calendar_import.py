"""Importing a calendar file: as meetings of a project, or as somebody's busy times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.runtime.session import LongWork, Notice, Session
from projectdesk.errors import DomainError, ProjectDeskError
from projectdesk.services import commands, queries
from projectdesk.services.rows import ImportReport, PersonRow, ProjectRow

if TYPE_CHECKING:
    from projectdesk.services.inbox import Taken
    from projectdesk.services.workspace import Workspace


class TakenAs(StrEnum):
    """What the events of a calendar become."""

    MEETINGS = "meetings"
    BUSY = "busy"


@dataclass(frozen=True)
class CalendarChoices:
    """What can be chosen for an import. me: who uses this desktop."""

    projects: Sequence[ProjectRow]
    people: Sequence[PersonRow]
    me: PersonRow | None


class CalendarRun:
    """The import of a calendar file; what it becomes may be chosen anew before each run."""

    def __init__(
        self,
        file: Path,
        project: UUID | None = None,
        person: UUID | None = None,
        taken_as: TakenAs = TakenAs.MEETINGS,
    ) -> None:
        self.file = file
        self.project = project
        self.person = person
        self.taken_as = taken_as

    def __call__(self, workspace: Workspace, work: LongWork, dry: bool) -> ImportReport:
        """Import, or count what would change."""
        if self.taken_as is TakenAs.BUSY:
            if self.person is None:
                raise DomainError("busy_of_whom", say("Choose whose calendar it is."))
            return commands.import_busy(
                workspace,
                self.file,
                self.person,
                dry_run=dry,
                progress=work.progress,
                cancelled=work.cancelled,
            )
        if self.project is None:
            raise DomainError("calendar_for_whom", say("Choose the project of the meetings."))
        return commands.import_calendar(
            workspace,
            self.file,
            self.project,
            dry_run=dry,
            progress=work.progress,
            cancelled=work.cancelled,
        )


def ask_choices(session: Session, then: Callable[[CalendarChoices], None]) -> None:
    """Ask for the projects and people that there are."""
    session.ask(
        lambda ws: CalendarChoices(
            queries.projects(ws), queries.people(ws, None), queries.me(ws)
        ),
        then,
    )  # fmt: skip


def take_dropped(session: Session, file: Path, show_import: Callable[[Path], object]) -> None:
    """Take an answer that was dropped, and say what came of it; else `show_import`."""

    def work(workspace: Workspace, _work: LongWork) -> Taken | None:
        from projectdesk.services.dropped import take_answer

        return take_answer(workspace, file)

    def done(taken: Taken | None) -> None:
        if taken is None:
            show_import(file)
        else:
            session.tell(Notice(taken.detail))

    def failed(error: ProjectDeskError) -> None:
        session.tell(Notice(say_error(error), error=True))

    session.ask_long(work, done, failed)
