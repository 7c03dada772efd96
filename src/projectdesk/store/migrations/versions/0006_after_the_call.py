"""What comes of a meeting: life of minutes, votes, proxies, vetoes, actions told of, attendance."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from projectdesk.store.migrations.steps import (
    INSTANT,
    MONEY,
    column,
    given,
    more,
    record,
    settle_defaults,
    words,
)

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_FIXED = ("audit_entry", "minutes_version")
"""Tables that are only appended to."""


def upgrade() -> None:
    """Make the tables, and give bodies, minutes, decisions, actions, questions their columns."""
    _upgrade_bodies()
    _make_votes()
    _upgrade_minutes()
    _make_life_of_minutes()
    _make_audit()
    _upgrade_decisions()
    _upgrade_actions()
    _make_attendance()
    more("review_question", {"agenda_item_id": "agenda_item"})
    more("invitation", {}, given("writes_minutes", sa.Boolean(), "false"))
    settle_defaults("invitation", "writes_minutes")
    record(
        "planned_share",
        {
            "period_id": ("reporting_period", False),
            "partner_id": ("partner", False),
            "work_package_id": ("work_package", False),
        },
        column("months", MONEY),
        unique=(("period_id", "partner_id", "work_package_id"),),
    )


def _upgrade_bodies() -> None:
    rules = {
        "written_days": "10",
        "written_numerator": "51",
        "written_denominator": "100",
        "veto_days": "15",
        "proxy_limit": "2",
    }
    more(
        "body",
        {},
        *(given(name, sa.Integer(), default) for name, default in rules.items()),
        given("chair_breaks_ties", sa.Boolean(), "false"),
    )
    settle_defaults("body", *rules, "chair_breaks_ties")
    more(
        "body_member",
        {},
        given("weight", sa.Integer(), "1"),
        given("in_default", sa.Boolean(), "false"),
    )
    settle_defaults("body_member", "weight", "in_default")


def _upgrade_minutes() -> None:
    texts = ("reason", "acceptance", "audit_head", "host")
    more(
        "minutes",
        {},
        words("reason", sa.Text()),
        *(words(name, sa.String()) for name in texts[1:]),
        *(
            column(name, INSTANT, nullable=True)
            for name in ("circulated_at", "objections_until", "accepted_at")
        ),
    )
    settle_defaults("minutes", *texts)


def _make_votes() -> None:
    record(
        "vote",
        {
            "project_id": ("project", False),
            "body_id": ("body", True),
            "meeting_id": ("meeting", True),
            "agenda_item_id": ("agenda_item", True),
        },
        column("number", sa.Integer()),
        column("number_in_room", sa.Integer(), nullable=True),
        column("setting", sa.String()),
        column("question", sa.Text()),
        column("description", sa.Text()),
        column("choices", sa.JSON()),
        column("secret", sa.Boolean()),
        column("weighted", sa.Boolean()),
        column("state", sa.String()),
        *(
            column(f"{share}_{part}", sa.Integer())
            for share in ("quorum", "majority")
            for part in ("numerator", "denominator")
        ),
        column("base", sa.String()),
        column("tie", sa.String()),
        *(
            column(name, INSTANT, nullable=True)
            for name in ("opened_at", "deadline", "closed_at", "notice_at", "veto_until")
        ),
        column("seats", sa.Integer()),
        column("present", sa.Integer()),
        column("counts", sa.JSON()),
        column("result", sa.String()),
        column("chosen", sa.String()),
        column("words", sa.Text()),
        column("host", sa.String()),
        unique=(("project_id", "number"),),
    )
    record(
        "vote_seat",
        {
            "vote_id": ("vote", False),
            "partner_id": ("partner", False),
            "voter_id": ("person", True),
            "proxy_partner_id": ("partner", True),
        },
        column("weight", sa.Integer()),
        column("in_default", sa.Boolean()),
        column("present", sa.Boolean()),
        column("voted_at", INSTANT, nullable=True),
        column("choice", sa.String()),
        column("comment", sa.Text()),
        column("by_hand", sa.Boolean()),
        column("desk", sa.String(), nullable=True),
        column("generation", sa.Integer()),
        column("revoked", sa.Boolean()),
        column("sent_at", INSTANT, nullable=True),
        column("reminded_at", INSTANT, nullable=True),
        unique=(("vote_id", "partner_id"), ("desk",)),
    )
    record(
        "proxy",
        {
            "meeting_id": ("meeting", False),
            "from_partner_id": ("partner", False),
            "to_partner_id": ("partner", False),
        },
        column("announced_at", INSTANT),
        column("ended_at", INSTANT, nullable=True),
        column("note", sa.String()),
    )


def _make_life_of_minutes() -> None:
    record(
        "minutes_reader",
        {
            "minutes_id": ("minutes", False),
            "person_id": ("person", False),
            "partner_id": ("partner", True),
        },
        column("may_object", sa.Boolean()),
        column("desk", sa.String()),
        column("generation", sa.Integer()),
        column("revoked", sa.Boolean()),
        column("sent_at", INSTANT, nullable=True),
        column("received_at", INSTANT, nullable=True),
        column("comment", sa.Text()),
        unique=(("minutes_id", "person_id"), ("desk",)),
    )
    record(
        "objection",
        {
            "minutes_id": ("minutes", False),
            "reader_id": ("minutes_reader", False),
            "agenda_item_id": ("agenda_item", True),
        },
        column("number", sa.Integer()),
        column("text", sa.Text()),
        column("raised_at", INSTANT),
        column("state", sa.String()),
        column("answer", sa.Text()),
        column("answered_at", INSTANT, nullable=True),
    )
    op.create_table(
        "minutes_version",
        column("minutes_id", sa.Uuid()),
        column("number", sa.Integer()),
        column("state", sa.String()),
        column("made_at", INSTANT),
        column("made_by", sa.String()),
        column("content", sa.Text()),
        sa.PrimaryKeyConstraint("minutes_id", "number", name="pk_minutes_version"),
    )
    op.create_table(
        "minutes_author",
        column("minutes_id", sa.Uuid()),
        column("client", sa.BigInteger()),
        column("name", sa.String()),
        column("person_id", sa.Uuid(), nullable=True),
        column("since", INSTANT),
        sa.PrimaryKeyConstraint("minutes_id", "client", name="pk_minutes_author"),
    )
    op.create_table(
        "typed_line",
        column("record_id", sa.Uuid()),
        column("minutes_id", sa.Uuid()),
        column("agenda_item_id", sa.Uuid()),
        column("kind", sa.String()),
        column("line", sa.Text()),
        column("agreed", sa.Text()),
        sa.PrimaryKeyConstraint("record_id", name="pk_typed_line"),
    )
    op.create_index("ix_typed_line_minutes_id", "typed_line", ["minutes_id"])


def _make_audit() -> None:
    op.create_table(
        "audit_entry",
        column("minutes_id", sa.Uuid()),
        column("seq", sa.Integer()),
        column("at", INSTANT),
        column("step", sa.String()),
        column("subject_id", sa.Uuid(), nullable=True),
        column("commitment", sa.String()),
        column("previous", sa.String()),
        column("hash", sa.String()),
        sa.PrimaryKeyConstraint("minutes_id", "seq", name="pk_audit_entry"),
    )
    op.create_table(
        "audit_text",
        column("minutes_id", sa.Uuid()),
        column("seq", sa.Integer()),
        column("salt", sa.String()),
        column("text", sa.Text()),
        sa.PrimaryKeyConstraint("minutes_id", "seq", name="pk_audit_text"),
    )
    for table in _FIXED:
        _fix(table)


def _fix(table: str) -> None:
    """Let the database refuse to change or delete what a table holds."""
    refusal = f"{table} is only appended to"
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_fixed() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{refusal}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_fixed BEFORE UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION {table}_fixed()"
    )


def _upgrade_decisions() -> None:
    texts = {"origin": "'meeting'", "state": "'taken'"}
    more(
        "decision",
        {
            "body_id": "body",
            "vote_id": "vote",
            "replaced_by_id": "decision",
            "work_package_id": "work_package",
            "deliverable_id": "deliverable",
        },
        *(given(name, sa.String(), default) for name, default in texts.items()),
        words("rule", sa.Text()),
        column("veto_until", INSTANT, nullable=True),
        column("binding_at", INSTANT, nullable=True),
    )
    settle_defaults("decision", *texts, "rule")
    with op.batch_alter_table("decision") as batch:
        batch.alter_column("meeting_id", existing_type=sa.Uuid(), nullable=True)
    record(
        "veto",
        {
            "decision_id": ("decision", False),
            "partner_id": ("partner", False),
            "person_id": ("person", True),
        },
        column("reason", sa.Text()),
        column("raised_at", INSTANT),
        column("state", sa.String()),
        column("answer", sa.Text()),
    )


def _upgrade_actions() -> None:
    more(
        "action",
        {"milestone_id": "milestone", "decision_id": "decision"},
        column("first_due_on", sa.Date(), nullable=True),
        column("desk", sa.String(), nullable=True),
        given("generation", sa.Integer(), "1"),
        given("revoked", sa.Boolean(), "false"),
        *(
            column(name, INSTANT, nullable=True)
            for name in ("sent_at", "reminded_at", "escalated_at")
        ),
    )
    settle_defaults("action", "generation", "revoked")
    with op.batch_alter_table("action") as batch:
        batch.create_unique_constraint("uq_action_desk", ["desk"])
    record(
        "action_note",
        {"action_id": ("action", False), "person_id": ("person", True)},
        column("kind", sa.String()),
        column("text", sa.Text()),
        column("due_on", sa.Date(), nullable=True),
        column("made_at", INSTANT),
    )
    record(
        "information",
        {
            "meeting_id": ("meeting", False),
            "agenda_item_id": ("agenda_item", True),
            "work_package_id": ("work_package", True),
            "deliverable_id": ("deliverable", True),
        },
        column("number", sa.Integer()),
        column("text", sa.Text()),
    )


def _make_attendance() -> None:
    more("attendance", {}, given("spoken_seconds", sa.Float(), "0"))
    settle_defaults("attendance", "spoken_seconds")
    more("meeting", {}, column("attendance_confirmed_at", INSTANT, nullable=True))
    record(
        "attendance_correction",
        {"meeting_id": ("meeting", False), "invitation_id": ("invitation", False)},
        column("kind", sa.String()),
        column("from_at", INSTANT, nullable=True),
        column("to_at", INSTANT, nullable=True),
        column("reason", sa.String()),
        column("made_at", INSTANT),
    )
    record(
        "companion",
        {
            "meeting_id": ("meeting", False),
            "invitation_id": ("invitation", False),
            "person_id": ("person", True),
            "partner_id": ("partner", True),
        },
        column("name", sa.String()),
        column("from_at", INSTANT, nullable=True),
        column("to_at", INSTANT, nullable=True),
    )
