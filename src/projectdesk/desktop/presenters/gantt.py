"""The Gantt chart of one project: load, move, tie and untie, and what is kept of the view."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol
from uuid import UUID

from projectdesk.desktop import language
from projectdesk.desktop.gantt.moving import Tie
from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.errors import ProjectDeskError
from projectdesk.services import commands, queries
from projectdesk.services.gantt_rows import GanttLink, GanttMove, GanttPlan
from projectdesk.services.rows import Changes, Kind

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace


@dataclass(frozen=True)
class GanttLook:
    """What is kept of a project's chart. month_width: pixels, 0 = all of it is shown.

    folded: ids of work packages, hex. titles: width of the column, pixels, 0 = as it comes. first:
    how many months lie at the left of what is seen.
    """

    month_width: float = 0.0
    folded: tuple[str, ...] = ()
    titles: int = 0
    first: float = 0.0


class GanttView(Protocol):
    """Where the chart is shown."""

    def show_chart(self, plan: GanttPlan) -> None:
        """Show the plan as it is saved."""

    def show_look(self, look: GanttLook) -> None:
        """Zoom and fold as it was left."""


class GanttPresenter(Presenter):
    """Presents the Gantt chart."""

    watches: ClassVar[frozenset[Kind]] = frozenset(
        {
            Kind.PROJECT,
            Kind.PARTNER,
            Kind.ORGANISATION,
            Kind.WORK_PACKAGE,
            Kind.TASK,
            Kind.DELIVERABLE,
            Kind.MILESTONE,
            Kind.DEPENDENCY,
            Kind.REPORTING_PERIOD,
        }
    )

    def __init__(self, session: Session, view: GanttView) -> None:
        super().__init__(session)
        self._view = view
        self._project: UUID | None = None
        self._look_asked: UUID | None = None
        self._look = GanttLook()
        self._saving = 0

    def open(self, project: UUID) -> None:
        """Present the chart of `project`."""
        self._project = project
        self.reload()

    def load(self) -> None:
        """Ask for the plan, and the first time for how it was looked at."""
        project = self._project
        if project is None:
            return
        if self._look_asked != project:
            self._look_asked = project
            self.ask(lambda ws: queries.setting(ws, _key(project)), self._show_look)
        self.ask(lambda ws: queries.gantt(ws, project), self._show, lambda _: None)

    def _show(self, plan: GanttPlan) -> None:
        # While a move is on its way the view is ahead of what was read.
        if plan.project_id == self._project and not self._saving:
            self._view.show_chart(plan)

    def _show_look(self, kept: str) -> None:
        self._look = _look_of(kept)
        self._view.show_look(self._look)

    def keep_look(self, look: GanttLook) -> None:
        """Keep how this project's chart is looked at."""
        project = self._project
        if project is None or look == self._look:
            return
        self._look = look
        words = json.dumps(asdict(look))
        self._session.ask(lambda ws: commands.set_setting(ws, _key(project), words))

    def move(self, moves: Sequence[GanttMove]) -> None:
        """Save a move that the view shows already; a refused one is put back, and why is said."""
        project = self._project
        if project is None:
            return
        self._saving += 1

        def done(_: Changes) -> None:
            self._saving -= 1
            self.reload()

        def failed(error: ProjectDeskError) -> None:
            self._saving -= 1
            record = error.facts.get("record")
            self.say_problem(f"{record}: {say_error(error)}" if record else say_error(error))
            self.reload()

        self.ask(lambda ws: commands.move_bars(ws, project, moves), done, failed)

    def tie(self, tie: Tie) -> None:
        """Add a dependency."""
        values: dict[str, object] = {"project_id": self._project, "type": tie.type}
        for side, bar in (("before", tie.before), ("after", tie.after)):
            values[f"{side}_{bar.kind.value}_id"] = bar.id

        def work(workspace: Workspace) -> Changes:
            return commands.create(workspace, Kind.DEPENDENCY, values)[1]

        words = say("{after} waits for {before}.", after=tie.after.label, before=tie.before.label)
        self.change(work, words)

    def untie(self, link: GanttLink) -> None:
        """Delete a dependency."""
        self.change(
            lambda ws: commands.delete(ws, Kind.DEPENDENCY, link.id, link.version),
            say("Deleted the dependency."),
        )

    def write_pdf(self, pages: Sequence[bytes], paper: str, out: Path) -> None:
        """Write the chart's pages as an accessible PDF and say where it is."""
        project = self._project
        if project is None:
            return
        spoken = language.current()  # as the pages are
        self._write(
            lambda ws: commands.write_gantt_pdf(ws, project, pages, paper, out, spoken), out
        )

    def write_picture(self, octets: bytes, out: Path) -> None:
        """Write a picture of the chart to a file and say where it is."""
        self._write(lambda _: commands.write_picture(octets, out), out)

    def say_done(self, words: str) -> None:
        """Say what was done."""
        self._session.tell(Notice(words))

    def _write(self, work: Callable[[Workspace], object], out: Path) -> None:
        def then(_: object) -> None:
            self._session.tell(Notice(say("Saved {file}.", file=out.name)))

        self.ask(work, then, self.refuse)


def _key(project: UUID) -> str:
    return f"gantt.{project.hex}"


def _look_of(kept: str) -> GanttLook:
    """Return what was kept; the usual look where that says nonsense."""
    try:
        found = json.loads(kept) if kept else {}
        return GanttLook(
            month_width=float(found.get("month_width", 0.0)),
            folded=tuple(str(each) for each in found.get("folded", ())),
            titles=int(found.get("titles", 0)),
            first=float(found.get("first", 0.0)),
        )
    except (ValueError, TypeError, AttributeError):
        return GanttLook()
