"""A review meeting: its pack, its rehearsal and what was asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol
from uuid import UUID

from projectdesk.desktop.language import say
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.presenters.records import RecordsPresenter, RecordsView
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.domain.rules.reviewing import rehearsal_start
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.errors import ProjectDeskError
from projectdesk.services import commands, queries
from projectdesk.services.review_rows import LeaderSlot, QuestionRow, ReviewPack
from projectdesk.services.rows import Kind

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

QUESTIONS = frozenset({"xlsx", "csv"})
"""Formats of the question log; the others are of the pack."""


class ReviewView(Protocol):
    """Where a review is shown."""

    def show_pack(self, pack: ReviewPack, rehearsed_at: datetime) -> None:
        """Show it; rehearsed_at: when a rehearsal is offered (local)."""


class ReviewPresenter(Presenter):
    """Presents the pack of one review."""

    watches: ClassVar[frozenset[Kind]] = frozenset(
        {
            Kind.MEETING,
            Kind.AGENDA_ITEM,
            Kind.WORK_PACKAGE,
            Kind.DELIVERABLE,
            Kind.MILESTONE,
            Kind.RISK,
            Kind.REPORTING_PERIOD,
            Kind.EFFORT_STATEMENT,
            Kind.REPORTED_EFFORT,
            Kind.EFFORT,
        }
    )

    def __init__(self, session: Session, view: ReviewView) -> None:
        super().__init__(session)
        self._view = view
        self._meeting: UUID | None = None
        self._period: int | None = None
        self.pack: ReviewPack | None = None

    def open(self, meeting: UUID) -> None:
        """Present a review."""
        if meeting != self._meeting:
            self._meeting, self._period, self.pack = meeting, None, None
        self.reload()

    def choose_period(self, number: int) -> None:
        """Present another reporting period; 0 = all months until the meeting."""
        self._period = number
        self.reload()

    def load(self) -> None:
        """Ask for the pack."""
        meeting, period = self._meeting, self._period
        if meeting is not None:
            self.ask(lambda ws: _load(ws, meeting, period), self._show, lambda _: None)

    def rehearse(
        self,
        start: datetime,
        then: Callable[[UUID], None],
        failed: Callable[[ProjectDeskError], None],
    ) -> None:
        """Plan the rehearsal; `then` gets its id."""
        meeting = self._meeting
        if meeting is None:
            return

        def done(result: tuple[UUID, UUID | None]) -> None:
            made, change = result
            self._session.tell(
                Notice(say("Rehearsal planned; who reviews is not invited to it."), undo=change)
            )
            then(made)

        def work(workspace: Workspace) -> tuple[UUID, UUID | None]:
            made, changes = commands.plan_rehearsal(workspace, meeting, start)
            return made, changes.change_id

        self.ask(work, done, failed)

    def add_slot(self, slot: LeaderSlot) -> None:
        """Give a work package a slot on the agenda."""
        meeting = self._meeting
        if meeting is None:
            return
        values = {
            "title": f"{slot.label}: {slot.title}",
            "duration_minutes": 15,
            "work_package_id": slot.work_package_id,
            "presenter_text": slot.lead,
        }
        self.change(
            lambda ws: commands.add_agenda_item(ws, meeting, values)[1],
            say("Slot for {what} added to the agenda.", what=slot.label),
        )

    def export(self, form: str, out: Path) -> None:
        """Write the pack, or the question log, by the format."""
        meeting, period = self._meeting, self._period
        if meeting is None:
            return

        def work(workspace: Workspace) -> Path:
            if form in QUESTIONS:
                commands.export_questions(workspace, meeting, out, form)
            else:
                commands.export_review_pack(workspace, meeting, out, form, period)
            return out

        self._session.tell(Notice(say("Writing {file}…", file=out.name)))
        self._session.ask_long(
            lambda ws, _: work(ws),
            lambda path: self._session.tell(Notice(say("Saved {file}.", file=path.name))),
            self.refuse,
        )

    def _show(self, loaded: tuple[ReviewPack, datetime]) -> None:
        pack, start = loaded
        if pack.meeting.id == self._meeting:
            self.pack = pack
            self._view.show_pack(pack, start)


class QuestionsPresenter(RecordsPresenter[QuestionRow]):
    """Presents the questions of one review."""

    def __init__(self, session: Session, view: RecordsView[QuestionRow]) -> None:
        super().__init__(
            session,
            view,
            Kind.REVIEW_QUESTION,
            lambda _: (),
            frozenset({Kind.PERSON, Kind.WORK_PACKAGE, Kind.DELIVERABLE}),
        )
        self._meeting: UUID | None = None

    def open(self, meeting: UUID) -> None:
        """Present the questions of `meeting`."""
        self._meeting = meeting
        self.set_query(lambda ws: queries.review_questions(ws, meeting_id=meeting))

    def add_typed(self, typed: str, then: Callable[[], None]) -> None:
        """Keep a question as it was typed."""
        meeting = self._meeting
        if meeting is None or not typed.strip():
            return

        def done(made: UUID) -> None:
            then()
            self._view.select(made)

        self.ask(lambda ws: commands.add_question(ws, meeting, typed)[0], done, self.refuse)


def _load(workspace: Workspace, meeting: UUID, period: int | None) -> tuple[ReviewPack, datetime]:
    pack = queries.review_pack(workspace, meeting, period)
    now = to_local(workspace.now(), pack.meeting.zone)
    return pack, rehearsal_start(pack.meeting.local_start, now)
