"""A small consortium with actions, and a host that takes what their owners tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from projectdesk.domain.consortium import Body, BodyMember
from projectdesk.host.desks.kinds import tidied
from projectdesk.mail.account import MailAccount, MailServer
from projectdesk.services import commands, mail_accounts, queries
from projectdesk.services.action_desks import action_desks, action_links, subject_of
from projectdesk.services.action_rows import ActionDetail, ActionLink, ActionRow
from projectdesk.services.commands import actions as action_commands
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.outcome import ActionAnswer
from tests.unit.meetings.conftest import Consortium, add_consortium
from tests.unit.services.collected import CollectedHost
from tests.unit.services.conftest import any_workspace as any_workspace
from tests.unit.services.conftest import blank_data as blank_data
from tests.unit.services.conftest import clock as clock
from tests.unit.services.conftest import postgres_database as postgres_database
from tests.unit.services.conftest import postgres_server as postgres_server

HOST = "https://meet.example.org"
DUE = date(2026, 3, 20)


@pytest.fixture
def workspace(any_workspace: Workspace) -> Workspace:
    return any_workspace


@dataclass
class Todo:
    """Actions of the consortium by their labels."""

    workspace: Workspace
    consortium: Consortium
    ids: dict[str, UUID] = field(default_factory=dict)

    def add(self, text: str, owner: str | None, due_on: date | None = DUE, **more: Any) -> str:
        """Add an action of somebody; return its label."""
        people, partners = self.consortium.people, self.consortium.partners
        of = {"Maya": "UNI", "Ole": "UNI", "Inês": "LAB", "Rui": "LAB", "Kiri": "FIRM"}
        made, _ = commands.create(
            self.workspace,
            Kind.ACTION,
            {
                "project_id": self.consortium.project,
                "text": text,
                "due_on": due_on,
                "owner_person_id": people[owner] if owner else None,
                "owner_partner_id": partners[of[owner]] if owner else None,
                **more,
            },
        )
        row = queries.action_detail(self.workspace, made).action
        self.ids[row.label] = made
        return row.label

    def detail(self, label: str) -> ActionDetail:
        return queries.action_detail(self.workspace, self.ids[label])

    def row(self, label: str) -> ActionRow:
        return self.detail(label).action

    def notes(self, label: str) -> list[tuple[str, str, str]]:
        """Return what was told: kind, who, words."""
        return [(n.kind.value, n.name.split(" ")[0], n.text) for n in self.detail(label).notes]

    def link(self, *labels: str) -> list[ActionLink]:
        """Issue links; return those of all actions that have one."""
        action_commands.issue_links(self.workspace, [self.ids[each] for each in labels])
        return action_links(self.workspace, self.consortium.project, HOST)


@pytest.fixture
def todo(workspace: Workspace) -> Todo:
    consortium = add_consortium(workspace)
    made = Todo(workspace, consortium)
    made.add("Send the draft.", "Rui")
    made.add("Ask the port.", "Rui", date(2026, 4, 10))
    made.add("Buy sensors.", "Kiri")
    made.add("Nobody does it.", None, None)
    return made


@pytest.fixture
def account(workspace: Workspace) -> None:
    """An account that mail goes out by."""
    server = MailServer("smtp.uni.example", 587)
    mail_accounts.save(
        workspace.data, MailAccount(address="maya@uni.example", name="Maya Test", smtp=server)
    )


@pytest.fixture
def assembly(workspace: Workspace, todo: Todo) -> UUID:
    """A General Assembly in which Inês represents LAB, and Kiri FIRM."""
    people, partners = todo.consortium.people, todo.consortium.partners
    body = Body(project_id=todo.consortium.project, name="General Assembly")
    with workspace.change("Add a body") as unit:
        unit.add(
            body,
            BodyMember(
                body_id=body.id, partner_id=partners["LAB"], representative_id=people["Inês"]
            ),
            BodyMember(
                body_id=body.id, partner_id=partners["FIRM"], representative_id=people["Kiri"]
            ),
        )
    return body.id


class Host(CollectedHost):
    """A host that takes what is told of actions."""

    def __init__(self, todo: Todo, clock: Any) -> None:
        super().__init__(todo.workspace, clock)
        self.todo = todo

    def tell(self, label: str, what: str, text: str = "", due_on: date | None = None) -> None:
        """Tell as the page does, by the form that the desktop sent last."""
        row = self.todo.row(label)
        desks = dict(action_desks(self.todo.workspace, row.project_id).desks)
        answer = ActionAnswer(what=what, text=text, due_on=due_on)  # type: ignore[arg-type]
        kept = tidied(desks[row.desk or ""].form, answer)
        assert isinstance(kept, ActionAnswer)
        self.write(kept, desk=row.desk or "", subject=subject_of(row))

    def write(self, answer: ActionAnswer, **facts: str) -> None:
        self.note(answer=answer, **facts)


@pytest.fixture
def host(todo: Todo, clock: Any) -> Host:
    return Host(todo, clock)
