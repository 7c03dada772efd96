"""The measurement itself: that it measures, not how well this machine does."""

from __future__ import annotations

import pytest

from projectdesk.bench import sfu
from projectdesk.bench.load import Findings
from projectdesk.bench.robots import BUCKET_NS


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
        "sfu.n12.ratio_janus_tuned",
        "sfu.n12.p99_ms",
        "sfu.n12.ratio_floor",
    ]
    assert {goal["holds"] for goal in report["goals"]} == {None}  # twelve were not measured


@pytest.mark.full
@pytest.mark.timeout(180)
def test_janus_is_measured_beside_it_with_the_same_load_and_cipher():
    options = ["--backend", "embedded,janus", "--participants", "3", "--seconds", "1"]
    report = sfu.run([*options, "--rounds", "1"])
    assert [row["backend"] for row in report["rows"]] == ["embedded", "janus", "janus-tuned"]
    for row in report["rows"]:
        assert row["cipher"] == "SRTP_AEAD_AES_256_GCM"
        assert 300 < row["packets_out_per_s"] < 1500
        assert row["cpu_us_per_packet_out"] > 0


def findings(delay_ms: float, *, lost: int = 0, core: float = 0.1) -> Findings:
    """Return what 1200 packets of twelve people met."""
    received = 1200 * 11 - lost
    place = int(delay_ms * 1e6 / BUCKET_NS)
    return Findings(sent=1200, received=received, core=core, delays={place: received})


def measured(
    variant: str = "embedded",
    *,
    cost: float = 20.0,
    found: Findings | None = None,
    own: Findings | None = None,
) -> sfu._Measured:
    found = found or findings(3)
    return sfu._Measured(
        variant,
        12,
        found=found,
        own=own or findings(0.5),
        cpu=cost * found.received / 1e6,
        seconds=10,
        costs=[cost],
        floors=[5.0],
    )


TUNED = measured("janus-tuned")
HOLD = [True, True, True, True]


@pytest.mark.parametrize(
    ("rows", "holds"),
    [
        ([measured(), TUNED], HOLD),
        ([measured()], [True, None, True, True]),
        ([measured(found=findings(3, lost=200)), TUNED], [False, None, True, True]),
        ([measured(found=findings(11)), TUNED], [True, True, False, True]),
        ([measured(cost=20.2), TUNED], [True, False, True, True]),
        ([measured(cost=26), TUNED], [True, False, True, False]),
        # Others take the processor: a delay that holds all the same does, the rest is not known.
        ([measured(found=findings(11), own=findings(4)), TUNED], [True, None, None, True]),
        ([measured(own=findings(4)), TUNED], [True, None, True, True]),
        # Robots that lost packets, or had no processor left, measured themselves.
        ([measured(own=findings(0.5, lost=1)), TUNED], [None, None, None, None]),
        ([measured(found=findings(3, core=0.9)), TUNED], [None, None, None, None]),
    ],
)
def test_goals_are_judged_on_valid_rows_of_a_quiet_machine(rows, holds):
    assert [goal["holds"] for goal in sfu._goals(rows)] == holds


def test_rounds_are_compared_one_by_one():
    ours, tuned = measured(), measured("janus-tuned")
    ours.costs, tuned.costs = [10.0, 30.0, 21.0], [20.0, 31.0, 20.0]
    assert sfu._goals([ours, tuned])[1]["value"] == round(30 / 31, 3)


def test_percentiles_are_read_from_the_histogram():
    result = Findings(sent=100, received=200, delays={0: 98, 19: 1, 199: 1})
    assert result.delivered(3) == 1.0
    assert result.percentile_ms(0.5) == 0.05
    assert result.percentile_ms(0.99) == 1.0
