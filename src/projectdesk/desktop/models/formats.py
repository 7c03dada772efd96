"""How dates, times, money and months are written for people, in the reader's locale."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from PySide6.QtCore import QDate, QLocale, Qt, QTime

from projectdesk.desktop.language import say
from projectdesk.domain.rules.project_months import first_day, last_day
from projectdesk.domain.rules.zoned_time import to_local
from projectdesk.errors import DomainError

MONTHS = "months"
CALENDAR = "calendar"
_DOT = "  \N{MIDDLE DOT}  "
"""Parts facts on one line; here only, so that each is kept together (`joined`)."""


def _day_pattern() -> str:
    short = QLocale().dateFormat(QLocale.FormatType.ShortFormat)
    match short[:1]:
        case "M":
            return "MMM d, yyyy"
        case "y":
            return "yyyy-MM-dd"
        case _:
            long = QLocale().dateFormat(QLocale.FormatType.LongFormat)
            return "d. MMM yyyy" if "d." in long else "d MMM yyyy"


def day(value: date | None) -> str:
    """Return a date such as "12 Mar 2027"; "" for None."""
    if value is None:
        return ""
    return QLocale().toString(QDate(value.year, value.month, value.day), _day_pattern())


def weekday(value: date) -> str:
    """Return a date with the name of its day, such as "Fri, 12 Mar 2027"."""
    name = QLocale().toString(QDate(value.year, value.month, value.day), "ddd")
    return f"{name.rstrip('.')}{_comma()}{day(value)}"


def clock(value: datetime) -> str:
    """Return the time of a naive local date-time, such as "14:30"."""
    return QLocale().toString(QTime(value.hour, value.minute), QLocale.FormatType.ShortFormat)


def moment(value: datetime | None, zone: str) -> str:
    """Return a UTC instant as day and time in `zone`; "" for None."""
    if value is None:
        return ""
    local = to_local(value, zone)
    return f"{day(local.date())}{_comma()}{clock(local)}"


def city(zone: str) -> str:
    """Return the place that an IANA zone is named after: "Copenhagen"."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def in_zones(starts_at: datetime, zone: str, own: str) -> str:
    """Return a start in the meeting's zone and the reader's: "10:00 Copenhagen, 04:00 Boston"."""
    there = to_local(starts_at, zone)
    text = apart(f"{clock(there)} {city(zone)}")
    if not own or own == zone:
        return text
    here = to_local(starts_at, own)
    if here == there:
        return text
    extra = "" if here.date() == there.date() else f" ({day(here.date())})"
    return f"{text}{_comma()}{apart(f'{clock(here)} {city(own)}{extra}')}"


def own_first(starts_at: datetime, own: str, others: Sequence[str], most: int = 4) -> str:
    """Return a start in the reader's zone, then elsewhere: "10:30 Berlin, 09:30 Lisbon".

    A zone in which the clocks show a time that was said already is left out; another day there
    is said by "+1" or "−1".

    Args:
        starts_at: UTC.
        own: the reader's zone.
        others: the other zones, the first ones are said; names that are no zone are left out.
        most: so many times at most.
    """
    here = to_local(starts_at, own)
    said, parts = {here}, [apart(f"{clock(here)} {city(own)}")]
    for zone in others:
        try:
            there = to_local(starts_at, zone)
        except DomainError:  # it was typed or imported wrong
            continue
        if there in said or len(parts) == most:
            continue
        said.add(there)
        days = (there.date() - here.date()).days
        other_day = f" {'+' if days > 0 else '−'}{abs(days)}" if days else ""
        parts.append(apart(f"{clock(there)} {city(zone)}{other_day}"))
    return _comma().join(parts)


def _from_right() -> bool:
    return QLocale().textDirection() is Qt.LayoutDirection.RightToLeft


def _comma() -> str:
    return "، " if _from_right() else ", "


def apart(words: str) -> str:
    """Return words that keep together where lines are read from the right (UAX 9, FSI and PDI)."""
    return f"\u2068{words}\u2069" if _from_right() else words


def joined(facts: Iterable[str]) -> str:
    """Return facts on one line with dots between them, those that say nothing left out.

    Each keeps together: read from the right, numbers would else change places beside a dot.
    """
    return _DOT.join(apart(fact) for fact in facts if fact)


def money(value: Decimal | None) -> str:
    """Return an amount in euro; "" for None."""
    return "" if value is None else f"{amount(value)} €"


def amount(value: Decimal) -> str:
    """Return an amount without its currency, with cents where there are any."""
    whole = value == value.to_integral_value()
    return QLocale().toString(float(value), "f", 0 if whole else 2)


def whole(value: int) -> str:
    """Return a whole number, grouped as the reader writes it."""
    return QLocale().toString(value)


def minutes(value: int) -> str:
    """Return a length such as "45 min" or "1 h 30"."""
    hours, rest = divmod(value, 60)
    if not hours:
        return say("{minutes} min", minutes=rest)
    if not rest:
        return say("{hours} h", hours=hours)
    return say("{hours} h {minutes}", hours=hours, minutes=f"{rest:02d}")


def span(value: float) -> str:
    """Return measured seconds as "12:05" (minutes and seconds) or "1:02:05"."""
    total = timedelta(seconds=round(value))
    hours, rest = divmod(int(total.total_seconds()), 3600)
    parts = divmod(rest, 60)
    return f"{hours}:{parts[0]:02d}:{parts[1]:02d}" if hours else f"{parts[0]}:{parts[1]:02d}"


def size(octets: int) -> str:
    """Return a size as people read it, such as "2.4 MB"."""
    return QLocale().formattedDataSize(octets, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


_WITHOUT_COUNTRY = {"en": "English", "es": "español"}
"""What Qt names by a country that nobody chose."""


def language(tag: str) -> str:
    """Return the name of a language, by its BCP 47 tag, in that language."""
    if tag in _WITHOUT_COUNTRY:
        return _WITHOUT_COUNTRY[tag]
    locale = QLocale(tag)
    return locale.nativeLanguageName() or tag if locale.language() != QLocale.Language.C else tag


def percent(share: float) -> str:
    """Return a share 0..1 such as "85 %"."""
    return f"{round(share * 100)} %"


def month_start(month: int, start: date | None, unit: str) -> str:
    """Return when project month `month` begins, in the unit asked for."""
    if unit == CALENDAR and start is not None:
        return day(first_day(start, month))
    return f"M{month}"


def month_end(month: int, start: date | None, unit: str) -> str:
    """Return when project month `month` ends, in the unit asked for."""
    if unit == CALENDAR and start is not None:
        return day(last_day(start, month))
    return f"M{month}"


def country(code: str) -> str:
    """Return the name of a country by its ISO 3166 code."""
    territory = QLocale.codeToTerritory(code)
    if not code or territory == QLocale.Country.AnyTerritory:
        return code
    return QLocale.territoryToString(territory)


def how_long_ago(value: datetime, now: datetime) -> str:
    """Return an age in words, such as "3 days ago"."""
    age = now - value
    if age < timedelta(minutes=1):
        return say("just now")
    if age < timedelta(hours=1):
        return say("{count} min ago", count=int(age.total_seconds() // 60))
    if age < timedelta(days=1):
        return say("{count} h ago", count=int(age.total_seconds() // 3600))
    return say("{count} d ago", count=age.days)
