"""The quorum in the call window: one line in colour and words, and a warning when it breaks."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QApplication, QWidget

from projectdesk.desktop.call.assembly import Assembly, QuorumNews, in_words
from projectdesk.desktop.language import say
from projectdesk.desktop.theme import Tone
from projectdesk.desktop.theme.tokens import SPACE_S
from projectdesk.desktop.widgets.badges import Banner, Chip, Elided
from projectdesk.desktop.widgets.layout import column, plain, row, show_if
from projectdesk.signalling import call


class QuorumLine(QWidget):
    """Hidden in a meeting of no body."""

    def __init__(self) -> None:
        super().__init__()
        self._assembly = Assembly()
        self.chip = Chip()
        self.words = Elided("", "caption")
        self.warning = Banner()
        line = row(self.chip, self.words, spacing=SPACE_S)
        line.setStretch(1, 1)
        self._line = plain(line)
        self.setLayout(column(self._line, self.warning, spacing=SPACE_S))
        self.hide()

    def hear(self, message: call.HostMessage) -> None:
        """Take news of the quorum."""
        before = self._assembly
        self._assembly = before.after(message)
        body = self._assembly.body
        if body is None or body == before.body:
            show_if(self, body is not None)
            return
        met = body.quorum.met
        self.chip.set(
            say("Quorum") if met else say("No quorum"), Tone.SUCCESS if met else Tone.WARNING
        )
        self.words.setText(in_words(body.quorum.words))
        self.show()
        if self._assembly.news is not before.news:
            self._tell(self._assembly.news)

    def _tell(self, news: QuorumNews) -> None:
        words = ""
        if news is QuorumNews.BROKEN:
            words = say("The quorum is lost. What is decided now is not valid.")
            QApplication.alert(self.window())
        self.warning.say(words)
        if news is QuorumNews.RESTORED:
            words = say("The quorum is restored.")
        if words:
            QAccessible.updateAccessibility(
                QAccessibleAnnouncementEvent(self, f"{words} {self.words.text()}")
            )
