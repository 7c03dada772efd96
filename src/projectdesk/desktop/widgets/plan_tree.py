"""The tree of a work plan: expand, edit in place, drag to reorder and to another work package."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QDropEvent,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from projectdesk.desktop.language import say
from projectdesk.desktop.models import tsv
from projectdesk.desktop.models.entries import copied
from projectdesk.desktop.models.fields import Column
from projectdesk.desktop.models.plan_tree import Node, PlanRows, PlanTreeModel
from projectdesk.desktop.theme import theme, tokens
from projectdesk.desktop.theme.tokens import ROW_HEIGHT, SPACE_M, SPACE_S
from projectdesk.desktop.widgets.badges import chip_box, paint_chip
from projectdesk.desktop.widgets.editors import ChoiceEditor, NotAValue, TextEditor, editor_for
from projectdesk.desktop.widgets.elision import shortened
from projectdesk.desktop.widgets.menu_place import menu_place
from projectdesk.services.rows import Kind

Index = QModelIndex | QPersistentModelIndex
_CHIP_HEIGHT = 22
_INDENT = 22
_CHILDREN = frozenset({Kind.TASK, Kind.DELIVERABLE})


class _Delegate(QStyledItemDelegate):
    """Paints the cells of the tree and edits them with the kit's editors."""

    def __init__(self, tree: PlanTree) -> None:
        super().__init__(tree)
        self._tree = tree

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(super().sizeHint(option, index).width(), ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = self._tree.plan
        node, column, colours = model.node(index), model.column(index), tokens()
        box = QRectF(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(colours.accent_soft))
        painter.setPen(QColor(colours.line))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        words = column.text(node.row)
        tone = column.tone(node.row) if column.tone and words else None
        font = QFont(painter.font())
        if tone is not None:
            font.setPointSizeF(theme().points("caption"))
            font.setWeight(QFont.Weight.Medium)
        elif column.strong and node.kind is Kind.WORK_PACKAGE:
            font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        inner = box.adjusted(SPACE_S if index.column() == 0 else SPACE_M, 0, -SPACE_M, 0)
        if tone is not None:
            width = min(metrics.horizontalAdvance(words) + 2 * SPACE_S, int(inner.width()))
            shown = shortened(metrics, words, width - SPACE_S)
            paint_chip(painter, chip_box(inner, width, _CHIP_HEIGHT), shown, tone)
        else:
            alarm = column.alarm is not None and column.alarm(node.row)
            colour = colours.muted if column.muted else colours.text
            painter.setPen(QColor(colours.danger if alarm else colour))
            shown = shortened(metrics, words, inner.width())
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        field = self._tree.plan.column(index).field
        if field is None:
            return super().createEditor(parent, option, index)
        editor = editor_for(field, parent)
        editor.setMinimumHeight(0)
        editor.setAutoFillBackground(True)
        if isinstance(editor, ChoiceEditor):
            editor.activated.connect(lambda: self._finish(editor))
        return editor

    def _finish(self, editor: QWidget) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, TextEditor) and editor.typing:
            return  # others saved meanwhile: what is typed stays, and is not selected to be lost
        field = self._tree.plan.column(index).field
        if field is not None:
            editor.set_value(field.value(self._tree.plan.node(index).row))  # type: ignore[attr-defined]
            if hasattr(editor, "selectAll"):
                editor.selectAll()

    def setModelData(self, editor: QWidget, model: Any, index: Index) -> None:
        try:
            value = editor.value()  # type: ignore[attr-defined]
        except NotAValue as error:
            self._tree.refused.emit(str(error))
            return
        model.setData(index, value)

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        editor.setGeometry(option.rect.adjusted(2, 3, -2, -4))


