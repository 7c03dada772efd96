"""Meetings: the list of them, and planning a new one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from projectdesk.desktop.presenters.records import RecordsPresenter, RecordsView
from projectdesk.desktop.runtime.session import Session
from projectdesk.domain.meetings import MeetingState, MeetingType
from projectdesk.errors import ProjectDeskError
from projectdesk.services import commands, meeting_hosts, queries
from projectdesk.services.rows import Changes, Kind, MeetingRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projectdesk.services.workspace import Workspace

UPCOMING, PAST = "upcoming", "past"
_OVER_AFTER = timedelta(hours=12)


class MeetingsPresenter(RecordsPresenter[MeetingRow]):
    """Presents the meetings that are still to come, or those that were."""

    def __init__(
        self, session: Session, view: RecordsView[MeetingRow], now: Callable[[], datetime]
    ) -> None:
        super().__init__(
            session, view, Kind.MEETING, queries.meetings, frozenset({Kind.INVITATION})
        )
        self._now = now
        self._which = UPCOMING
        self._rows: Sequence[MeetingRow] = ()
        self._project: UUID | None = None

    def set_project(self, project: UUID | None) -> None:
        """Present one project only, None = all."""
        self._project = project
        self.set_query(lambda ws: queries.meetings(ws, project))

    def show_only(self, which: str) -> None:
        """Present upcoming or past ones."""
        self._which = which
        self._show(self._rows)

    def load(self) -> None:
        """Ask for all meetings."""
        self.ask(self._query, self._show)

    def _show(self, rows: Sequence[MeetingRow]) -> None:
        self._rows = rows
        shown = [row for row in rows if self._past(row) == (self._which == PAST)]
        shown.sort(key=lambda row: row.starts_at, reverse=self._which == PAST)
        self._view.show_rows(shown)

    def _past(self, row: MeetingRow) -> bool:
        if row.state is MeetingState.LIVE:
            return False
        if row.state is not MeetingState.PLANNED:
            return True
        end = row.starts_at + timedelta(minutes=row.duration_minutes)
        return end + _OVER_AFTER < self._now()


def plan_meeting(
    session: Session,
    values: dict[str, Any],
    then: Callable[[UUID], None],
    failed: Callable[[ProjectDeskError], None],
) -> None:
    """Plan a meeting: the template fills agenda and invitees.

    Args:
        session: the outside.
        values: project_id, type, date, time, zone, title, duration_minutes (None = the agenda's);
            invitees and body_id where they are not the usual ones.
        then: gets its id.
        failed: gets the refusal.
    """
    day: date = values["date"]
    at: time = values["time"]
    kind: MeetingType = values["type"]

    def work(workspace: Workspace) -> tuple[UUID, Changes]:
        return commands.plan_meeting(
            workspace,
            values["project_id"],
            kind,
            datetime.combine(day, at),
            values["zone"],
            title=values["title"],
            duration_minutes=values["duration_minutes"],
            host=meeting_hosts.default_host(workspace),
            invitees=values.get("invitees"),
            body_id=values.get("body_id"),
        )

    session.ask(work, lambda result: then(result[0]), failed)
