"""Person-months as the coordinator reads and types them: two places, comma or point."""

from __future__ import annotations

import re
from decimal import Decimal

from PySide6.QtCore import QLocale

_TYPED = re.compile(r"\d{0,6}(?:[.,]\d{0,2})?")


def shown(months: Decimal | None) -> str:
    """Return person-months with two places, such as "12.50"; "" for None."""
    return "" if months is None else QLocale().toString(float(months), "f", 2)


def difference(months: Decimal | None) -> str:
    """Return a deviation with its sign, such as "+2.25"; "" for None."""
    if months is None:
        return ""
    sign = "+" if months > 0 else "−" if months < 0 else ""
    return f"{sign}{shown(abs(months))}"


def typed(months: Decimal | None) -> str:
    """Return person-months as they are typed, without zeros that say nothing; "" for None."""
    if months is None:
        return ""
    plain = format(months.normalize(), "f")
    return plain.replace(".", QLocale().decimalPoint())


def read(text: str) -> Decimal | None:
    """Return what was typed ("2", "2.5", "2,25"); None for an empty field.

    Raises:
        ValueError: it is no person-months.
    """
    bare = "".join(text.split())
    if not bare:
        return None
    if not _TYPED.fullmatch(bare) or not any(each.isdigit() for each in bare):
        raise ValueError(text)
    return Decimal("0" + bare.replace(",", ".")).quantize(Decimal("0.01"))
