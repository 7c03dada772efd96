"""What comes before a meeting: series, backlog, date polls, busy times, reminders, feeds, mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from projectdesk.store.migrations.steps import (
    INSTANT,
    column,
    given,
    more,
    record,
    settle_defaults,
    words,
)

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

LOCAL = sa.DateTime(timezone=False)


def upgrade() -> None:
    """Make the tables, and give meetings, agenda items, invitations and bodies their columns."""
    _make_series()
    _upgrade_bodies()
    _upgrade_meetings()
    _make_agenda()
    _make_polls()
    _make_calendars()
    _make_mail()
    _make_told()


def _make_series() -> None:
    record(
        "meeting_series",
        {"project_id": ("project", False)},
        column("title", sa.String()),
        column("type", sa.String()),
        column("rule", sa.String()),
        column("local_start", LOCAL),
        column("zone", sa.String()),
        column("duration_minutes", sa.Integer()),
        column("uid", sa.String()),
        column("sequence", sa.Integer()),
    )


def _upgrade_bodies() -> None:
    """Give bodies the days they did not say: what is usual for their kind (terms.md)."""
    names = ("agenda_extraordinary_days", "items_days")
    more("body", {}, *(given(name, sa.Integer(), "7") for name in names))
    settle_defaults("body", *names)
    op.execute(
        "UPDATE body SET agenda_extraordinary_days = 10, items_days = 14"
        " WHERE kind = 'general_assembly'"
    )


def _upgrade_meetings() -> None:
    more(
        "meeting",
        {"series_id": "meeting_series", "rehearsal_of_id": "meeting"},
        sa.Column("extraordinary", sa.Boolean(), nullable=False, server_default=sa.false()),
        column("invited_at", INSTANT, nullable=True),
        column("agenda_sent_at", INSTANT, nullable=True),
        words("uid", sa.String()),
        given("sequence", sa.Integer(), "0"),
        column("recurrence_at", LOCAL, nullable=True),
        words("organiser", sa.String()),
        words("outside_url", sa.String()),
        given("nights", sa.JSON(), "[]"),
    )
    settle_defaults(
        "meeting", "extraordinary", "uid", "sequence", "organiser", "outside_url", "nights"
    )
    more(
        "agenda_item",
        {"risk_id": "risk", "minutes_of_id": "meeting", "carried_from_id": "agenda_item"},
        words("section", sa.String()),
        given("day", sa.Integer(), "1"),
        column("starts_minute", sa.Integer(), nullable=True),
        words("track", sa.String()),
        column("added_at", INSTANT, nullable=True),
        words("left_out", sa.String()),
    )
    settle_defaults("agenda_item", "section", "day", "track", "left_out")
    more(
        "invitation",
        {},
        sa.Column("required", sa.Boolean(), nullable=False, server_default=sa.true()),
        column("sent_at", INSTANT, nullable=True),
        column("sent_sequence", sa.Integer(), nullable=True),
    )
    settle_defaults("invitation", "required")


def _make_agenda() -> None:
    record(
        "backlog_item",
        {
            "project_id": ("project", False),
            "body_id": ("body", True),
            "presenter_id": ("person", True),
            "work_package_id": ("work_package", True),
            "deliverable_id": ("deliverable", True),
            "milestone_id": ("milestone", True),
            "risk_id": ("risk", True),
            "carried_from_id": ("agenda_item", True),
        },
        column("position", sa.Integer()),
        column("title", sa.String()),
        column("kind", sa.String()),
        column("duration_minutes", sa.Integer()),
        column("presenter_text", sa.String()),
        column("description", sa.Text()),
        column("reason", sa.String()),
        column("added_at", INSTANT),
    )
    record(
        "own_template",
        {"project_id": ("project", True)},
        column("name", sa.String()),
        column("type", sa.String()),
        column("content", sa.Text()),
    )
    record(
        "review_question",
        {
            "meeting_id": ("meeting", False),
            "answered_by_id": ("person", True),
            "work_package_id": ("work_package", True),
            "deliverable_id": ("deliverable", True),
        },
        column("number", sa.Integer()),
        column("asked_by", sa.String()),
        column("text", sa.Text()),
        column("answer", sa.Text()),
        column("state", sa.String()),
        column("due_on", sa.Date(), nullable=True),
    )


def _make_polls() -> None:
    record(
        "date_poll",
        {
            "project_id": ("project", False),
            "body_id": ("body", True),
            "meeting_id": ("meeting", True),
        },
        column("title", sa.String()),
        column("description", sa.Text()),
        column("type", sa.String()),
        column("duration_minutes", sa.Integer()),
        column("zone", sa.String()),
        column("deadline", INSTANT, nullable=True),
        column("rule", sa.String()),
        column("shows_answers", sa.Boolean()),
        column("reminder_days", sa.JSON()),
        column("state", sa.String()),
        column("option_id", sa.Uuid(), nullable=True),
        column("opened_at", INSTANT, nullable=True),
        column("closed_at", INSTANT, nullable=True),
    )
    record(
        "date_option",
        {"date_poll_id": ("date_poll", False)},
        column("local_start", LOCAL),
        column("fold_rule", sa.String()),
        column("starts_at", INSTANT),
    )
    record(
        "date_voter",
        {
            "date_poll_id": ("date_poll", False),
            "person_id": ("person", False),
            "partner_id": ("partner", True),
        },
        column("required", sa.Boolean()),
        column("desk", sa.String()),
        column("generation", sa.Integer()),
        column("revoked", sa.Boolean()),
        *(
            column(name, INSTANT, nullable=True)
            for name in ("asked_at", "reminded_at", "answered_at")
        ),
        column("zone", sa.String()),
        column("comment", sa.Text()),
        unique=(("date_poll_id", "person_id"), ("desk",)),
    )
    record(
        "date_vote",
        {"date_voter_id": ("date_voter", False), "date_option_id": ("date_option", False)},
        column("choice", sa.String()),
        unique=(("date_voter_id", "date_option_id"),),
    )


def _make_calendars() -> None:
    record(
        "busy_source",
        {"person_id": ("person", False)},
        column("kind", sa.String()),
        column("name", sa.String()),
        column("address", sa.String()),
        column("read_at", INSTANT, nullable=True),
        column("problem", sa.Text()),
    )
    op.create_table(
        "busy_time",
        column("source_id", sa.Uuid()),
        column("seq", sa.Integer()),
        column("starts_at", INSTANT, nullable=True),
        column("ends_at", INSTANT, nullable=True),
        column("first_day", sa.Date(), nullable=True),
        column("last_day", sa.Date(), nullable=True),
        column("tentative", sa.Boolean()),
        column("title", sa.String()),
        column("uid", sa.String()),
        sa.PrimaryKeyConstraint("source_id", "seq", name="pk_busy_time"),
    )
    record(
        "reminder",
        {"meeting_id": ("meeting", False)},
        column("minutes_before", sa.Integer()),
        column("sent_at", INSTANT, nullable=True),
    )
    record(
        "calendar_feed",
        {"project_id": ("project", True)},
        column("name", sa.String()),
        column("desk", sa.String()),
        column("generation", sa.Integer()),
        column("revoked", sa.Boolean()),
        unique=(("desk",),),
    )


def _make_mail() -> None:
    about = ("project_id", "meeting_id", "person_id", "record_id")
    op.create_table(
        "outgoing_mail",
        column("id", sa.Uuid()),
        column("message_id", sa.String()),
        column("purpose", sa.String()),
        *(column(name, sa.Uuid(), nullable=True) for name in about),
        column("author", sa.String()),
        column("recipient", sa.String()),
        column("subject", sa.String()),
        column("content", sa.LargeBinary()),
        column("private_links", sa.Boolean()),
        column("state", sa.String()),
        column("due_at", INSTANT),
        column("retry_at", INSTANT, nullable=True),
        column("made_at", INSTANT),
        column("tried_at", INSTANT, nullable=True),
        column("sent_at", INSTANT, nullable=True),
        column("attempts", sa.Integer()),
        column("sender", sa.String()),
        column("reply", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_outgoing_mail"),
        sa.UniqueConstraint("message_id", name="uq_outgoing_mail_message_id"),
    )
    for name in (*about, "state"):
        op.create_index(f"ix_outgoing_mail_{name}", "outgoing_mail", [name])
    op.create_table(
        "incoming_mail",
        column("message_id", sa.String()),
        column("received_at", INSTANT),
        column("read_at", INSTANT),
        column("sender", sa.String()),
        column("subject", sa.String()),
        column("meeting_id", sa.Uuid(), nullable=True),
        column("person_id", sa.Uuid(), nullable=True),
        column("outcome", sa.String()),
        column("detail", sa.Text()),
        sa.PrimaryKeyConstraint("message_id", name="pk_incoming_mail"),
    )


def _make_told() -> None:
    op.create_table(
        "told_invitee",
        column("meeting_id", sa.Uuid()),
        column("person_id", sa.Uuid()),
        column("invitation_id", sa.Uuid()),
        column("uid", sa.String()),
        column("recurrence", sa.String()),
        column("address", sa.String()),
        column("sequence", sa.Integer()),
        column("asked_sequence", sa.Integer()),
        column("cancelled", sa.Boolean()),
        column("facts", sa.Text()),
        column("sent_at", INSTANT),
        column("replied_sequence", sa.Integer(), nullable=True),
        column("replied_at", INSTANT, nullable=True),
        column("proposal", sa.Text()),
        sa.PrimaryKeyConstraint("meeting_id", "person_id", name="pk_told_invitee"),
    )
    op.create_index("ix_told_invitee_invitation_id", "told_invitee", ["invitation_id"])
