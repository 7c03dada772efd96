"""Mail that is due later, who may hand it over, and the sealed link keys of teams."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add mail that waits, the domains of each key, and sealed link keys."""
    moment = sa.DateTime(timezone=True)
    op.add_column("api_key", sa.Column("mail_domains", sa.Text, nullable=False, server_default=""))
    op.create_table(
        "later_mail",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("key_id", sa.String(32), sa.ForeignKey("api_key.id"), nullable=False),
        sa.Column("handed_by", sa.String(32), sa.ForeignKey("api_key.id"), nullable=False),
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("not_after", moment),
        sa.Column("desk", sa.String(32)),
        sa.Column("retry_at", moment),
        sa.Column("changed_at", moment, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("node", sa.String(64)),
    )
    op.create_index("ix_later_mail_state_due", "later_mail", ["state", "due_at"])
    op.create_index("ix_later_mail_key_id", "later_mail", ["key_id"])
    op.create_table(
        "sealed_link_key",
        sa.Column("key_id", sa.String(32), sa.ForeignKey("api_key.id"), primary_key=True),
        sa.Column("database", sa.String(32), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("put_at", moment, nullable=False),
        sa.Column("put_by", sa.String(200), nullable=False),
    )
