"""The measurement itself: that it measures, not how well this machine does."""

from __future__ import annotations

import pytest

from projectdesk.bench import sfu


@pytest.mark.timeout(120)
def test_a_small_room_is_measured():
    report = sfu.run(["--participants", "3", "--seconds", "1", "--generators", "2"])
    (row,) = report["rows"]
    assert report["bench"] == "sfu"
    assert (row["backend"], row["n"]) == ("embedded", 3)
    # Three people, two others each, 125 packets a second.
    assert 300 < row["packets_out_per_s"] < 1500
    assert row["delivered"] > 0.5
    assert 0 < row["floor_us"] < row["cpu_us_per_packet_out"]
    assert 0 < row["p50_ms"] <= row["p99_ms"]
    assert [goal["name"] for goal in report["goals"]] == [
        "sfu.n12.delivered",
        "sfu.n12.p99_ms",
        "sfu.n12.ratio_floor",
    ]
    assert {goal["holds"] for goal in report["goals"]} == {None}  # twelve were not measured


def row(**fields):
    good = {
        "backend": "embedded",
        "n": 12,
        "valid": True,
        "delivered": 1.0,
        "p99_ms": 3.0,
        "cpu_ratio_floor": 2.5,
        "quiet": True,
    }
    return good | fields


@pytest.mark.parametrize(
    ("fields", "holds"),
    [
        ({}, [True, True, True]),
        ({"delivered": 0.99}, [False, True, True]),
        ({"p99_ms": 11.0}, [True, False, True]),
        ({"p99_ms": 11.0, "quiet": False}, [True, None, True]),
        ({"p99_ms": 3.0, "quiet": False}, [True, True, True]),
        ({"cpu_ratio_floor": 6.0}, [True, True, False]),
        ({"valid": False}, [None, None, None]),
    ],
)
def test_goals_are_judged_on_valid_rows_only(fields, holds):
    assert [goal["holds"] for goal in sfu._goals([row(**fields)])] == holds


def test_percentiles_are_read_from_the_histogram():
    result = sfu._Result(sent=100, failed=0, received=200, core=0.1, delays={0: 98, 19: 1, 199: 1})
    assert result.delivered(3) == 1.0
    assert result.percentile_ms(0.5) == 0.05
    assert result.percentile_ms(0.99) == 1.0
