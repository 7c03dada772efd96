"""Which characters a document can hold: no controls, no halves of pairs, no non-characters."""

from __future__ import annotations

import re

NO_CHARACTER = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(p * 0x10000 + 0xFFFE)}{chr(p * 0x10000 + 0xFFFF)}" for p in range(17))
    + "]"
)
"""XML 1.0, section 2.2 (Char) and what Unicode keeps for itself (section 23.7)."""


def clean(text: str) -> str:
    """Return a text without what is no character."""
    return NO_CHARACTER.sub("", text)


def says_something(text: str) -> bool:
    """Tell whether there is anything to read in a text; PDF/UA-1 refuses a heading without."""
    return bool(clean(text).strip())
