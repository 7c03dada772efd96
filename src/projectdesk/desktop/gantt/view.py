"""The chart with hands: dragging, resizing, drawing dependencies, keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QLabel, QMenu

from projectdesk.desktop.gantt import painting
from projectdesk.desktop.gantt.arrows import distance, type_between
from projectdesk.desktop.gantt.canvas import ZOOM_STEP, GanttCanvas
from projectdesk.desktop.gantt.items import LinkItem
from projectdesk.desktop.gantt.layout import Hit, Lane, Part
from projectdesk.desktop.gantt.moving import Drag, Tie, moved
from projectdesk.desktop.gantt.words import length, when
from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.theme import tokens
from projectdesk.domain.workplan import DependencyType
from projectdesk.services.gantt_rows import GanttBar, GanttPlan

_SLACK = 4
"""Pixels that the mouse may tremble before a press becomes a drag."""
_KEYS_REST_MS = 700
_NEAR_LINK = 5.0
_EDGE = 24
_SHAPES = {
    Part.START: Qt.CursorShape.SizeHorCursor,
    Part.END: Qt.CursorShape.SizeHorCursor,
    Part.BAR: Qt.CursorShape.OpenHandCursor,
    Part.MARK: Qt.CursorShape.OpenHandCursor,
    Part.TIE_START: Qt.CursorShape.CrossCursor,
    Part.TIE_END: Qt.CursorShape.CrossCursor,
    Part.LANE: Qt.CursorShape.ArrowCursor,
}
_TIES = frozenset({Part.TIE_START, Part.TIE_END})
_ARROWS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


@dataclass
class _Press:
    """A mouse button that is down. at: where in the viewport; drag: None = it moves nothing."""

    at: QPoint
    hit: Hit | None
    drag: Drag | None = None
    months: int = 0
    under_way: bool = False


class GanttView(GanttCanvas):
    """The chart that a person works in. What they do comes out by signals; nothing is saved here.

    with_content: a work package takes all that is in it along; Alt does the other of the two.
    """

    moved = Signal(object)
    """tuple of GanttMove: bars and marks were put somewhere else."""
    tied = Signal(object)
    """Tie: a dependency was drawn."""
    untied = Signal(object)
    """GanttLink: a dependency shall go."""
    opened = Signal(object, object)
    """Kind, UUID: a record shall be opened."""

    def __init__(self, plan: GanttPlan, today: date) -> None:
        super().__init__(plan, today)
        self.with_content = True
        self._press: _Press | None = None
        self._hovered: UUID | None = None
        self._waiting: tuple[GanttPlan, date] | None = None
        self._keys: _Press | None = None
        self._keys_rest = QTimer(self)
        self._keys_rest.setSingleShot(True)
        self._keys_rest.setInterval(_KEYS_REST_MS)
        self._keys_rest.timeout.connect(self._commit_keys)
        self.link_chosen: LinkItem | None = None
        self._rubber: tuple[QPointF, QPointF] | None = None
        self.bubble = QLabel(self.viewport())
        self.bubble.setProperty("look", "bubble")
        self.bubble.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.bubble.hide()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.titles.opened.connect(self._open)

    # --- from outside

    def show_plan(self, plan: GanttPlan, today: date) -> None:
        """Show the plan as it is saved now; while something is dragged, after it."""
        if self._press is not None and self._press.under_way:
            self._waiting = (plan, today)
            return
        super().show_plan(plan, today)
        self.describe()

    @property
    def dragging(self) -> bool:
        """Whether something is being moved, by mouse or keys."""
        return self._keys is not None or (self._press is not None and self._press.under_way)

    def cancel(self) -> None:
        """Let go without moving anything."""
        self._keys_rest.stop()
        self._press = self._keys = None
        self._end_rubber()
        self.bubble.hide()
        self.show_moved(self.plan)
        self._take_waiting()

    # --- mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._commit_keys()
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        at = event.position().toPoint()
        hit = self._hit(at)
        self._choose_link(None)
        if hit is None or hit.id is None:
            link = self._link_at(at)
            if link is not None:
                self._choose_link(link)
                return
            self._press = _Press(at, None)
            return
        if hit.part not in _TIES:
            self.choose(hit.id)
        self._press = _Press(at, hit, self._drag(hit, event.modifiers()))

    def _drag(self, hit: Hit, modifiers: Qt.KeyboardModifier) -> Drag | None:
        if hit.id is None or hit.part in _TIES:
            return None
        other = bool(modifiers & Qt.KeyboardModifier.AltModifier)
        return Drag.begin(self.plan, hit.id, hit.part, with_content=self.with_content != other)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at, press = event.position().toPoint(), self._press
        if press is None or not event.buttons() & Qt.MouseButton.LeftButton:
            self._hover(at)
            return
        if not press.under_way:
            if (at - press.at).manhattanLength() < _SLACK:
                return
            press.under_way = True
            if press.drag is not None:
                self.viewport().setCursor(_shape_held(press))
        if press.hit is None:
            self._pan(press, at)
        elif press.hit.part in _TIES:
            self._draw_tie(press.hit, at)
        elif press.drag is not None:
            self._follow_edge(press, at)
            months = press.drag.held_to(self.timescale.steps(at.x() - press.at.x()))
            self._preview(press, months, at)

    def _preview(self, press: _Press, months: int, at: QPoint) -> None:
        """Show where all would be; `at`: where its months are said, viewport pixels."""
        drag = press.drag
        if drag is None:
            return
        if months != press.months:
            press.months = months
            self.show_moved(moved(self.plan, drag.moves(months)))
        row = self.row(drag.rows[0].id)
        if row is not None:
            parts = (row.label, when(row, self.plan.start_date), length(row), _stays(drag.stayed))
            self._say(formats.joined(parts), at)

    def _say(self, words: str, at: QPoint) -> None:
        if self.bubble.text() != words:
            self.bubble.setText(words)
            self.bubble.adjustSize()
        room = self.viewport().rect()
        x = min(max(at.x() + 14, 4), max(room.width() - self.bubble.width() - 4, 4))
        y = at.y() - self.bubble.height() - 12
        self.bubble.move(x, y if y > 0 else at.y() + 22)
        self.bubble.show()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        press = self._press
        if press is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        self._press = None
        self.bubble.hide()
        self._hover(event.position().toPoint())
        if not press.under_way:
            if press.hit is None:
                self.choose(None)
            return
        if press.hit is not None and press.hit.part in _TIES:
            self._finish_tie(press.hit, event.position().toPoint())
        elif press.drag is not None:
            self._commit(press)
        self._take_waiting()

    def _commit(self, press: _Press) -> None:
        if press.drag is not None and (moves := press.drag.moves(press.months)):
            self.show_committed(moves)
            self.moved.emit(moves)

    def _take_waiting(self) -> None:
        if self._waiting is not None:
            plan, today = self._waiting
            self._waiting = None
            self.show_plan(plan, today)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        hit = self._hit(event.position().toPoint())
        if hit is not None and hit.id is not None:
            self._press = None
            self._open(hit.id)

    def _open(self, row_id: UUID) -> None:
        row = self.row(row_id)
        if row is not None:
            self.opened.emit(row.kind, row.id)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta().y() or event.angleDelta().x()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and turn:
            if self._press is None:
                self.zoom(ZOOM_STEP ** (turn / 120), event.position().x())
            event.accept()
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and turn:
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() - turn)
            event.accept()
        else:
            super().wheelEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover_row(None)
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = event.pos()
        rect = self.rect_of(self.chosen) if self.chosen is not None else None
        if event.reason() is QContextMenuEvent.Reason.Keyboard and rect is not None:
            at = self.mapFromScene(rect.left + min(rect.width / 2, 20.0), rect.middle)
        menu = self.menu_at(at)
        if menu is not None:
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self.viewport().mapToGlobal(at))

    def menu_at(self, at: QPoint) -> QMenu | None:
        """Return what can be done with what lies at a place of the viewport, None for nothing."""
        hit, menu = self._hit(at), QMenu(self)
        if hit is not None and hit.id is not None:
            row_id = hit.id
            self.choose(row_id)
            menu.addAction(say("Open|verb"), lambda: self._open(row_id))
            lane = self.layout_shown.lanes[hit.lane]
            if hit.part is not Part.MARK and lane.is_package and lane.children:
                words = say("Show tasks") if lane.collapsed else say("Hide tasks")
                menu.addAction(words, lambda: self.fold(row_id))
            return menu
        link = self._link_at(at)
        if link is None:
            menu.deleteLater()
            return None
        self._choose_link(link)
        menu.addAction(say("Delete dependency"), lambda: self.untied.emit(link.link))
        return menu

    # --- what the mouse is over

    def _hit(self, at: QPoint) -> Hit | None:
        place = self.mapToScene(at)
        return self.layout_shown.hit(self.timescale, place.x(), place.y(), self._hovered)

    def _hover(self, at: QPoint) -> None:
        hit = self._hit(at)
        row_id = None if hit is None or hit.part is Part.MARK else hit.id
        self._hover_row(row_id)
        shape = _SHAPES[hit.part] if hit is not None else Qt.CursorShape.ArrowCursor
        if shape is Qt.CursorShape.ArrowCursor and self._link_at(at) is not None:
            shape = Qt.CursorShape.PointingHandCursor
        self.viewport().setCursor(shape)
        self._tell_about(hit)

    def _tell_about(self, hit: Hit | None) -> None:
        """Let the tool tip say what the mouse rests on."""
        row = None if hit is None else self.row(hit.id)
        words = ""
        if row is not None:
            lines = (
                f"{row.label}  {row.title}",
                when(row, self.plan.start_date),
                say("Lead: {name}", name=row.lead) if row.lead else "",
            )
            words = "\n".join(line for line in lines if line)
        if words != self.viewport().toolTip():
            self.viewport().setToolTip(words)

    def _hover_row(self, row_id: UUID | None) -> None:
        if row_id != self._hovered:
            before, self._hovered = self._hovered, row_id
            self._update_row(before)
            self._update_row(row_id)

    def _pan(self, press: _Press, at: QPoint) -> None:
        way, press.at = at - press.at, at
        for bar, pixels in (
            (self.horizontalScrollBar(), way.x()),
            (self.verticalScrollBar(), way.y()),
        ):
            bar.setValue(bar.value() - pixels)

    def _follow_edge(self, press: _Press, at: QPoint) -> None:
        """Scroll along when something is dragged to the edge of what can be seen."""
        width, bar = self.viewport().width(), self.horizontalScrollBar()
        step = min(at.x() - _EDGE, 0) + max(at.x() - (width - _EDGE), 0)
        before = bar.value()
        bar.setValue(before + step)
        press.at -= QPoint(bar.value() - before, 0)

    # --- dependencies

    def _link_at(self, at: QPoint) -> LinkItem | None:
        place = self.mapToScene(at)
        near = [
            (distance(item.way, place.x(), place.y()), number, item)
            for number, item in enumerate(self.links_shown())
            if item.boundingRect().contains(place)
        ]
        found = min(near, default=None)
        return found[2] if found is not None and found[0] <= _NEAR_LINK else None

    def _choose_link(self, item: LinkItem | None) -> None:
        for each, chosen in ((self.link_chosen, False), (item, True)):
            if each is not None:
                each.chosen = chosen
                each.update()
        self.link_chosen = item
        if item is not None:
            self.setFocus()

    def _tie_target(self, hit: Hit, at: QPoint) -> tuple[GanttBar, bool] | None:
        """Return the bar below the mouse, and whether its second half; not the own bar."""
        place = self.mapToScene(at)
        found = self.layout_shown.hit(self.timescale, place.x(), place.y())
        if found is None:
            return None
        lane = self.layout_shown.lanes[found.lane]
        if lane.bar is None or lane.bar.id == hit.id or found.part in {Part.LANE, Part.MARK}:
            return None
        rect = lane.bar_rect(self.timescale)
        return lane.bar, place.x() > rect.left + rect.width / 2

    def _draw_tie(self, hit: Hit, at: QPoint) -> None:
        own = self.rect_of(hit.id) if hit.id is not None else None
        if own is None:
            return
        x = own.right if hit.part is Part.TIE_END else own.left
        self._set_rubber(QPointF(x, own.middle), self.mapToScene(at))
        target, row = self._tie_target(hit, at), self.row(hit.id)
        if target is None or row is None:
            self._say(say("Drop it on another bar"), at)
            return
        bar, second = target
        tie = type_between(leaves_end=hit.part is Part.TIE_END, enters_end=second)
        self._say(_tie_words(tie, row.label, bar.label), at)

    def _finish_tie(self, hit: Hit, at: QPoint) -> None:
        self._end_rubber()
        target, before = self._tie_target(hit, at), self.row(hit.id)
        if target is not None and isinstance(before, GanttBar):
            bar, second = target
            tie = type_between(leaves_end=hit.part is Part.TIE_END, enters_end=second)
            self.tied.emit(Tie(before, bar, tie))

    def _set_rubber(self, begin: QPointF, end: QPointF) -> None:
        self._rubber = (begin, end)
        self.viewport().update()

    def _end_rubber(self) -> None:
        if self._rubber is not None:
            self._rubber = None
            self.viewport().update()

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        if self.hasFocus():
            painter.save()
            painter.resetTransform()
            painter.setPen(QPen(QColor(tokens().accent), 2))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))
            painter.restore()
        super().drawForeground(painter, rect)
        hovered = self._hovered
        row = self.row(hovered)
        if hovered is not None and isinstance(row, GanttBar) and not self.dragging:
            place = self.rect_of(hovered)
            if place is not None:
                painting.paint_ties(painter, place, self.looks.style)
        if self._rubber is not None:
            painter.setPen(QPen(self.looks.style.link_chosen.color(), 1.6, Qt.PenStyle.DashLine))
            painter.drawLine(*self._rubber)

    # --- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._handle_key(Qt.Key(event.key()), event.modifiers()):
            super().keyPressEvent(event)

    def _handle_key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        alt = bool(modifiers & Qt.KeyboardModifier.AltModifier)
        control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        if key == Qt.Key.Key_Escape and (self.dragging or self._press is not None):
            self.cancel()
        elif alt and key in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            resize = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
            self._move_by_key(_ARROWS[key], resize=resize)
        elif alt or (control and not self._zoom_by_key(key)):
            return False
        elif control:
            return True
        elif key in _ARROWS:
            self._commit_keys()
            self._walk(key)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.chosen is not None:
            self._commit_keys()
            self._open(self.chosen)
        elif key == Qt.Key.Key_Space and (lane := self._lane_chosen()) is not None:
            if lane.bar is not None and lane.is_package:
                self.fold(lane.bar.id)
        elif key == Qt.Key.Key_Delete and self.link_chosen is not None:
            self.untied.emit(self.link_chosen.link)
        else:
            return False
        return True

    def _zoom_by_key(self, key: Qt.Key) -> bool:
        match key:
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(ZOOM_STEP)
            case Qt.Key.Key_Minus:
                self.zoom(1 / ZOOM_STEP)
            case Qt.Key.Key_0:
                self.fit()
            case _:
                return False
        return True

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Alt:
            self._commit_keys()
        super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._commit_keys()
        super().focusOutEvent(event)
        self.viewport().update()

    def _lane_chosen(self) -> Lane | None:
        number = self.layout_shown.lane_of.get(self.chosen) if self.chosen else None
        return None if number is None else self.layout_shown.lanes[number]

    def _walk(self, key: Qt.Key) -> None:
        """Choose the next lane up or down, or the next mark of the lane left or right."""
        lanes, lane, step = self.layout_shown.lanes, self._lane_chosen(), _ARROWS[key]
        if lane is None:
            goal: int | None = 0
        elif key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            goal = lanes.index(lane) + step
        else:
            goal = None
        if goal is None and lane is not None:
            inside = _rows_of(lane)
            number = inside.index(self.chosen) + step if self.chosen in inside else 0
            self.choose(inside[min(max(number, 0), len(inside) - 1)], show=True)
        elif goal is not None and 0 <= goal < len(lanes):
            self.choose(_rows_of(lanes[goal])[0], show=True)
        self._announce()

    def _announce(self) -> None:
        if self.accessibleDescription():
            QAccessible.updateAccessibility(
                QAccessibleAnnouncementEvent(self, self.accessibleDescription())
            )

    def _move_by_key(self, step: int, *, resize: bool) -> None:
        """Move what is chosen by a month; it is saved when the keys come to rest."""
        if self.chosen is None or self._press is not None:
            return
        part = Part.END if resize else Part.BAR
        if self._keys is None or self._keys.hit is None or self._keys.hit.part is not part:
            self._commit_keys()
            lane = self.layout_shown.lane_of[self.chosen]
            drag = Drag.begin(self.plan, self.chosen, part, with_content=self.with_content)
            if drag is None or (resize and drag.part is not Part.END):
                return
            self._keys = _Press(QPoint(), Hit(part, lane, self.chosen), drag)
        drag = self._keys.drag
        rect = self.rect_of(self.chosen)
        if drag is None or rect is None:
            return
        at = self.mapFromScene(rect.left + min(rect.width, 40.0), rect.top)
        self._preview(self._keys, drag.held_to(self._keys.months + step), at)
        self.describe()
        self._announce()
        self._keys_rest.start()

    def _commit_keys(self) -> None:
        keys, self._keys = self._keys, None
        self._keys_rest.stop()
        if keys is not None:
            self.bubble.hide()
            self._commit(keys)


def _rows_of(lane: Lane) -> list[UUID]:
    """Return what can be chosen in a lane, from the left: its bar, then its marks."""
    marks = sorted(lane.marks, key=lambda mark: mark.row.due_month)
    return [*([lane.bar.id] if lane.bar is not None else []), *(mark.row.id for mark in marks)]


def _stays(marks: int) -> str:
    """Return how many marks a work package leaves behind, "" for none."""
    if not marks:
        return ""
    return say_count(marks, "{count} that is done stays", "{count} that are done stay")


def _shape_held(press: _Press) -> Qt.CursorShape:
    if press.hit is not None and press.hit.part in {Part.START, Part.END}:
        return Qt.CursorShape.SizeHorCursor
    return Qt.CursorShape.ClosedHandCursor


def _tie_words(tie: DependencyType, before: str, after: str) -> str:
    match tie:
        case DependencyType.FINISH_START:
            return say("{after} starts when {before} has ended", after=after, before=before)
        case DependencyType.START_START:
            return say("{after} starts when {before} has started", after=after, before=before)
        case DependencyType.FINISH_FINISH:
            return say("{after} ends when {before} has ended", after=after, before=before)
        case DependencyType.START_FINISH:
            return say("{after} ends when {before} has started", after=after, before=before)
