"""What a host is told of a written procedure: a desk for each member with a vote.

The desks belong to no room. A host gets the SHA-256 of each token only; the token is made from the
link key when a link is shown or mailed (decisions 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from projectdesk.domain.rules.tokens import LinkPurpose, link_token, token_hash
from projectdesk.domain.rules.written_procedure import ProcedureStage
from projectdesk.domain.voting import VetoState, VoteSetting, VoteState
from projectdesk.services.desk_sets import DeskFile, DeskSet
from projectdesk.services.hosting import link_key
from projectdesk.services.kept_settings import set_setting, setting
from projectdesk.services.procedure_keys import (
    procedure_host_key,
    procedure_journal_key,
    procedure_url_key,
)
from projectdesk.services.procedure_rows import BallotLink, SeatRow, VotingDetail
from projectdesk.services.queries.meetings import organiser
from projectdesk.services.queries.procedures import detail_in
from projectdesk.services.voted_documents import contents_here
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.desk import DeskSnapshot
from projectdesk.signalling.outcome import BallotDocument, BallotSnapshot
from projectdesk.store import schema

KEPT_OPEN: Final = timedelta(days=30)
"""How long after it was over a procedure's desks are still sent to their host, to be read."""
_Stage = Literal["vote", "veto", "closed", "cancelled"]
_STAGES: Final[Mapping[ProcedureStage, _Stage]] = {
    ProcedureStage.VETO: "veto",
    ProcedureStage.VETO_WAITING: "veto",
    ProcedureStage.OVER: "closed",
    ProcedureStage.CANCELLED: "cancelled",
}
"""How a desk shows it; before the result is told it is a vote, whose time may be over."""


@dataclass(frozen=True)
class _Given:
    """A member's veto: its reason, what it was answered, when it was raised."""

    reason: str
    answer: str
    at: datetime


def keep_place(workspace: Workspace, vote_id: UUID, public_url: str, journal: str = "") -> None:
    """Remember where a procedure's links lead, and in whose journal its answers come."""
    kept = {procedure_url_key(vote_id): public_url.rstrip("/")}
    if journal:
        kept[procedure_journal_key(vote_id)] = journal
    for key, value in kept.items():
        if setting(workspace, key) != value:
            set_setting(workspace, key, value)


def procedure_desks(workspace: Workspace, vote_id: UUID) -> DeskSet:
    """Return the desks of the members with a vote, as their host needs them.

    Raises:
        NotFound: no such procedure.
        DomainError: `bad_link_key`.
        EnvironmentFailure: the key store cannot be reached; `document_missing`.
    """
    with workspace.read() as session:
        found = detail_in(session, vote_id, workspace.now())
        vetoes = _vetoes(session, vote_id)
    asks, key = organiser(workspace, found.vote.project_id), link_key(workspace)
    desks = [
        (
            seat.desk,
            DeskSnapshot(
                subject=seat.id.hex,
                token_hash="" if seat.revoked else token_hash(_token(key, seat)),
                deadline=_deadline(found),
                form=_form(found, seat, asks, vetoes.get(seat.partner_id)),
            ),
        )
        for seat in found.seats
        if seat.desk is not None
    ]
    files = contents_here(workspace, vote_id)
    return DeskSet(
        found.vote.host,
        tuple(desks),
        tuple(DeskFile(sha256, path) for sha256, path in files.items()),
    )


def ballot_links(workspace: Workspace, vote_id: UUID, public_url: str) -> list[BallotLink]:
    """Return the personal links of the members with a vote; of revoked ones none.

    Args:
        workspace: the open data, with the link key among its secrets.
        vote_id: which procedure.
        public_url: where its host is reached, without path ("https://meet.example.org").

    Raises:
        NotFound: no such procedure.
        DomainError: `bad_link_key`.
        EnvironmentFailure: the key store cannot be reached.
    """
    with workspace.read() as session:
        found = detail_in(session, vote_id, workspace.now())
    base, key = public_url.rstrip("/"), link_key(workspace)
    return [
        BallotLink(
            seat_id=seat.id,
            name=seat.voter,
            partner=seat.partner,
            email=seat.email,
            url=f"{base}/d/{seat.desk}#{_token(key, seat)}",
        )
        for seat in found.seats
        if seat.desk is not None and not seat.revoked
    ]


