"""The workspace of the services' tests."""

from __future__ import annotations

from tests.unit.services.conftest import (
    any_workspace,
    blank_data,
    clock,
    postgres_database,
    postgres_server,
    workspace,
)

__all__ = [
    "any_workspace",
    "blank_data",
    "clock",
    "postgres_database",
    "postgres_server",
    "workspace",
]
