"""Two desktops on one PostgreSQL get one link key out of a real server, over HTTP."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from projectdesk.errors import DomainError
from projectdesk.host.serve import keys_add, keys_revoke
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services import link_keys, shared_link_key
from projectdesk.services.meeting_hosts import keep_server
from projectdesk.services.shared_link_key import LinkKeyState
from projectdesk.services.workspace import Workspace
from tests.integration.test_handed_mail import Serving
from tests.unit.services.conftest import postgres_database as postgres_database
from tests.unit.services.conftest import postgres_server as postgres_server

pytestmark = [pytest.mark.loopback, pytest.mark.full]


@pytest.fixture(params=["sqlite", "postgresql"])
def place(
    request: pytest.FixtureRequest, tmp_path: Path, postgres_server: str
) -> Iterator[Path | str]:
    """Return where the host's journal is: in its folder, or on a server."""
    if request.param == "sqlite":
        yield tmp_path / "host"
        return
    name = f"host_{uuid4().hex}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield postgres_server.replace("/postgres?", f"/{name}?")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def serving(tmp_path: Path, place: Path | str) -> Iterator[Serving]:
    options = () if isinstance(place, Path) else ("--journal", place)
    made = Serving(tmp_path / "host", *options)
    made.start()
    yield made
    made.end(signal.SIGKILL)


def test_the_second_desktop_makes_the_same_links(
    tmp_path: Path,
    place: Path | str,
    serving: Serving,
    postgres_database: Callable[[], str],
) -> None:
    url = postgres_database()
    names = ("Ada", "Bob", "Eve")
    api_keys = {name: keys_add(place, name, team="" if name == "Eve" else "A") for name in names}
    desktops: dict[str, Workspace] = {}
    for name in names:
        opened = Workspace.open(tmp_path / name, url=url, secrets=MemorySecrets())
        keep_server(opened, serving.url, "Team", api_keys[name])
        desktops[name] = opened
    ada, bob, eve = (desktops[name] for name in names)
    try:
        assert shared_link_key.settle(ada).state is LinkKeyState.KEPT
        found = shared_link_key.settle(bob)
        assert (found.state, found.server, found.put_by) == (
            LinkKeyState.FETCHED,
            serving.url,
            "Ada",
        )
        assert link_keys.link_key(bob) == link_keys.link_key(ada)
        assert shared_link_key.settle(eve).state is LinkKeyState.MISSING  # another team's key
        with pytest.raises(DomainError):
            link_keys.link_key(eve)
        assert shared_link_key.renew(bob).state is LinkKeyState.KEPT
        assert shared_link_key.settle(ada).state is LinkKeyState.FETCHED
        assert link_keys.link_key(bob) == link_keys.link_key(ada)
        keys_revoke(place, "Ada")
        told = shared_link_key.settle(ada)
        assert (told.state, "revoked" in told.problem) == (LinkKeyState.OWN, True)
        text = link_keys.hand_over(bob)
    finally:
        for opened in desktops.values():
            opened.close()
    serving.end()
    stored = b"".join(p.read_bytes() for p in serving.data.rglob("*") if p.is_file())
    assert text.encode() not in stored
    assert json.dumps(text).encode() not in stored
