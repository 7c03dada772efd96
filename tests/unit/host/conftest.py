from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from projectdesk.host.journal.database import default_url, open_database
from tests.unit.services.postgres import running_server

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[Callable[[], str]]:
    """Return a function that gives the URL of a new database."""
    numbers = count(1)
    with running_server() as server:

        def new() -> str:
            name = f"host_{next(numbers)}"
            engine = create_engine(
                server.replace("postgresql://", "postgresql+psycopg://"),
                isolation_level="AUTOCOMMIT",
            )
            with engine.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {name}"))
            engine.dispose()
            return server.replace("/postgres?", f"/{name}?")

        yield new


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.full)])
def journal_url(request: Any, tmp_path: Any) -> str:
    """Return the URL of an empty database, of each kind that a host runs on."""
    if request.param == "sqlite":
        return default_url(tmp_path)
    url: str = request.getfixturevalue("postgres_url")()
    return url


@pytest.fixture
def engine(journal_url: str) -> Iterator[Engine]:
    engine = open_database(journal_url)
    yield engine
    engine.dispose()
