"""After the call: what a meeting leaves, and what is done with it in a click."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, ClassVar, Protocol
from uuid import UUID

from projectdesk.desktop.language import say, say_count, say_error
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.errors import ProjectDeskError
from projectdesk.services import commands, queries
from projectdesk.services.action_rows import ActionRow
from projectdesk.services.after_rows import AfterCall, OpenQuestion
from projectdesk.services.rows import Changes, Kind

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace


class AfterCallView(Protocol):
    """Where it is shown."""

    def show_report(self, found: AfterCall) -> None:
        """Show what the meeting leaves."""

    def show_problem(self, field: str, words: str) -> None:
        """Say beside the cell that was edited last why its value was refused."""


class AfterCallPresenter(Presenter):
    """Presents what a meeting leaves."""

    watches: ClassVar[frozenset[Kind]] = frozenset(
        {
            Kind.MEETING,
            Kind.AGENDA_ITEM,
            Kind.BACKLOG_ITEM,
            Kind.ATTENDANCE,
            Kind.ATTENDANCE_CORRECTION,
            Kind.COMPANION,
            Kind.PROXY,
            Kind.DECISION,
            Kind.ACTION,
            Kind.MINUTES,
            Kind.VOTE,
            Kind.REVIEW_QUESTION,
            Kind.PERSON,
            Kind.PARTNER,
        }
    )

    def __init__(self, session: Session, view: AfterCallView) -> None:
        super().__init__(session)
        self._view = view
        self._meeting: UUID | None = None
        self.shown: AfterCall | None = None

    def open(self, meeting: UUID) -> None:
        """Present what `meeting` leaves."""
        self._meeting = meeting
        self.shown = None
        self.reload()

    def load(self) -> None:
        """Ask for it."""
        meeting = self._meeting
        if meeting is not None:
            self.ask(lambda ws: queries.after_call(ws, meeting), self._show)

    def _show(self, found: AfterCall) -> None:
        if found.meeting.id == self._meeting:
            self.shown = found
            self._view.show_report(found)

    def confirm_attendance(self) -> None:
        """Say that who was there is right."""
        meeting = self._meeting
        if meeting is not None:
            self.change(
                lambda ws: commands.confirm_attendance(ws, meeting), say("Attendance confirmed.")
            )

    def to_backlog(self, items: Collection[UUID]) -> None:
        """Let items that were not treated wait in the backlog."""

        def work(workspace: Workspace) -> Changes:
            return commands.to_backlog(workspace, items, reason=say("Not treated"))

        words = say_count(
            len(items), "{count} item waits in the backlog.", "{count} items wait in the backlog."
        )
        self.change(work, words)

    def to_next(self, items: Collection[UUID]) -> None:
        """Put items that were not treated onto the next meeting's agenda."""
        coming = self.shown.next_meeting if self.shown is not None else None
        if coming is not None:
            self.change(
                lambda ws: commands.take_to_meeting(ws, items, coming.id),
                say("On the agenda of {meeting}.", meeting=coming.title),
            )

    def join_vote(self, vote: UUID) -> None:
        """Let a typed decision and the vote that carried it be one."""
        self.change(lambda ws: commands.join_vote(ws, vote), say("The decision is the vote's now."))

    def edit_action(self, row: ActionRow, field: str, value: object) -> None:
        """Save a field of an action; a refusal is said beside it."""
        self._save(Kind.ACTION, row, field, value)

    def _save(self, kind: Kind, row: ActionRow | OpenQuestion, field: str, value: object) -> None:
        def failed(error: ProjectDeskError) -> None:
            self._view.show_problem(field, say_error(error))

        self.save(kind, row.id, row.version, {field: value}, failed)
