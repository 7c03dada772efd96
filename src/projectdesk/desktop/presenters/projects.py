"""Projects: the list, and one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol
from uuid import UUID

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.errors import ProjectDeskError
from projectdesk.services import commands, queries
from projectdesk.services.rows import Changes, Dependents, Hit, Kind, ProjectRow

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace


class ProjectView(Protocol):
    """Where one project is shown."""

    def show_project(self, row: ProjectRow) -> None:
        """Show the project."""

    def show_problem(self, field: str, words: str) -> None:
        """Say what is wrong beside `field`."""

    def project_gone(self) -> None:
        """The project is no longer there."""


class ProjectPresenter(Presenter):
    """Presents one project."""

    watches: ClassVar[frozenset[Kind]] = frozenset({Kind.PROJECT, Kind.PARTNER, Kind.ORGANISATION})

    def __init__(self, session: Session, view: ProjectView) -> None:
        super().__init__(session)
        self._view = view
        self._project: UUID | None = None
        self._row: ProjectRow | None = None

    def open(self, project: UUID) -> None:
        """Present `project`."""
        self._project = project
        self.reload()

    def load(self) -> None:
        """Ask for the project."""
        project = self._project
        if project is not None:
            self.ask(lambda ws: queries.project(ws, project), self._show, self._on_gone)

    def edit(self, field: str, value: object, seen: ProjectRow | None = None) -> None:
        """Save one field; a refusal is said beside it.

        Args:
            field: of the project.
            value: what it shall hold.
            seen: the project as it was when the person began; None = as it is shown now.
        """
        row = self._row if seen is None else seen
        if row is None or row.id != self._project:
            return

        def failed(error: ProjectDeskError) -> None:
            self._view.show_problem(field, say_error(error))

        self.save(Kind.PROJECT, row.id, row.version, {field: value}, failed)

    def ask_dependents(self, then: Callable[[Sequence[Dependents]], None]) -> None:
        """Ask what would go with the project."""
        row = self._row
        if row is not None:
            self.ask(lambda ws: queries.dependents(ws, Kind.PROJECT, row.id), then)

    def delete(self) -> None:
        """Delete the project with everything in it."""
        row = self._row
        if row is not None:
            self.change(
                lambda ws: commands.delete(ws, Kind.PROJECT, row.id, row.version),
                say("Deleted {what}.", what=row.acronym),
            )

    @property
    def row(self) -> ProjectRow | None:
        """The project as it is shown."""
        return self._row

    def export(self, out: Path) -> None:
        """Write the project with all that belongs to it to a file."""
        project = self._project
        if project is not None:
            self.ask(
                lambda ws: commands.export_project_file(ws, project, out),
                lambda path: self._session.tell(Notice(say("Saved {file}.", file=path.name))),
            )

    def _show(self, row: ProjectRow) -> None:
        if row.id == self._project:
            self._row = row
            self._view.show_project(row)

    def _on_gone(self, _: ProjectDeskError) -> None:
        self._view.project_gone()


def create_project(
    session: Session,
    values: Mapping[str, object],
    then: Callable[[UUID], None],
    failed: Callable[[ProjectDeskError], None],
) -> None:
    """Make a project by hand; that another one has its acronym is said, with Undo."""
    acronym = str(values.get("acronym") or "").strip()

    def work(workspace: Workspace) -> tuple[UUID, Changes, bool]:
        known = {row.acronym.casefold() for row in queries.projects(workspace)}
        made, changes = commands.create(workspace, Kind.PROJECT, values)
        return made, changes, acronym.casefold() in known

    def done(result: tuple[UUID, Changes, bool]) -> None:
        made, changes, taken = result
        if taken:
            words = say(
                "Another project is called {acronym} too: only the grant numbers tell them apart.",
                acronym=acronym,
            )
            session.tell(Notice(words, undo=changes.change_id))
        then(made)

    session.ask(work, done, failed)


class ProjectListView(Protocol):
    """Where the projects are offered."""

    def show_projects(self, rows: Sequence[ProjectRow]) -> None:
        """Offer the projects."""


class ProjectListPresenter(Presenter):
    """Keeps the switcher's list of projects up to date."""

    watches: ClassVar[frozenset[Kind]] = frozenset({Kind.PROJECT})

    def __init__(self, session: Session, view: ProjectListView) -> None:
        super().__init__(session)
        self._view = view
        self._active = True

    def load(self) -> None:
        """Ask for the projects."""
        self.ask(queries.projects, self._view.show_projects)

    def meeting_of_item(self, hit: Hit, then: Callable[[UUID | None], None]) -> None:
        """Find the meeting that a hit on an agenda item or its notes belongs to."""

        def work(workspace: Workspace) -> UUID | None:
            for meeting in queries.meetings(workspace, hit.project_id):
                if any(item.id == hit.id for item in queries.agenda(workspace, meeting.id)):
                    return meeting.id
            return None

        self.ask(work, then)
