"""The bar that says that a meeting begins, with the button that joins it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame

from projectdesk.desktop.language import say
from projectdesk.desktop.theme import Tone
from projectdesk.desktop.theme.tokens import SPACE_M, SPACE_S, SPACE_XL
from projectdesk.desktop.widgets.badges import Elided, Icon
from projectdesk.desktop.widgets.layout import button, icon_button, row, text


class JoinBar(QFrame):
    """Not there until a meeting begins; the person joins or closes it."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "banner")
        self._title = Elided("", "strong")
        self._words = text("")
        self._run: Callable[[], object] | None = None
        self.join = button(say("Join"), "primary", "video", self._join)
        self.dismiss = icon_button("x", say("Close"), self.hide)
        layout = row(
            Icon("calendar-clock", Tone.WARNING, 18),
            self._title,
            self._words,
            self.join,
            self.dismiss,
            spacing=SPACE_M,
            margins=(SPACE_XL, SPACE_S, SPACE_XL, SPACE_S),
        )
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.hide()

    @property
    def words(self) -> str:
        """What it says."""
        return f"{self._title.text()} {self._words.text()}"

    def show_meeting(self, title: str, words: str, run: Callable[[], object]) -> None:
        """Say which meeting begins and when; Join does `run`."""
        self._title.setText(title)
        self._words.setText(words)
        self.setAccessibleName(f"{title}, {words}")
        self.join.setAccessibleName(f"{say('Join')}: {title}")
        self._run = run
        self.show()

    def _join(self) -> None:
        if self._run is not None:
            self._run()
