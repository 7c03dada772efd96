"""Finding a time: who is asked for, the slots, what weighs how much, what becomes of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Protocol
from uuid import UUID

from PySide6.QtCore import QLocale

from projectdesk.desktop.language import say
from projectdesk.desktop.models.slot_words import start_words
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.domain.meetings import FoldRule
from projectdesk.domain.rules.pain import Weights
from projectdesk.domain.rules.zoned_time import to_local, to_utc
from projectdesk.errors import ProjectDeskError
from projectdesk.services import commands, queries, slot_weights
from projectdesk.services.rows import BodyRow, Kind, MeetingRow, PersonRow, ProjectRow
from projectdesk.services.slot_rows import SacrificeRow, SeriesReport, SlotReport, SlotRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from projectdesk.services.workspace import Workspace

BEST = 40
"""So many slots are ranked."""
_PEOPLE = frozenset(
    {
        Kind.PROJECT,
        Kind.PARTNER,
        Kind.ORGANISATION,
        Kind.PERSON,
        Kind.MEMBERSHIP,
        Kind.BODY,
        Kind.BODY_MEMBER,
    }
)


@dataclass(frozen=True)
class Askable:
    """What can be asked for: projects, and bodies and people of the chosen one.

    meeting: the one that gets another time. required, optional: who is invited to it.
    """

    projects: tuple[ProjectRow, ...]
    bodies: tuple[BodyRow, ...]
    people: tuple[PersonRow, ...]
    meeting: MeetingRow | None
    required: tuple[UUID, ...]
    optional: tuple[UUID, ...]


class AskView(Protocol):
    """Where the question is put."""

    def show_askable(self, project: UUID, askable: Askable) -> None:
        """Show what can be asked for in `project`."""

    def show_no_project(self) -> None:
        """There is no project yet."""

    def show_gone(self) -> None:
        """The meeting that was to be moved is not there any more."""


class AskPresenter(Presenter):
    """Presents what can be asked for."""

    watches: ClassVar[frozenset[Kind]] = _PEOPLE | {Kind.MEETING, Kind.INVITATION}

    def __init__(self, session: Session, view: AskView) -> None:
        super().__init__(session)
        self._view = view
        self._project: UUID | None = None
        self._meeting: UUID | None = None

    def open(self, project: UUID | None, meeting: UUID | None) -> None:
        """Present `project` (None = the first), or that of a meeting that gets another time."""
        self._project, self._meeting = project, meeting
        self.reload()

    def load(self) -> None:
        """Ask for projects, bodies, people and the meeting."""
        project, meeting = self._project, self._meeting

        def work(workspace: Workspace) -> tuple[UUID, Askable] | None:
            return _askable(workspace, project, meeting)

        def then(found: tuple[UUID, Askable] | None) -> None:
            if (project, meeting) != (self._project, self._meeting):
                return
            if found is None:
                self._view.show_no_project()
            else:
                self._view.show_askable(*found)

        def failed(error: ProjectDeskError) -> None:
            self.refuse(error)
            self._meeting = None
            self._view.show_gone()

        self.ask(work, then, failed)


def _askable(
    workspace: Workspace, project: UUID | None, meeting: UUID | None
) -> tuple[UUID, Askable] | None:
    projects = queries.projects(workspace)
    if not projects:
        return None
    row = None if meeting is None else queries.meeting(workspace, meeting)
    known = {each.id for each in projects}
    chosen = row.project_id if row is not None else project
    found = chosen if chosen in known and chosen is not None else projects[0].id
    invited = [] if meeting is None else queries.invitations(workspace, meeting)
    here = [each for each in invited if not each.revoked]
    return found, Askable(
        tuple(projects),
        tuple(queries.bodies(workspace, found)),
        tuple(queries.people(workspace, found)),
        row,
        tuple(each.person_id for each in here if each.required),
        tuple(each.person_id for each in here if not each.required),
    )


class SlotsView(Protocol):
    """Where slots are shown."""

    def show_report(self, report: SlotReport) -> None:
        """Show the best slots."""

    def show_problem(self, error: ProjectDeskError) -> None:
        """Say why there are none."""

    def show_busy(self, busy: bool) -> None:
        """Say whether slots are being looked for."""


class SlotsPresenter(Presenter):
    """Presents the slots that answer a question, anew when anything they rest on changes."""

    watches: ClassVar[frozenset[Kind]] = _PEOPLE | {
        Kind.MEETING,
        Kind.INVITATION,
        Kind.BUSY_SOURCE,
    }

    def __init__(self, session: Session, view: SlotsView) -> None:
        super().__init__(session)
        self._view = view
        self.request: SlotRequest | None = None
        self.weights = Weights()

    def open(self, request: SlotRequest) -> None:
        """Present the answer to another question."""
        self.request = request
        self.reload()

    def load(self) -> None:
        """Look for slots."""
        request, language = self.request, QLocale().name()[:2]
        if request is None:
            return

        def work(workspace: Workspace) -> SlotReport:
            return queries.slots(workspace, request, BEST, language=language)

        def then(report: SlotReport) -> None:
            if request == self.request:
                self.weights = report.weights
                self._view.show_busy(False)
                self._view.show_report(report)

        def failed(error: ProjectDeskError) -> None:
            if request == self.request:
                self._view.show_busy(False)
                self._view.show_problem(error)

        self._view.show_busy(True)
        self.ask(work, then, failed)

    def with_blocked(self, then: Callable[[SlotReport], None]) -> None:
        """Look for the slots at which the fewest of those needed are missing."""
        request, language = self.request, QLocale().name()[:2]
        if request is None:
            return

        def work(workspace: Workspace) -> SlotReport:
            return queries.slots(workspace, request, BEST, blocked=True, language=language)

        self.ask(work, then)

    def keep_weights(
        self,
        weights: Weights,
        done: Callable[[], None],
        failed: Callable[[ProjectDeskError], None],
    ) -> None:
        """Keep other weights and look again."""

        def then(_: None) -> None:
            done()
            self.reload()

        self.ask(lambda ws: slot_weights.keep_slot_weights(ws, weights), then, failed)

    def move(self, meeting: MeetingRow, start: datetime, zone: str) -> None:
        """Give a meeting another start, in the zone that it is planned in."""
        local = to_local(start, meeting.zone)
        early = to_utc(local, meeting.zone) == start
        fold = FoldRule.EARLIER if early else FoldRule.LATER
        values = {"local_start": local, "fold_rule": fold}
        when = start_words(start, zone)
        self.change(
            lambda ws: commands.set_fields(ws, Kind.MEETING, meeting.id, meeting.version, values),
            say("“{title}” is on {when} now.", title=meeting.title, when=when),
        )


class SharesView(Protocol):
    """Where it is shown who paid."""

    def show_sacrifices(self, rows: Sequence[SacrificeRow]) -> None:
        """Show what each partner paid."""

    def show_series(self, report: SeriesReport) -> None:
        """Show a series that is spread."""

    def show_problem(self, error: ProjectDeskError) -> None:
        """Say why there is none."""


class SharesPresenter(Presenter):
    """Presents what partners paid, and spreads what a series asks."""

    watches: ClassVar[frozenset[Kind]] = _PEOPLE | {Kind.MEETING, Kind.INVITATION}

    def __init__(self, session: Session, view: SharesView) -> None:
        super().__init__(session)
        self._view = view
        self._project: UUID | None = None

    def open(self, project: UUID) -> None:
        """Present the partners of `project`."""
        if project != self._project:
            self._project = project
            self.reload()

    def load(self) -> None:
        """Ask who paid."""
        project = self._project
        if project is not None:
            wanted = project

            def then(rows: Sequence[SacrificeRow]) -> None:
                if project == self._project:
                    self._view.show_sacrifices(rows)

            self.ask(lambda ws: queries.sacrifices(ws, wanted), then)

    def spread(self, request: SlotRequest, count: int, every_weeks: int) -> None:
        """Find times for a series."""
        asked, language = replace(request, moving_id=None), QLocale().name()[:2]

        def work(workspace: Workspace) -> SeriesReport:
            return queries.slot_series(workspace, asked, count, every_weeks, language=language)

        self.ask(work, self._view.show_series, self._view.show_problem)
