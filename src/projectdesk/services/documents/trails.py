"""What audit trails say: of a meeting's minutes for their annex, of a written procedure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from projectdesk.domain.rules.audit_chain import AuditStep
from projectdesk.exchange.documents.content import ProcedureTrail, TrailFacts, TrailStep
from projectdesk.exchange.documents.trail_texts import text_in
from projectdesk.exchange.documents.words import words
from projectdesk.services import audit, queries
from projectdesk.services.documents.heads import scope_of
from projectdesk.services.workspace import Workspace
from projectdesk.store import schema


def trail_facts(workspace: Workspace, meeting_id: UUID) -> tuple[TrailFacts, ...]:
    """Return the trail of each revision that has one, checked now."""
    minutes = schema.minutes.c
    query = (
        select(minutes.id, minutes.revision, minutes.audit_head)
        .where(minutes.meeting_id == meeting_id)
        .order_by(minutes.revision)
    )
    with workspace.read() as session:
        revisions = session.execute(query).all()
    trails = []
    for row in revisions:
        steps = audit.trail(workspace, row.id)
        if not steps:
            continue
        trails.append(_facts(workspace, row.id, steps, row.revision, row.audit_head))
    return tuple(trails)


def procedure_trail(workspace: Workspace, vote_id: UUID, language: str) -> ProcedureTrail:
    """Return the trail of a written procedure, checked now.

    The result is told in the document's language where it is the one that was counted.

    Raises:
        NotFound: no such procedure.
    """
    vote = queries.vote_detail(workspace, vote_id).vote
    said = vote.said.get(language, "")
    steps = [
        replace(step, text=said) if said and _is_result(step, vote.words) else step
        for step in audit.trail(workspace, vote_id)
    ]
    return ProcedureTrail(
        scope=scope_of(workspace, vote.project_id, language),
        label=f"{vote.project}-{vote.label}",
        body=vote.body,
        question=vote.question,
        zone=vote.zone,
        trail=_facts(workspace, vote_id, steps),
    )


def procedure_steps(
    workspace: Workspace, vote_id: UUID, language: str, zone: str
) -> list[audit.AuditRow]:
    """Return the steps of a written procedure, in the words of a language.

    What a check value is made of stays as it was written down: `audit.trail` gives it.

    Args:
        workspace: the open data.
        vote_id: which procedure.
        language: tag of one that documents are written in.
        zone: in whose clock times are told.

    Raises:
        NotFound: no such procedure.
    """
    vote, spoken = queries.vote_detail(workspace, vote_id).vote, words(language)
    said = vote.said.get(language, "")
    return [
        replace(step, text=said if said and _is_result(step, vote.words) else
                step.text and text_in(step.step, step.text, zone, spoken))
        for step in audit.trail(workspace, vote_id)
    ]  # fmt: skip


def _is_result(step: audit.AuditRow, result: str) -> bool:
    return step.step is AuditStep.COUNTED and step.text == result


def _facts(
    workspace: Workspace,
    chain_id: UUID,
    steps: Sequence[audit.AuditRow],
    revision: int = 0,
    circulated_head: str = "",
) -> TrailFacts:
    checked = audit.check(workspace, chain_id)
    return TrailFacts(
        revision=revision,
        head=steps[-1].hash if steps else "",
        circulated_head=circulated_head,
        holds=checked is None or checked.broken is None,
        steps=tuple(
            TrailStep(step.seq, step.at, step.step, step.text, step.hash) for step in steps
        ),
    )
