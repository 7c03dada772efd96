"""A decision typed on an item and the vote that carried it: offered to be joined, undone."""

from __future__ import annotations

from uuid import UUID

import pytest

from projectdesk.domain.minutes import Decision, Minutes, MinutesState
from projectdesk.domain.voting import FOR
from projectdesk.errors import DomainError
from projectdesk.services import commands, queries
from projectdesk.services.commands.votes import HeldByHand, record_vote
from projectdesk.services.rows import Kind
from projectdesk.services.vote_joins import join_offers
from projectdesk.services.workspace import Workspace
from tests.unit.meetings.conftest import Consortium
from tests.unit.meetings.test_votes import assembly as assembly


@pytest.fixture
def item(workspace: Workspace, kick_off: UUID) -> UUID:
    return next(row.id for row in queries.agenda(workspace, kick_off) if not row.is_break)


@pytest.fixture
def vote(
    workspace: Workspace, consortium: Consortium, kick_off: UUID, assembly: UUID, item: UUID
) -> UUID:
    """A vote on the item that all members carried."""
    members = [consortium.partners[name] for name in ("UNI", "LAB", "FIRM")]
    held = HeldByHand("Adopt the budget", dict.fromkeys(members, FOR), item_id=item)
    return record_vote(workspace, kick_off, held)[0]


def typed(workspace: Workspace, meeting: UUID, item: UUID, text: str = "The budget is adopted."):
    project = queries.meeting(workspace, meeting).project_id
    values = {"project_id": project, "meeting_id": meeting, "agenda_item_id": item,
              "text": text, "made_at": workspace.now()}  # fmt: skip
    return commands.create(workspace, Kind.DECISION, values)[0]


def decisions(workspace: Workspace, meeting: UUID) -> list[tuple[str, UUID | None]]:
    project = queries.meeting(workspace, meeting).project_id
    rows = queries.decision_register(workspace, project)
    return [(row.text, row.vote_id) for row in rows if row.meeting_id == meeting]


def test_the_typed_decision_becomes_the_votes_and_it_can_be_undone(workspace, kick_off, item, vote):
    made = typed(workspace, kick_off, item)
    (offer,) = join_offers(workspace, kick_off)
    assert (offer.vote_id, offer.decision_id, offer.vote) == (vote, made, "V1")
    before = decisions(workspace, kick_off)
    commands.join_vote(workspace, vote)
    assert decisions(workspace, kick_off) == [("The budget is adopted.", vote)]
    with workspace.read() as session:
        assert session.get_one(Decision, made).rule.startswith("carried")
    assert queries.vote_detail(workspace, vote).vote.decision_id == made
    assert join_offers(workspace, kick_off) == ()
    commands.undo(workspace)
    assert decisions(workspace, kick_off) == before


def test_two_typed_decisions_are_not_offered(workspace, kick_off, item, vote):
    typed(workspace, kick_off, item)
    typed(workspace, kick_off, item, "Another one.")
    assert join_offers(workspace, kick_off) == ()
    with pytest.raises(DomainError) as refused:
        commands.join_vote(workspace, vote)
    assert refused.value.code == "nothing_to_join"


def test_nothing_is_joined_that_something_leads_to(workspace, kick_off, item, vote):
    typed(workspace, kick_off, item)
    own = join_offers(workspace, kick_off)[0].own_id
    project = queries.meeting(workspace, kick_off).project_id
    values = {"project_id": project, "text": "Tell the bank", "decision_id": own}
    commands.create(workspace, Kind.ACTION, values)
    assert join_offers(workspace, kick_off) == ()


def test_nothing_is_joined_once_the_minutes_went_out(workspace, kick_off, item, vote):
    typed(workspace, kick_off, item)
    with workspace.change("Circulate") as unit:
        unit.add(Minutes(meeting_id=kick_off, state=MinutesState.CIRCULATED))
    assert join_offers(workspace, kick_off) == ()
