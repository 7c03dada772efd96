"""Results of votes in every language, for what shows them (`domain.rules.kept_result`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from projectdesk.domain.rules.kept_result import KeptResult, kept_words
from projectdesk.domain.rules.voting import VoteRules
from projectdesk.store import schema


def results_said(session: Session, votes: Collection[UUID]) -> dict[UUID, Mapping[str, str]]:
    """Return the results of some votes by language; {} where only the kept words are known."""
    vote, seat = schema.vote.c, schema.vote_seat.c
    weights = (
        select(
            seat.vote_id,
            func.sum(seat.weight).label("weight"),
            func.sum(case((seat.present, seat.weight), else_=0)).label("present_weight"),
        )
        .where(seat.in_default.is_(False))
        .group_by(seat.vote_id)
        .subquery()
    )
    query = (
        select(schema.vote, weights.c.weight, weights.c.present_weight)
        .join_from(schema.vote, weights, weights.c.vote_id == vote.id, isouter=True)
        .where(vote.id.in_(list(votes)), vote.words != "")
    )
    return {row.id: kept_words(_kept(row)) for row in session.execute(query)}


def _kept(row: Any) -> KeptResult:
    return KeptResult(
        setting=row.setting,
        rules=VoteRules(
            majority_numerator=row.majority_numerator,
            majority_denominator=row.majority_denominator,
            base=row.base,
            quorum_numerator=row.quorum_numerator,
            quorum_denominator=row.quorum_denominator,
            tie=row.tie,
            weighted=row.weighted,
            choices=tuple(row.choices),
        ),
        result=row.result,
        counts=tuple(row.counts),
        chosen=row.chosen,
        seats=row.seats,
        present=row.present,
        weight=row.weight or 0,
        present_weight=row.present_weight or 0,
        words=row.words,
    )
