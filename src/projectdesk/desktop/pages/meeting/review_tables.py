"""The tables of a review pack: slots, deliverables, milestones, effort, risks."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame

from projectdesk.desktop.language import say, say_count
from projectdesk.desktop.models import formats, person_months
from projectdesk.desktop.models.fields import Column
from projectdesk.desktop.models.words import tone, word
from projectdesk.desktop.theme.tokens import ROW_HEIGHT, SPACE_L, SPACE_M, SPACE_S, Tone
from projectdesk.desktop.widgets.badges import Icon
from projectdesk.desktop.widgets.clock_width import with_clock
from projectdesk.desktop.widgets.data_table import DataTable
from projectdesk.desktop.widgets.empty_state import EmptyState
from projectdesk.desktop.widgets.layout import column, row, show_if, text
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.services.plan_rows import RiskRow
from projectdesk.services.review_rows import (
    LeaderSlot,
    PartnerEffort,
    ReviewedDeliverable,
    ReviewedMilestone,
    ReviewPack,
)

_HEADER = 36
_FRAME = 2
_AROUND = 2 * SPACE_M + SPACE_L + 28
"""Height of a card without its table."""


class PackTable(QFrame):
    """A card with a table as high as its rows; a sentence where there are none."""

    def __init__(
        self,
        icon: str,
        title: str,
        nothing: str,
        columns: Sequence[Column[Any]],
        key: Callable[[Any], Hashable],
        name: str,
    ) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self._count = text("", "muted")
        self._nothing = text(nothing, "muted", wrap=True)
        self.table: DataTable[Any] = DataTable(
            columns, key, EmptyState(icon, title, nothing), name=name
        )
        self.table.setAccessibleName(title)
        self.table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = row(
            Icon(icon, Tone.MUTED, 18), text(title, "heading"), self._count, None, spacing=SPACE_S
        )
        self.setLayout(
            column(
                head,
                self._nothing,
                self.table,
                spacing=SPACE_M,
                margins=(SPACE_L, SPACE_M, SPACE_L, SPACE_L),
            )
        )

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Show all rows."""
        self._count.setText(str(len(rows)) if rows else "")
        show_if(self._nothing, not rows)
        show_if(self.table, bool(rows))
        self.table.show_rows(rows)
        height = _HEADER + len(rows) * ROW_HEIGHT + _FRAME
        self.table.setFixedHeight(height)
        # The page scrolls, its tables do not: none of them is squeezed to fit.
        self.setMinimumHeight(_AROUND + height if rows else 0)


def slots(pack: Callable[[], ReviewPack | None]) -> PackTable:
    """Return the table of the work packages' slots. pack: what is shown."""

    def starts(slot: LeaderSlot) -> str:
        shown = pack()
        times = [item.starts_at for item in slot.items if item.starts_at is not None]
        return formats.clock(to_local(min(times), shown.meeting.zone)) if times and shown else ""

    def presenter(slot: LeaderSlot) -> str:
        names = (item.presenter or item.presenter_text for item in slot.items)
        return ", ".join(dict.fromkeys(name for name in names if name))

    return PackTable(
        "presentation",
        say("Slots of the work package leaders"),
        say("No work package runs in this period."),
        [
            Column(say("No."), lambda r: r.label, width=64, muted=True),
            Column(say("Work package"), lambda r: r.title, stretch=3, strong=True),
            Column(say("Lead"), lambda r: r.lead, width=116),
            Column(say("Presenter|agenda"), presenter, stretch=2),
            Column(say("Starts"), starts, width=with_clock(84), muted=True),
            Column(
                say("Planned"),
                _planned,
                width=184,
                tone=lambda r: None if r.items else Tone.WARNING,
            ),
            Column(
                say("Rehearsed"),
                lambda r: (
                    "–"
                    if r.rehearsed_minutes is None
                    else formats.minutes(round(r.rehearsed_minutes))
                ),
                width=104,
                right=True,
                muted=True,
                alarm=lambda r: (r.rehearsed_minutes or 0) > r.minutes,
            ),
        ],
        lambda r: r.work_package_id,
        "review-slots",
    )


def _planned(slot: LeaderSlot) -> str:
    if not slot.items:
        return say("No slot")
    length = formats.minutes(slot.minutes)
    others = ", ".join(slot.shared_with)
    if not others:
        return length
    if slot.wholly_shared:
        return say("{length}, with {others}", length=length, others=others)
    return say("{length}, partly with {others}", length=length, others=others)


