"""The work plan as a whole: moving, renumbering, dependencies, what is late, what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from projectdesk.desktop.language import say
from projectdesk.desktop.models.label_words import say_label
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.announcer import Announcer
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.domain.rules.numbering import Order
from projectdesk.errors import ProjectDeskError
from projectdesk.services import commands, queries
from projectdesk.services.plan_rows import DependencyRow, MovedDate, MovePreview
from projectdesk.services.rows import Changes, Kind, TaskRow

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

Failed = Callable[[ProjectDeskError], None]
Done = Callable[[], None]


@dataclass(frozen=True)
class Shift:
    """A work package to be moved, as asked for. months: negative = earlier."""

    package: UUID
    months: int
    milestones: Collection[UUID] = ()
    handed_in: bool = False
    extend: bool = False


class PlanningPresenter(Presenter):
    """Keeps the dependencies of a plan, and moves and renumbers its records."""

    watches: ClassVar[frozenset[Kind]] = frozenset(
        {Kind.DEPENDENCY, Kind.WORK_PACKAGE, Kind.TASK, Kind.PROJECT}
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._announcer = Announcer()
        self._project: UUID | None = None
        self.links: Sequence[DependencyRow] = ()
        self.tasks: Sequence[TaskRow] = ()

    def open(self, project: UUID) -> None:
        """Present the plan of `project`."""
        if project != self._project:
            self._project, self.links, self.tasks = project, (), ()
        self.reload()

    def on_links(self, listener: Callable[[], None]) -> None:
        """Call `listener` each time the dependencies are there anew."""
        self._announcer.announced.connect(listener)

    def load(self) -> None:
        """Ask for the dependencies."""
        project = self._project
        if project is not None:
            self.ask(
                lambda ws: (queries.dependencies(ws, project), queries.tasks(ws, project)),
                self._keep,
                lambda _: None,
            )

    def _keep(self, found: tuple[Sequence[DependencyRow], Sequence[TaskRow]]) -> None:
        self.links, self.tasks = found
        self._announcer.announced.emit()

    # --- dependencies

    def tie(self, values: Mapping[str, object], done: Done, failed: Failed) -> None:
        """Let one bar wait for another; fields of `Dependency` without the project."""
        project = self._project
        whole = {**values, "project_id": project}
        self.ask(lambda ws: commands.create(ws, Kind.DEPENDENCY, whole), lambda _: done(), failed)

    def change_tie(
        self, row: DependencyRow, values: Mapping[str, object], done: Done, failed: Failed
    ) -> None:
        """Change the type or lag of a dependency."""
        self.ask(
            lambda ws: commands.set_fields(ws, Kind.DEPENDENCY, row.id, row.version, values),
            lambda _: done(),
            failed,
        )

    def untie(self, row: DependencyRow) -> None:
        """Take a dependency away."""
        self.change(
            lambda ws: commands.delete(ws, Kind.DEPENDENCY, row.id, row.version),
            say("{after} no longer waits for {before}.", after=row.after, before=row.before),
        )

    # --- moves

    def preview_shift(
        self, shift: Shift, then: Callable[[MovePreview], None], failed: Failed
    ) -> None:
        """Ask what moving a work package would do."""
        self.ask(
            lambda ws: commands.preview_shift(
                ws,
                shift.package,
                shift.months,
                milestones=shift.milestones,
                handed_in=shift.handed_in,
            ),
            then,
            failed,
        )

    def shift(self, shift: Shift, done: Done, failed: Failed) -> None:
        """Move a work package with all in it."""

        def work(workspace: Workspace) -> Changes:
            return commands.shift_work_package(
                workspace,
                shift.package,
                shift.months,
                milestones=shift.milestones,
                handed_in=shift.handed_in,
                extend=shift.extend,
            )

        self._do(work, done, failed)

    def preview_waiting(self, then: Callable[[MovePreview], None], failed: Failed) -> None:
        """Ask what moving all that waits would do."""
        if (project := self._project) is not None:
            self.ask(lambda ws: commands.preview_what_waits(ws, project), then, failed)

    def move_waiting(self, extend: bool, done: Done, failed: Failed) -> None:
        """Move all that waits until every dependency holds."""
        if (project := self._project) is not None:
            self._do(lambda ws: commands.move_what_waits(ws, project, extend=extend), done, failed)

    def preview_start(
        self,
        start: date,
        today: date,
        then: Callable[[Sequence[MovedDate]], None],
        failed: Failed,
    ) -> None:
        """Ask which dates would move with the start of the project."""
        if (project := self._project) is not None:
            self.ask(lambda ws: commands.preview_start(ws, project, start, today), then, failed)

    def move_start(self, version: int, start: date, done: Done, failed: Failed) -> None:
        """Let the project begin on another day."""
        if (project := self._project) is not None:
            self._do(lambda ws: commands.shift_start(ws, project, version, start), done, failed)

    # --- numbers

    def preview_numbers(
        self,
        kinds: Collection[Kind],
        order: Order,
        then: Callable[[MovePreview], None],
        failed: Failed,
    ) -> None:
        """Ask what renumbering would do."""
        if (project := self._project) is not None:
            self.ask(lambda ws: commands.preview_numbers(ws, project, kinds, order), then, failed)

    def renumber(self, kinds: Collection[Kind], order: Order, done: Done, failed: Failed) -> None:
        """Give numbers anew."""
        if (project := self._project) is not None:
            self._do(lambda ws: commands.renumber(ws, project, kinds, order), done, failed)

    def reorder(self, kind: Kind, record: UUID, before: UUID | None) -> None:
        """Put a record before another one, None = at the end."""
        self.change(
            lambda ws: commands.reorder(ws, kind, record, before), say("Numbers were given anew.")
        )

    def move_to(self, kind: Kind, records: Sequence[UUID], package: UUID) -> None:
        """Move tasks or deliverables to another work package."""

        def then(result: tuple[str, Changes]) -> None:
            name, changes = result
            if changes:
                words = say("Moved; it is {name} now.", name=name)
                if len(records) > 1:
                    words = say("Moved {name}.", name=name)
                self._session.tell(Notice(words, undo=changes.change_id))

        self.ask(lambda ws: commands.move_to_package(ws, kind, records, package), then, self.refuse)

    def save_steps(
        self, kind: Kind, record: UUID, version: int, values: Mapping[str, object], done: str
    ) -> None:
        """Save what a step of a record's life sets, and say so with Undo."""
        self.change(lambda ws: commands.set_fields(ws, kind, record, version, values), done)

    def _do(self, work: Callable[[Workspace], Changes], done: Done, failed: Failed) -> None:
        def then(changes: Changes) -> None:
            done()
            if changes:
                self._session.tell(Notice(say_label(changes.label) + ".", undo=changes.change_id))

        self.ask(work, then, failed)
