from __future__ import annotations

import pytest

from projectdesk.domain.countries import ISO_CODES
from projectdesk.domain.places import has_several_zones, zone_at, zones_of
from projectdesk.domain.regions import region_of
from projectdesk.domain.rules.zoned_time import zone_of


def test_every_country_has_a_zone_that_exists() -> None:
    # Bouvet and Heard islands have no people and no zone.
    assert {code for code in ISO_CODES if not zones_of(code)} == {"BV", "HM"} & ISO_CODES
    for code in ISO_CODES:
        for place in zones_of(code):
            zone_of(place.zone)
            assert -90 <= place.latitude <= 90
            assert -180 <= place.longitude <= 180


@pytest.mark.parametrize(
    ("country", "zone", "latitude"),
    [
        ("PT", "Europe/Lisbon", 38.7),
        ("US", "America/New_York", 40.7),
        ("AU", "Australia/Sydney", -33.9),
        ("CA", "America/Toronto", 43.7),
        ("XK", "Europe/Belgrade", 42.7),
    ],
)
def test_the_main_zone_is_where_most_people_live(country, zone, latitude) -> None:
    main = zones_of(country)[0]
    assert main.zone == zone
    assert main.latitude == pytest.approx(latitude, abs=0.1)


@pytest.mark.parametrize(
    ("country", "latitude", "longitude", "zone"),
    [
        ("ES", 28.1, -15.4, "Atlantic/Canary"),  # Las Palmas
        ("ES", 43.3, -1.98, "Europe/Madrid"),  # San Sebastián
        ("PT", 37.7, -25.7, "Atlantic/Azores"),
        ("US", 37.87, -122.27, "America/Los_Angeles"),  # Berkeley
        ("US", 42.36, -71.06, "America/New_York"),  # Boston
        ("DE", 47.7, 8.7, "Europe/Berlin"),  # beside Büsingen, whose clocks are Berlin's
        ("CA", 49.26, -123.1, "America/Vancouver"),
        ("QQ", 0.0, 0.0, ""),
    ],
)
def test_a_position_has_the_zone_of_the_nearest_place(country, latitude, longitude, zone) -> None:
    assert zone_at(country, latitude, longitude) == zone


def test_clocks_differ_within_some_countries() -> None:
    assert [code for code in ("DE", "DK", "ES", "PT", "US") if has_several_zones(code)] == [
        "ES",
        "PT",
        "US",
    ]


@pytest.mark.parametrize(
    ("nuts", "part"),
    [
        ("DE212", "BY"),
        ("DE2", "BY"),
        ("AT130", "9"),
        ("ES511", "CT"),
        ("UKM75", "SCT"),
        ("CH040", "ZH"),
        ("FRF12", "6AE"),
        ("PT17", ""),
        ("DK011", ""),
        ("DE", ""),
        ("", ""),
    ],
)
def test_a_nuts_region_lies_in_a_part_with_holidays_of_its_own(nuts: str, part: str) -> None:
    assert region_of(nuts) == part
