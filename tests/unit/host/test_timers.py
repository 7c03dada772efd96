from __future__ import annotations

import asyncio
from datetime import timedelta

from projectdesk.host import timers
from projectdesk.host.timers import Timers
from projectdesk.room.timers import ClosingTime, Grace
from tests.unit.host.conftest import NOW


class Wall:
    """A wall clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self):
        return self.now


async def test_a_timer_fires_by_the_wall_clock_also_after_a_sleep(monkeypatch):
    monkeypatch.setattr(timers, "_LONGEST_NAP_S", 0.001)
    wall = Wall()
    fired: asyncio.Queue[object] = asyncio.Queue()
    clock = Timers(wall, fired.put_nowait)
    clock.start(ClosingTime(), NOW + timedelta(hours=8))
    clock.start(Grace("a"), NOW)
    assert await asyncio.wait_for(fired.get(), 5) == Grace("a")
    assert fired.empty()
    wall.now += timedelta(hours=9)  # the computer slept; the loop's clock did not move
    assert await asyncio.wait_for(fired.get(), 5) == ClosingTime()


async def test_a_timer_started_again_fires_once(monkeypatch):
    fired: asyncio.Queue[object] = asyncio.Queue()
    clock = Timers(Wall(), fired.put_nowait)
    for _ in range(3):
        clock.start(Grace("a"), NOW)
    clock.start(Grace("b"), NOW)
    clock.cancel(Grace("b"))
    clock.cancel(Grace("never started"))
    clock.start(Grace("c"), NOW)
    assert [await fired.get(), await fired.get()] == [Grace("a"), Grace("c")]
    clock.start(Grace("d"), NOW)
    clock.cancel_all()
    await asyncio.sleep(0)
    assert fired.empty()
