"""`bench minutes`: eight people write the same minutes through a real host.

Work: `projectdesk serve` in a process of its own, a meeting with eight writers, each a document of
its own at a socket as a page has it. Together they make 20,000 edits (letters, words, deletions,
letters outside the basic plane) over ten minutes, as people type: at random times, in their own
places. Measured is the time from an edit to each other writer's document having it; in the end all
documents and the host's must be equal. `minutes.load_ms` is opening the document that came of it.
Floor: the same number of messages of the same size through a bare WebSocket relay in this process,
which neither merges, keeps nor decides anything; the ratio is of the middle times.
Further parts (`PARTS`) add rows and goals of their own.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import statistics
import tempfile
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import aiohttp
import msgspec
from aiohttp import web

from projectdesk.bench.report import Row, below, quiet, report
from projectdesk.bench.venue import Venue
from projectdesk.signalling import VERSION, call, codec, control, writing
from projectdesk.text.minutes import MinutesText
from projectdesk.text.replicas import clocks

WRITERS: Final = 8
EDITS: Final = 20_000
SECONDS: Final = 600.0
LIMIT_MS: Final = 100.0
LOAD_LIMIT_MS: Final = 50.0
ITEM: Final = UUID(int=0xA)
_WORDS: Final = ("budget ", "Träger ", "e", "n", " ", "\n- ", "A: ", "🚀", "ß", "deliverable ")
_SETTLE_S: Final = 30.0
_LOADS: Final = 9

PARTS: Final = ("projectdesk.bench.minutes_pdf",)
"""Modules of further parts; each has `measure() -> (rows, goals)`."""


def run(options: Sequence[str] = ()) -> dict[str, Any]:
    """Measure and return the report.

    Args:
        options: `--edits N --seconds S`, for a shorter run.
    """
    parser = argparse.ArgumentParser(prog="projectdesk bench minutes")
    parser.add_argument("--edits", type=int, default=EDITS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    asked = parser.parse_args(list(options))
    with tempfile.TemporaryDirectory(prefix="bench-minutes-") as folder:
        written = asyncio.run(_write(Path(folder), asked.edits, asked.seconds))
    bare = asyncio.run(_relay(min(asked.edits, 400), written.size, asked.edits / asked.seconds))
    p50, p95 = _middle(written.times), _p95(written.times)
    loads = [_load(written.state) for _ in range(_LOADS)]
    rows: list[Row] = [
        {"what": "keystroke to the other replicas, middle", "ms": round(p50, 2)},
        {"what": "keystroke to the other replicas, p95", "ms": round(p95, 2)},
        {"what": "bare relay, middle", "ms": round(_middle(bare), 2)},
        {"what": "ratio to the bare relay", "ratio": round(p50 / _middle(bare), 1)},
        {"what": "replicas equal, host's included", "equal": written.equal},
        {"what": "document", "bytes": len(written.state), "letters": written.letters},
    ]
    goals = [
        below("minutes.p95_ms", round(p95, 2) if written.equal else None, LIMIT_MS, valid=quiet()),
        below("minutes.load_ms", round(statistics.median(loads), 2), LOAD_LIMIT_MS),
    ]
    for part in PARTS:
        more, aims = _part(part)
        rows += more
        goals += aims
    return report("minutes", rows, goals, writers=WRITERS, edits=asked.edits, seconds=asked.seconds)


class Written:
    """What came of writing. times: ms from each edit to each other replica."""

    def __init__(self, times: list[float], state: bytes, letters: int, *, equal: bool) -> None:
        self.times = times
        self.state = state
        self.letters = letters
        self.equal = equal
        self.size = 0


class Writer:
    """One person: a document, a socket, and edits that have not reached everybody yet."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, seed: int) -> None:
        self.text = MinutesText()
        self.sent: dict[int, deque[tuple[int, float]]] = {}
        self.kept = 0
        self.n = 0
        self.bytes = 0
        self._socket = socket
        self._random = random.Random(seed)  # noqa: S311 - no secret
        self._opened = asyncio.Event()
        self._clock = 0

    async def open(self) -> None:
        """Come into step with the host."""
        asked = writing.OpenMinutes(replica=self.text.replica, vector=self.text.vector())
        await self._send(asked)
        await self._opened.wait()

    async def edit(self, others: Sequence[Writer]) -> None:
        """Make one edit as people do, and send it."""
        updates: list[bytes] = []
        stop = self.text.listen(updates.append)
        words = self.text.item_text(ITEM)
        place = self._random.randint(0, len(words))
        units = len(words[:place].encode("utf-16-le")) // 2
        if words[place:] and self._random.random() < 0.1:
            self.text.edit(ITEM, units, 2 if ord(words[place]) > 0xFFFF else 1, "")
        else:
            self.text.edit(ITEM, units, 0, self._random.choice(_WORDS))
        stop()
        now = time.perf_counter()
        clock = clocks(self.text.vector()).get(self.text.replica, 0)
        if clock > self._clock:  # a deletion has no clock of its own
            self._clock = clock
            for other in others:
                if other is not self:
                    self.sent.setdefault(other.text.replica, deque()).append((clock, now))
        for update in updates:
            self.n += 1
            self.bytes += len(update)
            await self._send(writing.EditMinutes(n=self.n, document="", update=update))

    async def listen(self, others: Sequence[Writer], times: list[float]) -> None:
        """Take what comes until cancelled; note how long it was on the way."""
        decoder = msgspec.json.Decoder(call.HostMessage)
        by_replica = {other.text.replica: other for other in others}
        async for frame in self._socket:
            message = decoder.decode(frame.data)
            match message:
                case writing.MinutesOpened(update=update):
                    self.text.apply(update)
                    self._opened.set()
                case writing.MinutesEdited(update=update):
                    self.text.apply(update)
                    self._note(by_replica, times)
                case writing.MinutesKept(n=n):
                    self.kept = n
                case call.Problem(code=code):
                    raise RuntimeError(f"the host refused: {code}")
                case _:
                    pass

    def _note(self, others: dict[int, Writer], times: list[float]) -> None:
        now = time.perf_counter()
        for replica, clock in clocks(self.text.vector()).items():
            waiting = others[replica].sent.get(self.text.replica) if replica in others else None
            while waiting and waiting[0][0] <= clock:
                times.append((now - waiting.popleft()[1]) * 1000)

    async def _send(self, message: msgspec.Struct) -> None:
        await self._socket.send_str(codec.encode(message).decode())


