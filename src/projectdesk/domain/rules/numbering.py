"""Numbers of a work plan: closing holes, by month, and after moving one (terms.md, Work plan)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


class Order(StrEnum):
    """In which order numbers are given."""

    KEPT = "kept"
    BY_MONTH = "by_month"


@dataclass(frozen=True)
class Numbered:
    """Something with a number below a parent. month: in which it is due or starts; last: its end.

    key: which record, and what tells two with the same number apart.
    """

    key: Hashable
    number: int
    month: int = 0
    last: int = 0


def renumbered(rows: Iterable[Numbered], order: Order) -> dict[Hashable, int]:
    """Return the numbers 1, 2, ... of all rows, in their present order or by month.

    Rows of the same month, and rows with the same number, stay in the order they are given.
    """

    def key(row: Numbered) -> tuple[int, ...]:
        if order is Order.BY_MONTH:
            return (row.month, row.last, row.number)
        return (row.number,)

    return {row.key: number for number, row in enumerate(sorted(rows, key=key), start=1)}


def reordered(numbers: Sequence[tuple[Key, int]], moved: Key, before: Key | None) -> dict[Key, int]:
    """Return the numbers after `moved` was put before another, None = at the end.

    Args:
        numbers: keys with their numbers, in order.
        moved: what is put elsewhere.
        before: what comes right after it then.

    Returns:
        The same numbers, given out anew; where two were the same, the later one is raised.
    """
    keys = [key for key, _ in numbers if key != moved]
    keys.insert(len(keys) if before is None else keys.index(before), moved)
    given: list[int] = []
    for number in sorted(number for _, number in numbers):
        given.append(max(number, given[-1] + 1) if given else number)
    return dict(zip(keys, given, strict=True))


def holes(numbers: Iterable[int]) -> tuple[int, ...]:
    """Return the numbers from 1 on that are missing before the largest one."""
    there = set(numbers)
    return tuple(each for each in range(1, max(there, default=0)) if each not in there)
