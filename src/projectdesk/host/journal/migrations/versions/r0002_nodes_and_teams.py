"""Nodes that share a database and the rooms in it; teams that share rooms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from projectdesk.host.journal.tables import Moment

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the table of nodes, whose a room is, and whose a key's rooms are."""
    op.create_table(
        "node",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("alive_until", Moment, nullable=False),
        sa.Column("left", sa.Boolean, nullable=False),
    )
    op.add_column("room", sa.Column("node", sa.String(64)))
    op.add_column("api_key", sa.Column("team", sa.String(200)))
    op.add_column("api_key", sa.Column("owner", sa.String(32), nullable=False, server_default=""))
    op.execute("UPDATE api_key SET owner = id")
