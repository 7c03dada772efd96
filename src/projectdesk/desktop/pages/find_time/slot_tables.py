"""The best slots, the hours of a week, and what one slot asks of each person: three tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Column
from projectdesk.desktop.models.heat import HeatWeek
from projectdesk.desktop.models.slot_words import (
    local_words,
    pain_tone,
    part_words,
    points,
    slot_words,
    start_words,
)
from projectdesk.desktop.theme.tokens import SPACE_S, SPACE_XS
from projectdesk.desktop.widgets.badges import Elided
from projectdesk.desktop.widgets.clock_width import with_clock
from projectdesk.desktop.widgets.data_table import DataTable
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.layout import button, column, row, text
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.services.slot_rows import SlotPart, SlotReport, SlotRow


class RankedTable(DataTable[SlotRow]):
    """The best slots, best first."""

    def __init__(self) -> None:
        self._zone = "UTC"
        self._ranks: dict[datetime, int] = {}
        self.nothing = EmptyState(
            "calendar-clock",
            say("No time suits everybody who is needed"),
            say("Make the period longer, make some people optional, or see when fewest are busy."),
            say("Show the least bad times"),
        )
        super().__init__(self._columns(), lambda slot: slot.start, self.nothing, name="best-times")
        self.setAccessibleName(say("Best times"))

    def _columns(self) -> list[Column[SlotRow]]:
        return [
            Column(
                say("No."),
                lambda slot: str(self._ranks.get(slot.start, 0)),
                sort=lambda slot: self._ranks.get(slot.start, 0),
                width=56,
                right=True,
                muted=True,
            ),
            Column(
                say("Start"),
                lambda slot: start_words(slot.start, self._zone),
                sort=lambda slot: slot.start,
                width=with_clock(150),
                strong=True,
            ),
            Column(
                say("Points"),
                lambda slot: points(slot.total),
                sort=lambda slot: slot.total,
                width=68,
                right=True,
                about=say("What it asks of all together, for each hour of the meeting"),
            ),
            Column(
                say("Worst"),
                lambda slot: points(slot.worst),
                sort=lambda slot: slot.worst,
                width=68,
                tone=lambda slot: pain_tone(slot.worst),
                about=say("The most that it asks of one person"),
            ),
            Column(
                say("Why"),
                slot_words,
                stretch=2,
                muted=True,
                tip=slot_words,
                alarm=lambda slot: slot.blocked > 0,
            ),
        ]

    def show_report(self, report: SlotReport) -> None:
        """Show the slots of a report."""
        self._zone = report.request.zone
        self._ranks = {slot.start: rank for rank, slot in enumerate(report.slots, 1)}
        if report.starts:
            self.nothing.say(
                "calendar-clock",
                say("No time suits everybody who is needed"),
                say(
                    "Make the period longer, make some people optional, or see when fewest are "
                    "busy."
                ),
                say("Show the least bad times"),
            )
        else:
            self.say_nothing_asked()
        self.show_rows(report.slots)

    def say_nothing_asked(self) -> None:
        """Say that the question has no answer as it is."""
        self.nothing.say(
            "calendar-clock",
            say("Nothing to rank"),
            say("Give a period that is at least as long as the meeting."),
        )


@dataclass(frozen=True)
class Hour:
    """One hour of a week. where: local times and points of all zones."""

    start: datetime
    when: str
    worst: float
    blocked: int
    where: str


class HourTable(DataTable[Hour]):
    """What the map shows, as a table."""

    taken = Signal(object)

    def __init__(self) -> None:
        columns: list[Column[Hour]] = [
            Column(
                say("Start"),
                lambda h: h.when,
                sort=lambda h: h.start,
                width=with_clock(158),
                strong=True,
            ),
            Column(
                say("Worst"),
                lambda h: points(h.worst),
                sort=lambda h: h.worst,
                width=80,
                tone=lambda h: pain_tone(h.worst),
            ),
            Column(
                say("Busy"),
                lambda h: str(h.blocked) if h.blocked else "",
                sort=lambda h: h.blocked,
                width=64,
                right=True,
                alarm=lambda h: h.blocked > 0,
            ),
            Column(
                say("Local times and points"), lambda h: h.where, stretch=4, tip=lambda h: h.where
            ),
        ]
        empty = EmptyState("calendar-clock", say("Nothing to show"), say("No meeting begins here."))
        super().__init__(columns, lambda hour: hour.start, empty)
        self.setAccessibleName(say("Hours of the week"))
        self.opened.connect(lambda hour: self.taken.emit(hour.start))
        self.current_changed.connect(
            lambda hour: None if hour is None else self.taken.emit(hour.start)
        )

    def show_week(self, report: SlotReport, week: HeatWeek) -> None:
        """Show the hours of a week at which a meeting can begin."""
        zone = report.request.zone
        hours = {}
        for number, start in enumerate(week.starts):
            blocked = week.blocked[number]
            if blocked is None:
                continue
            where = formats.joined(
                f"{formats.clock(to_local(start, line.zone))} {line.label} "
                f"({points(line.pains[number])})"
                for line in week.rows
            )
            worst = week.everybody.pains[number]
            hours[start] = Hour(start, start_words(start, zone), worst, blocked, where)
        self.show_rows(list(hours.values()))


class SlotDetail(QWidget):
    """What one slot asks of each person, and what can be done with it."""

    def __init__(self) -> None:
        super().__init__()
        self._day = datetime(1, 1, 1)  # noqa: DTZ001 - local times are naive
        self.heading = text("", "heading")
        self.line = Elided("", "muted")
        self.poll = button(say("Ask by a date poll"), "", "list-checks")
        self.poll.hide()
        self.use = button(say("Plan the meeting here"), "primary", "calendar-plus")
        self.table: DataTable[SlotPart] = DataTable(
            self._columns(),
            lambda part: part.person.id,
            EmptyState(
                "clock",
                say("No time chosen"),
                say("Choose one in the list, or an hour of the map, to see what it asks of whom."),
            ),
            name="slot-people",
        )
        self.table.setAccessibleName(say("What this time asks of each person"))
        below = row(self.line, self.poll, self.use, spacing=SPACE_S)
        below.setStretch(0, 1)
        top = column(self.heading, below, spacing=SPACE_XS)
        layout = column(top, self.table, spacing=SPACE_S)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.show_slot(None, "UTC")

    def _columns(self) -> list[Column[SlotPart]]:
        return [
            Column(
                say("Asks"),
                lambda part: points(part.pain),
                sort=lambda part: -part.pain,
                width=66,
                tone=lambda part: pain_tone(part.pain),
                about=say("Points for each hour of the meeting; 0 within working hours"),
            ),
            Column(
                say("Local time"),
                lambda part: local_words(part, self._day),
                sort=lambda part: part.local_start,
                width=134,
                strong=True,
            ),
            Column(say("Name"), lambda part: part.person.name, stretch=3),
            Column(
                say("Where"),
                lambda part: formats.city(part.person.zone),
                stretch=2,
                muted=True,
                optional=True,
                tip=lambda part: part.person.zone,
            ),
            Column(
                say("Partner"),
                lambda part: part.person.partner,
                stretch=2,
                muted=True,
                optional=True,
            ),
            Column(
                say("Why"),
                lambda part: self._why(part),
                stretch=3,
                alarm=lambda part: not part.can_come,
                tip=lambda part: self._why(part),
            ),
        ]

    def _why(self, part: SlotPart) -> str:
        words = part_words(part)
        return words if part.person.required else f"{words}  ({say('optional')})"

    def show_slot(self, slot: SlotRow | None, zone: str) -> None:
        """Show a slot by the clocks of `zone`, None = nothing."""
        self.use.setEnabled(slot is not None)
        self.poll.setEnabled(slot is not None)
        if slot is None:
            self.heading.setText("")
            self.line.setText("")
            self.table.show_rows([])
            return
        self._day = to_local(slot.start, zone)
        end = formats.clock(to_local(slot.end, zone))
        self.heading.setText(f"{start_words(slot.start, zone)}–{end} {formats.city(zone)}")
        parts = [say("{points} points", points=points(slot.total))]
        parts.append(
            say("{count} outside working hours", count=slot.outside)
            if slot.outside
            else say("all within working hours")
        )
        if slot.blocked:
            parts.append(say("{count} busy", count=slot.blocked))
        self.line.setText(formats.joined(parts))
        ordered = sorted(slot.parts, key=lambda part: (part.can_come, -part.pain))
        self.table.show_rows(ordered)
