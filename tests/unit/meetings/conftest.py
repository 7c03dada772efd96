"""A small consortium with a work plan, on SQLite and, in the full run, on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from projectdesk.domain.consortium import (
    Membership,
    Organisation,
    Partner,
    PartnerRole,
    Person,
    Project,
)
from projectdesk.domain.meetings import MeetingType
from projectdesk.domain.workplan import Deliverable, Milestone, WorkPackage
from projectdesk.secrets.memory import MemorySecrets
from projectdesk.services.commands.meetings import plan_meeting
from projectdesk.services.workspace import Workspace
from tests.unit.services.conftest import blank_data as blank_data
from tests.unit.services.conftest import postgres_database as postgres_database
from tests.unit.services.conftest import postgres_server as postgres_server

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LOCAL = datetime.fromisoformat("2026-03-10T10:00")


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Consortium:
    """Ids by name: partners by short name, people by given name, work packages by number."""

    project: UUID
    partners: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)
    work_packages: dict[int, UUID] = field(default_factory=dict)


PEOPLE = [
    # given name, zone, partner, function
    ("Maya", "Europe/Copenhagen", "UNI", "Project manager"),
    ("Ole", "Europe/Copenhagen", "UNI", "WP1 leader"),
    ("Inês", "Europe/Lisbon", "LAB", "Financial officer"),
    ("Rui", "Europe/Lisbon", "LAB", "Scientific lead"),
    ("Kiri", "Pacific/Auckland", "FIRM", "WP4 leader"),
    ("Petra", "", None, "Project officer"),
]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def postgres_urls() -> list[str]:
    """The PostgreSQL databases that this test was given, newest last."""
    return []


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.full)])
def workspace(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    clock: Clock,
    postgres_urls: list[str],
    blank_data: Path,
) -> Iterator[Workspace]:
    """A fresh workspace on each kind of database; PostgreSQL in the full run."""
    url = None
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_database")()
        postgres_urls.append(url)
    else:
        shutil.copytree(blank_data, tmp_path / "data")
    with Workspace.open(tmp_path / "data", url=url, secrets=MemorySecrets(), now=clock) as opened:
        yield opened


def add_consortium(workspace: Workspace, *, me: str | None = "Maya") -> Consortium:
    """Add project TIDE of three partners; FIRM leads WP3 and has nobody who leads it."""
    project = Project(acronym="TIDE", start_date=date(2026, 3, 1), duration_months=36)
    made = Consortium(project.id)
    with workspace.change("Add a consortium") as unit:
        unit.add(project)
        for number, (name, country) in enumerate(
            [("UNI", "DK"), ("LAB", "PT"), ("FIRM", "NZ"), ("GHOST", "EE")], 1
        ):
            organisation = Organisation(legal_name=f"{name} legal", country=country)
            role = PartnerRole.COORDINATOR if number == 1 else PartnerRole.BENEFICIARY
            partner = Partner(
                project_id=project.id,
                organisation_id=organisation.id,
                number=number,
                position=number,
                short_name=name,
                role=role,
            )
            made.partners[name] = partner.id
            unit.add(organisation, partner)
        for given, zone, partner_name, function in PEOPLE:
            person = Person(
                given_name=given,
                family_name="Test",
                email=f"{given.lower()}@example.org",
                zone=zone,
                is_me=given == me,
            )
            made.people[given] = person.id
            partner_id = made.partners[partner_name] if partner_name else None
            unit.add(
                person,
                Membership(
                    project_id=project.id,
                    person_id=person.id,
                    partner_id=partner_id,
                    function=function,
                ),
            )
        for number, lead in enumerate(["UNI", "LAB", "GHOST", "FIRM"], 1):
            work = WorkPackage(
                project_id=project.id,
                number=number,
                title=f"Work {number}",
                lead_partner_id=made.partners[lead],
                start_month=1 if number < 4 else 13,
                end_month=36,
            )
            made.work_packages[number] = work.id
            unit.add(work, Deliverable(work_package_id=work.id, number=1, title="R", due_month=5))
        unit.add(Milestone(project_id=project.id, number=1, title="Started", due_month=1))
    if me is not None:
        workspace.remember_me(made.people[me])
    return made


@pytest.fixture
def consortium(workspace: Workspace) -> Consortium:
    return add_consortium(workspace)


@pytest.fixture
def plan(workspace: Workspace, consortium: Consortium) -> Callable[..., UUID]:
    """Return a function that plans a meeting of the consortium."""

    def plan_one(meeting_type: MeetingType = MeetingType.KICK_OFF, **values: object) -> UUID:
        arguments = {"local_start": LOCAL, "zone": "Europe/Copenhagen"} | values
        meeting_id, _ = plan_meeting(workspace, consortium.project, meeting_type, **arguments)  # type: ignore[arg-type]
        return meeting_id

    return plan_one


@pytest.fixture
def kick_off(plan: Callable[..., UUID]) -> UUID:
    return plan()
