"""Pictures of a meeting's attendance and of what is left to do after the call."""

from __future__ import annotations

from datetime import datetime
from typing import cast
from uuid import UUID

from PySide6.QtWidgets import QScrollArea

from projectdesk.desktop.pages.meeting.attendance import BY_HAND, PARTNERS, QUORUM, AttendancePane
from projectdesk.desktop.pages.meeting.page import MeetingPage
from projectdesk.desktop.routes import Place
from projectdesk.domain.meetings import MeetingType
from projectdesk.domain.voting import FOR
from projectdesk.screens.stage import Stage
from projectdesk.services import commands, queries
from projectdesk.services.commands.votes import HeldByHand
from projectdesk.services.rows import Kind

_IN_A_ROOM = "Workshop on the float, in Lisbon"
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


def after(stage: Stage) -> None:
    """Show what a meeting leaves whose minutes are a draft."""
    _page(stage, "after")


def after_below(stage: Stage) -> None:
    """Show the rest of it: not treated, time, who spoke, questions."""
    pane = _page(stage, "after").after
    area = cast(QScrollArea, pane.findChild(QScrollArea))
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())


def circulate(stage: Stage) -> None:
    """Show what the second click confirms."""
    _page(stage, "after").after.circulate.click()


def twice(stage: Stage) -> None:
    """Show a decision that is typed on an item, and carried by a vote on it as well."""
    pane = _page(stage, "after").after
    shown = pane.presenter.shown
    if shown is None or shown.meeting.body_id is None or shown.joins:
        return
    meeting = shown.meeting
    item = queries.agenda(stage.workspace, meeting.id)[0].id
    members = [
        row.partner_id
        for row in queries.body_members(stage.workspace, shown.meeting.body_id)
        if not row.in_default
    ]
    held = HeldByHand(
        "Order the buoys in spring", dict.fromkeys(members, FOR), item_id=item, there=members
    )
    commands.record_vote(stage.workspace, meeting.id, held)
    values = {
        "project_id": meeting.project_id,
        "meeting_id": meeting.id,
        "agenda_item_id": item,
        "text": "The buoys are ordered in spring.",
        "made_at": stage.workspace.now(),
    }
    commands.create(stage.workspace, Kind.DECISION, values)
    stage.settle()


def held_asked(stage: Stage) -> None:
    """Show the dialog that asks when a meeting in a room was held."""
    stage.go(Place.MEETING, _held(stage), "after")
    stage.settle()
    cast(MeetingPage, stage.workbench.page(Place.MEETING)).ask_held()


def held_told(stage: Stage) -> None:
    """Show what a meeting leaves of which people said when it was held."""
    meeting = _held(stage)
    begin, end = (datetime.fromisoformat(f"2026-11-19T{each}") for each in ("10:15", "11:55"))
    commands.say_when_held(stage.workspace, meeting, begin, end)
    stage.go(Place.MEETING, meeting, "after")


def _held(stage: Stage) -> UUID:
    """Return a meeting that was planned in a room, and is over."""
    known = {row.title: row.id for row in queries.meetings(stage.workspace)}
    if _IN_A_ROOM not in known:
        known[_IN_A_ROOM], _ = commands.plan_meeting(
            stage.workspace,
            queries.projects(stage.workspace)[0].id,
            MeetingType.WORKSHOP,
            datetime.fromisoformat("2026-11-19T10:00"),
            "Europe/Lisbon",
            title=_IN_A_ROOM,
            duration_minutes=90,
            place="Room 2.14, Avenida Brasília 5",
        )
    return known[_IN_A_ROOM]
