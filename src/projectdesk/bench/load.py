"""The robots' processes as a measurement drives them, and what they found together."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from projectdesk.bench.robots import BUCKET_NS
from projectdesk.bench.scenario import Scenario


@dataclass(slots=True)
class Findings:
    """What all generators measured together; those of several rounds add up.

    sent, received: packets that left publishers in the window, and that came to subscribers.
    streams: packets that left, by stream (`scenario.stream_key`).
    received_audio: those of `received` that are sound; counted where robots are like browsers.
    failed: packets that the kernel did not take.
    core: share of a core that the busiest generator took.
    delays: packets by place in a histogram of `BUCKET_NS` each.
    """

    sent: int = 0
    failed: int = 0
    received: int = 0
    core: float = 0.0
    delays: dict[int, int] = field(default_factory=dict)
    streams: dict[str, int] = field(default_factory=dict)
    received_audio: int = 0

    def add(self, other: Findings) -> None:
        """Take in those of another run."""
        self.sent += other.sent
        self.failed += other.failed
        self.received += other.received
        self.received_audio += other.received_audio
        for stream, sent in other.streams.items():
            self.streams[stream] = self.streams.get(stream, 0) + sent
        self.core = max(self.core, other.core)
        for bucket, count in other.delays.items():
            self.delays[bucket] = self.delays.get(bucket, 0) + count

    def delivered(self, copies: int) -> float:
        """Return the share of packets that came, where each was to come `copies` times."""
        return self.received / (self.sent * copies) if self.sent else 0.0

    def percentile_ms(self, share: float) -> float:
        """Return the delay in milliseconds that a share of the packets stayed within."""
        wanted, seen = share * sum(self.delays.values()), 0
        for bucket in sorted(self.delays):
            seen += self.delays[bucket]
            if seen >= wanted:
                return (bucket + 1) * BUCKET_NS / 1e6
        return float("nan")


class Generators:
    """The generator processes of one run."""

    def __init__(self, names: Sequence[str], count: int, address: str, scenario: Scenario) -> None:
        """Start nothing yet; use it as an asynchronous context manager.

        Args:
            names: of the robots.
            count: of processes among which they are shared out.
            address: of this machine, on which the robots have their ports.
            scenario: what they play.
        """
        self._scenario = msgspec.json.encode(scenario).decode()
        self.names = list(names)
        self._count = count
        self._address = address
        self._processes: list[asyncio.subprocess.Process] = []

    async def __aenter__(self) -> Generators:
        for _ in range(self._count):
            self._processes.append(
                await spawn("projectdesk.bench.generator", self._address, self._scenario)
            )
        return self

    async def __aexit__(self, *exception: object) -> None:
        for process in self._processes:
            await _end(process)

    async def ask(self, name: str, **order: Any) -> dict[str, Any]:
        """Give the generator of robot `name` an order about it and return its result."""
        index = self.names.index(name) % self._count
        return await self._order(self._processes[index], {"name": name, **order})

    def tell(self, name: str, **order: Any) -> None:
        """Give the generator of robot `name` an order that is not answered."""
        process = self._processes[self.names.index(name) % self._count]
        if process.stdin is not None and not process.stdin.is_closing():
            process.stdin.write(json.dumps({"name": name, **order}).encode() + b"\n")

    async def ask_all(self, **order: Any) -> list[dict[str, Any]]:
        """Give every generator an order about all its robots."""
        return await asyncio.gather(
            *(
                self._order(process, {"names": self.names[index :: self._count], **order})
                for index, process in enumerate(self._processes)
            )
        )

    async def play(self, start: int, seconds: float) -> Findings:
        """Let all robots send, and return what they found.

        Args:
            start: of the window that counts, in nanoseconds of the monotonic clock.
            seconds: its length.
        """
        together = Findings()
        for one in await self.ask_all(do="play", start=start, seconds=seconds):
            delays = {int(bucket): count for bucket, count in one.pop("delays").items()}
            together.add(Findings(**one, delays=delays))
        return together

    @staticmethod
    async def _order(process: asyncio.subprocess.Process, order: dict[str, Any]) -> dict[str, Any]:
        assert process.stdin is not None  # noqa: S101 - PIPE; tells the type checker
        assert process.stdout is not None  # noqa: S101
        process.stdin.write(json.dumps(order).encode() + b"\n")
        await process.stdin.drain()
        line = await process.stdout.readline()
        if not line:
            raise RuntimeError("a generator of the measurement ended early")
        result: dict[str, Any] = json.loads(line)
        return result


async def spawn(module: str, *arguments: str) -> asyncio.subprocess.Process:
    """Start a module of ours as a process with pipes."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=16 << 20,
    )


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    if process.returncode is None:
        try:
            async with asyncio.timeout(5):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
