"""The tree of a work plan: load, edit in place, add below, and what is kept of its look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Protocol
from uuid import UUID

from projectdesk.desktop.language import say_error
from projectdesk.desktop.models.plan_tree import PlanRows
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.errors import ProjectDeskError
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace


class PlanTreeView(Protocol):
    """Where the tree is shown."""

    def show_plan(self, rows: PlanRows) -> None:
        """Show the plan."""

    def show_closed(self, packages: Sequence[UUID]) -> None:
        """Hide the lines below these work packages, as they were left."""

    def show_problem(self, field: str, words: str) -> None:
        """Say what is wrong beside `field`."""

    def begin_title(self, record: UUID) -> None:
        """Let the person name a record that was just added, once it is there."""


def _load(workspace: Workspace, project: UUID) -> PlanRows:
    return PlanRows(
        queries.work_packages(workspace, project),
        queries.tasks(workspace, project),
        queries.deliverables(workspace, project),
        queries.milestones(workspace, project),
    )


def _key(workspace: Workspace, project: UUID) -> str:
    me = queries.me(workspace)
    return f"plan.closed:{project.hex}:{me.id.hex if me else ''}"


class PlanTreePresenter(Presenter):
    """Presents the tree of one project."""

    watches: ClassVar[frozenset[Kind]] = frozenset(
        {
            Kind.PROJECT,
            Kind.PARTNER,
            Kind.ORGANISATION,
            Kind.WORK_PACKAGE,
            Kind.TASK,
            Kind.DELIVERABLE,
            Kind.MILESTONE,
        }
    )

    def __init__(self, session: Session, view: PlanTreeView) -> None:
        super().__init__(session)
        self._view = view
        self._project: UUID | None = None
        self._look_of: UUID | None = None

    def open(self, project: UUID) -> None:
        """Present the plan of `project`."""
        self._project = project
        self.reload()

    def load(self) -> None:
        """Ask for the plan, and the first time for how it was left."""
        project = self._project
        if project is None:
            return
        if self._look_of != project:
            self._look_of = project
            self.ask(lambda ws: queries.setting(ws, _key(ws, project)), self._show_look)
        self.ask(lambda ws: _load(ws, project), self._view.show_plan)

    def _show_look(self, kept: str) -> None:
        packages = []
        for word in kept.split():
            try:
                packages.append(UUID(word))
            except ValueError:
                continue
        self._view.show_closed(packages)

    def keep_closed(self, packages: Sequence[UUID]) -> None:
        """Keep which work packages are closed, for this user."""
        project = self._project
        if project is not None:
            words = " ".join(sorted(each.hex for each in packages))
            self.ask(lambda ws: commands.set_setting(ws, _key(ws, project), words), lambda _: None)

    def edit(
        self, kind: Kind, record: UUID, version: int, field: str, values: Mapping[str, object]
    ) -> None:
        """Save what a field stands for; a refusal is said beside it."""

        def failed(error: ProjectDeskError) -> None:
            self._view.show_problem(field, say_error(error))

        self.save(kind, record, version, values, failed)

    def add_below(self, kind: Kind, package: UUID, values: Mapping[str, object]) -> None:
        """Add a task or deliverable to a work package, and let the person name it."""
        whole = {**values, "work_package_id": package}
        self.ask(
            lambda ws: commands.create(ws, kind, whole),
            lambda made: self._view.begin_title(made[0]),
            self.refuse,
        )
