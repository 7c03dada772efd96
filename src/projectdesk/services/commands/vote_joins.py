"""Joining a typed decision with the vote that carried it, as the chair says."""

from __future__ import annotations

from uuid import UUID

from projectdesk.domain.minutes import Decision
from projectdesk.domain.voting import Vote
from projectdesk.errors import DomainError
from projectdesk.services.numbers import reserve
from projectdesk.services.rows import Changes
from projectdesk.services.vote_joins import offers_in
from projectdesk.services.workspace import Workspace


def join_vote(workspace: Workspace, vote_id: UUID) -> Changes:
    """Make the one typed decision of a vote's item the vote's; the decision it made itself goes.

    Raises:
        NotFound: no such vote.
        DomainError: `nothing_to_join`: there is not exactly one typed decision, the minutes went
            out, or something leads to the vote's own decision.
    """
    with workspace.change("Join a decision and its vote") as unit:
        vote = unit.get(Vote, vote_id)
        offer = None
        if vote.meeting_id is not None:
            reserve(unit.session, vote.meeting_id)
            offers = offers_in(unit.session, vote.meeting_id)
            offer = next((each for each in offers if each.vote_id == vote_id), None)
        if offer is None:
            raise DomainError(
                "nothing_to_join",
                "A vote is joined with the one decision that was typed on its item, before the "
                "minutes go out, while nothing leads to the vote's own decision.",
            )
        typed, own = unit.get(Decision, offer.decision_id), unit.get(Decision, offer.own_id)
        typed.vote_id, typed.rule, typed.made_at = vote.id, own.rule, own.made_at
        typed.body_id, typed.veto_until = own.body_id, own.veto_until
        unit.delete(own)
        unit.label = f"Join {offer.decision} and {offer.vote}"
    return unit.changes
