"""Tables of meetings, their agendas and who is invited."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Integer, String, Table, UniqueConstraint

from projectdesk.domain.meetings import (
    CallRole,
    FoldRule,
    InvitationAnswer,
    ItemKind,
    LeftOut,
    MeetingState,
    MeetingType,
)
from projectdesk.store.schema.base import count, identity, line, metadata, prose, reference
from projectdesk.store.types import LocalDateTime, Spelling, TextList, UtcInstant

meeting = Table(
    "meeting",
    metadata,
    *identity(),
    reference("project_id", "project"),
    Column("type", Spelling(MeetingType), nullable=False, default=MeetingType.AD_HOC),
    line("title"),
    reference("body_id", "body", nullable=True),
    Column("local_start", LocalDateTime, nullable=False),
    Column("zone", String, nullable=False),
    Column("fold_rule", Spelling(FoldRule), nullable=False, default=FoldRule.EARLIER),
    Column("starts_at", UtcInstant, nullable=False, index=True),
    line("tzdata"),
    count("duration_minutes", 60),
    line("place"),
    Column("state", Spelling(MeetingState), nullable=False, default=MeetingState.PLANNED),
    Column("room", String, nullable=False, unique=True),
    line("host"),
    Column("opened_at", UtcInstant),
    Column("ended_at", UtcInstant),
    Column("extraordinary", Boolean, nullable=False, default=False),
    Column("invited_at", UtcInstant),
    Column("agenda_sent_at", UtcInstant),
    line("uid"),
    count("sequence"),
    reference("series_id", "meeting_series", nullable=True),
    Column("recurrence_at", LocalDateTime),
    line("organiser"),
    line("outside_url"),
    reference("rehearsal_of_id", "meeting", nullable=True),
    Column("nights", TextList, nullable=False, default=list),
)

agenda_item = Table(
    "agenda_item",
    metadata,
    *identity(),
    reference("meeting_id", "meeting"),
    count("position"),
    line("title"),
    Column("kind", Spelling(ItemKind), nullable=False, default=ItemKind.INFORMATION),
    count("duration_minutes", 10),
    reference("presenter_id", "person", nullable=True),
    line("presenter_text"),
    prose("description"),
    reference("work_package_id", "work_package", nullable=True),
    reference("deliverable_id", "deliverable", nullable=True),
    reference("milestone_id", "milestone", nullable=True),
    Column("first_started_at", UtcInstant),
    Column("actual_seconds", Float, nullable=False, default=0.0),
    line("section"),
    count("day", 1),
    Column("starts_minute", Integer),
    line("track"),
    reference("risk_id", "risk", nullable=True),
    reference("minutes_of_id", "meeting", nullable=True),
    reference("carried_from_id", "agenda_item", nullable=True),
    Column("added_at", UtcInstant),
    Column("left_out", Spelling(LeftOut), nullable=False, default=LeftOut.NO),
)

invitation = Table(
    "invitation",
    metadata,
    *identity(),
    reference("meeting_id", "meeting"),
    reference("person_id", "person"),
    reference("partner_id", "partner", nullable=True),
    Column("role", Spelling(CallRole), nullable=False, default=CallRole.PARTICIPANT),
    count("generation", 1),
    Column("revoked", Boolean, nullable=False, default=False),
    Column("desk", String, nullable=False, unique=True),
    Column("answer", Spelling(InvitationAnswer), nullable=False, default=InvitationAnswer.NONE),
    Column("answered_at", UtcInstant),
    prose("comment"),
    Column("required", Boolean, nullable=False, default=True),
    Column("sent_at", UtcInstant),
    Column("sent_sequence", Integer),
    Column("writes_minutes", Boolean, nullable=False, default=False),
    UniqueConstraint("meeting_id", "person_id"),
)
