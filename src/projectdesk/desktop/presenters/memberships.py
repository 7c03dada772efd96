"""In which projects the person that is looked at takes part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Final, Protocol
from uuid import UUID

from projectdesk.desktop.language import say
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.services import commands, queries
from projectdesk.services.consortium_rows import MembershipRow
from projectdesk.services.rows import Kind

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace

Projects = Sequence[tuple[UUID, str]]
"""Id and acronym of projects."""
MOST_PROJECTS: Final = 300
"""More are not offered in a list: people are added on the project's own page."""


class MembershipsView(Protocol):
    """Where a person's projects are shown."""

    def show_memberships(self, rows: Sequence[MembershipRow], projects: Projects) -> None:
        """Show the person's parts, and the projects there are."""


class MembershipsPresenter(Presenter):
    """Presents a person's parts in projects; they are edited in place."""

    watches: ClassVar[frozenset[Kind]] = frozenset(
        {Kind.MEMBERSHIP, Kind.PROJECT, Kind.PARTNER, Kind.ORGANISATION}
    )

    def __init__(self, session: Session, view: MembershipsView) -> None:
        super().__init__(session)
        self._view = view
        self._person: UUID | None = None

    def open(self, person: UUID | None) -> None:
        """Present the parts of `person`, None = of nobody."""
        if person != self._person:
            self._person = person
            self._view.show_memberships((), ())
            self.reload()

    def load(self) -> None:
        """Ask for the person's parts."""
        person = self._person
        if person is None:
            return
        wanted = person

        def work(workspace: Workspace) -> tuple[list[MembershipRow], Projects]:
            return queries.memberships(workspace, wanted), queries.project_names(
                workspace, MOST_PROJECTS
            )

        def then(found: tuple[list[MembershipRow], Projects]) -> None:
            if person == self._person:
                self._view.show_memberships(*found)

        self.ask(work, then)

    def add(self, project: UUID) -> None:
        """Let the person take part in a project, as an external until a partner is chosen."""
        values = {"project_id": project, "person_id": self._person}
        self.change(lambda ws: commands.create(ws, Kind.MEMBERSHIP, values)[1])

    def edit(self, row: MembershipRow, field: str, value: object) -> None:
        """Save for which partner the person is there, or in which function."""
        self.save(Kind.MEMBERSHIP, row.id, row.version, {field: value})

    def remove(self, row: MembershipRow) -> None:
        """Let the person leave a project; it can be undone."""
        self.change(
            lambda ws: commands.delete(ws, Kind.MEMBERSHIP, row.id, row.version),
            say("Removed {what}.", what=row.project),
        )
