"""A heavy project for measurements: as large as the largest consortia, always the same."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from projectdesk.bench.invented import organisation
from projectdesk.domain.consortium import (
    Membership,
    Organisation,
    OrganisationType,
    Partner,
    PartnerRole,
    Person,
    Project,
)
from projectdesk.domain.meetings import AgendaItem, Meeting, MeetingState
from projectdesk.domain.minutes import Action, ActionStatus, Decision
from projectdesk.domain.workplan import Deliverable, Milestone, Risk, Task, WorkPackage
from projectdesk.services.importing.fast_lane import FastLane
from projectdesk.services.rows import Kind
from projectdesk.services.session import Unit
from projectdesk.services.workspace import Workspace
from projectdesk.store import search

_START = date(2026, 1, 1)
_COUNTRIES = (
    *("AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE"),
    *("IT", "LV", "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE", "GB"),
)
_GIVEN = (
    *("Ana", "Björn", "Chloé", "Dariusz", "Élodie", "Filipe", "Giulia", "Håkon", "Ines", "Jiří"),
    *("Katarzyna", "Łukasz", "Márta", "Niamh", "Óscar", "Petra", "Rúben", "Sofía", "Tomás", "Zoë"),
)
_FAMILY = (
    *("Andersson", "Bārbele", "Castro", "Dvořák", "Eriksen", "Ferreira", "García", "Horváth"),
    *("Ivanova", "Jørgensen", "Kowalska", "Łapiński", "Müller", "Nowak", "O'Brien", "Popescu"),
    *("Rossi", "Schäfer", "Țurcanu", "Ünal", "Vasquez", "Weiß", "Yilmaz", "Žukauskas"),
)
_VERBS = (
    *("Send", "Review", "Collect", "Revise", "Agree on", "Prepare", "Check", "Publish", "Ask for"),
    *("Update", "Compare", "Circulate", "Finish", "Discuss"),
)
_THINGS = (
    *("the data management plan", "the budget of the pilot", "the ethics approval", "results"),
    *("the calibration protocol", "the list of stakeholders", "the periodic report", "permits"),
    *("the interface of the gateway", "samples from the estuary", "the exploitation plan"),
    *("the consent forms", "the drone survey", "the model of sediment", "the review slides"),
)
_PLACES = (
    *("in Évora", "for Łódź", "with the advisory board", "of the second pilot", "from Göteborg"),
    *("before the review", "for the General Assembly", "of task leaders", "on battery storage"),
    *("about open access", "of the tide gauges", "with the municipality", "for the dashboard"),
)


@dataclass(frozen=True)
class Size:
    """How many of each. The default is the size that goals are stated for."""

    partners: int = 60
    packages: int = 15
    tasks: int = 120
    deliverables: int = 110
    milestones: int = 30
    risks: int = 40
    people: int = 2000
    meetings: int = 500
    actions: int = 20_000
    decisions: int = 2000


SMALL = Size(12, 4, 12, 11, 4, 4, 100, 20, 400, 40)
"""For tests of the measurements."""


def fill(workspace: Workspace, size: Size | None = None) -> UUID:
    """Put the heavy project into an open database and return its id."""
    made = _Heavy(size or Size())
    with workspace.change("Heavy project", bulk=True) as unit:
        lane = FastLane(unit)
        for entities in made.records():
            lane.insert(type(entities[0]), [_row(each) for each in entities])
        _index_notes(unit, made)
    return made.project.id


def _row(entity: Any) -> dict[str, Any]:
    return {field.name: getattr(entity, field.name) for field in fields(entity)}


def _index_notes(unit: Unit, made: _Heavy) -> None:
    """Index a note for every agenda item, as a written meeting has them."""
    search.add(
        unit.session,
        [
            search.Words(Kind.MINUTES.value, item.id, made.project.id, item.title, made.note())
            for item in made.items
        ],
    )


class _Heavy:
    """The records of the project."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.project = Project(
            acronym="HEAVY",
            title="A project of many partners on estuaries and batteries",
            grant_number="101234567",
            start_date=_START,
            duration_months=60,
            end_date=date(2030, 12, 31),
            objective=" ".join(_THINGS) * 3,
        )
        self.items: list[AgendaItem] = []
        self._chance = random.Random(5)  # noqa: S311 - invented rows, no secrets

    def records(self) -> Iterator[Sequence[Any]]:
        """Yield the records, one kind at a time."""
        organisations = [self._organisation(index) for index in range(self.size.partners)]
        partners = [self._partner(index, one) for index, one in enumerate(organisations, start=1)]
        people = [self._person(index, organisations) for index in range(self.size.people)]
        yield [self.project]
        yield organisations
        yield partners
        yield people
        yield [
            Membership(
                project_id=self.project.id,
                person_id=person.id,
                partner_id=partners[index % len(partners)].id,
                function="Researcher",
            )
            for index, person in enumerate(people)
        ]
        yield from self._plan(partners)
        yield from self._talk(partners, people)

    def note(self) -> str:
        """Return the text of one note."""
        return "\n".join(self._words() for _ in range(3))

    def _words(self) -> str:
        pick = self._chance.choice
        return f"{pick(_VERBS)} {pick(_THINGS)} {pick(_PLACES)}"

    def _organisation(self, index: int) -> Organisation:
        cells = organisation(self._chance, index)
        return Organisation(
            legal_name=cells[2],
            short_name=cells[3],
            country=_COUNTRIES[index % len(_COUNTRIES)],
            pic=f"8{index:08}",
            city=cells[8],
            type=OrganisationType(cells[5]),
        )

    def _partner(self, number: int, of: Organisation) -> Partner:
        return Partner(
            project_id=self.project.id,
            organisation_id=of.id,
            number=number,
            position=number,
            short_name=of.short_name,
            role=PartnerRole.COORDINATOR if number == 1 else PartnerRole.BENEFICIARY,
        )

    def _person(self, index: int, organisations: Sequence[Organisation]) -> Person:
        given, family = self._chance.choice(_GIVEN), self._chance.choice(_FAMILY)
        return Person(
            given_name=given,
            family_name=family,
            email=f"person{index}@heavy.example",
            organisation_id=organisations[index % len(organisations)].id,
            zone="Europe/Lisbon",
        )

    def _plan(self, partners: Sequence[Partner]) -> Iterator[Sequence[Any]]:
        packages = [
            WorkPackage(
                project_id=self.project.id,
                number=number,
                title=self._words(),
                lead_partner_id=partners[number % len(partners)].id,
                start_month=number,
                end_month=min(60, number + 36),
                objectives=self.note(),
            )
            for number in range(1, self.size.packages + 1)
        ]
        yield packages
        yield [
            Task(
                work_package_id=packages[index % len(packages)].id,
                number=1 + index // len(packages),
                title=self._words(),
                lead_partner_id=partners[index % len(partners)].id,
                start_month=1 + index % 40,
                end_month=12 + index % 40,
            )
            for index in range(self.size.tasks)
        ]
        yield [
            Deliverable(
                work_package_id=packages[index % len(packages)].id,
                number=1 + index // len(packages),
                title=self._words(),
                lead_partner_id=partners[index % len(partners)].id,
                due_month=1 + index % 60,
            )
            for index in range(self.size.deliverables)
        ]
        yield [
            Milestone(
                project_id=self.project.id,
                number=number,
                title=self._words(),
                work_package_ids=[packages[number % len(packages)].id],
                due_month=min(60, 2 * number),
            )
            for number in range(1, self.size.milestones + 1)
        ]
        yield [
            Risk(
                project_id=self.project.id,
                number=number,
                title=self._words(),
                work_package_ids=[packages[number % len(packages)].id],
                mitigation=self._words(),
            )
            for number in range(1, self.size.risks + 1)
        ]

    def _talk(
        self, partners: Sequence[Partner], people: Sequence[Person]
    ) -> Iterator[Sequence[Any]]:
        meetings = [self._meeting(index) for index in range(self.size.meetings)]
        self.items = [
            AgendaItem(meeting_id=meeting.id, position=position, title=self._words())
            for meeting in meetings
            for position in range(6)
        ]
        yield meetings
        yield self.items
        yield [
            Decision(
                project_id=self.project.id,
                meeting_id=meetings[index % len(meetings)].id,
                number=index + 1,
                text=self._words(),
                made_at=meetings[index % len(meetings)].starts_at,
            )
            for index in range(self.size.decisions)
        ]
        yield [
            Action(
                project_id=self.project.id,
                meeting_id=meetings[index % len(meetings)].id,
                number=index + 1,
                text=self._words(),
                owner_person_id=people[index % len(people)].id,
                owner_partner_id=partners[index % len(partners)].id,
                due_on=_START + timedelta(days=index % 1800),
                status=ActionStatus.OPEN if index % 3 else ActionStatus.DONE,
            )
            for index in range(self.size.actions)
        ]

    def _meeting(self, index: int) -> Meeting:
        starts = datetime(2026, 1, 5, 9, tzinfo=UTC) + timedelta(days=3 * index)
        return Meeting(
            project_id=self.project.id,
            title=f"{self._chance.choice(('Board', 'WP', 'Pilot', 'General Assembly'))} {index}",
            local_start=starts.replace(tzinfo=None),
            zone="UTC",
            starts_at=starts,
            state=MeetingState.HELD if index % 2 else MeetingState.PLANNED,
            place=self._chance.choice(("", "Lisboa", "Łódź", "København")),
        )
