"""Tables of what came out of a meeting: minutes, decisions, actions, votes, attendance."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from projectdesk.domain.minutes import (
    Acceptance,
    ActionNoteKind,
    ActionStatus,
    CorrectionKind,
    DecisionOrigin,
    DecisionState,
    MinutesState,
    ObjectionState,
)
from projectdesk.domain.voting import (
    MajorityBase,
    TieRule,
    VetoState,
    VoteResult,
    VoteSetting,
    VoteState,
)
from projectdesk.store.schema.base import count, identity, line, metadata, prose, reference
from projectdesk.store.types import CountList, Spelling, TextList, UtcInstant, Uuid

minutes = Table(
    "minutes",
    metadata,
    *identity(),
    reference("meeting_id", "meeting"),
    count("revision", 1),
    Column("state", Spelling(MinutesState), nullable=False, default=MinutesState.DRAFT),
    prose("reason"),
    Column("circulated_at", UtcInstant),
    Column("objections_until", UtcInstant),
    Column("accepted_at", UtcInstant),
    Column("acceptance", Spelling(Acceptance), nullable=False, default=Acceptance.NO),
    line("audit_head"),
    line("host"),
    UniqueConstraint("meeting_id", "revision"),
)

minutes_reader = Table(
    "minutes_reader",
    metadata,
    *identity(),
    reference("minutes_id", "minutes"),
    reference("person_id", "person"),
    reference("partner_id", "partner", nullable=True),
    Column("may_object", Boolean, nullable=False, default=True),
    Column("desk", String, nullable=False, unique=True),
    count("generation", 1),
    Column("revoked", Boolean, nullable=False, default=False),
    Column("sent_at", UtcInstant),
    Column("received_at", UtcInstant),
    prose("comment"),
    UniqueConstraint("minutes_id", "person_id"),
)

objection = Table(
    "objection",
    metadata,
    *identity(),
    reference("minutes_id", "minutes"),
    reference("reader_id", "minutes_reader"),
    reference("agenda_item_id", "agenda_item", nullable=True),
    count("number"),
    prose("text"),
    Column("raised_at", UtcInstant, nullable=False),
    Column("state", Spelling(ObjectionState), nullable=False, default=ObjectionState.OPEN),
    prose("answer"),
    Column("answered_at", UtcInstant),
)

# What minutes said in each of their states, to be compared: written once, so no record.
minutes_version = Table(
    "minutes_version",
    metadata,
    Column("minutes_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("state", Spelling(MinutesState), nullable=False),
    Column("made_at", UtcInstant, nullable=False),
    line("made_by"),
    prose("content"),
)

# Who wrote with which replica of the document: a Yjs client id is 53 bits.
minutes_author = Table(
    "minutes_author",
    metadata,
    Column("minutes_id", Uuid, primary_key=True),
    Column("client", BigInteger, primary_key=True),
    line("name"),
    Column("person_id", Uuid),
    Column("since", UtcInstant, nullable=False),
)

# Which record a typed line of the minutes made, and what both said when they were last in step.
typed_line = Table(
    "typed_line",
    metadata,
    Column("record_id", Uuid, primary_key=True),
    Column("minutes_id", Uuid, nullable=False, index=True),
    Column("agenda_item_id", Uuid, nullable=False),
    Column("kind", String, nullable=False),
    prose("line"),
    prose("agreed"),
)

# One chain a revision: `docs/adr` says what an entry commits to. Triggers of the database let
# nothing be changed or deleted.
audit_entry = Table(
    "audit_entry",
    metadata,
    Column("minutes_id", Uuid, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", UtcInstant, nullable=False),
    line("step"),
    Column("subject_id", Uuid),
    line("commitment"),
    line("previous"),
    line("hash"),
)

# What an entry commits to, with its salt: personal text, that may be erased without breaking the
# chain (decisions 15).
audit_text = Table(
    "audit_text",
    metadata,
    Column("minutes_id", Uuid, primary_key=True),
    Column("seq", Integer, primary_key=True),
    line("salt"),
    prose("text"),
)

vote = Table(
    "vote",
    metadata,
    *identity(),
    reference("project_id", "project"),
    reference("body_id", "body", nullable=True),
    reference("meeting_id", "meeting", nullable=True),
    reference("agenda_item_id", "agenda_item", nullable=True),
    count("number"),
    Column("number_in_room", Integer),
    Column("setting", Spelling(VoteSetting), nullable=False, default=VoteSetting.MEETING),
    prose("question"),
    prose("description"),
    Column("choices", TextList, nullable=False, default=list),
    Column("secret", Boolean, nullable=False, default=False),
    Column("weighted", Boolean, nullable=False, default=False),
    Column("state", Spelling(VoteState), nullable=False, default=VoteState.DRAFT),
    count("quorum_numerator", 2),
    count("quorum_denominator", 3),
    count("majority_numerator", 2),
    count("majority_denominator", 3),
    Column("base", Spelling(MajorityBase), nullable=False, default=MajorityBase.CAST),
    Column("tie", Spelling(TieRule), nullable=False, default=TieRule.LOST),
    Column("opened_at", UtcInstant),
    Column("deadline", UtcInstant),
    Column("closed_at", UtcInstant),
    count("seats"),
    count("present"),
    Column("counts", CountList, nullable=False, default=list),
    Column("result", Spelling(VoteResult), nullable=False, default=VoteResult.NONE),
    line("chosen"),
    prose("words"),
    Column("notice_at", UtcInstant),
    Column("veto_until", UtcInstant),
    line("host"),
    UniqueConstraint("project_id", "number"),
)

vote_seat = Table(
    "vote_seat",
    metadata,
    *identity(),
    reference("vote_id", "vote"),
    reference("partner_id", "partner"),
    reference("voter_id", "person", nullable=True),
    reference("proxy_partner_id", "partner", nullable=True),
    count("weight", 1),
    Column("in_default", Boolean, nullable=False, default=False),
    Column("present", Boolean, nullable=False, default=False),
    Column("voted_at", UtcInstant),
    line("choice"),
    prose("comment"),
    Column("by_hand", Boolean, nullable=False, default=False),
    Column("desk", String, unique=True),
    count("generation", 1),
    Column("revoked", Boolean, nullable=False, default=False),
    Column("sent_at", UtcInstant),
    Column("reminded_at", UtcInstant),
    UniqueConstraint("vote_id", "partner_id"),
)

proxy = Table(
    "proxy",
    metadata,
    *identity(),
    reference("meeting_id", "meeting"),
    reference("from_partner_id", "partner"),
    reference("to_partner_id", "partner"),
    Column("announced_at", UtcInstant, nullable=False),
    Column("ended_at", UtcInstant),
    line("note"),
)

# Numbers of the registers are printed and quoted: two desktops must never give one twice.
decision = Table(
    "decision",
    metadata,
    *identity(),
    reference("project_id", "project"),
    reference("meeting_id", "meeting", nullable=True, carried=True),
    reference("agenda_item_id", "agenda_item", nullable=True),
    count("number"),
    prose("text"),
    Column("made_at", UtcInstant, nullable=False),
    Column("origin", Spelling(DecisionOrigin), nullable=False, default=DecisionOrigin.MEETING),
    Column("state", Spelling(DecisionState), nullable=False, default=DecisionState.TAKEN),
    reference("body_id", "body", nullable=True),
    reference("vote_id", "vote", nullable=True),
    prose("rule"),
    Column("veto_until", UtcInstant),
    Column("binding_at", UtcInstant),
    reference("replaced_by_id", "decision", nullable=True),
    reference("work_package_id", "work_package", nullable=True),
    reference("deliverable_id", "deliverable", nullable=True),
    UniqueConstraint("project_id", "number"),
)

veto = Table(
    "veto",
    metadata,
    *identity(),
    reference("decision_id", "decision"),
    reference("partner_id", "partner"),
    reference("person_id", "person", nullable=True),
    prose("reason"),
    Column("raised_at", UtcInstant, nullable=False),
    Column("state", Spelling(VetoState), nullable=False, default=VetoState.RAISED),
    prose("answer"),
)

action = Table(
    "action",
    metadata,
    *identity(),
    reference("project_id", "project"),
    reference("meeting_id", "meeting", nullable=True),
    reference("agenda_item_id", "agenda_item", nullable=True),
    count("number"),
    prose("text"),
    reference("owner_person_id", "person", nullable=True),
    reference("owner_partner_id", "partner", nullable=True),
    Column("due_on", Date, index=True),
    Column("first_due_on", Date),
    Column("status", Spelling(ActionStatus), nullable=False, default=ActionStatus.OPEN),
    Column("done_on", Date),
    reference("work_package_id", "work_package", nullable=True),
    reference("deliverable_id", "deliverable", nullable=True),
    reference("milestone_id", "milestone", nullable=True),
    reference("decision_id", "decision", nullable=True),
    Column("desk", String, unique=True),
    count("generation", 1),
    Column("revoked", Boolean, nullable=False, default=False),
    Column("sent_at", UtcInstant),
    Column("reminded_at", UtcInstant),
    Column("escalated_at", UtcInstant),
    UniqueConstraint("project_id", "number"),
)

action_note = Table(
    "action_note",
    metadata,
    *identity(),
    reference("action_id", "action"),
    Column("kind", Spelling(ActionNoteKind), nullable=False, default=ActionNoteKind.COMMENT),
    prose("text"),
    Column("due_on", Date),
    reference("person_id", "person", nullable=True),
    Column("made_at", UtcInstant, nullable=False),
)

information = Table(
    "information",
    metadata,
    *identity(),
    reference("meeting_id", "meeting"),
    reference("agenda_item_id", "agenda_item", nullable=True),
    count("number"),
    prose("text"),
    reference("work_package_id", "work_package", nullable=True),
    reference("deliverable_id", "deliverable", nullable=True),
)

attendance = Table(
    "attendance",
    metadata,
    *identity(),
    reference("meeting_id", "meeting"),
    reference("invitation_id", "invitation"),
    line("name"),
    Column("joined_at", UtcInstant, nullable=False),
    Column("left_at", UtcInstant),
    line("reason"),
    Column("spoken_seconds", Float, nullable=False, default=0.0),
)

attendance_correction = Table(
    "attendance_correction",
    metadata,
    *identity(),
    reference("meeting_id", "meeting"),
    reference("invitation_id", "invitation"),
    Column("kind", Spelling(CorrectionKind), nullable=False, default=CorrectionKind.PRESENT),
    Column("from_at", UtcInstant),
    Column("to_at", UtcInstant),
    line("reason"),
    Column("made_at", UtcInstant, nullable=False),
)

companion = Table(
    "companion",
    metadata,
    *identity(),
    reference("meeting_id", "meeting"),
    reference("invitation_id", "invitation"),
    reference("person_id", "person", nullable=True),
    reference("partner_id", "partner", nullable=True),
    line("name"),
    Column("from_at", UtcInstant),
    Column("to_at", UtcInstant),
)
