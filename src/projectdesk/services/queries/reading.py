"""Rows of long results, with names that cost little.

A row of SQLAlchemy looks a name up anew at each use: half a microsecond, which of two thousand
people with twenty fields is as much as the statement itself. A named tuple has its places fixed.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from sqlalchemy import Result


def named(result: Result[Any]) -> Iterator[Any]:
    """Yield the rows of a result as named tuples; worth it from some hundred rows on."""
    return map(_named_tuple(tuple(result.keys()))._make, result)


@lru_cache
def _named_tuple(names: tuple[str, ...]) -> Any:
    return namedtuple("Row", names)
