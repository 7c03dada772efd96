"""Public holidays and weekends of countries and their parts.

The library `holidays` is loaded when first asked: it takes a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from projectdesk.domain.rules.slots import FreeDays
from projectdesk.errors import DomainError

_AHEAD_DAYS: Final = 366
_WEEKEND: Final = frozenset({5, 6})


@dataclass(frozen=True)
class Calendar:
    """One year of a place. days: names by day. weekend: numbers of its days, Monday = 0."""

    days: Mapping[date, str]
    weekend: frozenset[int]


@dataclass(frozen=True)
class FreeDay:
    """What a day is. holiday: its name, "" for none. weekend: whether it is one there."""

    holiday: str
    weekend: bool

    @property
    def free(self) -> bool:
        """Whether nobody is expected to work."""
        return bool(self.holiday) or self.weekend


def on_day(country: str, region: str, day: date, language: str = "en") -> FreeDay:
    """Return what a day is in a country.

    Args:
        country: ISO 3166 alpha-2; an unknown one has weekends only.
        region: code of its part ("BY" of DE-BY); "" or an unknown one = the whole country's days.
        day: the day there.
        language: in which holidays are named where the library knows it, else English.
    """
    calendar = _calendar(country, region, day.year, language)
    return FreeDay(calendar.days.get(day, ""), day.weekday() in calendar.weekend)


def free_days(country: str, region: str, start: date, days: int, language: str = "en") -> FreeDays:
    """Return the weekend and the public holidays of a place over some days, and one around them.

    Args:
        country: ISO 3166 alpha-2; an unknown one has weekends only.
        region: code of its part, as `on_day` has it.
        start: the first day.
        days: how many.
        language: in which holidays are named where the library knows it.
    """
    first, last = start - timedelta(days=1), start + timedelta(days=days)
    years = range(first.year, last.year + 1)
    calendars = [_calendar(country, region, year, language) for year in years]
    names = {
        day: name
        for calendar in calendars
        for day, name in calendar.days.items()
        if first <= day <= last
    }
    return FreeDays(calendars[-1].weekend, names)


def next_holiday(
    country: str, region: str, after: date, language: str = "en"
) -> tuple[date, str] | None:
    """Return day and name of the next public holiday after a day; None if none is known."""
    for ahead in range(1, _AHEAD_DAYS):
        day = after + timedelta(days=ahead)
        name = _calendar(country, region, day.year, language).days.get(day)
        if name:
            return day, name
    return None


def read_region(country: str, text: str) -> str:
    """Return the code of a part of a country, by code or name in any case ("BY", "bayern").

    Args:
        country: ISO 3166 alpha-2; of one whose holidays are not known, `text` is taken as it is.
        text: what a person entered.

    Raises:
        DomainError: `unknown_region` (facts `field`, `known`), the country has no such part.
    """
    import holidays

    wanted = text.strip()
    codes = holidays.list_supported_countries(include_aliases=False).get(country)
    if not wanted or codes is None:
        return wanted
    names = getattr(holidays, country).subdivisions_aliases
    spelt = {code.casefold(): code for code in codes}
    spelt |= {name.casefold(): code for name, code in names.items()}
    found = spelt.get(wanted.casefold().removeprefix(f"{country.casefold()}-"))
    if found is not None:
        return found
    said = {code: name for name, code in reversed(names.items())}
    known = ", ".join(f"{code} ({said[code]})" if code in said else code for code in codes)
    raise DomainError(
        "unknown_region",
        "{country} has no region “{text}” with holidays of its own. It has: {known}."
        if codes
        else "All of {country} has the same holidays: leave the region empty.",
        country=country,
        text=wanted,
        known=known,
        field="region",
    )


@lru_cache(maxsize=512)
def _calendar(country: str, region: str, year: int, language: str) -> Calendar:
    import holidays

    known = holidays.list_supported_countries(include_aliases=False)
    if country not in known:
        return Calendar({}, _WEEKEND)
    part = region if region in known[country] else None
    named = _spoken(country, language)
    found = holidays.country_holidays(country, subdiv=part, years=year, language=named)
    return Calendar(dict(found.items()), frozenset(found.weekend))


def _spoken(country: str, language: str) -> str | None:
    """Return the library's tag of the language to name holidays in, None for the country's own."""
    import holidays

    offered = getattr(holidays, country).supported_languages
    for wanted in (language, "en"):
        for tag in sorted(offered):
            if tag == wanted or tag.startswith(f"{wanted}_"):
                return str(tag)
    return None
