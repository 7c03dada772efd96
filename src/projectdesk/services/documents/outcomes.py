"""What came of meetings, for documents: decisions, votes, actions, information, risks..."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from projectdesk.domain.voting import VoteState
from projectdesk.exchange.documents.content import (
    ActionFacts,
    DecisionFacts,
    InformationFacts,
    Outcome,
    PollFacts,
    QuestionFacts,
    RiskFacts,
    SeatFacts,
    VoteFacts,
)
from projectdesk.services import queries
from projectdesk.services.queries.names import partner_names
from projectdesk.services.review_rows import QuestionRow
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


@dataclass(frozen=True)
class Labels:
    """What records of a project are called: work packages, deliverables, milestones, votes."""

    work_packages: Mapping[UUID, str]
    deliverables: Mapping[UUID, str]
    milestones: Mapping[UUID, str]

    def related(self, row: Any) -> tuple[str, ...]:
        """Return the labels of what a row is about."""
        found = (
            self.work_packages.get(row.work_package_id),
            self.deliverables.get(row.deliverable_id),
            self.milestones.get(getattr(row, "milestone_id", None)),  # type: ignore[arg-type]
        )
        return tuple(label for label in found if label)


def labels_of(workspace: Workspace, project_id: UUID) -> Labels:
    """Return the labels of a project's plan."""
    return Labels(
        {row.id: row.label for row in queries.work_packages(workspace, project_id)},
        {row.id: row.label for row in queries.deliverables(workspace, project_id)},
        {row.id: row.label for row in queries.milestones(workspace, project_id)},
    )


def outcomes_by_item(
    workspace: Workspace, meeting_id: UUID, project_id: UUID, items: Collection[UUID]
) -> dict[UUID | None, Outcome]:
    """Return what came of a meeting by agenda item; under None what belongs to none of `items`."""
    labels = labels_of(workspace, project_id)
    found: dict[UUID | None, dict[str, list[Any]]] = {}

    def put(name: str, item: UUID | None, fact: object) -> None:
        place = item if item in items else None
        found.setdefault(place, {}).setdefault(name, []).append(fact)

    for poll in queries.polls(workspace, meeting_id):
        votes = tuple(zip(poll.options, poll.counts, strict=True))
        put("polls", poll.agenda_item_id, PollFacts(poll.question, votes, poll.voted))
    with workspace.read() as session:
        for item, vote in votes_where(session, schema.vote.c.meeting_id == meeting_id).values():
            if vote.state is not VoteState.DRAFT:
                put("votes", item, vote)
        for row in decision_rows(session, schema.decision.c.meeting_id == meeting_id):
            put("decisions", row.agenda_item_id, decision_facts(row))
        for row in action_rows(session, schema.action.c.meeting_id == meeting_id):
            put("actions", row.agenda_item_id, action_facts(row, labels))
        for row in session.execute(
            select(schema.information)
            .where(schema.information.c.meeting_id == meeting_id)
            .order_by(schema.information.c.number, schema.information.c.id)
        ):
            noted = InformationFacts(f"I{row.number}", row.text, labels.related(row))
            put("information", row.agenda_item_id, noted)
        asked_under = _question_items(session, meeting_id)
        raised_under = _risk_items(session, meeting_id)
    for question in queries.review_questions(workspace, meeting_id=meeting_id):
        put("questions", asked_under.get(question.id), question_facts(question))
    for risk in queries.risks(workspace, project_id):
        if risk.id in raised_under:
            put("risks", raised_under[risk.id], risk_facts(risk))
    return {
        item: Outcome(**{name: tuple(facts) for name, facts in kinds.items()})
        for item, kinds in found.items()
    }


def _question_items(session: Session, meeting_id: UUID) -> dict[UUID, UUID | None]:
    question = schema.review_question.c
    rows = session.execute(
        select(question.id, question.agenda_item_id).where(question.meeting_id == meeting_id)
    )
    return {row.id: row.agenda_item_id for row in rows}


def _risk_items(session: Session, meeting_id: UUID) -> dict[UUID, UUID]:
    """Return under which item a risk was raised: by a typed line of the meeting's minutes."""
    line, minutes, risk = schema.typed_line.c, schema.minutes.c, schema.risk.c
    rows = session.execute(
        select(line.record_id, line.agenda_item_id)
        .join(schema.minutes, minutes.id == line.minutes_id)
        .join(schema.risk, risk.id == line.record_id)
        .where(minutes.meeting_id == meeting_id)
    )
    return {row.record_id: row.agenda_item_id for row in rows}


def question_facts(row: QuestionRow) -> QuestionFacts:
    """Return a question as documents say it."""
    related = tuple(label for label in (row.work_package, row.deliverable) if label)
    return QuestionFacts(
        label=row.label,
        text=" ".join(row.text.split()),
        asked_by=row.asked_by,
        answer=row.answer,
        answered_by=row.answered_by,
        due_on=row.due_on,
        state=row.state,
        related=related,
    )


def risk_facts(row: Any) -> RiskFacts:
    """Return a risk as documents say it."""
    return RiskFacts(
        label=row.label,
        title=row.title,
        likelihood=row.likelihood,
        severity=row.severity,
        mitigation=row.mitigation,
        owner=row.owner,
        related=tuple(filter(None, (part.strip() for part in row.work_packages.split(",")))),
    )


