"""What each invitee was last told: beside the records, because what was sent stays sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.orm import Session

from projectdesk.domain.rules.invitation_changes import Facts, Proposal
from projectdesk.store import schema

_TABLE = schema.told_invitee


@dataclass(frozen=True)
class Told:
    """What somebody was last told; see `store.schema.told`. subject_id: the meeting or series."""

    subject_id: UUID
    person_id: UUID
    invitation_id: UUID
    uid: str
    recurrence: str
    address: str
    sequence: int
    asked_sequence: int
    cancelled: bool
    facts: Facts
    sent_at: datetime
    replied: tuple[int, datetime] | None = None
    proposal: Proposal | None = None


def told_of(session: Session, subject_ids: Iterable[UUID]) -> dict[tuple[UUID, UUID], Told]:
    """Return what was told of meetings and series, by (meeting or series, person)."""
    query = select(_TABLE).where(_TABLE.c.meeting_id.in_(list(subject_ids)))
    found = [_told(row) for row in session.execute(query)]
    return {(each.subject_id, each.person_id): each for each in found}


def told_by_uid(session: Session, uid: str) -> list[Told]:
    """Return what was told of a calendar object, of its series and every occurrence."""
    return [_told(row) for row in session.execute(select(_TABLE).where(_TABLE.c.uid == uid))]


def keep_told(session: Session, told: Told) -> None:
    """Keep what somebody was told; an answer and a proposal that were known go with it."""
    same = (_TABLE.c.meeting_id == told.subject_id) & (_TABLE.c.person_id == told.person_id)
    replied = told.replied
    session.execute(delete(_TABLE).where(same))
    session.execute(
        insert(_TABLE).values(
            meeting_id=told.subject_id,
            person_id=told.person_id,
            invitation_id=told.invitation_id,
            uid=told.uid,
            recurrence=told.recurrence,
            address=told.address,
            sequence=told.sequence,
            asked_sequence=told.asked_sequence,
            cancelled=told.cancelled,
            facts=msgspec.json.encode(told.facts).decode(),
            sent_at=told.sent_at,
            replied_sequence=None if replied is None else replied[0],
            replied_at=None if replied is None else replied[1],
            proposal=_proposal_text(told.proposal),
        )
    )


def keep_reply(
    session: Session, told: Told, replied: tuple[int, datetime], proposal: Proposal | None
) -> None:
    """Keep which reply counts by now, and another time that was proposed with it."""
    same = (_TABLE.c.meeting_id == told.subject_id) & (_TABLE.c.person_id == told.person_id)
    session.execute(
        update(_TABLE)
        .where(same)
        .values(
            replied_sequence=replied[0], replied_at=replied[1], proposal=_proposal_text(proposal)
        )
    )


def forget_proposal(session: Session, invitation_id: UUID) -> None:
    """Forget another time that an invitee proposed: the meeting keeps its own."""
    session.execute(
        update(_TABLE).where(_TABLE.c.invitation_id == invitation_id).values(proposal="")
    )


def proposal_of(kept: str | None) -> Proposal | None:
    """Return another time that somebody proposed, from how it is kept."""
    return msgspec.json.decode(kept, type=Proposal) if kept else None


def _proposal_text(proposal: Proposal | None) -> str:
    return "" if proposal is None else msgspec.json.encode(proposal).decode()


def _told(row: Row[tuple[object, ...]]) -> Told:
    kept = row._mapping
    replied = None
    if kept["replied_at"] is not None:
        replied = (kept["replied_sequence"] or 0, kept["replied_at"])
    return Told(
        subject_id=kept["meeting_id"],
        person_id=kept["person_id"],
        invitation_id=kept["invitation_id"],
        uid=kept["uid"],
        recurrence=kept["recurrence"],
        address=kept["address"],
        sequence=kept["sequence"],
        asked_sequence=kept["asked_sequence"],
        cancelled=kept["cancelled"],
        facts=msgspec.json.decode(kept["facts"], type=Facts),
        sent_at=kept["sent_at"],
        replied=replied,
        proposal=proposal_of(kept["proposal"]),
    )
