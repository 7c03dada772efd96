"""Which layer of each picture a subscriber gets, so that all together fit its path. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from projectdesk.media.embedded.demand import best_size

_UPGRADE = 1.1
"""What a picture does not get yet must fit with so much to spare, or it would come and go."""

STARVED = -1
"""No layer: there is no room for the picture."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One size of a picture: height in pixels (0 = not known) and bits per second."""

    height: int
    rate: float


@dataclass(frozen=True, slots=True)
class Wish:
    """One picture that a subscriber wants.

    height: of its tile in device pixels; None = not known, as large as there is.
    layers: from the smallest; never empty. A picture in one size costs as little as its publisher
        can be told to send.
    current: index of the layer that it gets now, or `STARVED`.
    """

    height: int | None
    layers: tuple[Layer, ...]
    current: int

    @property
    def best(self) -> int:
        """Index of the smallest layer that fills the tile, else of the largest."""
        return best_size(self.layers, self.height)


@dataclass(frozen=True, slots=True)
class Allocation:
    """What each picture gets, and what else would be wanted.

    layers: index per wish, or `STARVED`.
    rate: bits per second of all that is given.
    missing: bits per second of the next step that did not fit; 0 if nothing is missing.
    """

    layers: tuple[int, ...]
    rate: float
    missing: float


def allocate(wishes: Sequence[Wish], budget: float, *, limited: bool) -> Allocation:
    """Share a path out: first every picture small, then larger ones, the most wanted first.

    Args:
        wishes: the most wanted first.
        budget: bits per second for all pictures.
        limited: whether the budget is a limit that the path showed. Where it is a mere guess no
            picture is left out for it.
    """
    given = [STARVED] * len(wishes)
    rate = missing = 0.0
    for index, wish in enumerate(wishes):
        cost = wish.layers[0].rate
        needed = cost if wish.current != STARVED else cost * _UPGRADE
        if limited and rate + needed > budget and (index > 0 or needed > 2 * budget):
            missing = missing or needed
            continue
        given[index] = 0
        rate += cost
    highest = max((wish.best for wish in wishes), default=0)
    for step in range(1, highest + 1):
        for index, wish in enumerate(wishes):
            if given[index] != step - 1 or wish.best < step:
                continue
            cost = wish.layers[step].rate - wish.layers[step - 1].rate
            needed = cost if wish.current >= step else cost * _UPGRADE
            if rate + needed > budget:
                missing = missing or needed
                continue
            given[index] = step
            rate += cost
    return Allocation(tuple(given), rate, missing)
