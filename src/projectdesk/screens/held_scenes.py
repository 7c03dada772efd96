"""Scenes of a meeting that was held in a room: asked when, and what it leaves."""

from __future__ import annotations

from datetime import datetime
from typing import cast
from uuid import UUID

from projectdesk.desktop.pages.meeting.page import MeetingPage
from projectdesk.desktop.routes import Place
from projectdesk.domain.meetings import MeetingType
from projectdesk.screens.stage import Stage
from projectdesk.services import commands, queries

_TITLE = "Workshop on the float, in Lisbon"


def asked(stage: Stage) -> None:
    """Show the dialog that asks when a meeting in a room was held."""
    stage.go(Place.MEETING, _held(stage), "after")
    stage.settle()
    cast(MeetingPage, stage.workbench.page(Place.MEETING)).ask_held()


def told(stage: Stage) -> None:
    """Show what a meeting leaves of which people said when it was held."""
    meeting = _held(stage)
    begin, end = (datetime.fromisoformat(f"2026-11-19T{each}") for each in ("10:15", "11:55"))
    commands.say_when_held(stage.workspace, meeting, begin, end)
    stage.go(Place.MEETING, meeting, "after")


def _held(stage: Stage) -> UUID:
    """Return a meeting that was planned in a room, and is over."""
    known = {row.title: row.id for row in queries.meetings(stage.workspace)}
    if _TITLE not in known:
        known[_TITLE], _ = commands.plan_meeting(
            stage.workspace,
            queries.projects(stage.workspace)[0].id,
            MeetingType.WORKSHOP,
            datetime.fromisoformat("2026-11-19T10:00"),
            "Europe/Lisbon",
            title=_TITLE,
            duration_minutes=90,
            place="Room 2.14, Avenida Brasília 5",
        )
    return known[_TITLE]
