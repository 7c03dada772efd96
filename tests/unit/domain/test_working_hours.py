from __future__ import annotations

from datetime import UTC, datetime

import pytest

from projectdesk.domain.rules.working_hours import common_zone, differing_zones, is_at_work


@pytest.mark.parametrize(
    ("clock", "free", "works"),
    [("08:59", False, False), ("09:00", False, True), ("16:59", False, True),
     ("17:00", False, False), ("12:00", True, False)],
)  # fmt: skip
def test_work_is_within_the_hours_of_a_day_that_is_not_free(clock, free, works) -> None:
    local = datetime.fromisoformat(f"2026-03-03T{clock}")
    assert is_at_work(local, 540, 1020, free=free) is works


def test_the_zone_of_a_group_is_the_one_that_most_have() -> None:
    assert common_zone(["Europe/Paris", "", "Europe/Lisbon", "Europe/Lisbon"]) == "Europe/Lisbon"
    assert common_zone(["Europe/Rome", "Europe/Paris"]) == "Europe/Paris"
    assert common_zone([""]) == ""


def test_zones_differ_where_their_clocks_do() -> None:
    at = datetime(2026, 3, 3, tzinfo=UTC)
    zones = ["Europe/Paris", "", "Europe/Lisbon", "Europe/Athens", "Europe/Berlin"]
    assert differing_zones(zones, "Europe/Rome", at) == ("Europe/Athens", "Europe/Lisbon")
