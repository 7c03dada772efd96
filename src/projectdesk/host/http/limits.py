"""How much one client may ask (security.md, Rates; decisions 17)."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from typing import TypeVar

_K = TypeVar("_K")

BAD_PER_ADDRESS = 10
BAD_PERIOD_S = 600.0
BAD_IN_ALL = 100
BAD_IN_ALL_PERIOD_S = 60.0
_STEP_S = 0.5
_LONGEST_S = 5.0
_MAX_ADDRESSES = 10_000

MESSAGES_PER_SECOND = 20.0
_BURST = 40.0
FLOOD = 200
"""Messages over the rate after which a socket is closed."""

MAX_UNAUTHENTICATED = 20
"""Sockets of one address that have not said a valid Hello."""
MAX_PER_INVITATION = 3
"""Sockets of one invitation."""


class BadTokens:
    """Counts wrong tokens and keys, to slow down who guesses; a valid one is never refused."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Make a counter. clock: seconds that never go back."""
        self._clock = clock
        self._by_address: dict[str, deque[float]] = {}
        self._all: deque[float] = deque()

    def note(self, address: str) -> float:
        """Count one from an address; return for how many seconds its answer is held back."""
        now = self._clock()
        own = self._by_address.setdefault(address, deque(maxlen=BAD_PER_ADDRESS + 10))
        own.append(now)
        self._all.append(now)
        _drop_before(own, now - BAD_PERIOD_S)
        _drop_before(self._all, now - BAD_IN_ALL_PERIOD_S)
        if len(self._by_address) > _MAX_ADDRESSES:
            self._forget_old(now)
        over = max(len(own) - BAD_PER_ADDRESS, len(self._all) - BAD_IN_ALL, 0)
        return min(over * _STEP_S, _LONGEST_S)

    def _forget_old(self, now: float) -> None:
        for address in list(self._by_address):
            _drop_before(self._by_address[address], now - BAD_PERIOD_S)
            if not self._by_address[address]:
                del self._by_address[address]
        while len(self._by_address) > _MAX_ADDRESSES:
            del self._by_address[next(iter(self._by_address))]


def _drop_before(times: deque[float], limit: float) -> None:
    while times and times[0] < limit:
        times.popleft()


class MessageRate:
    """A token bucket for the messages of one socket."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Make a full bucket. clock: seconds that never go back."""
        self._clock = clock
        self._left = _BURST
        self._at = clock()
        self.refused = 0

    def allows(self) -> bool:
        """Take one message; False = it is too many."""
        now = self._clock()
        self._left = min(_BURST, self._left + (now - self._at) * MESSAGES_PER_SECOND)
        self._at = now
        if self._left < 1.0:
            self.refused += 1
            return False
        self._left -= 1.0
        return True


class SocketCounts:
    """How many sockets an address has before its Hello, and an invitation after it."""

    def __init__(self) -> None:
        self._strangers: Counter[str] = Counter()
        self._guests: Counter[tuple[str, str]] = Counter()

    def admit_stranger(self, address: str) -> bool:
        """Count a socket before its Hello; False = the address has too many."""
        return _take(self._strangers, address, MAX_UNAUTHENTICATED)

    def release_stranger(self, address: str) -> None:
        """Count it no longer."""
        _give_back(self._strangers, address)

    def admit_guest(self, room: str, invitation: str) -> bool:
        """Count a socket of an invitation; False = it has too many."""
        return _take(self._guests, (room, invitation), MAX_PER_INVITATION)

    def release_guest(self, room: str, invitation: str) -> None:
        """Count it no longer."""
        _give_back(self._guests, (room, invitation))


def _take(counts: Counter[_K], key: _K, limit: int) -> bool:
    if counts[key] >= limit:
        return False
    counts[key] += 1
    return True


def _give_back(counts: Counter[_K], key: _K) -> None:
    counts[key] -= 1
    if counts[key] <= 0:
        del counts[key]
