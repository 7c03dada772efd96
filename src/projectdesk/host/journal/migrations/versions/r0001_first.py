"""The first schema: keys, rooms, sessions, desks, journal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from projectdesk.host.journal.tables import Moment

revision = "0001"
down_revision = None

_SEQUENCE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make every table."""
    _keys_and_host()
    _rooms()
    _desks()
    op.create_table(
        "entry",
        sa.Column("seq", _SEQUENCE, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(32), nullable=False, unique=True),
        sa.Column("at", Moment, nullable=False),
        sa.Column("room", sa.String(32), nullable=False),
        sa.Column("key_id", sa.String(32), sa.ForeignKey("api_key.id")),
        sa.Column("fact", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_entry_key_seq", "entry", ["key_id", "seq"])


def _keys_and_host() -> None:
    op.create_table(
        "host",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("journal", sa.String(32), nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("last_seq", _SEQUENCE, nullable=False),
        sa.Column("alive_until", Moment),
    )
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("revoked_at", Moment),
        sa.Column("acknowledged", _SEQUENCE, nullable=False),
    )


def _rooms() -> None:
    op.create_table(
        "room",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("key_id", sa.String(32), sa.ForeignKey("api_key.id"), nullable=False, index=True),
        sa.Column("snapshot", sa.Text, nullable=False),
        sa.Column("memory", sa.Text, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
    )
    op.create_table(
        "session",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("room", sa.String(32), sa.ForeignKey("room.id"), nullable=False, index=True),
        sa.Column("invitation", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("resume_hash", sa.String(64), nullable=False),
        sa.Column("opened_at", Moment, nullable=False),
    )


def _desks() -> None:
    op.create_table(
        "desk",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("key_id", sa.String(32), sa.ForeignKey("api_key.id"), nullable=False, index=True),
        sa.Column("snapshot", sa.Text, nullable=False),
        sa.Column("retired", sa.Text, nullable=False),
        sa.Column("withdrawn", sa.Boolean, nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("answered_at", Moment),
        sa.Column("changed_at", Moment, nullable=False),
    )
    op.create_table(
        "desk_submission",
        sa.Column("desk", sa.String(32), sa.ForeignKey("desk.id"), primary_key=True),
        sa.Column("submission", sa.String(100), primary_key=True),
    )
