"""The words of documents in the languages that there is a file for.

A language is one file, `resources/i18n/documents.LANGUAGE.json` (`catalogues`). Months and days are
lists, parted by blanks. Independent of the machine's locale: a document is read by people of many
countries, so months are spelled out and every time names its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache

from projectdesk import catalogues
from projectdesk.catalogues import ENGLISH as ENGLISH
from projectdesk.catalogues import Text
from projectdesk.domain.rules.zoned_time import zone_of
from projectdesk.errors import DomainError


def languages() -> tuple[str, ...]:
    """Return the tags of the languages that documents are written in, English first."""
    return catalogues.languages("documents")


def language_of(tags: Iterable[str]) -> str:
    """Return the first of a person's languages (BCP 47) that documents are written in."""
    return catalogues.first_known("documents", tags)


def checked_language(language: str) -> str:
    """Return a language that documents are written in.

    Raises:
        DomainError: `unknown_language`.
    """
    if language not in languages():
        raise DomainError(
            "unknown_language",
            "Documents are not written in “{language}”: expected {known}.",
            language=language,
            known=", ".join(languages()),
        )
    return language


@cache
def words(language: str = ENGLISH) -> Words:
    """Return the words of a language.

    Raises:
        DomainError: `unknown_language`.
    """
    return Words(language, catalogues.catalogue("documents", checked_language(language)))


class Words:
    """What documents say in one language; `language` is its tag (BCP 47)."""

    def __init__(self, language: str, catalogue: Mapping[str, Text]) -> None:
        self.language = language
        self._catalogue = catalogue
        self._months = self("months").split(" ")
        self._days = self("days").split(" ")

    def __call__(self, key: str, **facts: object) -> str:
        """Return a text with its facts in it; `count` chooses the plural form.

        Raises:
            KeyError: no such text; a test finds that.
        """
        text = catalogues.form(self._catalogue[key], self.language, facts.get("count"))
        return text.format_map(facts) if facts else text

    def named(self, value: StrEnum, **facts: object) -> str:
        """Return the word of a member of an enumeration, "CallRole.chair"."""
        return self(f"{type(value).__name__}.{value.name.lower()}", **facts)

    def counted(self, key: str, count: int, **facts: object) -> str:
        """Return a text with a count in it: `key.one` for one, `key.many` for others."""
        return self(f"{key}.one" if count == 1 else f"{key}.many", count=count, **facts)

    def day(self, value: date) -> str:
        """Return "2 March 2026"."""
        return self("day", day=value.day, month=self._months[value.month - 1], year=value.year)

    def long_day(self, value: date) -> str:
        """Return "Monday 2 March 2026"."""
        return self("long_day", weekday=self._days[value.weekday()], day=self.day(value))

    def span(self, start: datetime, minutes: int, zone: str) -> str:
        """Return "10:00 to 12:30, Copenhagen time" (with the day of the end if it is another)."""
        info = zone_of(zone)
        local = start.astimezone(info)
        end = (start + timedelta(minutes=minutes)).astimezone(info)
        until = clock(end)
        if end.date() != local.date():
            until = self("on_day", clock=until, day=self.day(end.date()))
        return self("span", start=clock(local), end=until, place=place(zone))

    def elsewhere(self, start: datetime, zone: str, zones: Iterable[str]) -> tuple[str, ...]:
        """Return the start in the other zones, one text per distinct local time.

        "04:00 Boston", and "01:00 Seoul (3 March)" where the day differs. Zones with the same local
        time share a text: "10:00 Berlin, Copenhagen". Unknown names are left out.
        """
        home = start.astimezone(zone_of(zone))
        by_time: dict[datetime, list[str]] = {}
        for name in sorted(set(zones) - {zone}, key=place):
            local = _local(start, name)
            if local is not None and local != home.replace(tzinfo=None):
                by_time.setdefault(local, []).append(place(name))
        return tuple(
            f"{clock(local)} {', '.join(places)}"
            + ("" if local.date() == home.date() else f" ({self.day(local.date())})")
            for local, places in sorted(by_time.items())
        )

    def moment(self, value: datetime, zone: str) -> str:
        """Return an instant on a meeting's clock: "2 March 2026, 10:00 Copenhagen time"."""
        local = value.astimezone(zone_of(zone))
        return self("moment", day=self.day(local.date()), clock=clock(local), place=place(zone))

    def length(self, minutes: float) -> str:
        """Return "1 h 30 min", "45 min", "under 1 min"."""
        if 0 < minutes < 1:
            return self("under_a_minute")
        hours, rest = divmod(round(minutes), 60)
        if not hours:
            return self("length_minutes", minutes=rest)
        key = "length_both" if rest else "length_hours"
        return self(key, hours=hours, minutes=rest)

    def figure(self, value: Decimal) -> str:
        """Return person-months with the decimal mark of the language: "1,50"."""
        return f"{value:.2f}".replace(".", self("decimal"))

    def signed(self, value: Decimal) -> str:
        """Return a deviation, "+1,50"; between letters from the right the sign stays before it.

        The mark is U+200E, as in CLDR's signs of such languages.
        """
        mark = "\N{LEFT-TO-RIGHT MARK}" if catalogues.right_to_left(self.language) else ""
        return mark + f"{value:+.2f}".replace(".", self("decimal"))

    def stamp(self, now: datetime) -> str:
        """Return the instant as "24 November 2026, 08:15 UTC"."""
        utc = now.astimezone(UTC)
        return f"{self.day(utc.date())}, {clock(utc)} UTC"


def clock(value: datetime) -> str:
    """Return "09:05"."""
    return f"{value:%H:%M}"


def place(zone: str) -> str:
    """Return the city that names a zone: "Europe/Copenhagen" is "Copenhagen"."""
    return "UTC" if zone in {"UTC", "Etc/UTC"} else zone.rsplit("/", 1)[-1].replace("_", " ")


def begun(text: str) -> str:
    """Return words with a capital at their beginning."""
    return text[:1].upper() + text[1:]


def percent(share: float) -> str:
    """Return "93 %"."""
    return f"{round(share * 100)} %"


def _local(start: datetime, name: str) -> datetime | None:
    try:
        return start.astimezone(zone_of(name)).replace(tzinfo=None)
    except DomainError:  # an unknown zone of one invitee must not lose the document
        return None
