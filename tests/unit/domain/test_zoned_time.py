from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.domain.meetings import FoldRule
from projectdesk.domain.rules.zoned_time import (
    Odd,
    oddity,
    shown,
    to_local,
    to_utc,
    tzdata_version,
    zone_of,
)
from projectdesk.errors import DomainError

ZONES = [
    "Europe/Lisbon",
    "Europe/Copenhagen",
    "Europe/Dublin",  # negative daylight saving
    "America/New_York",
    "America/St_Johns",  # half hours
    "Australia/Lord_Howe",  # shifts by half an hour
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Pacific/Apia",  # skipped a whole day
    "UTC",
]
local_time = datetime.fromisoformat

zones = st.sampled_from(ZONES)
instants = st.datetimes(
    local_time("2005-01-01T00:00"), local_time("2037-01-01T00:00"), timezones=st.just(UTC)
)
rules = st.sampled_from(list(FoldRule))


def meanings(local: datetime, zone: str) -> set[datetime]:
    """Return every instant at which clocks in `zone` show `local`, found by trying them."""
    hours = range(-26, 27)
    near = (local.replace(tzinfo=UTC) + timedelta(hours=h) for h in hours)
    offsets = {instant.astimezone(ZoneInfo(zone)).utcoffset() for instant in near}
    tried = {local.replace(tzinfo=UTC) - offset for offset in offsets if offset is not None}
    shown = {i: i.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for i in tried}
    return {instant for instant, clock in shown.items() if clock == local}


@st.composite
def near_changes(draw):
    """Local times within a few hours of a change of the zone's clocks, and any others."""
    zone = draw(zones)
    start = draw(instants)
    day = timedelta(days=1)
    info = ZoneInfo(zone)
    change = next(
        (
            start + n * day
            for n in range(370)
            if (start + n * day).astimezone(info).utcoffset()
            != (start + (n + 1) * day).astimezone(info).utcoffset()
        ),
        start,
    )
    minutes = draw(st.integers(-12 * 60, 36 * 60))
    return zone, change.replace(tzinfo=None, minute=0, second=0) + timedelta(minutes=minutes)


@given(place=near_changes(), rule=rules)
def test_a_planned_time_means_what_clocks_show(place, rule):
    zone, local = place
    possible = meanings(local, zone)
    instant = to_utc(local, zone, rule)
    if possible:
        expected = min(possible) if rule is FoldRule.EARLIER else max(possible)
        assert instant == expected
        assert to_local(instant, zone) == local
    else:  # a gap: moved by its length, to after it by the distance of before it (RFC 5545)
        moved = to_local(instant, zone) - local
        assert moved != timedelta()
        assert (moved > timedelta()) == (rule is FoldRule.EARLIER)
        other = FoldRule.LATER if rule is FoldRule.EARLIER else FoldRule.EARLIER
        assert to_local(to_utc(local, zone, other), zone) - local == -moved


@given(zone=zones, instant=instants)
def test_an_instant_comes_back_by_one_of_the_rules(zone, instant):
    local = to_local(instant, zone)
    assert instant in {to_utc(local, zone, rule) for rule in FoldRule}


def test_the_spring_gap_of_copenhagen():
    local = local_time("2026-03-29T02:30")
    assert to_utc(local, "Europe/Copenhagen") == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    later = to_utc(local, "Europe/Copenhagen", FoldRule.LATER)
    assert later == datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert shown(local, "Europe/Copenhagen") == local_time("2026-03-29T03:30")
    assert oddity(local, "Europe/Copenhagen") is Odd.SKIPPED
    assert oddity(local_time("2026-03-29T03:00"), "Europe/Copenhagen") is None


def test_the_autumn_fold_of_copenhagen():
    local = local_time("2026-10-25T02:30")
    assert to_utc(local, "Europe/Copenhagen") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    later = to_utc(local, "Europe/Copenhagen", FoldRule.LATER)
    assert later == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert shown(local, "Europe/Copenhagen") == local
    assert oddity(local, "Europe/Copenhagen") is Odd.TWICE


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "W. Europe Standard Time"])
def test_what_is_no_zone_is_refused(name):
    with pytest.raises(DomainError) as caught:
        zone_of(name)
    assert caught.value.code == "unknown_zone"


def test_naive_and_aware_times_are_not_mixed_up():
    with pytest.raises(ValueError, match="naive"):
        to_utc(datetime(2026, 1, 1, tzinfo=UTC), "UTC")
    with pytest.raises(ValueError, match="zone"):
        to_local(local_time("2026-01-01T00:00"), "UTC")


def test_the_version_of_the_zone_rules_is_a_year_and_a_number():
    assert tzdata_version()[:2] == "20"
