"""Tables beside the records: history, settings, text updates, collection, search."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from projectdesk.store.schema.base import line, metadata, prose
from projectdesk.store.types import UtcInstant, Uuid

history = Table(
    "history",
    metadata,
    # A change's id is a UUIDv7, so (change_id, seq) is also the order in which things happened.
    Column("change_id", Uuid, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", UtcInstant, nullable=False, index=True),
    line("who"),
    line("label"),
    Column("kind", String, nullable=False),
    # Null for the one row that sums up a bulk change.
    Column("record_id", Uuid, index=True),
    Column("project_id", Uuid, index=True),
    # insert, update, delete, bulk
    Column("operation", String, nullable=False),
    Column("before", JSON(none_as_null=True)),
    Column("after", JSON(none_as_null=True)),
    # 0 = did not exist.
    Column("version_before", Integer, nullable=False),
    Column("version_after", Integer, nullable=False),
)

setting = Table(
    "setting",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", Text, nullable=False),
)

# No reference to minutes: deleting minutes keeps their text until the deletion can no longer be
# undone (store.upkeep).
minutes_update = Table(
    "minutes_update",
    metadata,
    Column("minutes_id", Uuid, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("update", LargeBinary, nullable=False),
    Column("at", UtcInstant, nullable=False),
)

journal_cursor = Table(
    "journal_cursor",
    metadata,
    Column("journal", Uuid, primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("collected_until", UtcInstant),
)

# Of an invitation, but no part of its record: it comes from a host, and only the last one counts.
connection_check = Table(
    "connection_check",
    metadata,
    Column("invitation_id", Uuid, primary_key=True),
    Column("checked_at", UtcInstant, nullable=False),
    Column("verdict", String, nullable=False),
    Column("report", JSON, nullable=False),
)

applied_entry = Table(
    "applied_entry",
    metadata,
    Column("entry", Uuid, primary_key=True),
    Column("journal", Uuid, nullable=False, index=True),
    Column("at", UtcInstant, nullable=False),
)

# The CORDIS directory: reference data that is replaced whole, so no record, no version, no history.
directory_entry = Table(
    "directory_entry",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("pic", String, nullable=False, unique=True),
    line("legal_name"),
    line("short_name"),
    line("country"),
    line("vat_number"),
    line("type"),
    Column("sme", Boolean),
    line("street"),
    line("post_code"),
    line("city"),
    line("nuts_code"),
    line("website"),
    Column("latitude", Float),
    Column("longitude", Float),
    # Folded: short and legal name, city, PIC, country (store/directory.py).
    line("words"),
    Index("ix_directory_entry_country", "country"),
)

search_entry = Table(
    "search_entry",
    metadata,
    # A whole number, because SQLite's full-text index points at rows by one.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("kind", String, nullable=False),
    Column("record_id", Uuid, nullable=False),
    Column("project_id", Uuid),
    line("title"),
    prose("body"),
    line("title_folded"),
    prose("body_folded"),
    UniqueConstraint("record_id", "kind"),
    Index("ix_search_entry_title_folded", "title_folded"),
)
