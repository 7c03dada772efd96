"""Names of months and days of the week, as people write them in any of our languages.

They stand in the catalogues of rules: for each month and day a few names, the short one first, the
whole one next, parted by blanks (CLDR 46: abbreviated, wide, standing alone or in a date; and other
usual ones). No name means two months or two days, in whatever languages, so that nobody has to say
which language a line is in. Case and accents do not matter.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from projectdesk.catalogues import ENGLISH, catalogue, form, languages
from projectdesk.domain.rules.typed_vocabulary import folded

_KIND: Final = "rules"
LETTER: Final = r"(?:[^\W\d_][\u0300-\u036f\u0651-\u0655]*)"
"""A letter of a name, with accents of its own that are written apart (Unicode's form D)."""


def month_of(name: str) -> int | None:
    """Return which month is called so, 1 to 12; None = none is.

    >>> month_of("März"), month_of("aout"), month_of("Września"), month_of("آذار")
    (3, 8, 9, 3)
    """
    return _numbers("line.months", 1).get(folded(name))


def day_of(name: str) -> int | None:
    """Return which day of the week is called so, 0 = Monday; None = none is.

    >>> day_of("mié"), day_of("Łukasz")
    (2, None)
    """
    return _numbers("line.days", 0).get(folded(name))


def month_like(number: int, like: str = "") -> str:
    """Return the name of a month in the language and length in which another one is written.

    >>> month_like(5), month_like(5, "März"), month_like(5, "marca"), month_like(9, "janvier")
    ('May', 'Mai', 'maja', 'septembre')
    """
    wanted = folded(like)
    for language in languages(_KIND):
        for group in names("line.months", language):
            known = [folded(each) for each in group]
            if wanted in known:
                whole = known.index(wanted) > 0 or len(known) == 1
                return _name(language, number, whole=whole)
    return _name(ENGLISH, number, whole=False)


def short_day(number: int, language: str) -> str:
    """Return the short name of a day of the week in a language that there is; 0 = Monday."""
    return names("line.days", language)[number][0]


@cache
def names(key: str, language: str) -> tuple[tuple[str, ...], ...]:
    """Return the names of each month ("line.months") or day ("line.days") in a language."""
    text = form(catalogue(_KIND, language)[key], language)
    return tuple(tuple(group.split()) for group in text.split("|"))


def _name(language: str, number: int, *, whole: bool) -> str:
    group = names("line.months", language)[number - 1]
    return group[1] if whole and len(group) > 1 else group[0]


@cache
def _numbers(key: str, first: int) -> dict[str, int]:
    return {
        folded(name): number
        for language in languages(_KIND)
        for number, group in enumerate(names(key, language), first)
        for name in group
    }
