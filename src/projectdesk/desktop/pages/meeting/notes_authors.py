"""Who wrote what of an item's notes: a switch below the editor, and who has which colour."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.pages.meeting.notes_editor import NotesEditor, Stretch
from projectdesk.desktop.theme.tokens import SPACE_S
from projectdesk.desktop.theme.writers import writer_colour
from projectdesk.desktop.widgets.layout import row, text

_PAUSE_MS = 300
"""How long typing goes on before the tints follow; a long text takes a moment."""


class AuthorsBar(QWidget):
    """Tints the editor's text by author while it is switched on.

    asked: it was switched on, and the authors are to be loaded. wanted: `show_authors` is due.
    """

    asked = Signal()
    wanted = Signal()

    def __init__(self, editor: NotesEditor) -> None:
        super().__init__()
        self._editor = editor
        self._box = QCheckBox(say("Show who wrote what"))
        self._legend: QLabel = text("", "caption", wrap=True)
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        self._box.toggled.connect(self._on_toggled)
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._soon.timeout.connect(self.wanted)
        layout = row(self._box, self._legend, spacing=SPACE_S)
        layout.setStretch(1, 1)
        layout.setContentsMargins(0, 0, 0, 0)
        self.setLayout(layout)

    def isChecked(self) -> bool:
        """True while authors are shown."""
        return self._box.isChecked()

    def setChecked(self, shown: bool) -> None:
        """Show the authors, or not."""
        self._box.setChecked(shown)

    def look_again(self) -> None:
        """The text or its authors may be others: ask for them soon, while they are shown."""
        if self._box.isChecked() and not self._soon.isActive():
            self._soon.start()

    def show_authors(self, authors: Sequence[tuple[int, int, str]]) -> None:
        """Show who wrote each stretch: (start, length, name), "" = not known."""
        numbers: dict[str, int] = {}
        free = count()
        stretches = []
        for start, length, name in authors:
            shown = name or say("not known")
            colour = numbers.setdefault(shown, -1)
            if colour < 0:
                colour = numbers[shown] = next(free)
            stretches.append(Stretch(start, length, shown, colour))
        self._editor.show_authors(stretches)
        named = (
            f'<span style="color:{writer_colour(number).name()}">■</span> {_escaped(name)}'
            for name, number in numbers.items()
        )
        self._legend.setText("&nbsp;&nbsp; ".join(named))

    def _on_toggled(self, shown: bool) -> None:
        if shown:
            self.asked.emit()
            self.look_again()
        else:
            self._editor.show_authors([])
            self._legend.clear()


def _escaped(name: str) -> str:
    return name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
