"""A team's link key out of its server: put there, fetched, renewed, never mixed up.

The server is the host's own journal, asked without HTTP.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from projectdesk.domain.rules.tokens import new_link_key, read_link_key
from projectdesk.errors import (
    Conflict,
    DomainError,
    EnvironmentFailure,
    NotFound,
    RemoteProtocolError,
)
from projectdesk.host.journal import keys, link_keys
from projectdesk.host.journal.database import default_url, open_database
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import link_keys as own
from projectdesk.services import shared_link_key as shared
from projectdesk.services.kept_settings import setting
from projectdesk.services.meeting_hosts import keep_server
from projectdesk.services.rows import Changes, Kind
from projectdesk.services.shared_link_key import LinkKeyState
from projectdesk.services.workspace import Workspace
from projectdesk.signalling.link_keys import KeptLinkKey, SealedLinkKey
from tests.unit.meetings.conftest import add_consortium
from tests.unit.services.conftest import START

SERVER = "https://meet.example.org"
S = LinkKeyState


class Server:
    """A host's journal. away: it does not answer."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.engine = open_database(default_url(folder))
        self.away = False

    def key(self, name: str, team: str | None = "AURORA") -> str:
        with self.engine.begin() as connection:
            return keys.add(connection, name, START, team)

    def revoke(self, name: str) -> None:
        with self.engine.begin() as connection:
            keys.revoke(connection, name, START)

    def ask(self, access: Any, method: str, path: str, _reply: Any, body: Any = None) -> Any:
        if self.away:
            raise EnvironmentFailure("host_unreachable", "away")
        database = path.rpartition("/")[2]
        with self.engine.begin() as connection:
            owner = keys.find(connection, access.key)
            reader = keys.find_reader(connection, access.key)
            if owner is None or reader is None:
                refused = RemoteProtocolError("key_unknown")
                refused.text = "The API key is wrong or revoked."
                raise refused
            if method == "GET":
                return link_keys.get(connection, owner, database)
            if method == "DELETE":
                return link_keys.forget(connection, owner, database)
            try:
                return link_keys.put(connection, owner, reader, database, body, START)
            except Conflict as error:
                told = RemoteProtocolError(error.code)
                told.text = error.text
                raise told from error

    def stored(self) -> bytes:
        """Return all that its files hold."""
        return b"".join(path.read_bytes() for path in self.folder.iterdir() if path.is_file())


class Desktop:
    """One of the team's computers: its own secrets, the team's data."""

    def __init__(self, workspace: Workspace, database: UUID, key: str) -> None:
        workspace.database_id = database
        self.workspace = workspace
        keep_server(workspace, SERVER, "Team", key)

    def settle(self) -> shared.LinkKeySource:
        return shared.settle(self.workspace)

    def link_key(self) -> bytes:
        return own.link_key(self.workspace)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    made = Server(tmp_path / "server")
    monkeypatch.setattr(shared, "ask", made.ask)
    yield made
    made.engine.dispose()


@pytest.fixture
def database() -> UUID:
    return uuid4()


@pytest.fixture
def ada(workspace: Workspace, server: Server, database: UUID) -> Desktop:
    return Desktop(workspace, database, server.key("Ada"))


@pytest.fixture
def bob(ada: Desktop, server: Server, database: UUID) -> Iterator[Desktop]:
    with Workspace.open(ada.workspace.data, secrets=MemorySecrets()) as opened:
        yield Desktop(opened, database, server.key("Bob"))


def test_the_first_puts_it_there_and_the_second_fetches_it(
    ada: Desktop, bob: Desktop, server: Server
) -> None:
    assert ada.settle().state is S.KEPT
    with pytest.raises(DomainError, match="team's server"):
        bob.link_key()
    fetched = bob.settle()
    assert (fetched.state, fetched.put_by, fetched.came_from_there) == (S.FETCHED, "Ada", True)
    assert bob.link_key() == ada.link_key()
    again = bob.settle()
    assert (again.state, again.server, again.came_from_there) == (S.KEPT, SERVER, True)
    assert not ada.settle().came_from_there


def test_neither_half_opens_it(ada: Desktop, server: Server, database: UUID) -> None:
    ada.settle()
    text = own.hand_over(ada.workspace)
    assert text.encode() not in server.stored()
    assert ada.link_key() not in server.stored()
    data = b"".join(p.read_bytes() for p in ada.workspace.data.glob("*.sqlite*"))
    assert text.encode() not in data
    kept = server.ask(
        type("A", (), {"key": server.key("Eve")}), "GET", f"/{database.hex}", KeptLinkKey
    )
    seal = setting(ada.workspace, shared.SEAL)
    assert shared.opened(seal, database, kept) == text
    wrong = "A" * 43
    for other_seal, other_database, changed in (
        (wrong, database, kept),
        ("", database, kept),
        (seal, uuid4(), kept),
        (seal, database, KeptLinkKey(**(_fields(kept) | {"fingerprint": "0" * 32}))),
        (
            seal,
            database,
            KeptLinkKey(**(_fields(kept) | {"sealed": kept.sealed[:-8] + "AAAAAAA="})),
        ),
        (seal, database, KeptLinkKey(**(_fields(kept) | {"sealed": "nonsense"}))),
    ):
        with pytest.raises(DomainError) as refused:
            shared.opened(other_seal, other_database, changed)
        assert refused.value.code == "link_key_unsealed"


