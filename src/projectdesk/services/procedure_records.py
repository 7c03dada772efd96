"""What the records say of a written procedure that its trail has to tell of (ADR 0111)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.rules.audit_chain import AuditStep, Expected, Link
from projectdesk.domain.voting import Vote, VoteState
from projectdesk.services.numbers import reserve
from projectdesk.services.procedure_keys import procedure_host_key
from projectdesk.services.unit_settings import keep, kept
from projectdesk.store import schema

if TYPE_CHECKING:  # a unit writes into the trail itself
    from projectdesk.services.session import Unit

TRAILS_SINCE: Final = "written-procedures.trails-since"
"""The setting that says since when procedures that are opened in this data have trails."""
_BALLOT: Final = (AuditStep.VOTED, AuditStep.VOTE_WITHDRAWN)


def vote_told(vote: Vote) -> str:
    """Return what the trail says of a procedure when it is opened: all that is voted on."""
    until = f"{vote.deadline:%Y-%m-%dT%H:%MZ}" if vote.deadline is not None else "-"
    share = f"{vote.majority_numerator}/{vote.majority_denominator}"
    said = [f"until {until}, {share}: {vote.question}", *vote.choices, vote.description]
    return "\n".join(each for each in said if each)


def document_told(name: str, sha256: str) -> str:
    """Return what the trail says of a document that is voted on."""
    return f"{name}: SHA-256 {sha256}"


def choice_told(choice: str) -> str:
    """Return what a step on a vote begins with."""
    return f"{choice}: "


def expected_of_procedure(session: Session, vote_id: UUID, links: Sequence[Link]) -> list[Expected]:
    """Return the steps that the records of an opened procedure call for.

    A trail that begins later than its procedure has to tell only of what came after its beginning.
    One that has no link at all was cut off where it was opened in this data, and not before its
    first trail was written here.
    """
    vote = session.get_one(Vote, vote_id)
    since = links[0].at if links and links[0].step == AuditStep.BEGUN else None
    if vote.opened_at is None or (not links and not _had_trail(session, vote_id, vote.opened_at)):
        return []
    opened = Expected((AuditStep.OPENED,), None, vote_told(vote))
    return [
        *([opened, *_documents(session, vote_id)] if since is None else []),
        *_seats(session, vote, links, since),
        *_ended(vote, since),
        *_vetoes(session, vote_id, since),
    ]


def note_trails_since(unit: Unit) -> None:
    """Keep that procedures that are opened here have trails from now on, unless it is kept."""
    if kept(unit.session, TRAILS_SINCE) is None:
        reserve(unit.session, TRAILS_SINCE)  # two desktops of a team come here one by one
        if kept(unit.session, TRAILS_SINCE) is None:
            keep(unit.session, TRAILS_SINCE, unit.now.isoformat())


def _had_trail(session: Session, vote_id: UUID, opened_at: datetime) -> bool:
    """Return whether a procedure was opened in this data, and since such have trails."""
    since = kept(session, TRAILS_SINCE)
    if since is None or kept(session, procedure_host_key(vote_id)) is None:
        return False
    return datetime.fromisoformat(since) <= opened_at


def _documents(session: Session, vote_id: UUID) -> Iterator[Expected]:
    document = schema.document.c
    query = (
        select(document.id, document.name, document.sha256)
        .where(document.vote_id == vote_id)
        .order_by(document.name, document.id)
    )
    for row in session.execute(query):
        said = document_told(row.name, row.sha256)
        yield Expected((AuditStep.DOCUMENT_FIXED,), row.id, said)


def _seats(
    session: Session, vote: Vote, links: Sequence[Link], since: datetime | None
) -> Iterator[Expected]:
    told = {link.subject for link in links if link.step == AuditStep.VOTED}
    seat = schema.vote_seat
    query = select(seat).where(seat.c.vote_id == vote.id).order_by(seat.c.voted_at, seat.c.id)
    for row in session.execute(query):
        if _after(row.sent_at, since):
            yield Expected((AuditStep.ASKED, AuditStep.VOTER_CHANGED), row.id)
        if _after(row.reminded_at, since):
            yield Expected((AuditStep.REMINDED,), row.id)
        if row.generation > 1 and since is None:
            yield Expected((AuditStep.LINK_RENEWED, AuditStep.VOTER_CHANGED), row.id)
        if row.revoked and since is None:
            yield Expected((AuditStep.READER_REVOKED,), row.id)
        if row.choice and _after(row.voted_at, since):
            said = "" if vote.secret else choice_told(row.choice)
            yield Expected(_BALLOT, row.id, said, AuditStep.VOTED)
        elif not row.choice and row.id in told:
            yield Expected(_BALLOT, row.id, last=AuditStep.VOTE_WITHDRAWN)


def _ended(vote: Vote, since: datetime | None) -> Iterator[Expected]:
    """How it ended; what is told of it is the result as it is kept."""
    if vote.state is VoteState.CLOSED and _after(vote.closed_at, since):
        yield Expected((AuditStep.COUNTED,), None, vote.words)
    if vote.state is VoteState.CANCELLED and _after(vote.closed_at, since):
        yield Expected((AuditStep.CANCELLED,))
    if _after(vote.notice_at, since):
        yield Expected((AuditStep.RESULT_TOLD,))


def _vetoes(session: Session, vote_id: UUID, since: datetime | None) -> Iterator[Expected]:
    veto, decision = schema.veto.c, schema.decision.c
    query = (
        select(veto.id, veto.raised_at)
        .join_from(schema.veto, schema.decision, decision.id == veto.decision_id)
        .where(decision.vote_id == vote_id)
        .order_by(veto.raised_at, veto.id)
    )
    for row in session.execute(query):
        if _after(row.raised_at, since):
            yield Expected((AuditStep.VETOED,), row.id)
    taken = select(decision.id, decision.binding_at).where(decision.vote_id == vote_id)
    for bound in session.execute(taken):
        if _after(bound.binding_at, since):
            yield Expected((AuditStep.DECISION_BINDS,), bound.id)


def _after(instant: datetime | None, since: datetime | None) -> bool:
    """Return whether something happened, and not before the trail began."""
    return instant is not None and (since is None or instant > since)
