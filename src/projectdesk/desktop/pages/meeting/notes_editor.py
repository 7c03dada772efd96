"""The editor of one item's notes: typed here, changed by others meanwhile, their cursors in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QToolTip

from projectdesk.desktop.language import say
from projectdesk.desktop.presenters.notes_edit import change_between, utf16_length
from projectdesk.desktop.theme.writers import writer_colour, writer_ink, writer_shade
from projectdesk.desktop.widgets.layout import NOT_KEPT
from projectdesk.desktop.widgets.markdown_tools import continue_list, is_bold_key, toggle_bold

_CARET = 2
_FLAG_PAD = 3


@dataclass(frozen=True)
class RemoteCursor:
    """Where somebody else writes, in UTF-16 units. colour: number of a writer."""

    name: str
    colour: int
    anchor: int
    head: int


@dataclass(frozen=True)
class Stretch:
    """Who wrote a stretch of the text, in UTF-16 units. colour: number of a writer."""

    start: int
    length: int
    name: str
    colour: int


class NotesEditor(QPlainTextEdit):
    """The notes of one item; announces each change with the text before and after.

    Undo is the document's, not the editor's: it takes back what was typed here and nothing that
    others wrote.
    """

    typed = Signal(object, str, str, int)
    """item, before, after, UTF-16 offset of the change"""
    undo_asked = Signal(object, bool)
    """item; True = once more"""
    pointed = Signal(object, int, int)
    """item (None = the cursor left), anchor and head of the own cursor"""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty(NOT_KEPT, True)  # by a file beside the database: it is in it already
        self.setPlaceholderText(say("What was said. Every keystroke is saved."))
        self.setAccessibleName(say("Notes"))
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self._item: UUID | None = None
        self._known = ""
        self._loading = False
        self._cursors: tuple[RemoteCursor, ...] = ()
        self._stretches: tuple[Stretch, ...] = ()
        self._layers: dict[str, list[QTextEdit.ExtraSelection]] = {}
        self.document().contentsChange.connect(self._on_change)
        self.cursorPositionChanged.connect(self._tell_place)
        self.selectionChanged.connect(self._tell_place)

    # --- the text

    def show_text(self, item: UUID | None, words: str) -> None:
        """Show the notes of `item`; what was typed elsewhere is put in around the cursor."""
        if item == self._item and words == self._known:
            return
        self._loading = True
        if item == self._item:
            self._put_in(words)
        else:
            self.setPlainText(words)
        self._loading = False
        moved, self._item, self._known = item != self._item, item, words
        if moved:
            self.moveCursor(QTextCursor.MoveOperation.End)
            self._tell_place()

    def _put_in(self, words: str) -> None:
        """Change what differs and nothing else: selection, scrolling and composing stay."""
        start, removed, inserted = change_between(self._known, words)
        own = self.textCursor()
        stays = own.position() == start and not own.hasSelection() and not removed
        change = QTextCursor(self.document())
        change.setPosition(start)
        change.setPosition(start + removed, QTextCursor.MoveMode.KeepAnchor)
        change.insertText(inserted)
        if stays:  # somebody typed where the cursor stands: they go on after it
            own.setPosition(start)
            self.setTextCursor(own)

    def _on_change(self, position: int, removed: int, added: int) -> None:
        if self._loading or self._item is None:
            return
        # toPlainText makes spaces of the hard ones, and a keystroke must not touch what is around.
        words = self.document().toRawText().replace("\u2029", "\n").replace("\u2028", "\n")
        before, self._known = self._known, words
        self.typed.emit(self._item, before, self._known, position)

    # --- others

    def show_cursors(self, cursors: Sequence[RemoteCursor]) -> None:
        """Show where the others write."""
        self._cursors = tuple(cursors)
        self.mark("cursors", [self._selection(c.anchor, c.head, c.colour) for c in self._cursors])
        self.viewport().update()

    def show_authors(self, stretches: Sequence[Stretch]) -> None:
        """Tint what each wrote; nothing without stretches."""
        self._stretches = tuple(stretches)
        self.mark(
            "authors",
            [self._selection(s.start, s.start + s.length, s.colour) for s in self._stretches],
        )

    def mark(self, layer: str, selections: Sequence[QTextEdit.ExtraSelection]) -> None:
        """Show selections of a layer beside those of the other layers."""
        self._layers[layer] = list(selections)
        self.setExtraSelections([one for layer in self._layers.values() for one in layer])

    def author_at(self, place: int) -> str:
        """Return who wrote what is at a place (UTF-16 units), "" where that is not shown."""
        found = (s.name for s in self._stretches if s.start <= place < s.start + s.length)
        return next(found, "")

    def _selection(self, first: int, last: int, colour: int) -> QTextEdit.ExtraSelection:
        made = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document())
        end = utf16_length(self._known)
        cursor.setPosition(max(0, min(first, end)))
        cursor.setPosition(max(0, min(last, end)), QTextCursor.MoveMode.KeepAnchor)
        made.cursor = cursor
        made.format.setBackground(writer_shade(colour))
        return made

    def _tell_place(self) -> None:
        if not self._loading:
            cursor = self.textCursor()
            item = self._item if self.hasFocus() else None
            self.pointed.emit(item, cursor.anchor(), cursor.position())

    # --- Qt

    def event(self, event: QEvent) -> bool:
        """Keep undo, redo and bold for the text while it is typed."""
        overrides = event.type() == QEvent.Type.ShortcutOverride
        if overrides and isinstance(event, QKeyEvent) and _is_ours(event):
            event.accept()
            return True
        return super().event(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Say who wrote what is under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            name = self.author_at(self.cursorForPosition(event.pos()).position())
            if name:
                QToolTip.showText(event.globalPos(), name, self)
                return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo and redo through the document; Qt's own stack would take back what others wrote.

        Ctrl+B makes bold, Enter goes on with a list.
        """
        if _is_undo(event) or _is_redo(event):
            if self._item is not None and not self.isReadOnly():
                self.undo_asked.emit(self._item, _is_redo(event))
            event.accept()
            return
        if not self.isReadOnly() and is_bold_key(event):
            toggle_bold(self)
            event.accept()
            return
        if not self.isReadOnly() and _is_enter(event) and continue_list(self):
            event.accept()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say where the cursor is."""
        super().focusInEvent(event)
        self._tell_place()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say that it is nowhere."""
        super().focusOutEvent(event)
        self._tell_place()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the others' cursors, and their names at the end of their lines: over no text."""
        super().paintEvent(event)
        if not self._cursors:
            return
        painter = QPainter(self.viewport())
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.85)
        painter.setFont(font)
        end = utf16_length(self._known)
        free: dict[int, int] = {}
        for one in self._cursors:
            place = QTextCursor(self.document())
            place.setPosition(max(0, min(one.head, end)))
            rect = self.cursorRect(place)
            painter.fillRect(rect.x(), rect.y(), _CARET, rect.height(), writer_colour(one.colour))
            width = painter.fontMetrics().horizontalAdvance(one.name) + 2 * _FLAG_PAD
            right = free.get(rect.y(), self.viewport().width())
            flag = QRect(right - width, rect.y(), width, rect.height())
            free[rect.y()] = flag.left() - _FLAG_PAD
            painter.fillRect(flag, writer_colour(one.colour))
            painter.setPen(writer_ink())
            painter.drawText(flag, Qt.AlignmentFlag.AlignCenter, one.name)
        painter.end()


def _is_ours(event: QKeyEvent) -> bool:
    return _is_undo(event) or _is_redo(event) or is_bold_key(event)


def _is_enter(event: QKeyEvent) -> bool:
    enters = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return enters and event.modifiers() in (
        Qt.KeyboardModifier.NoModifier,
        Qt.KeyboardModifier.KeypadModifier,
    )


def _is_undo(event: QKeyEvent) -> bool:
    return event.matches(QKeySequence.StandardKey.Undo)


def _is_redo(event: QKeyEvent) -> bool:
    shifted = QKeySequence("Ctrl+Shift+Z")
    return event.matches(QKeySequence.StandardKey.Redo) or (
        QKeySequence(event.keyCombination()) == shifted
    )
