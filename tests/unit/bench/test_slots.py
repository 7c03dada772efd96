"""The measurement of slots reckons the grid it says, and its floor reckons the same."""

from __future__ import annotations

import pytest

from projectdesk.bench import slots


@pytest.mark.full
def test_sixty_people_in_twenty_eight_countries_and_the_same_grid_by_numpy():
    report = slots.run(["--rounds", "1"])
    assert len(slots.COUNTRIES) == len(set(slots.COUNTRIES)) == 28
    people = slots.invented()
    assert len(people) == 60
    assert len({(each.zone, each.hours) for each in people}) > 50
    rows = {row["what"]: row for row in report["rows"]}
    assert rows["every further question"]["starts"] == (28 * 24 - 1) * 4 + 1
    assert rows["ratio to numpy"]["ratio"] > 1
    assert report["goals"][0]["name"] == "slots.cpu_s"
    assert report["goals"][0]["value"] > 0
