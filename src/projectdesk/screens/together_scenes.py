"""Scene of minutes that several people write: their cursors, and who wrote what."""

from __future__ import annotations

from typing import Final, cast
from uuid import UUID

from projectdesk.desktop.pages.meeting.notes_editor import RemoteCursor
from projectdesk.desktop.pages.meeting.page import MeetingPage
from projectdesk.desktop.routes import Place
from projectdesk.domain.meetings import MeetingState
from projectdesk.screens.stage import Stage
from projectdesk.services import notes_authors, queries
from projectdesk.services.notes import open_notes
from projectdesk.signalling.writing import Author
from projectdesk.text.minutes import MinutesText

_OURS: Final = "The sensors arrive in April; the pilot in Lund begins in May.\n"
_PARTS: Final = (
    "Ifremer asks for a second calibration before the storms.\n",
    "The budget for it is in WP3, see the table of the last report.\n",
)


def written_together(stage: Stage) -> None:
    """Show what two others wrote into the same item, and where they are."""
    meeting = next(
        row for row in queries.meetings(stage.workspace) if row.state is MeetingState.PLANNED
    )
    item = next(row.id for row in queries.agenda(stage.workspace, meeting.id) if not row.is_break)
    people = [row.name for row in queries.invitations(stage.workspace, meeting.id)[1:3]]
    length = _write(stage, meeting.id, item, people)
    stage.go(Place.MEETING, meeting.id, "minutes")
    stage.settle()
    pane = cast(MeetingPage, stage.workbench.page(Place.MEETING)).minutes
    pane.show_item(item)
    pane.authors.setChecked(True)
    stage.settle()
    pane.authors.wanted.emit()
    pane.notes.show_cursors(
        [
            RemoteCursor(people[0], 1, len(_OURS) + 16, len(_OURS) + 27),
            RemoteCursor(people[1], 2, length, length),
        ]
    )
    stage.settle()


def _write(stage: Stage, meeting: UUID, item: UUID, people: list[str]) -> int:
    """Write in three names; return the length of the text."""
    notes = open_notes(stage.workspace, meeting)
    try:
        notes.edit(item, 0, len(notes.item_text(item)), _OURS)
        for name, words in zip(people, _PARTS, strict=True):
            other = MinutesText.from_state([notes.state()])
            other.edit(item, len(notes.item_text(item)), 0, words)
            notes.apply(other.missing(notes.vector()))
            author = Author(replica=other.replica, participant="", name=name)
            notes_authors.sign(stage.workspace, notes.minutes_id, [author])
        notes.flush()
        return len(notes.item_text(item))
    finally:
        notes.close()
