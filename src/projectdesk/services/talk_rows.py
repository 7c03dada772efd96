"""Rows of what was written in a call: polls, files of the chat, captions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class PollRow:
    """One poll of a call. counts: votes by option. names: who chose it; empty where not shown.

    item: title of the agenda item during which it was opened, "" for none. voted: how many did.
    """

    id: UUID
    version: int
    meeting_id: UUID
    agenda_item_id: UUID | None
    item: str
    question: str
    options: tuple[str, ...]
    counts: tuple[int, ...]
    names: tuple[tuple[str, ...], ...]
    multiple: bool
    voted: int
    closed_at: datetime


@dataclass(frozen=True)
class DocumentRow:
    """One file of a call's chat. size: bytes. stored: its content is in the data folder."""

    id: UUID
    version: int
    meeting_id: UUID
    name: str
    size: int
    sha256: str
    shared_by: str
    shared_at: datetime
    stored: bool


@dataclass(frozen=True)
class CaptionRow:
    """One phrase of a call's captions. language: BCP 47. number: orders them."""

    id: UUID
    version: int
    meeting_id: UUID
    language: str
    number: int
    text: str
    written_at: datetime


@dataclass(frozen=True)
class PendingDocument:
    """A file whose content is to be fetched. room, file: where it is on the host."""

    id: UUID
    room: str
    file: str