def _cut(sealed: str) -> str:
    return sealed[:-8] + "AAAAAAA="


def _fields(kept: KeptLinkKey) -> dict[str, Any]:
    return {name: getattr(kept, name) for name in kept.__struct_fields__}


@pytest.mark.parametrize(
    "how",
    ["revoked", *(pytest.param(how, marks=pytest.mark.full) for how in ("away", "other team"))],
)
def test_without_a_right_key_nothing_comes(
    ada: Desktop, bob: Desktop, server: Server, how: str
) -> None:
    ada.settle()
    if how == "revoked":
        server.revoke("Bob")
    elif how == "away":
        server.away = True
    else:
        keep_server(bob.workspace, SERVER, "Team", server.key("Bo", "OTHER"))
    found = bob.settle()
    assert found.state is S.MISSING
    assert ("revoked" in found.problem, "away" in found.problem) == (
        how == "revoked",
        how == "away",
    )
    with pytest.raises(DomainError):
        bob.link_key()


@pytest.mark.full
def test_a_server_that_was_away_gets_it_later(ada: Desktop, server: Server) -> None:
    server.away = True
    key = ada.link_key()
    first = ada.settle()
    assert (first.state, bool(first.problem)) == (S.OWN, True)
    server.away = False
    assert ada.settle().state is S.KEPT
    assert ada.link_key() == key


def test_two_keys_of_one_database_are_a_conflict_in_words(
    ada: Desktop, bob: Desktop, server: Server, database: UUID
) -> None:
    # Both were made before there was a server: the database says whose counts, not the server.
    bob.workspace.secrets.write(own.secret_name(database), new_link_key())
    text = bob.workspace.secrets.read(own.secret_name(database)) or ""
    sealed = shared.sealed_key("A" * 43, database, text)
    access = type("A", (), {"key": server.key("Carl")})
    theirs = own.fingerprint(read_link_key(text))
    given = SealedLinkKey(fingerprint=theirs, sealed=sealed)
    server.ask(access, "PUT", f"/{database.hex}", KeptLinkKey, given)
    mine = ada.link_key()
    found = ada.settle()
    assert found.state is S.CONFLICT
    assert "“Carl” put there" in found.problem
    assert ada.link_key() == mine
    kept = server.ask(access, "GET", f"/{database.hex}", KeptLinkKey)
    assert kept.fingerprint == theirs
    shared.forget(ada.workspace, SERVER)  # who has the right one takes the other back
    assert ada.settle().state is S.KEPT
    assert bob.settle().state is S.FETCHED  # in the place of the wrong one
    assert bob.link_key() == mine


@pytest.mark.full
def test_renewed_for_all(ada: Desktop, bob: Desktop, server: Server) -> None:
    ada.settle()
    bob.settle()
    old = ada.link_key()
    project = add_consortium(ada.workspace).project
    told: list[Changes] = []
    ada.workspace.subscribe(told.append)
    assert shared.renew(ada.workspace).state is S.KEPT
    assert ada.link_key() != old
    # Desks of polls, votes, actions, ... belong to a project: they are sent again.
    assert any(Kind.PROJECT in each.kinds and project in each.project_ids for each in told)
    with pytest.raises(DomainError, match="not the team's"):
        bob.link_key()
    assert bob.settle().state is S.FETCHED
    assert bob.link_key() == ada.link_key()


@pytest.mark.full
def test_not_renewed_without_a_server_and_finished_when_it_was_lost_on_the_way(
    ada: Desktop, bob: Desktop, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada.settle()
    bob.settle()
    old = ada.link_key()
    server.away = True
    with pytest.raises(DomainError, match="Nothing was changed"):
        shared.renew(ada.workspace)
    assert ada.link_key() == old
    server.away = False

    def no_put(access: Any, method: str, *rest: Any) -> Any:
        if method == "PUT":
            raise EnvironmentFailure("host_unreachable", "away")
        return server.ask(access, method, *rest)

    monkeypatch.setattr(shared, "ask", no_put)
    assert shared.renew(ada.workspace).problem
    monkeypatch.setattr(shared, "ask", server.ask)
    assert bob.settle().state is S.OTHER  # until who has the new one was there
    assert ada.settle().state is S.KEPT
    assert bob.settle().state is S.FETCHED


@pytest.mark.full
def test_this_computers_own_data_stays_its_own(workspace: Workspace, server: Server) -> None:
    keep_server(workspace, SERVER, "Team", server.key("Ada"))
    assert shared.settle(workspace).state is S.LOCAL
    for refused in (lambda: shared.renew(workspace), lambda: shared.forget(workspace, SERVER)):
        with pytest.raises(DomainError):
            refused()
    with pytest.raises(NotFound):
        server.ask(type("A", (), {"key": server.key("Eve")}), "GET", f"/{uuid4().hex}", KeptLinkKey)
