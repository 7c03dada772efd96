"""First schema."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


_FULL_TEXT_SQLITE = (
    """CREATE VIRTUAL TABLE search_text USING fts5(
        title_folded, body_folded, content='search_entry', content_rowid='id',
        tokenize='trigram case_sensitive 1')""",
    """CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN
        INSERT INTO search_text(rowid, title_folded, body_folded)
        VALUES (new.id, new.title_folded, new.body_folded);
    END""",
    """CREATE TRIGGER search_entry_removed AFTER DELETE ON search_entry BEGIN
        INSERT INTO search_text(search_text, rowid, title_folded, body_folded)
        VALUES ('delete', old.id, old.title_folded, old.body_folded);
    END""",
    """CREATE TRIGGER search_entry_changed AFTER UPDATE ON search_entry BEGIN
        INSERT INTO search_text(search_text, rowid, title_folded, body_folded)
        VALUES ('delete', old.id, old.title_folded, old.body_folded);
        INSERT INTO search_text(rowid, title_folded, body_folded)
        VALUES (new.id, new.title_folded, new.body_folded);
    END""",
)


def _full_text() -> None:
    """Index the folded text by trigrams; without the means, a search reads the table."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for statement in _FULL_TEXT_SQLITE:
            op.execute(statement)
        return
    try:
        with connection.begin_nested():
            op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except sa.exc.DBAPIError:
        return  # the server has no pg_trgm, or we may not add it
    for column in ("title_folded", "body_folded"):
        op.execute(
            f"CREATE INDEX ix_search_entry_trigram_{column} ON search_entry "
            f"USING gin ({column} gin_trgm_ops)"
        )


INSTANT = sa.DateTime(timezone=True)
MONEY = sa.Numeric().with_variant(sa.String(), "sqlite")


