"""The estimate of a path, against paths made up here: queues, loss, both clocks of its own."""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass, field
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projectdesk.media.embedded.bandwidth import (
    LEAST,
    MOST,
    START,
    BandwidthEstimate,
    Sample,
    _find_slope,
)
from projectdesk.media.embedded.downstream import Downstream
from projectdesk.media.embedded.feedback import ArrivalLog, read_arrivals
from projectdesk.media.embedded.path import SubscriberPath
from projectdesk.media.embedded.rtcp import ArrivalFeedback, parse

TICK = 0.05
SIZE = 1100


@dataclass
class MadeUpPath:
    """A bottleneck with a queue in front, random loss, and a receiver that reports like a browser.

    carries: bits per second. queue_s: longest wait; what would wait longer is dropped. loss: share
    that is lost whatever the rate. wishes: bits per second that the sender would like to send.
    """

    carries: float
    queue_s: float = 0.3
    loss: float = 0.0
    wishes: float = 1_000_000.0
    now: float = 100.0
    skew: float = 5000.0
    sent: float = 0.0
    free_at: float = 0.0
    waits: list[float] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random(3))

    def __post_init__(self) -> None:
        self.path = SubscriberPath()
        self.log = ArrivalLog(1)
        self.stream = Downstream(444, 555, 90_000)
        self.stream.next_number, self.stream.note = self.path.next_number, self.path.note
        self._owed = 0.0
        self._due: deque[tuple[float, int]] = deque()

    def _send(self, number: int, size: int, at: float) -> None:
        begins = max(self.free_at, at)
        if begins - at > self.queue_s or self.chance.random() < self.loss:
            return
        self.free_at = begins + size * 8 / self.carries
        self.waits.append(self.free_at - at)
        self._due.append((self.free_at + 0.02, number))

    def run(self, seconds: float, *, adapts: bool = True, missing: float = 0.0) -> None:
        """Send for a while: what is wished, but (`adapts`) no more than is estimated."""
        stop = self.now + seconds
        while self.now < stop:
            self.now += TICK
            rate = min(self.wishes, self.path.estimate.bits_per_second if adapts else 1e12)
            self._owed += rate * TICK / 8
            count = int(self._owed / SIZE)
            self._owed -= count * SIZE
            for place in range(count):
                at = self.now + place * TICK / count
                number = self.path.next_number() & 0xFFFF
                self.path.note((at, SIZE))
                self._send(number, SIZE, at)
            lacking = missing if rate < self.wishes or not self.wishes else 0.0
            amount = self.path.try_more(lacking, self.now, TICK)
            while amount > 0:
                packet = self.stream.fill(97, self.now)
                assert packet is not None
                self._send(int.from_bytes(packet[17:19], "big"), len(packet), self.now)
                amount -= len(packet)
            while self._due and self._due[0][0] <= self.now + TICK:
                arrived, number = self._due.popleft()
                self.log.note(number, arrived + self.skew)
            self._report()

    def _report(self) -> None:
        data = self.log.build(444)
        if data is None:
            return
        (message,) = parse(data)
        assert isinstance(message, ArrivalFeedback)
        arrivals = read_arrivals(message.body)
        assert arrivals is not None
        self.path.take(arrivals, self.now + TICK)

    @property
    def estimate(self) -> BandwidthEstimate:
        return self.path.estimate


def test_a_path_that_carries_all_shows_no_limit():
    path = MadeUpPath(carries=20_000_000, wishes=1_000_000)
    path.run(30)
    assert not path.estimate.limited
    assert path.estimate.bits_per_second >= START


