"""Who paid for the meetings so far, and a series of meetings that evens it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from projectdesk.desktop.language import say, say_error
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Column, Entry, Field
from projectdesk.desktop.models.slot_words import pain_tone, points, slot_words, start_words
from projectdesk.desktop.pages.presenting import Presented
from projectdesk.desktop.presenters.find_time import SharesPresenter
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from projectdesk.desktop.widgets.clock_width import with_clock
from projectdesk.desktop.widgets.data_table import DataTable, RowAction
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.form import Form
from projectdesk.desktop.widgets.layout import button, column, plain, row, text
from projectdesk.errors import ProjectDeskError
from projectdesk.services.queries.slots import MOST_MEETINGS
from projectdesk.services.slot_rows import SacrificeRow, SeriesReport, SeriesSlot, SlotRequest

_USUAL = {"count": 6, "weeks": 4}


@dataclass(frozen=True)
class Share:
    """What one partner paid, and will have paid after a series; None where none was looked for."""

    row: SacrificeRow
    after: float | None
    fixed: float | None


class SharesPane(Presented, QWidget):
    """Partners with what they paid, beside a series whose hours go round."""

    taken = Signal(object)
    """datetime, UTC: a meeting of the series that is to be planned"""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._request: SlotRequest | None = None
        self._series: SeriesReport | None = None
        self._rows: Sequence[SacrificeRow] = ()
        self.presenter = self.present(SharesPresenter(session, self))
        self.shares: DataTable[Share] = DataTable(
            self._share_columns(),
            lambda share: share.row.partner_id,
            EmptyState(
                "building-2",
                say("No partners yet"),
                say("What partners pay for meetings out of their working hours is counted here."),
            ),
            name="shares",
        )
        self.shares.setAccessibleName(say("What each partner paid"))
        self.form = Form([self._fields()])
        self.form.show_row(dict(_USUAL))
        self.spread = button(say("Spread a series"), "primary", "shuffle", self.look)
        self.about = text("", "muted", wrap=True)
        self.empty = EmptyState(
            "shuffle",
            say("A series that is fair"),
            say(
                "Meetings at hours that go round, so that who paid so far gets the good hour next."
            ),
        )
        self.turns: DataTable[SeriesSlot] = DataTable(
            self._turn_columns(),
            lambda each: each.slot.start,
            self.empty,
            sortable=False,
            name="series-turns",
        )
        self.turns.setAccessibleName(say("Meetings of the series"))
        self.turns.opened.connect(lambda each: self.taken.emit(each.slot.start))
        self.turns.set_actions(
            [
                RowAction(
                    say("Plan the meeting here"),
                    "calendar-plus",
                    lambda rows: self.taken.emit(rows[0].slot.start),
                )
            ]
        )
        self.plan = button(say("Plan the meeting here"), "", "calendar-plus", self._plan)
        self.plan.setEnabled(False)
        self.turns.selected_changed.connect(
            lambda: self.plan.setEnabled(len(self.turns.selected()) == 1)
        )
        self._lay_out()

    def _lay_out(self) -> None:
        left = column(
            text(say("Paid so far"), "heading"),
            text(
                say(
                    "Points of the meetings that were held, by where and when each partner’s "
                    "people were."
                ),
                "muted",
                wrap=True,
            ),
            self.shares,
            spacing=SPACE_S,
        )
        left.setStretch(2, 1)
        self.form.setMaximumWidth(320)
        asked = row(self.form, self.spread, None, self.plan, spacing=SPACE_M)
        for each in (self.spread, self.plan):
            asked.setAlignment(each, Qt.AlignmentFlag.AlignBottom)
        right = column(
            text(say("A series that spreads the burden"), "heading"),
            self.about,
            plain(asked),
            self.turns,
            spacing=SPACE_S,
        )
        right.setStretch(3, 1)
        layout = row(left, right, spacing=SPACE_XL, margins=(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L))
        layout.setStretch(0, 1)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def _fields(self) -> list[Field[Any]]:
        def number(name: str, label: str, most: int) -> Field[Any]:
            return Field(
                name, label, lambda values: values[name], Entry.NUMBER, minimum=1, maximum=most
            )

        return [
            number("count", say("Meetings"), MOST_MEETINGS),
            number("weeks", say("Weeks between"), 52),
        ]

    def _share_columns(self) -> list[Column[Share]]:
        return [
            Column(
                say("Partner"),
                lambda s: s.row.partner,
                sort=lambda s: s.row.number or 0,
                stretch=3,
                strong=True,
            ),
            Column(
                say("Country"),
                lambda s: s.row.country,
                width=84,
                muted=True,
                tip=lambda s: formats.country(s.row.country),
                optional=True,
            ),
            Column(
                say("Paid"),
                lambda s: points(s.row.points),
                sort=lambda s: s.row.points,
                width=72,
                right=True,
                strong=True,
                about=say("Points: what an hour asks, for each hour of each meeting"),
            ),
            Column(
                say("Share"),
                lambda s: formats.percent(s.row.share),
                sort=lambda s: s.row.share,
                width=78,
                right=True,
                muted=True,
                optional=True,
            ),
            Column(
                say("Outside"),
                lambda s: say("{count} of {all}", count=s.row.outside, all=s.row.meetings),
                sort=lambda s: s.row.outside,
                width=92,
                right=True,
                about=say("Meetings outside working hours, of those it was at"),
            ),
            Column(
                say("Worst"),
                lambda s: points(s.row.worst),
                sort=lambda s: s.row.worst,
                width=74,
                tone=lambda s: pain_tone(s.row.worst),
                optional=True,
            ),
            Column(
                say("After the series"),
                lambda s: "–" if s.after is None else points(s.after),
                sort=lambda s: s.after or 0.0,
                width=124,
                right=True,
            ),
            Column(
                say("At one fixed hour"),
                lambda s: "–" if s.fixed is None else points(s.fixed),
                sort=lambda s: s.fixed or 0.0,
                width=132,
                right=True,
                muted=True,
                about=say("Had every meeting been at the hour that asks least of all together"),
                optional=True,
            ),
        ]

    def _turn_columns(self) -> list[Column[SeriesSlot]]:
        return [
            Column(
                say("Start"),
                lambda each: start_words(each.slot.start, self._zone),
                width=with_clock(158),
                strong=True,
            ),
            Column(say("Points"), lambda each: points(each.slot.total), width=74, right=True),
            Column(
                say("Worst"),
                lambda each: points(each.slot.worst),
                width=74,
                tone=lambda each: pain_tone(each.slot.worst),
            ),
            Column(
                say("Why"),
                lambda each: slot_words(each.slot),
                stretch=3,
                muted=True,
                tip=lambda each: slot_words(each.slot),
            ),
        ]

    @property
    def _zone(self) -> str:
        return self._request.zone if self._request is not None else "UTC"

    # --- what the page calls

    def set_request(self, request: SlotRequest) -> None:
        """Take the question of the slots: for whom, how long, in which week it begins."""
        if self._request is None or request.project_id != self._request.project_id:
            self._series = None
        self._request = request
        self.presenter.open(request.project_id)
        begins, length = formats.day(request.first), formats.minutes(request.minutes)
        self.about.setText(
            say(
                "For the people of the question under “Times”, {length} each, beginning in the "
                "week from {day}.",
                length=length,
                day=begins,
            )
        )
        self._show()

    def look(self) -> None:
        """Look for the hours of a series."""
        values = self.form.values()
        if values is None or self._request is None:
            return
        self.spread.setEnabled(False)
        self.presenter.spread(self._request, values["count"] or 1, values["weeks"] or 1)

    def _plan(self) -> None:
        chosen = self.turns.selected()
        if chosen:
            self.taken.emit(chosen[0].slot.start)

    # --- what the presenter calls

    def show_sacrifices(self, rows: Sequence[SacrificeRow]) -> None:
        """Show what each partner paid."""
        self._rows = rows
        self._show()

    def show_series(self, report: SeriesReport) -> None:
        """Show the meetings of a series, and what each partner has paid after it."""
        self.spread.setEnabled(True)
        self._series = report
        if report.left_out:
            weeks = ", ".join(formats.day(day) for day in report.left_out)
            self.about.setText(
                say("No time suits everybody in the weeks from {weeks}.", weeks=weeks)
            )
        self._show()

    def show_problem(self, error: ProjectDeskError) -> None:
        """Say why there is no series."""
        self.spread.setEnabled(True)
        self._series = None
        self.about.setText(say_error(error))
        self._show()

    def _show(self) -> None:
        series = self._series
        after = series.slots[-1].after if series is not None and series.slots else {}
        fixed = series.fixed if series is not None else {}
        self.shares.show_rows(
            [Share(each, after.get(each.partner), fixed.get(each.partner)) for each in self._rows]
        )
        self.turns.show_rows(series.slots if series is not None else ())
