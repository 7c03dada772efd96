"""What comes before a meeting, beside its details: the notice guard and the reminders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from projectdesk.desktop.pages.meeting.notice import NoticeCard, ask_when_sent
from projectdesk.desktop.pages.meeting.reminders import RemindersCard
from projectdesk.desktop.pages.presenting import Presented
from projectdesk.desktop.presenters.preparing import Preparation, PreparingPresenter
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_L
from projectdesk.desktop.widgets.layout import column
from projectdesk.domain.rules.notice import NoticeRule
from projectdesk.services.rows import BodyRow


class PreparingColumn(Presented, QWidget):
    """The cards about what comes before one meeting."""

    go = Signal(object)

    def __init__(self, session: Session, on_bodies: Callable[[Sequence[BodyRow]], object]) -> None:
        """Make it.

        Args:
            session: the outside.
            on_bodies: gets the bodies that the meeting may belong to, each time they are read.
        """
        super().__init__()
        self._on_bodies = on_bodies
        self.notice = NoticeCard()
        self.notice.note_asked.connect(self.ask_when_sent)
        self.presenter = self.present(PreparingPresenter(session, self))
        self.reminders = RemindersCard()
        self.reminders.add_asked.connect(self.presenter.add_reminders)
        self.reminders.remove_asked.connect(self.presenter.remove_reminder)
        self.reminders.mail_asked.connect(lambda: self.go.emit(Route(Place.MAIL)))
        self.setLayout(column(self.notice, self.reminders, None, spacing=SPACE_L))

    def open_meeting(self, meeting: UUID) -> None:
        """Show what comes before `meeting`."""
        self.presenter.open(meeting)

    def show_preparation(self, shown: Preparation) -> None:
        """Show it."""
        self._on_bodies(shown.bodies)
        self.notice.show_notice(shown)
        self.reminders.show_reminders(shown)

    def ask_when_sent(self, rule: NoticeRule) -> None:
        """Ask when invitations or agenda were sent."""
        shown = self.presenter.shown
        if shown is None:
            return
        deadline = next(each for each in shown.notice.deadlines if each.rule is rule)
        ask_when_sent(
            self.window(),
            deadline,
            shown.today,
            lambda day: self.presenter.note_sent(rule, day),
        )
