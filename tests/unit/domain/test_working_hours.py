from __future__ import annotations

from datetime import UTC, datetime

import pytest

from projectdesk.domain.rules.working_hours import (
    common_zone,
    day_of_work,
    differing_zones,
    is_at_work,
)


@pytest.mark.parametrize(
    ("clock", "free", "works"),
    [("08:59", False, False), ("09:00", False, True), ("16:59", False, True),
     ("17:00", False, False), ("12:00", True, False)],
)  # fmt: skip
def test_work_is_within_the_hours_of_a_day_that_is_not_free(clock, free, works) -> None:
    local = datetime.fromisoformat(f"2026-03-03T{clock}")
    assert is_at_work(local, 540, 1020, free=free) is works


@pytest.mark.parametrize(
    ("clock", "works", "day"),
    [("21:59", False, 3), ("22:00", True, 3), ("05:59", True, 2), ("06:00", False, 3)],
)
def test_work_over_midnight_is_of_the_day_it_began(clock, works, day) -> None:
    local = datetime.fromisoformat(f"2026-03-03T{clock}")
    assert is_at_work(local, 22 * 60, 6 * 60, free=False) is works
    assert day_of_work(local, 22 * 60, 6 * 60).day == day


def test_the_zone_of_a_group_is_the_one_that_most_have() -> None:
    assert common_zone(["Europe/Paris", "", "Europe/Lisbon", "Europe/Lisbon"]) == "Europe/Lisbon"
    assert common_zone(["Europe/Rome", "Europe/Paris"]) == "Europe/Paris"
    assert common_zone([""]) == ""


def test_zones_differ_where_their_clocks_do() -> None:
    at = datetime(2026, 3, 3, tzinfo=UTC)
    zones = ["Europe/Paris", "", "Europe/Lisbon", "Europe/Athens", "Europe/Berlin"]
    assert differing_zones(zones, "Europe/Rome", at) == ("Europe/Athens", "Europe/Lisbon")
