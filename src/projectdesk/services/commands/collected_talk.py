"""What was written in a call, out of the host's journal into the meeting's records."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.rules.course import Course
from projectdesk.domain.talk import CaptionLine, Document, Poll
from projectdesk.services.session import Unit
from projectdesk.signalling import journal
from projectdesk.store import schema

_FILE: Final = re.compile(r"[0-9a-f]{32}")
_HASH: Final = re.compile(r"[0-9a-f]{64}")


def poll_closed(
    unit: Unit, course: Course, at: datetime, entry: str, fact: journal.PollClosed
) -> bool:
    """Keep a poll's result; its record has the id of the entry. False if the entry has none."""
    item = _known_item(course, fact.item)
    unit.add(
        Poll(
            id=UUID(entry),
            meeting_id=course.meeting.id,
            agenda_item_id=item,
            number=fact.poll,
            question=fact.question,
            options=list(fact.options),
            multiple=fact.multiple,
            opened_at=fact.opened_at,
            closed_at=at,
            voted=fact.voted,
            counts=list(fact.counts),
            names=["\n".join(names) for names in fact.names or ()],
        )
    )
    return True


def file_shared(
    unit: Unit, course: Course, at: datetime, entry: str, fact: journal.FileShared
) -> bool:
    """Note a file of the chat; its content is fetched after. False if the host's facts are none."""
    if _FILE.fullmatch(fact.file) is None or _HASH.fullmatch(fact.sha256) is None or fact.size < 0:
        return False
    unit.add(
        Document(
            id=UUID(entry),
            project_id=course.meeting.project_id,
            meeting_id=course.meeting.id,
            file=fact.file,
            name=fact.name,
            size=fact.size,
            sha256=fact.sha256,
            shared_by=fact.by_name,
            shared_at=at,
        )
    )
    return True


def caption_written(
    unit: Unit, course: Course, at: datetime, entry: str, fact: journal.CaptionWritten
) -> bool:
    """Keep a phrase of the captions, or what was corrected of it; an empty one is taken back."""
    known = None
    if fact.corrects:
        line = schema.caption_line.c
        query = select(CaptionLine).where(
            line.meeting_id == course.meeting.id, line.number == fact.number
        )
        known = unit.session.scalars(query).first()
    if known is not None and fact.text:
        known.text = fact.text
    elif known is not None:
        unit.delete(known)
    elif fact.text:
        unit.add(
            CaptionLine(
                id=UUID(entry),
                meeting_id=course.meeting.id,
                language=fact.language,
                number=fact.number,
                text=fact.text,
                written_at=at,
            )
        )
    return True


def _known_item(course: Course, item: str | None) -> UUID | None:
    """Return an agenda item that the meeting still has, or None."""
    try:
        identity = UUID(item or "")
    except ValueError:
        return None
    return identity if identity in course.items else None
