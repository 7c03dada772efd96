"""The register: when decisions of meetings bind, what may be changed, what replaces what."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from projectdesk.domain.minutes import Acceptance, Decision, Minutes, MinutesState
from projectdesk.domain.voting import AGAINST, FOR, Vote, VoteSeat, VoteState
from projectdesk.errors import DomainError, NotFound
from projectdesk.services import commands, queries
from projectdesk.services.binding import settle_binding
from projectdesk.services.decision_rows import RegisterRow, Standing
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from tests.unit.meetings.conftest import consortium as consortium
from tests.unit.meetings.conftest import kick_off as kick_off
from tests.unit.meetings.conftest import plan as plan


@pytest.fixture
def decided(workspace: Workspace, kick_off: UUID) -> UUID:
    made, _ = commands.create(
        workspace, Kind.DECISION, {"meeting_id": kick_off, "text": "The lights stay on."}
    )
    return made


def row(workspace: Workspace, decision: UUID) -> RegisterRow:
    return queries.decision_detail(workspace, decision).decision


def put_minutes(workspace: Workspace, meeting: UUID, revision: int, state: MinutesState) -> None:
    with workspace.change("Minutes") as unit:
        made = Minutes(meeting_id=meeting, revision=revision, state=state)
        if state is MinutesState.ACCEPTED:
            made.accepted_at, made.acceptance = unit.now, Acceptance.UNOPPOSED
        unit.add(made)


def bind(workspace: Workspace, meeting: UUID | None = None) -> list[UUID]:
    with workspace.change("Bind", undoable=False) as unit:
        return settle_binding(unit, meeting_id=meeting)


def test_it_binds_once_the_minutes_are_accepted(workspace, decided, kick_off, clock):
    assert row(workspace, decided).standing is Standing.NO_MINUTES
    put_minutes(workspace, kick_off, 1, MinutesState.CIRCULATED)
    assert row(workspace, decided).standing is Standing.MINUTES_OPEN
    assert bind(workspace) == []
    accepted_at = clock.now
    put_minutes(workspace, kick_off, 2, MinutesState.ACCEPTED)
    clock.advance(days=1)
    assert bind(workspace, kick_off) == [decided]
    shown = row(workspace, decided)
    assert (shown.standing, shown.binding_at) == (Standing.BINDING, accepted_at)
    assert bind(workspace) == [], "once"


@pytest.mark.full
def test_a_veto_and_its_window_keep_it_from_binding(
    workspace, decided, kick_off, clock, consortium
):
    until = clock.now + timedelta(days=15)
    with workspace.change("Window") as unit:
        unit.get(Decision, decided).veto_until = until
    put_minutes(workspace, kick_off, 1, MinutesState.ACCEPTED)
    assert row(workspace, decided).standing is Standing.VETO_OPEN
    changes = commands.raise_veto(workspace, decided, consortium.partners["LAB"], "Costs.")
    clock.now = until + timedelta(hours=1)
    assert bind(workspace) == []
    commands.undo(workspace, changes.change_id)
    assert bind(workspace) == [decided]
    assert row(workspace, decided).binding_at == until
    assert commands.settle_procedures(workspace).bound == ()


def test_what_was_circulated_is_not_overwritten(workspace, decided, kick_off):
    def change(text: str) -> None:
        version = row(workspace, decided).version
        commands.set_fields(workspace, Kind.DECISION, decided, version, {"text": text})

    change("The lights stay on at night.")
    put_minutes(workspace, kick_off, 1, MinutesState.CIRCULATED)
    with pytest.raises(DomainError) as caught:
        change("The lights go out.")
    assert (caught.value.code, caught.value.facts["field"]) == ("decision_circulated", "text")
    put_minutes(workspace, kick_off, 2, MinutesState.DRAFT)
    change("The lights stay on till ten.")
    assert row(workspace, decided).text == "The lights stay on till ten."


@pytest.mark.full
def test_a_later_decision_replaces_it_and_not_in_a_circle(workspace, decided, kick_off):
    later, changes = commands.replace_decision(workspace, decided, "The lights go out.")
    assert (row(workspace, decided).replaced_by, row(workspace, later).replaces) == (
        "TIDE-D2",
        ("TIDE-D1",),
    )
    with pytest.raises(DomainError, match="replace itself"):
        commands.replace_decision(workspace, later, "", decided)
    commands.undo(workspace, changes.change_id)
    assert row(workspace, decided).standing is Standing.NO_MINUTES
    with pytest.raises(NotFound):
        queries.decision_detail(workspace, later)


@pytest.mark.full
def test_what_was_withdrawn_stands_again(workspace, decided):
    commands.withdraw_decision(workspace, decided)
    assert row(workspace, decided).standing is Standing.WITHDRAWN
    commands.reinstate_decision(workspace, decided)
    assert row(workspace, decided).standing is Standing.NO_MINUTES


@pytest.mark.full
def test_a_follow_up_is_of_the_decision_and_its_meeting(workspace, decided, kick_off):
    commands.add_follow_up(workspace, decided, {"text": "Buy lamps"})
    (action,) = queries.actions(workspace, meeting_id=kick_off)
    assert (action.text, action.decision_id) == ("Buy lamps", decided)
    shown = row(workspace, decided)
    assert (shown.actions, shown.open_actions) == (1, 1)


def test_a_veto_says_that_its_member_voted_for_it(workspace, consortium, decided):
    lab, firm = consortium.partners["LAB"], consortium.partners["FIRM"]
    with workspace.change("A vote") as unit:
        decision = unit.get(Decision, decided)
        vote = Vote(project_id=decision.project_id, question="Lights?", state=VoteState.CLOSED)
        unit.add(vote)
        unit.session.flush()
        unit.add(
            VoteSeat(vote_id=vote.id, partner_id=lab, choice=FOR),
            VoteSeat(vote_id=vote.id, partner_id=firm, choice=AGAINST),
        )
        decision.vote_id = vote.id
    for partner in (lab, firm):
        commands.raise_veto(workspace, decided, partner, "Costs.")
    vetoes = queries.decision_detail(workspace, decided).vetoes
    assert {veto.partner_id: veto.voted_for for veto in vetoes} == {lab: True, firm: False}
    with workspace.change("Secret") as unit:
        unit.get(Vote, vote.id).secret = True
    vetoes = queries.decision_detail(workspace, decided).vetoes
    assert not any(veto.voted_for for veto in vetoes)


def test_a_veto_says_that_the_minutes_are_being_revised(workspace, consortium, decided, kick_off):
    def revising() -> bool:
        return queries.decision_detail(workspace, decided).vetoes[0].revising

    put_minutes(workspace, kick_off, 1, MinutesState.DRAFT)
    commands.raise_veto(workspace, decided, consortium.partners["LAB"], "Costs.")
    assert not revising(), "a first draft is no revision"
    with workspace.change("Circulate") as unit:
        (minutes,) = unit.session.scalars(select(Minutes))
        minutes.state = MinutesState.SUPERSEDED
    put_minutes(workspace, kick_off, 2, MinutesState.DRAFT)
    assert revising()
    assert queries.decision_detail(workspace, decided).decision.standing is Standing.VETOED