def _late(days: int) -> str:
    return say_count(days, "{count} day late", "{count} days late") if days else ""


def deliverables() -> PackTable:
    """Return the table of the deliverables of the period."""

    def late_tone(each: ReviewedDeliverable) -> Tone | None:
        if not each.days_late:
            return None
        return Tone.WARNING if each.row.submitted_on else Tone.DANGER

    return PackTable(
        "package",
        say("Deliverables of the period"),
        say("None is due in this period."),
        [
            Column(say("No."), lambda r: r.row.label, width=64, muted=True),
            Column(say("Title"), lambda r: r.row.title, stretch=3, strong=True),
            Column(say("Lead"), lambda r: r.row.lead, width=116, optional=True),
            Column(say("Due"), lambda r: formats.day(r.row.due_on), width=110),
            Column(
                say("State"),
                lambda r: word(r.row.status),
                width=140,
                tone=lambda r: tone(r.row.status),
            ),
            Column(say("Submitted"), lambda r: formats.day(r.row.submitted_on), width=110),
            Column(say("Late|days"), lambda r: _late(r.days_late), width=120, tone=late_tone),
        ],
        lambda r: r.row.id,
        "review-deliverables",
    )


def milestones() -> PackTable:
    """Return the table of the milestones of the period."""

    def late_tone(each: ReviewedMilestone) -> Tone | None:
        if not each.days_late:
            return None
        return Tone.WARNING if each.row.achieved_on else Tone.DANGER

    return PackTable(
        "flag",
        say("Milestones of the period"),
        say("None is due in this period."),
        [
            Column(say("No."), lambda r: r.row.label, width=64, muted=True),
            Column(say("Title"), lambda r: r.row.title, stretch=3, strong=True),
            Column(say("WPs"), lambda r: r.row.work_packages, width=116, optional=True),
            Column(say("Due"), lambda r: formats.day(r.row.due_on), width=110),
            Column(say("Achieved"), lambda r: formats.day(r.row.achieved_on) or "–", width=110),
            Column(say("Late|days"), lambda r: _late(r.days_late), width=120, tone=late_tone),
        ],
        lambda r: r.row.id,
        "review-milestones",
    )


def efforts() -> PackTable:
    """Return the table of person-months by partner."""

    def above(each: PartnerEffort) -> bool:
        return each.deviation is not None and each.deviation > 0

    return PackTable(
        "chart-bar",
        say("Effort of the period, in person-months"),
        say("The project has no reporting periods, or nothing was planned or stated for this one."),
        [
            Column(say("No."), lambda r: "" if r.number is None else str(r.number), width=64),
            Column(say("Partner"), lambda r: r.partner, stretch=3, strong=True),
            Column(say("Planned"), lambda r: person_months.shown(r.planned), width=110, right=True),
            Column(
                say("Reported"),
                lambda r: person_months.shown(r.reported) or "–",
                width=110,
                right=True,
            ),
            Column(
                say("Deviation"),
                lambda r: person_months.difference(r.deviation) or "–",
                width=110,
                right=True,
                alarm=above,
            ),
        ],
        lambda r: r.partner_id,
        "review-effort",
    )


def risks() -> PackTable:
    """Return the table of the open risks."""
    columns: list[Column[RiskRow]] = [
        Column(say("No."), lambda r: r.label, width=64, muted=True),
        Column(say("Risk"), lambda r: r.title, stretch=2, strong=True),
        Column(say("WPs"), lambda r: r.work_packages, width=116, muted=True, optional=True),
        Column(
            say("Likelihood"),
            lambda r: word(r.likelihood),
            width=110,
            tone=lambda r: tone(r.likelihood),
        ),
        Column(
            say("Severity"), lambda r: word(r.severity), width=110, tone=lambda r: tone(r.severity)
        ),
        Column(say("State"), lambda r: word(r.status), width=110, tone=lambda r: tone(r.status)),
        Column(say("Mitigation"), lambda r: r.mitigation, stretch=2, muted=True, optional=True),
    ]
    return PackTable(
        "triangle-alert",
        say("Risks"),
        say("No risk is open."),
        columns,
        lambda r: r.id,
        "review-risks",
    )
