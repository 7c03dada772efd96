"""What an hour of a meeting asks of somebody, by the clock where they are and by the day.

Nothing within their working hours; beyond them it grows towards the night, and a weekend or a
public holiday comes on top of the hour. The unit is the point: `Weights` says how many points an
hour asks. Within this module points are whole thousandths for each minute, so that sums are exact.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from functools import lru_cache
from typing import Final

from projectdesk.errors import DomainError

DAY: Final = 24 * 60
FINE: Final = 1000
"""A point of an hour, in the whole numbers that are summed for each minute of it."""
_REST_AFTER_WORK: Final = 2 * 60
"""Who works at night goes to bed so many minutes after it."""


class Band(StrEnum):
    """A part of somebody's day."""

    WORK = "work"
    EARLY = "early"
    LATE = "late"
    NIGHT = "night"


@dataclass(frozen=True)
class Weights:
    """Points for an hour; whole numbers from 0 to 100.

    edge: right before or after working hours. evening: right before or after the night, which
    grows from `edge`. night: all night. weekend, holiday: on top of the hour, the greater of both
    where a holiday is on a weekend. tentative: somebody needed has something uncertain then.
    absent: somebody optional cannot come. optional_percent: how much the points of who is optional
    count. night_from, night_to: minutes since local midnight.
    """

    edge: int = 1
    evening: int = 4
    night: int = 10
    weekend: int = 5
    holiday: int = 6
    tentative: int = 3
    absent: int = 4
    optional_percent: int = 50
    night_from: int = 22 * 60
    night_to: int = 7 * 60

    def __post_init__(self) -> None:
        """Refuse what makes no sense.

        Raises:
            DomainError: `bad_weight` (fact `field`).
        """
        for each in fields(self):
            most = DAY - 1 if each.name in ("night_from", "night_to") else 100
            value = getattr(self, each.name)
            if type(value) is not int or not 0 <= value <= most:
                raise DomainError(
                    "bad_weight",
                    "Expected a whole number from 0 to {most}, not {value}.",
                    field=each.name,
                    most=most,
                    value=value,
                )
        if not self.edge <= self.evening <= self.night:
            raise DomainError(
                "bad_weight",
                "An evening asks at least as much as the edge of working hours, and a night at "
                "least as much as an evening.",
                field="evening" if self.edge > self.evening else "night",
            )


USUAL: Final = Weights()


@dataclass(frozen=True)
class Hours:
    """Working hours in minutes since local midnight; they span midnight where start > end."""

    start: int = 9 * 60
    end: int = 17 * 60

    @property
    def length(self) -> int:
        """Minutes of work in a day; hours that end when they begin are the whole day."""
        return (self.end - self.start) % DAY or DAY

    @property
    def turn(self) -> int:
        """Until which minute of a day the work of the day before goes on."""
        return self.end if self.start >= self.end and self.length < DAY else 0

    def holds(self, minute: int) -> bool:
        """Return whether a minute of the day is worked."""
        return (minute - self.start) % DAY < self.length


@dataclass(frozen=True)
class Rhythm:
    """A working day by minutes: fine points of each, and which part of the day it is.

    runs: (from, to, band), from 0 to the end of the day, without gaps.
    """

    rates: tuple[int, ...]
    runs: tuple[tuple[int, int, Band], ...]


@lru_cache(maxsize=256)
def rhythm(hours: Hours, weights: Weights) -> Rhythm:
    """Return what each minute of somebody's working day asks."""
    night = _night_of(hours, weights)
    found = [_minute(minute, hours, night, weights) for minute in range(DAY)]
    runs: list[tuple[int, int, Band]] = []
    for minute, (_, band) in enumerate(found):
        if runs and runs[-1][2] is band:
            runs[-1] = (runs[-1][0], minute + 1, band)
        else:
            runs.append((minute, minute + 1, band))
    return Rhythm(tuple(rate for rate, _ in found), tuple(runs))


def _night_of(hours: Hours, weights: Weights) -> tuple[int, int]:
    """Return when somebody's night begins and how long it is, in minutes.

    Who works through most of the night has it after work.
    """
    length = (weights.night_to - weights.night_from) % DAY
    worked = sum(hours.holds((weights.night_from + minute) % DAY) for minute in range(length))
    if length and 2 * worked > length:
        return (hours.end + _REST_AFTER_WORK) % DAY, length
    return weights.night_from, length


def _minute(
    minute: int, hours: Hours, night: tuple[int, int], weights: Weights
) -> tuple[int, Band]:
    """Return the fine points of a minute of a working day, and its part of the day."""
    begins, length = night
    if hours.holds(minute):
        return 0, Band.WORK
    if (minute - begins) % DAY < length:
        return weights.night * FINE, Band.NIGHT
    off = DAY - hours.length
    since, until = (minute - hours.end) % DAY, (hours.start - minute) % DAY
    evening = (begins - hours.end) % DAY
    morning = (hours.start - begins - length) % DAY
    if evening < off and since < evening:
        share, band = since / evening, Band.LATE
    elif morning < off and until <= morning:
        share, band = until / morning, Band.EARLY
    else:  # the night begins or ends within the working hours
        share = min(since, until) / (off / 2)
        band = Band.LATE if since < until else Band.EARLY
    return round((weights.edge + (weights.evening - weights.edge) * share) * FINE), band
