"""Breakout rooms in the console: planned, opened, watched and ended."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from datetime import datetime, timedelta

from PySide6.QtWidgets import QCheckBox, QLineEdit, QSpinBox, QWidget

from projectdesk.desktop.call import breakout_plan
from projectdesk.desktop.call.breakout_tree import MAIN, GroupTree, Shown
from projectdesk.desktop.call.panel import Panel, Surroundings
from projectdesk.desktop.call.room import LiveRoom, spell
from projectdesk.desktop.language import say
from projectdesk.desktop.theme.tokens import SPACE_M, SPACE_S
from projectdesk.desktop.widgets.layout import button, column, plain, row, show_if, text
from projectdesk.signalling import breakouts

_LEADERS = {"chair", "cohost"}
_MORE = 5
_NOTHING = timedelta()


class BreakoutsPanel(Panel):
    """People in groups for a while."""

    key = "breakouts"
    icon = "layers"

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self._seat = around.published.seat
        self._room = LiveRoom()
        self._plan: breakout_plan.Plan = breakout_plan.resized((), 2, _group_name)
        self._calling = 0
        self.tree = GroupTree()
        self.tree.moved.connect(self._move)
        self.tree.renamed.connect(self._rename)
        self.planning = self._make_planning()
        self.running = self._make_running()
        pieces = (self.planning, self.running, self.tree)
        layout = column(*pieces, spacing=SPACE_M, margins=(0, SPACE_M, 0, 0))
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self.running.hide()

    # --- making -----------------------------------------------------------------------------

    def _make_planning(self) -> QWidget:
        hint = say("Drag people, or move them by their menu. They come back by themselves.")
        self.count_field = _number(1, breakouts.MAX_GROUPS, 2)
        self.count_field.setAccessibleName(say("Groups"))
        self.count_field.valueChanged.connect(self._resize)
        self.minutes = _number(0, breakouts.MAX_MINUTES, 15)
        self.minutes.setAccessibleName(say("Duration in minutes"))
        self.minutes.setSpecialValueText(say("no end"))
        self.spreads = QCheckBox(say("Who comes later joins the smallest group"))
        self.by_plan = button(say("By work package"), "", "layers", self._propose)
        self.by_chance = button(say("At random"), "", "shuffle", self._shuffle)
        self.open = button(say("Open breakout rooms"), "primary", "layout-grid", self._open)
        numbers = row(
            text(say("Groups"), "label"),
            self.count_field,
            text(say("Duration in minutes"), "label"),
            self.minutes,
            None,
            spacing=SPACE_S,
        )
        ways = row(self.by_plan, self.by_chance, None, spacing=SPACE_S)
        pieces = (text(hint, "muted", wrap=True), numbers, ways, self.spreads, row(self.open, None))
        return plain(column(*pieces, spacing=SPACE_S))

    def _make_running(self) -> QWidget:
        self.time = text("", "strong")
        self.join = button(say("Join this group"), "", "log-out", self._join)
        more = button(say("5 minutes more"), "", "clock", self._prolong)
        self.back = button(say("Bring everybody back"), "primary", "undo-2", self._close)
        at_once = button(say("At once"), "", "", self._close_now)
        self.settle = button(say("Calls are settled"), "", "", self._settle)
        self.words = QLineEdit()
        self.words.setMaxLength(breakouts.MAX_ANNOUNCEMENT)
        self.words.setPlaceholderText(say("Write to all groups"))
        self.words.setAccessibleName(say("Write to all groups"))
        self.words.returnPressed.connect(self._announce)
        send = button(say("Send"), "", "", self._announce)
        return plain(
            column(
                row(self.time, None, more, spacing=SPACE_S),
                row(self.back, at_once, None, spacing=SPACE_S),
                row(self.words, send, spacing=SPACE_S),
                row(self.join, self.settle, None, spacing=SPACE_S),
                spacing=SPACE_S,
            )
        )

    # --- the panel --------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """What the tab is called."""
        return say("Groups")

    @property
    def count(self) -> int:
        """How many groups ask for the chair."""
        return self._calling

    def show_room(self, room: LiveRoom, now: datetime) -> None:
        """Show the groups of now, or those that are planned."""
        self._room = room
        is_open = room.breakouts is not None
        show_if(self.planning, not is_open)
        show_if(self.running, is_open)
        show_if(self.by_plan, bool(room.proposed_groups))
        groups = room.breakouts.groups if room.breakouts is not None else []
        calling = sum(group.calls is not None for group in groups)
        if calling != self._calling:
            self._calling = calling
            self.labelled.emit()
        show_if(self.settle, calling > 0)
        show_if(self.join, bool(self._seat))
        show_if(self.back, room.breakouts is not None and not room.breakouts.returning)
        self._show_groups()
        self.show_clocks(room, now)

    def show_clocks(self, room: LiveRoom, now: datetime) -> None:
        """Show how long the groups go on."""
        if room.breakouts is None:
            return
        ends = room.breakouts.ends_at
        if ends is None:
            self.time.setText(say("Open until you bring everybody back"))
            return
        left = spell(max(ends - room.host_now(now), _NOTHING))
        returning = room.breakouts.returning
        self.time.setText(
            say("Back in {time}", time=left) if returning else say("{time} left", time=left)
        )

    def end(self) -> None:
        """Offer nothing more."""
        self.setEnabled(False)

    def draft(self) -> Mapping[str, str]:
        """Return the plan, and words that are half typed."""
        planned = [[group.name, *group.people] for group in self._plan]
        typed = {"words": self.words.text()} if self.words.text() else {}
        is_planned = any(group.people for group in self._plan)
        return {**typed, **({"plan": json.dumps(planned)} if is_planned else {})}

    def restore(self, draft: Mapping[str, str]) -> None:
        """Take back a plan and words; what is damaged is left out."""
        self.words.setText(draft.get("words", ""))
        try:
            planned = json.loads(draft.get("plan", "[]"))
            groups = [breakouts.PlannedGroup(name=str(n), people=list(p)) for n, *p in planned]
        except (ValueError, TypeError):
            return
        if groups:
            self._take(tuple(groups))

    # --- planning ---------------------------------------------------------------------------

    def _take(self, plan: breakout_plan.Plan) -> None:
        self._plan = plan
        self.count_field.blockSignals(True)
        self.count_field.setValue(len(plan))
        self.count_field.blockSignals(False)
        self._show_groups()

    def _resize(self, count: int) -> None:
        self._take(breakout_plan.resized(self._plan, count, _group_name))

    def _propose(self) -> None:
        self.spreads.setChecked(False)
        self._take(self._room.proposed_groups)

    def _shuffle(self) -> None:
        people = [one.id for one in self._room.participants if one.role not in _LEADERS]
        self.spreads.setChecked(True)
        self._take(breakout_plan.dealt_out(self._plan, people, random.SystemRandom()))

    def _rename(self, key: str, name: str) -> None:
        self._take(breakout_plan.renamed(self._plan, int(key), name))

    def _open(self) -> None:
        groups = breakout_plan.openable(self._plan)
        minutes = self.minutes.value() or None
        spreads = self.spreads.isChecked()
        if groups:
            self.sent.emit(breakouts.OpenBreakouts(groups=groups, minutes=minutes, spreads=spreads))

    def _show_groups(self) -> None:
        now = self._room.breakouts
        if now is not None:
            shown = [self._shown(g.id, g.name, g.people, g.calls is not None) for g in now.groups]
            placed = {one for group in now.groups for one in group.people}
        else:
            shown = [
                self._shown(str(place), g.name, g.people) for place, g in enumerate(self._plan)
            ]
            placed = {one for group in self._plan for one in group.people}
        rest = [one.id for one in self._room.participants if one.id not in placed]
        main = self._shown(MAIN, say("Main room"), rest)
        self.tree.show_groups([*shown, main], names_change=now is None)

    def _shown(self, key: str, name: str, people: list[str], marked: bool = False) -> Shown:
        """Return a group with those of its people who are in the call."""
        here = {one.id: one for one in self._room.participants}
        names = ((one, here[one]) for one in people if one in here)
        rows = ((one, f"{person.name}  ({person.organisation})") for one, person in names)
        return Shown(key, name, tuple(rows), marked)

    # --- while they are open ----------------------------------------------------------------

    def _move(self, person: str, group: str) -> None:
        if self._room.breakouts is None:
            self._take(breakout_plan.placed(self._plan, person, int(group) if group else None))
        else:
            self.sent.emit(breakouts.MoveToGroup(participant=person, group=group or None))

    def _join(self) -> None:
        group = self.tree.chosen_group()
        if group is not None:
            self.sent.emit(breakouts.MoveToGroup(participant=self._seat, group=group or None))

    def _settle(self) -> None:
        groups = self._room.breakouts.groups if self._room.breakouts is not None else []
        for group in groups:
            if group.calls is not None:
                self.sent.emit(breakouts.DismissCall(group=group.id))

    def _prolong(self) -> None:
        self.sent.emit(breakouts.ProlongBreakouts(minutes=_MORE))

    def _close(self) -> None:
        self.sent.emit(breakouts.CloseBreakouts())

    def _close_now(self) -> None:
        self.sent.emit(breakouts.CloseBreakouts(at_once=True))

    def _announce(self) -> None:
        if self.words.text().strip():
            self.sent.emit(breakouts.Announce(text=self.words.text()))
            self.words.clear()


def _group_name(number: int) -> str:
    return say("Group {number}", number=number)


def _number(least: int, most: int, value: int) -> QSpinBox:
    field = QSpinBox()
    field.setRange(least, most)
    field.setValue(value)
    return field
