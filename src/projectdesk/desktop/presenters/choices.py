"""What can be chosen within a project: partners, people, work packages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from projectdesk.desktop.models import ordering
from projectdesk.desktop.models.fields import Option
from projectdesk.desktop.models.formats import MONTHS
from projectdesk.desktop.models.months import MonthUnit
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.announcer import Announcer
from projectdesk.desktop.runtime.session import Session
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind, PartnerRow, PersonRow, ProjectRow, WorkPackageRow

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

_NONE = Option(None, "–")


@dataclass(frozen=True)
class _Loaded:
    project: ProjectRow
    partners: Sequence[PartnerRow]
    people: Sequence[PersonRow]
    work_packages: Sequence[WorkPackageRow]
    unit: str


def _load(workspace: Workspace, project: UUID) -> _Loaded:
    return _Loaded(
        queries.project(workspace, project),
        queries.partners(workspace, project),
        queries.people(workspace, project),
        queries.work_packages(workspace, project),
        queries.setting(workspace, _unit_key(workspace), MONTHS),
    )


def _unit_key(workspace: Workspace) -> str:
    """Return where the unit of months is kept: each user of a team's database has their own."""
    me = queries.me(workspace)
    return f"plan.unit:{me.id.hex}" if me else "plan.unit"


class Choices(Presenter):
    """Keeps the options of one project; each is a function, so that fields always ask anew."""

    watches: ClassVar[frozenset[Kind]] = frozenset(
        {
            Kind.PROJECT,
            Kind.PARTNER,
            Kind.ORGANISATION,
            Kind.PERSON,
            Kind.MEMBERSHIP,
            Kind.WORK_PACKAGE,
        }
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._project: UUID | None = None
        self._announcer = Announcer()
        self.project: ProjectRow | None = None
        self.partner_rows: Sequence[PartnerRow] = ()
        self.people_rows: Sequence[PersonRow] = ()
        self.work_package_rows: Sequence[WorkPackageRow] = ()
        self.unit = MonthUnit()
        self._active = True

    def open(self, project: UUID) -> None:
        """Keep the options of `project`."""
        if project != self._project:
            self._project = project
            self.project = None
            self.partner_rows, self.people_rows, self.work_package_rows = (), (), ()
        self.load()

    def choose_unit(self, name: str) -> None:
        """Show months so in the whole project, and keep that for this user."""
        self.unit.set(name, self.unit.start)
        self.ask(lambda ws: commands.set_setting(ws, _unit_key(ws), name), lambda _: None)

    def on_loaded(self, listener: Callable[[], None]) -> None:
        """Call `listener` each time the options are there anew."""
        self._announcer.announced.connect(listener)

    def load(self) -> None:
        """Ask for all options."""
        project = self._project
        if project is not None:
            self.ask(lambda ws: _load(ws, project), self._keep, lambda _: None)

    def partners(self) -> Sequence[Option]:
        """Return the partners by short name, and none."""
        found = [Option(row.id, _partner_label(row)) for row in self.partner_rows]
        return [_NONE, *found]

    def people(self) -> Sequence[Option]:
        """Return the people with their partners, and none."""
        return [_NONE, *map(_person, self.people_rows)]

    def people_first_of(self, partner: UUID) -> Sequence[Option]:
        """Return the people, those of `partner` before all others, and none."""
        ordered = sorted(self.people_rows, key=lambda row: row.partner_id != partner)
        return [_NONE, *map(_person, ordered)]

    def work_packages(self) -> Sequence[Option]:
        """Return the work packages, and none."""
        found = [Option(row.id, f"{row.label} {row.title}") for row in self.work_package_rows]
        return [_NONE, *found]

    def _keep(self, loaded: _Loaded) -> None:
        if loaded.project.id != self._project:
            return
        self.project = loaded.project
        self.partner_rows = loaded.partners
        self.people_rows = ordering.people(loaded.people)
        self.work_package_rows = loaded.work_packages
        self.unit.set(loaded.unit, loaded.project.start_date)
        self._announcer.announced.emit()


def _person(row: PersonRow) -> Option:
    return Option(row.id, f"{row.name} ({row.partner})" if row.partner else row.name)


def _partner_label(row: PartnerRow) -> str:
    name = row.short_name or row.legal_name
    return f"{row.number}  {name}" if row.number is not None else name
