"""One box to go to anything and do anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from projectdesk.desktop.language import say
from projectdesk.desktop.theme import Tone, theme, tokens
from projectdesk.desktop.theme.tokens import RADIUS_S, SPACE_L, SPACE_M, SPACE_S
from projectdesk.desktop.widgets.badges import Icon
from projectdesk.desktop.widgets.elision import shortened
from projectdesk.desktop.widgets.layout import NOT_KEPT, column, hairline, row, show_if, text

_WIDTH = 640
_ROW = 46
_MOST_ROWS = 9
Index = QModelIndex | QPersistentModelIndex
_DATA = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Suggestion:
    """Something to go to or to do. group: what kind of thing, in words."""

    title: str
    context: str
    icon: str
    group: str
    run: Callable[[], object]


class _Look(QStyledItemDelegate):
    """Icon, title with its context under it, and what kind of thing it is."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(_WIDTH - 40, _ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        suggestion: Suggestion = index.data(_DATA)
        colours = tokens()
        box = QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent_soft))
            painter.drawRoundedRect(box.adjusted(0, 1, 0, -1), RADIUS_S, RADIUS_S)
        icon = theme().icon(suggestion.icon, Tone.MUTED)
        icon.paint(painter, QRect(box.left() + SPACE_M, box.top() + (_ROW - 18) // 2, 18, 18))
        caption = QFont(painter.font())
        caption.setPointSizeF(theme().points("caption"))
        words = QFont(painter.font())
        words.setWeight(QFont.Weight.Medium)
        group_width = QFontMetrics(caption).horizontalAdvance(suggestion.group) + SPACE_M
        left = box.left() + SPACE_M + 18 + SPACE_M
        room = box.right() - left - group_width - SPACE_M
        upper = QRectF(left, box.top() + 4, room, _ROW / 2 - 3)
        lower = QRectF(left, box.top() + _ROW / 2 - 1, room, _ROW / 2 - 4)
        if not suggestion.context:
            upper = QRectF(left, box.top(), room, _ROW)
        self._line(painter, upper, suggestion.title, words, colours.text)
        self._line(painter, lower, suggestion.context, caption, colours.muted)
        painter.setFont(caption)
        painter.setPen(QColor(colours.muted))
        right = QRectF(box.right() - group_width, box.top(), group_width - SPACE_S, _ROW)
        painter.drawText(
            right, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, suggestion.group
        )
        painter.restore()

    def _line(self, painter: QPainter, box: QRectF, words: str, font: QFont, colour: str) -> None:
        painter.setFont(font)
        painter.setPen(QColor(colour))
        shown = shortened(QFontMetrics(font), " ".join(words.split()), box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class SearchPalette(QFrame):
    """Opens over the window; suggestions change while one types."""

    typed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self.setProperty("surface", "raised")
        self.setObjectName("search-palette")
        self.field = QLineEdit()
        self.field.setProperty("look", "bare")
        self.field.setProperty(NOT_KEPT, True)
        self.field.setPlaceholderText(say("Search, or type what you want to do"))
        self.field.setAccessibleName(say("Search"))
        self.field.setMinimumHeight(48)
        self.list = QListWidget()
        self.list.setProperty("frame", "none")
        self.list.setItemDelegate(_Look(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self._nothing = text(say("Nothing found. Try fewer letters."), "muted")
        self._nothing.setMargin(SPACE_L)
        top = row(Icon("search", Tone.MUTED, 20), self.field, margins=(SPACE_L, 0, SPACE_L, 0))
        inner = column(
            self.list, self._nothing, margins=(SPACE_S, SPACE_S, SPACE_S, SPACE_S), spacing=0
        )
        self.setLayout(column(top, hairline(), inner, spacing=0))
        self.field.textChanged.connect(self.typed)
        self.list.itemClicked.connect(self._run)
        self.field.installEventFilter(self)
        parent.installEventFilter(self)
        self.hide()

    def open(self) -> None:
        """Open with an empty field."""
        self.field.clear()
        self.typed.emit("")
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_suggestions(self, suggestions: Sequence[Suggestion]) -> None:
        """Show what was found, best first."""
        self.list.clear()
        for suggestion in suggestions:
            item = QListWidgetItem()
            item.setData(_DATA, suggestion)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, suggestion.title)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        show_if(self.list, bool(suggestions))
        show_if(self._nothing, not suggestions)
        self._place()

    def run_current(self) -> None:
        """Do what is selected."""
        item = self.list.currentItem()
        if item is not None:
            self._run(item)

    def _run(self, item: QListWidgetItem) -> None:
        suggestion: Suggestion = item.data(_DATA)
        self.hide()
        suggestion.run()

    def _place(self) -> None:
        rows = min(self.list.count(), _MOST_ROWS)
        self.list.setFixedHeight(rows * _ROW + 4)
        width = min(_WIDTH, self._parent.width() - 2 * SPACE_L)
        below = rows * _ROW + 4 if rows else 60
        self.setGeometry(
            (self._parent.width() - width) // 2, 72, width, 48 + below + 2 * SPACE_S + 3
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._parent:
            if event.type() == QEvent.Type.Resize and not self.isHidden():
                self._place()
            return False
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        if event.type() == QEvent.Type.FocusOut:
            self.hide()
        return False

    def _key(self, event: QKeyEvent) -> bool:
        count = self.list.count()
        match event.key():
            case Qt.Key.Key_Escape:
                self.hide()
            case Qt.Key.Key_Down if count:
                self.list.setCurrentRow((self.list.currentRow() + 1) % count)
            case Qt.Key.Key_Up if count:
                self.list.setCurrentRow((self.list.currentRow() - 1) % count)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.run_current()
            case _:
                return False
        return True
