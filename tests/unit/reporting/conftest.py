"""A small consortium whose project has two reporting periods and planned effort."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import pytest

from projectdesk.domain.effort import Effort
from projectdesk.services import commands, queries
from projectdesk.services.reporting_rows import StatementRow
from projectdesk.services.workspace import Workspace
from tests.unit.meetings.conftest import Consortium, add_consortium
from tests.unit.services.conftest import any_workspace as any_workspace
from tests.unit.services.conftest import blank_data as blank_data
from tests.unit.services.conftest import clock as clock
from tests.unit.services.conftest import postgres_database as postgres_database
from tests.unit.services.conftest import postgres_server as postgres_server

PLANNED = {("UNI", 1): "36", ("UNI", 2): "6", ("LAB", 2): "18", ("FIRM", 4): "12"}
"""Person-months over the whole project; WP1 and WP2 run M1 to M36, WP4 M13 to M36."""


@dataclass
class Reporting:
    """Two periods of 18 months: `first`, `second`."""

    workspace: Workspace
    consortium: Consortium
    first: UUID
    second: UUID

    def statement(self, partner: str, period: UUID | None = None) -> StatementRow:
        wanted = self.consortium.partners[partner]
        rows = queries.effort_statements(self.workspace, period or self.first)
        return next(row for row in rows if row.partner_id == wanted)

    def id_of(self, partner: str) -> UUID:
        found = self.statement(partner).id
        assert found is not None
        return found

    def figures(self, **months: str) -> dict[UUID, Decimal | None]:
        """Return figures by work package, as wp1="2.5"."""
        packages = self.consortium.work_packages
        return {packages[int(name[2:])]: Decimal(value) for name, value in months.items()}

    def enter(self, partner: str, period: UUID | None = None, **months: str) -> None:
        commands.enter_effort(
            self.workspace,
            period or self.first,
            self.consortium.partners[partner],
            self.figures(**months),
        )


@pytest.fixture
def workspace(any_workspace: Workspace) -> Workspace:
    return any_workspace


@pytest.fixture
def reporting(workspace: Workspace) -> Reporting:
    consortium = add_consortium(workspace)
    if workspace.shared:  # a team's database has many users: each computer knows its own
        workspace.remember_me(consortium.people["Maya"])
    with workspace.change("Plan effort") as unit:
        for (partner, number), months in PLANNED.items():
            unit.add(
                Effort(
                    partner_id=consortium.partners[partner],
                    work_package_id=consortium.work_packages[number],
                    months=Decimal(months),
                )
            )
    commands.divide_into_periods(workspace, consortium.project, count=2)
    first, second = queries.reporting_periods(workspace, consortium.project).periods
    return Reporting(workspace, consortium, first.id, second.id)
