"""How what is typed or pasted becomes the value of a field, and what is copied of it.

The editors and the clipboard read by the same rules, in the reader's locale and in ISO forms.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal, InvalidOperation
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from PySide6.QtCore import QLocale

from projectdesk.desktop.language import say
from projectdesk.desktop.models.fields import Column, Entry, Field, Option
from projectdesk.desktop.models.folding import fold
from projectdesk.desktop.models.formats import day
from projectdesk.domain.rules import person_months
from projectdesk.domain.rules.validation import MONEY_LIMIT, PERSON_MONTHS_LIMIT

_SHARE_DIGITS = 3
EXAMPLE_DAY = date(2027, 3, 12)
_MOST_NAMED = 6
_SPACES = str.maketrans("", "", " \u00a0\u202f\u2009'\u2019")
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:[.,][0-9]{3})+", re.ASCII)


class NotAValue(ValueError):
    """What is typed is no value of this field; the text says what would be."""


# --- values of fields -----------------------------------------------------------------------------


def read_number(words: str, low: int, high: int, prefix: str = "") -> int | None:
    """Return a whole number in a range, with or without its prefix; None for nothing."""
    bare = words.strip().upper().removeprefix(prefix.upper()).strip()
    if not bare:
        return None
    whole, _, rest = bare.translate(_SPACES).partition(".")
    if rest and not rest.strip("0"):
        bare = whole  # a spreadsheet's 12.0
    if not (bare.isascii() and bare.isdecimal() and len(bare) < 10 and low <= int(bare) <= high):
        raise NotAValue(
            say(
                "Expected a number from {low} to {high}.",
                low=f"{prefix}{low}",
                high=f"{prefix}{high}",
            )
        )
    return int(bare)


def read_decimal(words: str) -> Decimal | None:
    """Return a decimal number, None for nothing.

    As the reader's locale writes it, or with a point or comma. Of two kinds of marks the last is
    the decimal one; a mark that comes more than once parts thousands. A lone mark that the locale
    parts thousands with does so before exactly three digits. Thousands never follow a leading 0.

    Raises:
        NotAValue: it is no number.
    """
    bare = words.translate(_SPACES)
    if not bare:
        return None
    marks = sorted((mark for mark in ",." if mark in bare), key=bare.rindex)
    whole, rest = bare, ""
    if len(marks) == 2 or (marks and not _is_grouped(bare, marks[0])):
        whole, _, rest = bare.rpartition(marks[-1])
    if "," in whole or "." in whole:
        if len(set(whole) & {",", "."}) > 1 or not _GROUPED.fullmatch(whole):
            raise NotAValue(say("Expected an amount such as 12500.50."))
        whole = whole.replace(",", "").replace(".", "")
    try:
        number = Decimal(f"{whole}.{rest}" if rest else whole)
    except InvalidOperation:
        raise NotAValue(say("Expected an amount such as 12500.50.")) from None
    if not number.is_finite():
        raise NotAValue(say("Expected an amount such as 12500.50."))
    return number


def _is_grouped(bare: str, mark: str) -> bool:
    """Return whether the only kind of mark in a number parts thousands."""
    if bare.count(mark) > 1:
        return True
    return QLocale().groupSeparator() == mark and _GROUPED.fullmatch(bare) is not None


def read_money(words: str) -> Decimal | None:
    """Return an amount in euro, to the cent; None for nothing."""
    bare = words.replace("€", "").replace("EUR", "").strip()
    number = read_decimal(bare)
    if number is not None and abs(number) >= MONEY_LIMIT:
        raise NotAValue(say("Expected an amount such as 12500.50."))
    return None if number is None else number.quantize(Decimal("0.01"))


def read_person_months(words: str) -> Decimal | None:
    """Return person-months from 0 to 100,000 with at most two places; None for nothing and 0."""
    if not words.strip():
        return None
    try:
        number = person_months.read_person_months(words)
    except ValueError:
        raise NotAValue(say("Expected person-months, as in 2.25.")) from None
    if not number:
        return None
    if not 0 <= number <= PERSON_MONTHS_LIMIT:
        limit = QLocale().toString(PERSON_MONTHS_LIMIT)
        raise NotAValue(say("Expected person-months from 0 to {limit}.", limit=limit))
    if number != round(number, 2):
        raise NotAValue(say("Expected person-months with at most two places, as in 2.25."))
    return number.normalize() + Decimal(0)


def read_date(words: str) -> date | None:
    """Return a day in the reader's locale, in words or ISO 8601; None for nothing."""
    bare = words.strip()
    if not bare:
        return None
    bare = bare.removesuffix(" 00:00:00").removesuffix("T00:00:00")
    locale = QLocale()
    short = locale.dateFormat(QLocale.FormatType.ShortFormat).replace("yyyy", "yy")
    patterns = (
        short,
        short.replace("yy", "yyyy"),
        "d MMM yyyy",
        "d. MMM yyyy",
        "MMM d, yyyy",
        "yyyy-MM-dd",
        "d.M.yyyy",
        "d/M/yyyy",
    )
    for pattern in patterns:
        found = locale.toDate(bare, pattern)
        if found.isValid():
            year = found.year() + 100 if found.year() < 1950 else found.year()
            return date(year, found.month(), found.day())
    raise NotAValue(say("Expected a date such as {example}.", example=day(EXAMPLE_DAY)))


