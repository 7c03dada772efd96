"""The texts that were not saved when the desktop ended: the line that offers them, and the list."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from projectdesk.desktop.half_typed import HalfTyped
from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.formats import moment
from projectdesk.desktop.presenters.reader import system_zone
from projectdesk.desktop.runtime.draft_file import Draft
from projectdesk.desktop.shell.shell import Shell
from projectdesk.desktop.theme import Tone
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, SPACE_XS
from projectdesk.desktop.widgets.badges import Icon
from projectdesk.desktop.widgets.dialog import Dialog
from projectdesk.desktop.widgets.layout import button, column, icon_button, plain, row, text

_NAME = "kept-texts"
_LINES_HEIGHT = 88


class KeptTextsBar(QFrame):
    """Says that there are texts; not there when there are none, or it was closed."""

    def __init__(self, kept: HalfTyped) -> None:
        super().__init__()
        self.setObjectName(_NAME)
        self.setProperty("surface", "banner")
        self._kept = kept
        words = say("ProjectDesk ended while you were writing. What was not saved is kept.")
        self.setAccessibleName(words)
        self.show_texts = button(say("Show…"), "", "", self._show)
        layout = row(
            Icon("file-pen-line", Tone.WARNING, 18),
            text(words),
            None,
            self.show_texts,
            icon_button("x", say("Close"), self.hide),
            spacing=SPACE_M,
            margins=(SPACE_XL, SPACE_S, SPACE_XL, SPACE_S),
        )
        self.setLayout(layout)

    def _show(self) -> None:
        KeptTextsDialog(self.window(), self._kept).open()


class KeptTextsDialog(Dialog):
    """Each text with where it was typed: to be copied, or dismissed."""

    def __init__(self, parent: QWidget, kept: HalfTyped) -> None:
        sentence = say(
            "Each comes back by itself when you open its field again. You can also copy it, or "
            "discard it; after a fortnight it goes."
        )
        super().__init__(parent, say("What you had typed"), sentence, width=560)
        self._kept = kept
        self.lines: dict[str, QWidget] = {}
        for draft in kept.left:
            self.lines[draft.key] = self._line(draft)
            self.add(self.lines[draft.key])
        self.add_button(say("Close"), "primary", self.accept, default=True)

    def _line(self, draft: Draft) -> QWidget:
        words = QPlainTextEdit(draft.text)
        words.setReadOnly(True)
        words.setAccessibleName(draft.label or draft.where or say("Text"))
        words.setTabChangesFocus(True)
        words.setFixedHeight(_LINES_HEIGHT)
        title = formats.joined((draft.where, draft.label)) or say("Text")
        copy = button(say("Copy"), "", "copy", partial(_copy, draft.text))
        dismiss = button(say("Discard"), "", "trash-2", partial(self._dismiss, draft.key))
        for each, what in ((copy, say("Copy")), (dismiss, say("Discard"))):
            each.setAccessibleName(f"{what}: {title}")
        head = column(
            text(title, "strong"), text(moment(draft.at, system_zone()), "caption"), spacing=0
        )
        top = row(head, None, copy, dismiss, spacing=SPACE_S)
        return plain(column(top, words, spacing=SPACE_XS, margins=(0, 0, 0, SPACE_L)))

    def _dismiss(self, key: str) -> None:
        self._kept.dismiss(key)
        line = self.lines.pop(key)
        line.hide()
        line.deleteLater()
        if not self.lines:
            self.accept()


def offer_texts(shell: Shell, kept: HalfTyped) -> None:
    """Show the line while there are texts that nobody asked for yet."""
    bar = shell.findChild(KeptTextsBar, _NAME)
    if not kept.left:
        if bar is not None:
            bar.hide()
        return
    if bar is None:
        bar = KeptTextsBar(kept)
        shell.show_bar(bar)
        bar.show()


def _copy(words: str) -> None:
    QGuiApplication.clipboard().setText(words)
