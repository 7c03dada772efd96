"""Read the register of decisions: whether each binds, its vote, vetoes, what follows it up."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from projectdesk.domain.minutes import (
    ActionStatus,
    DecisionOrigin,
    DecisionState,
    MinutesState,
)
from projectdesk.domain.rules.written_procedure import ProcedureStage
from projectdesk.domain.voting import VetoState
from projectdesk.errors import DomainError, NotFound
from projectdesk.services.decision_rows import (
    DecisionDetail,
    FollowUpRow,
    RegisterRow,
    Standing,
    VetoRow,
)
from projectdesk.services.queries.names import full_name, partner_names
from projectdesk.services.queries.procedures import detail_in
from projectdesk.services.queries.veto_facts import is_revised, who_voted_for
from projectdesk.services.queries.vote_words import results_said
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema
from projectdesk.store.search import find

_LABEL = re.compile(r"(?:(?P<project>.+)-)?d(?P<number>\d+)", re.IGNORECASE)
_MOST_FOUND = 400
"""Entries of the search index that are looked at for one search."""
_SHORTEST_ID = 4


def decision_register(workspace: Workspace, project_id: UUID | None = None) -> list[RegisterRow]:
    """Return the register of decisions by project and number, of a project or of all."""
    query = _decisions()
    if project_id is not None:
        query = query.where(schema.decision.c.project_id == project_id)
    with workspace.read() as session:
        return register_in(session, session.execute(query).all(), workspace.now())


def decision_detail(workspace: Workspace, decision_id: UUID) -> DecisionDetail:
    """Return one decision with its vote, vetoes and actions.

    Raises:
        NotFound: no such decision.
    """
    now = workspace.now()
    with workspace.read() as session:
        rows = session.execute(_decisions().where(schema.decision.c.id == decision_id)).all()
        if not rows:
            raise NotFound("not_found", "This decision does not exist any more.", noun="decision")
        (row,) = register_in(session, rows, now)
        vote = None if row.vote_id is None else detail_in(session, row.vote_id, now)
        return DecisionDetail(
            row,
            vote,
            _vetoes(session, decision_id),
            _follow_ups(session, decision_id),
            _context(session, row.agenda_item_id),
        )


def decision_named(workspace: Workspace, text: str) -> DecisionDetail:
    """Return the decision of a label ("TIDEWATER-D7", "D7"), an id, or the beginning of one.

    Raises:
        NotFound: there is none.
        DomainError: `several_decisions`, it means several.
    """
    decision = schema.decision.c
    query = select(decision.id, decision.number, schema.project.c.acronym).join_from(
        schema.decision, schema.project
    )
    wanted = text.strip()
    match = _LABEL.fullmatch(wanted)
    short = wanted.replace("-", "").lower()
    with workspace.read() as session:
        known = session.execute(query).all()
    found = {
        row.id
        for row in known
        if (
            match is not None
            and row.number == int(match["number"])
            and (match["project"] or row.acronym).casefold() == row.acronym.casefold()
        )
        or (len(short) >= _SHORTEST_ID and row.id.hex.startswith(short))
    }
    if not found:
        raise NotFound(
            "no_such_decision",
            "There is no decision “{name}”: `projectdesk list decisions` shows them.",
            name=text,
        )
    if len(found) > 1:
        raise DomainError(
            "several_decisions",
            "Several decisions are meant by “{name}”: give the project, as in ACRONYM-D7.",
            name=text,
        )
    return decision_detail(workspace, found.pop())


def find_decisions(
    workspace: Workspace, text: str, project_id: UUID | None = None
) -> frozenset[UUID]:
    """Return the decisions that hold all words of a text, or whose minutes, item or vote do.

    Args:
        workspace: the open data.
        text: as typed; case and accents do not matter.
        project_id: only of this project.
    """
    decision = schema.decision.c
    roads = {
        Kind.DECISION: decision.id,
        Kind.MINUTES: decision.agenda_item_id,  # a note is found by its item
        Kind.AGENDA_ITEM: decision.agenda_item_id,
        Kind.MEETING: decision.meeting_id,
        Kind.VOTE: decision.vote_id,
    }
    match = _LABEL.fullmatch(text.strip())
    found: set[UUID] = set()
    with workspace.read() as session:
        if match is not None:
            query = select(decision.id).where(decision.number == int(match["number"]))
            found.update(session.scalars(query))
        for kind, column in roads.items():
            hits = find(session, text, _MOST_FOUND, kind=kind.value, project_id=project_id)
            ids = [hit.record_id for hit in hits]
            found.update(session.scalars(select(decision.id).where(column.in_(ids))))
    return frozenset(found)


# --- inside ---------------------------------------------------------------------------------------


def _decisions() -> Select[Any]:
    decision, later = schema.decision, schema.decision.alias()
    return (
        select(
            decision,
            schema.project.c.acronym,
            schema.meeting.c.title.label("meeting"),
            schema.agenda_item.c.title.label("item"),
            schema.body.c.name.label("body"),
            schema.vote.c.number.label("vote_number"),
            schema.vote.c.secret,
            schema.vote.c.words.label("vote_words"),
            schema.vote.c.notice_at,
            later.c.number.label("later_number"),
            schema.work_package.c.number.label("wp"),
        )
        .join_from(decision, schema.project, schema.project.c.id == decision.c.project_id)
        .outerjoin(schema.meeting, schema.meeting.c.id == decision.c.meeting_id)
        .outerjoin(schema.agenda_item, schema.agenda_item.c.id == decision.c.agenda_item_id)
        .outerjoin(schema.body, schema.body.c.id == decision.c.body_id)
        .outerjoin(schema.vote, schema.vote.c.id == decision.c.vote_id)
        .outerjoin(later, later.c.id == decision.c.replaced_by_id)
        .outerjoin(schema.work_package, schema.work_package.c.id == decision.c.work_package_id)
        .order_by(schema.project.c.acronym, decision.c.number, decision.c.id)
    )


@dataclass(frozen=True)
class _Around:
    """What belongs to some decisions.

    minutes: state of the newest of each meeting. said: results of votes by language.
    """

    minutes: Mapping[UUID, MinutesState]
    stages: Mapping[UUID, ProcedureStage]
    raised: Counter[UUID]
    standing: Counter[UUID]
    actions: Counter[UUID]
    open_actions: Counter[UUID]
    replaces: Mapping[UUID, list[int]]
    said: Mapping[UUID, Mapping[str, str]]
    now: datetime


def register_in(session: Session, rows: Sequence[Any], now: datetime) -> list[RegisterRow]:
    """Return rows of the register as a session sees them."""
    veto, action, decision = schema.veto.c, schema.action.c, schema.decision.c
    ids = {row.id for row in rows}
    vetoes = session.execute(select(veto.decision_id, veto.state)).all()
    actions = session.execute(
        select(action.decision_id, action.status).where(action.decision_id.is_not(None))
    ).all()
    replaces: dict[UUID, list[int]] = {}
    query = select(decision.replaced_by_id, decision.number).order_by(decision.number)
    for each in session.execute(query.where(decision.replaced_by_id.is_not(None))):
        replaces.setdefault(each.replaced_by_id, []).append(each.number)
    around = _Around(
        _minutes_state(session, [row.meeting_id for row in rows if row.meeting_id is not None]),
        _stages(session, rows, now),
        Counter(each.decision_id for each in vetoes if each.decision_id in ids),
        Counter(each.decision_id for each in vetoes if each.state is VetoState.RAISED),
        Counter(each.decision_id for each in actions),
        Counter(each.decision_id for each in actions if each.status is ActionStatus.OPEN),
        replaces,
        results_said(session, {row.vote_id for row in rows if row.vote_id is not None}),
        now,
    )
    return [_row(row, around) for row in rows]


def _stages(session: Session, rows: Sequence[Any], now: datetime) -> dict[UUID, ProcedureStage]:
    """Return how far the written procedures are whose decisions do not bind yet."""
    open_ = {
        row.vote_id
        for row in rows
        if row.origin is DecisionOrigin.WRITTEN_PROCEDURE
        and row.vote_id is not None
        and row.binding_at is None
    }
    stages = {each: detail_in(session, each, now).vote.stage for each in open_}
    return {each: stage for each, stage in stages.items() if stage is not None}


def _minutes_state(session: Session, meetings: Sequence[UUID]) -> dict[UUID, MinutesState]:
    minutes = schema.minutes.c
    query = (
        select(minutes.meeting_id, minutes.state)
        .where(minutes.meeting_id.in_(set(meetings)))
        .order_by(minutes.revision)
    )
    return {row.meeting_id: row.state for row in session.execute(query)}


def _row(row: Any, around: _Around) -> RegisterRow:
    return RegisterRow(
        id=row.id,
        version=row.version,
        project_id=row.project_id,
        project=row.acronym,
        label=f"{row.acronym}-D{row.number}",
        number=row.number,
        text=row.text,
        made_at=row.made_at,
        meeting_id=row.meeting_id,
        meeting=row.meeting or "",
        agenda_item_id=row.agenda_item_id,
        item=row.item or "",
        origin=row.origin,
        state=row.state,
        body_id=row.body_id,
        body=row.body or "",
        vote_id=row.vote_id,
        vote=f"V{row.vote_number}" if row.vote_number is not None else "",
        secret=bool(row.secret),
        words=row.rule,
        veto_until=row.veto_until,
        binding_at=row.binding_at,
        standing=_standing(row, around),
        editable=_editable(row, around),
        vetoes=around.standing[row.id],
        raised=around.raised[row.id],
        actions=around.actions[row.id],
        open_actions=around.open_actions[row.id],
        replaced_by_id=row.replaced_by_id,
        replaced_by=f"{row.acronym}-D{row.later_number}" if row.later_number is not None else "",
        replaces=tuple(f"{row.acronym}-D{n}" for n in around.replaces.get(row.id, ())),
        work_package=f"WP{row.wp}" if row.wp is not None else "",
        said=around.said.get(row.vote_id, {}) if row.rule == row.vote_words else {},
    )


def _standing(row: Any, around: _Around) -> Standing:
    match row.state:
        case DecisionState.REPLACED:
            return Standing.REPLACED
        case DecisionState.WITHDRAWN:
            return Standing.WITHDRAWN
        case DecisionState.VETOED:
            return Standing.VETOED
    if around.standing[row.id]:
        return Standing.VETOED
    if row.binding_at is not None:
        return Standing.BINDING
    if row.origin is DecisionOrigin.WRITTEN_PROCEDURE and row.vote_id is not None:
        return _by_procedure(row, around)
    if row.meeting_id is None:
        return Standing.UNPROVEN
    if row.veto_until is not None and around.now <= row.veto_until:
        return Standing.VETO_OPEN
    minutes = around.minutes.get(row.meeting_id)
    circulated = minutes in {MinutesState.CIRCULATED, MinutesState.ACCEPTED}
    return Standing.MINUTES_OPEN if circulated else Standing.NO_MINUTES


def _by_procedure(row: Any, around: _Around) -> Standing:
    match around.stages.get(row.vote_id):
        case ProcedureStage.VETO:
            return Standing.VETO_OPEN
        case ProcedureStage.VETO_WAITING | ProcedureStage.OVER:
            return Standing.VETO_WAITING
        case _:
            return Standing.NOTICE_DUE


def _editable(row: Any, around: _Around) -> bool:
    """As `decision_checks.editable_in`, out of what was read for all rows at once."""
    if row.binding_at is not None:
        return False
    if row.origin is DecisionOrigin.WRITTEN_PROCEDURE and row.vote_id is not None:
        return row.notice_at is None
    if row.meeting_id is None:
        return True
    return around.minutes.get(row.meeting_id) in {None, MinutesState.DRAFT}


def _vetoes(session: Session, decision_id: UUID) -> tuple[VetoRow, ...]:
    veto, person = schema.veto, schema.person
    member = partner_names().subquery()
    query = (
        select(veto, member.c.name.label("partner"), full_name(person).label("person"))
        .join_from(veto, member, member.c.id == veto.c.partner_id)
        .outerjoin(person, person.c.id == veto.c.person_id)
        .where(veto.c.decision_id == decision_id)
        .order_by(veto.c.raised_at, veto.c.id)
    )
    voted_for, revising = who_voted_for(session, decision_id), is_revised(session, decision_id)
    return tuple(
        VetoRow(
            id=row.id,
            version=row.version,
            decision_id=row.decision_id,
            partner_id=row.partner_id,
            partner=row.partner,
            person=row.person or "",
            reason=row.reason,
            raised_at=row.raised_at,
            state=row.state,
            answer=row.answer,
            voted_for=row.partner_id in voted_for,
            revising=row.state is VetoState.RAISED and revising,
        )
        for row in session.execute(query)
    )


def _follow_ups(session: Session, decision_id: UUID) -> tuple[FollowUpRow, ...]:
    action, person = schema.action, schema.person
    owner = partner_names().subquery()
    query = (
        select(action, full_name(person).label("person"), owner.c.name.label("partner"))
        .outerjoin(person, person.c.id == action.c.owner_person_id)
        .outerjoin(owner, owner.c.id == action.c.owner_partner_id)
        .where(action.c.decision_id == decision_id)
        .order_by(action.c.number)
    )
    return tuple(
        FollowUpRow(
            id=row.id,
            label=f"A{row.number}",
            text=row.text,
            owner=", ".join(each for each in (row.person, row.partner) if each),
            due_on=row.due_on,
            status=row.status,
        )
        for row in session.execute(query)
    )


def _context(session: Session, item: UUID | None) -> str:
    """Return what the minutes say under the decision's agenda item."""
    if item is None:
        return ""
    entry = schema.search_entry.c
    query = select(entry.body).where(entry.kind == Kind.MINUTES.value, entry.record_id == item)
    return session.scalar(query.order_by(func.length(entry.body)).limit(1)) or ""
