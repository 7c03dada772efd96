"""Where everybody stands in the film; pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

GAP = 8
_SIDE = 0.22
"""Share of the width for the people beside a screen."""


@dataclass(frozen=True)
class Tile:
    """A place for a picture: in pixels, all even."""

    participant: str
    source: str
    x: int
    y: int
    width: int
    height: int


def arrange(people: Sequence[str], screen: str | None, width: int, height: int) -> list[Tile]:
    """Return the tiles of those who are there, in their order; a shared screen stands large.

    Args:
        people: participants.
        screen: whose screen is shown, None for nobody's.
        width: of the film in pixels.
        height: of the film in pixels.
    """
    if screen is None:
        return _grid(people, 0, 0, width, height)
    side = _even(width * _SIDE) if people else 0
    large = Tile(screen, "screen", 0, 0, width - side - (GAP if side else 0), height)
    column = _column(people, width - side, side, height)
    return [large, *column]


def _grid(people: Sequence[str], x: int, y: int, width: int, height: int) -> list[Tile]:
    if not people:
        return []
    columns, rows = _best(len(people), width, height)
    wide = _even((width - GAP * (columns - 1)) / columns)
    tall = _even((height - GAP * (rows - 1)) / rows)
    tiles = []
    for place, participant in enumerate(people):
        row, column = divmod(place, columns)
        in_row = min(columns, len(people) - row * columns)
        margin = _even((width - in_row * wide - (in_row - 1) * GAP) / 2)
        left = x + margin + column * (wide + GAP)
        tiles.append(Tile(participant, "video", left, y + row * (tall + GAP), wide, tall))
    return tiles


def _best(count: int, width: int, height: int) -> tuple[int, int]:
    """Return the columns and rows in which a picture of 16:9 is largest."""

    def size(columns: int) -> float:
        rows = math.ceil(count / columns)
        return min(width / columns, height / rows * 16 / 9)

    columns = max(range(1, count + 1), key=lambda one: (size(one), -one))
    return columns, math.ceil(count / columns)


def _column(people: Sequence[str], x: int, width: int, height: int) -> list[Tile]:
    if not people:
        return []
    most = height / len(people) - GAP
    tall = _even(min(most, width * 9 / 16))
    return [
        Tile(participant, "video", x, place * (tall + GAP), width, tall)
        for place, participant in enumerate(people)
    ]


def fit(width: int, height: int, box_width: int, box_height: int) -> tuple[int, int]:
    """Return the largest even size of a picture in a box, its shape kept."""
    scale = min(box_width / width, box_height / height)
    return max(2, _even(width * scale)), max(2, _even(height * scale))


def _even(value: float) -> int:
    return int(value) // 2 * 2
