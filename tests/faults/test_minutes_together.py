"""The minutes written together when things break: a host killed, no network for a minute."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from projectdesk.host.serve import keys_add
from projectdesk.signalling import codec, writing
from projectdesk.signalling.control import RoomRules, RoomSnapshot
from projectdesk.text.minutes import MinutesText
from projectdesk.text.replicas import clocks
from tests.integration.host.conftest import ROOM, Caller, token_hash
from tests.integration.host.test_writing import ITEM, Replica, entered
from tests.unit.room.conftest import invitee, planned, snapshot

pytestmark = pytest.mark.full

WRITERS = 4
OUTAGE_S = 61.0
"""Longer than a lost session is kept: who is back has to join again."""
WORDS = ("Träger ", "🚀🚀🚀 ", "deliverable ", "MS4 M14 ")


class Typist(Replica):
    """A writer that types, merges what others type, and knows what the host promised to keep."""

    def __init__(self, number: int, writer: Replica) -> None:
        super().__init__(writer.page, writer.text)
        self.number = number
        self.typed: dict[int, int] = {}
        self.promised = 0
        self._reader: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        await self.open()
        self._reader = asyncio.get_running_loop().create_task(self._read())

    async def send(self, update: bytes, **parts: int) -> None:
        await super().send(update, **parts)
        self.typed[self.n] = clocks(self.text.vector()).get(self.text.replica, 0)

    async def write(self, words: str) -> None:
        """Type letter by letter at the end; goes on without connection."""
        for letter in words:
            end = len(self.words.encode("utf-16-le")) // 2
            with contextlib.suppress(ConnectionError, aiohttp.ClientError):
                await self.type(letter, at=end)
            await asyncio.sleep(0.06)

    async def _read(self) -> None:
        async for frame in self.page.socket:
            match codec.decode_host(frame.data):
                case writing.MinutesEdited(update=update):
                    self.text.apply(update)
                case writing.MinutesKept(n=n):
                    self.promised = self.typed[n]
                case _:
                    pass

    async def end(self) -> None:
        assert self._reader is not None
        self._reader.cancel()
        with contextlib.suppress(asyncio.CancelledError, aiohttp.ClientError, ConnectionError):
            await self._reader


def room() -> RoomSnapshot:
    people = [
        invitee(n, "cohost" if n > 1 else "chair", token_hash=token_hash(n))
        for n in range(1, WRITERS + 1)
    ]
    agenda, rules = [planned(ITEM.hex)], RoomRules(lobby=False)
    return snapshot(people, starts_at=datetime.now(UTC), agenda=agenda, rules=rules)


@asynccontextmanager
async def serving(data: Path) -> AsyncIterator[tuple[str, asyncio.subprocess.Process]]:
    """Run a real host in a process of its own; yield its address."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "projectdesk", "serve", "--data", str(data)),
        *("--bind", "127.0.0.1", "--port", "0"),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(90):
        url = (await process.stdout.readline()).decode().strip()
    try:
        yield url, process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def come(caller: Caller, number: int, before: Typist | None = None) -> Typist:
    writer = await entered(caller, number)
    if before is not None:
        writer.text = before.text
    typist = Typist(number, writer)
    await typist.begin()
    return typist


async def settled(typists: list[Typist]) -> None:
    async with asyncio.timeout(60):
        while len({one.words for one in typists}) > 1:  # noqa: ASYNC110 - told by sockets
            await asyncio.sleep(0.05)


async def test_a_host_that_is_killed_amid_typing_loses_nothing_it_said_it_kept(tmp_path):
    key = await asyncio.to_thread(keys_add, tmp_path, "test")
    async with serving(tmp_path) as (url, process):
        caller = Caller(url, key)
        await caller.put_room(room())
        typists = [await come(caller, n) for n in range(1, WRITERS + 1)]
        typing = asyncio.gather(
            *(one.write(words * 3) for one, words in zip(typists, WORDS, strict=True))
        )
        async with asyncio.timeout(60):
            while not all(one.promised for one in typists):  # noqa: ASYNC110 - told by sockets
                await asyncio.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        await process.wait()
        await typing
        for one in typists:
            await one.end()
        await caller.http.close()
    async with serving(tmp_path) as (url, _):
        caller = Caller(url, key)
        answer = await caller.api("GET", f"/api/v1/rooms/{ROOM}/minutes")
        found = MinutesText.from_state([base64.b64decode(answer["update"])])
        there = clocks(found.vector())
        for one in typists:
            assert there.get(one.text.replica, 0) >= one.promised
        again = [await come(caller, one.number, one) for one in typists]
        await settled(again)
        for words in WORDS:
            for letter in set(words):
                assert again[0].words.count(letter) == 3 * "".join(WORDS).count(letter)
        for one in again:
            await one.end()
        await caller.http.close()


async def test_two_of_four_are_without_network_for_a_minute_and_merge(tmp_path):
    key = await asyncio.to_thread(keys_add, tmp_path, "test")
    async with serving(tmp_path) as (url, _):
        caller = Caller(url, key)
        await caller.put_room(room())
        typists = [await come(caller, n) for n in range(1, WRITERS + 1)]
        away = typists[2:]
        for one in away:
            one.page.socket._response.connection.transport.abort()  # no goodbye: the cable is out
            await one.end()
        typing = (one.write(words) for one, words in zip(typists, WORDS, strict=True))
        await asyncio.gather(*typing, asyncio.sleep(OUTAGE_S))
        assert typists[0].words != away[0].words
        back = [await come(caller, one.number, one) for one in away]
        await settled([*typists[:2], *back])
        for letter in set("".join(WORDS)):
            assert back[0].words.count(letter) == "".join(WORDS).count(letter)
        for one in [*typists[:2], *back]:
            await one.end()
        await caller.http.close()
