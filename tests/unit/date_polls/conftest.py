"""A small consortium that is asked when to meet, and a host that takes its answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from projectdesk.domain.meetings import MeetingType
from projectdesk.domain.preparation import DateChoice, PollRule
from projectdesk.host.desks.kinds import tidied
from projectdesk.services import commands, poll_desks, queries
from projectdesk.services.commands import NewVoter
from projectdesk.services.poll_rows import DatePollDetail, DateVoterRow
from projectdesk.services.rows import Changes
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.desk import DeskSnapshot, PollAnswer, PollChoice
from tests.unit.meetings.conftest import Consortium, add_consortium
from tests.unit.services.collected import CollectedHost
from tests.unit.services.conftest import any_workspace as any_workspace
from tests.unit.services.conftest import blank_data as blank_data
from tests.unit.services.conftest import clock as clock
from tests.unit.services.conftest import postgres_database as postgres_database
from tests.unit.services.conftest import postgres_server as postgres_server

ZONE = "Europe/Copenhagen"
STARTS = [
    datetime.fromisoformat(text)
    for text in ("2026-03-24T10:00", "2026-03-26T14:00", "2026-03-31T10:00")
]
"""Before and after Europe's clocks change."""
DEADLINE = datetime(2026, 3, 16, 22, 59, 59, tzinfo=UTC)
VOTERS = {"Maya": True, "Inês": True, "Kiri": True, "Petra": False}
CHOICES = {"y": DateChoice.YES, "m": DateChoice.IF_NEED_BE, "n": DateChoice.NO}


@dataclass
class Asked:
    """A poll of three dates; Petra alone is not required."""

    workspace: Workspace
    consortium: Consortium
    id: UUID

    def detail(self) -> DatePollDetail:
        return queries.date_poll(self.workspace, self.id)

    def voter(self, name: str) -> DateVoterRow:
        wanted = self.consortium.people[name]
        return next(row for row in self.detail().voters if row.person_id == wanted)

    def choices(self, text: str) -> dict[UUID, DateChoice]:
        """Return choices as "ymn": of the dates in turn; "-" leaves one out."""
        pairs = zip(self.detail().options, text, strict=True)
        return {option.id: CHOICES[each] for option, each in pairs if each != "-"}

    def said(self, name: str) -> str:
        """Return what somebody said, as `choices` takes it."""
        letters = {choice: letter for letter, choice in CHOICES.items()}
        said = self.voter(name).choices
        return "".join(
            letters[said[option.id]] if option.id in said else "-"
            for option in self.detail().options
        )

    def enter(self, name: str, text: str, comment: str | None = None) -> Changes:
        voter = self.voter(name).id
        return commands.enter_votes(self.workspace, voter, self.choices(text), comment)

    def desk(self, name: str) -> DeskSnapshot:
        desks = dict(poll_desks.poll_desks(self.workspace, self.id).desks)
        return desks[self.voter(name).desk]


@pytest.fixture
def workspace(any_workspace: Workspace) -> Workspace:
    return any_workspace


def make_poll(workspace: Workspace, consortium: Consortium, **fields: Any) -> Asked:
    given = {
        "description": "Sensors and calibration.",
        "type": MeetingType.WORK_PACKAGE_CALL,
        "duration_minutes": 90,
        "deadline": DEADLINE,
        "rule": PollRule.AT_DEADLINE,
    } | fields
    poll, _ = commands.create_poll(
        workspace,
        consortium.project,
        "WP2 call",
        ZONE,
        STARTS,
        [NewVoter(consortium.people[name], required) for name, required in VOTERS.items()],
        **given,
    )
    return Asked(workspace, consortium, poll)


@pytest.fixture
def drafted(workspace: Workspace) -> Asked:
    consortium = add_consortium(workspace)
    if workspace.shared:
        workspace.remember_me(consortium.people["Maya"])
    return make_poll(workspace, consortium)


@pytest.fixture
def asked(drafted: Asked) -> Asked:
    commands.open_poll(drafted.workspace, drafted.id)
    return drafted


class Host(CollectedHost):
    """A host that takes answers to a poll."""

    def __init__(self, asked: Asked, clock: Any) -> None:
        super().__init__(asked.workspace, clock)
        self.asked = asked
        poll_desks.keep_journal(asked.workspace, asked.id, self.journal)

    def answer(self, name: str, text: str, **more: str) -> None:
        """Answer as the page does, by the form that the desktop sent last."""
        form = self.asked.desk(name).form
        words = {letter: choice.value for letter, choice in CHOICES.items()}
        choices = [
            PollChoice(date=option.id.hex, choice=words[each])
            for option, each in zip(self.asked.detail().options, text, strict=True)
            if each != "-"
        ]
        answer = tidied(form, PollAnswer(choices=choices, **more))
        assert isinstance(answer, PollAnswer)
        self.write(name, answer)

    def write(self, name: str, answer: PollAnswer, **changes: Any) -> None:
        row = self.asked.voter(name)
        fields = {"desk": row.desk, "subject": row.id.hex, "answer": answer} | changes
        self.note(**fields)


@pytest.fixture
def host(asked: Asked, clock: Any) -> Host:
    return Host(asked, clock)