async def _write(folder: Path, edits: int, seconds: float) -> Written:
    item = control.PlannedItem(
        id=ITEM.hex, number="1", title="All", kind="discussion", planned_minutes=10
    )
    times: list[float] = []
    async with (
        Venue(folder, WRITERS, agenda=[item], writes=True) as venue,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
    ):
        links = [venue.link(seat) for seat in range(WRITERS)]
        writers = [
            Writer(await _entered(http, link), seed) for seed, link in enumerate(links, start=1)
        ]
        async with asyncio.TaskGroup() as group:
            listening = [group.create_task(w.listen(writers, times)) for w in writers]
            for writer in writers:
                await writer.open()
            async with asyncio.TaskGroup() as typing:
                for number, writer in enumerate(writers):
                    share = edits // WRITERS + (number < edits % WRITERS)
                    typing.create_task(_typing(writer, writers, share, seconds, number))
            equal = await _settled(writers)
            for task in listening:
                task.cancel()
        fresh = Writer(await _entered(http, links[0]), 0)
        reading = asyncio.get_running_loop().create_task(fresh.listen([], []))
        await fresh.open()
        reading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await reading
    first = writers[0].text
    words = first.item_text(ITEM)
    equal = equal and fresh.text.item_text(ITEM) == words
    written = Written(times, first.state(), len(words), equal=equal)
    written.size = sum(w.bytes for w in writers) // max(1, sum(w.n for w in writers))
    return written


