"""What comes up while the desktop runs: reminders that go out, meetings that begin.

May import: runtime, shell, widgets, services.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.runtime.alarms import Alarms
from projectdesk.desktop.runtime.handing import Handing
from projectdesk.desktop.runtime.plan_reminding import PlanReminding
from projectdesk.desktop.runtime.reminding import Links, Reminding
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.desktop.shell.join_bar import JoinBar
from projectdesk.desktop.theme import Tone, theme

if TYPE_CHECKING:
    from projectdesk.desktop.presenters.reader import Reader
    from projectdesk.desktop.shell.shell import Shell
    from projectdesk.services.commands.reminders import Reminded
    from projectdesk.services.queries.alarms import AlarmRow

_SHOWN_MS: Final = 60_000
Start = Callable[["AlarmRow"], None]


class Coming(QObject):
    """Tells the person, and lets them join."""

    def __init__(
        self,
        session: Session,
        shell: Shell,
        reader: Reader,
        links: Links,
        start: Start,
        parent: QObject,
    ) -> None:
        """Make it; `start` begins.

        Args:
            session: the open data.
            shell: the window.
            reader: in whose zone times are said.
            links: gives the personal links of a meeting.
            start: opens the call of a meeting.
            parent: owner.
        """
        super().__init__(parent)
        self._session = session
        self._shell = shell
        self._reader = reader
        self._start_call = start
        self._tray: QSystemTrayIcon | None = None
        self._alarm: AlarmRow | None = None
        self._hide = QTimer(self, singleShot=True, interval=_SHOWN_MS)
        self._hide.timeout.connect(self._put_away)
        self.bar: JoinBar | None = None
        self.reminding = Reminding(session, links, self)
        self.reminding.reminded.connect(self._tell_reminded)
        self.of_plans = PlanReminding(session, self)
        self.of_plans.reminded.connect(self._tell_of_plans)
        self.handing = Handing(session, links, self)
        self.alarms = Alarms(session, self)
        self.alarms.begins.connect(self.announce)

    def start(self) -> None:
        """Begin."""
        self.reminding.start()
        self.of_plans.start()
        self.handing.start()
        self.alarms.start()

    def stop(self) -> None:
        """End."""
        self.reminding.stop()
        self.of_plans.stop()
        self.handing.stop()
        self.alarms.stop()
        self._put_away()

    def announce(self, alarm: AlarmRow) -> None:
        """Tell that a meeting begins: on the window, and by the system where it can."""
        self._alarm = alarm
        at = formats.moment(alarm.starts_at, self._reader.zone).rsplit(", ", 1)[-1]
        title = f"{alarm.project}  {alarm.title}"
        words = say("begins at {time}", time=at)
        if self.bar is None:
            self.bar = JoinBar()
            self._shell.show_bar(self.bar)
        self.bar.show_meeting(title, words, lambda: self.join(alarm))
        QApplication.alert(self._shell)
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._notify(title, f"{words}. {say('Click here to join.')}")

    def join(self, alarm: AlarmRow) -> None:
        """Open the call."""
        self._put_away()
        if self.bar is not None:
            self.bar.hide()
        if alarm.outside_url:
            QDesktopServices.openUrl(QUrl(alarm.outside_url))
        else:
            self._start_call(alarm)

    def _notify(self, title: str, words: str) -> None:
        if self._tray is None:
            self._tray = QSystemTrayIcon(theme().icon("calendar-clock", Tone.ACCENT), self)
            self._tray.messageClicked.connect(self._join_told)
            self._tray.activated.connect(lambda _: self._join_told())
        self._tray.setToolTip(title)
        self._tray.show()
        self._tray.showMessage(title, words, self._tray.icon(), _SHOWN_MS)
        self._hide.start()

    def _join_told(self) -> None:
        if self._alarm is not None:
            self.join(self._alarm)

    def _put_away(self) -> None:
        self._hide.stop()
        if self._tray is not None:
            self._tray.hide()

    def _tell_reminded(self, title: str, made: Reminded) -> None:
        words = say_count(
            made.mails, "{count} reminder is in the outbox.", "{count} reminders are in the outbox."
        )
        late = say("They are late: this computer was off.") if made.late else ""
        self._session.tell(Notice(" ".join(part for part in (f"{title}:", words, late) if part)))

    def _tell_of_plans(self, mails: int) -> None:
        words = say_count(
            mails, "{count} reminder is in the outbox.", "{count} reminders are in the outbox."
        )
        self._session.tell(Notice(f"{say('Work plan')}: {words}"))
