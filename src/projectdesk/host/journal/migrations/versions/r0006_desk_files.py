"""Files that belong to desks: what members vote on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add files of desks, in parts: none holds the journal up for long."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "desk_file",
        sa.Column("upload", sa.String(32), primary_key=True),
        sa.Column("key_id", sa.String(32), sa.ForeignKey("api_key.id"), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("whole", sa.Boolean, nullable=False),
        sa.Column("changed_at", moment, nullable=False),
    )
    op.create_index("ix_desk_file_key_sha256", "desk_file", ["key_id", "sha256"])
    op.create_table(
        "desk_file_part",
        sa.Column("upload", sa.String(32), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
