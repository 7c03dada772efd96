"""Databases of every kind, for what lies below the services."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services.workspace import Workspace
from tests.unit.services.conftest import Clock
from tests.unit.services.conftest import clock as clock
from tests.unit.services.conftest import postgres_database as postgres_database
from tests.unit.services.conftest import postgres_server as postgres_server


@pytest.fixture
def workspace(tmp_path: Path, clock: Clock) -> Iterator[Workspace]:
    """A workspace that was never there before: nothing of it is backed up yet."""
    with Workspace.open(tmp_path / "data", secrets=MemorySecrets(), now=clock) as opened:
        yield opened