def known_links(workspace: Workspace, vote_id: UUID) -> list[BallotLink]:
    """Return the links as they were made last; none before a host had the desks."""
    url = setting(workspace, procedure_url_key(vote_id))
    return ballot_links(workspace, vote_id, url) if url else []


def open_procedures(workspace: Workspace) -> list[UUID]:
    """Return the procedures whose links are still looked at: under way, or over not long ago.

    Only those that were opened in this data: a copy of a project (the sample, a project file) does
    not send its links to a host by itself.
    """
    vote, kept = schema.vote.c, schema.setting.c
    since = workspace.now() - KEPT_OPEN
    query = select(vote.id).where(
        vote.setting == VoteSetting.WRITTEN_PROCEDURE,
        or_(vote.state == VoteState.OPEN, vote.closed_at >= since, vote.veto_until >= since),
    )
    with workspace.read() as session:
        found = sorted(session.scalars(query))
        keys = [procedure_host_key(each) for each in found]
        hosted = set(session.scalars(select(kept.key).where(kept.key.in_(keys))))
    return [each for each in found if procedure_host_key(each) in hosted]


def opened_procedures(workspace: Workspace) -> frozenset[UUID]:
    """Return the procedures that were ever opened."""
    vote = schema.vote.c
    query = select(vote.id).where(
        vote.setting == VoteSetting.WRITTEN_PROCEDURE, vote.opened_at.is_not(None)
    )
    with workspace.read() as session:
        return frozenset(session.scalars(query))


# --- inside ---------------------------------------------------------------------------------------


def _token(key: bytes, seat: SeatRow) -> str:
    return link_token(key, LinkPurpose.BALLOT, seat.id, seat.generation)


def _deadline(found: VotingDetail) -> datetime | None:
    """Return until when the desks take answers: the vote, then the veto; None = only read."""
    vote = found.vote
    match vote.stage:
        case ProcedureStage.VETO | ProcedureStage.VETO_WAITING:
            return vote.veto_until
        case ProcedureStage.OVER | ProcedureStage.CANCELLED:
            return None
        case ProcedureStage.RESULT if vote.closed_at is not None and vote.deadline is not None:
            return min(vote.closed_at, vote.deadline)
        case _:
            return vote.deadline


def _vetoes(session: Session, vote_id: UUID) -> dict[UUID, _Given]:
    """Return by partner the veto that stands, or was not admitted, against what was decided."""
    veto, decision = schema.veto, schema.decision.c
    query = (
        select(veto.c.partner_id, veto.c.reason, veto.c.answer, veto.c.raised_at)
        .join_from(veto, schema.decision)
        .where(decision.vote_id == vote_id, veto.c.state != VetoState.WITHDRAWN)
        .order_by(veto.c.raised_at)
    )
    return {
        row.partner_id: _Given(row.reason, row.answer, row.raised_at)
        for row in session.execute(query)
    }


def _form(found: VotingDetail, seat: SeatRow, asks: str, veto: _Given | None) -> BallotSnapshot:
    vote = found.vote
    stage = _STAGES.get(vote.stage or ProcedureStage.DRAFT, "vote")
    told = stage in {"veto", "closed"}
    given_at = seat.voted_at
    if told and veto is not None:
        given_at = max(veto.at, given_at or veto.at)
    return BallotSnapshot(
        project=vote.project,
        body=vote.body,
        question=vote.question,
        description=vote.description,
        choices=list(vote.options),
        name=seat.voter,
        organisation=seat.partner,
        organiser=asks,
        seats=vote.whole,
        needed=vote.needed,
        share=vote.share,
        stage=stage,
        closes_early=vote.closes_early,
        outcome=vote.result.value if told else "",
        counts=list(vote.counts) if told else [],
        chosen=vote.chosen if told else "",
        given=seat.choice,
        comment=seat.comment,
        veto=veto.reason if told and veto is not None else "",
        veto_answer=veto.answer if told and veto is not None else "",
        given_at=given_at,
        documents=[
            BallotDocument(name=each.name, size=each.size, sha256=each.sha256)
            for each in found.documents
        ],
    )
