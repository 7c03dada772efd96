"""What a host kept of the minutes while no console of this desktop was there to take it."""

from __future__ import annotations

import logging
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.minutes import MinutesState
from projectdesk.services import notes_authors, notes_store
from projectdesk.services.notes import open_notes
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.writing import KeptMinutes
from projectdesk.store import schema

log = logging.getLogger(__name__)


def take_kept(workspace: Workspace, room: str, kept: KeptMinutes) -> bool:
    """Merge what a host has of a room's minutes into ours; the same again changes nothing.

    Args:
        workspace: the open data.
        room: public id of the room.
        kept: what the host has.

    Returns:
        False when it has no place here: the meeting is gone, or its minutes are no draft any more,
        or the host wrote an older revision than ours.

    Raises:
        DomainError: `bad_update`, the host sent what is no document.
        EnvironmentFailure: the database cannot be read or written.
    """
    meeting = schema.meeting.c
    with workspace.read() as session:
        meeting_id = session.scalar(select(meeting.id).where(meeting.room == room))
    if meeting_id is None or not kept.update:
        return False
    place = notes_store.place_of(workspace, meeting_id)
    of = UUID(hex=kept.document) if kept.document else place.minutes_id
    if of != place.minutes_id or place.state is not MinutesState.DRAFT:
        log.warning("what the host kept of the minutes of room %s has no draft to go to", room)
        return False
    notes = open_notes(workspace, meeting_id)
    try:
        notes.apply(kept.update)
    finally:
        notes.close()
    notes_authors.sign(workspace, of, kept.authors)
    return True
