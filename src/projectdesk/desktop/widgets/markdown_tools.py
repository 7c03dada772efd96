"""Buttons and keys for light Markdown in an editor of plain text.

Each step is a change of its own: what another person typed in between stays theirs. The document's
undo takes back together what was done within a moment.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QToolButton, QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models.light_markdown import (
    BOLD,
    BULLET,
    HEADING,
    continued,
    is_address,
    table,
    toggled_lines,
)
from projectdesk.desktop.theme.tokens import SPACE_XS
from projectdesk.desktop.widgets.layout import icon_button, row

_ADDRESS = "https://"
"""How an address that is still to be written begins."""


class MarkdownTools(QWidget):
    """The buttons above an editor; they never take the focus from its text by a click."""

    def __init__(self, editor: QPlainTextEdit) -> None:
        super().__init__()
        self._editor = editor
        self.buttons: dict[str, QToolButton] = {}
        self.setAccessibleName(say("Formatting"))
        tools: tuple[tuple[str, str, Callable[[QPlainTextEdit], None]], ...] = (
            ("heading", say("Heading"), toggle_heading),
            ("bold", say("Bold"), toggle_bold),
            ("list", say("List"), toggle_list),
            ("link", say("Link"), put_link),
            ("table", say("Table"), put_table),
        )
        for icon, name, work in tools:
            self.buttons[icon] = self._button(icon, name, work)
        layout = row(*self.buttons.values(), None, spacing=SPACE_XS)
        layout.setContentsMargins(0, 0, 0, 0)
        self.setLayout(layout)

    def _button(self, icon: str, name: str, work: Callable[[QPlainTextEdit], None]) -> QToolButton:
        made = icon_button(icon, name, lambda: self._do(work))
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return made

    def _do(self, work: Callable[[QPlainTextEdit], None]) -> None:
        if not self._editor.isReadOnly():
            work(self._editor)
            self._editor.setFocus()


def is_bold_key(event: QKeyEvent) -> bool:
    """Return whether a key is that of bold text."""
    return event.matches(QKeySequence.StandardKey.Bold)


def toggle_bold(editor: QPlainTextEdit) -> None:
    """Make what is selected bold, or plain if it is bold already."""
    own = editor.textCursor()
    first, last = own.selectionStart(), own.selectionEnd()
    width = len(BOLD)
    if _has(editor, first - width, BOLD) and _has(editor, last, BOLD):
        _replace(editor, last, width, "")
        _replace(editor, first - width, width, "")
        _select(editor, first - width, last - width)
    else:
        _replace(editor, last, 0, BOLD)
        _replace(editor, first, 0, BOLD)
        _select(editor, first + width, last + width)


def toggle_heading(editor: QPlainTextEdit) -> None:
    """Make headings of the lines with the cursor or the selection, or plain lines again."""
    _toggle_lines(editor, HEADING)


def toggle_list(editor: QPlainTextEdit) -> None:
    """Make entries of a list of the lines with the cursor or the selection, or plain lines."""
    _toggle_lines(editor, BULLET)


def put_link(editor: QPlainTextEdit) -> None:
    """Make a link of the selection; what is still to be written of it is selected."""
    own = editor.textCursor()
    first, last = own.selectionStart(), own.selectionEnd()
    if is_address(own.selectedText()):
        _replace(editor, last, 0, ")")
        _replace(editor, first, 0, "[](")
        _select(editor, first + 1, first + 1)
        return
    _replace(editor, last, 0, f"]({_ADDRESS})")
    _replace(editor, first, 0, "[")
    if own.hasSelection():
        start = last + len("[](")
        _select(editor, start, start + len(_ADDRESS))
    else:
        _select(editor, first + 1, first + 1)


def put_table(editor: QPlainTextEdit) -> None:
    """Put an empty table below the line with the cursor."""
    block = editor.textCursor().block()
    titles = (say("What"), say("Who"), say("By when"))
    before, behind = table(titles, is_below=bool(block.text().strip()))
    place = block.position() + block.length() - 1
    _replace(editor, place, 0, before + behind)
    end = editor.textCursor()
    end.setPosition(place)
    end.movePosition(QTextCursor.MoveOperation.NextCharacter, n=len(before))
    editor.setTextCursor(end)


def continue_list(editor: QPlainTextEdit) -> bool:
    """Go on with the list where Enter was pressed, or end it; False: the cursor is in none."""
    own = editor.textCursor()
    new = None if own.hasSelection() else continued(own.block().text(), own.positionInBlock())
    if new is None:
        return False
    if new:
        own.insertText(new)
    else:
        own.movePosition(QTextCursor.MoveOperation.StartOfBlock, QTextCursor.MoveMode.KeepAnchor)
        own.insertText("")
    editor.setTextCursor(own)
    return True


# --- inside ---------------------------------------------------------------------------------------


def _toggle_lines(editor: QPlainTextEdit, mark: str) -> None:
    own, document = editor.textCursor(), editor.document()
    first = document.findBlock(own.selectionStart()).blockNumber()
    last = document.findBlock(own.selectionEnd()).blockNumber()
    lines = [document.findBlockByNumber(n).text() for n in range(first, last + 1)]
    for number, (cut, put) in enumerate(toggled_lines(lines, mark), first):
        _replace(editor, document.findBlockByNumber(number).position(), cut, put)


def _replace(editor: QPlainTextEdit, start: int, removed: int, words: str) -> None:
    """Put words in the place of some; start, removed: in UTF-16 units."""
    if not removed and not words:
        return
    change = QTextCursor(editor.document())
    change.setPosition(start)
    change.setPosition(start + removed, QTextCursor.MoveMode.KeepAnchor)
    change.insertText(words)


def _select(editor: QPlainTextEdit, start: int, end: int) -> None:
    own = editor.textCursor()
    own.setPosition(start)
    own.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    editor.setTextCursor(own)


def _has(editor: QPlainTextEdit, start: int, words: str) -> bool:
    """Return whether a text has these words at a place in UTF-16 units."""
    document = editor.document()
    if start < 0 or start + len(words) > document.characterCount() - 1:
        return False
    return all(document.characterAt(start + n) == each for n, each in enumerate(words))
