"""A process full of robots, driven by lines of JSON over its standard input and output.

It is a process of its own so that its work is not counted as the media server's, and so that it
can say how much of a core it took itself: a generator at its limit measures itself.
"""

from __future__ import annotations

import asyncio
import gc
import json
import queue
import sys
import threading
import time
from typing import Any

import msgspec

from projectdesk.bench.browserlike import BrowserlikePublisher, BrowserlikeSubscriber
from projectdesk.bench.priority import go_first
from projectdesk.bench.robots import PublishingRobot, RobotWorld, SubscribingRobot
from projectdesk.bench.scenario import Scenario, stream_key
from projectdesk.media.embedded._aiortc_seam import SrtpSession
from projectdesk.media.embedded.leg import Leg

_DRAIN_S = 1.0
"""How long packets may still be under way after the last was sent."""


class Generator:
    """Carries out the orders of the measurement."""

    def __init__(self, address: str, scenario: Scenario) -> None:
        """Own no robot yet.

        Args:
            address: of this machine, on which the robots have their ports.
            scenario: what they play.
        """
        self._scenario = scenario
        self._world = RobotWorld(address)
        self._publishing: dict[str, PublishingRobot] = {}
        self._subscribing: dict[str, SubscribingRobot] = {}
        self._changed = asyncio.Event()

    async def carry_out(self, order: dict[str, Any]) -> dict[str, Any]:
        """Carry out one order and return its result.

        Args:
            order: `do` and what it needs: `offer` (name), `answered` (name, sdp), `take` (name,
                sdp), `connect`, `aim` (names, key, host, port), `play` (start, seconds), `layers`
                (name, sizes), which comes at any time and is not answered.
        """
        match order["do"]:
            case "offer":
                robot = self._publisher(order["name"])
                sdp, sources = await robot.offer()
                return {"sdp": sdp, "sources": sources}
            case "answered":
                self._publisher(order["name"]).answered(order["sdp"])
            case "take":
                return {"sdp": await self._subscriber(order["name"]).take(order["sdp"])}
            case "layers":
                robot = self._publisher(order["name"])
                if isinstance(robot, BrowserlikePublisher):
                    robot.want_layers(order["sizes"])
            case "connect":
                await self._connect()
                return {"ciphers": sorted({leg.transport.cipher for leg in self._legs()})}
            case "aim":
                self._aim(order)
            case "play":
                return await self._play(order["start"], order["seconds"])
        return {}

    def _legs(self) -> list[Leg]:
        return [*self._publishing.values(), *self._subscribing.values()]

    def _note(self, leg: Leg) -> None:
        self._changed.set()

    def _publisher(self, name: str) -> PublishingRobot:
        if name not in self._publishing:
            world = self._world
            parts = (name, world.surround(), self._note, world.window)
            self._publishing[name] = (
                PublishingRobot(*parts)
                if self._scenario.plain
                else BrowserlikePublisher(*parts, self._scenario)
            )
        return self._publishing[name]

    def _subscriber(self, name: str) -> SubscribingRobot:
        if name not in self._subscribing:
            world = self._world
            parts = (name, world.surround(), self._note, world.window)
            self._subscribing[name] = (
                SubscribingRobot(*parts)
                if self._scenario.plain
                else BrowserlikeSubscriber(*parts, self._scenario)
            )
        return self._subscribing[name]

    async def _connect(self) -> None:
        async with asyncio.timeout(30):
            while any(leg.state == "connecting" for leg in self._legs()):
                self._changed.clear()
                await self._changed.wait()
        states = {leg.state for leg in self._legs()}
        if states != {"connected"}:
            raise RuntimeError(f"legs of robots are {sorted(states)}")

    def _aim(self, order: dict[str, Any]) -> None:
        """Point all robots at a reflector and tell it who they are."""
        key, reflector = bytes.fromhex(order["key"]), (order["host"], order["port"])
        for name in order["names"]:
            publisher, subscriber = self._publisher(name), self._subscriber(name)
            publisher.aim(SrtpSession(key, outbound=True), reflector)
            subscriber.aim(SrtpSession(key, outbound=False), reflector)
            for letter, leg in (("P", publisher), ("S", subscriber)):
                assert leg.send is not None  # noqa: S101 - set by aim
                leg.send(f"{letter}{name}".encode(), reflector)

    async def _play(self, start: int, seconds: float) -> dict[str, Any]:
        loop, window = asyncio.get_running_loop(), self._world.window
        window.start, window.stop = start, start + int(seconds * 1e9)
        stop = window.stop / 1e9
        gc.collect()
        gc.freeze()
        for publisher in self._publishing.values():
            publisher.play(loop, stop)
        for subscriber in self._subscribing.values():
            subscriber.play(loop, stop)
        await asyncio.sleep(window.start / 1e9 - time.monotonic())
        cpu = time.process_time()
        await asyncio.sleep(stop - time.monotonic())
        cpu = time.process_time() - cpu
        await asyncio.sleep(_DRAIN_S)
        delays: dict[int, int] = {}
        for subscriber in self._subscribing.values():
            for bucket, count in enumerate(subscriber.delays):
                if count:
                    delays[bucket] = delays.get(bucket, 0) + count
        streams = {
            stream_key(name, stream.source, stream.size): stream.counted
            for name, leg in self._publishing.items()
            for stream in leg.streams
        }
        careful = [
            leg for leg in self._subscribing.values() if isinstance(leg, BrowserlikeSubscriber)
        ]
        return {
            "sent": sum(streams.values()),
            "streams": streams,
            "received_audio": sum(leg.received_audio for leg in careful),
            "failed": sum(leg.failed for leg in self._publishing.values()),
            "received": sum(leg.received for leg in self._subscribing.values()),
            "core": cpu / seconds,
            "delays": delays,
        }


def _read_lines(lines: queue.SimpleQueue[str | None]) -> None:
    for line in sys.stdin:
        lines.put(line)
    lines.put(None)


async def _run(lines: queue.SimpleQueue[str | None], address: str, scenario: Scenario) -> None:
    generator, answering = Generator(address, scenario), asyncio.TaskGroup()

    async def answer(order: dict[str, Any]) -> None:
        result = await generator.carry_out(order)
        sys.stdout.write(json.dumps(result) + "\n")
        sys.stdout.flush()

    async with answering:
        while (line := await asyncio.to_thread(lines.get)) is not None:
            order = json.loads(line)
            if order["do"] == "layers":
                await generator.carry_out(order)
            else:
                answering.create_task(answer(order))


def main() -> None:
    """Serve orders until standard input ends; arguments: the robots' address, their scenario."""
    go_first()
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    threading.Thread(target=_read_lines, args=(lines,), daemon=True).start()
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        scenario = msgspec.json.decode(sys.argv[2], type=Scenario)
        runner.run(_run(lines, sys.argv[1], scenario))


if __name__ == "__main__":
    main()
