"""A list to pick one thing from, two lines each, that is led from a field above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from projectdesk.desktop.theme import theme, tokens
from projectdesk.desktop.theme.tokens import RADIUS_S, SPACE_M, SPACE_S
from projectdesk.desktop.widgets.elision import shortened

ROW = 46
_DATA = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Pick:
    """One thing to pick. tag: said at the right, muted. value: what it stands for."""

    title: str
    subtitle: str
    tag: str
    value: object


class _Look(QStyledItemDelegate):
    """Title over subtitle, and the tag at the right."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(200, ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        pick: Pick = index.data(_DATA)
        colours = tokens()
        box = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent_soft))
            painter.drawRoundedRect(box.adjusted(0, 1, 0, -1), RADIUS_S, RADIUS_S)
        caption = QFont(painter.font())
        caption.setPointSizeF(theme().points("caption"))
        strong = QFont(painter.font())
        strong.setWeight(QFont.Weight.Medium)
        tag = QFontMetrics(caption).horizontalAdvance(pick.tag) + SPACE_M
        left, room = box.left() + SPACE_M, box.width() - SPACE_M - tag - SPACE_S
        lines = ((pick.title, strong, colours.text), (pick.subtitle, caption, colours.muted))
        for number, (words, font, colour) in enumerate(lines):
            painter.setFont(font)
            painter.setPen(QColor(colour))
            shown = shortened(QFontMetrics(font), words, room)
            place = QRectF(left, box.top() + 3 + number * (ROW / 2 - 4), room, ROW / 2 - 2)
            painter.drawText(
                place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown
            )
        painter.setPen(QColor(colours.muted))
        painter.drawText(
            box.adjusted(0, 0, -SPACE_S, 0),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
            pick.tag,
        )
        painter.restore()


class PickList(QListWidget):
    """Things to pick; the keys of the field above it move through them."""

    picked = Signal(object)
    """The value, by a click or by Enter in the field."""

    def __init__(self, field: QLineEdit | None, name: str) -> None:
        """Make an empty list.

        Args:
            field: whose Up, Down, Page Up, Page Down and Enter go to the list; None = the list
                takes the keys itself.
            name: what assistive technology calls it.
        """
        super().__init__()
        self._field = field
        self.setAccessibleName(name)
        self.setItemDelegate(_Look(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.itemClicked.connect(self._pick)
        if field is not None:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            field.installEventFilter(self)

    def show_picks(self, picks: Sequence[Pick]) -> None:
        """Show things, the first one current."""
        self.clear()
        for pick in picks:
            item = QListWidgetItem()
            item.setData(_DATA, pick)
            spoken = ", ".join(part for part in (pick.title, pick.subtitle, pick.tag) if part)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
            self.addItem(item)
        self.setCurrentRow(0)

    def picks(self) -> list[Pick]:
        """Return what is shown."""
        return [self.item(number).data(_DATA) for number in range(self.count())]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._field and isinstance(event, QKeyEvent):
            return event.type() == QEvent.Type.KeyPress and self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        item = self.currentItem()
        if self.isHidden() or item is None:
            return False
        match event.key():
            case Qt.Key.Key_Down:
                self._move(1)
            case Qt.Key.Key_Up:
                self._move(-1)
            case Qt.Key.Key_PageDown:
                self._move(5)
            case Qt.Key.Key_PageUp:
                self._move(-5)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._pick(item)
            case _:
                return False
        return True

    def _move(self, steps: int) -> None:
        self.setCurrentRow(min(max(self.currentRow() + steps, 0), self.count() - 1))

    def _pick(self, item: QListWidgetItem) -> None:
        pick: Pick = item.data(_DATA)
        self.picked.emit(pick.value)
