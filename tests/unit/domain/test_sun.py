from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.domain.rules import sun

YEAR_2000, YEAR_2049 = (datetime.fromisoformat(f"{year}-01-01") for year in (2000, 2049))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "declination"),
    [
        # Equinoxes and solstices of 2026 as the almanacs give them, to the minute.
        ("2026-03-20T14:46", 0.0),
        ("2026-06-21T08:24", 23.44),
        ("2026-09-23T00:05", 0.0),
        ("2026-12-21T20:50", -23.44),
    ],
)
def test_the_sun_stands_where_the_seasons_turn(when: str, declination: float) -> None:
    latitude, _ = sun.subsolar_point(at(when))
    assert latitude == pytest.approx(declination, abs=0.02)


@pytest.mark.parametrize(
    ("day", "minutes"),
    # The equation of time at its four extremes and zeros (minutes that a sundial is ahead).
    [("2026-02-11", -14.2), ("2026-04-15", 0.0), ("2026-05-14", 3.7), ("2026-07-26", -6.5),
     ("2026-11-03", 16.4), ("2026-12-25", 0.0)],
)  # fmt: skip
def test_noon_is_as_early_as_the_equation_of_time_says(day: str, minutes: float) -> None:
    _, longitude = sun.subsolar_point(at(f"{day}T12:00"))
    assert -longitude * 4 == pytest.approx(minutes, abs=0.3)


@pytest.mark.parametrize(
    ("rises", "sets", "latitude", "longitude"),
    [
        # Greenwich and Sydney from published tables of sunrise, to the minute.
        ("2026-06-21T03:43", "2026-06-21T20:21", 51.48, 0.0),
        ("2026-12-21T18:41", "2026-12-22T09:06", -33.87, 151.21),
    ],
)
def test_the_sun_rises_and_sets_when_the_tables_say(rises, sets, latitude, longitude) -> None:
    moment = timedelta(minutes=4)
    for when, before in ((at(rises), False), (at(sets), True)):
        assert sun.is_day(when - moment, latitude, longitude) is before
        assert sun.is_day(when + moment, latitude, longitude) is not before


@given(
    st.datetimes(YEAR_2000, YEAR_2049, timezones=st.just(UTC)),
    st.floats(-180, 180),
)
def test_the_terminator_parts_day_from_night(when: datetime, longitude: float) -> None:
    latitude, night_in_the_north = sun.terminator(when, longitude)
    assert -90 <= latitude <= 90
    if abs(latitude) < 88:
        assert sun.altitude(when, latitude, longitude) == pytest.approx(0, abs=1e-6)
        north = sun.altitude(when, latitude + 1, longitude)
        south = sun.altitude(when, latitude - 1, longitude)
        assert (north < south) is night_in_the_north
