"""What a meeting's menu offers of invitations and series."""

from __future__ import annotations

import weakref
from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.presenters.meeting import Links, MeetingPresenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme import Tone, set_icon
from projectdesk.domain.meetings import MeetingState


class InvitingActions:
    """Invitations and series in a menu; what does not fit the meeting is not offered."""

    def __init__(
        self,
        menu: QMenu,
        page: QWidget,
        session: Session,
        links: Links,
        presenter: MeetingPresenter,
    ) -> None:
        """Add the actions to a menu.

        Args:
            menu: of the meeting.
            page: of the meeting.
            session: the open data.
            links: gives personal links.
            presenter: of the meeting that is shown.
        """
        self._menu, self._session, self._links = menu, session, links
        self._page = weakref.ref(page)
        self._presenter = presenter
        self.send = self._add(say("Send invitations…"), "mail", self.ask_send)
        self.repeat = self._add(say("Repeat this meeting…"), "repeat", self._ask_repeat)
        self.change = self._add(say("Change the series…"), "repeat", self._ask_change)
        self.extend = self._add(say("Extend the series…"), "calendar-plus", self._ask_extend)
        self.cancel = self._add(say("Cancel meeting…"), "ban", self.ask_cancel)
        self.cancel_many = self._add(
            say("Cancel dates of the series…"), "ban", self._ask_cancel_many
        )
        menu.addSeparator()
        menu.aboutToShow.connect(self.fit)

    def _window(self) -> QWidget:
        return (self._page() or self._menu).window()

    def fit(self) -> None:
        """Offer what fits the meeting."""
        row = self._presenter.row
        planned = row is not None and row.state is MeetingState.PLANNED
        in_series = row is not None and row.series_id is not None
        cancelled = row is not None and row.state is MeetingState.CANCELLED
        self.send.setVisible(planned or cancelled)
        self.repeat.setVisible(planned and not in_series)
        self.change.setVisible(planned and in_series)
        self.extend.setVisible(in_series)
        self.cancel.setVisible(planned)
        self.cancel_many.setVisible(planned and in_series)

    def ask_send(self, *, whole: bool = False) -> None:
        """Show who gets what, and send it."""
        self._ask_inviting(whole=whole)

    def ask_cancel(self) -> None:
        """Cancel the meeting and tell who was invited."""
        self._ask_inviting(cancel=True)

    def _ask_inviting(self, *, cancel: bool = False, whole: bool = False) -> None:
        from projectdesk.desktop.pages.meeting.inviting_dialog import InvitingDialog

        row = self._presenter.row
        if row is not None:
            InvitingDialog(
                self._window(), self._session, self._links, row, cancel=cancel, whole=whole
            ).open()

    def _ask_repeat(self) -> None:
        from projectdesk.desktop.pages.meeting.series_dialogs import RepeatDialog

        row = self._presenter.row
        if row is not None:
            RepeatDialog(self._window(), self._session, row).open()

    def _ask_change(self) -> None:
        from projectdesk.desktop.pages.meeting.series_dialogs import ask_change

        row = self._presenter.row
        if row is not None:
            ask_change(self._window(), self._session, row)

    def _ask_extend(self) -> None:
        from projectdesk.desktop.pages.meeting.series_dialogs import ask_extend

        row = self._presenter.row
        if row is not None and row.series_id is not None:
            ask_extend(self._window(), self._session, row.series_id)

    def _ask_cancel_many(self) -> None:
        from projectdesk.desktop.pages.meeting.series_dialogs import ask_cancel

        row = self._presenter.row
        if row is not None:
            ask_cancel(self._window(), self._session, row, lambda: self.ask_send(whole=True))

    def _add(self, words: str, icon: str, run: Callable[[], None]) -> QAction:
        made = self._menu.addAction(words)
        set_icon(made, icon, Tone.MUTED)
        made.triggered.connect(lambda _=False: run())
        return made
