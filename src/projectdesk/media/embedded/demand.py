"""Which sizes of a picture somebody gets, so that its publisher sends no others. Pure.

A size that is wanted is asked for at once. One that nobody gets any more is given up only after a
while: people look to and fro, and each change costs the publisher a key frame.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

LOWER_AFTER_S = 5.0
"""How long nobody must have wanted a size before its publisher is told to leave it out."""

COMING_S = 3.0
"""How long a size may take to come after it was asked for; later its publisher is taken to be short
of bandwidth or processor, and who waits goes on with the next smaller."""

_FILLS = 0.9
"""A size fills a tile of this share more than its own height: nobody sees the difference."""

_USUAL_HEIGHT = 720
"""Pixels taken for the largest size of which nothing is known yet."""


@dataclass(frozen=True, slots=True)
class Size:
    """One size of a picture: its stream id (RFC 8851), and height in pixels, perhaps guessed."""

    rid: str
    height: int


class LayerDemand:
    """What the publisher of one picture is told to send of it."""

    def __init__(self, rids: Sequence[str]) -> None:
        """Begin with everything, as a publisher does that was told nothing.

        Args:
            rids: of the sizes that it offered, as it lists them.
        """
        self.rids = tuple(rids)
        self.told = frozenset(rids)
        """What it is to send."""

        self._asked_at: dict[str, float] = {}
        self._needed_at: dict[str, float] = {}

    @property
    def ordered(self) -> list[str]:
        """What it is to send, as it listed them."""
        return [rid for rid in self.rids if rid in self.told]

    def need(self, rids: Iterable[str], now: float) -> bool:
        """Ask for sizes at once; return whether the publisher has to be told.

        Args:
            rids: what somebody needs now, besides what others do.
            now: seconds.
        """
        asked = self.told.union(rids).intersection(self.rids)
        for rid in rids:
            self._needed_at[rid] = now
        for rid in asked - self.told:
            self._asked_at[rid] = now
        changed = asked != self.told
        self.told = asked
        return changed

    def settle(self, needed: Collection[str], now: float) -> bool:
        """Take what all need together; return whether the publisher has to be told.

        Where nobody needs anything the picture is not sent at all, by the room's word; what is to
        be sent of it once somebody looks again stays as it was.

        Args:
            needed: of all subscribers and the recording.
            now: seconds.
        """
        changed = self.need(needed, now)
        if not needed:
            return changed
        kept = frozenset(
            rid
            for rid in self.told
            if now - self._needed_at.setdefault(rid, now) < LOWER_AFTER_S or rid in needed
        )
        changed |= kept != self.told
        self.told = kept
        return changed

    def is_asleep(self, rid: str) -> bool:
        """Whether a size is left out by our word, and comes when it is asked for."""
        return rid not in self.told

    def is_coming(self, rid: str, now: float) -> bool:
        """Whether a size was asked for lately."""
        asked_at = self._asked_at.get(rid)
        return asked_at is not None and rid in self.told and now - asked_at < COMING_S


def list_sizes(rids: Sequence[str], heights: dict[str, int]) -> list[Size]:
    """Return the sizes of a picture from the smallest, guessing the heights that nobody saw.

    Args:
        rids: as the publisher lists them; of those not seen, each is taken for half the next one.
        heights: in pixels, of what was seen; 0 is not known.
    """
    if is_largest_first([heights.get(rid, 0) for rid in rids]):
        rids = rids[::-1]
    known = [(place, heights[rid]) for place, rid in enumerate(rids) if heights.get(rid)]
    if not known:
        known = [(len(rids) - 1, _USUAL_HEIGHT)]
    sizes: list[Size] = []
    for place, rid in enumerate(rids):
        near, height = min(known, key=lambda one: abs(one[0] - place))
        steps = place - near
        guess = height << steps if steps >= 0 else max(1, height >> -steps)
        # What a size that sleeps was last may be less than what it will be.
        sizes.append(Size(rid, max(guess, sizes[-1].height + 1) if sizes else guess))
    return sizes


def is_largest_first(heights: Sequence[int]) -> bool:
    """Tell whether a publisher lists its largest size first; ours lists the smallest first.

    heights: in pixels, in the publisher's order; 0 is not known. Heights alone do not tell the
    order: what a size that sleeps was last may be less than what it will be.
    """
    falling = all(first > second for first, second in pairwise(heights))
    return len(heights) > 1 and all(heights) and falling


class _Shown(Protocol):
    """What has a height in pixels."""

    @property
    def height(self) -> int:
        """0 where it is not known."""


def best_size(sizes: Sequence[_Shown], height: int | None) -> int:
    """Return the place of the smallest size that fills a tile, else of the largest.

    Args:
        sizes: from the smallest; never empty.
        height: of the tile in device pixels; None = as large as there is.
    """
    if height is not None:
        for place, size in enumerate(sizes):
            if size.height >= _FILLS * height:
                return place
    return len(sizes) - 1


def needed_sizes(
    sizes: Sequence[Size], height: int | None, given: str | None, ready: Collection[str]
) -> set[str]:
    """Return what one subscriber needs of a picture.

    That is the size that it was given, which its path bounds. What would fill its tile better and
    cannot be given, because its publisher is short of something, stays asked for.

    Args:
        sizes: from the smallest; never empty.
        height: of its tile in device pixels; None = as large as there is.
        given: the size it was given; None where nothing was given out yet.
        ready: the sizes that could be given: they flow, or come when they are asked for.
    """
    best = best_size(sizes, height)
    wanted = sizes[best].rid
    places = {size.rid: place for place, size in enumerate(sizes)}
    if given is None or given not in places:
        return {wanted}
    needed = {given}
    needed.update(size.rid for size in sizes[places[given] + 1 : best + 1] if size.rid not in ready)
    if wanted not in ready:
        needed.add(wanted)
    return needed
