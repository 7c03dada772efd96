"""Scenes of typed lines: minutes while they are written."""

from __future__ import annotations

from typing import cast

from PySide6.QtGui import QTextCursor

from projectdesk.desktop.pages.meeting.page import MeetingPage
from projectdesk.desktop.routes import Place
from projectdesk.domain.meetings import MeetingState
from projectdesk.screens.stage import Stage
from projectdesk.services import commands, queries

_LINES = """The pilot in Lund begins a month late; all sites are ready.

D: WP3 begins the second pilot in May, whatever comes of the first
A: {person} WP3 send the plan of the second pilot //+2w
R: the sensors for the second pilot come late
Q: who tells the officer? //M20
A: @Nobody book the room //next week
A: @"""


def typed_lines(stage: Stage) -> None:
    """Write lines of every kind, one that cannot be read, and leave a name to be chosen."""
    meeting = next(
        row for row in queries.meetings(stage.workspace) if row.state is MeetingState.PLANNED
    )
    stage.go(Place.MEETING, meeting.id, "minutes")
    stage.settle()
    pane = cast(MeetingPage, stage.workbench.page(Place.MEETING)).minutes
    reading = queries.line_reading(stage.workspace, meeting.id)
    person = next(name for name in reading.vocabulary.names if name.invited)
    pane.notes.setFocus()
    cursor = pane.notes.textCursor()
    cursor.movePosition(QTextCursor.MoveOperation.End)
    cursor.insertText(_LINES.format(person=f"@{reading.vocabulary.written(person.id)}"))
    pane.notes.setTextCursor(cursor)
    stage.settle()
    commands.step_typed_lines(stage.workspace, meeting.id)
    stage.settle()
    pane.typed.look()
    pane.typed.completion.ask()
    stage.settle()
