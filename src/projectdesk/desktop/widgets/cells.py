"""How cells of a table look and are edited."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from projectdesk.desktop.models.fields import Column
from projectdesk.desktop.theme import Tone, theme, tokens
from projectdesk.desktop.theme.tokens import ROW_HEIGHT, SPACE_M, SPACE_S
from projectdesk.desktop.widgets.badges import chip_box, paint_chip
from projectdesk.desktop.widgets.editors import (
    ChoiceEditor,
    LongTextEditor,
    NotAValue,
    TextEditor,
    editor_for,
    mark_invalid,
)
from projectdesk.desktop.widgets.elision import shortened
from projectdesk.desktop.widgets.refused_cell import put_words, words_in

Index = QModelIndex | QPersistentModelIndex
_CHIP_HEIGHT = 22
_SEEN = "seen"
_LINES = QSize(280, 112)
"""The least that an editor of several lines takes over its cell."""


class _Seen:
    """The row whose value an open editor showed when the person began to type."""

    def __init__(self, row: Any) -> None:
        self.row = row


class CellDelegate(QStyledItemDelegate):
    """Paints cells of `RowsModel`s: text, chips, alarms; edits them with the kit's editors."""

    def __init__(self, table: Any) -> None:
        super().__init__(table)
        self._table = table

    # --- looks

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(super().sizeHint(option, index).width(), ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, column = self._table.cell(index)
        state = option.state
        box = QRectF(option.rect)
        painter.save()
        self._paint_ground(painter, box, bool(state & QStyle.StateFlag.State_Selected), index)
        words = column.text(row)
        tone = column.tone(row) if column.tone and words else None
        inner = box.adjusted(SPACE_M, 0, -SPACE_M, 0)
        bold = column.strong or (column.bold is not None and column.bold(row))
        painter.setFont(self._font(painter.font(), tone, bold=bold))
        if tone is not None:
            self._paint_chip(painter, inner, words, tone)
        else:
            self._paint_words(painter, inner, words, row, column)
        if self._table.refusal.is_at(index):
            painter.setPen(QColor(tokens().danger))
            painter.drawRect(box.adjusted(0.5, 0.5, -1.5, -1.5))
        elif state & QStyle.StateFlag.State_HasFocus and self._table.hasFocus():
            painter.setPen(QColor(tokens().accent))
            painter.drawRect(box.adjusted(0.5, 0.5, -1.5, -1.5))
        painter.restore()

    def _paint_ground(self, painter: QPainter, box: QRectF, selected: bool, index: Index) -> None:
        colours = tokens()
        if selected:
            painter.fillRect(box, QColor(colours.accent_soft))
        elif index.row() in (self._table.hovered_row, self._table.row_in_use):
            painter.fillRect(box, QColor(colours.hover))
        painter.setPen(QColor(colours.line))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        if self._table.ruled:
            painter.drawLine(box.topRight(), box.bottomRight())

    def _font(self, base: QFont, tone: Tone | None, *, bold: bool) -> QFont:
        font = QFont(base)
        if tone is not None:
            font.setPointSizeF(theme().points("caption"))
            font.setWeight(QFont.Weight.Medium)
        elif bold:
            font.setWeight(QFont.Weight.DemiBold)
        return font

    def _paint_chip(self, painter: QPainter, box: QRectF, words: str, tone: Tone) -> None:
        metrics = QFontMetrics(painter.font())
        width = min(metrics.horizontalAdvance(words) + 2 * SPACE_S, int(box.width()))
        elided = shortened(metrics, words, width - SPACE_S)
        paint_chip(painter, chip_box(box, width, _CHIP_HEIGHT), elided, tone)

    def _paint_words(
        self, painter: QPainter, box: QRectF, words: str, row: Any, column: Column[Any]
    ) -> None:
        colours = tokens()
        colour = colours.muted if column.muted else colours.text
        if column.alarm and column.alarm(row):
            colour = colours.danger
        painter.setPen(QColor(colour))
        line = words.replace("\n", " ")
        elided = shortened(QFontMetrics(painter.font()), line, box.width())
        side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, elided)

    # --- editing

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        _, column = self._table.cell(index)
        editor = editor_for(column.field, parent)
        editor.setMinimumHeight(0)
        editor.setAutoFillBackground(True)
        if isinstance(editor, ChoiceEditor):
            editor.activated.connect(lambda: self._finish(editor))
            QTimer.singleShot(0, editor, editor.showPopup)
        return editor

    def _finish(self, editor: QWidget) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        row, column = self._table.cell(index)
        if (isinstance(editor, TextEditor) and editor.typing) or (
            isinstance(editor, LongTextEditor) and editor.is_unsaved
        ):
            return  # somebody else saved meanwhile: what is typed stays, with what was seen
        editor.setProperty(_SEEN, _Seen(row))
        editor.set_value(column.field.value(row))  # type: ignore[attr-defined]
        typed = self._table.refusal.words_for(index)
        if typed is not None:
            put_words(editor, typed)
        if hasattr(editor, "selectAll"):
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        refused = self._table.refusal.words_for(index)
        if refused is not None and refused == words_in(editor):
            return  # it was refused just so, and stays where it is
        self._table.refusal.note(index, editor)
        try:
            value = editor.value()  # type: ignore[attr-defined]
        except NotAValue as error:
            if not self._table.refusal.tell(index, str(error)):
                self._table.refused.emit(str(error))
            return
        seen = editor.property(_SEEN)
        row, column = self._table.cell(index)
        if isinstance(seen, _Seen) and seen.row != row:
            if column.field.value(seen.row) != value:
                self._table.edited.emit(seen.row, column.field, value)
            return
        model.setData(index, value)

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        box = option.rect.adjusted(2, 3, -2, -4)
        if isinstance(editor, LongTextEditor):
            box = _with_room(box, self._table.viewport().rect())
        editor.setGeometry(box)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._refuses(watched, event) or self._ends_lines(watched, event):
            return True
        # An open list takes the focus from its own editor, which must not end the editing.
        lost_to_list = (
            isinstance(watched, ChoiceEditor)
            and event.type() == QEvent.Type.FocusOut
            and watched.view().isVisible()
        )
        return False if lost_to_list else super().eventFilter(watched, event)

    def _refuses(self, editor: QObject, event: QEvent) -> bool:
        """Say that what is typed is no value when it is to be saved; its editor stays open."""
        saving = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() not in saving or not isinstance(editor, TextEditor):
            return False
        try:
            editor.value()
        except NotAValue as error:
            index = self._table.currentIndex()
            self._table.refusal.note(index, editor)
            self._table.refusal.tell(index, str(error))
            mark_invalid(editor, True)
            return True
        return False

    def _ends_lines(self, editor: QObject, event: QEvent) -> bool:
        """Save several lines at Enter, as one line is; with Alt or Shift it begins a new line."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        entered = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if not entered or not isinstance(editor, LongTextEditor):
            return False
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held in (Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier):
            editor.insertPlainText("\n")
        else:
            self._finish(editor)
        return True


def _with_room(box: QRect, view: QRect) -> QRect:
    """Return the place of several lines over a cell: larger than it, and inside of the table."""
    wanted = QRect(box.topLeft(), box.size().expandedTo(_LINES))
    right = min(wanted.right(), view.right())
    wanted.moveRight(max(right, view.left() + wanted.width() - 1))
    wanted.moveBottom(max(min(wanted.bottom(), view.bottom()), view.top() + wanted.height() - 1))
    return wanted
