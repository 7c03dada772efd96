"""The calendars of the person that is looked at: added, read again, removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, Protocol
from uuid import UUID

from projectdesk.desktop.language import say, say_count, say_error
from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.errors import ProjectDeskError
from projectdesk.services import commands, queries
from projectdesk.services.busy_rows import BusySourceRow
from projectdesk.services.rows import Kind

if TYPE_CHECKING:
    from projectdesk.services.commands import Refreshed


class PersonCalendarsView(Protocol):
    """Where a person's calendars are shown."""

    def show_calendars(self, rows: Sequence[BusySourceRow]) -> None:
        """Show the calendars."""

    def show_reading(self, reading: bool) -> None:
        """Show that calendars are being read."""


class PersonCalendarsPresenter(Presenter):
    """Presents the calendars of a person."""

    watches: ClassVar[frozenset[Kind]] = frozenset({Kind.BUSY_SOURCE})

    def __init__(self, session: Session, view: PersonCalendarsView) -> None:
        super().__init__(session)
        self._view = view
        self.person: UUID | None = None

    def open(self, person: UUID | None) -> None:
        """Present the calendars of `person`, None = of nobody."""
        if person != self.person:
            self.person = person
            self._view.show_calendars(())
            self.reload()

    def load(self) -> None:
        """Ask for the calendars."""
        person = self.person
        if person is None:
            return
        wanted = person

        def then(rows: list[BusySourceRow]) -> None:
            if wanted == self.person:
                self._view.show_calendars(rows)

        self.ask(lambda ws: queries.busy_sources(ws, wanted), then)

    def add_address(
        self,
        address: str,
        name: str,
        then: Callable[[], None],
        failed: Callable[[ProjectDeskError], None],
    ) -> None:
        """Read a calendar of the web and keep its address."""
        person = self.person
        if person is None:
            return
        self._session.ask_long(
            lambda ws, _work: commands.add_busy_address(ws, person, address, name=name)[1],
            lambda _changes: then(),
            failed,
        )

    def refresh(self, rows: Sequence[BusySourceRow]) -> None:
        """Read calendars at their addresses again."""
        chosen = [row.id for row in rows if row.address]
        if not chosen:
            return
        self._view.show_reading(True)

        def done(refreshed: Refreshed) -> None:
            self._end_reading()
            self._session.tell(_notice(refreshed))

        def failed(error: ProjectDeskError) -> None:
            self._end_reading()
            self._session.tell(Notice(say_error(error), error=True))

        self._session.ask_long(
            lambda ws, work: commands.refresh_busy(ws, chosen, cancelled=work.cancelled),
            done,
            failed,
        )

    def remove(self, row: BusySourceRow) -> None:
        """Forget a calendar; it can be undone."""
        self.change(
            lambda ws: commands.delete(ws, Kind.BUSY_SOURCE, row.id, row.version),
            say("Removed {what}.", what=row.name),
        )

    def _end_reading(self) -> None:
        if not self._closed:
            self._view.show_reading(False)


def _notice(refreshed: Refreshed) -> Notice:
    if refreshed.failed:
        return Notice(refreshed.failed[0][1], error=True)
    count = len(refreshed.read)
    return Notice(say_count(count, "{count} calendar read again.", "{count} calendars read again."))
