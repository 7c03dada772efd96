"""Databases of every kind, for what lies below the services."""

from __future__ import annotations

from tests.unit.services.conftest import (
    blank_data as blank_data,
)
from tests.unit.services.conftest import (
    clock as clock,
)
from tests.unit.services.conftest import (
    postgres_database as postgres_database,
)
from tests.unit.services.conftest import (
    postgres_server as postgres_server,
)
from tests.unit.services.conftest import (
    workspace as workspace,
)
