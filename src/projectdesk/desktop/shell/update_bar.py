"""The line that tells of a newer version, and what is new in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QWidget

from projectdesk import __version__
from projectdesk.desktop.language import say
from projectdesk.desktop.theme import Tone
from projectdesk.desktop.theme.tokens import SPACE_M, SPACE_S, SPACE_XL, SPACE_XS
from projectdesk.desktop.widgets.badges import Elided, Icon
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.layout import button, column, row, show_if, text

if TYPE_CHECKING:
    from projectdesk.updates.checking import Update

_WIDTH = 560


def open_outside(address: str) -> None:
    """Open an address in the system's browser."""
    QDesktopServices.openUrl(QUrl(address))


class UpdateDialog(Dialog):
    """What is new, where it is downloaded, and when to be told again."""

    def __init__(
        self,
        parent: QWidget | None,
        update: Update,
        language: str,
        later: Callable[[], object],
        skip: Callable[[], object],
    ) -> None:
        """Make it.

        Args:
            parent: the window.
            update: the newer version.
            language: of its notes.
            later: what "remind me later" does.
            skip: what "skip this version" does.
        """
        title = say("ProjectDesk {version} is there", version=update.feed.version)
        sentence = say(
            "This is {version}. Nothing was downloaded; your browser does that when you want it.",
            version=__version__,
        )
        super().__init__(parent, title, sentence, width=_WIDTH)
        notes = update.feed.notes_in(language)
        if notes:
            label, news = text(say("What is new"), "label"), text(notes, wrap=True)
            self.add(column(label, news, spacing=SPACE_XS))
        if update.package is not None:
            size = round(update.package.size / 1_000_000)
            words = say("{size} MB. SHA-256: {sum}", size=size, sum=update.package.sha256)
            self.add(text(words, "caption", wrap=True))
        if not update.link:
            self.add(text(say("Who installed ProjectDesk here knows where to get it."), "muted"))
        self._link = update.link
        self.add_button(say("Skip this version"), "", lambda: self._end(skip))
        self.add_button(say("Remind me later"), "", lambda: self._end(later))
        if update.link:
            self.add_button(say("Download"), "primary", self.download, default=True)

    def download(self) -> None:
        """Open the download in the system's browser."""
        open_outside(self._link)
        self.accept()

    def _end(self, what: Callable[[], object]) -> None:
        self.accept()
        what()


class UpdateBar(QFrame):
    """Not there until there is a newer version. asked: one wants to know what is new.

    later: one wants to be reminded later.
    """

    asked = Signal()
    later = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "bar")
        self._words = Elided("", "strong")
        self.news = button(say("What is new…"), "", "", self.asked.emit)
        self.wait = button(say("Remind me later"), "", "", self.later.emit)
        layout = row(
            Icon("archive-restore", Tone.ACCENT, 18),
            self._words,
            self.news,
            self.wait,
            spacing=SPACE_M,
            margins=(SPACE_XL, SPACE_S, SPACE_XL, SPACE_S),
        )
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.hide()

    @property
    def words(self) -> str:
        """What it says."""
        return self._words.text()

    def show_update(self, update: Update | None) -> None:
        """Tell of a newer version; None = there is nothing to tell."""
        if update is not None:
            words = say("ProjectDesk {version} is there.", version=update.feed.version)
            self._words.setText(words)
            self.setAccessibleName(words)
        show_if(self, update is not None)
