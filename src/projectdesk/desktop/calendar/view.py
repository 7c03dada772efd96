"""The calendar on the screen: an item view, painted as a month or a week.

Each entry is a row of the model, so that a screen reader finds all of them; keyboard and mouse
reach each. An arrow moves the place that one is at; N and P go from entry to entry; Enter opens an
entry, and plans a meeting where there is none; Alt and an arrow move a planned meeting.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFrame, QListView, QToolTip

from projectdesk.desktop.calendar.days import View
from projectdesk.desktop.calendar.entries import Entry, moved_entry
from projectdesk.desktop.calendar.faces import Content, Face, MonthFace, WeekFace
from projectdesk.desktop.calendar.layout import Place, Sizes
from projectdesk.desktop.calendar.painting import Look
from projectdesk.desktop.calendar.style import Style
from projectdesk.desktop.calendar.words import described, state_words, when_words
from projectdesk.desktop.language import say
from projectdesk.desktop.models.fields import Column
from projectdesk.desktop.models.formats import city, clock
from projectdesk.desktop.models.rows_model import RowsModel
from projectdesk.desktop.theme import theme

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
_MIRRORED = {Qt.Key.Key_Left: Qt.Key.Key_Right, Qt.Key.Key_Right: Qt.Key.Key_Left}
_FIRST_HOUR = 7.5
_NUDGE = timedelta(minutes=15)
_LONG = datetime(2026, 1, 1, 22, 50)  # noqa: DTZ001 - how wide a time is


class CalendarView(QListView):
    """Shows entries. Nothing is saved here: `moved` says what a drag asks for.

    A list view, because Qt tells screen readers of those, and of no other item view of one's own;
    nothing of its layout is used.
    """

    opened = Signal(object)
    """Entry: a click on it, or Enter."""
    planned = Signal(object)
    """Place: an empty one was double clicked, or Enter pressed there."""
    moved = Signal(object, object)
    """Entry, and its new start (naive, the reader's zone)."""
    moved_days = Signal(object, int)
    """Entry, and by how many days."""
    more_asked = Signal(object)
    """date: what had no room there is wanted."""
    left = Signal(int)
    """The arrow keys left what is shown: a step forward or back."""
    stepped = Signal(int)
    """Page Up or Page Down: so many weeks or months on."""
    menu_asked = Signal(object, object)
    """Entry or Place, and where (QPoint)."""

    def __init__(self, zone: str, now: Callable[[], datetime]) -> None:
        """Make an empty calendar.

        Args:
            zone: the reader's.
            now: the present, naive, in the reader's zone.
        """
        super().__init__()
        self._now = now
        self._faces: dict[View, Face] = {View.MONTH: MonthFace(), View.WEEK: WeekFace()}
        self._face: Face = self._faces[View.MONTH]
        self._content = Content(date.min, date.min, date.min, (), now())
        self._look = Look(Style(theme().tokens, self.font()), date.min, zone)
        self._place: Place | None = None
        self._pressed: tuple[Entry, Place, QPoint] | None = None
        self._dragged: Entry | None = None
        self._hours_shown = False
        self.rows: RowsModel[Entry] = RowsModel(self._columns(), lambda entry: entry.key)
        self.rows.setParent(self)
        self.setModel(self.rows)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName(say("Calendar"))
        theme().changed.connect(self._on_theme)

    def _columns(self) -> list[Column[Entry]]:
        return [
            Column(say("What"), self.words_of),
            Column(say("When"), when_words),
            Column(say("Project"), lambda entry: entry.project),
            Column(say("State"), lambda entry: state_words(entry, self._look.today)),
        ]

    # --- what it shows

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries that are shown, in order."""
        return self.rows.rows

    @property
    def place(self) -> Place | None:
        """Where the keyboard is."""
        return self._place

    @property
    def face(self) -> Face:
        """What lays out and paints."""
        return self._face

    @property
    def look(self) -> Look:
        """How entries are painted."""
        return self._look

    def words_of(self, entry: Entry) -> str:
        """Return all that is said of an entry."""
        return described(entry, self._look.zone, self._look.other, self._look.today)

    def show_entries(
        self,
        view: View,
        anchor: date,
        span: tuple[date, date],
        entries: Sequence[Entry],
        *,
        zone: str,
        other: str,
        named: bool,
    ) -> None:
        """Show a month or a week.

        Args:
            view: which of both.
            anchor: the day that the person is at.
            span: first day, and the one after the last.
            entries: in order.
            zone: the reader's.
            other: a second one, "" = none.
            named: with the acronym of projects.
        """
        now = self._now()
        self._face = self._faces[view]
        self._content = Content(*span, anchor, entries, now)
        self._look = replace(
            self._look, today=now.date(), zone=zone, other=other, named=named, held=""
        )
        self._dragged = None
        self.rows.set_rows(entries)
        if self._place is None or not span[0] <= self._place.day < span[1]:
            self._place = Place(anchor)
        self._arrange()

    def tick(self) -> None:
        """Show the present anew."""
        now = self._now()
        self._content = replace(self._content, now=now)
        self._look = replace(self._look, today=now.date())
        self._arrange()

    def select_place(self, place: Place) -> None:
        """Go to a day, or a time of it."""
        self._place = place
        entry = self._entry_at_place(place)
        index = _NOWHERE if entry is None else self._index_of(entry)
        self.setCurrentIndex(index)
        self._show_place()
        self.viewport().update()

    def select_entry(self, entry: Entry) -> None:
        """Go to an entry."""
        minute = None
        if entry.in_hours and entry.start is not None and self._face.view is View.WEEK:
            minute = (entry.start.hour * 60 + entry.start.minute) // 30 * 30
        self._place = Place(max(entry.first, self._content.begin), minute)
        self.setCurrentIndex(self._index_of(entry))
        self._show_place()
        self.viewport().update()

    def holds(self, day: date) -> bool:
        """Return whether a day is shown."""
        return self._content.begin <= day < self._content.end

    def current_entry(self) -> Entry | None:
        """Return the entry that has the focus."""
        index = self.currentIndex()
        return self.rows.row(index.row()) if index.isValid() else None

    # --- layout

    def _arrange(self) -> None:
        style = self._look.style
        line = max(style.metrics.height() + 5, 20.0)
        names = [city(zone) for zone in (self._look.zone, self._look.other)]
        wide = max(style.metrics.horizontalAdvance(name) for name in names)
        gutter = max(style.metrics.horizontalAdvance(f"{clock(_LONG)} +1"), min(wide, 84.0)) + 12
        gutters = 2 if self._look.other else 1
        sizes = Sizes(line=line, gutter=round(gutter), gutters=gutters)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        chosen = self.current_entry()
        self._look = replace(
            self._look, mirrored=mirrored, chosen="" if chosen is None else chosen.key
        )
        size = float(self.viewport().width()), float(self.viewport().height())
        content = self._content
        if content.begin == content.end:
            return
        if self._dragged is not None:
            shown = [self._dragged if e.key == self._dragged.key else e for e in content.entries]
            content = replace(content, entries=shown)
        self._face.lay_out(content, size, sizes, self._look)
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(24)
        bar.setRange(0, round(self._face.rest()))
        if self._face.view is View.WEEK and not self._hours_shown and self._face.rest() > 0:
            self._hours_shown = True
            bar.setValue(round(_FIRST_HOUR * sizes.hour))
        self._face.scrolled = float(bar.value())
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.LayoutDirectionChange):
            self._on_theme()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self._face.scrolled = float(self.verticalScrollBar().value())
        self.viewport().update()

    def _on_theme(self) -> None:
        self._look = replace(self._look, style=Style(theme().tokens, self.font()))
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._content.begin == self._content.end:
            return
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = self._place if self.hasFocus() and not self._look.chosen else None
        self._face.paint(painter, self._look, place)
        painter.end()

    # --- the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        x, y = event.position().x(), event.position().y()
        box, place = self._face.box_at(x, y), self._face.place_at(x, y)
        exact = self._face.place_at(x, y, exact=True)
        if box is not None:
            self.select_entry(box.entry)
            if exact is not None:
                self._pressed = box.entry, exact, event.position().toPoint()
        elif place is not None:
            self.select_place(place)
            more = self._face.more_at(x, y)
            if more is not None:
                self.more_asked.emit(more.day)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._pressed is not None:
            self._drag(at)
            return
        box = self._face.box_at(at.x(), at.y())
        held = "" if box is None else box.entry.key
        if held != self._look.held:
            self._look = replace(self._look, held=held)
            clickable = box is not None and (box.entry.meeting or box.entry.mark) is not None
            shape = Qt.CursorShape.PointingHandCursor if clickable else Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(shape)
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, dragged = self._pressed, self._dragged
        self._pressed, self._dragged = None, None
        if pressed is None:
            return
        if dragged is None:
            self.opened.emit(pressed[0])
            return
        before = pressed[0]
        if dragged == before or before.start is None or dragged.start is None:
            self._arrange()
        elif dragged.start.time() == before.start.time():
            self.moved_days.emit(before, (dragged.first - before.first).days)
        else:
            self.moved.emit(before, dragged.start)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        x, y = event.position().x(), event.position().y()
        place = self._face.place_at(x, y)
        empty = self._face.box_at(x, y) is None and self._face.more_at(x, y) is None
        if event.button() is Qt.MouseButton.LeftButton and empty and place is not None:
            self.planned.emit(place)

    def _drag(self, at: QPointF) -> None:
        """Show a meeting where it would be if it were let go here."""
        if self._pressed is None:
            return
        entry, held, pressed_at = self._pressed
        far = (at.toPoint() - pressed_at).manhattanLength() >= QApplication.startDragDistance()
        if not entry.movable or entry.start is None or not (far or self._dragged is not None):
            return
        place = self._face.place_at(at.x(), at.y(), exact=True)
        if place is None:
            return
        moved = timedelta(days=(place.day - held.day).days)
        if place.minute is not None and held.minute is not None:
            moved += timedelta(minutes=place.minute - held.minute)
        self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        self._dragged = moved_entry(entry, entry.start + moved)
        self._arrange()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = event.pos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            entry, place = self.current_entry(), self._place
            rects = self._face.rects_of(entry.key) if entry is not None else []
            at = QPoint(int(rects[0].left), int(rects[0].bottom)) if rects else at
        else:
            box = self._face.box_at(at.x(), at.y())
            entry = None if box is None else box.entry
            place = self._face.place_at(at.x(), at.y())
        target: object = entry if entry is not None else place
        if target is not None:
            self.menu_asked.emit(target, self.viewport().mapToGlobal(at))

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            box = self._face.box_at(event.pos().x(), event.pos().y())
            if box is None:
                QToolTip.hideText()
            else:
                words = self.words_of(box.entry).replace(", ", "\n")
                QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().viewportEvent(event)

    # --- the keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        alone = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if key in _ARROWS and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._nudge(Qt.Key(key))
        elif key in _ARROWS and alone:
            self._step(Qt.Key(key))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.stepped.emit(1 if key == Qt.Key.Key_PageDown else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif key in (Qt.Key.Key_N, Qt.Key.Key_P) and alone:
            self._next(1 if key == Qt.Key.Key_N else -1)
        elif key == Qt.Key.Key_Escape and self._dragged is not None:
            self._pressed, self._dragged = None, None
            self._arrange()
        else:
            event.ignore()

    def _step(self, key: Qt.Key) -> None:
        if self._place is None:
            return
        if self._look.mirrored:
            key = _MIRRORED.get(key, key)
        place = self._face.moved(self._place, key)
        if self.holds(place.day):
            self.select_place(place)
            return
        self._place = place
        self.left.emit(1 if place.day >= self._content.end else -1)

    def _enter(self) -> None:
        entry = self.current_entry()
        if entry is not None:
            self.opened.emit(entry)
        elif self._place is not None:
            self.planned.emit(self._place)

    def _next(self, by: int) -> None:
        """Go to the entry after or before the one that has the focus, or after the place."""
        if not self.entries:
            return
        index = self.currentIndex()
        if index.isValid():
            number = index.row() + by
        else:
            day = self._place.day if self._place is not None else self._content.begin
            number = next((n for n, e in enumerate(self.entries) if e.first >= day), 0)
            number -= by < 0
        if 0 <= number < len(self.entries):
            self.select_entry(self.entries[number])
        else:
            self.left.emit(by)

    def _nudge(self, key: Qt.Key) -> None:
        """Move a meeting by the keyboard: a day to the side, a quarter of an hour up or down."""
        entry = self.current_entry()
        if entry is None or not entry.movable or entry.start is None:
            return
        if self._look.mirrored:
            key = _MIRRORED.get(key, key)
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.moved_days.emit(entry, 1 if key is Qt.Key.Key_Right else -1)
        else:
            self.moved.emit(entry, entry.start + (_NUDGE if key is Qt.Key.Key_Down else -_NUDGE))

    def _entry_at_place(self, place: Place) -> Entry | None:
        """Return what is at a place: of a day in a month the first, in a week by its time."""
        for entry in self.entries:
            if not entry.first <= place.day <= entry.last:
                continue
            if place.minute is None:
                if self._face.view is View.MONTH or not entry.in_hours:
                    return entry
                continue
            minutes = entry.minutes_on(place.day) if entry.in_hours else None
            if minutes and minutes[0] < place.minute + 30 and minutes[1] > place.minute:
                return entry
        return None

    def _show_place(self) -> None:
        if self._face.view is View.WEEK and self._place is not None:
            minute = self._place.minute
            if minute is not None:
                hour = Sizes().hour
                bar, page = self.verticalScrollBar(), self.viewport().height() - self._top()
                top, bottom = minute * hour / 60, (minute + 30) * hour / 60
                if top < bar.value():
                    bar.setValue(int(top))
                elif bottom > bar.value() + page:
                    bar.setValue(int(bottom - page))

    def _top(self) -> float:
        face = self._face
        return face.laid.top if isinstance(face, WeekFace) else 0.0

    def _index_of(self, entry: Entry) -> QModelIndex:
        number = self.rows.find(entry.key)
        return _NOWHERE if number is None else self.rows.index(number, 0)

    # --- what an item view has to say

    def doItemsLayout(self) -> None:
        """Lay out nothing: `_arrange` does."""

    def updateGeometries(self) -> None:
        """Keep the scroll bar: `_arrange` knows how high the hours are."""

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        entry = self.rows.row(current.row()) if current.isValid() else None
        self._look = replace(self._look, chosen="" if entry is None else entry.key)
        self.viewport().update()

    def visualRect(self, index: Index) -> QRect:
        if not index.isValid() or self._content.begin == self._content.end:
            return QRect()
        rects = self._face.rects_of(self.rows.row(index.row()).key)
        if not rects:
            return QRect()
        one = rects[0]
        return QRect(int(one.left), int(one.top), int(one.width), int(one.height))

    def indexAt(self, point: QPoint) -> QModelIndex:
        if self._content.begin == self._content.end:
            return QModelIndex()
        box = self._face.box_at(point.x(), point.y())
        return QModelIndex() if box is None else self._index_of(box.entry)

    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Scroll nothing: `select_entry` shows the hours that it needs."""

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        return self.currentIndex()

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: Index) -> bool:
        return False

    def setSelection(self, rect: QRect, command: object) -> None:
        """Select nothing by a rectangle: an entry has the focus or has it not."""

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        return QRegion()


def start_of(place: Place, usual: time) -> datetime:
    """Return the time of a place; a day as a whole has the usual time."""
    if place.minute is None:
        return datetime.combine(place.day, usual)
    return datetime.combine(place.day, time.min) + timedelta(minutes=place.minute)
