"""What invitees were told: the calendar object that each was last sent, and their answer to it."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, Table

from projectdesk.store.schema.base import count, line, metadata, prose
from projectdesk.store.types import UtcInstant, Uuid

# No record, and without references: what was sent stays sent when the invitation is deleted, and
# then is the only thing that says who has to be told of it.
told_invitee = Table(
    "told_invitee",
    metadata,
    Column("meeting_id", Uuid, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    Column("invitation_id", Uuid, nullable=False, index=True),
    # Series: of its UID, with the occurrence as RFC 5545 writes it (RECURRENCE-ID), "" = alone.
    line("uid"),
    line("recurrence"),
    line("address"),
    count("sequence"),
    # The sequence since which answers count: raised when the time changed, not with the title.
    count("asked_sequence"),
    Column("cancelled", Boolean, nullable=False, default=False),
    # JSON of `domain.rules.invitation_changes.Facts`.
    prose("facts"),
    Column("sent_at", UtcInstant, nullable=False),
    # Of the newest iTIP reply that counted (RFC 5546, 2.1.5).
    Column("replied_sequence", Integer),
    Column("replied_at", UtcInstant),
    # JSON of `domain.rules.invitation_changes.Proposal`: another time that the invitee proposed.
    prose("proposal"),
)
