"""Read what was written in a meeting's call: polls, files of the chat, captions."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from projectdesk.services.talk_rows import CaptionRow, DocumentRow, PendingDocument, PollRow
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def polls(workspace: Workspace, meeting_id: UUID) -> list[PollRow]:
    """Return the polls of a meeting in the order in which they were closed."""
    poll, item = schema.poll.c, schema.agenda_item.c
    query = (
        select(schema.poll, item.title.label("item"))
        .join_from(schema.poll, schema.agenda_item, isouter=True)
        .where(poll.meeting_id == meeting_id)
        .order_by(poll.closed_at, poll.number)
    )
    with workspace.read() as session:
        return [
            PollRow(
                id=row.id,
                version=row.version,
                meeting_id=row.meeting_id,
                agenda_item_id=row.agenda_item_id,
                item=row.item or "",
                question=row.question,
                options=tuple(row.options),
                counts=tuple(row.counts),
                names=tuple(tuple(names.splitlines()) for names in row.names),
                multiple=row.multiple,
                voted=row.voted,
                closed_at=row.closed_at,
            )
            for row in session.execute(query)
        ]


def documents(workspace: Workspace, meeting_id: UUID) -> list[DocumentRow]:
    """Return the files of a meeting's chat in the order in which they were shared."""
    document = schema.document.c
    query = (
        select(schema.document)
        .where(document.meeting_id == meeting_id)
        .order_by(document.shared_at, document.id)
    )
    with workspace.read() as session:
        return [
            DocumentRow(
                id=row.id,
                version=row.version,
                meeting_id=row.meeting_id,
                name=row.name,
                size=row.size,
                sha256=row.sha256,
                shared_by=row.shared_by,
                shared_at=row.shared_at,
                stored=row.stored,
            )
            for row in session.execute(query)
        ]


def pending_documents(workspace: Workspace) -> list[PendingDocument]:
    """Return the files of chats whose content was not fetched yet, oldest first."""
    document = schema.document.c
    query = (
        select(document.id, document.file, schema.meeting.c.room)
        .join_from(schema.document, schema.meeting)
        .where(document.stored.is_(False))
        .order_by(document.shared_at, document.id)
    )
    with workspace.read() as session:
        return [PendingDocument(row.id, row.room, row.file) for row in session.execute(query)]


def captions(workspace: Workspace, meeting_id: UUID) -> list[CaptionRow]:
    """Return the captions of a meeting that were kept, in the order of the call."""
    line = schema.caption_line.c
    query = select(schema.caption_line).where(line.meeting_id == meeting_id).order_by(line.number)
    with workspace.read() as session:
        return [
            CaptionRow(
                id=row.id,
                version=row.version,
                meeting_id=row.meeting_id,
                language=row.language,
                number=row.number,
                text=row.text,
                written_at=row.written_at,
            )
            for row in session.execute(query)
        ]
