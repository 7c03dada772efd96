"""Documents, and what was written in a call beside its minutes, as the host's journal told it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from projectdesk.domain.identity import new_id


@dataclass(eq=False, kw_only=True)
class Poll:
    """A poll that was closed in a meeting. number: in the room, in the order of writing.

    counts: votes by option. names: who chose it, by option, a name a line; empty where the poll
    showed none. voted: how many people did. agenda_item_id: what was treated when it was opened.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    meeting_id: UUID
    agenda_item_id: UUID | None = None
    number: int
    question: str
    options: list[str]
    multiple: bool = False
    opened_at: datetime
    closed_at: datetime
    voted: int = 0
    counts: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)


@dataclass(eq=False, kw_only=True)
class Document:
    """A file that belongs to a project, or to one thing in it; put into a chat or attached by hand.

    meeting_id, agenda_item_id, work_package_id, deliverable_id, partner_id, vote_id: what it is
    attached to, at most one of them; none = the project. file: its id on the host (32
    hex digits) where it came out of a chat. size: in bytes. sha256: of its content, hex; the
    content lies under it in the data folder, once. stored: the content is there. shared_by: who put
    it there.
    """

    id: UUID = field(default_factory=new_id)
    version: int = 1
    project_id: UUID
    meeting_id: UUID | None = None
    agenda_item_id: UUID | None = None
    work_package_id: UUID | None = None
    deliverable_id: UUID | None = None
    partner_id: UUID | None = None
    vote_id: UUID | None = None
    file: str | None = None
    name: str
    size: int
    sha256: str
    shared_by: str = ""
    shared_at: datetime
    stored: bool = False
    note: str = ""


@dataclass(eq=False, kw_only=True)
class CaptionLine:
    """One phrase of a meeting's captions. language: BCP 47. number: in the room; orders."""

    id: UUID = field(default_factory=new_id)
    version: int = 1
    meeting_id: UUID
    language: str
    number: int
    text: str
    written_at: datetime
