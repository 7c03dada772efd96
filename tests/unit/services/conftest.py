"""A workspace on SQLite, and on PostgreSQL for the tests that ask for both."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from projectdesk.domain.consortium import Organisation, Partner, Project
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services.workspace import Workspace
from tests.unit.services.postgres import server_of

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def postgres_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The run's server, with a database at today's schema to copy."""
    import psycopg

    url = server_of(request.config)
    with psycopg.connect(url, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'template_pd'")
        if known.fetchone() is None:
            connection.execute("CREATE DATABASE template_pd")
            template = url.replace("/postgres?", "/template_pd?")
            data = tmp_path_factory.mktemp("template")
            Workspace.open(data, url=template, secrets=MemorySecrets()).close()
    return url


@pytest.fixture
def postgres_database(postgres_server: str) -> Iterator[Callable[[], str]]:
    """Return a maker of fresh databases at today's schema, dropped after the test."""
    import psycopg

    made: list[str] = []
    with psycopg.connect(postgres_server, autocommit=True) as connection:

        def make() -> str:
            name = f"test_{uuid4().hex}"
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template_pd")
            made.append(name)
            return postgres_server.replace("/postgres?", f"/{name}?")

        yield make
        for name in made:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def blank_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an empty database, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("blank") / "data"
    Workspace.open(folder, secrets=MemorySecrets()).close()
    return folder


@pytest.fixture
def workspace(tmp_path: Path, clock: Clock, blank_data: Path) -> Iterator[Workspace]:
    """A fresh workspace on SQLite."""
    shutil.copytree(blank_data, tmp_path / "data")
    with Workspace.open(tmp_path / "data", secrets=MemorySecrets(), now=clock) as opened:
        yield opened


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.full)])
def any_workspace(
    request: pytest.FixtureRequest, tmp_path: Path, clock: Clock, blank_data: Path
) -> Iterator[Workspace]:
    """A fresh workspace on each kind of database; PostgreSQL in the full run."""
    url = None
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_database")()
    else:
        shutil.copytree(blank_data, tmp_path / "data")
    with Workspace.open(tmp_path / "data", url=url, secrets=MemorySecrets(), now=clock) as opened:
        yield opened


@pytest.fixture
def postgres_workspace(
    postgres_database: Callable[[], str], tmp_path: Path, clock: Clock
) -> Iterator[Workspace]:
    """A fresh workspace on PostgreSQL, in the gate."""
    with Workspace.open(
        tmp_path / "data", url=postgres_database(), secrets=MemorySecrets(), now=clock
    ) as opened:
        yield opened


@pytest.fixture
def project_id(workspace: Workspace) -> UUID:
    """A project of 36 months from 1 January 2026 with one partner."""
    return add_project(workspace)


def add_project(workspace: Workspace, acronym: str = "AQUA") -> UUID:
    project = Project(
        acronym=acronym,
        title="Clean rivers",
        start_date=date(2026, 1, 1),
        duration_months=36,
        end_date=date(2028, 12, 31),
    )
    organisation = Organisation(legal_name="Universidade do Rio", country="PT", pic="999999999")
    partner = Partner(
        project_id=project.id, organisation_id=organisation.id, number=1, short_name="UDR"
    )
    with workspace.change("Add project") as unit:
        unit.add(partner, organisation, project)
    return project.id
