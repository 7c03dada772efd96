"""The list of what may be meant, below the cursor of an editor; it never takes the focus.

Typing goes on in the editor. Up and Down choose, Enter or Tab take, Escape puts the list away,
Ctrl+Space asks for it.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QListWidget, QPlainTextEdit

from projectdesk.desktop import language
from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.line_completion import Suggestions, suggestions
from projectdesk.desktop.models.line_words import kind_words
from projectdesk.domain.rules.typed_lines import Reading

_WIDTH = 360
_GAP = 4


class LineCompletion(QObject):
    """Completes typed lines of one editor."""

    def __init__(self, editor: QPlainTextEdit) -> None:
        super().__init__(editor)
        self._editor = editor
        self._reading: Reading | None = None
        self._found: Suggestions | None = None
        self._list: QListWidget | None = None
        self._dismissed = False
        self._typing = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._look)
        editor.installEventFilter(self)
        editor.cursorPositionChanged.connect(self._on_cursor)

    @property
    def list(self) -> QListWidget | None:
        """The list, once it was opened."""
        return self._list

    @property
    def is_open(self) -> bool:
        """Whether something is offered."""
        return self._list is not None and not self._list.isHidden()

    def set_reading(self, reading: Reading | None) -> None:
        """Complete by these names and labels from now on."""
        self._reading = reading

    def ask(self) -> None:
        """Offer what there is for the place of the cursor."""
        self._dismissed = False
        self._look(asked=True)

    def put_away(self) -> None:
        """Hide the list."""
        if self._list is not None:
            self._list.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self._editor:
            return False
        if event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            self.put_away()
        elif event.type() is QEvent.Type.ShortcutOverride and self._is_ours(event):
            event.accept()  # else Escape or Enter would press a button of the window
            return True
        elif event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key(event)
        return False

    def _is_ours(self, event: QEvent) -> bool:
        keys = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        return self.is_open and isinstance(event, QKeyEvent) and event.key() in keys

    def _on_key(self, event: QKeyEvent) -> bool:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_Space and control:
            self.ask()
            return True
        self._typing = bool(event.text()) and not control
        self._dismissed = self._dismissed and not self._typing
        if not self.is_open or self._list is None:
            return False
        match event.key():
            case Qt.Key.Key_Down | Qt.Key.Key_Up:
                self._choose(1 if event.key() == Qt.Key.Key_Down else -1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Tab:
                if self._list.currentRow() < 0:
                    self.put_away()
                    return False
                self._take(self._list.currentRow())
            case Qt.Key.Key_Escape:
                self._dismissed = True
                self.put_away()
            case _:
                return False
        return True

    def _on_cursor(self) -> None:
        self._soon.start()

    def _look(self, *, asked: bool = False) -> None:
        reading = self._reading
        wanted = asked or (self._typing and not self._dismissed)
        self._found = None
        if reading is not None and wanted and not self._editor.isReadOnly():
            cursor = self._editor.textCursor()
            if not cursor.hasSelection() and (asked or self._editor.hasFocus()):
                line = cursor.block().text()
                at = _code_points(line, cursor.positionInBlock())
                self._found = suggestions(
                    line,
                    at,
                    reading,
                    kind_words,
                    formats.weekday,
                    asked=asked,
                    language=language.current(),
                )
        if self._found is None:
            self.put_away()
        else:
            self._show(self._found)

    def _show(self, found: Suggestions) -> None:
        shown = self._list if self._list is not None else self._make()
        shown.clear()
        for choice in found.choices:
            words = formats.joined((choice.title, choice.detail)) if choice.detail else choice.title
            shown.addItem(words)
        shown.setCurrentRow(0 if found.eager else -1)
        lines = shown.sizeHintForRow(0) * len(found.choices)
        shown.resize(_WIDTH, lines + shown.height() - shown.viewport().height() + _GAP)
        shown.move(self._place(shown))
        shown.show()
        shown.raise_()
        self._announce()

    def _make(self) -> QListWidget:
        made = QListWidget(self._editor.window())
        made.setObjectName("completer")
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setTextElideMode(Qt.TextElideMode.ElideRight)
        made.setAccessibleName(say("Suggestions"))
        made.itemClicked.connect(lambda item: self._take(made.row(item)))
        self._list = made
        return made

    def _place(self, shown: QListWidget) -> QPoint:
        window = self._editor.window()
        at = self._editor.cursorRect()
        below = self._editor.viewport().mapTo(window, at.bottomLeft() + QPoint(0, _GAP))
        above = self._editor.viewport().mapTo(window, at.topLeft() - QPoint(0, _GAP))
        left = max(0, min(below.x(), window.width() - shown.width() - _GAP))
        fits = below.y() + shown.height() <= window.height() or above.y() < shown.height()
        return QPoint(left, below.y() if fits else above.y() - shown.height())

    def _choose(self, step: int) -> None:
        if self._list is not None:
            row = self._list.currentRow()
            count = self._list.count()
            first = 0 if step > 0 else count - 1
            self._list.setCurrentRow(first if row < 0 else (row + step) % count)
            self._announce()

    def _announce(self) -> None:
        """Tell screen readers what is chosen: the focus stays in the editor."""
        item = self._list.currentItem() if self._list is not None else None
        if item is not None:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._editor, item.text()))

    def _take(self, row: int) -> None:
        found = self._found
        self.put_away()
        if found is None or not 0 <= row < len(found.choices):
            return
        cursor = self._editor.textCursor()
        block = cursor.block()
        line = block.text()
        after = line[found.end :]
        words = found.choices[row].insert
        if words.endswith(" ") and after.startswith(" "):
            words = words[:-1]
        cursor.setPosition(block.position() + _units(line, found.start))
        cursor.setPosition(
            block.position() + _units(line, found.end), QTextCursor.MoveMode.KeepAnchor
        )
        self._typing = False
        cursor.insertText(words)
        self._editor.setTextCursor(cursor)


def _units(line: str, place: int) -> int:
    return place + sum(letter > "\uffff" for letter in line[:place])


def _code_points(line: str, units: int) -> int:
    return len(line.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore"))
