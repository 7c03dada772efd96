"""The box of secret ballots: who has voted, and ballots, with nothing between them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the box. Without row ids: they would rise with each ballot, and so tell the order."""
    op.create_table(
        "ballot_box",
        sa.Column("room", sa.String(32), primary_key=True),
        sa.Column("vote", sa.Integer, primary_key=True),
        sa.Column("swept", sa.Boolean, nullable=False),
    )
    op.create_table(
        "turnout",
        sa.Column("room", sa.String(32), primary_key=True),
        sa.Column("vote", sa.Integer, primary_key=True),
        sa.Column("member", sa.String(32), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ballot",
        sa.Column("receipt", sa.String(32), primary_key=True),
        sa.Column("room", sa.String(32), nullable=False),
        sa.Column("vote", sa.Integer, nullable=False),
        sa.Column("choice", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
