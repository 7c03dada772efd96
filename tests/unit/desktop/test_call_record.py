"""What was written in a call, in the meeting's page."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from projectdesk.desktop.pages.documents import DocumentsPane
from projectdesk.desktop.pages.meeting.call_record import CAPTIONS, CallRecordPane
from projectdesk.desktop.presenters.reader import Reader
from projectdesk.domain.talk import CaptionLine, Document, Poll
from projectdesk.services import commands, queries
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from tests.unit.desktop.conftest import InstantSession

AT = datetime(2027, 3, 10, 9, 30, tzinfo=UTC)
CONTENT = b"plan"


def fill(workspace: Workspace, meeting: UUID, folder: Path) -> None:
    """Write a poll, a file and captions down, as collected."""
    item = queries.agenda(workspace, meeting)[0].id
    sha = hashlib.sha256(CONTENT).hexdigest()
    with workspace.change("Collect", undoable=False) as unit:
        file = Document(
            project_id=queries.meeting(workspace, meeting).project_id,
            meeting_id=meeting,
            file="0" * 32,
            name="Plan ü.pdf",
            size=len(CONTENT),
            sha256=sha,
            shared_by="Ana",
            shared_at=AT,
        )
        unit.add(
            file,
            Poll(
                meeting_id=meeting,
                agenda_item_id=item,
                number=1,
                question="When?",
                options=["Monday", "Friday"],
                opened_at=AT,
                closed_at=AT,
                voted=3,
                counts=[2, 1],
                names=["Ana\nBo", "Cem"],
            ),
            CaptionLine(
                meeting_id=meeting, language="de", number=1, text="Guten Tag", written_at=AT
            ),
            CaptionLine(meeting_id=meeting, language="fr", number=2, text="Bonjour", written_at=AT),
            CaptionLine(meeting_id=meeting, language="de", number=3, text="Los!", written_at=AT),
        )
    fetched = folder / "fetched"
    fetched.write_bytes(CONTENT)
    commands.keep_document(workspace, file.id, fetched)


@pytest.fixture
def pane(qtbot: QtBot, dressed: object, instant: InstantSession, kick_off: UUID) -> CallRecordPane:
    made = CallRecordPane(instant, Reader(instant))  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(1000, 600)
    made.open_meeting(kick_off)
    made.show()
    return made


def cells(table: object, row: int) -> list[str]:
    model = table.model()  # type: ignore[attr-defined]
    return [str(model.index(row, column).data() or "") for column in range(model.columnCount())]


def test_nothing_was_written_yet(pane: CallRecordPane) -> None:
    assert pane.polls._empty.isVisible()
    assert pane.save.isHidden()


def test_polls_and_captions_come_as_they_are_collected(
    pane: CallRecordPane, workspace: Workspace, kick_off: UUID, tmp_path: Path
) -> None:
    fill(workspace, kick_off, tmp_path)
    assert cells(pane.polls, 0)[:3] == ["When?", "Monday: 2  ·  Friday: 1", "3"]
    assert [cells(pane.captions, row)[2] for row in range(3)] == ["Guten Tag", "Bonjour", "Los!"]


def test_the_captions_are_saved_where_one_says(
    pane: CallRecordPane,
    workspace: Workspace,
    instant: InstantSession,
    kick_off: UUID,
    tmp_path: Path,
) -> None:
    fill(workspace, kick_off, tmp_path)
    pane.by.chosen.emit(CAPTIONS)
    assert pane.save.isVisible()
    pane.presenter.save_transcript("de", tmp_path / "de.txt")
    lines = (tmp_path / "de.txt").read_text(encoding="utf-8").splitlines()
    assert [line.split("  ")[1] for line in lines] == ["Guten Tag", "Los!"]
    pane.presenter.save_transcript("de", tmp_path / "de.txt" / "no folder")
    assert instant.notices[-1].error


def test_files_of_the_chat_are_among_the_documents_of_the_meeting(
    qtbot: QtBot,
    dressed: object,
    workspace: Workspace,
    instant: InstantSession,
    kick_off: UUID,
    tmp_path: Path,
) -> None:
    fill(workspace, kick_off, tmp_path)
    pane = DocumentsPane(instant)  # type: ignore[arg-type]
    qtbot.addWidget(pane)
    pane.open_meeting(kick_off)
    pane.show()
    [row] = pane.table.shown()
    assert (row.name, row.shared_by, row.here, row.from_call) == ("Plan ü.pdf", "Ana", True, True)
    notes = tmp_path / "notes.txt"
    notes.write_text("2")
    item = queries.agenda(workspace, kick_off)[0]
    pane.presenter.attach([notes], (Kind.AGENDA_ITEM, item.id))
    assert {each.owner_kind for each in pane.table.shown()} == {Kind.MEETING, Kind.AGENDA_ITEM}
    pane.presenter.save_as(row, tmp_path / "saved.pdf")
    assert (tmp_path / "saved.pdf").read_bytes() == CONTENT
    assert "saved.pdf" in instant.notices[-1].text
    pane.close_presenters()
