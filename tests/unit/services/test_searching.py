"""The search over everything: filters, labels, what was changed last, what stands first."""

from __future__ import annotations

from uuid import UUID

import pytest

from projectdesk.domain.consortium import Membership, Person
from projectdesk.domain.minutes import Action
from projectdesk.domain.workplan import Deliverable, Risk, WorkPackage
from projectdesk.services import commands, queries
from projectdesk.services.rows import Hit, Kind
from projectdesk.services.workspace import Workspace
from tests.unit.services.conftest import add_project


def titles(hits: list[Hit]) -> list[str]:
    return [hit.title for hit in hits]


@pytest.fixture
def plan(any_workspace: Workspace) -> UUID:
    """A project with a package of two deliverables, a risk, actions and a person."""
    project = add_project(any_workspace)
    partner = queries.partners(any_workspace, project)[0]
    package = WorkPackage(project_id=project, number=1, title="Tides")
    person = Person(
        given_name="Ana", family_name="Tideman", organisation_id=partner.organisation_id
    )
    with any_workspace.change("Plan") as unit:
        unit.add(package, person, Membership(project_id=project, person_id=person.id))
        for number, title in enumerate(("Tide gauges", "Tide model"), start=1):
            unit.add(Deliverable(work_package_id=package.id, number=number, title=title))
        unit.add(Risk(project_id=project, number=1, title="High tide"))
        for number in range(40):
            unit.add(Action(project_id=project, number=number + 1, text=f"Tide {number}"))
    return project


def test_what_a_project_has_few_of_stands_before_what_it_has_many_of(
    any_workspace: Workspace, plan: UUID
) -> None:
    assert titles(queries.search(any_workspace, "tide"))[:3] == [
        "D1.2 Tide model",
        "D1.1 Tide gauges",
        "A1 Tide 0",
    ]


def test_labels_stand_first(any_workspace: Workspace, plan: UUID) -> None:
    for text, found in (
        ("R1", "R1 High tide"),
        ("r 1", "R1 High tide"),
        ("A12", "A12 Tide 11"),
        ("wp1", "WP1 Tides"),
        ("d1.2", "D1.2 Tide model"),
    ):
        assert titles(queries.search(any_workspace, text))[0] == found


def test_the_beginning_of_a_label_lists_a_package(any_workspace: Workspace, plan: UUID) -> None:
    hits = queries.search(any_workspace, "D1.")
    assert titles(hits) == ["D1.1 Tide gauges", "D1.2 Tide model"]
    assert queries.search(any_workspace, "D7.") == []


def test_a_kind_and_a_project_narrow(any_workspace: Workspace, plan: UUID) -> None:
    other = add_project(any_workspace, "BETA")
    commands.create(any_workspace, Kind.RISK, {"project_id": other, "title": "Low tide"})
    risks = queries.search(any_workspace, "tide", kind=Kind.RISK)
    assert titles(risks) == ["R1 Low tide", "R1 High tide"]
    assert titles(queries.search(any_workspace, "tide", project_id=other)) == ["R1 Low tide"]
    assert len(queries.search(any_workspace, "R1")) == 2
    assert len(queries.search(any_workspace, "R1", project_id=plan)) == 1
    assert queries.search(any_workspace, "R1", kind=Kind.ACTION) == []
    [person] = queries.search(any_workspace, "tideman", project_id=plan)
    assert (person.kind, person.context) == (Kind.PERSON, "Universidade do Rio")
    assert queries.search(any_workspace, "tideman", project_id=other) == []


def test_one_and_two_letters_begin_words(any_workspace: Workspace, plan: UUID) -> None:
    for text, hit in (("t", True), ("ti", True), ("an", True), ("x", False), ("a", True)):
        people = queries.search(any_workspace, text, kind=Kind.PERSON)
        assert titles(people) == (["Ana Tideman"] if hit else []), text


def test_what_was_changed_last_stands_in_an_empty_box(any_workspace: Workspace, plan: UUID) -> None:
    action = queries.actions(any_workspace, plan)[3]
    commands.set_fields(any_workspace, Kind.ACTION, action.id, 1, {"text": "Now"})
    gone = queries.actions(any_workspace, plan)[4]
    commands.delete(any_workspace, Kind.ACTION, gone.id, 1)
    hits = queries.recent(any_workspace, 3)
    assert titles(hits)[0] == "A4 Now"
    assert len(hits) == 3
    assert gone.id not in {hit.id for hit in queries.recent(any_workspace, 100)}