async def _typing(
    writer: Writer, writers: Sequence[Writer], share: int, seconds: float, seed: int
) -> None:
    """Make so many edits over so long, at random times."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    loop = asyncio.get_running_loop()
    begin = loop.time()
    for due in sorted(chance.random() * seconds for _ in range(share)):
        await asyncio.sleep(max(0.0, begin + due - loop.time()))
        await writer.edit(writers)


async def _settled(writers: Sequence[Writer]) -> bool:
    """Wait until all have all and the host has it on its disk; return whether that came."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_SETTLE_S):
            while True:
                vectors = [clocks(writer.text.vector()) for writer in writers]
                kept = all(writer.kept >= writer.n for writer in writers)
                if kept and all(vector == vectors[0] for vector in vectors):
                    break
                await asyncio.sleep(0.05)
    texts = {writer.text.item_text(ITEM) for writer in writers}
    return len(texts) == 1 and all(writer.kept >= writer.n for writer in writers)


async def _entered(http: aiohttp.ClientSession, link: str) -> aiohttp.ClientWebSocketResponse:
    """Join by a link and connect; return the socket, in the call."""
    parts = urlsplit(link)
    origin, room = f"{parts.scheme}://{parts.netloc}", parts.path.rpartition("/")[2]
    body = {"token": parts.fragment, "name": "Writer", "move": True}
    headers = {"Origin": origin}
    async with http.post(f"{origin}/r/{room}/api/join", json=body, headers=headers) as answer:
        joined = msgspec.json.decode(await answer.read(), type=call.JoinReply)
        cookie = answer.cookies[f"pd_{room}"].value
    headers["Cookie"] = f"pd_{room}={cookie}"
    socket = await http.ws_connect(f"{origin}/r/{room}/ws", headers=headers, max_msg_size=0)
    hello = call.Hello(version=VERSION, resume=joined.resume)
    await socket.send_str(codec.encode(hello).decode())
    while not isinstance(codec.decode_host((await socket.receive()).data), call.RoomState):
        pass
    return socket


async def _relay(messages: int, size: int, rate: float) -> list[float]:
    """Return ms from sending to receiving through a relay that does nothing else."""
    sockets: list[web.WebSocketResponse] = []

    async def relay(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        sockets.append(socket)
        async for frame in socket:
            for other in sockets:
                if other is not socket:
                    await other.send_str(frame.data)
        return socket

    app = web.Application()
    app.router.add_get("/", relay)
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    times: list[float] = []

    async def receive(socket: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in socket:
            times.append((time.perf_counter() - float(frame.data.partition(" ")[0])) * 1000)

    async with aiohttp.ClientSession() as http:
        clients = [await http.ws_connect(f"http://127.0.0.1:{port}/") for _ in range(WRITERS)]
        tasks = [asyncio.get_running_loop().create_task(receive(client)) for client in clients]
        for number in range(messages):
            text = f"{time.perf_counter()} ".ljust(size * 4 // 3 + 80, "x")
            await clients[number % WRITERS].send_str(text)
            await asyncio.sleep(1 / rate if rate < 500 else 0)
        await asyncio.sleep(0.2)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    await runner.cleanup()
    return times


def _load(state: bytes) -> float:
    """Return ms to open a document and read its texts."""
    begin = time.perf_counter()
    MinutesText.from_state([state]).texts()
    return (time.perf_counter() - begin) * 1000


def _part(name: str) -> tuple[list[Row], list[Row]]:
    from importlib import import_module

    measure: Callable[[], tuple[list[Row], list[Row]]] = import_module(name).measure
    return measure()


def _middle(times: Sequence[float]) -> float:
    return statistics.median(times) if times else float("nan")


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)] if times else float("nan")
