"""The SFU's process frees what the legs of people who left still hold."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest

from projectdesk.media.embedded import process
from projectdesk.signalling.media import LegChanged


class _Nowhere:
    def is_closing(self) -> bool:
        return True


@pytest.mark.asyncio
async def test_people_who_leave_together_cost_one_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    swept = asyncio.Event()
    sweeps: list[float] = []

    def collect() -> int:
        sweeps.append(asyncio.get_running_loop().time())
        swept.set()
        return 0

    monkeypatch.setattr(process, "_SWEEP_S", 0.01)
    monkeypatch.setattr(gc, "collect", collect)
    nowhere: Any = _Nowhere()
    session = process._Session(nowhere)
    session.emit(LegChanged(participant="a", kind="publish", state="connected"))
    assert not session._sweeping
    for who in ("a", "b"):
        session.emit(LegChanged(participant=who, kind="publish", state="closed"))
    await asyncio.wait_for(swept.wait(), 5)
    assert len(sweeps) == 1
    swept.clear()
    session.emit(LegChanged(participant="c", kind="subscribe", state="closed"))
    await asyncio.wait_for(swept.wait(), 5)
    assert len(sweeps) == 2
