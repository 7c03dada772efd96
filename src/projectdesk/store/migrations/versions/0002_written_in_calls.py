"""What is written in calls: polls, files of the chat, captions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _record(table: str, *columns: Any, unique: tuple[str, ...] = ()) -> None:
    """Make a table of records that belong to a meeting; references are checked at the commit."""
    parts: list[Any] = [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        _reference(table, "meeting_id", "meeting"),
    ]
    if unique:
        parts.append(sa.UniqueConstraint(*unique, name=f"uq_{table}_{'_'.join(unique)}"))
    op.create_table(table, *parts)
    op.create_index(f"ix_{table}_meeting_id", table, ["meeting_id"])


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [f"{target}.id"],
        name=f"fk_{table}_{column}",
        deferrable=True,
        initially="DEFERRED",
    )


def _column(name: str, kind: sa.types.TypeEngine[Any], *, nullable: bool = False) -> Any:
    return sa.Column(name, kind, nullable=nullable)


def upgrade() -> None:
    """Make the three tables."""
    _record(
        "poll",
        _column("agenda_item_id", sa.Uuid(), nullable=True),
        _column("number", sa.Integer()),
        _column("question", sa.Text()),
        _column("options", sa.JSON()),
        _column("multiple", sa.Boolean()),
        _column("opened_at", INSTANT),
        _column("closed_at", INSTANT),
        _column("voted", sa.Integer()),
        _column("counts", sa.JSON()),
        _column("names", sa.JSON()),
        _reference("poll", "agenda_item_id", "agenda_item"),
    )
    op.create_index("ix_poll_agenda_item_id", "poll", ["agenda_item_id"])
    _record(
        "document",
        _column("file", sa.String()),
        _column("name", sa.String()),
        _column("size", sa.BigInteger()),
        _column("sha256", sa.String()),
        _column("shared_by", sa.String()),
        _column("shared_at", INSTANT),
        _column("stored", sa.Boolean()),
        unique=("meeting_id", "file"),
    )
    op.create_index("ix_document_sha256", "document", ["sha256"])
    _record(
        "caption_line",
        _column("language", sa.String()),
        _column("number", sa.Integer()),
        _column("text", sa.Text()),
        _column("written_at", INSTANT),
        unique=("meeting_id", "number"),
    )
