"""RTP times onto one timeline, so that lips and words meet.

Each sender counts in its own clocks: one per sound card, one per camera. Where a sender reports
(RTCP SR), its audio and video share an NTP clock, and that alone says what belongs together (RFC
3550, 6.4.1). Before the first report the fastest packet of the last seconds stands for no delay.
"""

from __future__ import annotations

from collections import deque

_BUCKET_S = 1.0
_BUCKETS = 10
_SLEW = 0.005
"""Seconds per second by which a stream is moved to where it belongs: nobody hears it."""

_LEAP_S = 0.5
"""Past this it is not drift but a new beginning."""


class Fastest:
    """The smallest value of the last ten seconds."""

    def __init__(self) -> None:
        self._buckets: deque[tuple[float, float]] = deque(maxlen=_BUCKETS)

    def note(self, value: float, at: float) -> None:
        """Take a value seen at `at` (seconds)."""
        if self._buckets and at < self._buckets[-1][0] + _BUCKET_S:
            began, least = self._buckets[-1]
            self._buckets[-1] = (began, min(least, value))
        else:
            self._buckets.append((at, value))

    @property
    def value(self) -> float | None:
        """The smallest; None before the first."""
        return min((least for _, least in self._buckets), default=None)


class SenderClock:
    """How far a participant's NTP clock is behind ours; shared by all their streams."""

    def __init__(self) -> None:
        self._behind = Fastest()

    def note(self, ntp: float, at: float) -> None:
        """Take a report: its NTP time and when it came, in seconds."""
        self._behind.note(at - ntp, at)

    @property
    def behind(self) -> float | None:
        """Seconds to add to the NTP clock to have ours; None before the first report."""
        return self._behind.value


class StreamClock:
    """Tells when a sample of a stream was taken, in seconds of our clock."""

    def __init__(self, rate: int, sender: SenderClock) -> None:
        """Make the clock of a stream.

        Args:
            rate: RTP ticks a second.
            sender: of the participant.
        """
        self._rate = rate
        self._sender = sender
        self._highest: int | None = None
        self._transit = Fastest()
        self._report: tuple[float, int] | None = None
        self._offset: float | None = None
        self._moved_at = 0.0

    def _extend(self, timestamp: int) -> int:
        if self._highest is None:
            return timestamp + (1 << 32)
        return self._highest + ((timestamp - self._highest + (1 << 31)) & 0xFFFFFFFF) - (1 << 31)

    def note(self, timestamp: int, at: float) -> None:
        """Take a packet's RTP time and when it came."""
        extended = self._extend(timestamp)
        if self._highest is None or extended > self._highest:
            self._highest = extended
        self._transit.note(at - extended / self._rate, at)

    def note_report(self, ntp: float, timestamp: int, at: float) -> None:
        """Take a sender report: the same instant in NTP seconds and RTP ticks."""
        if self._highest is None:
            return
        self._sender.note(ntp, at)
        self._report = (ntp, self._extend(timestamp))

    def _target(self) -> float | None:
        behind = self._sender.behind
        if self._report is not None and behind is not None:
            ntp, ticks = self._report
            return ntp + behind - ticks / self._rate
        return self._transit.value

    def time_of(self, timestamp: int, now: float) -> float:
        """Return when a sample was taken, by our clock.

        Args:
            timestamp: its RTP time, noted before.
            now: our clock; corrections are spread over it.
        """
        target = self._target()
        if target is None:
            target = now - self._extend(timestamp) / self._rate
        if self._offset is None or abs(target - self._offset) > _LEAP_S:
            self._offset = target
        else:
            most = _SLEW * max(0.0, now - self._moved_at)
            self._offset += max(-most, min(target - self._offset, most))
        self._moved_at = now
        return self._extend(timestamp) / self._rate + self._offset


class Timeline:
    """Our clock as the time of the recording: pauses do not count, later parts go on."""

    def __init__(self, base: float) -> None:
        """Begin at `base` seconds of the recording."""
        self._base = base
        self._run_from: float | None = None
        self._done = 0.0

    @property
    def running(self) -> bool:
        """Whether time is counted."""
        return self._run_from is not None

    def start(self, at: float) -> None:
        """Count from `at` on."""
        if self._run_from is None:
            self._run_from = at

    def stop(self, at: float) -> None:
        """Count no further than `at`."""
        if self._run_from is not None:
            self._done += max(0.0, at - self._run_from)
            self._run_from = None

    def seconds(self, at: float) -> float:
        """Return the recording's length at `at`, earlier parts included."""
        running = max(0.0, at - self._run_from) if self._run_from is not None else 0.0
        return self._base + self._done + running

    def position(self, at: float) -> float | None:
        """Return where a sample taken at `at` belongs; None if it was before this stretch."""
        if self._run_from is None or at < self._run_from:
            return None
        return self._base + self._done + at - self._run_from
