"""The members of the body that is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Protocol
from uuid import UUID

from projectdesk.desktop.language import say
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.services import commands, queries
from projectdesk.services.rows import BodyMemberRow, Kind


class BodyMembersView(Protocol):
    """Where members are shown."""

    def show_members(self, rows: Sequence[BodyMemberRow]) -> None:
        """Show all members of the body."""


class BodyMembersPresenter(Presenter):
    """Presents which partners have a seat, and who sits there for them."""

    watches: ClassVar[frozenset[Kind]] = frozenset(
        {Kind.BODY_MEMBER, Kind.PARTNER, Kind.ORGANISATION, Kind.PERSON}
    )

    def __init__(self, session: Session, view: BodyMembersView) -> None:
        super().__init__(session)
        self._view = view
        self._body: UUID | None = None

    def open(self, body: UUID | None) -> None:
        """Present the members of `body`, None = of none."""
        if body != self._body:
            self._body = body
            self._view.show_members(())
            self.reload()

    def load(self) -> None:
        """Ask for the members."""
        body = self._body
        if body is None:
            return

        def then(rows: Sequence[BodyMemberRow]) -> None:
            if body == self._body:
                self._view.show_members(rows)

        self.ask(lambda ws: queries.body_members(ws, body), then)

    def add(self, partners: Sequence[UUID]) -> None:
        """Give partners a seat."""
        body = self._body
        if body is not None and partners:
            self.change(lambda ws: commands.add_body_members(ws, body, partners))

    def edit(self, row: BodyMemberRow, field: str, value: object) -> None:
        """Save who represents a member, or their deputy."""
        self.save(Kind.BODY_MEMBER, row.id, row.version, {field: value})

    def remove(self, row: BodyMemberRow) -> None:
        """Take a seat away; it can be undone."""
        self.change(
            lambda ws: commands.delete(ws, Kind.BODY_MEMBER, row.id, row.version),
            say("Removed {what}.", what=row.partner),
        )
