"""Two desktops on one database: each hears of the other's changes, numbers never collide."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from projectdesk.domain.identity import new_id
from projectdesk.errors import Conflict, DomainError, EnvironmentFailure
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands, queries
from projectdesk.services.following import EVERYTHING, Follower
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.telling import earlier
from projectdesk.services.workspace import Workspace
from tests.unit.services.conftest import add_project

Opener = Callable[[str], Workspace]


@pytest.fixture
def desks(
    postgres_database: Callable[[], str], tmp_path: Path
) -> Iterator[tuple[Workspace, Workspace]]:
    """Two desktops of one team, whose users said who they are."""
    url = postgres_database()
    with ExitStack() as stack:

        def desk(name: str) -> Workspace:
            opened = Workspace.open(tmp_path / name, url=url, secrets=MemorySecrets())
            stack.callback(opened.close)
            commands.set_me(opened, {"given_name": name, "family_name": "Rossi"})
            return opened

        yield desk("Ada"), desk("Bob")


def _wait_for(follower: Follower, wanted: Callable[[Changes], bool]) -> Changes:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        for changes in follower.wait(1.0):
            if wanted(changes):
                return changes
    pytest.fail("the change of the other desktop was not heard of")


def test_each_desktop_has_its_own_user(desks: tuple[Workspace, Workspace], tmp_path: Path) -> None:
    ada, bob = desks
    assert [queries.me(desk).given_name for desk in desks] == ["Ada", "Bob"]  # type: ignore[union-attr]
    mine = {person.given_name: person.is_me for person in queries.people(bob)}
    assert mine == {"Ada": False, "Bob": True}
    add_project(ada)
    commands.set_me(bob, {"email": "bob@example.org"})
    assert len(queries.people(ada)) == 2, "changing who I am makes nobody new"


@pytest.mark.full
def test_a_new_desktop_takes_the_person_with_its_address(
    desks: tuple[Workspace, Workspace], postgres_server: str
) -> None:
    ada, bob = desks
    commands.create(ada, Kind.PERSON, {"family_name": "Meier", "email": "cleo@example.org"})
    bob.data.joinpath("me-in-teams.json").unlink()
    bob._mine.person_id = None
    commands.set_me(bob, {"given_name": "Cleo", "email": "Cleo@example.org"})
    assert queries.me(bob).family_name == "Meier"  # type: ignore[union-attr]


def test_a_change_is_heard_within_two_seconds(desks: tuple[Workspace, Workspace]) -> None:
    ada, bob = desks
    follower = Follower(bob)
    try:
        heard: list[Changes] = []
        began = threading.Event()

        def listen() -> None:
            began.set()
            heard.append(_wait_for(follower, lambda changes: Kind.PROJECT in changes.kinds))

        listening = threading.Thread(target=listen)
        listening.start()
        began.wait()
        project = add_project(ada)
        committed = time.monotonic()
        listening.join(10)
        assert time.monotonic() - committed < 2.0
        [changes] = heard
        assert project in changes.ids
        assert project in changes.project_ids
        assert changes.who == "Ada Rossi"
        assert changes.label == "Add project"
        assert changes.change_id is None, "what somebody else did is not ours to undo"
    finally:
        follower.close()


@pytest.mark.full
def test_own_changes_are_not_heard_and_others_are_not_undone(
    desks: tuple[Workspace, Workspace],
) -> None:
    ada, bob = desks
    follower = Follower(bob)
    try:
        commands.create(bob, Kind.PERSON, {"family_name": "Own"})
        project = add_project(ada)
        changes = _wait_for(follower, lambda _: True)
        assert project in changes.ids
    finally:
        follower.close()
    assert commands.undo_label(bob) == "Add person Own"
    row = queries.project(bob, project)
    commands.set_fields(bob, Kind.PROJECT, project, row.version, {"title": "Bob's"})
    seen = queries.project(ada, project)
    commands.set_fields(ada, Kind.PROJECT, project, seen.version, {"acronym": "ADA"})
    with pytest.raises(Conflict):
        commands.undo(bob)
    assert queries.project(bob, project).title == "Bob's"


@pytest.mark.full
def test_a_change_of_many_records_names_none(desks: tuple[Workspace, Workspace]) -> None:
    ada, bob = desks
    follower = Follower(bob)
    try:
        with ada.change("Add people") as unit:
            from projectdesk.domain.consortium import Person

            unit.add(*(Person(family_name=f"P{n}") for n in range(400)))
        changes = _wait_for(follower, lambda _: True)
        assert changes
        assert changes.kinds == {Kind.PERSON}
        assert not changes.ids
    finally:
        follower.close()


@pytest.mark.full
def test_what_was_missed_is_caught_up(
    desks: tuple[Workspace, Workspace], postgres_server: str
) -> None:
    import psycopg

    ada, bob = desks
    follower = Follower(bob)
    try:
        with psycopg.connect(postgres_server, autocommit=True) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE query LIKE 'LISTEN%' OR query = 'SELECT 1'"
            )
        with pytest.raises(EnvironmentFailure, match="does not answer"):
            follower.wait(10.0)
        project = add_project(ada)
        follower.reconnect()
        first, *_, last = follower.catch_up()
        assert project in first.ids
        assert first.who == "Ada Rossi"
        assert last.kinds == EVERYTHING
        assert [c for c in follower.catch_up() if c.ids] == [], "nothing is told twice"
    finally:
        follower.close()


def test_another_program_on_the_same_file_is_noticed(workspace: Workspace) -> None:
    follower = Follower(workspace)
    try:
        commands.create(workspace, Kind.PERSON, {"family_name": "Own"})
        with Workspace.open(workspace.data, secrets=MemorySecrets(), now=workspace.now) as other:
            project = add_project(other)
        changes = _wait_for(follower, lambda found: Kind.PROJECT in found.kinds)
        assert project in changes.ids
        assert follower.wait(0.1) == []
    finally:
        follower.close()


@pytest.mark.full
def test_numbers_never_collide(desks: tuple[Workspace, Workspace]) -> None:
    ada, _ = desks
    project = add_project(ada)
    start = threading.Barrier(2)

    def write(desk: Workspace) -> list[UUID]:
        start.wait()
        return [
            commands.create(desk, kind, {"project_id": project, name: f"{n}"})[0]
            for n in range(12)
            for kind, name in ((Kind.ACTION, "text"), (Kind.WORK_PACKAGE, "title"))
        ]

    with ThreadPoolExecutor(2) as pool:
        made = [each for part in pool.map(write, desks) for each in part]
    assert len(set(made)) == 48
    assert sorted(row.number for row in queries.actions(ada, project)) == list(range(1, 25))
    packages = queries.work_packages(ada, project)
    assert sorted(row.number for row in packages) == list(range(1, 25))


def test_what_came_before_anybody_listened_is_told(workspace: Workspace) -> None:
    with Workspace.open(workspace.data, secrets=MemorySecrets(), now=workspace.now) as other:
        project = add_project(other)
    follower = Follower(workspace)
    try:
        [changes] = follower.wait(0.1)
        assert project in changes.ids
        assert follower.wait(0.1) == []
    finally:
        follower.close()


@pytest.mark.full
def test_both_can_not_take_one_number(desks: tuple[Workspace, Workspace]) -> None:
    ada, bob = desks
    project = add_project(ada)
    values = {"project_id": project, "title": "Pilots", "number": 7}
    commands.create(ada, Kind.WORK_PACKAGE, values)
    with pytest.raises(DomainError, match="7"):
        commands.create(bob, Kind.WORK_PACKAGE, values)


def test_the_bound_of_a_change_lies_before_it() -> None:
    change = new_id()
    bound = earlier(change, timedelta(minutes=10))
    assert bound < change
    assert (change.int >> 80) - (bound.int >> 80) == 600_000
