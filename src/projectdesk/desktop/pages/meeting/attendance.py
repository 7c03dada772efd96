"""Who was there, per person and per partner, as the host measured it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats
from projectdesk.desktop.models.fields import Column
from projectdesk.desktop.presenters.attendance import AttendancePresenter
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.desktop.runtime.session import Session
from projectdesk.desktop.theme.tokens import SPACE_L, SPACE_M, SPACE_XL, Tone
from projectdesk.desktop.widgets.data_table import DataTable
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.header import Segments, toolbar
from projectdesk.desktop.widgets.layout import column, text
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.services.attendance_rows import AttendanceRow, PartnerAttendanceRow


def _empty() -> EmptyState:
    return EmptyState(
        "clock",
        say("Nobody has been here yet"),
        say("Attendance is measured while the meeting runs: who was connected, from when to when."),
    )


def _there(minutes: float) -> str:
    return formats.minutes(round(minutes)) if minutes else "–"


class AttendancePane(QWidget):
    """Two tables of one truth."""

    def __init__(self, session: Session, reader: Reader) -> None:
        super().__init__()
        self._reader = reader
        self.people: DataTable[AttendanceRow] = DataTable(
            self._people_columns(), lambda r: r.invitation_id, _empty()
        )
        self.partners: DataTable[PartnerAttendanceRow] = DataTable(
            self._partner_columns(), lambda r: r.partner_id, _empty()
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.people)
        self._stack.addWidget(self.partners)
        self.by = Segments([(0, say("People")), (1, say("Partners"))])
        self.by.chosen.connect(lambda number: self._stack.setCurrentIndex(int(str(number))))
        self._summary = text("", "muted")
        layout = column(
            toolbar(self.by, SPACE_M, self._summary, None),
            self._stack,
            spacing=SPACE_M,
            margins=(SPACE_XL, SPACE_L, SPACE_XL, SPACE_XL),
        )
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.presenter = AttendancePresenter(session, self)

    def _people_columns(self) -> list[Column[AttendanceRow]]:
        return [
            Column(say("Name"), lambda r: r.name, stretch=2, strong=True),
            Column(say("Partner"), lambda r: r.partner or say("External"), width=140),
            Column(
                say("Present"),
                lambda r: say("Present") if r.first_in else say("Absent"),
                width=110,
                tone=lambda r: Tone.SUCCESS if r.first_in else Tone.NEUTRAL,
            ),
            Column(
                say("From"), lambda r: self._clock(r.first_in), sort=lambda r: r.first_in, width=96
            ),
            Column(
                say("To"), lambda r: self._clock(r.last_out), sort=lambda r: r.last_out, width=96
            ),
            Column(
                say("There for"),
                lambda r: _there(r.minutes),
                sort=lambda r: r.minutes,
                width=110,
                right=True,
            ),
            Column(
                say("Share"),
                lambda r: formats.percent(r.share),
                sort=lambda r: r.share,
                width=90,
                right=True,
                muted=True,
            ),
            Column(
                say("Joined"),
                lambda r: say("{count}×", count=r.times) if r.times else "–",
                sort=lambda r: r.times,
                width=90,
                right=True,
                muted=True,
            ),
        ]

    def _partner_columns(self) -> list[Column[PartnerAttendanceRow]]:
        return [
            Column(
                say("No."),
                lambda r: str(r.number or ""),
                sort=lambda r: r.number,
                width=58,
                muted=True,
            ),
            Column(say("Partner"), lambda r: r.partner, width=160, strong=True),
            Column(say("Country"), lambda r: r.country, width=84, muted=True),
            Column(
                say("Present"),
                lambda r: say("Present") if r.present else say("Absent"),
                width=110,
                tone=lambda r: Tone.SUCCESS if r.present else Tone.NEUTRAL,
            ),
            Column(say("People"), lambda r: ", ".join(r.people), stretch=2),
            Column(
                say("There for"),
                lambda r: _there(r.minutes),
                sort=lambda r: r.minutes,
                width=110,
                right=True,
            ),
            Column(
                say("Share"),
                lambda r: formats.percent(r.share),
                sort=lambda r: r.share,
                width=90,
                right=True,
                muted=True,
            ),
        ]

    def _clock(self, instant: datetime | None) -> str:
        return "–" if instant is None else formats.clock(to_local(instant, self._reader.zone))

    def open_meeting(self, meeting: UUID) -> None:
        """Show the attendance of `meeting`."""
        self.presenter.open(meeting)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.presenter.activate()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.presenter.deactivate()

    # --- what the presenter calls

    def show_attendance(
        self, people: Sequence[AttendanceRow], partners: Sequence[PartnerAttendanceRow]
    ) -> None:
        """Show who was there."""
        anybody = any(row.first_in for row in people)
        self.people.show_rows(people if anybody else ())
        self.partners.show_rows(partners if anybody else ())
        self._summary.setText(self._sum(people, partners) if anybody else "")

    def _sum(
        self, people: Sequence[AttendanceRow], partners: Sequence[PartnerAttendanceRow]
    ) -> str:
        there = sum(row.first_in is not None for row in people)
        present = sum(row.present for row in partners)
        return "  ·  ".join(
            (
                say_count(there, "{count} person was there", "{count} people were there"),
                say("{present} of {all} partners", present=present, all=len(partners)),
                say("Times in {zone}", zone=formats.city(self._reader.zone)),
            )
        )
