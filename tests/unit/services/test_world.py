from __future__ import annotations

import sys
from datetime import UTC, date, datetime

import pytest

from projectdesk.errors import DomainError
from projectdesk.services import commands, public_holidays, queries
from projectdesk.services.commands import NewPartner, create
from projectdesk.services.consortium_rows import WorldRow, ZoneSource
from projectdesk.services.rows import Kind
from projectdesk.services.workspace import Workspace
from tests.unit.services.conftest import Clock


@pytest.mark.parametrize(
    ("country", "region", "day", "name"),
    [
        ("DE", "", "2026-10-03", "German Unity Day"),
        ("DE", "BY", "2026-01-06", "Epiphany"),
        ("DE", "BE", "2026-01-06", ""),
        ("DE", "nowhere", "2026-01-06", ""),
        ("DK", "", "2026-12-25", "Christmas Day"),
        ("QQ", "", "2026-12-25", ""),
    ],
)
def test_public_holidays_are_a_countrys_and_its_parts(country, region, day, name) -> None:
    found = public_holidays.on_day(country, region, date.fromisoformat(day)).holiday
    assert found == name


@pytest.mark.parametrize(
    ("country", "text", "code"),
    [
        ("DE", "bayern", "BY"),
        ("DE", " DE-BY ", "BY"),
        ("GB", "Scotland", "SCT"),
        ("FR", "zone a", "Zone A"),
        ("DE", "", ""),
        ("", "anything", "anything"),
    ],
)
def test_a_region_is_read_by_code_or_name(country, text, code) -> None:
    assert public_holidays.read_region(country, text) == code


@pytest.mark.parametrize(("country", "said"), [("DE", "BY (Bayern)"), ("DK", "leave the region")])
def test_a_region_that_a_country_does_not_have_is_refused(country, said) -> None:
    with pytest.raises(DomainError) as caught:
        public_holidays.read_region(country, "Atlantis")
    assert caught.value.facts["field"] == "region"
    assert said in caught.value.text


def test_a_person_keeps_no_region_of_another_country(globe: World) -> None:
    munich = globe.partner("MUC", "DE")
    globe.person(munich, "Ida", country="DE", region="Bayern")
    (ida,) = [row for row in queries.people(globe.workspace) if row.name.startswith("Ida")]
    assert ida.region == "BY"
    commands.set_fields(globe.workspace, Kind.PERSON, ida.id, ida.version, {"country": "FR"})
    (ida,) = [row for row in queries.people(globe.workspace) if row.id == ida.id]
    assert ida.region == ""


def test_weekends_are_a_countrys_own() -> None:
    friday, sunday = date(2026, 3, 6), date(2026, 3, 8)
    assert public_holidays.on_day("IL", "", friday).weekend
    assert not public_holidays.on_day("IL", "", sunday).weekend
    assert public_holidays.on_day("QQ", "", sunday).weekend
    assert public_holidays.on_day("DE", "", sunday).free


def test_holidays_are_named_in_the_readers_language_where_known() -> None:
    day = date(2026, 10, 3)
    assert public_holidays.on_day("DE", "", day, "de").holiday == "Tag der Deutschen Einheit"
    assert public_holidays.next_holiday("DE", "", date(2026, 10, 2)) == (day, "German Unity Day")
    assert public_holidays.next_holiday("QQ", "", day) is None


class World:
    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.project = create(workspace, Kind.PROJECT, {"acronym": "AQUA"})[0]

    def partner(self, name: str, country: str, **organisation: object):
        fields = {"legal_name": name, "country": country} | organisation
        new = NewPartner(fields, short_name=name)
        return commands.join_consortium(self.workspace, self.project, new)[0]

    def person(self, partner, name: str, **fields: object) -> None:
        person = create(self.workspace, Kind.PERSON, {"given_name": name, **fields})[0]
        create(
            self.workspace,
            Kind.MEMBERSHIP,
            {"project_id": self.project, "person_id": person, "partner_id": partner},
        )

    def row(self, name: str) -> WorldRow:
        rows = queries.world(self.workspace, self.project)
        return next(row for row in rows if row.partner == name)


