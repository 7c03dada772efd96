"""How long things are kept, and erasing what is past its period."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.models.retention_words import erased_words
from projectdesk.desktop.runtime.session import LongWork, Notice, Session
from projectdesk.domain.rules.retention import Kept
from projectdesk.errors import ProjectDeskError
from projectdesk.services import erasing, retention
from projectdesk.services.erasing import Erased
from projectdesk.services.retention import Period

if TYPE_CHECKING:
    from projectdesk.services.workspace import Workspace


class RetentionView(Protocol):
    """Where periods are shown."""

    def show_periods(self, periods: Sequence[Period]) -> None:
        """Show how long each thing is kept."""


class RetentionPresenter:
    """Presents the periods of the settings."""

    def __init__(self, session: Session, view: RetentionView) -> None:
        self._session = session
        self._view = view

    def load(self) -> None:
        """Ask for the periods."""
        self._session.ask(retention.periods, self._view.show_periods)

    def choose(self, kept: Kept, days: int | None) -> None:
        """Set a period; one that is refused is said, and what holds is shown again."""

        def failed(error: ProjectDeskError) -> None:
            self._session.tell(Notice(say_error(error), error=True))
            self.load()

        self._session.ask(
            lambda ws: retention.set_period(ws, kept, days), lambda _: self.load(), failed
        )

    def count(self, then: Callable[[Sequence[Erased]], None]) -> None:
        """Count what would be erased now."""

        def work(workspace: Workspace, _: LongWork) -> list[Erased]:
            return erasing.erase_over(workspace, dry_run=True)

        self._session.ask_long(work, then)

    def erase(self) -> None:
        """Erase what is past its period, and say what."""
        erase_now(self._session, quiet=False)


def erase_now(session: Session, *, quiet: bool) -> LongWork:
    """Erase what is past its period, beside everything else; say what was erased.

    quiet: say nothing where there was nothing.
    """

    def work(workspace: Workspace, under_way: LongWork) -> list[Erased]:
        return erasing.erase_over(workspace, cancelled=under_way.cancelled)

    def done(erased: Sequence[Erased]) -> None:
        words = erased_words(erased)
        if words:
            session.tell(Notice(say("Erased after its period: {what}.", what=words)))
        elif not quiet:
            session.tell(Notice(say("Nothing is past its period.")))

    return session.ask_long(work, done)
