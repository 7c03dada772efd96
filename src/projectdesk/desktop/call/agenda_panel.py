"""The agenda in the console: the running item with its clock, and the list one can jump in."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from projectdesk.desktop.call.panel import Panel, Surroundings
from projectdesk.desktop.call.room import ItemClock, LiveRoom, spell
from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.theme import Tone, restyle, theme
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XS
from projectdesk.desktop.widgets.badges import Chip
from projectdesk.desktop.widgets.layout import (
    button,
    column,
    frame,
    icon_button,
    row,
    scrolled,
    show_if,
    text,
)
from projectdesk.desktop.widgets.spoken import Role, play
from projectdesk.signalling import call, leading

_WORTH_SAYING = timedelta(minutes=1)


class CurrentItem(QWidget):
    """The running item: title, presenter, clock, and the way on."""

    next_asked = Signal()
    pause_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.over = Chip(say("over time"), Tone.DANGER)
        self._caption = text(say("Now"), "caption")
        self._title = text("", "heading", wrap=True)
        self._presenter = text("", "muted", wrap=True)
        self._clock = text("", "number")
        self._planned = text("", "muted")
        self._following = text("", "caption", wrap=True)
        self.next = button(say("Start|verb"), "primary", "arrow-right", self.next_asked.emit)
        self._pause = button(say("Pause"), "quiet", "pause", self.pause_asked.emit)
        card = frame(
            "card",
            column(
                row(self._caption, None, self.over),
                self._title,
                self._presenter,
                row(self._clock, self._planned, None, spacing=SPACE_S),
                row(self.next, self._pause, None, spacing=SPACE_S),
                self._following,
                spacing=SPACE_S,
                margins=(SPACE_L, SPACE_M, SPACE_L, SPACE_L),
            ),
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)

    def show_room(self, room: LiveRoom, now: datetime) -> None:
        """Show which item runs and what comes next."""
        current = room.current(now)
        following = room.next_item()
        started = room.elapsed(now) is not None
        if current is not None:
            self._title.setText(named(current.item))
            self._presenter.setText(current.item.presenter)
        else:
            self._title.setText(
                say("Between two items") if started else say("The agenda has not started")
            )
            self._presenter.setText("")
        show_if(self._presenter, bool(self._presenter.text()))
        self.next.setEnabled(following is not None)
        self.next.setText(say("Next item") if started else say("Start the agenda"))
        self._following.setText(
            say("That is the last item.")
            if following is None
            else say("Next: {item}", item=named(following))
        )
        self._pause.setEnabled(current is not None)
        self.show_clock(current)

    def show_clock(self, current: ItemClock | None) -> None:
        """Show the running item's clock."""
        show_if(self._clock, current is not None)
        show_if(self._planned, current is not None)
        show_if(self.over, current is not None and current.over)
        if current is None:
            return
        self._clock.setText(spell(current.elapsed))
        planned = current.minutes
        self._planned.setText(
            say("of {planned} min, {over} over", planned=planned, over=spell(-current.left))
            if current.over
            else say("of {planned} min, {left} left", planned=planned, left=spell(current.left))
        )
        look = "alarm" if current.over else "muted"
        if self._planned.property("look") != look:
            self._planned.setProperty("look", look)
            restyle(self._planned)


class _ItemRow(QFrame):
    """One agenda item; a double click or Return makes it the current one."""

    chosen = Signal(str)
    selected = Signal(str)
    retimed = Signal(object)

    def __init__(self, item: str) -> None:
        super().__init__()
        self._item = item
        play(self, Role.ListItem)
        self._clock: ItemClock | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._number = text("", "muted")
        self._number.setFixedWidth(26)
        self._number.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        self._title = text("", wrap=True)
        self._presenter = text("", "caption")
        self._time = QLabel()
        self._time.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        self._dropped = Chip("", Tone.NEUTRAL)
        self.menu = icon_button("ellipsis", "")
        self.menu.setMenu(QMenu(self.menu))
        self.menu.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu.menu().aboutToShow.connect(self._fill_menu)
        words = column(self._title, self._presenter, spacing=2)
        pieces = (self._number, words, self._dropped, self._time, self.menu)
        line = row(*pieces, spacing=SPACE_S, margins=(4, 8, SPACE_XS, 8))
        line.setStretch(1, 1)
        self.setLayout(line)

    def show_clock(self, clock: ItemClock) -> None:
        """Show the item with its clock."""
        self._clock = clock
        self._dropped.set(_dropped(clock.item.dropped))
        show_if(self.menu, bool(retimings(clock)))
        self.menu.setAccessibleName(_menu_words(clock.item))
        self._number.setText(clock.item.number)
        self._title.setText(clock.item.title)
        self._presenter.setText(clock.item.presenter)
        show_if(self._presenter, bool(clock.item.presenter))
        touched = clock.current or clock.elapsed.total_seconds() > 0
        planned = say("{minutes} min", minutes=clock.minutes)
        was = clock.item.planned_minutes
        self._time.setToolTip(
            say("Planned: {minutes} min", minutes=was) if was != clock.minutes else ""
        )
        self._time.setText(f"{spell(clock.elapsed)} / {planned}" if touched else planned)
        self.setProperty("surface", "card" if clock.current else "")
        look = "alarm" if clock.over else ("strong" if clock.current else "caption")
        if self._time.property("look") != look:
            self._time.setProperty("look", look)
            restyle(self._time)
        restyle(self)
        self.setAccessibleName(f"{named(clock.item)}, {self._time.text()}")

    def _fill_menu(self) -> None:
        menu = self.menu.menu()
        menu.clear()
        for words, icon, retiming in retimings(self._clock) if self._clock else ():
            action = menu.addAction(theme().icon(icon, Tone.TEXT), words)
            action.triggered.connect(lambda _=False, how=retiming: self.retimed.emit([how]))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.selected.emit(self._item)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit(self._item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self._item)
        else:
            super().keyPressEvent(event)


