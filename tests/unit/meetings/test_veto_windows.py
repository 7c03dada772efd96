"""A veto is taken until its own window ends, also in answer to minutes that are accepted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from projectdesk.domain.consortium import Body
from projectdesk.domain.meetings import Meeting
from projectdesk.domain.minutes import Decision, MinutesReader
from projectdesk.domain.rules.minutes_life import Standing
from projectdesk.domain.voting import Veto
from projectdesk.errors import Conflict
from projectdesk.host.desks.kinds import tidied
from projectdesk.services import commands, inbox, minutes_desks, minutes_mail
from projectdesk.services.commands import minutes_acceptance as acceptance
from projectdesk.services.queries.minutes_life import minutes_life
from projectdesk.signalling.desk import DeskSnapshot
from projectdesk.signalling.outcome import DecisionVeto, ItemObjection, MinutesAnswer
from tests.unit.meetings.circulating import answer, circulated, decide, gather, pass_window
from tests.unit.meetings.circulating import assembly as assembly
from tests.unit.meetings.circulating import plain_pdf as plain_pdf
from tests.unit.meetings.circulating import written as written

pytestmark = pytest.mark.parametrize("workspace", ["sqlite"], indirect=True)
WHY = "It costs us."


@dataclass(frozen=True)
class Accepted:
    """Accepted minutes, with a decision of theirs. rui: a reader who may veto it until then."""

    meeting: UUID
    decision: UUID
    rui: MinutesReader
    until: datetime


@pytest.fixture
def accepted(workspace, clock, written) -> Accepted:
    """Minutes that were accepted while the body's rules leave two more weeks for a veto."""
    with workspace.change("A longer time for vetoes") as unit:
        body = unit.get(Body, unit.get(Meeting, written).body_id)
        body.veto_days = body.minutes_accept_days + 14
    decision = decide(workspace, written)
    rui = circulated(workspace, written)["Rui"]
    pass_window(workspace, clock, written)
    assert len(acceptance.settle_minutes(workspace)) == 1
    until = found(workspace, decision).veto_until
    assert until is not None
    assert until - clock.now > timedelta(days=13)
    return Accepted(written, decision, rui, until)


def found(workspace, decision: UUID) -> Decision:
    with workspace.read() as session:
        return session.get_one(Decision, decision)


def vetoes(workspace) -> list[str]:
    with workspace.read() as session:
        return [each.reason for each in session.scalars(select(Veto))]


def desk(workspace, given: Accepted) -> DeskSnapshot:
    newest = minutes_life(workspace, given.meeting).newest
    desks = dict(minutes_desks.minutes_desks(workspace, newest.id).desks)
    return desks[given.rui.desk]


def by_link(workspace, given: Accepted, at: datetime) -> None:
    said = [DecisionVeto(decision=given.decision.hex, reason=WHY)]
    gather(workspace, answer(workspace, given.rui, vetoes=said, at=at, seq=7))


def test_a_veto_by_the_link_counts_after_the_minutes_were_accepted(workspace, accepted):
    by_link(workspace, accepted, accepted.until + timedelta(minutes=1))
    assert vetoes(workspace) == [], "too late"
    by_link(workspace, accepted, accepted.until - timedelta(minutes=1))
    assert vetoes(workspace) == [WHY]
    assert minutes_life(workspace, accepted.meeting).standing is Standing.ACCEPTED


@pytest.mark.parametrize(("after", "outcome"), [(-1, "answer_taken"), (1, "answer_late")])
def test_a_veto_by_mail_counts_after_the_minutes_were_accepted(workspace, accepted, after, outcome):
    newest = minutes_life(workspace, accepted.meeting).newest
    code = minutes_mail.minutes_code(accepted.rui.desk, newest.audit_head)
    mail = (
        "From: rui@example.org\r\nTo: maya@example.org\r\nSubject: Re: Minutes\r\n"
        f"Message-ID: <r1@example.org>\r\n\r\nVeto D1: {WHY}\r\n\r\n> Minutes {code}\r\n"
    )
    received = accepted.until + timedelta(minutes=after)
    taken = inbox.take(workspace, mail.encode(), received).taken
    assert taken.outcome == outcome
    assert vetoes(workspace) == ([WHY] if outcome == "answer_taken" else [])


def test_the_link_offers_it_and_its_host_takes_nothing_else(workspace, accepted):
    snapshot = desk(workspace, accepted)
    form = snapshot.form
    (offered,) = [each for item in form.items for each in item.decisions]
    assert (form.status, offered.may_veto) == ("accepted", True)
    assert (offered.veto_until, snapshot.deadline) == (accepted.until, accepted.until)
    veto = MinutesAnswer(vetoes=[DecisionVeto(decision=accepted.decision.hex, reason=WHY)])
    assert tidied(form, veto) == veto
    assert tidied(form, MinutesAnswer()) == MinutesAnswer(), "it can be taken back"
    with pytest.raises(Conflict) as caught:
        tidied(form, MinutesAnswer(objections=[ItemObjection(item="", text="No.")]))
    assert caught.value.code == "minutes_accepted"


def test_a_decision_binds_once_the_host_was_heard_past_the_window(workspace, clock, accepted):
    clock.now = accepted.until + timedelta(hours=1)
    assert commands.settle_procedures(workspace).bound == ()
    gather(workspace)
    assert commands.settle_procedures(workspace).bound == (accepted.decision,)
    assert not desk(workspace, accepted).form.items[-1].decisions[0].may_veto
    with pytest.raises(Conflict):
        tidied(desk(workspace, accepted).form, MinutesAnswer())


def test_a_link_lives_as_long_as_a_veto_is_taken(workspace, clock, accepted):
    with workspace.change("A very long time") as unit:
        unit.get(Decision, accepted.decision).veto_until = clock.now + timedelta(days=60)
    newest = minutes_life(workspace, accepted.meeting).newest
    clock.advance(days=59)
    assert minutes_desks.open_minutes(workspace) == [newest.id]
    clock.advance(days=40)
    assert minutes_desks.open_minutes(workspace) == []
