"""How much a subscriber's path carries, from when its packets arrived and which did not.

The idea is that of Google's congestion control (draft-ietf-rmcat-gcc-02), which browsers use for
what they send: packets that need longer and longer wait in a queue somewhere, so the rate is too
high; loss tells the same of paths that do not queue. The estimate falls to a little less than what
arrived and rises again slowly, and it never rises far above what was tried: who sends little learns
little. So `path` tries more now and then, with padding.

No clock in here: times come with the calls, so a test can play hours in a moment.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

START = 1_500_000.0
"""Bits per second assumed of a new path."""

LEAST = 50_000.0
MOST = 50_000_000.0

_BURST_S = 0.005
"""Packets sent within this time count as one: they queue behind each other anyway."""

_WINDOW = 20
"""Bursts that a trend is taken of."""

_DELAY_SMOOTHING = 0.9
_GAIN = 4.0
_FULL_GAIN_AT = 60
_THRESHOLD_MS = 12.5
_LEAST_THRESHOLD_MS, _MOST_THRESHOLD_MS = 6.0, 600.0
_THRESHOLD_UP, _THRESHOLD_DOWN = 0.0087, 0.039
"""Per millisecond: the threshold follows the trend, so that a competing flow does not starve us."""

_OUTLIER_MS = 15.0
_OVERUSE_MS = 10.0
_RESTART_S = 2.0
"""After so long without packets earlier delays say nothing."""

_ACKED_S = 0.5
"""Window over which what arrived is measured."""

_DECREASE = 0.85
_SMALLEST_STEP = 0.7
_EFFECT_S = 1.5
_EPISODE_S = 6.0
"""Sending less shows after `_EFFECT_S`: another layer begins with a key frame, which queues itself.
Until then, and below `_SMALLEST_STEP` of what it was, the estimate does not fall again within one
episode: what arrives then is little because little is sent."""

_GROWTH = 0.08
_SLOW_GROWTH = 0.02
"""Share per second by which the estimate rises: near the rate of the last congestion slowly."""

_HEADROOM = 1.5
"""The estimate does not rise above this multiple of what arrived."""

_LOSS_S = 1.0
_LEAST_REPORTED = 20
_LOSS_HOLD = 0.02
_LOSS_DECREASE = 0.10
_LOSS_PATIENCE_S = 1.5
_LOSS_PERSISTS = 0.6
_LESS = 0.95
_LOSS_FORGET = 0.05


class Sample(NamedTuple):
    """One packet that arrived: when it left, when it came (another clock), its length in bytes."""

    sent: float
    arrived: float
    size: int


class DelayTrend:
    """Tells whether packets need longer and longer."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self.overused = False
        self._sent_first = self._sent_last = self._arrived_last = 0.0
        self._before: tuple[float, float] | None = None
        self._open = False
        self._bursts = 0
        self._delay = self._smoothed = 0.0
        self._points: deque[tuple[float, float]] = deque(maxlen=_WINDOW)
        self._threshold = _THRESHOLD_MS
        self._over_since: float | None = None
        self._slope = 0.0

    def add(self, sample: Sample) -> None:
        """Take the next packet, in the order of sending. Hot: called for every packet."""
        sent, arrived, _ = sample
        if self._open:
            if sent - self._sent_last > _RESTART_S:
                self._forget()
            elif sent - self._sent_first > _BURST_S:
                self._close_burst()
                self._open = False
        if not self._open:
            self._open = True
            self._sent_first = sent
            self._arrived_last = arrived
        self._sent_last = sent
        if arrived > self._arrived_last:
            self._arrived_last = arrived

    def _forget(self) -> None:
        self._open = self.overused = False
        self._before = self._over_since = None
        self._points.clear()
        self._bursts = 0
        self._delay = self._smoothed = self._slope = 0.0

    def _close_burst(self) -> None:
        before, self._before = self._before, (self._sent_last, self._arrived_last)
        if before is None:
            return
        sent, arrived = (self._sent_last - before[0]) * 1e3, (self._arrived_last - before[1]) * 1e3
        if abs(arrived - sent) > _RESTART_S * 1e3:  # the subscriber's clock wrapped or jumped
            self._forget()
            return
        self._bursts += 1
        self._delay += arrived - sent
        self._smoothed += (self._delay - self._smoothed) * (1 - _DELAY_SMOOTHING)
        self._points.append((self._arrived_last * 1e3, self._smoothed))
        if len(self._points) == _WINDOW:
            slope = _find_slope(self._points)
            self._judge(slope, slope * min(self._bursts, _FULL_GAIN_AT) * _GAIN, arrived)

    def _judge(self, slope: float, trend: float, passed: float) -> None:
        now = self._arrived_last * 1e3
        if trend > self._threshold:
            since = self._over_since
            self._over_since = now - passed / 2 if since is None else since
            lasting = since is not None and now - self._over_since > _OVERUSE_MS
            if lasting and slope >= self._slope:
                self.overused = True
        else:
            self._over_since = None
            self.overused = False
        self._slope = slope
        over = abs(trend) - self._threshold
        if over < _OUTLIER_MS:
            speed = _THRESHOLD_DOWN if over < 0 else _THRESHOLD_UP
            threshold = self._threshold + speed * over * min(max(passed, 0.0), 100.0)
            self._threshold = min(max(threshold, _LEAST_THRESHOLD_MS), _MOST_THRESHOLD_MS)


