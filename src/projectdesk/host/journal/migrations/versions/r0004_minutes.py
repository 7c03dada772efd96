"""The minutes as they are written together in a room, and who wrote."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_SEQUENCE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the document of a room, its changes, and their authors."""
    op.create_table(
        "minutes_document",
        sa.Column("room", sa.String(32), primary_key=True),
        sa.Column("document", sa.String(32), nullable=False),
    )
    op.create_table(
        "minutes_update",
        sa.Column("seq", _SEQUENCE, primary_key=True, autoincrement=True),
        sa.Column("room", sa.String(32), nullable=False),
        sa.Column("document", sa.String(32), nullable=False),
        sa.Column("update", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_minutes_update_room", "minutes_update", ["room", "document"])
    op.create_table(
        "minutes_author",
        sa.Column("room", sa.String(32), primary_key=True),
        sa.Column("document", sa.String(32), primary_key=True),
        sa.Column("replica", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("participant", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
    )
