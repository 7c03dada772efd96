"""Attendance of one meeting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Protocol
from uuid import UUID

from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.services import queries
from projectdesk.services.attendance_rows import AttendanceRow, PartnerAttendanceRow
from projectdesk.services.rows import Kind

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

_Found = tuple[Sequence[AttendanceRow], Sequence[PartnerAttendanceRow]]


class AttendanceView(Protocol):
    """Where attendance is shown."""

    def show_attendance(
        self, people: Sequence[AttendanceRow], partners: Sequence[PartnerAttendanceRow]
    ) -> None:
        """Show who was there."""


class AttendancePresenter(Presenter):
    """Presents who was there."""

    watches: ClassVar[frozenset[Kind]] = frozenset({Kind.ATTENDANCE, Kind.INVITATION, Kind.MEETING})

    def __init__(self, session: Session, view: AttendanceView) -> None:
        super().__init__(session)
        self._view = view
        self._meeting: UUID | None = None

    def open(self, meeting: UUID) -> None:
        """Present the attendance of `meeting`."""
        self._meeting = meeting
        self.reload()

    def load(self) -> None:
        """Ask for it."""
        meeting = self._meeting
        if meeting is None:
            return

        def work(workspace: Workspace) -> _Found:
            return (
                queries.attendance(workspace, meeting),
                queries.partner_attendance(workspace, meeting),
            )

        self.ask(work, lambda found: self._view.show_attendance(*found))
