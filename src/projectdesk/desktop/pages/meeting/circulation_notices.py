"""Whether readers of minutes are told what became of them; what they were not told, to be sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models import circulation_words
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S
from projectdesk.desktop.widgets.file_dialogs import ask_folder
from projectdesk.desktop.widgets.layout import button, column, frame, plain, row, show_if, text
from projectdesk.services.circulation_rows import Notices

Tell = Callable[[Path | None], None]


class NoticesBar(QWidget):
    """The setting, and below it what can be sent now; hidden while nothing was circulated."""

    def __init__(self, choose: Callable[[bool], None], tell: Tell) -> None:
        """Show nothing yet.

        Args:
            choose: says whether readers are told by themselves.
            tell: tells them now; by mail, or (folder) as files.
        """
        super().__init__()
        self._tell = tell
        self.by_itself = QCheckBox(
            say("Tell readers by mail what became of their objections, and of the acceptance")
        )
        self.by_itself.setToolTip(
            say("For all meetings of this project. Usual where minutes are circulated by mail.")
        )
        self.by_itself.clicked.connect(choose)
        self._untold = text("", wrap=True)
        self.send = button(say("Send now"), "primary", "mail", lambda: tell(None))
        self.save = button(say("Save as files"), "", "download", self._ask_folder)
        inner = row(self._untold, self.send, self.save, spacing=SPACE_S,
                    margins=(SPACE_L, SPACE_S, SPACE_L, SPACE_S))  # fmt: skip
        inner.setStretch(0, 1)
        self._card = frame("card", inner)
        self.setLayout(column(plain(row(self.by_itself, None)), self._card, spacing=SPACE_M))
        self.setVisible(False)

    def show_notices(self, found: Notices, *, circulated: bool, can_send: bool) -> None:
        """Show the setting, and what readers were not told."""
        show_if(self, circulated)
        self.by_itself.setChecked(found.by_itself)
        self._untold.setText(circulation_words.untold_words(found.untold))
        show_if(self._card, bool(found.untold))
        self.send.setEnabled(can_send)
        why = "" if can_send else say("No mail account is set up on this computer.")
        self.send.setToolTip(why)
        self.send.setAccessibleDescription(why)

    def _ask_folder(self) -> None:
        ask_folder(self.window(), say("Save as files"), self._tell)
