"""What a host counts: rising numbers for Prometheus, whatever legs and processes come and go."""

from __future__ import annotations

import json
import logging

import pytest
from msgspec.structs import replace

from projectdesk.bootstrap import start_logging
from projectdesk.errors import EnvironmentFailure
from projectdesk.host.exposition import Family, Sample, render
from projectdesk.host.http.metrics_app import check_reach
from projectdesk.host.meters import MediaMeter, Meters, RecordCounter
from projectdesk.signalling.media import LegStatistics, RoomStatistics


def reading(cpu: float, packets: int, *legs: LegStatistics) -> RoomStatistics:
    return RoomStatistics(
        cpu_s=cpu, packets_in=packets, packets_out=2 * packets, dropped_datagrams=0, legs=list(legs)
    )


def leg(participant: str, bytes_out: int, lost: int = 0) -> LegStatistics:
    return LegStatistics(
        participant=participant,
        kind="subscribe",
        state="connected",
        bytes_out=bytes_out,
        lost=lost,
    )


def test_bytes_of_legs_that_ended_stay_in_the_sum() -> None:
    meter = MediaMeter()
    meter.read("r", reading(1, 10, leg("a", 100, 1), leg("b", 50)))
    meter.read("r", reading(2, 15, leg("b", 80, 2)))
    total = meter.rooms["r"]
    assert (total.bytes_out, total.lost, total.packets_in, total.legs) == (180, 3, 15, 1)


def test_a_leg_that_was_built_anew_counts_from_nothing() -> None:
    meter = MediaMeter()
    meter.read("r", reading(1, 10, leg("a", 100)))
    meter.read("r", reading(2, 15, leg("a", 30)))
    assert meter.rooms["r"].bytes_out == 130


def test_another_sfu_of_the_room_adds_to_the_one_before() -> None:
    meter = MediaMeter()
    meter.read("r", reading(5.0, 1000))
    meter.without("r")
    assert meter.rooms["r"].packets_in == 1000
    meter.read("r", reading(0.5, 7))
    assert (meter.rooms["r"].packets_in, meter.rooms["r"].cpu_s) == (1007, 5.5)


def test_the_tasks_of_an_sfu_are_those_of_now() -> None:
    meter = MediaMeter()
    for tasks in (7, 4):
        meter.read("r", replace(reading(1, 10), tasks=tasks))
    assert meter.rooms["r"].tasks == 4
    meter.without("r")
    assert meter.rooms["r"].tasks == 0


def test_rooms_that_are_gone_are_forgotten() -> None:
    meter = MediaMeter()
    meter.read("r", reading(1, 10))
    meter.keep(set())
    assert meter.rooms == {}


def test_the_text_is_what_prometheus_reads() -> None:
    family = Family("x_total", "counter", "Some.", (Sample(2, {"a": 'b"\\\n'}), Sample(0.5, {})))
    assert render([family]).splitlines() == [
        "# HELP x_total Some.",
        "# TYPE x_total counter",
        'x_total{a="b\\"\\\\\\n"} 2',
        "x_total 0.5",
    ]


def test_warnings_and_errors_are_counted_by_level() -> None:
    meters = Meters()
    log = logging.getLogger("tests.apart")
    log.setLevel(logging.INFO)
    counter = RecordCounter(meters)
    log.addHandler(counter)
    log.info("calm")
    log.warning("hm")
    log.error("oh")
    log.removeHandler(counter)
    assert meters.records == {"warning": 1, "error": 1}


@pytest.mark.parametrize("bind", ["127.0.0.1", "::1", "localhost"])
def test_figures_are_open_to_this_computer(bind: str) -> None:
    check_reach(bind, None)


def test_figures_are_open_to_nobody_else_without_a_token() -> None:
    check_reach("10.0.0.1", "a token")
    with pytest.raises(EnvironmentFailure) as refused:
        check_reach("10.0.0.1", None)
    assert refused.value.code == "metrics_open"


def test_lines_of_json_are_masked_as_lines_of_text_are(tmp_path, capsys) -> None:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    try:
        start_logging(tmp_path, form="json", to_stderr=True)
        secret = "pdk_" + "a" * 30
        try:
            raise ValueError(f"Bearer {secret}")
        except ValueError:
            logging.getLogger("projectdesk.host").exception("no good: %s", secret)
    finally:
        for handler in set(root.handlers) - set(before):
            root.removeHandler(handler)
        root.setLevel(level)
        logging.captureWarnings(capture=False)
    (line,) = capsys.readouterr().err.splitlines()
    kept = json.loads(line)
    assert (kept["level"], kept["logger"]) == ("error", "projectdesk.host")
    assert kept["message"].startswith("no good: pdk_***")
    assert "ValueError" in kept["trace"]
    assert secret not in line
