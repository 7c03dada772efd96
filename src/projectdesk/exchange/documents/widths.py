"""How wide the columns of a table are: as an outline weighs them, but no word over the next one.

The outlines weigh columns for English; a word of another language may need more.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from projectdesk.exchange.documents.outline import Grid

LONGEST_WORD: Final = 18
"""Letters of a word in a table that may stand unbroken; longer ones are broken."""

# Widths in parts of 5 points, at the 9 points of a table's letters (Noto Sans).
_LINE: Final = 94.0
"""Across the page, A4 upright."""
_GAP: Final = 2.5
"""Between two columns."""
_HEAD: Final = 0.9
"""Letters of heads to those of cells: 8 points, bold."""
_LETTER: Final = 1.1
_CAPITAL: Final = 1.3
_LETTERS: Final = {**dict.fromkeys("mwMW@%", 1.7), **dict.fromkeys("fijlrtI.,:;'’()-", 0.7)}


def fitting(grid: Grid) -> tuple[int, ...]:
    """Return the weights of a table's columns, widened where a word would not fit.

    What a column lacks is taken from those that have more than their longest word needs. Where all
    need more than there is, each gets its share of what is needed. Weights that fit stay.
    """
    needs = [_need(*column) for column in zip(grid.headers, *grid.rows, strict=True)]
    whole = sum(grid.weights)
    has = [_LINE * weight / whole for weight in grid.weights]
    spare = [room - need for need, room in zip(needs, has, strict=True)]
    lack, free = (sum(max(0.0, sign * each) for each in spare) for sign in (-1, 1))
    if not lack:
        return grid.weights
    kept = max(0.0, 1 - lack / free) if free else 0.0
    return tuple(
        round(10 * (need + max(0.0, more) * kept)) for need, more in zip(needs, spare, strict=True)
    )


def _need(head: str, *cells: str) -> float:
    """Return how wide a column has to be for the widest of its words."""
    widest = max(_widest((head,)) * _HEAD, _widest(cells))
    return min(widest, LONGEST_WORD * _LETTER) + _GAP


def _widest(texts: Iterable[str]) -> float:
    words = {word for text in texts for word in text.split()}
    longest = max(map(len, words), default=0)
    return max((_width(word) for word in words if 2 * len(word) > longest), default=0.0)


def _width(word: str) -> float:
    return sum(_LETTERS.get(letter, _CAPITAL if letter.isupper() else _LETTER) for letter in word)
