"""What the registers of a project say: decisions and actions, of all meetings, one, or a period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.exchange.documents.content import (
    ActionsContent,
    DecisionsContent,
    RegisteredDecision,
    Scope,
    VetoFacts,
)
from projectdesk.services import queries
from projectdesk.services.documents.heads import scope_of
from projectdesk.services.documents.outcomes import (
    action_facts,
    action_rows,
    decision_facts,
    decision_rows,
    labels_of,
    votes_where,
)
from projectdesk.services.queries.names import partner_names
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


@dataclass(frozen=True)
class Span:
    """Of what a register is: a project, and of it one meeting or the days from..to, both in."""

    project_id: UUID
    meeting_id: UUID | None = None
    since: date | None = None
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Tell whether a day is in it."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


def decisions_content(workspace: Workspace, span: Span, language: str) -> DecisionsContent:
    """Return a decision register."""
    labels = labels_of(workspace, span.project_id)
    decision = schema.decision.c
    conditions = [decision.project_id == span.project_id]
    if span.meeting_id is not None:
        conditions.append(decision.meeting_id == span.meeting_id)
    entries = []
    with workspace.read() as session:
        votes = votes_where(session, schema.vote.c.project_id == span.project_id)
        vetoes = _vetoes(session, span.project_id)
        following: dict[UUID, list[object]] = {}
        for row in action_rows(session, schema.action.c.project_id == span.project_id):
            if row.decision_id is not None:
                following.setdefault(row.decision_id, []).append(row)
        for row in decision_rows(session, *conditions):
            zone = row.zone or "UTC"
            made_on = to_local(row.made_at, zone).date()
            if not span.holds(made_on):
                continue
            vote = votes.get(row.vote_id)
            entries.append(
                RegisteredDecision(
                    decision=decision_facts(row),
                    made_on=made_on,
                    meeting=row.meeting or "",
                    item=row.item or "",
                    body=row.body or "",
                    origin=row.origin,
                    vote=vote[1] if vote is not None else None,
                    vetoes=tuple(vetoes.get(row.id, ())),
                    actions=tuple(action_facts(a, labels) for a in following.get(row.id, ())),
                    related=labels.related(row),
                    zone=zone,
                )
            )
    return DecisionsContent(_scope(workspace, span, language), tuple(entries))


def actions_content(workspace: Workspace, span: Span, language: str) -> ActionsContent:
    """Return an action list; of a period those that are due in it, or without a day."""
    labels = labels_of(workspace, span.project_id)
    action = schema.action.c
    conditions = [action.project_id == span.project_id]
    if span.meeting_id is not None:
        conditions.append(action.meeting_id == span.meeting_id)
    with workspace.read() as session:
        facts = [action_facts(row, labels) for row in action_rows(session, *conditions)]
    return ActionsContent(
        scope=_scope(workspace, span, language),
        today=workspace.now().date(),
        actions=tuple(each for each in facts if each.due_on is None or span.holds(each.due_on)),
    )


def _scope(workspace: Workspace, span: Span, language: str) -> Scope:
    title = ""
    if span.meeting_id is not None:
        title = queries.meeting(workspace, span.meeting_id).title
    return scope_of(
        workspace,
        span.project_id,
        language,
        meeting=title,
        since=span.since,
        until=span.until,
    )


def _vetoes(session: Session, project_id: UUID) -> dict[UUID, list[VetoFacts]]:
    veto, decision, partner = schema.veto.c, schema.decision.c, partner_names().subquery()
    rows = session.execute(
        select(schema.veto, partner.c.name.label("partner"))
        .join(schema.decision, decision.id == veto.decision_id)
        .join(partner, partner.c.id == veto.partner_id)
        .where(decision.project_id == project_id)
        .order_by(veto.raised_at, veto.id)
    )
    found: dict[UUID, list[VetoFacts]] = {}
    for row in rows:
        facts = VetoFacts(row.partner, row.reason, row.state, row.answer)
        found.setdefault(row.decision_id, []).append(facts)
    return found
