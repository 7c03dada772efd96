"""Cells of other people's files as values: texts, amounts, dates, flags.

May import: nothing of the project. A cell that cannot be read raises ValueError; the reader that
knows file, row and column decides whether that is a finding or an error.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from functools import lru_cache

CENT = Decimal("0.01")
LARGEST_AMOUNT = Decimal("1e13")
"""No amount of a project reaches this many euro; more is a shifted column."""

_UNKNOWN = frozenset({"", "-", "–", "n/a", "na", "nan", "none", "null"})
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")
_SPACE = re.compile(r"\s+")
_PLAIN_AMOUNT = re.compile(r"[0-9]{1,13}(?:[.,][0-9]{1,2})?", re.ASCII)
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,2}", re.ASCII)
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:([.,' ])[0-9]{3})(?:\1[0-9]{3})*", re.ASCII)
_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})", re.ASCII)
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})", re.ASCII)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)
_TIME = re.compile(r"(?:[T ]+[0-9]{1,2}:[0-9]{2}.*)?", re.ASCII)


def is_blank(cell: str) -> bool:
    """Return whether a cell says that nothing is known ("", "-", "n/a", "null"...)."""
    return not cell or cell.strip().casefold() in _UNKNOWN


def clean_line(cell: str) -> str:
    """Return a cell as one line: NFC, control characters out, white space single and trimmed."""
    if cell.isascii() and cell.isprintable() and "  " not in cell:
        return cell.strip()
    return unicodedata.normalize("NFC", _SPACE.sub(" ", _CONTROL.sub("", cell)).strip())


def clean_text(cell: str) -> str:
    """Return a cell as text that may have lines: NFC, control characters out, trimmed."""
    text = cell.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii() and text.isprintable():
        return text.strip()
    return unicodedata.normalize("NFC", _CONTROL.sub("", text).strip())


def fold(text: str) -> str:
    """Return a name as it is compared: no case, no accents, letters and digits only."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in decomposed if not unicodedata.combining(c))
    return "".join(c for c in text.casefold() if c.isalnum())


def read_amount(cell: str) -> Decimal | None:
    """Return an amount in euro, at most cents; None for a blank cell.

    Point or comma may be the decimal sign, whatever else the row does: "1499998,75",
    "1.234.567,89", "1,234,567.89", "1 234,5". Of two signs the last is the decimal one. One sign
    followed by exactly three digits groups thousands ("1.500" is 1500), as cents have two digits.

    Raises:
        ValueError: it is no amount, negative, or too large to be one.
    """
    text = cell.strip()
    if _PLAIN_AMOUNT.fullmatch(text):
        return Decimal(text.replace(",", "."))
    if is_blank(text):
        return None
    text = text.removeprefix("€").removesuffix("€").removesuffix("EUR").removeprefix("EUR")
    text = re.sub("[\u00a0\u202f\u2009’]", " ", text).strip()
    if _SCIENTIFIC.fullmatch(text):
        value = Decimal(text)
    else:
        value = Decimal(_with_point(text))
    if value >= LARGEST_AMOUNT:
        raise ValueError(f"too large for an amount: {cell[:40]!r}")
    return value.quantize(CENT)


def _with_point(text: str) -> str:
    """Return the digits of an amount with a point as the only sign."""
    at = max(text.rfind("."), text.rfind(","))
    if at < 0 or _GROUPED.fullmatch(text):
        whole, fraction = text, ""
    else:
        whole, fraction = text[:at], text[at + 1 :]
        if not _DIGITS.fullmatch(fraction) or text[at] in whole:
            raise ValueError(f"no amount: {text[:40]!r}")
    if not (_DIGITS.fullmatch(whole) or _GROUPED.fullmatch(whole)):
        raise ValueError(f"no amount: {text[:40]!r}")
    return re.sub("[^0-9]", "", whole) + (f".{fraction}" if fraction else "")


@lru_cache(maxsize=4096)
def read_date(cell: str) -> date | None:
    """Return a calendar date; None for a blank cell.

    Year first ("2025-06-01", also with a time), day first ("01/06/2025", as older exports write) or
    eight digits.

    Raises:
        ValueError: it is no date of the calendar.
    """
    text = cell.strip()
    if is_blank(text):
        return None
    for pattern, order in (
        (_YEAR_FIRST, (1, 2, 3)),
        (_DAY_FIRST, (3, 2, 1)),
        (_COMPACT, (1, 2, 3)),
    ):
        found = pattern.match(text)
        if found and _TIME.fullmatch(text[found.end() :]):
            year, month, day = (int(found[group]) for group in order)
            return date(year, month, day)
    raise ValueError(f"no date: {text[:40]!r}")


@lru_cache(maxsize=64)
def read_flag(cell: str) -> bool | None:
    """Return a flag ("true", "1", "yes", "Y"...); None for a blank cell.

    Raises:
        ValueError: it says neither yes nor no.
    """
    match cell.strip().casefold():
        case "true" | "1" | "yes" | "y" | "t" | "1.0":
            return True
        case "false" | "0" | "no" | "n" | "f" | "0.0":
            return False
        case text if text in _UNKNOWN:
            return None
        case text:
            raise ValueError(f"neither yes nor no: {text[:40]!r}")
