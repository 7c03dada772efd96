"""F1: the user guide at what is on the screen.

May import: all of the desktop, guide.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QDialog

from projectdesk import guide
from projectdesk.desktop import language
from projectdesk.desktop.language import say_error
from projectdesk.desktop.routes import Place, Route
from projectdesk.desktop.shell.shell import Shell
from projectdesk.errors import ProjectDeskError

if TYPE_CHECKING:
    from projectdesk.desktop.pages.page import Page

_log = logging.getLogger(__name__)
DIALOGS: Final[dict[str, str]] = {
    "AgendaImportDialog": "agenda",
    "AskDialog": "reporting",
    "CalendarImportDialog": "import",
    "CarryOverDialog": "agenda",
    "CirculateDialog": "circulate",
    "ConflictDialog": "conflict",
    "CoordinatorDialog": "consortium",
    "CrashDialog": "crash",
    "DaysDialog": "agenda",
    "DuplicatesDialog": "directory",
    "FilterDialog": "tables",
    "FollowUpDialog": "action",
    "GiveDialog": "action",
    "ImportDialog": "import",
    "InviteDialog": "invite",
    "InvitingDialog": "invite",
    "KeptTextsDialog": "crash",
    "KeyDialog": "team",
    "LeaveDialog": "consortium",
    "LettersDialog": "poll",
    "MailAccountDialog": "mail-account",
    "PassphraseDialog": "passphrase",
    "PeopleDialog": "find_time",
    "PeopleImportDialog": "import",
    "PlanImportDialog": "import",
    "ProjectFileDialog": "import",
    "RepeatDialog": "series",
    "ReplaceDialog": "consortium",
    "SendAgendaDialog": "agenda",
    "ServerDialog": "hosts",
    "ShiftDialog": "plan",
    "StartDialog": "plan",
    "SubscribeDialog": "subscribe",
    "TeamDatabaseDialog": "team",
    "TemplateDialog": "agenda",
    "WaitingDialog": "plan",
}
"""Dialogs that have a part of the guide; another one has that of the page below it."""


def topic_of(place: Place, tab: str, dialog: str = "") -> str:
    """Return the topic of what is on the screen.

    Args:
        place: of the window.
        tab: of the page, "" where it has none.
        dialog: class of the dialog over it, "" where there is none.
    """
    if dialog in DIALOGS:
        return DIALOGS[dialog]
    within = f"{place.value}.{tab}"
    return within if within in guide.TOPICS else place.value


class Helping:
    """Opens the guide, in a window of its own or in the browser; says so where there is none."""

    def __init__(
        self,
        shell: Shell,
        where: Callable[[], tuple[Route, Page] | None],
        *,
        web: bool = True,
    ) -> None:
        """Make it.

        Args:
            shell: the window; it keeps the guide's, too.
            where: tells the route of the page that is shown, and the page; None = no page.
            web: False keeps QtWebEngine out: the browser shows the guide.
        """
        self._shell = shell
        self._where = where
        self._web = web

    def help_here(self) -> None:
        """Open the guide at what is on the screen."""
        self.show(self.topic_here())

    def topic_here(self) -> str:
        """Return the topic of what is on the screen."""
        over = QApplication.activeModalWidget()
        name = _known_name(over) if isinstance(over, QDialog) else ""
        found = self._where()
        if found is None:
            return topic_of(Place.HELP, "", name)
        return topic_of(found[0].place, found[1].tab, name)

    def show(self, topic: str) -> None:
        """Open the guide at a topic; "" = its contents."""
        try:
            file, part = guide.place(topic, language.current())
        except ProjectDeskError as error:
            self._shell.tell(say_error(error), error=True)
            return
        if not (self._web and self._show_window(file, part)):
            from projectdesk.desktop.guide_pages import address_of

            QDesktopServices.openUrl(address_of(file, part))

    def _show_window(self, file: Path, part: str) -> bool:
        """Show the guide in a window of ours; tell whether that could be."""
        try:
            from projectdesk.desktop.guide_window import GuideWindow
        except ImportError as error:
            _log.warning("QtWebEngine cannot start: %s", error)
            return False
        folder = file.parents[1]
        window = self._shell.open_window("guide", lambda: GuideWindow(folder))
        if isinstance(window, GuideWindow):
            window.show_part(file, part)
        return True


def _known_name(dialog: QDialog) -> str:
    """Return the nearest class of a dialog that has a part of the guide, "" for none."""
    for kind in type(dialog).__mro__:
        if kind.__name__ in DIALOGS:
            return kind.__name__
    return ""
