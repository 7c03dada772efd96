"""Hands reminders that are due later to a team's server, where one is chosen for that (adr/0103).

Whenever something of a meeting, poll, procedure or action changed, and now and then, servers are
brought to what is to be sent (`services.handing`). A meeting that is held on a server is sent there
first, so that the links in the mails open. A server that does not answer is asked again at the next
look.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from PySide6.QtCore import QObject, QTimer

from projectdesk.desktop.language import say_error
from projectdesk.desktop.runtime.reminding import Links
from projectdesk.desktop.runtime.rounds import Rounds
from projectdesk.desktop.runtime.session import LongWork, Notice, Session
from projectdesk.errors import ProjectDeskError
from projectdesk.services.rows import Changes, Kind

if TYPE_CHECKING:
    from projectdesk.services.handing import HandReport
    from projectdesk.services.workspace import Workspace

_FIRST_MS: Final = 15_000
_EVERY_MS: Final = 600_000
_SOON_MS: Final = 5_000
_MATTERS: Final = frozenset(
    {
        Kind.MEETING,
        Kind.REMINDER,
        Kind.AGENDA_ITEM,
        Kind.INVITATION,
        Kind.PERSON,
        Kind.PARTNER,
        Kind.PROJECT,
        Kind.DOCUMENT,
        Kind.DATE_POLL,
        Kind.DATE_OPTION,
        Kind.DATE_VOTER,
        Kind.VOTE,
        Kind.VOTE_SEAT,
        Kind.ACTION,
    }
)
_TOLD: Final = frozenset(
    {"server_sends_no_mail", "mail_sender_not_allowed", "key_unknown", "host_key_missing"}
)
"""What only a person can mend; the others mend themselves."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _ToDo:
    """Meetings whose reminders are handed over, by whether they need links.

    others: whether anything else may be to hand over, or to take back.
    """

    meetings: tuple[tuple[UUID, bool], ...]
    others: bool


class Handing(QObject):
    """Brings servers to what is to be sent later, as long as it is not stopped."""

    def __init__(self, session: Session, links: Links, parent: QObject | None = None) -> None:
        """Make it; `start` begins.

        Args:
            session: the open data.
            links: sends a meeting to where it is held and gives its personal links.
            parent: owner.
        """
        super().__init__(parent)
        self._session = session
        self._links = links
        self._busy = self._again = self._stopped = False
        self._told = ""
        self._ours: dict[UUID, str] = {}
        self._work: LongWork | None = None
        self._rounds = Rounds(self.look, _FIRST_MS, _EVERY_MS, self)
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self.look)
        self._unsubscribe = session.subscribe(self._on_changes)

    def start(self) -> None:
        """Look now and then, and when something changed."""
        self._rounds.begin()

    def stop(self) -> None:
        """Look no more; the mail that is being handed over is."""
        self._stopped = True
        self._rounds.stop()
        self._soon.stop()
        self._unsubscribe()
        if self._work is not None:
            self._work.cancel()

    def look(self) -> None:
        """Bring servers to what is to be sent, unless that is being done."""
        if self._stopped:
            return
        if self._busy:
            self._again = True
            return
        self._busy, self._again = True, False
        self._session.ask(_to_do, self._gather, self._failed)

    def _gather(self, to_do: _ToDo) -> None:
        if not to_do.meetings and not to_do.others:
            self._finish()
            return
        self._next_links(list(to_do.meetings), {})

    def _next_links(
        self, left: list[tuple[UUID, bool]], found: dict[UUID, Mapping[UUID, str]]
    ) -> None:
        """Ask for the links of each meeting, one after the other; without them it waits."""
        while left and not left[0][1]:
            found[left.pop(0)[0]] = {}
        if self._stopped:
            return
        if not left:
            work = _hand(found, self._ours)
            self._work = self._session.ask_long(work, self._on_done, self._failed)
            return
        meeting, _ = left.pop(0)

        def without(error: ProjectDeskError) -> None:
            _log.info("reminders are not handed over yet: %s", error.code)
            self._next_links(left, found)

        def with_links(links: Mapping[UUID, str]) -> None:
            found[meeting] = links
            self._next_links(left, found)

        self._links(meeting, with_links, without)

    def _on_done(self, report: HandReport) -> None:
        problem = report.problem
        if problem is None:
            self._told = ""
        else:
            _log.warning("mail was not handed over: %s", problem.code)
            if problem.code in _TOLD and problem.code != self._told:
                self._told = problem.code
                self._session.tell(Notice(say_error(problem), error=True))
        self._finish()

    def _failed(self, error: ProjectDeskError) -> None:
        _log.info("mail was not handed over: %s", error.code)
        self._finish()

    def _finish(self) -> None:
        self._busy = False
        if self._again and not self._stopped:
            self._soon.start()

    def _on_changes(self, changes: Changes) -> None:
        if changes.kinds & _MATTERS and not self._stopped and self._rounds.isActive():
            self._soon.start()


def _to_do(workspace: Workspace) -> _ToDo:
    from projectdesk.services import mail_watch

    if not mail_watch.has_account(workspace.data):
        return _ToDo((), False)
    from projectdesk.services import handing

    meetings = handing.meetings_ahead(workspace)
    needs = handing.on_servers(workspace, meetings)
    others = handing.anything_handed(workspace) or handing.others_ahead(workspace)
    return _ToDo(tuple((each, each in needs) for each in meetings), others)


def _hand(
    links: Mapping[UUID, Mapping[UUID, str]], ours: dict[UUID, str]
) -> Callable[[Workspace, LongWork], HandReport]:
    def work(workspace: Workspace, under_way: LongWork) -> HandReport:
        from projectdesk.services import handing

        return handing.hand_over(workspace, links, stop=under_way.cancelled, ours=ours)

    return work
