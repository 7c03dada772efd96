"""How many mails wait for a person: for Home, which loads nothing of mail itself."""

from __future__ import annotations

from collections.abc import Callable

from projectdesk.desktop.presenters.presenter import Presenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.services import mail_watch
from projectdesk.services.rows import Changes


class MailTroublePresenter(Presenter):
    """Tells how many mails were refused, and of how many nobody knows whether they arrived."""

    def __init__(self, session: Session, show: Callable[[int, int], None]) -> None:
        """Present them by `show(refused, uncertain)`."""
        super().__init__(session)
        self._show = show

    def concerned(self, changes: Changes) -> bool:
        """Return True: mail is about anything."""
        return True

    def load(self) -> None:
        """Ask how many there are."""
        self.ask(mail_watch.troubled, lambda found: self._show(*found))
