"""A team's database: chosen, tried in plain words, filled, copied back, lost and found again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from projectdesk.domain.meetings import MeetingState
from projectdesk.errors import Conflict, DomainError, EnvironmentFailure
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import commands, link_keys, queries, team_database
from projectdesk.services.following import Follower
from projectdesk.services.rows import Kind
from projectdesk.services.team_database import OFFLINE, TeamDatabase
from projectdesk.services.workspace import DATABASE_ID, Workspace
from projectdesk.store.schema import metadata
from tests.unit.services.conftest import add_project
from tests.unit.services.team_server import PASSWORD, TeamServer, running_team_server

ADA = TeamDatabase("db.example.org", "projectdesk", "ada")


# --- what is chosen


def test_nothing_is_chosen_at_first_and_the_password_is_in_no_file(tmp_path: Path) -> None:
    assert team_database.chosen(tmp_path) is None
    secrets = MemorySecrets()
    team_database.use_team(tmp_path, ADA, secrets, "hunter2 secret")
    assert team_database.chosen(tmp_path) == ADA
    assert team_database.password_of(ADA, secrets) == "hunter2 secret"
    assert all(b"hunter2" not in f.read_bytes() for f in tmp_path.rglob("*") if f.is_file())
    assert "hunter2" not in repr(ADA.url("hunter2 secret"))
    team_database.use_local(tmp_path)
    team_database.use_local(tmp_path)
    assert team_database.chosen(tmp_path) is None


def test_a_lost_password_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFailure, match="Enter it again") as caught:
        team_database.password_of(ADA, MemorySecrets())
    assert caught.value.code == "database_password_needed"


def test_a_damaged_choice_is_told(tmp_path: Path) -> None:
    (tmp_path / team_database.FILE).write_text('{"host": 3}')
    with pytest.raises(EnvironmentFailure, match="damaged"):
        team_database.chosen(tmp_path)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"host": " "}, "host"),
        ({"host": "https://db.example.org"}, "host"),
        ({"name": ""}, "name"),
        ({"user": "a b"}, "user"),
        ({"port": 0}, "port"),
        ({"tls": "verify-full", "ca_file": "/no/such/file"}, "ca_file"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(DomainError) as caught:
        team_database.checked(msgspec.structs.replace(ADA, **change))
    assert caught.value.facts["field"] == field


def test_an_address_is_read_and_a_password_in_it_refused() -> None:
    found = team_database.from_url("postgresql://ada@db.example.org/projectdesk")
    assert found == ADA
    found = team_database.from_url("postgres://ada@[2001:db8::1]:6000/p?sslmode=verify-full")
    assert (found.host, found.port, found.tls) == ("2001:db8::1", 6000, "verify-full")
    assert found.address == "ada@[2001:db8::1]:6000/p"
    with pytest.raises(DomainError) as caught:
        team_database.from_url("postgresql://ada:secret@db.example.org/projectdesk")
    assert caught.value.code == "password_in_url"
    assert "secret" not in caught.value.text
    for bad in ("mysql://ada@host/x", "postgresql://ada@host", "postgresql://ada@host:x/y", "x"):
        with pytest.raises(DomainError):
            team_database.from_url(bad)


def test_tls_is_asked_for_in_the_connection() -> None:
    assert ADA.url("x").query["sslmode"] == "require"
    strict = msgspec.structs.replace(ADA, tls="verify-full", ca_file="/ca.pem").url("x")
    assert dict(strict.query) == {"sslmode": "verify-full", "sslrootcert": "/ca.pem"}
    assert msgspec.structs.replace(ADA, tls="verify-full").url("x").query["sslrootcert"] == "system"


# --- what is wrong with a server


@pytest.mark.loopback
def test_nothing_listens_there() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        there = msgspec.structs.replace(ADA, host="127.0.0.1", port=taken.getsockname()[1])
        with pytest.raises(EnvironmentFailure) as caught:
            team_database.examine(there, "x")
    assert caught.value.code == "database_no_server"


@pytest.mark.loopback
def test_something_else_listens_there() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as other:

        def answer() -> None:
            connection, _ = other.accept()
            with connection:
                connection.recv(8)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        answering = threading.Thread(target=answer)
        answering.start()
        there = msgspec.structs.replace(ADA, host="127.0.0.1", port=other.getsockname()[1])
        with pytest.raises(EnvironmentFailure) as caught:
            team_database.examine(there, "x")
        answering.join(5)
    assert caught.value.code == "database_other_server"


@pytest.fixture(scope="module")
def team_server() -> Iterator[TeamServer]:
    with running_team_server() as server:
        yield server


def _team(server: TeamServer, **changes: Any) -> TeamDatabase:
    team = TeamDatabase("127.0.0.1", "team", "ada", port=server.port)
    return msgspec.structs.replace(team, **changes)


def _refusal(team: TeamDatabase, password: str = PASSWORD) -> str:
    with pytest.raises(EnvironmentFailure) as caught:
        team_database.examine(team, password)
    assert password not in caught.value.text
    return caught.value.code


@pytest.mark.full
@pytest.mark.loopback
def test_each_fault_has_its_words(team_server: TeamServer) -> None:
    team = _team(team_server)
    assert _refusal(team, "wrong words") == "database_wrong_password"
    assert _refusal(_team(team_server, user="nobody")) == "database_not_allowed"
    assert _refusal(_team(team_server, name="absent")) == "database_missing"
    assert _refusal(_team(team_server, tls="disable")) == "database_not_allowed"
    assert _refusal(_team(team_server, user="reader")) == "database_no_rights"
    verified = {"tls": "verify-full", "ca_file": str(team_server.authority)}
    state = team_database.examine(_team(team_server, **verified), PASSWORD)
    assert state.encrypted
    stranger = verified | {"ca_file": str(team_server.folder / "other.pem")}
    assert _refusal(_team(team_server, **stranger)) == "database_untrusted"
    assert _refusal(_team(team_server, host="localhost", **verified)) == "database_other_name"
    assert _refusal(_team(team_server, host="no-such-host.invalid")) == "database_no_host"


@pytest.mark.full
@pytest.mark.loopback
def test_what_is_found_is_told(team_server: TeamServer, tmp_path: Path) -> None:
    team_server.sql("CREATE DATABASE fresh OWNER ada TEMPLATE template0 ENCODING 'UTF8'")
    team = _team(team_server, name="fresh")
    state = team_database.examine(team, PASSWORD)
    assert state.encrypted
    assert state.revision is None
    assert "empty" in team_database.in_words(state)
    with Workspace.open(tmp_path, url=team.url(PASSWORD), secrets=MemorySecrets()) as opened:
        add_project(opened)
    state = team_database.examine(team, PASSWORD)
    assert state.current
    assert state.projects == 1
    assert "Projects in it: 1" in team_database.in_words(state)
    assert _refusal(_team(team_server, name="fresh", user="reader")) in {
        "database_no_rights",
        "database_refused",
    }
    team_server.sql("UPDATE alembic_version SET version_num = '9999'", database="fresh")
    assert _refusal(team) == "database_newer"
    with pytest.raises(EnvironmentFailure) as caught:
        Workspace.open(tmp_path, url=team.url(PASSWORD), secrets=MemorySecrets())
    assert caught.value.code == "database_newer"


@pytest.mark.full
@pytest.mark.loopback
def test_a_killed_server_loses_nothing_and_says_so(team_server: TeamServer, tmp_path: Path) -> None:
    team_server.sql("CREATE DATABASE killed OWNER ada TEMPLATE template0 ENCODING 'UTF8'")
    url = _team(team_server, name="killed").url(PASSWORD)
    with Workspace.open(tmp_path, url=url, secrets=MemorySecrets()) as desk:
        project = add_project(desk)
        row = queries.project(desk, project)
        follower = Follower(desk)
        try:
            team_server.kill()
            with pytest.raises(EnvironmentFailure) as caught:
                commands.set_fields(
                    desk, Kind.PROJECT, project, row.version, {"title": "While it was down"}
                )
            assert caught.value.code in OFFLINE
            assert "password" not in caught.value.text
            with pytest.raises(EnvironmentFailure):
                follower.wait(10.0)
            team_server.start()
            follower.reconnect()
            assert follower.catch_up()[-1].kinds
        finally:
            follower.close()
        assert queries.project(desk, project).title == "Clean rivers"
        saved = commands.save_fields(
            desk, Kind.PROJECT, project, row.version, {"title": "While it was down"}
        )
        assert not saved.refused
        assert queries.project(desk, project).title == "While it was down"


# --- copied there and back


def _rows(workspace: Workspace) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table, as the domain sees it."""
    found = {}
    with workspace.read() as session:
        for table in metadata.sorted_tables:
            rows = session.execute(select(table).order_by(*table.primary_key.columns))
            found[table.name] = [tuple(row) for row in rows if DATABASE_ID not in row]
    return found


