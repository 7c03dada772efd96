"""Who reads the screen: name and time zone."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import QTimeZone

from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.announcer import Announcer
from projectdesk.desktop.runtime.session import Session
from projectdesk.domain.rules.zoned_time import zone_of
from projectdesk.errors import DomainError
from projectdesk.services import queries
from projectdesk.services.rows import Kind, PersonRow


def system_zone() -> str:
    """Return the IANA zone of this computer; UTC when it has none that we know."""
    name = bytes(QTimeZone.systemTimeZoneId().data()).decode("ascii", "replace")
    try:
        zone_of(name)
    except DomainError:
        return "UTC"
    return name


class Reader(Presenter):
    """Knows who uses this desktop; always up to date."""

    watches: ClassVar[frozenset[Kind]] = frozenset({Kind.PERSON})

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.me: PersonRow | None = None
        self.known = False
        self._announcer = Announcer()
        self._active = True

    @property
    def zone(self) -> str:
        """The reader's IANA zone; the computer's when they have not said."""
        return (self.me.zone if self.me else "") or system_zone()

    def on_loaded(self, listener: Callable[[], None]) -> None:
        """Call `listener` each time who reads is known anew."""
        self._announcer.announced.connect(listener)

    def load(self) -> None:
        """Ask who reads."""
        self.ask(queries.me, self._keep)

    def _keep(self, me: PersonRow | None) -> None:
        self.me, self.known = me, True
        self._announcer.announced.emit()
