"""Dependencies, risks, effort, reporting periods, the directory; documents of all that has them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from projectdesk.store.migrations.steps import (
    INSTANT,
    MONEY,
    column,
    more,
    record,
    settle_defaults,
    words,
)

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and columns, and say which project each document is of."""
    _upgrade_records()
    _upgrade_documents()
    _make_plan()
    _make_effort()
    _make_directory()


def _upgrade_records() -> None:
    since = [column(f"coordinator_{end}", sa.Date(), nullable=True) for end in ("from", "to")]
    more("partner", {"parent_id": "partner", "replaces_id": "partner"}, *since)
    more("person", {}, words("country", sa.String()), words("region", sa.String()))
    settle_defaults("person", "country", "region")
    days = ("draft_on", "reviewed_on", "expected_on", "decided_on")
    more(
        "deliverable",
        {"reviewer_id": "person"},
        *(column(name, sa.Date(), nullable=True) for name in days),
    )
    more(
        "milestone",
        {"verified_by_id": "person"},
        column("expected_on", sa.Date(), nullable=True),
        words("verification", sa.Text()),
    )
    settle_defaults("milestone", "verification")


def _upgrade_documents() -> None:
    owners = ("agenda_item", "work_package", "deliverable", "partner")
    more(
        "document",
        {"project_id": "project", **{f"{owner}_id": owner for owner in owners}},
        words("note", sa.Text()),
    )
    op.execute(
        "UPDATE document SET project_id ="
        " (SELECT meeting.project_id FROM meeting WHERE meeting.id = document.meeting_id)"
    )
    with op.batch_alter_table("document") as batch:
        batch.alter_column("project_id", existing_type=sa.Uuid(), nullable=False)
        batch.alter_column("meeting_id", existing_type=sa.Uuid(), nullable=True)
        batch.alter_column("file", existing_type=sa.String(), nullable=True)
        batch.alter_column("note", server_default=None)
    op.create_table(
        "document_content",
        column("sha256", sa.String()),
        column("content", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("sha256", name="pk_document_content"),
    )


def _make_plan() -> None:
    record(
        "dependency",
        {
            "project_id": ("project", False),
            "before_work_package_id": ("work_package", True),
            "before_task_id": ("task", True),
            "after_work_package_id": ("work_package", True),
            "after_task_id": ("task", True),
        },
        column("type", sa.String()),
        column("lag_months", sa.Integer()),
    )
    record(
        "risk",
        {"project_id": ("project", False), "owner_partner_id": ("partner", True)},
        column("number", sa.Integer()),
        column("title", sa.Text()),
        column("work_package_ids", sa.JSON()),
        column("likelihood", sa.String()),
        column("severity", sa.String()),
        column("mitigation", sa.Text()),
        column("status", sa.String()),
    )


def _make_effort() -> None:
    record(
        "effort",
        {"partner_id": ("partner", False), "work_package_id": ("work_package", False)},
        column("months", MONEY),
        unique=(("partner_id", "work_package_id"),),
    )
    record(
        "reporting_period",
        {"project_id": ("project", False)},
        column("number", sa.Integer()),
        column("start_month", sa.Integer()),
        column("end_month", sa.Integer()),
        column("due_days", sa.Integer()),
        column("frozen_on", sa.Date(), nullable=True),
    )
    record(
        "effort_statement",
        {
            "period_id": ("reporting_period", False),
            "partner_id": ("partner", False),
            "person_id": ("person", True),
        },
        column("state", sa.String()),
        column("desk", sa.String()),
        column("generation", sa.Integer()),
        column("deadline", sa.Date(), nullable=True),
        *(
            column(name, INSTANT, nullable=True)
            for name in ("asked_at", "reminded_at", "answered_at", "decided_at")
        ),
        column("comment", sa.Text()),
        column("remark", sa.Text()),
        unique=(("period_id", "partner_id"), ("desk",)),
    )
    record(
        "reported_effort",
        {"statement_id": ("effort_statement", False), "work_package_id": ("work_package", False)},
        column("months", MONEY),
        unique=(("statement_id", "work_package_id"),),
    )


def _make_directory() -> None:
    texts = ("legal_name", "short_name", "country", "vat_number", "type")
    place = ("street", "post_code", "city", "nuts_code", "website")
    op.create_table(
        "directory_entry",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            autoincrement=True,
        ),
        column("pic", sa.String()),
        *(column(name, sa.String()) for name in texts),
        column("sme", sa.Boolean(), nullable=True),
        *(column(name, sa.String()) for name in place),
        column("latitude", sa.Float(), nullable=True),
        column("longitude", sa.Float(), nullable=True),
        column("words", sa.String()),
        sa.PrimaryKeyConstraint("id", name="pk_directory_entry"),
        sa.UniqueConstraint("pic", name="uq_directory_entry_pic"),
    )
    op.create_index("ix_directory_entry_country", "directory_entry", ["country"])
    _full_text()


def _full_text() -> None:
    """Index the directory's words by trigrams; whoever fills the table rebuilds the index."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE directory_text USING fts5("
            "words, content='directory_entry', content_rowid='id',"
            " tokenize='trigram case_sensitive 1')"
        )
    elif connection.scalar(sa.text("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")):
        op.execute(
            "CREATE INDEX ix_directory_entry_trigram ON directory_entry "
            "USING gin (words gin_trgm_ops)"
        )