def _filled(data: Path, secrets: MemorySecrets) -> Workspace:
    """Return the sample project with a history, minutes, settings."""
    local = Workspace.open(data, secrets=secrets)
    commands.set_me(local, {"given_name": "Ada", "family_name": "Rossi"})
    project = commands.open_sample(local)
    commands.set_setting(local, "meeting-host-default", "lan")
    meeting = next(m for m in queries.meetings(local, project) if m.state == MeetingState.PLANNED)
    notes = commands.open_notes(local, meeting.id)
    item = queries.agenda(local, meeting.id)[0].id
    notes.edit(item, 0, 0, "Written here: \N{SEEDLING}")
    notes.close()
    return local


@pytest.mark.full
def test_there_and_back_every_row_is_the_same(
    postgres_database: Callable[[], str], tmp_path: Path
) -> None:
    secrets = MemorySecrets()
    team = _of_url(postgres_database())
    with _filled(tmp_path / "here", secrets) as local:
        key = link_keys.link_key(local)
        before = _rows(local)
        assert sum(map(len, before.values())) > 300
        seen: list[tuple[int, int]] = []
        copied = commands.copy_to_team(local, team, "", lambda *at: seen.append(at))
        assert copied.rows == sum(map(len, before.values()))
        assert seen[-1] == (copied.rows, copied.rows)
        assert _rows(local) == before
    with Workspace.open(tmp_path / "here", url=team.url(""), secrets=secrets) as shared:
        assert _rows(shared) == before
        assert queries.me(shared).family_name == "Rossi"  # type: ignore[union-attr]
        assert link_keys.link_key(shared) == key, "links that were sent stay good"
        before["setting"] = _rows(shared)["setting"]  # with the fingerprint of the link key
        assert commands.copy_to_file(shared, tmp_path / "back.sqlite").rows > 300
        # What is new does not collide with the numbers that were copied.
        commands.create(shared, Kind.PERSON, {"family_name": "New"})
    commands.restore(tmp_path / "there", tmp_path / "back.sqlite")
    with Workspace.open(tmp_path / "there", secrets=MemorySecrets()) as back:
        assert _rows(back) == before
        assert queries.search(back, "written here")
        assert queries.me(back).is_me  # type: ignore[union-attr]