class PlanTree(QTreeView):
    """Lines of a plan. Enter opens a line, F2 edits its cell, Alt+Up and Alt+Down move it.

    Ctrl+C copies a line with those below it, Delete asks to delete it. What others change while a
    cell is edited is shown after it.
    """

    current_changed = Signal(object)
    """Node, or None."""
    edited = Signal(object, object, object)
    """node, field (models.fields.Field), value"""
    refused = Signal(str)
    reordered = Signal(object, object, object)
    """kind, id of what moves, id of what comes after it then (None = it is the last)"""
    moved = Signal(object, object, object)
    """kind, id, id of the work package where it goes"""
    folded = Signal()
    """Which lines are open has changed."""
    delete_asked = Signal()

    def __init__(self, columns: Mapping[Kind, Sequence[Column[Any]]]) -> None:
        super().__init__()
        self.plan = PlanTreeModel(columns, self._on_edit)
        self._columns = columns
        self._closed: set[UUID] = set()
        self._loading = False
        self._waiting: PlanRows | None = None
        self.setModel(self.plan)
        self.setItemDelegate(_Delegate(self))
        self.setIndentation(_INDENT)
        self.setUniformRowHeights(True)
        self.setAccessibleName(say("Tree of the work plan"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.setExpandsOnDoubleClick(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDropIndicatorShown(True)
        self._heads = next(iter(columns.values()))
        header = self.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setFixedHeight(36)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.expanded.connect(lambda index: self._fold(index, closed=False))
        self.collapsed.connect(lambda index: self._fold(index, closed=True))
        runs: dict[str, Callable[[], object]] = {
            "Alt+Up": lambda: self.move_by(-1),
            "Alt+Down": lambda: self.move_by(1),
            "Del": self.delete_asked.emit,
            "Ctrl+C": self.copy,
        }
        for keys, run in runs.items():
            made = QAction(self)
            made.setShortcut(QKeySequence(keys))
            made.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            made.triggered.connect(lambda _=False, chosen=run: chosen())
            self.addAction(made)
        self.make_menu: Callable[[], QMenu] = QMenu

    # --- lines

    def show_rows(self, rows: PlanRows) -> None:
        """Show a plan; what is open, selected and scrolled to stays."""
        if self.state() == QAbstractItemView.State.EditingState:
            self._waiting = rows  # setting them would take away what is being typed
            return
        self._waiting = None
        current, at = self.current(), self.verticalScrollBar().value()
        column = max(0, self.currentIndex().column())
        self._loading = True
        self.plan.set_rows(rows)
        self._unfold()
        self._loading = False
        if current is not None:
            index = self.plan.index_of(current.key, column)
            if not index.isValid():
                index = self.plan.find(current.row.id)
            self.setCurrentIndex(index)
            if not index.isValid():
                self.current_changed.emit(None)
        self.verticalScrollBar().setValue(at)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        super().closeEditor(editor, hint)
        if self._waiting is not None:
            QTimer.singleShot(0, self, self._take_waiting)

    def _take_waiting(self) -> None:
        if self._waiting is not None:
            self.show_rows(self._waiting)

    def copy(self) -> None:
        """Put the selected line and those below it on the clipboard, as rows of a spreadsheet."""
        node = self.current()
        if node is not None:
            lines = [
                [copied(column, each.row) for column in self._columns[each.kind]]
                for each in (node, *node.children)
            ]
            QGuiApplication.clipboard().setText(tsv.write(lines))

    def set_filter(self, words: str) -> None:
        """Keep the lines that hold every word."""
        current = self.current()
        self._loading = True
        self.plan.set_filter(words)
        self._unfold()
        self._loading = False
        if current is not None:
            self.setCurrentIndex(self.plan.index_of(current.key))

    def current(self) -> Node | None:
        """Return the line that the keyboard is on."""
        index = self.currentIndex()
        return self.plan.node(index) if index.isValid() else None

    def select(self, record: UUID) -> bool:
        """Select the first line of a record."""
        index = self.plan.find(record)
        if not index.isValid():
            return False
        self.setCurrentIndex(index)
        self.scrollTo(index)
        return True

    def edit_title(self) -> None:
        """Let the person type the title of the selected line."""
        index = self.currentIndex()
        if index.isValid():
            title = index.siblingAtColumn(1)
            self.setCurrentIndex(title)
            self.setFocus()
            self.edit(title)

    # --- open and closed

    @property
    def closed_packages(self) -> frozenset[UUID]:
        """The work packages whose lines are hidden."""
        return frozenset(self._closed)

    def set_closed(self, packages: Sequence[UUID]) -> None:
        """Hide the lines of some work packages, and show those of all others."""
        self._closed = set(packages)
        self._loading = True
        self._unfold()
        self._loading = False

    def _unfold(self) -> None:
        for place, node in enumerate(self.plan.top):
            open_ = self.plan.filtered or node.row.id not in self._closed
            self.setExpanded(self.plan.index(place, 0), open_)

    def _fold(self, index: QModelIndex, *, closed: bool) -> None:
        if self._loading or self.plan.filtered:
            return
        record = self.plan.node(index).row.id
        (self._closed.add if closed else self._closed.discard)(record)
        self.folded.emit()

    # --- moving

    def move_by(self, step: int) -> None:
        """Move the selected line up or down among those of its kind."""
        node = self.current()
        if node is None or (node.kind is Kind.MILESTONE and node.parent is not None):
            return
        alike = self._alike(node)
        at = alike.index(node)
        if 0 <= at + step < len(alike):
            after = alike[at - 1] if step < 0 else (alike[at + 2] if at + 2 < len(alike) else None)
            self.reordered.emit(node.kind, node.row.id, after.row.id if after else None)

    def _alike(self, node: Node) -> list[Node]:
        among = node.parent.children if node.parent else self.plan.top
        return [each for each in among if each.kind is node.kind]

    def drop_on(self, node: Node, target: Node | None, *, below: bool, on: bool) -> bool:
        """Take a line that was dropped.

        Args:
            node: what was dragged.
            target: the line where it fell, None = under all of them.
            below: it fell under the middle of that line.
            on: it fell on the line, not between two.

        Returns:
            Whether that means anything.
        """
        if target is None or target is node:
            return False
        package = target if target.kind is Kind.WORK_PACKAGE else target.parent
        if node.kind in _CHILDREN and package is not None and package is not node.parent:
            self.moved.emit(node.kind, node.row.id, package.row.id)
            return True
        if on or target.kind is not node.kind or target.parent is not node.parent:
            return False
        if node.kind is Kind.MILESTONE and node.parent is not None:
            return False
        alike = self._alike(node)
        place = alike.index(target) + below
        after = alike[place] if place < len(alike) else None
        if after is not node:
            self.reordered.emit(node.kind, node.row.id, after.row.id if after else None)
        return True

    def dropEvent(self, event: QDropEvent) -> None:
        node, point = self.current(), event.position().toPoint()
        index = self.indexAt(point)
        target = self.plan.node(index) if index.isValid() else None
        below = index.isValid() and point.y() > self.visualRect(index).center().y()
        on = self.dropIndicatorPosition() == QAbstractItemView.DropIndicatorPosition.OnItem
        event.setDropAction(Qt.DropAction.CopyAction)  # the model moves it when it is saved
        event.accept()
        self.setState(QAbstractItemView.State.NoState)
        self.viewport().update()
        if node is not None:
            self.drop_on(node, target, below=below, on=on)

    # --- keyboard, menu, size

    def keyPressEvent(self, event: QKeyEvent) -> None:
        editing = self.state() == QAbstractItemView.State.EditingState
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not editing:
            self.current_changed.emit(self.current())
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.make_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(menu_place(self, event))

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        if self.selectionModel().isRowSelected(index.row(), index.parent()):
            painter.fillRect(rect, QColor(tokens().accent_soft))
        super().drawBranches(painter, rect, index)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        room = self.viewport().width()
        shown = list(self._heads)
        while sum(c.width or 180 for c in shown) > room and any(c.optional for c in shown):
            shown.remove(next(c for c in reversed(shown) if c.optional))
        fixed = sum(column.width for column in shown)
        for number, column in enumerate(self._heads):
            self.setColumnHidden(number, column not in shown)
            self.setColumnWidth(number, column.width or max(180, room - fixed))

    # --- inside

    def _on_edit(self, node: Node, column: Column[Any], value: object) -> None:
        self.edited.emit(node, column.field, value)

    def _on_current(self, index: QModelIndex) -> None:
        if not self._loading:
            self.current_changed.emit(self.plan.node(index) if index.isValid() else None)
