"""Help: the user guide, what this computer has, and a file for who helps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models import finding_words
from projectdesk.desktop.models.finding_words import Finding
from projectdesk.desktop.pages.page import Page
from projectdesk.desktop.routes import Route
from projectdesk.desktop.runtime.examination import Examination
from projectdesk.desktop.runtime.session import Notice, Session
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, SPACE_XS
from projectdesk.desktop.widgets.badges import Icon
from projectdesk.desktop.widgets.file_dialogs import ask_new_file
from projectdesk.desktop.widgets.header import PageHeader
from projectdesk.desktop.widgets.layout import (
    Piece,
    button,
    column,
    frame,
    plain,
    row,
    scrolled,
    show_if,
    text,
)

_WIDTH = 760


def _card(title: str, *pieces: Piece) -> QFrame:
    inner = column(
        text(title, "heading"),
        *pieces,
        spacing=SPACE_L,
        margins=(SPACE_XL, SPACE_L, SPACE_XL, SPACE_XL),
    )
    card = frame("card", inner)
    card.setFixedWidth(_WIDTH)
    return card


class HelpPage(Page):
    """What to read, what is wrong here, and what to send to who helps."""

    guide_asked = Signal(str)
    """A topic of the user guide; "" = its contents."""
    shortcuts_asked = Signal()

    def __init__(
        self,
        session: Session,
        data: Path,
        today: Callable[[], date],
        examination: Examination | None = None,
    ) -> None:
        """Make the page.

        Args:
            session: who is told.
            data: the data folder.
            today: the date, for the name of the file.
            examination: looks at this computer.
        """
        super().__init__()
        self._session = session
        self._today = today
        self.examined = False
        self.examination = examination or Examination(data, self)
        self.examination.found.connect(self.show_findings)
        self.examination.failed.connect(self._show_failure)
        self.examination.saved.connect(self._tell_saved)
        header = PageHeader(say("Help"), say("The user guide, and what may be wrong here."))
        cards = column(self._reading(), self._examined(), self._sending(), None, spacing=SPACE_L)
        content = row(plain(cards), None, margins=(SPACE_XL, SPACE_XS, SPACE_XL, SPACE_XL))
        top = plain(column(header, margins=(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_L)))
        layout = column(top, scrolled(plain(content)), spacing=0)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def open(self, route: Route) -> None:
        """Examine the computer when one comes here first."""
        if not self.examined:
            self._examine()

    def close_page(self) -> None:
        """Let the examination go."""
        super().close_page()
        self.examination.stop()

    # --- the cards

    def _reading(self) -> QFrame:
        hint = say("F1 opens the user guide at what is on the screen. It needs no network.")
        guide = button(say("User guide"), "primary", "file-text", lambda: self.guide_asked.emit(""))
        keys = button(say("Keyboard shortcuts"), "", "keyboard", self.shortcuts_asked.emit)
        first = button(say("First steps"), "", "play", lambda: self.guide_asked.emit("welcome"))
        return _card(
            say("User guide"),
            text(hint, "caption", wrap=True),
            plain(row(guide, keys, first, None, spacing=SPACE_S)),
        )

    def _examined(self) -> QFrame:
        self.summary = text("", wrap=True)
        self.lines = column(spacing=SPACE_M)
        self.again = button(say("Examine again"), "", "refresh-cw", self._examine)
        return _card(
            say("This computer"),
            self.summary,
            plain(self.lines),
            plain(row(self.again, None)),
        )

    def _sending(self) -> QFrame:
        hint = say(
            "A ZIP with what was found above, versions, counts and logs. No record of a project, "
            "no address of a person, no password and no link is in it."
        )
        self.save = button(say("Save a file for who helps…"), "", "archive-restore", self._ask_save)
        return _card(
            say("When somebody helps you"),
            text(hint, "caption", wrap=True),
            plain(row(self.save, None)),
        )

    # --- what is done

    def _examine(self, bundle: Path | None = None) -> None:
        self.examined = True
        self.again.setEnabled(False)
        self.save.setEnabled(False)
        self.summary.setText(say("Looking at this computer…"))
        self.examination.start(bundle)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show what was found: what is wrong first."""
        self._free()
        found = tuple(findings)
        self.summary.setText(finding_words.summary(found))
        while (item := self.lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for finding in sorted(found, key=lambda each: (each.ok, not each.needed)):
            self.lines.addWidget(_line(finding))

    def _show_failure(self, words: str) -> None:
        self._free()
        self.summary.setText(words)

    def _free(self) -> None:
        self.again.setEnabled(True)
        self.save.setEnabled(True)

    def _ask_save(self) -> None:
        ask_new_file(
            self.window(),
            f"projectdesk-{self._today():%Y-%m-%d}.zip",
            self._examine,
            title=say("Save a file for who helps"),
            filters=[say("ZIP file (*.zip)")],
        )

    def _tell_saved(self, path: str) -> None:
        self._session.tell(Notice(say("Saved {file}.", file=path)))


def _line(finding: Finding) -> QWidget:
    """Return what was looked at, what was found, and what to do."""
    mark = Icon(finding_words.icon(finding), finding_words.tone(finding))
    mark.setAccessibleName(finding_words.state(finding))
    remedy = finding_words.remedy(finding)
    todo = text(remedy, wrap=True)
    show_if(todo, bool(remedy))
    words = column(
        text(finding_words.title(finding), "strong"),
        text(finding.text, "caption", wrap=True),
        todo,
        spacing=SPACE_XS,
    )
    layout = row(mark, words, spacing=SPACE_M)
    layout.setStretch(1, 1)
    layout.setAlignment(mark, Qt.AlignmentFlag.AlignTop)
    made = plain(layout)
    made.setAccessibleName(f"{finding_words.title(finding)}: {finding_words.state(finding)}")
    return made
