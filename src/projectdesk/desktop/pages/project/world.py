"""The partners around the globe: local time, day and night, holidays, who is at work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from PySide6.QtCore import QDate, QLocale, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Column
from projectdesk.desktop.pages.presenting import Presented
from projectdesk.desktop.presenters.world import WorldPresenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, Tone
from projectdesk.desktop.widgets.badges import Chip
from projectdesk.desktop.widgets.data_table import DataTable
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.filter_bar import FilterBar, filter_field
from projectdesk.desktop.widgets.layout import column, plain, row, text
from projectdesk.desktop.widgets.world_band import Mark, WorldBand
from projectdesk.domain.rules.zoned_time import to_local, zone_of
from projectdesk.services.consortium_rows import WorldRow, ZoneSource

_MINUTE: Final = 60_000


def work_tone(shown: WorldRow) -> Tone:
    """Return the tone of a partner: at work, free today, or outside working hours."""
    if shown.working:
        return Tone.SUCCESS
    return Tone.WARNING if shown.holiday or shown.weekend else Tone.NEUTRAL


def work_words(shown: WorldRow) -> str:
    """Return whether anybody is at work."""
    if shown.working is None:
        return say("Not known")
    if shown.people:
        return say("{count} of {all} at work", count=shown.at_work, all=shown.people)
    return say("Working hours") if shown.working else say("Not at work")


def today_words(shown: WorldRow) -> str:
    """Return what kind of day it is there."""
    if shown.holiday:
        return shown.holiday
    return say("Weekend") if shown.weekend else say("Working day")


def zone_words(shown: WorldRow) -> str:
    """Return the time zone, and how sure that is."""
    match shown.source:
        case ZoneSource.UNKNOWN:
            return say("Not known")
        case ZoneSource.SEVERAL:
            return say("{zone}, one of several", zone=formats.city(shown.zone))
        case _:
            return formats.city(shown.zone)


def _zone_tip(shown: WorldRow) -> str:
    why = {
        ZoneSource.PEOPLE: say("The zone of its people"),
        ZoneSource.PLACE: say("By where the organisation is"),
        ZoneSource.COUNTRY: say("The zone of its country"),
        ZoneSource.SEVERAL: say(
            "Its country has several zones, and nobody’s zone is known: this is its main one"
        ),
        ZoneSource.UNKNOWN: say("Give the organisation a country, or its people a zone"),
    }[shown.source]
    others = ", ".join(map(formats.city, shown.other_zones))
    more = say("people also in {zones}", zones=others) if others else ""
    return formats.joined((shown.zone, why, more))


class WorldPane(Presented, QWidget):
    """A band of day and night above the list, west to east."""

    go = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._now: datetime | None = None
        self._zone = "UTC"
        self.presenter = self.present(WorldPresenter(session, self))
        self.band = WorldBand()
        self.band.setAccessibleName(say("Day and night around the globe"))
        self.table: DataTable[WorldRow] = DataTable(
            self._columns(),
            lambda r: r.id,
            EmptyState(
                "globe",
                say("Nobody on the map yet"),
                say("Partners show here with the time it is where they are."),
            ),
            name="world",
        )
        self.table.setAccessibleName(say("Partners"))
        self._line = text("", "muted")
        self.filter = filter_field(self.table, say("Filter partners"))
        legend = row(
            self.filter,
            self._line,
            None,
            Chip(say("At work"), Tone.SUCCESS),
            Chip(say("Holiday or weekend"), Tone.WARNING),
            Chip(say("Outside working hours"), Tone.NEUTRAL),
            spacing=SPACE_S,
        )
        layout = column(
            self.band,
            plain(legend),
            FilterBar(self.table),
            self.table,
            spacing=SPACE_M,
            margins=(SPACE_XL, SPACE_L, SPACE_XL, SPACE_XL),
        )
        layout.setStretch(3, 1)
        self.setLayout(layout)
        self._minute = QTimer(self)
        self._minute.setSingleShot(True)
        self._minute.setTimerType(Qt.TimerType.PreciseTimer)
        self._minute.timeout.connect(self._tick)

    def _columns(self) -> list[Column[WorldRow]]:
        return [
            Column(
                say("Country"),
                lambda r: r.country,
                width=84,
                tone=lambda _: Tone.NEUTRAL,
                tip=lambda r: formats.country(r.country),
            ),
            Column(say("Partner"), lambda r: r.partner, stretch=2, strong=True),
            Column(say("City"), lambda r: r.city, stretch=2, muted=True, optional=True),
            Column(say("Time there"), self._time, sort=_offset, width=112, strong=True),
            Column(say("From here"), self._difference, sort=_offset, width=96, muted=True),
            Column(
                say("Sun"),
                lambda r: _sun(r),
                width=72,
                muted=True,
                optional=True,
            ),
            Column(say("Now"), work_words, width=138, tone=work_tone),
            Column(
                say("Today"),
                today_words,
                stretch=2,
                alarm=lambda r: bool(r.holiday),
            ),
            Column(
                say("Next holiday"),
                _next_holiday,
                sort=lambda r: r.next_holiday_on,
                stretch=3,
                muted=True,
                optional=True,
            ),
            Column(
                say("Time zone"), zone_words, width=150, muted=True, tip=_zone_tip, optional=True
            ),
        ]

    # --- what the project's page calls

    def open_project(self, project: UUID) -> None:
        """Show the partners of `project`."""
        self.table.clear_selection()
        self.presenter.open(project)

    def close_presenters(self) -> None:
        """Let the presenter go."""
        self._minute.stop()
        super().close_presenters()

    # --- what the presenter calls

    def show_world(self, rows: Sequence[WorldRow], now: datetime, zone: str) -> None:
        """Show the partners at an instant (UTC) to a reader in `zone`."""
        self._now, self._zone = now, zone
        self.table.show_rows(rows)
        self.table.refresh()
        self.band.show_world(now, _marks(rows))
        self._line.setText(self._summary(rows, now))
        if self.isVisible():
            self._wait(now)

    def _wait(self, now: datetime) -> None:
        """Ask again when the next minute begins."""
        passed = now.second * 1000 + now.microsecond // 1000
        self._minute.start(_MINUTE - passed)

    def _tick(self) -> None:
        self.presenter.reload()

    def _summary(self, rows: Sequence[WorldRow], now: datetime) -> str:
        here = to_local(now, self._zone)
        countries = len({r.country for r in rows if r.country})
        parts = (
            f"{formats.clock(here)} {formats.city(self._zone)}",
            say_count(len(rows), "{count} partner", "{count} partners"),
            say_count(countries, "{count} country", "{count} countries"),
            say("{count} at work now", count=sum(bool(r.working) for r in rows)),
        )
        return formats.joined(parts)

    # --- cells that depend on where the reader is

    def _time(self, shown: WorldRow) -> str:
        if shown.local is None or self._now is None:
            return "–"
        clock = formats.clock(shown.local)
        if shown.local.date() == to_local(self._now, self._zone).date():
            return clock
        return f"{QLocale().toString(_qdate(shown.local), 'ddd').rstrip('.')} {clock}"

    def _difference(self, shown: WorldRow) -> str:
        if shown.offset_minutes is None or self._now is None:
            return ""
        mine = self._now.astimezone(zone_of(self._zone)).utcoffset()
        minutes = shown.offset_minutes - (int(mine.total_seconds()) // 60 if mine else 0)
        if not minutes:
            return say("as here")
        hours, rest = divmod(abs(minutes), 60)
        sign = "+" if minutes > 0 else "−"
        return f"{sign}{hours}:{rest:02d} h" if rest else f"{sign}{hours} h"

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.presenter.reload()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._minute.stop()


def _qdate(moment: datetime) -> QDate:
    return QDate(moment.year, moment.month, moment.day)


def _offset(shown: WorldRow) -> int:
    return 24 * 60 if shown.offset_minutes is None else shown.offset_minutes


def _sun(shown: WorldRow) -> str:
    if shown.daylight is None:
        return ""
    return say("Day") if shown.daylight else say("Night")


def _next_holiday(shown: WorldRow) -> str:
    if shown.next_holiday_on is None:
        return ""
    return f"{formats.day(shown.next_holiday_on)}, {shown.next_holiday}"


def _marks(rows: Sequence[WorldRow]) -> list[Mark]:
    """Return a mark for each partner; the label names the country and how many there are."""
    many = Counter(shown.country for shown in rows)
    marks = []
    for shown in rows:
        if shown.latitude is None or shown.longitude is None:
            continue
        count = many[shown.country]
        clock = formats.clock(shown.local) if shown.local else ""
        place = formats.country(shown.country)
        tip = ", ".join(p for p in (shown.partner, place, clock, work_words(shown)) if p)
        label = shown.country if count == 1 else f"{shown.country} {count}"
        marks.append(Mark(shown.latitude, shown.longitude, label, tip, work_tone(shown)))
    return marks
