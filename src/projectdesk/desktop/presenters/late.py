"""What of a plan is late and due, and reminders of it: by hand, and by themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Protocol
from uuid import UUID

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.errors import ProjectDeskError
from projectdesk.services import commands, queries
from projectdesk.services.plan_rows import LateRow
from projectdesk.services.rows import Kind, PersonRow

if TYPE_CHECKING:
    from projectdesk.services.plan_reminders import PlanReminded, PlanReminding
    from projectdesk.services.workspace import Workspace

Found = tuple[Sequence[LateRow], Mapping[UUID, date], PersonRow | None]
"""What is late and due, when somebody was last reminded of each, and who I am."""


class LateView(Protocol):
    """Where it is shown."""

    def show_late(
        self, rows: Sequence[LateRow], reminded: Mapping[UUID, date], me: PersonRow | None
    ) -> None:
        """Show what is late and due.

        Args:
            rows: of one project.
            reminded: the day on which somebody was last reminded of a record, by its id.
            me: who signs what is written.
        """


class LatePresenter(Presenter):
    """Presents what is late and due in one project."""

    watches: ClassVar[frozenset[Kind]] = frozenset(
        {
            Kind.PROJECT,
            Kind.PARTNER,
            Kind.ORGANISATION,
            Kind.PERSON,
            Kind.MEMBERSHIP,
            Kind.WORK_PACKAGE,
            Kind.DELIVERABLE,
            Kind.MILESTONE,
        }
    )

    def __init__(self, session: Session, view: LateView, today: Callable[[], date]) -> None:
        super().__init__(session)
        self._view, self._today = view, today
        self._project: UUID | None = None

    def open(self, project: UUID) -> None:
        """Present what is late in `project`."""
        self._project = project
        self.reload()

    def load(self) -> None:
        """Ask for it."""
        project, today = self._project, self._today()

        def work(workspace: Workspace) -> Found:
            from projectdesk.services import plan_reminders

            rows = queries.late_items(workspace, project, today)
            told = plan_reminders.told(workspace)
            reminded = {
                row.id: told[row.id].at.astimezone().date() for row in rows if row.id in told
            }
            return rows, reminded, queries.me(workspace)

        if project is not None:
            self.ask(work, lambda found: self._view.show_late(*found))

    def expect(self, edits: Sequence[tuple[LateRow, Mapping[str, object]]], label: str) -> None:
        """Save when several things are expected, as one change.

        Args:
            edits: row and new values of each.
            label: of the change.
        """
        changed = [
            commands.RecordEdit(row.kind, row.id, row.version, values) for row, values in edits
        ]
        self.save_many(changed, label)

    def remind(self, rows: Sequence[LateRow]) -> None:
        """Put reminders of `rows` into the outbox and say to how many people."""

        def work(workspace: Workspace) -> PlanReminded:
            from projectdesk.services import plan_reminders

            return plan_reminders.remind(workspace, rows)[0]

        def then(made: PlanReminded) -> None:
            words = say_count(
                made.mails,
                "{count} reminder is in the outbox.",
                "{count} reminders are in the outbox.",
            )
            if made.unreachable:
                labels = ", ".join(row.label for row in made.unreachable)
                words += " " + say("Nobody to write to is known for {labels}.", labels=labels)
            self._session.tell(Notice(words))
            self.reload()

        self.ask(work, then, self.refuse)

    def ask_reminding(self, then: Callable[[PlanReminding], None]) -> None:
        """Ask when reminders go out by themselves."""

        def work(workspace: Workspace) -> PlanReminding:
            from projectdesk.services import plan_reminders

            return plan_reminders.plan_reminding(workspace)

        self.ask(work, then, self.refuse)

    def keep_reminding(
        self,
        before: Sequence[int],
        after: Sequence[int],
        on: bool,
        done: Callable[[], None],
        failed: Callable[[ProjectDeskError], None],
    ) -> None:
        """Keep when reminders go out by themselves, and whether they do for this project."""
        project = self._project
        if project is None:
            return

        def work(workspace: Workspace) -> None:
            from projectdesk.services import plan_reminders

            plan_reminders.set_plan_reminding(workspace, before, after, {project: on})

        self.ask(work, lambda _: done(), failed)
