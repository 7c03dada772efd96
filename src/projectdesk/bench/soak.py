"""`bench soak`: a room that people keep leaving and entering, and what is left of them.

Twelve attendants send the fixed load of decisions 21 to each other; every ten seconds one leaves
(in turns politely and by just ending) and somebody else comes in. After a warm-up in which every
seat was taken, the memory of host and media server is read at each turn; its growth is the slope of
a line through the readings, over the rest of the run, as a share of where it began. When all have
left, what is held then is compared with what was held after a first short meeting of two: threads,
descriptors, background tasks, legs. m-lines are counted in the offers: a subscriber's description
must not grow with everybody who ever was there.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from projectdesk.bench.attendants import Attendant, together
from projectdesk.bench.report import Row, at_least, at_most, below, report
from projectdesk.bench.robots import RobotWorld
from projectdesk.bench.venue import Venue

PEOPLE = 12
MINUTES = 10.0
TURN_S = 10.0
GROWTH_LIMIT = 0.05
DELIVERED_LIMIT = 0.999
_SPARE_SEATS = 4
_SECTIONS_LIMIT = 8 * PEOPLE
"""m-lines of one description: 2 to 3 a participant, and dead ones until it is built anew."""

_SETTLE_S = 3.0
_LINGER_S = 75.0
"""How long those may be remembered who just ended: the grace of 60 s, and some."""


@dataclass(slots=True)
class _Run:
    """What was read on the way."""

    memory: list[tuple[float, int]] = field(default_factory=list)
    received: int = 0
    expected: int = 0
    sections: int = 0
    joins: int = 0

    def count(self, gone: Sequence[Attendant]) -> None:
        """Take the figures of attendants that leave."""
        received, expected = together(gone)
        self.received += received
        self.expected += expected

    def growth(self, warm: float) -> float:
        """Return the share by which memory grew from `warm` seconds on, by a fitted line."""
        late = [(at, size) for at, size in self.memory if at >= warm]
        if len(late) < 3:
            return 0.0
        line = statistics.linear_regression(*zip(*late, strict=True))
        begin, end = (line.intercept + line.slope * at for at in (late[0][0], late[-1][0]))
        return (end - begin) / begin


def run(options: Sequence[str] = ()) -> Row:
    """Measure and return the report.

    Args:
        options: `--minutes N`, `--people N`, `--turn SECONDS`.
    """
    parser = argparse.ArgumentParser(prog="projectdesk bench soak")
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--turn", type=float, default=TURN_S)
    chosen = parser.parse_args(list(options))
    with (
        tempfile.TemporaryDirectory(prefix="projectdesk-bench-") as name,
        asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner,
    ):
        row = runner.run(_measure(Path(name), chosen.people, chosen.minutes * 60, chosen.turn))
    warmed = row["turns"] > row["warm_turns"] + 3
    return report(
        "soak",
        [row],
        [
            below("soak.growth", row["growth"], GROWTH_LIMIT, valid=warmed),
            at_most("soak.leaks", row["leaks"], 0),
            at_least("soak.delivered", row["delivered"], DELIVERED_LIMIT),
        ],
    )


async def _measure(data: Path, people: int, seconds: float, turn: float) -> Row:
    world, found = RobotWorld(), _Run()
    seats = people + _SPARE_SEATS
    async with Venue(data, seats + 2) as venue:
        before = await _after_a_meeting_of_two(venue, world, seats)
        inside = {seat: Attendant(venue.link(seat), world) for seat in range(people)}
        for attendant in inside.values():
            await attendant.join()
        started = time.monotonic()
        turns = 0
        while (elapsed := time.monotonic() - started) < seconds:
            await asyncio.sleep(max(0.0, turns * turn + turn - elapsed))
            found.memory.append((time.monotonic() - started, _memory(venue)))
            await _change_places(venue, world, inside, found, turns, seats)
            turns += 1
        found.count(list(inside.values()))
        for attendant in inside.values():
            await attendant.leave()
        after = await _settled(venue, before)
        await world.close()
    warm_turns = min(seats, turns // 2)
    left = {name: after[name] - before[name] for name in before if after[name] > before[name]}
    return {
        "people": people,
        "minutes": round(seconds / 60, 1),
        "turns": turns,
        "warm_turns": warm_turns,
        "joins": found.joins,
        "rss_mb": round(found.memory[-1][1] / 1e6, 1),
        "growth": round(found.growth((warm_turns + 0.5) * turn), 4),
        "delivered": round(found.received / max(1, found.expected), 5),
        "packets": found.received,
        "most_m_lines": found.sections,
        "left": left,
        "leaks": sum(left.values()) + max(0, found.sections - _SECTIONS_LIMIT),
    }


async def _after_a_meeting_of_two(venue: Venue, world: RobotWorld, seat: int) -> dict[str, int]:
    """Let two people meet and part; return what is held then: all that is loaded once is loaded."""
    pair = [Attendant(venue.link(seat + number), world) for number in range(2)]
    for attendant in pair:
        await attendant.join()
    await asyncio.sleep(_SETTLE_S)
    for attendant in pair:
        await attendant.leave()
    await asyncio.sleep(_SETTLE_S)
    return await _held(venue)


async def _change_places(
    venue: Venue,
    world: RobotWorld,
    inside: dict[int, Attendant],
    found: _Run,
    turn: int,
    seats: int,
) -> None:
    """Let the one who is there longest go (never the chair), and the next seat come in."""
    leaving = next(seat for seat in inside if seat != 0)
    gone = inside.pop(leaving)
    found.sections = max(found.sections, *(one.receiver.sections for one in inside.values()))
    found.count([gone])
    await gone.leave(politely=turn % 2 == 0)
    coming = next(
        seat
        for step in range(1, seats)
        if (seat := 1 + (leaving + step - 1) % (seats - 1)) not in inside and seat != leaving
    )
    inside[coming] = Attendant(venue.link(coming), world)
    await inside[coming].join()
    found.joins += 1


def _memory(venue: Venue) -> int:
    return sum(one.rss for one in venue.holdings().values())


async def _held(venue: Venue) -> dict[str, int]:
    """Return threads, descriptors, tasks and legs of host and media server."""
    held: dict[str, int] = {}
    for name, one in venue.holdings().items():
        held |= {f"{name}.threads": one.threads, f"{name}.descriptors": one.descriptors}
    figures = await venue.figures()
    for name in ("projectdesk_tasks", "projectdesk_sfu_tasks", "projectdesk_sfu_legs"):
        held[name] = int(sum(figures.get(name, ())))
    return held


async def _settled(venue: Venue, before: dict[str, int]) -> dict[str, int]:
    """Return what is held once nothing more goes away, at the latest after the grace."""
    deadline = time.monotonic() + _LINGER_S
    while True:
        held = await _held(venue)
        if time.monotonic() > deadline or all(held.get(n, 0) <= before[n] for n in before):
            return {name: held.get(name, 0) for name in before}
        await asyncio.sleep(1)
