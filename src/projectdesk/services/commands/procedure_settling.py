"""What happens by itself as time passes: procedures close, veto windows end, decisions bind.

Only once what their hosts got in time is collected (decisions 2), and the mails that came in time
are read (`inbox_heard`).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from projectdesk.domain.rules.written_procedure import ProcedureStage
from projectdesk.domain.voting import Vote, VoteResult
from projectdesk.errors import ProjectDeskError
from projectdesk.services.binding import due_to_bind, settle_binding
from projectdesk.services.commands.procedures import close_in, tell_in
from projectdesk.services.inbox_heard import is_read_past
from projectdesk.services.labels import name_of
from projectdesk.services.poll_mail import author_of
from projectdesk.services.procedure_desks import known_links, open_procedures
from projectdesk.services.procedure_mail import was_mailed
from projectdesk.services.queries.procedures import detail_in, vote_detail
from projectdesk.services.queries.vote_words import results_said
from projectdesk.services.workspace import Workspace

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ClosedProcedure:
    """A procedure that closed itself. told: its members were told the result by mail.

    words: the result as it is kept; said: the same by language, {} = only so.
    """

    vote_id: UUID
    question: str
    result: VoteResult
    words: str
    decision_id: UUID | None
    told: bool
    said: Mapping[str, str]


@dataclass(frozen=True)
class Settled:
    """What happened by itself. bound: decisions that bind now."""

    closed: tuple[ClosedProcedure, ...]
    bound: tuple[UUID, ...]


def settle_procedures(workspace: Workspace) -> Settled:
    """Close the procedures whose time is over, and mark the decisions that bind by now.

    Where members were asked by mail, they are told the result by mail, which opens the time for a
    veto. To be called after collecting, and at times: a deadline passes without any event. What
    cannot be closed stays open; why is logged, and said to who closes it by hand.
    """
    now = workspace.now()
    known = open_procedures(workspace)  # a copy of a project closes by hand: answers are elsewhere
    with workspace.read() as session:
        due = [each for each in known if _is_due(session, each, now)]
    closed = []
    for vote_id in due:
        try:
            closed += _close(workspace, vote_id)
        except ProjectDeskError as error:
            log.warning("written procedure %s does not close itself: %s", vote_id, error.code)
    return Settled(tuple(closed), _bind(workspace))


def _is_due(session: Session, vote_id: UUID, now: datetime) -> bool:
    """Return whether a procedure closes now; where all have voted, before its deadline."""
    found = detail_in(session, vote_id, now)
    deadline = found.vote.deadline
    over = deadline is not None and now > deadline
    return found.vote.stage is ProcedureStage.DUE and (
        deadline is None
        or not over
        or is_read_past(session, deadline, now, [seat.id for seat in found.seats])
    )


def _close(workspace: Workspace, vote_id: UUID) -> list[ClosedProcedure]:
    author, links = None, []
    if was_mailed(workspace, vote_id):
        author = author_of(workspace, vote_detail(workspace, vote_id).vote.project_id)
        links = known_links(workspace, vote_id)
    with workspace.change("Close a written procedure", undoable=False, in_turn=True) as unit:
        vote = unit.get(Vote, vote_id)
        stage = detail_in(unit.session, vote_id, unit.now).vote.stage
        if stage is not ProcedureStage.DUE:
            return []  # another desktop was faster, or somebody took their vote back
        decision = close_in(unit, vote)
        if author is not None:
            tell_in(unit, vote, author, links)
        unit.label = f"{name_of(unit.session, vote)} closed itself"
    made, told = None if decision is None else decision.id, author is not None
    with workspace.read() as session:
        said = results_said(session, [vote_id]).get(vote_id, {})
    return [ClosedProcedure(vote_id, vote.question, vote.result, vote.words, made, told, said)]


def _bind(workspace: Workspace) -> tuple[UUID, ...]:
    with workspace.read() as session:
        if not due_to_bind(session, workspace.now()):
            return ()
    with workspace.change("Decisions bind", undoable=False, in_turn=True) as unit:
        bound = settle_binding(unit)
        if len(bound) == 1:
            unit.label = "A decision binds"
    return tuple(bound)
