"""Mail in the background: what is due goes out, and the inbox is looked into for answers.

The outbox is looked at on the database's thread, which takes a moment; servers are spoken to beside
everything else. A server that is not there is tried again with growing pauses.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from projectdesk.desktop.language import say, say_count, say_error
from projectdesk.desktop.runtime.session import LongWork, Notice, Session
from projectdesk.errors import ProjectDeskError
from projectdesk.services.rows import Changes

if TYPE_CHECKING:
    from projectdesk.services.inbox_check import InboxReport
    from projectdesk.services.sending import Report
    from projectdesk.services.workspace import Workspace

_log = logging.getLogger(__name__)
_LOOK_MS = 20_000
_SOON_MS = 1_000
_INBOX_MS = 300_000
_PAUSES_S = (30, 60, 120, 300, 600)
"""How long a server that is not there is left alone, each time longer."""
_BUSY_ELSEWHERE = "mail_being_sent"


class Mailing(QObject):
    """Sends and looks, as long as it is not stopped.

    sending, looking: a server is spoken to, the inbox is read. problem, inbox_problem: why the last
    time failed, None = it did not. looked_at: when the inbox was last read.
    changed: one of these is another one now. renewed: another account was set up.
    """

    changed = Signal()
    renewed = Signal()

    def __init__(
        self,
        session: Session,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        parent: QObject | None = None,
    ) -> None:
        """Make it; nothing is done before `start`.

        Args:
            session: the open data.
            now: the clock.
            parent: owner.
        """
        super().__init__(parent)
        self._session = session
        self._now = now
        self._stopped = False
        self._asking = False
        self.sending = False
        self.looking = False
        self._works: dict[str, LongWork] = {}
        self._failures = 0
        self.problem: ProjectDeskError | None = None
        self.inbox_problem: ProjectDeskError | None = None
        self.looked_at: datetime | None = None
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self.look)
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self.look)
        self._inbox = QTimer(self, interval=_INBOX_MS)
        self._inbox.timeout.connect(self.look_into_inbox)
        self._unsubscribe = session.subscribe(self._on_changes)

    def start(self) -> None:
        """Send what is due, now and later; look into the inbox when it is due."""
        self._timer.start()
        self._inbox.start()
        self._soon.start()

    def stop(self) -> None:
        """Begin nothing more; the mail that is being sent is sent."""
        self._stopped = True
        for timer in (self._timer, self._soon, self._pause, self._inbox):
            timer.stop()
        for work in self._works.values():
            work.cancel()
        self._unsubscribe()

    def renew(self) -> None:
        """Begin anew: the account is another one."""
        self.problem = self.inbox_problem = None
        self.renewed.emit()
        self.changed.emit()
        self.send_now()
        self.look_into_inbox()

    def send_now(self) -> None:
        """Send what is due although a server was not there a moment ago."""
        self._pause.stop()
        self._failures = 0
        self.look()

    def look(self) -> None:
        """Send when something is due and nothing is being sent."""
        waits = self._stopped or self._asking or self.sending or self._pause.isActive()
        if waits:
            return
        self._asking = True
        self._session.ask(_anything_due, self._on_due, self._not_known)

    def look_into_inbox(self, *, asked: bool = False) -> None:
        """Look into the inbox, if one is set up.

        Args:
            asked: a person asked, and is told what came of it.
        """
        if self._stopped or self.looking:
            return

        def failed(error: ProjectDeskError) -> None:
            self.looking = False
            if asked:
                self._session.tell(Notice(say_error(error), error=True))
            self.changed.emit()

        self.looking = True
        self.changed.emit()
        self._works["inbox"] = self._session.ask_long(
            _check_inbox, lambda report: self._on_looked(report, asked=asked), failed
        )

    # --- inside -----------------------------------------------------------------------------------

    def _on_changes(self, _changes: Changes) -> None:
        if not self._stopped and not self._soon.isActive():
            self._soon.start()

    def _on_due(self, due: bool) -> None:
        self._asking = False
        if not due or self._stopped:
            return
        self.sending = True
        self.changed.emit()
        self._works["outbox"] = self._session.ask_long(_send, self._on_sent, self._not_sent)

    def _not_known(self, error: ProjectDeskError) -> None:
        self._asking = False
        _log.info("whether mail is due is not known: %s", error.code)

    def _on_sent(self, report: Report) -> None:
        self.sending = False
        self.problem = report.problem
        if report.problem is not None:
            self._wait()
        else:
            self._failures = 0
        self._tell(report)
        self.changed.emit()

    def _not_sent(self, error: ProjectDeskError) -> None:
        self.sending = False
        if error.code != _BUSY_ELSEWHERE:
            self.problem = error
        self._wait()
        self.changed.emit()

    def _wait(self) -> None:
        seconds = _PAUSES_S[min(self._failures, len(_PAUSES_S) - 1)]
        self._failures += 1
        if not self._stopped:
            self._pause.start(seconds * 1_000)

    def _tell(self, report: Report) -> None:
        troubled = len(report.refused) + len(report.uncertain)
        if troubled:
            words = say_count(
                troubled,
                "A mail was not delivered, or nobody knows: see Mail.",
                "{count} mails were not delivered, or nobody knows: see Mail.",
            )
            self._session.tell(Notice(words, error=True))
        elif report.sent:
            words = say_count(len(report.sent), "A mail was sent.", "{count} mails were sent.")
            self._session.tell(Notice(words))

    def _on_looked(self, report: InboxReport | None, *, asked: bool) -> None:
        self.looking = False
        if report is not None:
            self.inbox_problem = report.problem
            self.looked_at = self._now()
            self._tell_looked(report, asked=asked)
        self.changed.emit()

    def _tell_looked(self, report: InboxReport, *, asked: bool) -> None:
        if report.taken:
            words = say_count(
                len(report.taken), "An answer came by mail.", "{count} answers came by mail."
            )
            self._session.tell(Notice(words))
        elif asked and report.problem is not None:
            self._session.tell(Notice(say_error(report.problem), error=True))
        elif asked:
            self._session.tell(Notice(say("No new answers.")))


# --- on other threads -----------------------------------------------------------------------------


def _anything_due(workspace: Workspace) -> bool:
    from projectdesk.services import mail_watch

    if not mail_watch.has_account(workspace.data):
        return False
    from projectdesk.services import sending

    return sending.anything_due(workspace)


def _send(workspace: Workspace, under_way: LongWork) -> Report:
    from projectdesk.services import sending

    return sending.send_due(workspace, stop=under_way.cancelled)


def _check_inbox(workspace: Workspace, under_way: LongWork) -> InboxReport | None:
    from projectdesk.services import mail_watch

    if not mail_watch.has_account(workspace.data):
        return None
    from projectdesk.services import inbox_check, mail_accounts

    known = mail_accounts.account(workspace.data)
    if known is None or not known.inbox.server.known or workspace.copied_at is not None:
        return None
    return inbox_check.check_inbox(workspace, stop=under_way.cancelled)
