"""A series of meetings: made of a meeting, extended, changed, cancelled."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.domain.rules.series import Repeat
from projectdesk.errors import ProjectDeskError
from projectdesk.services.commands.series import (
    Scope,
    SeriesChange,
    cancel_series,
    change_series,
    extend_series,
    repeat_meeting,
)
from projectdesk.services.queries.series import DateNote, preview_series, series_row
from projectdesk.services.rows import Changes, MeetingRow
from projectdesk.services.workspace import Workspace

Done = Callable[[], None]
Failed = Callable[[ProjectDeskError], None]


class RepeatView(Protocol):
    """Where the dates of a new series are shown."""

    def show_dates(self, dates: Sequence[DateNote]) -> None:
        """Show the dates."""

    def show_failure(self, error: ProjectDeskError) -> None:
        """Say why there are none."""


class RepeatPresenter(Presenter):
    """Presents how a meeting is repeated."""

    def __init__(self, session: Session, view: RepeatView, meeting: MeetingRow) -> None:
        super().__init__(session)
        self._view = view
        self._meeting = meeting

    def preview(self, repeat: Repeat) -> None:
        """Ask for the dates of a rule."""
        row = self._meeting
        self.ask(
            lambda ws: preview_series(ws, row.project_id, row.local_start, row.zone, repeat),
            self._view.show_dates,
            self._view.show_failure,
        )

    def make(self, repeat: Repeat, without: Collection[date], done: Done) -> None:
        """Make the series."""
        meeting = self._meeting.id
        _run(
            self._session,
            lambda ws: repeat_meeting(ws, meeting, repeat, without)[1],
            lambda: say_count(
                repeat.times - len(set(without)), "{count} date planned.", "{count} dates planned."
            ),
            done,
            self._view.show_failure,
        )


def extend(session: Session, series: UUID, more: int, done: Done, failed: Failed) -> None:
    """Add dates to the end of a series."""

    def work(workspace: Workspace) -> Changes:
        version = series_row(workspace, series).version
        return extend_series(workspace, series, version, more)[1]

    _run(
        session,
        work,
        lambda: say_count(more, "{count} date added.", "{count} dates added."),
        done,
        failed,
    )


def change(
    session: Session,
    meeting: UUID,
    scope: Scope,
    wanted: SeriesChange,
    done: Done,
    failed: Failed,
) -> None:
    """Change a series from a meeting on, or all of it that is to come."""
    kept: list[str] = []

    def work(workspace: Workspace) -> Changes:
        result, changes = change_series(workspace, meeting, scope, wanted)
        kept.extend(result.kept)
        return changes

    def words() -> str:
        if not kept:
            return say("Series changed.")
        return say_count(
            len(kept),
            "Series changed; {count} date keeps its own time.",
            "Series changed; {count} dates keep their own time.",
        )

    _run(session, work, words, done, failed)


def cancel(session: Session, meeting: UUID, scope: Scope, done: Done, failed: Failed) -> None:
    """Cancel a series from a meeting on, or all of it that is to come."""
    count: list[UUID] = []

    def work(workspace: Workspace) -> Changes:
        cancelled, changes = cancel_series(workspace, meeting, scope)
        count.extend(cancelled)
        return changes

    _run(
        session,
        work,
        lambda: say_count(len(count), "{count} date cancelled.", "{count} dates cancelled."),
        done,
        failed,
    )


def _run(
    session: Session,
    work: Callable[[Workspace], Changes],
    words: Callable[[], str],
    done: Done,
    failed: Failed,
) -> None:
    def then(changes: Changes) -> None:
        done()
        session.tell(Notice(words(), undo=changes.change_id))

    session.ask(work, then, failed)
