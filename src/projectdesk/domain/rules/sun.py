"""Where the sun stands: day and night of a place, and the line between them.

The low-precision formulas of the Astronomical Almanac (Explanatory Supplement, "low-precision
formulas for the Sun's coordinates"): within 0.02 degrees from 1950 to 2050, which is five seconds.
Angles are in degrees, longitude east positive; instants have a zone.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Final

HORIZON: Final = -0.833
"""Altitude of the sun's centre when its rim rises: half its size and the air's refraction."""
_J2000: Final = datetime(2000, 1, 1, 12, tzinfo=UTC)


def subsolar_point(at: datetime) -> tuple[float, float]:
    """Return latitude and longitude (-180..180) of the place that has the sun overhead."""
    days = (at - _J2000).total_seconds() / 86400
    mean_longitude = (280.460 + 0.9856474 * days) % 360
    anomaly = math.radians((357.528 + 0.9856003 * days) % 360)
    ecliptic = math.radians(
        mean_longitude + 1.915 * math.sin(anomaly) + 0.020 * math.sin(2 * anomaly)
    )
    obliquity = math.radians(23.439 - 0.0000004 * days)
    declination = math.degrees(math.asin(math.sin(obliquity) * math.sin(ecliptic)))
    ascension = math.degrees(
        math.atan2(math.cos(obliquity) * math.sin(ecliptic), math.cos(ecliptic))
    )
    sidereal = (280.46062 + 360.98564737 * days) % 360
    return declination, (ascension - sidereal + 180) % 360 - 180


def altitude(at: datetime, latitude: float, longitude: float) -> float:
    """Return how high the sun's centre stands over a place's horizon."""
    declination, overhead = subsolar_point(at)
    here, there = math.radians(latitude), math.radians(declination)
    hour_angle = math.radians(longitude - overhead)
    sine = math.sin(here) * math.sin(there) + math.cos(here) * math.cos(there) * math.cos(
        hour_angle
    )
    return math.degrees(math.asin(max(-1.0, min(1.0, sine))))


def is_day(at: datetime, latitude: float, longitude: float) -> bool:
    """Return whether the sun is up."""
    return altitude(at, latitude, longitude) > HORIZON


def terminator(at: datetime, longitude: float) -> tuple[float, bool]:
    """Return where day meets night on a meridian.

    Returns:
        The latitude, and whether the night lies to the north of it.
    """
    declination, overhead = subsolar_point(at)
    # Exactly at an equinox the line is the meridian itself: a touch of tilt keeps it a function.
    if abs(declination) < 1e-6:
        declination = math.copysign(1e-6, declination)
    tilt = math.tan(math.radians(declination))
    latitude = math.degrees(math.atan(-math.cos(math.radians(longitude - overhead)) / tilt))
    return latitude, declination < 0