def read_time(words: str) -> time:
    """Return a time of day, such as 9, 9:30 or 14.00."""
    bare = words.strip().replace(".", ":").replace("h", ":").rstrip(":")
    parts = bare.split(":")
    if bare and len(parts) <= 2 and all(part.isdecimal() for part in parts):
        hour, minute = int(parts[0]), int(parts[1]) if len(parts) == 2 else 0
        if hour < 24 and minute < 60:
            return time(hour, minute)
    found = QLocale().toTime(words.strip(), QLocale.FormatType.ShortFormat)
    if found.isValid():
        return time(found.hour(), found.minute())
    raise NotAValue(say("Expected a time such as 9:30."))


def read_share(words: str) -> tuple[int, int]:
    """Return a part of a whole, written 2/3 or 50 %: (numerator, denominator)."""
    bare = words.replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
    if bare.endswith("%"):
        bare = f"{bare[:-1]}/100"
    over, _, under = bare.partition("/")
    if not (_is_count(over) and _is_count(under) and 0 < int(over) <= int(under)):
        raise NotAValue(say("Expected a share such as 2/3 or 50 %."))
    share = Fraction(int(over), int(under))
    return share.numerator, share.denominator


def _is_count(words: str) -> bool:
    return words.isdecimal() and len(words) <= _SHARE_DIGITS


@cache
def zones() -> tuple[list[str], dict[str, str]]:
    """Return the zones there are, and each by its folded name and by its city."""
    names = sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC")
    found = {name.rsplit("/", 1)[-1].casefold(): name for name in names}
    return names, found | {name.casefold(): name for name in names}


def read_zone(words: str) -> str:
    """Return an IANA time zone by its name or city; "" for nothing."""
    bare = words.strip().replace(" ", "_")
    if not bare:
        return ""
    name = zones()[1].get(bare.casefold())
    if name is None:
        raise NotAValue(say("Expected a time zone such as Europe/Lisbon."))
    return name


# --- choices --------------------------------------------------------------------------------------


def read_choice(words: str, options: Sequence[Option]) -> object:
    """Return the value of an option by its label, its code or a part that only one label has.

    "PU" and "Public (PU)" are one level; "2", "DTU" and "2  DTU" one partner; "WP3" one work
    package. Nothing is the option of None where there is one.

    Raises:
        NotAValue: no option is called so, or several are.
    """
    wanted = fold(" ".join(words.split()))
    if wanted in ("", "–"):
        if any(option.value is None for option in options):
            return None
        raise NotAValue(say("This cannot be empty."))
    for ways in (_whole_names, _parts):
        found = [option for option in options if wanted in ways(option)]
        if len(found) == 1:
            return found[0].value
        if found:
            raise NotAValue(say("“{words}” fits several: write it out.", words=words.strip()))
    raise NotAValue(_expected(options))


def _whole_names(option: Option) -> set[str]:
    names = {fold(" ".join(option.label.split()))}
    if isinstance(option.value, Enum | str):
        code = option.value.value if isinstance(option.value, Enum) else option.value
        names.add(fold(str(code)))
    return names