def _of_url(url: str) -> TeamDatabase:
    """Return a test server's database as a team's."""
    folder = url.split("host=")[1]
    name = url.split("@/")[1].split("?")[0]
    return TeamDatabase(folder, name, "postgres")


@pytest.mark.full
def test_two_states_are_not_mixed(postgres_database: Callable[[], str], tmp_path: Path) -> None:
    team = _of_url(postgres_database())
    with Workspace.open(tmp_path / "a", secrets=MemorySecrets()) as local:
        add_project(local)
        commands.copy_to_team(local, team, "")
        with pytest.raises(Conflict) as caught:
            commands.copy_to_team(local, team, "")
        assert caught.value.code == "same_data"
    with Workspace.open(tmp_path / "b", secrets=MemorySecrets()) as other:
        add_project(other, "OTHER")
        with pytest.raises(Conflict) as caught:
            commands.copy_to_team(other, team, "")
        assert caught.value.code == "other_data"
        file = tmp_path / "copy.sqlite"
        commands.copy_to_file(other, file)
        with pytest.raises(EnvironmentFailure, match="already"):
            commands.copy_to_file(other, file)


@pytest.mark.full
def test_a_stopped_copy_leaves_nothing(
    postgres_database: Callable[[], str], tmp_path: Path
) -> None:
    team = _of_url(postgres_database())
    with _filled(tmp_path / "a", MemorySecrets()) as local:
        asked = iter(range(100))
        with pytest.raises(DomainError) as caught:
            commands.copy_to_team(local, team, "", cancelled=lambda: next(asked) > 5)
        assert caught.value.code == "copy_cancelled"
        with pytest.raises(DomainError):
            commands.copy_to_file(local, tmp_path / "x.sqlite", cancelled=lambda: True)
        assert list(tmp_path.glob("x.sqlite*")) == []
        commands.copy_to_team(local, team, "")


# --- one link key for a team


@pytest.mark.full
def test_desktops_of_a_team_make_the_same_links(
    postgres_database: Callable[[], str], tmp_path: Path
) -> None:
    url = postgres_database()
    ours, theirs = MemorySecrets(), MemorySecrets()
    with (
        Workspace.open(tmp_path / "a", url=url, secrets=ours) as ada,
        Workspace.open(tmp_path / "b", url=url, secrets=theirs) as bob,
    ):
        key = link_keys.link_key(ada)
        with pytest.raises(DomainError) as caught:
            link_keys.link_key(bob)
        assert caught.value.code == "link_key_missing"
        theirs.write(link_keys.secret_name(bob.database_id), "A" * 43 + "=")
        with pytest.raises(DomainError) as caught:
            link_keys.link_key(bob)
        assert caught.value.code == "other_link_key"
        with pytest.raises(DomainError):
            link_keys.take_over(bob, "B" * 43 + "=")
        link_keys.take_over(bob, link_keys.hand_over(ada) + "\n")
        assert link_keys.link_key(bob) == key
        assert link_keys.hand_over(ada) not in str(_rows(ada)), "no secret is in the database"