@pytest.fixture
def globe(workspace: Workspace) -> World:
    return World(workspace)


def test_partners_are_shown_by_their_time_with_day_and_night(globe: World, clock: Clock) -> None:
    clock.now = datetime(2026, 3, 3, 13, 30, tzinfo=UTC)  # a Tuesday
    globe.partner("AKL", "NZ")
    globe.partner("CPH", "DK")
    globe.partner("NOW", "")
    boston = globe.partner("MIT", "US", latitude=42.36, longitude=-71.09)
    globe.person(boston, "Ann", zone="America/New_York", work_from=480, work_to=960)
    globe.person(boston, "Bob", zone="America/New_York")
    globe.person(boston, "Cal", zone="America/Los_Angeles")
    rows = queries.world(globe.workspace, globe.project)
    assert [(row.partner, row.local and f"{row.local:%a %H:%M}") for row in rows] == [
        ("MIT", "Tue 08:30"),
        ("CPH", "Tue 14:30"),
        ("AKL", "Wed 02:30"),
        ("NOW", None),
    ]
    assert [row.daylight for row in rows] == [True, True, False, None]
    assert [row.working for row in rows] == [True, True, False, None]
    assert (rows[0].at_work, rows[0].people) == (1, 3)
    assert rows[0].other_zones == ("America/Los_Angeles",)
    assert (rows[0].exact, rows[1].exact) == (True, False)
    assert (round(rows[1].latitude or 0), rows[1].offset_minutes) == (56, 60)


def test_how_a_zone_is_known_is_said(globe: World) -> None:
    canary = {"latitude": 28.1, "longitude": -15.4}
    globe.partner("IAC", "ES", **canary)
    globe.partner("ESX", "ES")
    globe.partner("KIT", "DE")
    people = globe.partner("PPL", "ES", **canary)
    globe.person(people, "Eva", zone="Europe/Madrid")
    globe.partner("QQQ", "")
    assert {row.partner: (row.zone, row.source) for row in queries.world(
        globe.workspace, globe.project
    )} == {
        "IAC": ("Atlantic/Canary", ZoneSource.PLACE),
        "ESX": ("Europe/Madrid", ZoneSource.SEVERAL),
        "KIT": ("Europe/Berlin", ZoneSource.COUNTRY),
        "PPL": ("Europe/Madrid", ZoneSource.PEOPLE),
        "QQQ": ("", ZoneSource.UNKNOWN),
    }  # fmt: skip


def test_nobody_works_on_a_holiday_of_their_region(globe: World, clock: Clock) -> None:
    clock.now = datetime(2026, 1, 6, 10, 0, tzinfo=UTC)  # Epiphany, a Tuesday
    munich = globe.partner("TUM", "DE", nuts_code="DE212")
    globe.partner("HUB", "DE", nuts_code="DE300")
    globe.person(munich, "Max", zone="Europe/Berlin")
    assert (globe.row("TUM").holiday, globe.row("TUM").working) == ("Epiphany", False)
    assert (globe.row("HUB").holiday, globe.row("HUB").working) == ("", True)
    assert globe.row("HUB").next_holiday_on == date(2026, 3, 8)  # Women's Day, Berlin's own
    globe.person(munich, "Ida", zone="Europe/Berlin", country="DE", region="BE")
    assert (globe.row("TUM").at_work, globe.row("TUM").working) == (1, True)


def test_who_left_is_not_in_the_world(globe: World, clock: Clock) -> None:
    globe.partner("STA", "DK")
    gone = globe.partner("GON", "DK")
    commands.leave_consortium(globe.workspace, gone, 1, clock.now.date())
    assert len(queries.world(globe.workspace, globe.project)) == 2
    clock.advance(days=1)
    assert [row.partner for row in queries.world(globe.workspace, globe.project)] == ["STA"]


@pytest.mark.full
def test_the_library_of_holidays_is_loaded_when_it_is_asked_for() -> None:
    import subprocess

    code = "import sys, projectdesk.services.queries; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
