"""The order of names in the reader's language: Å comes last in Danish, Ł after L in Polish.

What the database returns is in its own order, by which it pages; what is shown in lists is ordered
here, in the thread of the windows. WP10 comes after WP2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QCollator, QLocale

from projectdesk import catalogues
from projectdesk.desktop import language

_T = TypeVar("_T")
_MOST = 50_000


class _Named(Protocol):
    @property
    def family_name(self) -> str: ...

    @property
    def given_name(self) -> str: ...


_PersonT = TypeVar("_PersonT", bound=_Named)


def order_of_names() -> Callable[[str], Any]:
    """Return what gives the sort key of a text in the language that is spoken now.

    Keys know "less" alone: in a tuple one is the last, or parted by what differs before it.
    """
    spoken = language.current()
    return lambda text: _key(spoken, text)


def in_order(rows: Iterable[_T], name: Callable[[_T], str]) -> list[_T]:
    """Return rows in the order of a name; those of one name stay as they were."""
    key = order_of_names()
    return sorted(rows, key=lambda row: key(name(row)))


def people(rows: Sequence[_PersonT]) -> list[_PersonT]:
    """Return people by family name, then by given name."""
    return in_order(in_order(rows, lambda row: row.given_name), lambda row: row.family_name)


@lru_cache(maxsize=_MOST)
def _key(tag: str, text: str) -> Any:
    return _collator(tag).sortKey(text)


@cache
def _collator(tag: str) -> QCollator:
    collator = QCollator(QLocale(catalogues.known()[tag].regional.replace("-", "_")))
    collator.setNumericMode(True)
    return collator
