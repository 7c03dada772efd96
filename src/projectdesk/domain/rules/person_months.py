"""Person-months as people write them: typed, pasted, or in a file.

They have few digits and often fractions. So a mark that stands alone, comma or point, is the
decimal mark in every locale: "1,125" is a little more than one, never 1125.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

_APOSTROPHES: Final = str.maketrans("", "", "'\u2019")
_PLAIN: Final = re.compile(r"[+-]?(?:[0-9]+[.,]?[0-9]*|[.,][0-9]+)(?:E[+-]?[0-9]{1,3})?", re.ASCII)
_GROUPED: Final = re.compile(
    r"[+-]?[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+\.|(?:\.[0-9]{3})+,)[0-9]+", re.ASCII
)


def read_person_months(words: str) -> Decimal:
    """Return the number that is written, with all its places and its sign.

    Of two kinds of marks the last is the decimal one, and the other parts thousands: "1.234,5".

    Raises:
        ValueError: it is no number; nor are NaN and infinity.
    """
    bare = "".join(words.split()).translate(_APOSTROPHES).upper()
    if _GROUPED.fullmatch(bare):
        decimal = max(",.", key=bare.rfind)
        bare = bare.replace("." if decimal == "," else ",", "")
    elif not _PLAIN.fullmatch(bare):
        raise ValueError(f"no person-months: {words[:40]!r}")
    return Decimal(bare.replace(",", "."))