def _column(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _maybe(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def _identity() -> tuple[sa.Column[Any], sa.Column[Any]]:
    return _column("id", sa.Uuid()), _column("version", sa.Integer())


def _reference(name: str, table: str, *, nullable: bool = False) -> sa.Column[Any]:
    target = sa.ForeignKey(f"{table}.id", deferrable=True, initially="DEFERRED")
    return sa.Column(name, sa.Uuid(), target, nullable=nullable)


def _create(
    table: str,
    *columns: sa.Column[Any],
    key: Sequence[str] = ("id",),
    unique: Sequence[Sequence[str]] = (),
    indexed: Sequence[str] = (),
) -> None:
    for column in columns:
        for target in column.foreign_keys:
            target.name = f"fk_{table}_{column.name}"
    op.create_table(
        table,
        *columns,
        sa.PrimaryKeyConstraint(*key, name=f"pk_{table}"),
        *(sa.UniqueConstraint(*names, name=f"uq_{table}_{'_'.join(names)}") for names in unique),
    )
    for name in indexed:
        op.create_index(f"ix_{table}_{name}", table, [name])


def _applied_entry() -> None:
    _create(
        "applied_entry",
        _column("entry", sa.Uuid()),
        _column("journal", sa.Uuid()),
        _column("at", INSTANT),
        key=["entry"],
        indexed=["journal"],
    )


def _history() -> None:
    _create(
        "history",
        _column("change_id", sa.Uuid()),
        _column("seq", sa.Integer()),
        _column("at", INSTANT),
        _column("who", sa.String()),
        _column("label", sa.String()),
        _column("kind", sa.String()),
        _maybe("record_id", sa.Uuid()),
        _maybe("project_id", sa.Uuid()),
        _column("operation", sa.String()),
        _maybe("before", sa.JSON()),
        _maybe("after", sa.JSON()),
        _column("version_before", sa.Integer()),
        _column("version_after", sa.Integer()),
        key=["change_id", "seq"],
        indexed=["at", "project_id", "record_id"],
    )


def _journal_cursor() -> None:
    _create(
        "journal_cursor",
        _column("journal", sa.Uuid()),
        _column("epoch", sa.Integer()),
        _column("seq", sa.BigInteger()),
        _maybe("collected_until", INSTANT),
        key=["journal"],
    )


def _minutes_update() -> None:
    _create(
        "minutes_update",
        _column("minutes_id", sa.Uuid()),
        _column("seq", sa.Integer()),
        _column("update", sa.LargeBinary()),
        _column("at", INSTANT),
        key=["minutes_id", "seq"],
    )


def _organisation() -> None:
    _create(
        "organisation",
        *_identity(),
        _column("legal_name", sa.String()),
        _column("short_name", sa.String()),
        _column("country", sa.String()),
        _column("pic", sa.String()),
        _column("vat_number", sa.String()),
        _column("type", sa.String()),
        _maybe("sme", sa.Boolean()),
        _column("street", sa.String()),
        _column("post_code", sa.String()),
        _column("city", sa.String()),
        _column("nuts_code", sa.String()),
        _column("website", sa.String()),
        _maybe("latitude", sa.Float()),
        _maybe("longitude", sa.Float()),
        indexed=["legal_name", "pic"],
    )


def _project() -> None:
    _create(
        "project",
        *_identity(),
        _column("acronym", sa.String()),
        _column("title", sa.String()),
        _column("grant_number", sa.String()),
        _column("programme", sa.String()),
        _column("call", sa.String()),
        _column("topics", sa.JSON()),
        _column("funding_scheme", sa.String()),
        _column("status", sa.String()),
        _column("objective", sa.Text()),
        _column("website", sa.String()),
        _maybe("start_date", sa.Date()),
        _maybe("end_date", sa.Date()),
        _maybe("duration_months", sa.Integer()),
        _maybe("total_cost", MONEY),
        _maybe("eu_contribution", MONEY),
        _column("source", sa.String()),
        _column("source_id", sa.String()),
        indexed=["acronym", "grant_number"],
    )


def _search_entry() -> None:
    _create(
        "search_entry",
        _column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite")),
        _column("kind", sa.String()),
        _column("record_id", sa.Uuid()),
        _maybe("project_id", sa.Uuid()),
        _column("title", sa.String()),
        _column("body", sa.Text()),
        _column("title_folded", sa.String()),
        _column("body_folded", sa.Text()),
        key=["id"],
        unique=[["record_id", "kind"]],
        indexed=["title_folded"],
    )


def _setting() -> None:
    _create(
        "setting",
        _column("key", sa.String()),
        _column("value", sa.Text()),
        key=["key"],
    )


def _partner() -> None:
    _create(
        "partner",
        *_identity(),
        _reference("project_id", "project"),
        _reference("organisation_id", "organisation"),
        _maybe("number", sa.Integer()),
        _maybe("parent_number", sa.Integer()),
        _column("position", sa.Integer()),
        _column("short_name", sa.String()),
        _column("role", sa.String()),
        _maybe("active_from", sa.Date()),
        _maybe("active_to", sa.Date()),
        _maybe("contribution", MONEY),
        _maybe("total_cost", MONEY),
        _column("source_id", sa.String()),
        indexed=["organisation_id", "project_id"],
    )


def _person() -> None:
    _create(
        "person",
        *_identity(),
        _column("given_name", sa.String()),
        _column("family_name", sa.String()),
        _column("email", sa.String()),
        _column("phone", sa.String()),
        _reference("organisation_id", "organisation", nullable=True),
        _column("zone", sa.String()),
        _column("work_from", sa.Integer()),
        _column("work_to", sa.Integer()),
        _column("languages", sa.JSON()),
        _column("is_me", sa.Boolean()),
        indexed=["email", "organisation_id"],
    )


def _body() -> None:
    _create(
        "body",
        *_identity(),
        _reference("project_id", "project"),
        _column("kind", sa.String()),
        _column("name", sa.String()),
        _reference("chair_id", "person", nullable=True),
        _column("quorum_numerator", sa.Integer()),
        _column("quorum_denominator", sa.Integer()),
        _column("majority_numerator", sa.Integer()),
        _column("majority_denominator", sa.Integer()),
        _column("notice_ordinary_days", sa.Integer()),
        _column("notice_extraordinary_days", sa.Integer()),
        _column("agenda_days", sa.Integer()),
        _column("minutes_draft_days", sa.Integer()),
        _column("minutes_accept_days", sa.Integer()),
        indexed=["chair_id", "project_id"],
    )


def _membership() -> None:
    _create(
        "membership",
        *_identity(),
        _reference("project_id", "project"),
        _reference("person_id", "person"),
        _reference("partner_id", "partner", nullable=True),
        _column("function", sa.String()),
        indexed=["partner_id", "person_id", "project_id"],
    )


def _milestone() -> None:
    _create(
        "milestone",
        *_identity(),
        _reference("project_id", "project"),
        _column("number", sa.Integer()),
        _column("title", sa.String()),
        _column("work_package_ids", sa.JSON()),
        _reference("lead_partner_id", "partner", nullable=True),
        _column("due_month", sa.Integer()),
        _column("means_of_verification", sa.Text()),
        _maybe("achieved_on", sa.Date()),
        indexed=["lead_partner_id", "project_id"],
    )


def _work_package() -> None:
    _create(
        "work_package",
        *_identity(),
        _reference("project_id", "project"),
        _column("number", sa.Integer()),
        _column("title", sa.String()),
        _reference("lead_partner_id", "partner", nullable=True),
        _column("start_month", sa.Integer()),
        _column("end_month", sa.Integer()),
        _column("objectives", sa.Text()),
        _column("description", sa.Text()),
        indexed=["lead_partner_id", "project_id"],
    )


def _body_member() -> None:
    _create(
        "body_member",
        *_identity(),
        _reference("body_id", "body"),
        _reference("partner_id", "partner"),
        _reference("representative_id", "person", nullable=True),
        _reference("deputy_id", "person", nullable=True),
        unique=[["body_id", "partner_id"]],
        indexed=["body_id", "deputy_id", "partner_id", "representative_id"],
    )


def _deliverable() -> None:
    _create(
        "deliverable",
        *_identity(),
        _reference("work_package_id", "work_package"),
        _column("number", sa.Integer()),
        _column("title", sa.String()),
        _column("description", sa.Text()),
        _reference("lead_partner_id", "partner", nullable=True),
        _column("type", sa.String()),
        _column("level", sa.String()),
        _column("due_month", sa.Integer()),
        _column("status", sa.String()),
        _maybe("submitted_on", sa.Date()),
        indexed=["lead_partner_id", "work_package_id"],
    )


def _meeting() -> None:
    _create(
        "meeting",
        *_identity(),
        _reference("project_id", "project"),
        _column("type", sa.String()),
        _column("title", sa.String()),
        _reference("body_id", "body", nullable=True),
        _column("local_start", sa.DateTime()),
        _column("zone", sa.String()),
        _column("fold_rule", sa.String()),
        _column("starts_at", INSTANT),
        _column("tzdata", sa.String()),
        _column("duration_minutes", sa.Integer()),
        _column("place", sa.String()),
        _column("state", sa.String()),
        _column("room", sa.String()),
        _column("host", sa.String()),
        _maybe("opened_at", INSTANT),
        _maybe("ended_at", INSTANT),
        unique=[["room"]],
        indexed=["body_id", "project_id", "starts_at"],
    )


def _task() -> None:
    _create(
        "task",
        *_identity(),
        _reference("work_package_id", "work_package"),
        _column("number", sa.Integer()),
        _column("title", sa.String()),
        _reference("lead_partner_id", "partner", nullable=True),
        _column("start_month", sa.Integer()),
        _column("end_month", sa.Integer()),
        _column("description", sa.Text()),
        indexed=["lead_partner_id", "work_package_id"],
    )


def _agenda_item() -> None:
    _create(
        "agenda_item",
        *_identity(),
        _reference("meeting_id", "meeting"),
        _column("position", sa.Integer()),
        _column("title", sa.String()),
        _column("kind", sa.String()),
        _column("duration_minutes", sa.Integer()),
        _reference("presenter_id", "person", nullable=True),
        _column("presenter_text", sa.String()),
        _column("description", sa.Text()),
        _reference("work_package_id", "work_package", nullable=True),
        _reference("deliverable_id", "deliverable", nullable=True),
        _reference("milestone_id", "milestone", nullable=True),
        _maybe("first_started_at", INSTANT),
        _column("actual_seconds", sa.Float()),
        indexed=["deliverable_id", "meeting_id", "milestone_id", "presenter_id", "work_package_id"],
    )


def _invitation() -> None:
    _create(
        "invitation",
        *_identity(),
        _reference("meeting_id", "meeting"),
        _reference("person_id", "person"),
        _reference("partner_id", "partner", nullable=True),
        _column("role", sa.String()),
        _column("generation", sa.Integer()),
        _column("revoked", sa.Boolean()),
        _column("desk", sa.String()),
        _column("answer", sa.String()),
        _maybe("answered_at", INSTANT),
        _column("comment", sa.Text()),
        unique=[["desk"], ["meeting_id", "person_id"]],
        indexed=["meeting_id", "partner_id", "person_id"],
    )


def _minutes() -> None:
    _create(
        "minutes",
        *_identity(),
        _reference("meeting_id", "meeting"),
        _column("revision", sa.Integer()),
        _column("state", sa.String()),
        unique=[["meeting_id", "revision"]],
        indexed=["meeting_id"],
    )


def _action() -> None:
    _create(
        "action",
        *_identity(),
        _reference("project_id", "project"),
        _reference("meeting_id", "meeting", nullable=True),
        _reference("agenda_item_id", "agenda_item", nullable=True),
        _column("number", sa.Integer()),
        _column("text", sa.Text()),
        _reference("owner_person_id", "person", nullable=True),
        _reference("owner_partner_id", "partner", nullable=True),
        _maybe("due_on", sa.Date()),
        _column("status", sa.String()),
        _maybe("done_on", sa.Date()),
        _reference("work_package_id", "work_package", nullable=True),
        _reference("deliverable_id", "deliverable", nullable=True),
        unique=[["project_id", "number"]],
        indexed=[
            "agenda_item_id",
            "deliverable_id",
            "due_on",
            "meeting_id",
            "owner_partner_id",
            "owner_person_id",
            "project_id",
            "work_package_id",
        ],
    )


def _attendance() -> None:
    _create(
        "attendance",
        *_identity(),
        _reference("meeting_id", "meeting"),
        _reference("invitation_id", "invitation"),
        _column("name", sa.String()),
        _column("joined_at", INSTANT),
        _maybe("left_at", INSTANT),
        _column("reason", sa.String()),
        indexed=["invitation_id", "meeting_id"],
    )


def _decision() -> None:
    _create(
        "decision",
        *_identity(),
        _reference("project_id", "project"),
        _reference("meeting_id", "meeting"),
        _reference("agenda_item_id", "agenda_item", nullable=True),
        _column("number", sa.Integer()),
        _column("text", sa.Text()),
        _column("made_at", INSTANT),
        unique=[["project_id", "number"]],
        indexed=["agenda_item_id", "meeting_id", "project_id"],
    )


def upgrade() -> None:
    """Make every table, parents first, then the full-text index."""
    _applied_entry()
    _history()
    _journal_cursor()
    _minutes_update()
    _organisation()
    _project()
    _search_entry()
    _setting()
    _partner()
    _person()
    _body()
    _membership()
    _milestone()
    _work_package()
    _body_member()
    _deliverable()
    _meeting()
    _task()
    _agenda_item()
    _invitation()
    _minutes()
    _action()
    _attendance()
    _decision()
    _full_text()
