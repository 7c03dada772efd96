"""Tables of what comes before a meeting, and of the mail that is sent and received."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from projectdesk.domain.meetings import FoldRule, ItemKind, MeetingType
from projectdesk.domain.preparation import (
    BusySourceKind,
    DateChoice,
    PollRule,
    PollState,
    QuestionState,
)
from projectdesk.store.schema.base import count, identity, line, metadata, prose, reference
from projectdesk.store.types import CountList, LocalDateTime, Spelling, UtcInstant, Uuid

meeting_series = Table(
    "meeting_series",
    metadata,
    *identity(),
    reference("project_id", "project"),
    line("title"),
    Column("type", Spelling(MeetingType), nullable=False, default=MeetingType.WORK_PACKAGE_CALL),
    line("rule"),
    Column("local_start", LocalDateTime, nullable=False),
    Column("zone", String, nullable=False),
    count("duration_minutes", 60),
    line("uid"),
    count("sequence"),
)

backlog_item = Table(
    "backlog_item",
    metadata,
    *identity(),
    reference("project_id", "project"),
    reference("body_id", "body", nullable=True),
    count("position"),
    line("title"),
    Column("kind", Spelling(ItemKind), nullable=False, default=ItemKind.DISCUSSION),
    count("duration_minutes", 10),
    reference("presenter_id", "person", nullable=True),
    line("presenter_text"),
    prose("description"),
    reference("work_package_id", "work_package", nullable=True),
    reference("deliverable_id", "deliverable", nullable=True),
    reference("milestone_id", "milestone", nullable=True),
    reference("risk_id", "risk", nullable=True),
    reference("carried_from_id", "agenda_item", nullable=True),
    line("reason"),
    Column("added_at", UtcInstant, nullable=False),
)

own_template = Table(
    "own_template",
    metadata,
    *identity(),
    reference("project_id", "project", nullable=True, carried=True),
    line("name"),
    Column("type", Spelling(MeetingType), nullable=False, default=MeetingType.AD_HOC),
    prose("content"),
)

date_poll = Table(
    "date_poll",
    metadata,
    *identity(),
    reference("project_id", "project"),
    line("title"),
    prose("description"),
    Column("type", Spelling(MeetingType), nullable=False, default=MeetingType.AD_HOC),
    reference("body_id", "body", nullable=True),
    count("duration_minutes", 60),
    Column("zone", String, nullable=False),
    Column("deadline", UtcInstant),
    Column("rule", Spelling(PollRule), nullable=False, default=PollRule.BY_HAND),
    Column("shows_answers", Boolean, nullable=False, default=False),
    Column("reminder_days", CountList, nullable=False, default=list),
    Column("state", Spelling(PollState), nullable=False, default=PollState.DRAFT),
    # No reference: the option names its poll, and two tables cannot both be made first.
    Column("option_id", Uuid),
    reference("meeting_id", "meeting", nullable=True),
    Column("opened_at", UtcInstant),
    Column("closed_at", UtcInstant),
)

date_option = Table(
    "date_option",
    metadata,
    *identity(),
    reference("date_poll_id", "date_poll"),
    Column("local_start", LocalDateTime, nullable=False),
    Column("fold_rule", Spelling(FoldRule), nullable=False, default=FoldRule.EARLIER),
    Column("starts_at", UtcInstant, nullable=False),
)

date_voter = Table(
    "date_voter",
    metadata,
    *identity(),
    reference("date_poll_id", "date_poll"),
    reference("person_id", "person"),
    reference("partner_id", "partner", nullable=True),
    Column("required", Boolean, nullable=False, default=True),
    Column("desk", String, nullable=False, unique=True),
    count("generation", 1),
    Column("revoked", Boolean, nullable=False, default=False),
    Column("asked_at", UtcInstant),
    Column("reminded_at", UtcInstant),
    Column("answered_at", UtcInstant),
    line("zone"),
    prose("comment"),
    UniqueConstraint("date_poll_id", "person_id"),
)

date_vote = Table(
    "date_vote",
    metadata,
    *identity(),
    reference("date_voter_id", "date_voter"),
    reference("date_option_id", "date_option"),
    Column("choice", Spelling(DateChoice), nullable=False),
    UniqueConstraint("date_voter_id", "date_option_id"),
)

busy_source = Table(
    "busy_source",
    metadata,
    *identity(),
    reference("person_id", "person"),
    Column("kind", Spelling(BusySourceKind), nullable=False, default=BusySourceKind.FILE),
    line("name"),
    line("address"),
    Column("read_at", UtcInstant),
    prose("problem"),
)

# What a calendar said when it was last read: replaced whole, so no record, no history. Those of a
# source that is gone count for nothing, and go at the next reading.
busy_time = Table(
    "busy_time",
    metadata,
    Column("source_id", Uuid, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("starts_at", UtcInstant),
    Column("ends_at", UtcInstant),
    # Whole days are dates in whatever zone the person is in: no instants (terms.md, Formats).
    Column("first_day", Date),
    Column("last_day", Date),
    Column("tentative", Boolean, nullable=False, default=False),
    line("title"),
    line("uid"),
)

reminder = Table(
    "reminder",
    metadata,
    *identity(),
    reference("meeting_id", "meeting"),
    count("minutes_before"),
    Column("sent_at", UtcInstant),
)

calendar_feed = Table(
    "calendar_feed",
    metadata,
    *identity(),
    reference("project_id", "project", nullable=True, carried=True),
    line("name"),
    Column("desk", String, nullable=False, unique=True),
    count("generation", 1),
    Column("revoked", Boolean, nullable=False, default=False),
)

review_question = Table(
    "review_question",
    metadata,
    *identity(),
    reference("meeting_id", "meeting"),
    count("number"),
    line("asked_by"),
    prose("text"),
    prose("answer"),
    reference("answered_by_id", "person", nullable=True),
    Column("state", Spelling(QuestionState), nullable=False, default=QuestionState.OPEN),
    reference("work_package_id", "work_package", nullable=True),
    reference("deliverable_id", "deliverable", nullable=True),
    Column("due_on", Date),
    reference("agenda_item_id", "agenda_item", nullable=True),
)

# What is to be sent, what is being sent and what was: no record, because nothing of it is edited or
# undone, and no references, because what was sent stays sent when its meeting is deleted.
outgoing_mail = Table(
    "outgoing_mail",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("message_id", String, nullable=False, unique=True),
    # What it is for, such as "invitation"; `services` knows the words.
    Column("purpose", String, nullable=False),
    Column("project_id", Uuid, index=True),
    Column("meeting_id", Uuid, index=True),
    Column("person_id", Uuid, index=True),
    # The invitation, voter, statement, ... that it is about.
    Column("record_id", Uuid, index=True),
    # Whose mail it is (the address in From): only who has this mailbox sends it.
    line("author"),
    line("recipient"),
    line("subject"),
    Column("content", LargeBinary, nullable=False),
    # A person said that links which open in this network only may go out.
    Column("private_links", Boolean, nullable=False, default=False),
    # queued, sending, sent, refused, uncertain, cancelled
    Column("state", String, nullable=False, index=True),
    Column("due_at", UtcInstant, nullable=False),
    # When it is tried again after the server said "later"; due_at stays what was wished.
    Column("retry_at", UtcInstant),
    Column("made_at", UtcInstant, nullable=False),
    Column("tried_at", UtcInstant),
    Column("sent_at", UtcInstant),
    count("attempts"),
    # Who is sending it: the computer that said `sending`.
    line("sender"),
    prose("reply"),
)

# Mail that was read in, by its Message-ID, so that none counts twice.
incoming_mail = Table(
    "incoming_mail",
    metadata,
    Column("message_id", String, primary_key=True),
    Column("received_at", UtcInstant, nullable=False),
    Column("read_at", UtcInstant, nullable=False),
    line("sender"),
    line("subject"),
    Column("meeting_id", Uuid),
    Column("person_id", Uuid),
    # What became of it, such as "answer_taken"; `services` knows the words.
    Column("outcome", String, nullable=False),
    prose("detail"),
)