class AgendaList(QWidget):
    """All items with planned and actual time.

    chosen: an item that should become the current one. selected: one clicked on. retimed: other
    times (a list of `leading.Retiming`).
    """

    chosen = Signal(str)
    selected = Signal(str)
    retimed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[str, _ItemRow] = {}
        self._headings: list[QLabel] = []
        self._shown: list[tuple[str, int, str]] = []
        self._box = column(spacing=SPACE_XS)
        inner = QWidget()
        inner.setLayout(column(self._box, None, margins=(0, SPACE_S, 0, SPACE_S)))
        self.setLayout(column(scrolled(inner), spacing=0))

    def sizeHint(self) -> QSize:
        return QSize(320, 240)

    def show_clocks(self, clocks: tuple[ItemClock, ...]) -> None:
        """Show the items, making or removing rows where the agenda changed."""
        wanted = [(clock.item.id, clock.item.day, clock.item.section) for clock in clocks]
        if self._shown != wanted:
            self._shown = wanted
            self._rebuild(clocks)
        for clock in clocks:
            self._rows[clock.item.id].show_clock(clock)

    def _rebuild(self, clocks: tuple[ItemClock, ...]) -> None:
        for shown in (*self._rows.values(), *self._headings):
            self._box.removeWidget(shown)
            shown.deleteLater()
        self._rows, self._headings = {}, []
        before: call.ShownItem | None = None
        for clock in clocks:
            words, before = heading(clock.item, before), clock.item
            if words:
                self._headings.append(text(words, "caption"))
                self._box.addWidget(self._headings[-1])
            item = clock.item.id
            made = _ItemRow(item)
            made.chosen.connect(self.chosen)
            made.selected.connect(self.selected)
            made.retimed.connect(self.retimed)
            self._rows[item] = made
            self._box.addWidget(made)


def named(item: call.ShownItem) -> str:
    """Return an item with its number; a break has none."""
    return f"{item.number}. {item.title}" if item.number else item.title


def heading(item: call.ShownItem, before: call.ShownItem | None) -> str:
    """Return what stands above an item: its day and its section where they are new, else ""."""
    new_day = item.day > 1 and (before is None or before.day != item.day)
    section = "" if new_day or before is None else before.section
    day = say("Day {day}", day=item.day) if new_day else ""
    return formats.joined(
        part for part in (day, item.section if item.section != section else "") if part
    )


def _menu_words(item: call.ShownItem) -> str:
    if not item.number:
        return say("Time of {title}", title=item.title)
    return say("Time of item {number}", number=item.number)


def _dropped(dropped: leading.Dropped) -> str:
    return {"skipped": say("skipped"), "postponed": say("postponed")}.get(dropped, "")


def retimings(clock: ItemClock) -> list[tuple[str, str, leading.Retiming]]:
    """Return what may be done to an item's time: words, icon, and what is asked of the host."""
    item = clock.item

    def changed(minutes: int | None, dropped: leading.Dropped = "") -> leading.Retiming:
        return leading.Retiming(item=item.id, minutes=minutes, dropped=dropped)

    kept = item.allotted_minutes
    if item.dropped:
        return [(say("Treat it after all"), "undo-2", changed(kept))]
    if clock.elapsed and not clock.current:
        return []
    offered = [(say("5 minutes more"), "clock", changed(clock.minutes + 5))]
    if kept is not None:
        offered.append((say("As planned"), "undo-2", changed(None)))
    if not clock.current:
        offered.append((say("Skip"), "skip-forward", changed(kept, "skipped")))
        offered.append(
            (say("Postpone to another meeting"), "arrow-right", changed(kept, "postponed"))
        )
    return offered


class AgendaPanel(Panel):
    """All items; one that is chosen becomes the current one, and what is left can be re-planned."""

    key = "agenda"
    icon = "list-todo"

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self.list = AgendaList()
        self.list.chosen.connect(lambda item: self.sent.emit(call.StartItem(item=item)))
        self.list.selected.connect(self.item_chosen)
        self.list.retimed.connect(lambda items: self.sent.emit(leading.RetimeAgenda(items=items)))
        self._room: tuple[LiveRoom, datetime] | None = None
        self._late = text("", "alarm", wrap=True)
        self.fit = button(say("Shorten what is left"), "", "clock", self._fit)
        self.overrun = frame(
            "card", row(self._late, self.fit, margins=(SPACE_M, SPACE_S, SPACE_M, SPACE_S))
        )
        self.overrun.hide()
        self.setLayout(column(SPACE_S, self.overrun, self.list, spacing=0))

    @property
    def title(self) -> str:
        """What the tab is called."""
        return say("Agenda")

    def show_room(self, room: LiveRoom, now: datetime) -> None:
        """Show the items with their clocks."""
        self.show_clocks(room, now)

    def show_clocks(self, room: LiveRoom, now: datetime) -> None:
        """Show the clocks as they go on, and whether the rest still fits."""
        self._room = (room, now)
        self.list.show_clocks(room.item_clocks(now))
        beyond = room.overrun(now)
        show_if(self.overrun, beyond >= _WORTH_SAYING)
        self._late.setText(say("As it is, {time} over the end", time=spell(beyond)))
        self.fit.setEnabled(bool(room.fitted(now)))

    def _fit(self) -> None:
        if self._room is not None:
            self.sent.emit(leading.RetimeAgenda(items=self._room[0].fitted(self._room[1])))
