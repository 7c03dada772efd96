"""What typed lines of one meeting are read with, and which records stay without their line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, Protocol
from uuid import UUID

from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.services import queries
from projectdesk.services.rows import Kind

if TYPE_CHECKING:
    from projectdesk.domain.rules.typed_lines import Reading
    from projectdesk.services.typed_line_rows import KeptRecordRow, LinePlace
    from projectdesk.services.workspace import Workspace


class TypedLinesView(Protocol):
    """Where typed lines are written."""

    def show_reading(self, reading: Reading | None, kept: Sequence[KeptRecordRow]) -> None:
        """Read lines with this from now on."""


class TypedLinesPresenter(Presenter):
    """Presents people, partners and the plan to an editor of typed lines."""

    watches: ClassVar[frozenset[Kind]] = frozenset(
        {
            Kind.PROJECT,
            Kind.MEETING,
            Kind.INVITATION,
            Kind.MEMBERSHIP,
            Kind.PERSON,
            Kind.PARTNER,
            Kind.ORGANISATION,
            Kind.WORK_PACKAGE,
            Kind.TASK,
            Kind.DELIVERABLE,
            Kind.MILESTONE,
            Kind.RISK,
            Kind.ACTION,
            Kind.DECISION,
            Kind.INFORMATION,
            Kind.REVIEW_QUESTION,
        }
    )

    def __init__(self, session: Session, view: TypedLinesView) -> None:
        super().__init__(session)
        self._view = view
        self._meeting: UUID | None = None

    def open(self, meeting: UUID) -> None:
        """Present the lines of `meeting`."""
        if meeting != self._meeting:
            self._meeting = meeting
            self._view.show_reading(None, ())
        self.reload()

    def find(self, record: UUID, then: Callable[[LinePlace], None]) -> None:
        """Tell where an agenda item or a record stands in the minutes of this meeting."""
        meeting = self._meeting

        def found(place: LinePlace | None) -> None:
            if place is not None and place.meeting_id == meeting == self._meeting:
                then(place)

        self.ask(lambda workspace: queries.line_place(workspace, record), found, lambda _: None)

    def load(self) -> None:
        """Ask what lines are read with."""
        meeting = self._meeting
        if meeting is None:
            return

        def work(workspace: Workspace) -> tuple[Reading, Sequence[KeptRecordRow]]:
            reading = queries.line_reading(workspace, meeting)
            return reading, queries.kept_records(workspace, meeting)

        def show(found: tuple[Reading, Sequence[KeptRecordRow]]) -> None:
            if meeting == self._meeting:
                self._view.show_reading(*found)

        self.ask(work, show, lambda _: None)