# --- votes ----------------------------------------------------------------------------------------


def votes_where(
    session: Session, condition: ColumnElement[bool]
) -> dict[UUID, tuple[UUID | None, VoteFacts]]:
    """Return votes by id, each with its agenda item, in the order of their numbers."""
    vote = schema.vote.c
    rows = session.execute(select(schema.vote).where(condition).order_by(vote.number)).all()
    seats = _seats(session, [row.id for row in rows])
    return {row.id: (row.agenda_item_id, _vote(row, seats.get(row.id, []))) for row in rows}


def _vote(row: Any, seats: Sequence[SeatFacts]) -> VoteFacts:
    # Of a secret vote the choices are in no row; leaving them out here too lets no mistake of
    # another part print one.
    record = [SeatFacts(s.partner, voted=s.voted) for s in seats] if row.secret else seats
    return VoteFacts(
        label=f"V{row.number}",
        question=row.question,
        state=row.state,
        result=row.result,
        counts=tuple(row.counts),
        choices=tuple(row.choices),
        chosen=row.chosen,
        secret=row.secret,
        quorum=(row.quorum_numerator, row.quorum_denominator),
        majority=(row.majority_numerator, row.majority_denominator),
        base=row.base,
        seats=row.seats,
        present=row.present,
        record=tuple(record),
    )


def _seats(session: Session, votes: Collection[UUID]) -> dict[UUID, list[SeatFacts]]:
    seat = schema.vote_seat.c
    own, proxy = partner_names().subquery(), partner_names().subquery()
    rows = session.execute(
        select(schema.vote_seat, own.c.name.label("partner"), proxy.c.name.label("proxy"))
        .join(own, own.c.id == seat.partner_id)
        .outerjoin(proxy, proxy.c.id == seat.proxy_partner_id)
        .where(seat.vote_id.in_(list(votes)))
        .order_by(own.c.number, own.c.name, seat.id)
    )
    found: dict[UUID, list[SeatFacts]] = {}
    for row in rows:
        found.setdefault(row.vote_id, []).append(
            SeatFacts(
                partner=row.partner,
                choice=row.choice,
                voted=row.voted_at is not None,
                proxy=row.proxy or "",
                in_default=row.in_default,
                weight=row.weight,
            )
        )
    return found


# --- decisions and actions ------------------------------------------------------------------------


def decision_rows(session: Session, *conditions: ColumnElement[bool]) -> list[Any]:
    """Return decisions with vote number, later decision, meeting, item and body."""
    decision, later = schema.decision.c, aliased(schema.decision)
    return list(
        session.execute(
            select(
                schema.decision,
                schema.vote.c.number.label("vote_number"),
                later.c.number.label("later_number"),
                schema.meeting.c.title.label("meeting"),
                schema.meeting.c.zone,
                schema.agenda_item.c.title.label("item"),
                schema.body.c.name.label("body"),
            )
            .outerjoin(schema.vote, schema.vote.c.id == decision.vote_id)
            .outerjoin(later, later.c.id == decision.replaced_by_id)
            .outerjoin(schema.meeting, schema.meeting.c.id == decision.meeting_id)
            .outerjoin(schema.agenda_item, schema.agenda_item.c.id == decision.agenda_item_id)
            .outerjoin(schema.body, schema.body.c.id == decision.body_id)
            .where(*conditions)
            .order_by(decision.number, decision.id)
        )
    )


def decision_facts(row: Any) -> DecisionFacts:
    """Return a row of `decision_rows` as documents say it."""
    return DecisionFacts(
        label=f"D{row.number}",
        text=row.text,
        state=row.state,
        rule=row.rule,
        vote=f"V{row.vote_number}" if row.vote_number is not None else "",
        veto_until=row.veto_until,
        binding_at=row.binding_at,
        replaced_by=f"D{row.later_number}" if row.later_number is not None else "",
    )


def action_rows(session: Session, *conditions: ColumnElement[bool]) -> list[Any]:
    """Return actions with owner and meeting."""
    action, person = schema.action.c, schema.person
    partner = partner_names().subquery()
    return list(
        session.execute(
            select(
                schema.action,
                person.c.given_name,
                person.c.family_name,
                partner.c.name.label("partner"),
                schema.meeting.c.title.label("meeting"),
            )
            .outerjoin(person, person.c.id == action.owner_person_id)
            .outerjoin(partner, partner.c.id == action.owner_partner_id)
            .outerjoin(schema.meeting, schema.meeting.c.id == action.meeting_id)
            .where(*conditions)
            .order_by(action.number, action.id)
        )
    )


def action_facts(row: Any, labels: Labels) -> ActionFacts:
    """Return a row of `action_rows` as documents say it."""
    person = f"{row.given_name or ''} {row.family_name or ''}".strip()
    partner = row.partner or ""
    return ActionFacts(
        label=f"A{row.number}",
        text=row.text,
        owner=f"{person} ({partner})" if person and partner else person or partner,
        due_on=row.due_on,
        status=row.status,
        related=labels.related(row),
        first_due_on=row.first_due_on,
        done_on=row.done_on,
        source=row.meeting or "",
    )