# --- without a connection


@pytest.mark.full
def test_the_last_copy_can_be_read_and_not_written(
    postgres_database: Callable[[], str], tmp_path: Path
) -> None:
    url, secrets = postgres_database(), MemorySecrets()
    with Workspace.open(tmp_path, url=url, secrets=secrets) as shared:
        commands.set_me(shared, {"given_name": "Ada", "family_name": "Rossi"})
        project = add_project(shared)
        assert Workspace.open_copy(tmp_path, secrets=secrets) is None
        assert commands.refresh_copy(shared) is not None
        before = shared.now()
    copy = Workspace.open_copy(tmp_path, secrets=secrets)
    assert copy is not None
    with copy:
        assert copy.copied_at is not None
        assert copy.copied_at <= before
        row = queries.project(copy, project)
        assert queries.me(copy).given_name == "Ada"  # type: ignore[union-attr]
        with pytest.raises(EnvironmentFailure) as caught:
            commands.set_fields(copy, Kind.PROJECT, project, row.version, {"title": "x"})
        assert caught.value.code == "read_only_copy"
        assert commands.refresh_copy(copy) is None
    (tmp_path / "team-copy.sqlite").write_bytes(b"damaged")
    assert Workspace.open_copy(tmp_path, secrets=secrets) is None


# --- as docs/hosting.md says


@pytest.mark.full
@pytest.mark.loopback
def test_members_of_one_role_share_a_database(team_server: TeamServer, tmp_path: Path) -> None:
    team_server.sql(
        "CREATE ROLE projectdesk_team NOLOGIN",
        "CREATE DATABASE aurora OWNER projectdesk_team ENCODING 'UTF8' TEMPLATE template0",
        "REVOKE CONNECT ON DATABASE aurora FROM PUBLIC",
        "GRANT CONNECT ON DATABASE aurora TO projectdesk_team",
        *(
            statement
            for name in ("ada", "reader")
            for statement in (
                f"GRANT projectdesk_team TO {name}",
                f"ALTER ROLE {name} IN DATABASE aurora SET role = 'projectdesk_team'",
            )
        ),
    )
    first, second = (_team(team_server, name="aurora", user=user) for user in ("ada", "reader"))
    assert team_database.examine(first, PASSWORD).revision is None
    with Workspace.open(tmp_path, url=first.url(PASSWORD), secrets=MemorySecrets()) as opened:
        project = add_project(opened)
    state = team_database.examine(second, PASSWORD)
    assert state.current
    assert state.projects == 1
    with Workspace.open(tmp_path, url=second.url(PASSWORD), secrets=MemorySecrets()) as opened:
        row = queries.project(opened, project)
        commands.set_fields(opened, Kind.PROJECT, project, row.version, {"title": "Ours"})


@pytest.mark.full
@pytest.mark.loopback
def test_the_delay_of_a_change(team_server: TeamServer, tmp_path: Path) -> None:
    """Over TCP and TLS, with the whole way from commit to `Changes`."""
    team_server.sql("CREATE DATABASE delay OWNER ada ENCODING 'UTF8' TEMPLATE template0")
    url = _team(team_server, name="delay").url(PASSWORD)
    with (
        Workspace.open(tmp_path / "a", url=url, secrets=MemorySecrets()) as ada,
        Workspace.open(tmp_path / "b", url=url, secrets=MemorySecrets()) as bob,
    ):
        project = add_project(ada)
        follower = Follower(bob)
        delays: list[float] = []
        try:
            for number in range(30):
                done: list[float] = []
                heard = threading.Thread(
                    target=lambda done=done: (follower.wait(10.0), done.append(time.monotonic()))
                )
                heard.start()
                row = queries.project(ada, project)
                commands.set_fields(
                    ada, Kind.PROJECT, project, row.version, {"title": f"Title {number}"}
                )
                committed = time.monotonic()
                heard.join(10)
                delays.append(done[0] - committed)
        finally:
            follower.close()
    delays.sort()
    print(f"heard after median {delays[15]:.3f} s, worst {delays[-1]:.3f} s")
    assert delays[-1] < 2.0