@pytest.mark.parametrize("carries", [300_000, 1_000_000, 3_000_000])
def test_the_estimate_settles_near_what_a_path_carries(carries):
    path = MadeUpPath(carries=carries, wishes=6_000_000)
    path.run(10, missing=2_000_000)
    found = []
    path.waits.clear()
    for _ in range(20):
        path.run(0.5, missing=2_000_000)
        found.append(path.estimate.bits_per_second)
    assert 0.5 * carries < sum(found) / len(found) < 1.15 * carries
    assert sorted(path.waits)[len(path.waits) // 2] < 0.15, "the queue stays short"


def test_a_path_that_becomes_narrow_is_noticed_within_two_seconds():
    path = MadeUpPath(carries=5_000_000, wishes=1_400_000)
    path.run(10)
    assert not path.estimate.limited
    path.carries = 500_000
    path.run(2)
    assert path.estimate.limited
    assert path.estimate.bits_per_second < 700_000


def test_padding_finds_out_that_a_path_is_wide_again():
    path = MadeUpPath(carries=400_000, wishes=1_200_000)
    path.run(15)
    assert path.estimate.bits_per_second < 600_000
    path.carries = 10_000_000
    path.run(30, missing=400_000)
    assert path.estimate.bits_per_second > 1_000_000


def test_a_path_with_no_room_for_any_picture_is_tried_all_the_same():
    path = MadeUpPath(carries=2_000_000, wishes=1_000_000)
    path.run(2)
    path.estimate.bits_per_second, path.estimate.limited = LEAST, True
    path.wishes = 0
    path.run(20, missing=300_000)
    assert path.estimate.bits_per_second > 300_000


def test_without_padding_little_is_learned_by_sending_little():
    path = MadeUpPath(carries=10_000_000, wishes=200_000)
    path.estimate.bits_per_second = 250_000
    path.run(30)
    assert path.estimate.bits_per_second < 400_000


def test_trying_on_a_narrow_path_becomes_rare():
    path = MadeUpPath(carries=600_000, wishes=5_000_000)
    path.run(30, missing=500_000)
    before = path.stream._next_repair
    path.run(30, missing=500_000)
    padding = (path.stream._next_repair - before) & 0xFFFF
    assert padding * 300 * 8 / 30 < 0.15 * 600_000, "trying costs little of what there is"


def test_random_loss_is_no_congestion():
    path = MadeUpPath(carries=20_000_000, wishes=1_000_000, loss=0.10)
    path.run(20)
    assert path.estimate.bits_per_second > 500_000
    heavy = MadeUpPath(carries=20_000_000, wishes=1_000_000, loss=0.25)
    heavy.run(40)
    assert heavy.estimate.bits_per_second > 300_000


def test_a_path_that_drops_what_is_too_much_is_found_by_loss():
    path = MadeUpPath(carries=700_000, queue_s=0.01, wishes=2_000_000)
    path.run(20)
    assert path.estimate.limited
    assert path.estimate.bits_per_second < 1_000_000


def test_what_the_subscriber_estimates_itself_counts_when_it_is_less_than_was_sent():
    estimate = BandwidthEstimate()
    estimate.told(300_000, 1_000_000, 1.0)
    assert estimate.limited
    assert estimate.bits_per_second == 300_000
    for second in range(2, 20):
        estimate.told(290_000, 300_000, float(second))
    assert estimate.bits_per_second > 300_000, "at rest it only trails what was sent"


@given(
    st.lists(
        st.tuples(
            st.lists(
                st.tuples(st.floats(-2, 2), st.floats(-5, 5), st.integers(0, 1500)), max_size=6
            ),
            st.integers(0, 50),
        ),
        max_size=8,
    )
)
def test_any_report_leaves_an_estimate_within_its_bounds(reports):
    estimate = BandwidthEstimate()
    now = 0.0
    for samples, lost in reports:
        now += 0.1
        estimate.observe([Sample(now + s, now + a, size) for s, a, size in samples], lost, now)
        assert LEAST <= estimate.bits_per_second <= MOST


def test_reports_on_packets_that_were_never_sent_are_ignored():
    path = SubscriberPath()
    for _ in range(10):
        path.next_number()
        path.note((1.0, 500))
    body = b"\x40\x00\x00\x05\0\0\0\0\x20\x05" + bytes(5)
    arrivals = read_arrivals(body)
    assert arrivals is not None
    path.take(arrivals, 1.5)
    assert not path.is_reported


def test_what_nobody_reports_is_forgotten():
    path = SubscriberPath()
    for _ in range(100):
        path.next_number()
        path.note((1.0, 500))
    path.try_more(0.0, 10.0, TICK)
    assert not path._sent
    path.next_number()
    path.note((10.0, 500))
    arrivals = read_arrivals(b"\x00\x64\x00\x01\0\0\0\0\x20\x01\x00\x00")
    assert arrivals is not None
    path.take(arrivals, 10.1)
    assert path.is_reported


@given(st.binary(max_size=80))
def test_any_bytes_are_read_as_a_report_or_refused(body):
    arrivals = read_arrivals(body)
    if arrivals is not None:
        assert len(arrivals.times) == int.from_bytes(body[2:4], "big")


@given(st.lists(st.one_of(st.none(), st.integers(-100, 20_000)), min_size=1, max_size=300))
def test_a_report_that_we_write_reads_back(gaps):
    log, now = ArrivalLog(1), 1000.0
    expected: list[float | None] = []
    for number, gap in enumerate(gaps):
        if gap is not None:
            now += gap * 0.00025
            log.note(number, now)
        expected.append(None if gap is None else now)
    data = log.build(2)
    while expected and expected[-1] is None:
        expected.pop()
    if data is None:
        assert not expected
        return
    (message,) = parse(data)
    assert isinstance(message, ArrivalFeedback)
    arrivals = read_arrivals(message.body)
    assert arrivals is not None
    skipped = arrivals.base
    wanted = expected[skipped:]
    assert len(arrivals.times) == len(wanted)
    for found, want in zip(arrivals.times, wanted, strict=True):
        assert (found is None) == (want is None)
        if found is not None and want is not None:
            assert abs(found - want) < 0.001


# --- the slope ------------------------------------------------------------------------------------


@given(
    st.floats(0, 1.1e9),
    st.lists(st.tuples(st.integers(1, 100), st.floats(-500, 500)), min_size=1, max_size=20),
)
def test_the_slope_is_that_of_least_squares_however_long_the_clock_runs(start, steps):
    """Exactly reckoned, from milliseconds of a clock that may run for twelve days."""
    points, at = [(start, 0.0)], start
    for passed, delay in steps:
        at += passed
        points.append((at, delay))
    exact = [(Fraction(x), Fraction(y)) for x, y in points]
    middle_x = sum(x for x, _ in exact) / len(exact)
    middle_y = sum(y for _, y in exact) / len(exact)
    below = sum((x - middle_x) ** 2 for x, _ in exact)
    above = sum((x - middle_x) * (y - middle_y) for x, y in exact)
    assert _find_slope(points) == pytest.approx(float(above / below), rel=1e-6, abs=1e-6)


def test_points_of_one_moment_have_no_slope():
    assert _find_slope([(1e9 + 0.1, 1.0), (1e9 + 0.1, 5.0), (1e9 + 0.1, 2.0)]) == 0.0
