"""Dependencies, risks, effort, reporting periods, the directory; documents of all that has them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
MONEY = sa.Numeric().with_variant(sa.String(), "sqlite")


def _column(name: str, kind: sa.types.TypeEngine[Any], *, nullable: bool = False) -> Any:
    return sa.Column(name, kind, nullable=nullable)


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [f"{target}.id"],
        name=f"fk_{table}_{column}",
        deferrable=True,
        initially="DEFERRED",
    )


def _record(
    table: str,
    references: dict[str, tuple[str, bool]],
    *columns: Any,
    unique: tuple[tuple[str, ...], ...] = (),
) -> None:
    """Make a table of records. references: column -> table it names, whether it may be empty."""
    op.create_table(
        table,
        _column("id", sa.Uuid()),
        _column("version", sa.Integer()),
        *(_column(name, sa.Uuid(), nullable=empty) for name, (_, empty) in references.items()),
        *columns,
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        *(_reference(table, name, target) for name, (target, _) in references.items()),
        *(sa.UniqueConstraint(*each, name=f"uq_{table}_{'_'.join(each)}") for each in unique),
    )
    for name in references:
        op.create_index(f"ix_{table}_{name}", table, [name])


def _more(table: str, references: dict[str, str], *columns: Any) -> None:
    """Give a table more columns, and references that may be empty."""
    with op.batch_alter_table(table) as batch:
        for column in columns:
            batch.add_column(column)
        for name, target in references.items():
            batch.add_column(_column(name, sa.Uuid(), nullable=True))
            batch.create_foreign_key(
                f"fk_{table}_{name}",
                target,
                [name],
                ["id"],
                deferrable=True,
                initially="DEFERRED",
            )
    for name in references:
        op.create_index(f"ix_{table}_{name}", table, [name])


def _words(name: str, kind: sa.types.TypeEngine[Any]) -> Any:
    return sa.Column(name, kind, nullable=False, server_default="")


def _settle_defaults(table: str, *names: str) -> None:
    """Take the defaults away that only filled the rows of before."""
    with op.batch_alter_table(table) as batch:
        for name in names:
            batch.alter_column(name, server_default=None)


def upgrade() -> None:
    """Make the tables and columns, and say which project each document is of."""
    _upgrade_records()
    _upgrade_documents()
    _make_plan()
    _make_effort()
    _make_directory()


def _upgrade_records() -> None:
    since = [_column(f"coordinator_{end}", sa.Date(), nullable=True) for end in ("from", "to")]
    _more("partner", {"parent_id": "partner", "replaces_id": "partner"}, *since)
    _more("person", {}, _words("country", sa.String()), _words("region", sa.String()))
    _settle_defaults("person", "country", "region")
    days = ("draft_on", "reviewed_on", "expected_on", "decided_on")
    _more(
        "deliverable",
        {"reviewer_id": "person"},
        *(_column(name, sa.Date(), nullable=True) for name in days),
    )
    _more(
        "milestone",
        {"verified_by_id": "person"},
        _column("expected_on", sa.Date(), nullable=True),
        _words("verification", sa.Text()),
    )
    _settle_defaults("milestone", "verification")


def _upgrade_documents() -> None:
    owners = ("agenda_item", "work_package", "deliverable", "partner")
    _more(
        "document",
        {"project_id": "project", **{f"{owner}_id": owner for owner in owners}},
        _words("note", sa.Text()),
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
        _column("sha256", sa.String()),
        _column("content", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("sha256", name="pk_document_content"),
    )


def _make_plan() -> None:
    _record(
        "dependency",
        {
            "project_id": ("project", False),
            "before_work_package_id": ("work_package", True),
            "before_task_id": ("task", True),
            "after_work_package_id": ("work_package", True),
            "after_task_id": ("task", True),
        },
        _column("type", sa.String()),
        _column("lag_months", sa.Integer()),
    )
    _record(
        "risk",
        {"project_id": ("project", False), "owner_partner_id": ("partner", True)},
        _column("number", sa.Integer()),
        _column("title", sa.Text()),
        _column("work_package_ids", sa.JSON()),
        _column("likelihood", sa.String()),
        _column("severity", sa.String()),
        _column("mitigation", sa.Text()),
        _column("status", sa.String()),
    )


def _make_effort() -> None:
    _record(
        "effort",
        {"partner_id": ("partner", False), "work_package_id": ("work_package", False)},
        _column("months", MONEY),
        unique=(("partner_id", "work_package_id"),),
    )
    _record(
        "reporting_period",
        {"project_id": ("project", False)},
        _column("number", sa.Integer()),
        _column("start_month", sa.Integer()),
        _column("end_month", sa.Integer()),
        _column("due_days", sa.Integer()),
        _column("frozen_on", sa.Date(), nullable=True),
    )
    _record(
        "effort_statement",
        {
            "period_id": ("reporting_period", False),
            "partner_id": ("partner", False),
            "person_id": ("person", True),
        },
        _column("state", sa.String()),
        _column("desk", sa.String()),
        _column("generation", sa.Integer()),
        _column("deadline", sa.Date(), nullable=True),
        *(
            _column(name, INSTANT, nullable=True)
            for name in ("asked_at", "reminded_at", "answered_at", "decided_at")
        ),
        _column("comment", sa.Text()),
        _column("remark", sa.Text()),
        unique=(("period_id", "partner_id"), ("desk",)),
    )
    _record(
        "reported_effort",
        {"statement_id": ("effort_statement", False), "work_package_id": ("work_package", False)},
        _column("months", MONEY),
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
        _column("pic", sa.String()),
        *(_column(name, sa.String()) for name in texts),
        _column("sme", sa.Boolean(), nullable=True),
        *(_column(name, sa.String()) for name in place),
        _column("latitude", sa.Float(), nullable=True),
        _column("longitude", sa.Float(), nullable=True),
        _column("words", sa.String()),
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