def _parts(option: Option) -> set[str]:
    """Return the names inside a label: "2  DTU", "WP3 Sensors", "Ada Lund (DTU)"."""
    label = option.label
    number, parted, name = label.partition("  ")
    parts = {number, name} if parted else {label.partition(" ")[0], label.partition(" (")[0]}
    return {fold(" ".join(part.split())) for part in parts if part}


def _expected(options: Sequence[Option]) -> str:
    labels = [" ".join(o.label.split()) for o in options if o.value is not None]
    if not labels:
        return say("There is nothing to choose from yet.")
    named = ", ".join(labels[:_MOST_NAMED])
    if len(labels) > _MOST_NAMED:
        return say("Expected one of: {names} …", names=named)
    return say("Expected one of: {names}.", names=named)


def read_choices(words: str, options: Sequence[Option]) -> list[object]:
    """Return the values of several options, parted by commas, semicolons or lines."""
    chosen = [option for option in options if option.value is not None]
    parts = words.replace(";", ",").replace("\n", ",").split(",")
    found = [read_choice(part, chosen) for part in parts if part.strip() not in ("", "–")]
    return list(dict.fromkeys(found))


# --- cells ----------------------------------------------------------------------------------------


def read_value(field: Field[Any], words: str) -> object:
    """Return what pasted words are as the value of a field.

    Raises:
        NotAValue: they are none; the text says what was expected.
    """
    match field.entry:
        case Entry.NUMBER if field.months is not None:
            return field.months.read(words, field.minimum, field.maximum)
        case Entry.NUMBER:
            return read_number(words, field.minimum, field.maximum, field.prefix)
        case Entry.MONEY:
            return read_money(words)
        case Entry.PERSON_MONTHS:
            return read_person_months(words)
        case Entry.DATE:
            return read_date(words)
        case Entry.TIME:
            return read_time(words)
        case Entry.SHARE:
            return read_share(words)
        case Entry.ZONE:
            return read_zone(words)
        case Entry.CHOICE:
            return read_choice(words, field.options())
        case Entry.CHOICES:
            return read_choices(words, field.options())
        case Entry.LONG_TEXT:
            return words.strip()
        case _:
            return " ".join(words.split())


def empty_value(field: Field[Any]) -> object:
    """Return what a cleared cell holds.

    Raises:
        NotAValue: the field always holds something.
    """
    match field.entry:
        case Entry.TEXT | Entry.LONG_TEXT | Entry.ZONE:
            return ""
        case Entry.CHOICES:
            return []
        case Entry.CHOICE:
            return read_choice("", field.options())
        case Entry.TIME | Entry.SHARE:
            raise NotAValue(say("This cannot be empty."))
        case _:
            return None


def copied(column: Column[Any], row: Any) -> str:
    """Return a cell as it goes to the clipboard, so that spreadsheets and `read_value` take it.

    Days are in ISO 8601, which every spreadsheet reads; numbers as the locale writes them, without
    grouping and unit; project months as M12 in whatever unit they are shown.
    """
    field = column.field
    value = field.value(row) if field is not None else None
    if value is None and field is None and column.sort is not None:
        key = column.sort(row)
        value = key if isinstance(key, Decimal | date) else None
    match value:
        case None if field is not None and field.entry is Entry.DATE:
            return ""  # what is shown instead of a day is none
        case Decimal():
            return write_decimal(value)
        case date():
            return value.isoformat()
        case bool():
            return column.text(row)
        case int() if field is not None and field.entry is Entry.NUMBER:
            return f"{field.prefix}{value}"
        case _ if field is not None and field.entry is Entry.LONG_TEXT:
            return str(value or "")
        case _:
            return column.text(row).replace("\u00a0", " ")


def write_decimal(value: Decimal) -> str:
    """Return a number as the locale writes it, without grouping: "1234,5"."""
    words = format(value, "f")
    if "." in words:
        words = words.rstrip("0").rstrip(".")
    return words.replace(".", QLocale().decimalPoint())


def is_text(column: Column[Any]) -> bool:
    """Return whether a spreadsheet must take a column's cells as text."""
    amounts = (Entry.MONEY, Entry.PERSON_MONTHS, Entry.NUMBER, Entry.DATE)
    return not column.right and (column.field is None or column.field.entry not in amounts)
