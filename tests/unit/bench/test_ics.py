from __future__ import annotations

from projectdesk.bench import ics


def test_a_small_calendar_is_measured_and_placed_whole() -> None:
    found = ics.run(["--rounds", "1", "--events", "60"])
    (goal,) = found["goals"]
    assert goal["name"] == "ics.ratio"
    # 57 single events, and three series of 40 with one left out and one more.
    assert found["rows"][1]["times"] == 57 + 3 * 40
    assert found["machine"]["events"] == 60
