"""A General Assembly that decides by written procedure, and a host that takes its answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from projectdesk.domain.consortium import Body, BodyMember
from projectdesk.host.desks.kinds import tidied
from projectdesk.services import commands, queries
from projectdesk.services.procedure_desks import keep_place, procedure_desks
from projectdesk.services.procedure_keys import Manner
from projectdesk.services.procedure_rows import SeatRow, VotingDetail, VotingRow
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.desk import DeskSnapshot
from projectdesk.signalling.outcome import BallotAnswer
from tests.unit.meetings.conftest import Consortium, add_consortium
from tests.unit.services.collected import CollectedHost
from tests.unit.services.conftest import any_workspace as any_workspace
from tests.unit.services.conftest import blank_data as blank_data
from tests.unit.services.conftest import clock as clock
from tests.unit.services.conftest import postgres_database as postgres_database
from tests.unit.services.conftest import postgres_server as postgres_server

ZONE = "Europe/Copenhagen"
EARLIEST = datetime(2026, 3, 12, 22, 59, 59, tzinfo=UTC)
"""Ten days after the clock's beginning, at the end of the day in Copenhagen."""
URL = "https://meet.example.org"
QUESTION = "The budget of WP2 is moved to WP3."
VOTERS = {"UNI": "Maya", "LAB": "Inês", "FIRM": "Kiri"}
"""GHOST is a member without anybody who votes for it."""


@dataclass
class Assembly:
    """A body of four members: of 51 % of 4 votes 3 are needed."""

    workspace: Workspace
    consortium: Consortium
    body: UUID

    def create(self, **fields: Any) -> Procedure:
        given = {"deadline": EARLIEST, "manner": Manner(zone=ZONE, reminder_days=(7, 2))} | fields
        made, _ = commands.create_procedure(self.workspace, self.body, QUESTION, **given)
        return Procedure(self, made)


@dataclass
class Procedure:
    """A written procedure of it."""

    assembly: Assembly
    id: UUID

    @property
    def workspace(self) -> Workspace:
        return self.assembly.workspace

    def detail(self) -> VotingDetail:
        return queries.vote_detail(self.workspace, self.id)

    @property
    def vote(self) -> VotingRow:
        return self.detail().vote

    def seat(self, partner: str) -> SeatRow:
        return next(seat for seat in self.detail().seats if seat.partner == partner)

    def desk(self, partner: str) -> DeskSnapshot:
        desks = dict(procedure_desks(self.workspace, self.id).desks)
        return desks[str(self.seat(partner).desk)]

    def votes(self) -> dict[str, str]:
        return {seat.partner: seat.choice for seat in self.detail().seats}

    def enter(self, **votes: str) -> None:
        for partner, choice in votes.items():
            commands.enter_ballot(self.workspace, self.seat(partner).id, choice)


@pytest.fixture
def workspace(any_workspace: Workspace) -> Workspace:
    return any_workspace


@pytest.fixture
def assembly(workspace: Workspace) -> Assembly:
    consortium = add_consortium(workspace)
    body = Body(project_id=consortium.project, name="General Assembly")
    with workspace.change("Add a body") as unit:
        unit.add(body)
        for partner, partner_id in consortium.partners.items():
            voter = consortium.people.get(VOTERS.get(partner, ""))
            deputy = partner == "LAB"
            unit.add(
                BodyMember(
                    body_id=body.id,
                    partner_id=partner_id,
                    representative_id=None if deputy else voter,
                    deputy_id=voter if deputy else None,
                )
            )
    return Assembly(workspace, consortium, body.id)


@pytest.fixture
def opened(assembly: Assembly) -> Procedure:
    procedure = assembly.create()
    commands.open_procedure(procedure.workspace, procedure.id)
    return procedure


class Host(CollectedHost):
    """A host that takes votes and vetoes."""

    def __init__(self, procedure: Procedure, clock: Any) -> None:
        super().__init__(procedure.workspace, clock)
        self.procedure = procedure
        keep_place(procedure.workspace, procedure.id, URL, self.journal)

    def vote(self, partner: str, choice: str, comment: str = "") -> None:
        """Vote as the page does, by the form that the desktop sent last."""
        self._answer(partner, BallotAnswer(choice=choice, comment=comment))

    def veto(self, partner: str, reason: str) -> None:
        self._answer(partner, BallotAnswer(veto=reason, stage="veto"))

    def _answer(self, partner: str, given: BallotAnswer) -> None:
        answer = tidied(self.procedure.desk(partner).form, given)
        assert isinstance(answer, BallotAnswer)
        self.write(partner, answer)

    def write(self, partner: str, answer: BallotAnswer, **changes: Any) -> None:
        seat = self.procedure.seat(partner)
        fields = {"desk": seat.desk, "subject": seat.id.hex, "answer": answer} | changes
        self.note(**fields)


@pytest.fixture
def host(opened: Procedure, clock: Any) -> Host:
    return Host(opened, clock)
