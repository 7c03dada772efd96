"""Tables of what was written in a call beside its minutes."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, LargeBinary, String, Table, UniqueConstraint

from projectdesk.store.schema.base import count, identity, line, metadata, prose, reference
from projectdesk.store.types import CountList, TextList, UtcInstant

poll = Table(
    "poll",
    metadata,
    *identity(),
    reference("meeting_id", "meeting"),
    reference("agenda_item_id", "agenda_item", nullable=True),
    count("number"),
    prose("question"),
    Column("options", TextList, nullable=False),
    Column("multiple", Boolean, nullable=False, default=False),
    Column("opened_at", UtcInstant, nullable=False),
    Column("closed_at", UtcInstant, nullable=False),
    count("voted"),
    Column("counts", CountList, nullable=False),
    Column("names", TextList, nullable=False),
)

document = Table(
    "document",
    metadata,
    *identity(),
    reference("project_id", "project"),
    reference("meeting_id", "meeting", nullable=True, carried=True),
    reference("agenda_item_id", "agenda_item", nullable=True, carried=True),
    reference("work_package_id", "work_package", nullable=True, carried=True),
    reference("deliverable_id", "deliverable", nullable=True, carried=True),
    reference("partner_id", "partner", nullable=True, carried=True),
    reference("vote_id", "vote", nullable=True, carried=True),
    Column("file", String),
    line("name"),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String, nullable=False, index=True),
    line("shared_by"),
    Column("shared_at", UtcInstant, nullable=False),
    Column("stored", Boolean, nullable=False, default=False),
    prose("note"),
    UniqueConstraint("meeting_id", "file"),
)

# The content of a team's documents, so that everybody can open them; no record. On one computer it
# lies in the data folder instead.
document_content = Table(
    "document_content",
    metadata,
    Column("sha256", String, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

caption_line = Table(
    "caption_line",
    metadata,
    *identity(),
    reference("meeting_id", "meeting"),
    line("language"),
    count("number"),
    prose("text"),
    Column("written_at", UtcInstant, nullable=False),
    UniqueConstraint("meeting_id", "number"),
)
