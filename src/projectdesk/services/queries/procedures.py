"""Read votes with their seats, and written procedures: how far they are and who is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from projectdesk.domain.rules.quorum import Seat, share_of
from projectdesk.domain.rules.voting import STANCES, VoteRules
from projectdesk.domain.rules.written_procedure import (
    ProcedureStage,
    Progress,
    share_text,
    stage_of,
    votes_needed,
)
from projectdesk.domain.voting import VoteResult, VoteSetting, VoteState
from projectdesk.errors import DomainError, NotFound
from projectdesk.services.procedure_keys import (
    manner_key,
    procedure_host_key,
    procedure_journal_key,
    read_manner,
)
from projectdesk.services.procedure_rows import DecidingBody, SeatRow, VotingDetail, VotingRow
from projectdesk.services.queries.names import full_name, partner_names
from projectdesk.services.queries.vote_words import results_said
from projectdesk.services.voted_documents import voted_documents
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema

_SHORTEST_ID = 4


def procedures(workspace: Workspace, project_id: UUID | None = None) -> list[VotingRow]:
    """Return written procedures, of a project or all: what is under way first, then the newest."""
    vote = schema.vote.c
    query = _votes().where(vote.setting == VoteSetting.WRITTEN_PROCEDURE)
    if project_id is not None:
        query = query.where(vote.project_id == project_id)
    with workspace.read() as session:
        found = _details(session, session.execute(query).all(), workspace.now())
    rows = [each.vote for each in reversed(found)]
    over = {ProcedureStage.OVER, ProcedureStage.CANCELLED}
    return sorted(rows, key=lambda row: row.stage in over)


def vote_detail(workspace: Workspace, vote_id: UUID) -> VotingDetail:
    """Return one vote with its seats; also one that is no written procedure.

    Raises:
        NotFound: no such vote.
    """
    with workspace.read() as session:
        return detail_in(session, vote_id, workspace.now())


def detail_in(session: Session, vote_id: UUID, now: datetime) -> VotingDetail:
    """Return one vote as a session sees it, also inside a change.

    Raises:
        NotFound: no such vote.
    """
    rows = session.execute(_votes().where(schema.vote.c.id == vote_id)).all()
    if not rows:
        raise NotFound("not_found", "This vote does not exist any more.", noun="vote")
    return _details(session, rows, now)[0]


def procedure_named(workspace: Workspace, text: str) -> VotingDetail:
    """Return the written procedure of a label ("V3", "TIDEWATER-V3"), an id, or its beginning.

    Raises:
        NotFound: there is none.
        DomainError: `several_procedures`, it means several.
    """
    wanted = text.strip().casefold()
    vote = schema.vote.c
    query = (
        select(vote.id, vote.number, schema.project.c.acronym)
        .join_from(schema.vote, schema.project)
        .where(vote.setting == VoteSetting.WRITTEN_PROCEDURE)
    )
    with workspace.read() as session:
        known = session.execute(query).all()
    short = wanted.replace("-", "")
    found = {
        row.id
        for row in known
        if wanted in {f"v{row.number}", f"{row.acronym}-v{row.number}".casefold()}
        or (len(short) >= _SHORTEST_ID and row.id.hex.startswith(short))
    }
    if not found:
        raise NotFound(
            "no_such_procedure",
            "There is no written procedure “{name}”: `projectdesk procedure list` shows them.",
            name=text,
        )
    if len(found) > 1:
        raise DomainError(
            "several_procedures",
            "Several written procedures are meant by “{name}”: give the project, as in "
            "ACRONYM-V3, or the id.",
            name=text,
        )
    return vote_detail(workspace, found.pop())


def deciding_bodies(workspace: Workspace, project_id: UUID | None = None) -> list[DecidingBody]:
    """Return the bodies with members that have a vote, of a project or of all."""
    body, member = schema.body, schema.body_member.c
    query = (
        select(body, schema.project.c.acronym)
        .join_from(body, schema.project)
        .order_by(schema.project.c.acronym, body.c.name, body.c.id)
    )
    if project_id is not None:
        query = query.where(body.c.project_id == project_id)
    found = []
    with workspace.read() as session:
        rows = session.execute(query).all()
        members = session.execute(
            select(
                member.body_id,
                func.coalesce(member.representative_id, member.deputy_id).label("voter"),
            ).where(~member.in_default)
        ).all()
    for row in rows:
        voters = [each.voter for each in members if each.body_id == row.id]
        if voters:
            found.append(
                DecidingBody(
                    id=row.id,
                    name=row.name,
                    project_id=row.project_id,
                    project=row.acronym,
                    days=row.written_days,
                    veto_days=row.veto_days,
                    seats=len(voters),
                    unrepresented=sum(voter is None for voter in voters),
                    needed=share_of(len(voters), row.written_numerator, row.written_denominator),
                    share=share_text(row.written_numerator, row.written_denominator),
                )
            )
    return found


# --- inside ---------------------------------------------------------------------------------------


def _votes() -> Select[Any]:
    vote, decision = schema.vote, schema.decision.c
    return (
        select(
            vote,
            schema.project.c.acronym,
            schema.body.c.name.label("body_name"),
            schema.meeting.c.title.label("meeting_title"),
            decision.id.label("decision_id"),
            decision.number.label("decision_number"),
        )
        .join_from(vote, schema.project)
        .outerjoin(schema.body, schema.body.c.id == vote.c.body_id)
        .outerjoin(schema.meeting, schema.meeting.c.id == vote.c.meeting_id)
        .outerjoin(schema.decision, decision.vote_id == vote.c.id)
        .order_by(schema.project.c.acronym, vote.c.number, vote.c.id, decision.number)
    )


def _seats(votes: Sequence[UUID]) -> Select[Any]:
    seat, person = schema.vote_seat, schema.person
    member, proxy = partner_names().subquery(), partner_names().subquery()
    return (
        select(
            seat,
            member.c.name.label("partner"),
            proxy.c.name.label("proxy"),
            full_name(person).label("voter"),
            person.c.email,
            person.c.zone.label("own_zone"),
        )
        .join_from(seat, member, member.c.id == seat.c.partner_id)
        .outerjoin(proxy, proxy.c.id == seat.c.proxy_partner_id)
        .outerjoin(person, person.c.id == seat.c.voter_id)
        .where(seat.c.vote_id.in_(votes))
        .order_by(member.c.number, seat.c.id)
    )


@dataclass(frozen=True)
class _Around:
    """What is kept beside votes: settings, until when hosts were heard, results by language."""

    settings: Mapping[str, str]
    heard: Mapping[UUID, datetime | None]
    said: Mapping[UUID, Mapping[str, str]]
    now: datetime

    @classmethod
    def of(cls, session: Session, votes: Sequence[UUID], now: datetime) -> _Around:
        kept, cursor = schema.setting.c, schema.journal_cursor.c
        makers = (manner_key, procedure_host_key, procedure_journal_key)
        keys = [key(each) for each in votes for key in makers]
        rows = session.execute(select(kept.key, kept.value).where(kept.key.in_(keys)))
        settings = {row.key: row.value for row in rows}
        journals = {
            each: UUID(settings[procedure_journal_key(each)])
            for each in votes
            if procedure_journal_key(each) in settings
        }
        known = session.execute(
            select(cursor.journal, cursor.collected_until).where(
                cursor.journal.in_(journals.values())
            )
        )
        until = {row.journal: row.collected_until for row in known}
        heard = {vote: until.get(journal) for vote, journal in journals.items()}
        return cls(settings, heard, results_said(session, votes), now)


def _details(session: Session, rows: Sequence[Any], now: datetime) -> list[VotingDetail]:
    once = {row.id: row for row in reversed(rows)}  # a vote may have several decisions: the first
    ids = list(reversed(once))
    around = _Around.of(session, ids, now)
    seats: dict[UUID, list[SeatRow]] = {}
    for row in session.execute(_seats(ids)):
        seats.setdefault(row.vote_id, []).append(_seat_row(row))
    papers = voted_documents(session, ids)
    return [
        replace(
            _detail(once[each], tuple(seats.get(each, ())), around), documents=papers.get(each, ())
        )
        for each in ids
    ]


def _seat_row(row: Any) -> SeatRow:
    return SeatRow(
        id=row.id,
        version=row.version,
        vote_id=row.vote_id,
        partner_id=row.partner_id,
        partner=row.partner,
        voter_id=row.voter_id,
        voter=row.voter or row.email or "",
        email=row.email or "",
        own_zone=row.own_zone or "",
        proxy=row.proxy or "",
        weight=row.weight,
        in_default=row.in_default,
        present=row.present,
        voted_at=row.voted_at,
        choice=row.choice,
        comment=row.comment,
        by_hand=row.by_hand,
        desk=row.desk,
        generation=row.generation,
        revoked=row.revoked,
        sent_at=row.sent_at,
        reminded_at=row.reminded_at,
    )


def _detail(row: Any, seats: tuple[SeatRow, ...], around: _Around) -> VotingDetail:
    manner = read_manner(around.settings.get(manner_key(row.id)))
    rules = VoteRules(row.majority_numerator, row.majority_denominator, weighted=row.weighted)
    needed, whole = votes_needed(
        [Seat(seat.partner_id, seat.weight, seat.in_default) for seat in seats], rules
    )
    entitled = [seat for seat in seats if not seat.in_default]
    carried = row.result in {VoteResult.CARRIED, VoteResult.CHOSEN}
    stage = None
    if row.setting is VoteSetting.WRITTEN_PROCEDURE:
        stage = stage_of(
            Progress(
                state=row.state,
                now=around.now,
                deadline=row.deadline,
                missing=sum(seat.is_missing for seat in seats),
                closes_early=manner.closes_early,
                carried=carried,
                notice_at=row.notice_at,
                veto_until=row.veto_until,
                hosted=row.id in around.heard,
                heard_until=around.heard.get(row.id),
            )
        )
    shown = VotingRow(
        id=row.id,
        version=row.version,
        project_id=row.project_id,
        project=row.acronym,
        label=f"V{row.number}",
        number=row.number,
        body_id=row.body_id,
        body=row.body_name or "",
        meeting_id=row.meeting_id,
        meeting=row.meeting_title or "",
        setting=row.setting,
        question=row.question,
        description=row.description,
        options=tuple(row.choices) or STANCES,
        has_own_choices=bool(row.choices),
        secret=row.secret,
        weighted=row.weighted,
        state=row.state,
        share=share_text(row.majority_numerator, row.majority_denominator),
        needed=needed,
        whole=whole,
        opened_at=row.opened_at,
        deadline=row.deadline,
        closed_at=row.closed_at,
        seats=len(entitled) if seats else row.seats,
        voted=sum(seat.voted_at is not None for seat in entitled),
        counts=tuple(row.counts) if row.state is VoteState.CLOSED else (),
        result=row.result,
        chosen=row.chosen,
        words=row.words,
        notice_at=row.notice_at,
        veto_until=row.veto_until,
        host=around.settings.get(procedure_host_key(row.id), row.host),
        zone=manner.zone,
        closes_early=manner.closes_early,
        reminder_days=manner.reminder_days,
        stage=stage,
        decision_id=row.decision_id,
        said=around.said.get(row.id, {}),
        decision=f"D{row.decision_number}" if row.decision_number is not None else "",
    )
    return VotingDetail(shown, seats)
