"""Which time zone a place or a country has, and where its largest city of that zone lies.

Read from `zone.tab` of the tz database, which is in the public domain and comes with the package
`tzdata`: country, coordinates of the zone's principal place, IANA name.

May import: domain.rules.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Final

from projectdesk.domain.rules.zoned_time import zone_of

_MAIN: Final = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
}
"""The zone that most people live in, where the table does not start with it."""
_SHARED: Final = {"XK": ("Europe/Belgrade", 42.66, 21.17)}
"""Countries that the table leaves out."""
_POSITION: Final = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?")
_SEASONS: Final = (datetime(2026, 1, 15, 12, tzinfo=UTC), datetime(2026, 7, 15, 12, tzinfo=UTC))


@dataclass(frozen=True)
class Place:
    """The principal place of a zone in a country; latitude and longitude in degrees."""

    zone: str
    latitude: float
    longitude: float


@cache
def _table() -> dict[str, tuple[Place, ...]]:
    found: dict[str, list[Place]] = {}
    text = (files("tzdata.zoneinfo") / "zone.tab").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            country, position, zone = line.split("\t")[:3]
            found.setdefault(country, []).append(Place(zone, *_degrees(position)))
    for country, place in _SHARED.items():
        found.setdefault(country, []).append(Place(*place))
    return {
        country: tuple(sorted(places, key=lambda place: place.zone != _MAIN.get(country)))
        for country, places in found.items()
    }


def _degrees(position: str) -> tuple[float, float]:
    """Return degrees out of ISO 6709: +DDMM+DDDMM or +DDMMSS+DDDMMSS."""
    found = _POSITION.fullmatch(position)
    if found is None:
        raise ValueError(f"{position!r} is no position")
    north, a, b, c, east, d, e, f = found.groups()
    latitude = int(a) + int(b) / 60 + int(c or 0) / 3600
    longitude = int(d) + int(e) / 60 + int(f or 0) / 3600
    return (
        -latitude if north == "-" else latitude,
        -longitude if east == "-" else longitude,
    )


def zones_of(country: str) -> tuple[Place, ...]:
    """Return the places of a country's zones, the main one first; none for an unknown country."""
    return _table().get(country, ())


def all_places() -> tuple[Place, ...]:
    """Return the principal places of all zones of the world, each once."""
    return tuple({place for places in _table().values() for place in places})


@cache
def has_several_zones(country: str) -> bool:
    """Return whether clocks differ within a country."""
    return len({_clock(place.zone) for place in zones_of(country)}) > 1


def zone_at(country: str, latitude: float, longitude: float) -> str:
    """Return the zone of a position in a country, "" for an unknown country.

    It is that of the nearest principal place; where its clocks are the main zone's, the main zone.
    """
    places = zones_of(country)
    if not places:
        return ""
    nearest = min(places, key=lambda place: _apart(place, latitude, longitude))
    same = _clock(nearest.zone) == _clock(places[0].zone)
    return places[0].zone if same else nearest.zone


def _clock(zone: str) -> tuple[object, ...]:
    """Return what a zone's clocks show in winter and in summer, to compare zones by."""
    return tuple(at.astimezone(zone_of(zone)).utcoffset() for at in _SEASONS)


def _apart(place: Place, latitude: float, longitude: float) -> float:
    """Return a measure that grows with the distance (haversine)."""
    one, other = math.radians(place.latitude), math.radians(latitude)
    across = math.radians(longitude - place.longitude)
    return (
        math.sin((other - one) / 2) ** 2
        + math.cos(one) * math.cos(other) * math.sin(across / 2) ** 2
    )
