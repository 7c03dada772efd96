from __future__ import annotations

import asyncio
import hashlib
import io
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp import web

from projectdesk.host.host import Host
from projectdesk.host.http.app import make_app
from projectdesk.host.journal import keys
from projectdesk.host.journal.database import default_url, open_database
from projectdesk.host.journal.worker import JournalThread
from projectdesk.host.settings import HostSettings
from projectdesk.media.fake import FakeBackend
from projectdesk.signalling import VERSION, call, codec, control, journal
from tests.unit.room.conftest import invitee, planned, snapshot

ROOM = "k3jq8w2xza"
PATIENCE_S = 10.0


def token(number: int) -> str:
    return f"token-of-{number}"


def token_hash(number: int) -> str:
    return hashlib.sha256(token(number).encode()).hexdigest()


def plan(now: datetime, **changes: Any) -> control.RoomSnapshot:
    roles: list[call.Role] = ["chair", "presenter", "participant", "participant"]
    people = [
        invitee(number, role, token_hash=token_hash(number))
        for number, role in enumerate(roles, start=1)
    ]
    return snapshot(people, starts_at=now, agenda=[planned("a"), planned("b")], **changes)


class Page:
    """A page in the call: its socket and what it received."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.inbox: list[call.HostMessage] = []

    async def send(self, message: Any) -> None:
        await self.socket.send_str(codec.encode(message).decode())

    async def expect(self, kind: Any) -> Any:
        """Return the next message of a kind, keeping those before it."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                frame = await self.socket.receive()
                assert frame.type is aiohttp.WSMsgType.TEXT, f"no {kind}, but {frame}"
                message = codec.decode_host(frame.data)
                self.inbox.append(message)
                if isinstance(message, kind):
                    return message

    async def closed(self) -> int | None:
        """Read until the host closes the socket; return the code."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                frame = await self.socket.receive()
                if frame.type is aiohttp.WSMsgType.TEXT:
                    self.inbox.append(codec.decode_host(frame.data))
                else:
                    return self.socket.close_code

    def got(self, kind: Any) -> list[Any]:
        return [message for message in self.inbox if isinstance(message, kind)]


class Caller:
    """A desktop and pages of guests that speak to one host over real sockets."""

    def __init__(self, url: str, key: str) -> None:
        self.url = url
        self.key = key
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        self.cookies: dict[int, str] = {}
        self.resumes: dict[int, str] = {}

    async def api(self, method: str, path: str, body: Any = None, key: str | None = None) -> Any:
        """Ask as a desktop; return the parsed answer, with its status under "status"."""
        return await self.post(
            path,
            body,
            method=method,
            headers={"Authorization": f"Bearer {key or self.key}"},
        )

    async def post(
        self, path: str, body: Any = None, method: str = "POST", headers: Any = None
    ) -> Any:
        data = None if body is None else io.BytesIO(msgspec.json.encode(body))
        async with self.http.request(
            method, self.url + path, data=data, headers=headers
        ) as response:
            text = await response.text()
            answer = json.loads(text) if text else {}
            return {**answer, "status": response.status, "cookies": response.cookies}

    async def put_room(self, snapshot: control.RoomSnapshot, room: str = ROOM) -> Any:
        return await self.api("PUT", f"/api/v1/rooms/{room}", snapshot)

    async def join(self, number: int, *, move: bool = False, room: str = ROOM) -> Any:
        body = {"token": token(number), "name": f"Person {number}", "move": move}
        answer = await self.post(f"/r/{room}/api/join", body)
        if answer["status"] == 200:
            self.cookies[number] = answer["cookies"][f"pd_{room}"].value
            self.resumes[number] = answer["resume"]
        return answer

    async def connect(self, number: int, room: str = ROOM, **hello: Any) -> Page:
        page = await self.socket(f"/r/{room}/ws", cookie=f"pd_{room}={self.cookies[number]}")
        fields = {"version": VERSION, "resume": self.resumes[number]}
        await page.send(call.Hello(**{**fields, **hello}))
        return page

    async def enter(self, number: int, **join: Any) -> Page:
        """Join and connect."""
        answer = await self.join(number, **join)
        assert answer["status"] == 200, answer
        return await self.connect(number)

    async def console(self, room: str = ROOM, **hello: Any) -> Page:
        page = await self.socket(
            f"/api/v1/rooms/{room}/console", headers={"Authorization": f"Bearer {self.key}"}
        )
        await page.send(call.Hello(**{"version": VERSION, **hello}))
        return page

    async def socket(
        self, path: str, cookie: str = "", origin: str | None = "", headers: Any = None
    ) -> Page:
        sent = dict(headers or {})
        if cookie:
            sent["Cookie"] = cookie
        if origin is not None and not headers:
            sent["Origin"] = origin or self.url
        return Page(await self.http.ws_connect(self.url + path, headers=sent))

    async def batch(self, after: int = 0, **query: Any) -> journal.JournalBatch:
        parts = "".join(f"&{name}={value}" for name, value in query.items())
        answer = await self.api("GET", f"/api/v1/journal?after={after}{parts}")
        assert answer["status"] == 200, answer
        answer.pop("status")
        answer.pop("cookies")
        return msgspec.convert(answer, journal.JournalBatch)

    async def facts(self, kind: Any = object) -> list[Any]:
        return [e.fact for e in (await self.batch()).entries if isinstance(e.fact, kind)]


class Premises:
    """A host in this process, on a free port, with media in memory and a clock that can jump."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.backend = FakeBackend()
        self.ahead = timedelta()
        self.callers: list[Caller] = []
        self.url = ""
        self.host: Host
        self._runner: web.AppRunner
        self._task: asyncio.Task[None]

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    async def start(self, **settings: Any) -> None:
        self.journal = JournalThread(open_database(default_url(self.folder)))
        fields = {
            "public_url": "http://127.0.0.1:1",
            "local": True,
            "files": self.folder / "files",
            **settings,
        }
        self.host = Host(HostSettings(**fields), self.journal, self.backend, self.now)
        started = asyncio.Event()
        self._task = asyncio.get_running_loop().create_task(self.host.run(started))
        await started.wait()
        self._runner = web.AppRunner(make_app(self.host), shutdown_timeout=2.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        object.__setattr__(self.host.settings, "own_origins", frozenset({self.url}))

    async def caller(self, name: str = "desktop") -> Caller:
        key = await self.journal.run(keys.add, name, self.now())
        caller = Caller(self.url, key)
        self.callers.append(caller)
        return caller

    async def stop(self) -> None:
        for caller in self.callers:
            await caller.http.close()
        self.host.stop()
        await self._task
        await self._runner.cleanup()
        await self.journal.close()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds."""
        async with asyncio.timeout(PATIENCE_S):
            while not holds():  # noqa: ASYNC110 - what holds is not ours to signal
                await asyncio.sleep(0.005)


@pytest.fixture
async def premises(tmp_path) -> AsyncIterator[Premises]:
    premises = Premises(tmp_path)
    await premises.start()
    yield premises
    await premises.stop()


@pytest.fixture
async def caller(premises) -> Caller:
    """A desktop's caller whose room is open."""
    caller = await premises.caller()
    answer = await caller.put_room(plan(premises.now()))
    assert answer["status"] == 200, answer
    return caller
