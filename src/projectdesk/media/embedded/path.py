"""A subscriber's path: the numbers of its packets, what came of them, and trying for more.

Every picture's packet, repeat and padding to one subscriber has the next number of its path. The
subscriber reports which arrived and when; `bandwidth` makes an estimate of it. That never learns
more than was tried, so while some picture waits for room, padding tries for it now and then: half a
second of it, seldomer the more often it failed.
"""

from __future__ import annotations

import itertools
from collections import deque

from projectdesk.media.embedded.bandwidth import BandwidthEstimate, Sample
from projectdesk.media.embedded.downstream import Sent
from projectdesk.media.embedded.feedback import Arrivals
from projectdesk.media.embedded.rtp import extend_sequence

_FORGET_S = 5.0
"""A subscriber that reported nothing for so long reports nothing."""

_REPORTS_S = 1.0
_TRY_S = 0.6
_VERDICT_S = 0.3
"""After the padding: as long as its last report may take."""

_FIRST_TRY_S = 1.0
_TRY_AGAIN_S = 0.5
_AFTER_CONGESTION_S = 3.0
_LONGEST_PAUSE_S = 32.0
_MARGIN = 1.15
_STEEPEST = 2.0
"""Padding at most doubles what is sent."""

_LEAST_TRIED = 150_000.0


class SubscriberPath:
    """What is known of the way to one subscriber."""

    def __init__(self) -> None:
        """Number from 0; nothing is known."""
        self.estimate = BandwidthEstimate()
        self.next_number = itertools.count().__next__
        self._sent: deque[Sent] = deque()
        self.note = self._sent.append
        """Takes when the packet with the last number left, and its length."""

        self._first = 0
        """Number of the oldest packet noted."""

        self._reported_at = float("-inf")
        self._opened_at: float | None = None
        self._trying_since: float | None = None
        self._extra = 0.0
        self._best = 0.0
        self._next_try = float("-inf")
        self._pause = _FIRST_TRY_S

    @property
    def is_reported(self) -> bool:
        """Whether the subscriber says when packets arrive."""
        return self._reported_at > float("-inf")

    def take(self, arrivals: Arrivals, now: float) -> None:
        """Take the subscriber's report on packets of this path."""
        sent, times = self._sent, arrivals.times
        ahead = extend_sequence(arrivals.base, self._first) - self._first
        if ahead > len(sent):
            return
        for _ in range(ahead):  # a report was lost: nothing is known of these
            sent.popleft()
        self._first += max(ahead, 0)
        samples, lost = [], 0
        for arrived in times[max(-ahead, 0) :]:
            if not sent:
                break
            left, size = sent.popleft()
            self._first += 1
            if arrived is None:
                lost += 1
            else:
                samples.append(Sample(left, arrived, size))
        if samples or lost:
            self._reported_at = now
            self.estimate.observe(samples, lost, now)
            if self._trying_since is not None:
                self._best = max(self._best, self.estimate.acked)

    def try_more(self, missing: float, now: float, passed: float) -> int:
        """Return how many bytes of padding to send now; called many times a second.

        Args:
            missing: bits per second that are wanted beyond the estimate; 0 if nothing is.
            now: seconds.
            passed: since the last call.
        """
        self._forget_unreported(now)
        if self._opened_at is None:
            self._opened_at = self._next_try = now + _FIRST_TRY_S
        since = self._trying_since
        if since is None:
            if missing and self._may_try(now):
                self._begin(missing, now)
            return 0
        if self.estimate.congested_at >= since:
            self._trying_since = None
            self._pause = min(2 * self._pause, _LONGEST_PAUSE_S)
            self._next_try = now + self._pause
            return 0
        if now - since < _TRY_S:
            return int(self._extra * passed / 8)
        if now - since >= _TRY_S + _VERDICT_S:
            self._trying_since = None
            self._pause = _FIRST_TRY_S
            self._next_try = now + _TRY_AGAIN_S
            self.estimate.proved(self._best)
        return 0

    def _may_try(self, now: float) -> bool:
        # Without packets on the way there is nothing to report: a path with no room for any
        # picture must be tried all the same.
        unreported = bool(self._sent) and now - self._sent[0][0] > _REPORTS_S
        return (
            now >= self._next_try
            and self.is_reported
            and not unreported
            and now - self.estimate.congested_at > _AFTER_CONGESTION_S
        )

    def _begin(self, missing: float, now: float) -> None:
        carried = self.estimate.acked
        goal = (self.estimate.bits_per_second + missing) * _MARGIN
        goal = min(goal, max(carried, self.estimate.bits_per_second) * _STEEPEST)
        self._extra = max(goal - carried, _LEAST_TRIED)
        self._best = 0.0
        self._trying_since = now

    def _forget_unreported(self, now: float) -> None:
        sent = self._sent
        if sent and now - sent[0][0] > _FORGET_S:
            self._first += len(sent)
            sent.clear()