def _find_slope(points: Sequence[tuple[float, float]]) -> float:
    """Return the slope of the straight line through `points` with the least squares.

    One pass, as every burst of every subscriber needs it: a large room closes 3,000 a second. All
    counts from the first point: a clock that runs for days has squares that swallow differences.
    """
    count = len(points)
    first_x, first_y = points[0]
    sum_x = sum_y = squares = products = 0.0
    for place_x, place_y in points:
        x, y = place_x - first_x, place_y - first_y
        sum_x += x
        sum_y += y
        squares += x * x
        products += x * y
    below = squares - sum_x * sum_x / count
    above = products - sum_x * sum_y / count
    return above / below if below > 0 else 0.0


class BandwidthEstimate:
    """What one path carries, in bits per second."""

    def __init__(self) -> None:
        """Start with `START`."""
        self.bits_per_second = START
        self.limited = False
        """Whether the path showed a limit; before that `bits_per_second` is a guess."""

        self.congested_at = float("-inf")
        """When it last showed one, in seconds."""

        self.acked = 0.0
        """Bits per second that arrived lately."""

        self._trend = DelayTrend()
        self._arrived: deque[tuple[float, int]] = deque()
        self._arrived_bytes = 0
        self._congestion_rate = 0.0
        self._decreased_at = float("-inf")
        self._grown_at: float | None = None
        self._loss_since: float | None = None
        self._lost = self._reported = 0
        self._loss = 0.0
        self._tolerated = 0.0
        self._cut_at = float("-inf")
        self._loss_at_cut = 0.0
        self._rate_at_cut = 0.0
        self._acked_at_cut = 0.0

    def observe(self, samples: Sequence[Sample], lost: int, now: float) -> None:
        """Take one message of the subscriber.

        Args:
            samples: packets that arrived, in the order of sending.
            lost: packets between them that did not.
            now: seconds.
        """
        add, note = self._trend.add, self._arrived.append
        for sample in samples:
            _, arrived, size = sample
            add(sample)
            note((arrived, size))
            self._arrived_bytes += size
        self._measure_arrived()
        self._note_loss(lost, len(samples), now)
        if self._trend.overused:
            if now - self._decreased_at > _EFFECT_S:
                self._decrease(self.acked * _DECREASE, now)
            else:
                self.congested_at = now
        elif samples and self._loss <= max(_LOSS_HOLD, self._tolerated * 1.25):
            self._grow(now)
        else:
            self._grown_at = now

    def proved(self, bits_per_second: float) -> None:
        """Note that the path carried so much without a sign of congestion."""
        self.bits_per_second = min(max(self.bits_per_second, bits_per_second), MOST)

    def told(self, bits_per_second: float, sent: float, now: float) -> None:
        """Take what the subscriber itself estimates (REMB), where it does not report arrivals.

        At rest a browser's estimate only trails what it receives; on overuse it is 0.85 of that.

        Args:
            bits_per_second: its estimate.
            sent: bits per second that we sent lately.
            now: seconds.
        """
        if bits_per_second < 0.9 * sent:
            self.bits_per_second = max(LEAST, min(bits_per_second, MOST))
            self.limited, self.congested_at, self._grown_at = True, now, now
        else:
            self.acked = sent
            self.proved(min(bits_per_second, sent))
            self._grow(now)

    def forget_limit(self) -> None:
        """Take the path for one without a known limit again: it carries all that is wanted."""
        self.limited = False

    def _measure_arrived(self) -> None:
        arrived = self._arrived
        if not arrived:
            return
        last = arrived[-1][0]
        while arrived and not 0 <= last - arrived[0][0] <= _ACKED_S:
            self._arrived_bytes -= arrived.popleft()[1]
        if arrived:
            self.acked = self._arrived_bytes * 8 / _ACKED_S

    def _decrease(self, rate: float, now: float) -> None:
        self.limited = True
        self.congested_at = self._grown_at = now
        if now - self._decreased_at < _EPISODE_S:
            rate = max(rate, self.bits_per_second * _SMALLEST_STEP)
        self._decreased_at = now
        if rate < self.bits_per_second:
            self._congestion_rate = self.acked
            self.bits_per_second = max(rate, LEAST)

    def _grow(self, now: float) -> None:
        passed = min(now - self._grown_at, 1.0) if self._grown_at is not None else 0.0
        self._grown_at = now
        near = 0.8 <= self.bits_per_second / (self._congestion_rate or 1.0) <= 1.1
        grown = self.bits_per_second * (1 + (_SLOW_GROWTH if near else _GROWTH) * passed)
        ceiling = max(self.bits_per_second, self.acked * _HEADROOM)
        self.bits_per_second = min(grown, ceiling, MOST)

    def _note_loss(self, lost: int, arrived: int, now: float) -> None:
        self._lost += lost
        self._reported += lost + arrived
        if self._loss_since is None:
            self._loss_since = now
        if now - self._loss_since < _LOSS_S or self._reported < _LEAST_REPORTED:
            return
        self._loss = self._lost / self._reported
        self._loss_since, self._lost, self._reported = now, 0, 0
        if self._loss < self._tolerated:
            self._tolerated += (self._loss - self._tolerated) * _LOSS_FORGET
        if now - self._cut_at < _LOSS_PATIENCE_S:
            return
        was_less = self.acked < _LESS * self._acked_at_cut
        if was_less and self._loss > _LOSS_PERSISTS * self._loss_at_cut > 0:
            # Sending less did not help: this path loses packets whatever the rate.
            self._tolerated = max(self._tolerated, self._loss)
            self.proved(self._rate_at_cut)
        self._loss_at_cut = 0.0
        if self._loss > self._tolerated + _LOSS_DECREASE:
            self._cut_at, self._loss_at_cut = now, self._loss
            self._acked_at_cut = self.acked
            self._rate_at_cut = min(self.bits_per_second, self.acked * _HEADROOM)
            self._decrease(self.acked * _DECREASE, now)
