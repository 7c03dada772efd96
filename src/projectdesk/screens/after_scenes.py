"""Pictures of a meeting's attendance and of what is left to do after the call."""

from __future__ import annotations

from typing import cast

from projectdesk.desktop.pages.meeting.attendance import BY_HAND, PARTNERS, QUORUM, AttendancePane
from projectdesk.desktop.pages.meeting.page import MeetingPage
from projectdesk.desktop.routes import Place
from projectdesk.screens.stage import Stage
from projectdesk.services import queries

_DRAFT = "Executive Board 2"
"""The sample's meeting that was held last: its minutes are a draft, its quorum broke."""


def _page(stage: Stage, tab: str) -> MeetingPage:
    rows = queries.meetings(stage.workspace)
    shown = next((row for row in rows if row.title == _DRAFT), rows[0])
    stage.go(Place.MEETING, shown.id, tab)
    stage.settle()
    return cast(MeetingPage, stage.workbench.page(Place.MEETING))


def _attendance(stage: Stage, part: int) -> AttendancePane:
    pane = _page(stage, "attendance").attendance
    pane.by.choose(part)
    pane.by.chosen.emit(part)
    stage.settle()
    return pane


def people(stage: Stage) -> None:
    """Show people, one corrected, two behind others' cameras."""
    _page(stage, "attendance")


def partners(stage: Stage) -> None:
    """Show partners, one represented by proxy."""
    _attendance(stage, PARTNERS)


def quorum(stage: Stage) -> None:
    """Show a quorum that broke and was restored."""
    pane = _attendance(stage, QUORUM)
    for broken in [each for each in pane.stretches.rows if not each.met][:1]:
        pane.stretches.select(broken.start)
    pane.chart.setFocus()


def by_hand(stage: Stage) -> None:
    """Show corrections, companions and proxies."""
    _attendance(stage, BY_HAND)


def correct(stage: Stage) -> None:
    """Show how a stretch is corrected."""
    pane = _attendance(stage, BY_HAND)
    pane.ask_correction(pane.people.rows[0].invitation_id if pane.people.rows else None)


def proxy(stage: Stage) -> None:
    """Show how a proxy is announced."""
    _attendance(stage, BY_HAND).ask_proxy()
