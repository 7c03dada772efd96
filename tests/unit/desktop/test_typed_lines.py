"""Typed lines in the desktop: records follow while one types, the editor completes and marks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from projectdesk.desktop.runtime.typed_lines import TypedLines
from projectdesk.domain.meetings import MeetingType
from projectdesk.services import commands, queries
from projectdesk.services.notes import NotesDocument, open_notes
from projectdesk.services.rows import Kind


@pytest.fixture
def meeting(workspace, sample) -> UUID:
    meeting_id, _ = commands.plan_meeting(
        workspace,
        sample.project,
        MeetingType.KICK_OFF,
        local_start=datetime.fromisoformat("2026-03-10T10:00"),
        zone="Europe/Berlin",
    )
    return meeting_id


@pytest.fixture
def notes(workspace, meeting) -> Iterator[NotesDocument]:
    opened = open_notes(workspace, meeting)
    yield opened
    opened.close(abandon=True)


@pytest.fixture
def following(session) -> Iterator[TypedLines]:
    made = TypedLines(session)
    yield made
    made.stop()
    made.deleteLater()


def test_records_follow_soon_after_typing_and_lines_follow_records(
    workspace, meeting, notes, following, settle, qtbot
) -> None:
    [item, *_] = [row.id for row in queries.agenda(workspace, meeting)]

    def told(check: Any) -> None:
        qtbot.waitUntil(check, timeout=10_000)

    notes.edit(item, 0, 0, "A: send it //20 Mar")
    told(
        lambda: [row.text for row in queries.actions(workspace, meeting_id=meeting)] == ["send it"]
    )
    [row] = queries.actions(workspace, meeting_id=meeting)
    assert commands.undo_label(workspace) != "Add A1 in the minutes"

    commands.set_fields(workspace, Kind.ACTION, row.id, row.version, {"text": "post it"})
    told(lambda: notes.item_text(item) == "A: post it //20 Mar")
    settle()
