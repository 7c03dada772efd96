"""`bench slots`: how long it takes to rank every start of four weeks for 60 people in 28 countries.

Work: public holidays, clocks, working hours and busy times of 60 people, all different, laid over
a grid of quarters of an hour; every start summed for every person, ranked, and the best twenty told
with local time and reasons for each person. First with nothing known (the library of holidays is
loaded and its years are made), then as every further question costs: the goal is of this.
Floor: the arithmetic of the same grid by numpy, with clocks and holidays handed to it: points of
each person at each quarter, sums over the meeting, totals, worst, order; the ratio is of the grid
alone to it. All in processor time, the middle of several rounds. numpy is no part of the product:
without it there is no ratio.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from projectdesk.bench.report import below, report
from projectdesk.domain.places import zones_of
from projectdesk.domain.rules.pain import DAY, USUAL, Hours, rhythm
from projectdesk.domain.rules.slots import Attendee, Busy, Grid, SlotTable
from projectdesk.domain.rules.zone_offsets import offset_minutes
from projectdesk.services import public_holidays

COUNTRIES: Final = (
    *("AT", "BE", "BG", "CH", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR"),
    *("HU", "IE", "IL", "IT", "KR", "LT", "LV", "NL", "NO", "PL", "PT", "RO", "SE", "US"),
)
PEOPLE: Final = 60
DAYS: Final = 28
START: Final = datetime(2027, 3, 15, tzinfo=UTC)
"""Europe changes its clocks within the four weeks, and Easter is in them."""
MINUTES, STEP = 60, 15
ROUNDS: Final = 9
LIMIT_S: Final = 0.3
_BEST: Final = 20
_SPACE: Final = UUID(int=23)


def run(options: Sequence[str] = ()) -> dict[str, Any]:
    """Measure and return the report.

    Args:
        options: `--rounds N`.
    """
    parser = argparse.ArgumentParser(prog="projectdesk bench slots")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args(list(options)).rounds
    cold, _ = _timed(_answer)
    took, starts = _middle(_answer, rounds)
    rows: list[dict[str, Any]] = [
        {"what": "first question, holidays included", "cpu_s": round(cold, 4)},
        {"what": "every further question", "cpu_s": round(took, 4), "starts": starts},
    ]
    people = invented()
    grid_took, _ = _middle(lambda: _reckoned(people), rounds)
    rows.append({"what": "of that the grid alone", "cpu_s": round(grid_took, 4)})
    ratio: float | None = None
    floor = _floor(people)
    if floor is not None:
        bare, same = _middle(floor, rounds)
        if same != starts:
            raise RuntimeError("the floor reckons another grid")
        ratio = grid_took / bare
        rows.append({"what": "numpy, the same grid", "cpu_s": round(bare, 4)})
    goals = [
        below("slots.cpu_s", round(took, 4), LIMIT_S),
        below("slots.first_cpu_s", round(cold, 4), 4 * LIMIT_S),
    ]
    rows.append({"what": "ratio to numpy", "ratio": None if ratio is None else round(ratio, 1)})
    return report(
        "slots", rows, goals, people=PEOPLE, countries=len(COUNTRIES), days=DAYS, step_minutes=STEP
    )


def invented() -> list[Attendee]:
    """Return 60 people in 28 countries; no two have the same day, and each is busy at times."""
    days = {
        country: public_holidays.free_days(country, "", START.date(), DAYS) for country in COUNTRIES
    }
    found = []
    for number in range(PEOPLE):
        country = COUNTRIES[number % len(COUNTRIES)]
        places = zones_of(country)
        begins = 8 * 60 + 15 * (number // len(COUNTRIES)) + 5 * (number % 3)
        busy = tuple(
            Busy(at, at + timedelta(minutes=45 + number), tentative=day % 5 == 0)
            for day in range(0, DAYS, 2)
            for at in [START + timedelta(days=day, hours=7 + (number + day) % 9)]
        )
        found.append(
            Attendee(
                uuid5(_SPACE, str(number)),
                places[number % min(len(places), 4)].zone,
                Hours(begins, begins + 8 * 60),
                days[country],
                number % 5 != 4,
                busy,
            )
        )
    return found


def _answer() -> int:
    """Answer the question once; return how many starts were looked at."""
    grid = Grid(START, START + timedelta(days=DAYS), MINUTES, STEP)
    table = SlotTable(grid, invented())
    for slot in table.ranked(_BEST, blocked=True):
        table.parts(slot)
    return grid.count


def _reckoned(people: Sequence[Attendee]) -> int:
    """Reckon and order the grid as the floor does, clocks and busy times included."""
    grid = Grid(START, START + timedelta(days=DAYS), MINUTES, STEP)
    SlotTable(grid, people).ranked(1)
    return grid.count


def _floor(people: Sequence[Attendee]) -> Callable[[], int] | None:
    """Return the same arithmetic by numpy; None where that is not installed."""
    try:
        import numpy
    except ImportError:
        return None
    quarters, length = DAYS * DAY // STEP, MINUTES // STEP
    offsets = [
        [offset_minutes(who.zone, START + timedelta(minutes=STEP * n)) for n in range(quarters)]
        for who in people
    ]
    local = numpy.array(offsets) + STEP * numpy.arange(quarters)
    rates = numpy.array(
        [
            [sum(rhythm(who.hours, USUAL).rates[at : at + STEP]) for at in range(0, DAY, STEP)]
            for who in people
        ]
    )
    extra = numpy.array(
        [
            [
                1000 * STEP * who.days.surcharge(START.date() + timedelta(days=int(day)), USUAL)
                for day in line // DAY
            ]
            for who, line in zip(people, local, strict=True)
        ]
    )

    def work() -> int:
        cells = numpy.take_along_axis(rates, local % DAY // STEP, axis=1) + extra
        ends = numpy.cumsum(cells, axis=1)
        before = numpy.pad(ends, ((0, 0), (1, 0)))
        sums = before[:, length:] - before[:, :-length]
        order = numpy.lexsort((sums.max(axis=0), sums.sum(axis=0)))
        return int(order.size)

    return work


def _middle(work: Callable[[], int], rounds: int) -> tuple[float, int]:
    """Return the median of the processor seconds, and what the work returned."""
    found = [_timed(work) for _ in range(max(rounds, 1))]
    return statistics.median(took for took, _ in found), found[0][1]


def _timed(work: Callable[[], int]) -> tuple[float, int]:
    began = time.process_time()
    result = work()
    return time.process_time() - began, result
